"""Bundles for the bell of Mijn Burgerprofiel, and the pages on which the citizen of the demonstration reads them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from meldloket.connectors.mbp import MbpChannel, MbpSettings
from meldloket.messages.dosis_body import BRUSSELS
from meldloket.messages.ports import Outgoing
from meldloket.sandbox.persons import CITIZENS, Citizen
from support.dosis import (
    SNAPSHOT,
    SOMEBODY,
    SOMEBODY_ELSE,
    SOURCE,
    RunningDosis,
    bundle,
    kind,
    problem,
    running_dosis,
    upload,
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


# The pages


@contextmanager
def log_in(dosis: RunningDosis, person: Citizen) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=dosis.url, follow_redirects=True) as client:
        client.post("/mbp/aanmelden", data={"persoon": person.key})
        yield client


def test_the_citizen_sees_the_case(dosis: RunningDosis) -> None:
    person, stranger = CITIZENS[0], CITIZENS[1]
    channel = dosis.channel()
    channel.deliver(upload(person.insz))
    later = SNAPSHOT.changed_at + timedelta(days=2)
    channel.deliver(
        upload(
            person.insz, changed_at=later, code="DossierOnvolledig", action="Beantwoord de vraag.", detail="<b>Let op</b>"
        )
    )
    with log_in(dosis, person) as client:
        page = client.get("/")
        assert str(page.url) == f"{dosis.url}/mbp/"
        for words in (
            SNAPSHOT.title,
            "Dossier onvolledig",
            "Behandeling",
            "Actie nodig",
            "Beantwoord de vraag.",
            "&lt;b&gt;Let op&lt;/b&gt;",
            f'href="{SNAPSHOT.deep_link}"',
            "vrijdag 6 maart 2026 om 10.15 uur",
            "Melding aan de gemeente",
            "meldingen@lindekerke.example",
            "Verloop (2 stappen)",
        ):
            assert words in page.text, words
        assert person.insz not in page.text
    with log_in(dosis, stranger) as client:
        assert "U hebt nog geen dossiers." in client.get("/mbp/").text
        assert "U hebt geen notificaties." in client.get("/mbp/notificaties/").text


def test_the_latest_date_is_shown_and_a_withdrawn_case_is_not(dosis: RunningDosis) -> None:
    person, channel = CITIZENS[0], dosis.channel()
    channel.deliver(upload(person.insz, code="Uitgevoerd", phase="Afgerond", detail="Klaar."))
    channel.deliver(upload(person.insz, changed_at=SNAPSHOT.changed_at - timedelta(days=1), detail="Oud nieuws."))
    with log_in(dosis, person) as client:
        text = client.get("/mbp/").text
        assert "Afgerond <span" in text
        assert "Lopend <span" not in text
        assert text.index("Klaar.") < text.index("Oud nieuws.")
        channel.withdraw("MLD-2026-000123")
        assert "U hebt nog geen dossiers." in client.get("/mbp/").text


def test_a_case_that_passes_to_another_person_is_gone_for_the_first(dosis: RunningDosis) -> None:
    first, second = CITIZENS[0], CITIZENS[1]
    channel = dosis.channel()
    channel.deliver(upload(first.insz))
    channel.deliver(upload(second.insz, changed_at=SNAPSHOT.changed_at + timedelta(minutes=1)))
    with log_in(dosis, first) as client:
        assert SNAPSHOT.title not in client.get("/mbp/").text
    with log_in(dosis, second) as client:
        assert SNAPSHOT.title in client.get("/mbp/").text


def test_the_bell(dosis: RunningDosis) -> None:
    person = CITIZENS[0]
    dosis.channel().deliver(upload(person.insz))
    dosis.mbp().deliver(bundle(person.insz, detail="Het besluit is bekendgemaakt."))
    with log_in(dosis, person) as client:
        assert '2<span class="hidden"> nieuw</span>' in client.get("/mbp/").text
        text = client.get("/mbp/notificaties/").text
        assert text.index("Het besluit is bekendgemaakt.") < text.index(SNAPSHOT.detail)
        assert client.post("/mbp/notificaties/gelezen").status_code == 200
        assert "nieuw</span>" not in client.get("/mbp/").text
        assert client.post("/mbp/afmelden").status_code == 200
        assert "Wie bent u vandaag?" in client.get("/mbp/notificaties/").text


def test_a_bundle_past_its_last_day_is_not_shown(dosis: RunningDosis) -> None:
    person, message = CITIZENS[0], bundle(CITIZENS[0].insz)
    today = dosis.clock.now().astimezone(BRUSSELS).date()
    message.payload["Vervaldatum"] = f"{today.isoformat()}T00:00:00+01:00"
    dosis.mbp().deliver(message)
    with log_in(dosis, person) as client:
        assert SNAPSHOT.title in client.get("/mbp/notificaties/").text
        dosis.clock.advance(days=2)
        assert "U hebt geen notificaties." in client.get("/mbp/notificaties/").text


def test_an_unknown_person_is_nobody(dosis: RunningDosis) -> None:
    with httpx.Client(base_url=dosis.url, follow_redirects=True) as client:
        assert "Wie bent u vandaag?" in client.post("/mbp/aanmelden", data={"persoon": "iemand"}).text
        assert "Wie bent u vandaag?" in client.get("/mbp/", headers={"Cookie": "mbp_persoon=iemand"}).text
        assert client.post("/mbp/notificaties/gelezen").status_code == 200
        for person in (one for one in CITIZENS if one.insz):
            assert person.insz not in client.get("/mbp/").text
