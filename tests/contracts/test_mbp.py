"""Bundles for the bell of Mijn Burgerprofiel, and the pages on which the citizen of the demonstration reads them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from meldloket.connectors.mbp import MbpChannel, MbpSettings
from meldloket.messages.ports import Outgoing
from support.dosis import (
    SOMEBODY,
    SOMEBODY_ELSE,
    SOURCE,
    RunningDosis,
    bundle,
    kind,
    problem,
    running_dosis,
)


@pytest.fixture(scope="module")
def running() -> Iterator[RunningDosis]:
    with running_dosis() as double:
        yield double


@pytest.fixture
def dosis(running: RunningDosis) -> RunningDosis:
    running.reset()
    return running


def test_a_bundle_arrives_and_a_repeat_adds_nothing(dosis: RunningDosis) -> None:
    message = bundle()
    channel = dosis.mbp()
    assert channel.deliver(message).provider_reference == str(message.delivery_id)
    channel.deliver(message)
    [kept] = dosis.notifications()
    assert (kept["id"], kept["recipients"], kept["made_by"]) == (str(message.delivery_id), [SOMEBODY], "source")
    assert kept["transaction"] == f"{SOURCE}+MLD-2026-000123"
    assert kept["values"]["StatusVlaamseCode"] == "Ontvankelijk"


def test_a_bundle_whose_answer_got_lost(dosis: RunningDosis) -> None:
    dosis.special("answer_lost")
    message, channel = bundle(), dosis.mbp()
    assert kind(problem(channel, message)) == "retry"
    channel.deliver(message)
    assert len(dosis.notifications()) == 1


@pytest.mark.parametrize(
    ("fault", "what"),
    [
        ({"mode": "error"}, "retry"),
        ({"mode": "malformed"}, "retry"),
        ({"mode": "refuse"}, "stop"),
        ({"mode": "error", "status": 400}, "park"),
        ({"mode": "error", "status": 404}, "stop"),
    ],
)
def test_every_answer_to_a_bundle_has_its_consequence(dosis: RunningDosis, fault: dict[str, Any], what: str) -> None:
    dosis.fault(**fault, path="/api/v2/notificaties", count=1)
    assert kind(problem(dosis.mbp(), bundle())) == what
    assert dosis.notifications() == []


def test_a_bundle_that_is_there_already_is_delivered(dosis: RunningDosis) -> None:
    dosis.fault(mode="error", status=409, path="/api/v2/notificaties", count=1)
    assert dosis.mbp().deliver(bundle()).detail == "Mijn Burgerprofiel had dit bericht al."


def test_a_bundle_that_would_be_refused_does_not_leave(dosis: RunningDosis) -> None:
    wrong = bundle(recipient="123", code="")
    found = problem(dosis.mbp(), wrong)
    assert kind(found) == "park"
    assert [one["field"] for one in found.details] == ["StatusVlaamseCode", "Bestemmelingen[0]"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"AanbiederUri": "geen uri"}, "AanbiederUri"),
        ({"Categorie": "Iets"}, "Categorie"),
        ({"Categorie": {"Code": "Iets"}}, "Categorie"),
        ({"Kanalen": [{"Code": "Sms"}]}, "Kanalen[0].Code"),
        ({"ProductId": "x"}, "ProductId"),
        ({"MerkCode": "OOSTERLINDE"}, "MerkCode"),
        ({"Vervaldatum": "morgen"}, "Vervaldatum"),
        ({"Extra": 1}, "Extra"),
    ],
)
def test_the_double_refuses_a_wrong_bundle(dosis: RunningDosis, change: dict[str, Any], field: str) -> None:
    message = bundle()
    found = problem(dosis.mbp(), Outgoing(**{**vars(message), "payload": {**message.payload, **change}}))
    assert [one["field"] for one in found.details] == [field]


def test_the_double_takes_both_spellings(dosis: RunningDosis) -> None:
    payload = bundle().payload
    other = {
        **payload,
        "Id": str(uuid4()),
        "Bestemmelingen": [SOMEBODY, {"Identificatie": SOMEBODY_ELSE}],
        "Categorie": {"Code": payload["Categorie"]},
        "Kanalen": ["Passief", {"Code": "Email"}],
        "SleutelWaardeParen": [
            {"Naam": pair["Sleutel"], "Waarde": pair["Waarde"]} for pair in payload["SleutelWaardeParen"]
        ],
    }
    headers = {"Authorization": f"Bearer {dosis.token()}"}
    assert dosis.http.post("/api/v2/notificaties", json=other, headers=headers).json() == {"Id": other["Id"]}
    assert dosis.notifications()[0]["recipients"] == [SOMEBODY, SOMEBODY_ELSE]


def test_check_of_mijn_burgerprofiel(dosis: RunningDosis) -> None:
    assert dosis.mbp().check() is None
    lost = MbpChannel(MbpSettings(dosis.api(), "/elsewhere"), None, dosis.clock.seconds)
    assert lost.check() == "Het adres van Mijn Burgerprofiel klopt niet (404)."
