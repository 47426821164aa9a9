"""The clients of DOSIS and of the notification component against the double over real HTTP: every answer of
specs/dosis-and-mbp 3.3 and every fault becomes what the delivery worker has to do."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from meldloket.connectors.dosis import DosisChannel, DosisSettings
from meldloket.connectors.dosis.client import complete
from meldloket.messages.ports import DeliveryProblem, Outgoing
from support.dosis import (
    SNAPSHOT,
    SOMEBODY,
    SOURCE,
    RunningDosis,
    bundle,
    canned,
    kind,
    private_key,
    problem,
    running_dosis,
    upload,
)

UPLOAD = "/api/v2/dosis/dossiers"


@pytest.fixture(scope="module")
def running() -> Iterator[RunningDosis]:
    with running_dosis(delay=2.0) as double:
        yield double


@pytest.fixture
def dosis(running: RunningDosis) -> RunningDosis:
    running.reset()
    return running


@pytest.fixture
def channel(dosis: RunningDosis) -> DosisChannel:
    return dosis.channel()


def test_a_snapshot_arrives_whole(dosis: RunningDosis, channel: DosisChannel) -> None:
    message = upload()
    receipt = channel.deliver(message)
    assert receipt.provider_reference == str(message.delivery_id)
    [kept] = dosis.uploads()
    assert kept["body"] == {
        **message.payload,
        "UploadId": str(message.delivery_id),
        "Agenten": [{"Identificatie": SOMEBODY, "Toegangsrechten": [{"Code": "Raadpleger"}]}],
    }


def test_the_result_comes_later(dosis: RunningDosis, channel: DosisChannel) -> None:
    message = upload()
    assert channel.result(message.delivery_id) is None
    channel.deliver(message)
    assert channel.result(message.delivery_id) is None
    dosis.clock.advance(seconds=3)
    result = channel.result(message.delivery_id)
    assert result is not None
    assert (result.success, result.errors) == (True, ())
    assert result.processed_at is not None
    assert abs(result.processed_at - dosis.clock.now()) < timedelta(minutes=1)


def test_accepted_but_not_processed(dosis: RunningDosis, channel: DosisChannel) -> None:
    dosis.special("processed_false")
    message = upload()
    channel.deliver(message)
    dosis.clock.advance(seconds=3)
    result = channel.result(message.delivery_id)
    assert result is not None
    assert (result.success, result.errors) == (False, ("De verwerking is mislukt (nagebouwde storing).",))
    failures = dosis.http.get(
        "/api/v1/dosis/resultaten/fouten",
        params={"bron": SOURCE},
        headers={"Authorization": f"Bearer {dosis.token()}"},
    )
    assert [one["UploadId"] for one in failures.json()] == [str(message.delivery_id)]


def test_a_lost_answer_is_repeated_without_telling_twice(dosis: RunningDosis, channel: DosisChannel) -> None:
    dosis.special("answer_lost")
    message = upload()
    assert kind(problem(channel, message)) == "retry"
    channel.deliver(message)
    channel.deliver(message)
    assert len(dosis.uploads()) == len(dosis.notifications()) == 1


def test_an_older_snapshot_is_history(dosis: RunningDosis, channel: DosisChannel) -> None:
    channel.deliver(upload())
    channel.deliver(upload(changed_at=SNAPSHOT.changed_at - timedelta(hours=1), code="Ingediend"))
    assert [one["code"] for one in dosis.uploads()] == ["Ontvankelijk", "Ingediend"]
    assert [one["values"]["StatusVlaamseCode"] for one in dosis.notifications()] == ["Ontvankelijk"]


def test_dosis_notifies_of_news_only_and_only_when_it_is_switched_on(dosis: RunningDosis, channel: DosisChannel) -> None:
    changes: list[dict[str, Any]] = [
        {},
        {"detail": "Iets anders."},
        {"code": "InBehandeling"},
        {"code": "InBehandeling", "action": "Beantwoord de vraag."},
        {"code": "InBehandeling"},
    ]
    for minutes, change in enumerate(changes):
        channel.deliver(upload(changed_at=SNAPSHOT.changed_at + timedelta(minutes=minutes), **change))
    told = dosis.notifications()
    assert [(one["values"]["StatusVlaamseCode"], one["values"].get("Actie")) for one in told] == [
        ("Ontvankelijk", None),
        ("InBehandeling", None),
        ("InBehandeling", "Beantwoord de vraag."),
        ("InBehandeling", None),
    ]
    assert {one["transaction"] for one in told} == {f"{SOURCE}+MLD-2026-000123"}
    dosis.notifies(False)
    channel.deliver(upload(changed_at=SNAPSHOT.changed_at + timedelta(hours=1), code="Uitgevoerd", phase="Afgerond"))
    assert len(dosis.notifications()) == 4


@pytest.mark.parametrize(
    ("fault", "what"),
    [
        ({"mode": "error"}, "retry"),
        ({"mode": "error", "status": 503}, "retry"),
        ({"mode": "error", "status": 429}, "retry"),
        ({"mode": "error", "status": 408}, "retry"),
        ({"mode": "error", "status": 400}, "park"),
        ({"mode": "error", "status": 422}, "park"),
        ({"mode": "error", "status": 404}, "stop"),
        ({"mode": "error", "status": 301}, "stop"),
        ({"mode": "error", "status": 409}, "superseded"),
        ({"mode": "refuse"}, "stop"),
        ({"mode": "malformed"}, "retry"),
        ({"mode": "special", "special": "status_429"}, "retry"),
    ],
)
def test_every_answer_has_its_consequence(
    dosis: RunningDosis, channel: DosisChannel, fault: dict[str, Any], what: str
) -> None:
    path = {} if fault["mode"] == "special" else {"path": "/api/"}
    dosis.fault(**fault, **path, count=1)
    message = upload()
    assert kind(problem(channel, message)) == what
    assert dosis.uploads() == []
    channel.deliver(message)  # the fault is over


def test_a_hanging_service_is_not_waited_for(dosis: RunningDosis) -> None:
    dosis.fault(mode="timeout", path="/api/", count=1)
    channel = dosis.channel(timeout=0.5)
    assert kind(problem(channel, upload())) == "retry"
    dosis.fault(mode="slow", seconds=0.2, path="/api/", count=1)
    channel.deliver(upload())


def test_nobody_there() -> None:
    channel, _ = canned(httpx.ConnectError("refused"), httpx.ReadError("reset"), httpx.RemoteProtocolError("broken"))
    for _ in range(3):
        assert kind(problem(channel, upload())) == "retry"


def test_refused_fields_are_told_to_staff_without_numbers(dosis: RunningDosis, channel: DosisChannel) -> None:
    found = problem(channel, upload(code="Onzin"))
    assert kind(found) == "park"
    assert found.reason == "DOSIS weigert deze gegevens (400): Status.VlaamsCode."
    assert found.details == [{"field": "Status.VlaamsCode", "message": "Deze waarde staat niet in de codelijst."}]
    error = {"code": "x", "message": f"{SOMEBODY} of 31.61.21-997.33 is onbekend", "field": "Agenten[0].Identificatie"}
    channel, _ = canned(httpx.Response(400, json={"errors": [error, "x", None]}))
    assert problem(channel, upload()).details == [
        {"field": "Agenten[0].Identificatie", "message": "… of … is onbekend"},
    ]


def test_a_date_that_dosis_finds_too_old_is_no_error() -> None:
    error = {"code": "Datum", "message": "De datum is ouder dan de vorige.", "field": "WijzigingsDatum"}
    channel, _ = canned(httpx.Response(400, json={"errors": [error]}))
    assert kind(problem(channel, upload())) == "superseded"
    channel, _ = canned(httpx.Response(400, json={"errors": [error, {**error, "field": "Naam"}]}))
    assert kind(problem(channel, upload())) == "park"


@pytest.mark.parametrize(
    "answer",
    [b"", b"null", b"[]", b"{}", b'{"Status": "OK", "UploadId": "another"}', b"<html>", b"\xff\xfe"],
)
def test_an_answer_that_is_not_about_our_upload_is_no_receipt(answer: bytes) -> None:
    channel, _ = canned(httpx.Response(200, content=answer))
    assert kind(problem(channel, upload())) == "retry"


@pytest.mark.parametrize("answer", [b"", b"[]", b'"x"', b'{"errors": 5}', b'{"errors": [5]}', b"<html>"])
def test_a_refusal_without_explanation_is_parked_all_the_same(answer: bytes) -> None:
    channel, _ = canned(httpx.Response(400, content=answer))
    assert kind(problem(channel, upload())) == "park"


@pytest.mark.parametrize(
    ("message", "field"),
    [
        (upload(recipient="31612199734"), "Agenten[0].Identificatie"),
        (upload(recipient=""), "Agenten[0].Identificatie"),
        (upload(title=" "), "Naam"),
        (upload(action=""), "Status.Actie.Actie"),
        (upload(product=""), "Producten"),
    ],
)
def test_what_dosis_would_refuse_does_not_leave(message: Outgoing, field: str) -> None:
    channel, asked = canned()
    found = problem(channel, message)
    assert (kind(found), [one["field"] for one in found.details]) == ("park", [field])
    assert asked == []


def test_long_texts_are_cut_and_accepted(dosis: RunningDosis, channel: DosisChannel) -> None:
    manager = {"name": "x" * 300, "address": {"street": "Markt", "number": "12-14 bus 3"}}
    channel.deliver(upload(title="Put 😀 " * 100, detail="é\n" * 400, action="Doe dit. " * 60, manager=manager))
    body = dosis.uploads()[0]["body"]
    assert body["DossierBeheerder"]["Adres"]["Nummer"] == "12"
    assert body["Status"]["Actie"]["Actie"].endswith("dit.…")


def test_what_goes_over_the_line_is_json() -> None:
    channel, asked = canned(httpx.Response(500))
    problem(channel, message := upload())
    assert asked[0].headers["content-type"] == "application/json"
    assert asked[0].headers["accept"] == "application/json"
    assert asked[0].headers["authorization"].startswith("Bearer ")
    assert asked[0].url.path == UPLOAD
    assert asked[0].url.query == b""
    assert json.loads(asked[0].content) == complete(message)


def test_asking_a_result_can_fail(dosis: RunningDosis, channel: DosisChannel) -> None:
    for fault, retry in (({"mode": "error"}, True), ({"mode": "malformed"}, True), ({"mode": "refuse"}, True)):
        dosis.fault(**fault, path="/api/", count=1)
        with pytest.raises(DeliveryProblem) as caught:
            channel.result(uuid4())
        assert caught.value.retry is retry
    channel, _ = canned(*(httpx.Response(200, content=body) for body in (b"[]", b"{}", b'{"Succes": "ja"}')))
    for _ in range(3):
        with pytest.raises(DeliveryProblem):
            channel.result(uuid4())


def test_a_result_is_read_with_care() -> None:
    body = {
        "Succes": False,
        "TijdstipVerwerking": "2026-03-06T09:02:14",
        "Fout": f"Agent {SOMEBODY}",
        "Fouten": [{"Omschrijving": "Onbekend product"}, {"Omschrijving": None}, "x", {"Omschrijving": "Onbekend product"}],
    }
    channel, _ = canned(httpx.Response(200, json=body), httpx.Response(200, json={"Succes": True, "Fouten": None}))
    result = channel.result(uuid4())
    assert result is not None
    assert result.errors == ("Agent …", "Onbekend product")
    assert result.processed_at is not None
    assert result.processed_at.isoformat() == "2026-03-06T09:02:14+01:00"
    assert channel.result(uuid4()) is not None


def test_withdrawing_a_case(dosis: RunningDosis, channel: DosisChannel) -> None:
    channel.deliver(upload())
    channel.withdraw("MLD-2026-000123")
    channel.withdraw("MLD-2026-000123")
    assert dosis.uploads()[0]["withdrawn"] is True
    dosis.fault(mode="error", path="/api/", count=1)
    with pytest.raises(DeliveryProblem):
        channel.withdraw("MLD-2026-000123")


def test_check(dosis: RunningDosis) -> None:
    assert dosis.channel().check() is None
    other = DosisChannel(DosisSettings(dosis.api(), "urn://oosterlinde/meldingen"), None, dosis.clock.seconds)
    assert other.check() == "DOSIS kent onze bron urn://oosterlinde/meldingen niet voor deze client."
    dosis.fault(mode="refuse", path="/api/", count=1)
    assert dosis.channel().check() == "DOSIS geeft ons geen toegang (403)."


def test_no_number_and_no_body_in_the_logs(dosis: RunningDosis, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        channel = dosis.channel()
        channel.deliver(upload())
        problem(channel, upload(code="Onzin"))
        dosis.mbp().deliver(bundle())
    assert SOMEBODY not in caplog.text
    assert "Molenstraat" not in caplog.text
    assert "client_assertion" not in caplog.text
    assert str(private_key()["d"]) not in repr(dosis.api())
