"""Shared by all tests: a private embedded PostgreSQL for this run, a clock that tests can move."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.utils import timezone


@pytest.fixture(scope="session")
def embedded_postgres() -> Iterator[str]:
    """URL of a server of this test run only; other runs beside it have their own."""
    from meldloket.runtime.postgres import Embedded

    server = Embedded(settings.TEST_HOME / "postgres")
    url = server.start()
    yield url
    server.stop()
    shutil.rmtree(settings.TEST_HOME, ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(embedded_postgres: str) -> None:
    """Points Django at the embedded server before the test database is made."""
    from django.db import connections

    from meldloket.runtime.settings import database

    values = connections["default"].settings_dict
    values.update({key: value for key, value in database(embedded_postgres).items() if key != "ENGINE"})
    # Durability is not what most tests test; those that kill the server use a cluster of their own.
    values["OPTIONS"] = {**values["OPTIONS"], "options": "-c synchronous_commit=off"}


class MovableClock:
    """The product's clock: real time plus what the test added."""

    def __init__(self) -> None:
        self.offset = timedelta()
        self.fixed: datetime | None = None

    def __call__(self) -> datetime:
        return (self.fixed or timezone.now()) + self.offset

    def advance(self, **delta: float) -> None:
        """E.g. advance(hours=1)."""
        self.offset += timedelta(**delta)

    def freeze(self, moment: datetime) -> None:
        self.fixed, self.offset = moment, timedelta()


@pytest.fixture
def clock() -> Iterator[MovableClock]:
    from meldloket.cases import clock as product_clock

    moved = MovableClock()
    product_clock.set_clock(moved)
    yield moved
    product_clock.set_clock(None)
