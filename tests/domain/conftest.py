"""Fixtures of the tests with a database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from support.messages import Outside, running_outside


@pytest.fixture(scope="session")
def doubles() -> Iterator[Outside]:
    """DOSIS, Mijn Burgerprofiel, the mail server and the SMS gateway, running for the whole test run."""
    with running_outside() as running:
        yield running


@pytest.fixture
def outside(doubles: Outside) -> Iterator[Outside]:
    """The doubles, empty and in good health, with the product's connectors plugged in."""
    from meldloket.catalogue import current
    from meldloket.messages import ports, templates

    doubles.reset()
    before = dict(ports.plugged)
    doubles.plug()
    current.forget()
    templates.forget()
    yield doubles
    ports.plugged.clear()
    ports.plugged.update(before)
    current.forget()
    templates.forget()
