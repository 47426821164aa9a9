"""`meldloket check` asks after every other system to which tasks can be referred."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from meldloket.actions import ports
from meldloket.catalogue.models import OtherSystem
from meldloket.connectors.referral import Open311Client, WebhookReferral
from meldloket.people import api_clients
from meldloket.runtime.checking import _other_systems
from support.partners import running_operator

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def plugged() -> Iterator[None]:
    before = dict(ports.plugged)
    ports.plugged.clear()
    ports.plugged.update(open311=Open311Client(), webhook=WebhookReferral())
    yield
    ports.plugged.clear()
    ports.plugged.update(before)


def test_every_active_system_has_a_line() -> None:
    OtherSystem.objects.all().delete()
    with running_operator() as (_, system):
        OtherSystem.objects.create(code="a", name="A", adapter="open311", url=system.url, settings=system.settings)
        OtherSystem.objects.create(code="b", name="B", adapter="webhook", url="https://b.example/hook")
        OtherSystem.objects.create(code="c", name="C", adapter="email", email="c@c.example")
        OtherSystem.objects.create(code="d", name="D", adapter="open311", url="http://127.0.0.1:9", active=False)
        lines = list(_other_systems())
        assert [line.bad for line in lines] == [False, True, True]
        assert "geheim" in lines[1].text
        assert "not configured" in lines[2].text
        api_clients.create("B", "oauth", client_id="b", partner="b", outbound="whsec_" + "QUJD" * 8)
        assert [line.bad for line in _other_systems()] == [False, False, True]
    assert "niet bereikbaar" in next(_other_systems()).text
