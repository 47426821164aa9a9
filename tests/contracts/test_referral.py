"""The three ways of referral against the doubles, over real HTTP and SMTP, with everything that can go wrong there."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from lxml import etree
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from meldloket.actions.ports import Order, ReferralProblem, System, Told, Update
from meldloket.connectors.email import EmailSettings
from meldloket.connectors.referral import (
    EmailReferral,
    EventProblem,
    Open311Referral,
    WebhookReferral,
    WrongSignature,
    incoming,
    send_event,
)
from meldloket.connectors.referral.calls import Caller
from meldloket.sandbox.config import SandboxConfig
from meldloket.sandbox.open311 import create_app as open311_app
from meldloket.sandbox.workorders import create_app as workorders_app
from meldloket.sandbox.workorders.signature import SIGNING_KEY
from support.doubles import free_base_port, serve
from support.postbox import RunningPostbox, running_postbox

API = "/open311/v2"


@dataclass
class Double:
    """A running double and its switches."""

    url: str

    def fault(self, mode: str, **fields: Any) -> None:
        httpx.put(f"{self.url}/_double/faults", json={"mode": mode, **fields}).raise_for_status()

    def special(self, name: str, count: int | None = 1) -> None:
        self.fault("special", special=name, count=count)

    def kept(self, what: str) -> list[dict[str, Any]]:
        return httpx.get(f"{self.url}/_double/{what}").raise_for_status().json()


def order(reply_url: str = "https://meldloket.example/antwoord", **changes: Any) -> Order:
    fields: dict[str, Any] = {
        "key": uuid4(),
        "reference": "MLD-2026-000123",
        "title": "Lamp vervangen",
        "description": "De lamp bij nummer 12 brandt niet.",
        "place": "Dorpsstraat 12, 9999 Lindekerke",
        "latitude": 50.9,
        "longitude": 3.5,
        "due": "2026-04-15",
        "photos": ("https://meldloket.example/f/1", "https://meldloket.example/f/2"),
        "reply_url": reply_url,
    }
    return Order(**{**fields, **changes})


@pytest.fixture(scope="module")
def _operator() -> Iterator[Double]:
    config = SandboxConfig(base_port=free_base_port())
    with serve(open311_app(config), config.port("open311")) as url:
        yield Double(url)


@pytest.fixture
def operator(_operator: Double) -> Iterator[Double]:
    yield _operator
    httpx.delete(f"{_operator.url}/_double/faults")
    httpx.delete(f"{_operator.url}/_double/requests")


def grid(double: Double, **settings: Any) -> System:
    plain = {"service_code": "verlichting", "jurisdiction_id": "leiestroom.example", "updates": True}
    return System(
        "leiestroom", "Leiestroom", double.url + API, secret="sandbox-open311-key", settings={**plain, **settings}
    )


@pytest.fixture
def client() -> Open311Referral:
    return Open311Referral(Caller(httpx.Client(timeout=1.0)))


def says(operator: Double, number: str, status: str, text: str = "") -> None:
    answer = httpx.post(f"{operator.url}/opdrachten/{number}", data={"status": status, "tekst": text})
    assert answer.status_code == 303


# Open311: handing over


@pytest.mark.parametrize("form", ["json", "xml"])
def test_a_request_arrives_complete(operator: Double, client: Open311Referral, form: str) -> None:
    given = order()
    handed = client.hand_over(grid(operator, format=form), given)
    [kept] = operator.kept("requests")
    assert handed.external_id == kept["service_request_id"]
    assert not handed.token
    assert (kept["lat"], kept["long"], kept["address_string"]) == ("50.900000", "3.500000", given.place)
    assert kept["media_url"] == given.photos[0]
    for words in (given.title, given.description, given.reference, str(given.key), given.due, given.photos[1]):
        assert words in kept["description"]


def test_the_same_order_again_is_the_same_request(operator: Double, client: Open311Referral) -> None:
    given = order()
    first = client.hand_over(grid(operator), given)
    assert client.hand_over(grid(operator), given) == first
    client.hand_over(grid(operator), order())
    assert len(operator.kept("requests")) == 2


def test_words_that_are_too_long_give_way_not_the_key(operator: Double, client: Open311Referral) -> None:
    given = order(description="woord " * 2000)
    client.hand_over(grid(operator), given)
    [kept] = operator.kept("requests")
    assert len(kept["description"]) == 4000
    assert str(given.key) in kept["description"]


def test_a_lost_answer_makes_no_second_request(operator: Double, client: Open311Referral) -> None:
    given = order()
    operator.special("answer_lost")
    with pytest.raises(ReferralProblem) as caught:
        client.hand_over(grid(operator), given)
    assert caught.value.retry
    [kept] = operator.kept("requests")
    assert client.hand_over(grid(operator), given).external_id == kept["service_request_id"]
    assert len(operator.kept("requests")) == 1


def test_a_token_first_and_the_number_later(operator: Double, client: Open311Referral) -> None:
    httpx.put(f"{operator.url}/_double/settings", json={"token_first": True}).raise_for_status()
    handed = client.hand_over(grid(operator), order())
    assert handed.external_id == ""
    assert handed.token
    operator.special("token_late")
    assert client.news(grid(operator), "", handed.token) == ("", [])
    number, updates = client.news(grid(operator), "", handed.token)
    [kept] = operator.kept("requests")
    assert number == kept["service_request_id"]
    assert [one.told for one in updates] == [Told.RECEIVED]


@pytest.mark.parametrize(
    ("fault", "retry", "about"),
    [
        ({"mode": "error", "status": 500}, True, "storing"),
        ({"mode": "error", "status": 429}, True, "kan nu niet"),
        ({"mode": "timeout"}, True, "antwoordt niet op tijd"),
        ({"mode": "slow", "seconds": 3}, True, "antwoordt niet op tijd"),
        ({"mode": "malformed"}, True, "niet te lezen"),
    ],
)
@pytest.mark.parametrize("step", ["hand_over", "news"])
def test_every_general_fault_and_then_it_works(
    operator: Double, client: Open311Referral, fault: dict[str, Any], retry: bool, about: str, step: str
) -> None:
    system, given = grid(operator), order()
    number = "" if step == "hand_over" else client.hand_over(system, given).external_id
    operator.fault(**fault, path=API, count=1)
    with pytest.raises(ReferralProblem, match=about) as caught:
        if step == "hand_over":
            client.hand_over(system, given)
        else:
            client.news(system, number, "")
    assert caught.value.retry is retry
    assert client.hand_over(system, given).external_id
    assert len(operator.kept("requests")) == 1


def test_refused_is_final(operator: Double, client: Open311Referral) -> None:
    operator.fault("refuse", path=API)
    with pytest.raises(ReferralProblem, match="sleutel") as caught:
        client.hand_over(grid(operator), order())
    assert not caught.value.retry


def test_a_system_without_a_list_is_told_all_the_same(operator: Double, client: Open311Referral) -> None:
    operator.fault("refuse", path=API, count=1)  # meets the look-up only
    assert client.hand_over(grid(operator), order()).external_id


@pytest.mark.parametrize(
    ("change", "about"),
    [
        ({"secret": "verkeerd"}, "api_key was missing or wrong"),
        ({"settings": {"service_code": "bestaat-niet"}}, "service_code was missing or not found"),
        (
            {"settings": {"service_code": "verlichting", "jurisdiction_id": "elders"}},
            "jurisdiction_id provided was not found",
        ),
        ({"settings": {}}, "service_code ontbreekt"),
        ({"url": "geen adres"}, "geen bruikbaar adres"),
        ({"url": "ftp://x"}, "geen bruikbaar adres"),
    ],
)
@pytest.mark.parametrize("form", ["json", "xml"])
def test_a_wrong_setting_says_what_they_said(
    operator: Double, client: Open311Referral, change: dict[str, Any], about: str, form: str
) -> None:
    right = grid(operator)
    fields = {"url": right.url, "secret": right.secret, "settings": right.settings, **change}
    fields["settings"] = {**fields["settings"], "format": form}
    with pytest.raises(ReferralProblem, match=about) as caught:
        client.hand_over(System("x", "X", **fields), order())
    assert not caught.value.retry
    assert operator.kept("requests") == []


def test_nobody_there_and_no_place(operator: Double, client: Open311Referral) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        away = System("x", "X", f"http://127.0.0.1:{free.getsockname()[1]}", settings={"service_code": "a"})
        with pytest.raises(ReferralProblem, match="niet bereikbaar") as caught:
            client.hand_over(away, order())
    assert caught.value.retry
    with pytest.raises(ReferralProblem, match="zonder plaats") as caught:
        client.hand_over(grid(operator), order(place="", latitude=None))
    assert not caught.value.retry
    assert client.hand_over(grid(operator), order(latitude=None)).external_id


def test_check_asks_the_list_of_services(operator: Double, client: Open311Referral) -> None:
    assert client.check(grid(operator)) is None
    assert "bestaat-niet" in (client.check(grid(operator, service_code="bestaat-niet")) or "")
    assert "ontbreekt" in (client.check(grid(operator, service_code="")) or "")
    operator.fault("error", path=API)
    assert "storing" in (client.check(grid(operator)) or "")


# Open311: news


@pytest.mark.parametrize("form", ["json", "xml"])
def test_news_with_updates_oldest_first_and_nothing_twice(operator: Double, client: Open311Referral, form: str) -> None:
    system = grid(operator, format=form)
    number = client.hand_over(system, order()).external_id
    assert [one.told for one in client.news(system, number, "")[1]] == [Told.RECEIVED]
    says(operator, number, "action_scheduled", "Volgende week <dinsdag>")
    says(operator, number, "fixed", "Hersteld & getest")
    for special in ("", "updates_twice", "out_of_order"):
        if special:
            operator.special(special)
        same, updates = client.news(system, number, "")
        assert same == number
        assert [(one.told, one.text) for one in updates] == [
            (Told.IN_PROGRESS, "Volgende week <dinsdag>"),
            (Told.DONE, "Hersteld & getest"),
        ]
        assert len({one.key for one in updates}) == 2
    assert all(one.at.tzinfo for one in updates)


def test_news_without_updates_is_the_requests_own_status(operator: Double, client: Open311Referral) -> None:
    system = grid(operator, updates=False)
    number = client.hand_over(system, order()).external_id
    [first] = client.news(system, number, "")[1]
    [again] = client.news(system, number, "")[1]
    assert first == again
    says(operator, number, "fixed", "Klaar")
    [closed] = client.news(system, number, "")[1]
    assert (closed.told, closed.text) == (Told.DONE, "Klaar")
    assert closed.key != first.key


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("investigating", Told.IN_PROGRESS),
        ("in_progress", Told.IN_PROGRESS),
        ("no_further_action", Told.REFUSED),
        ("not_councils_responsibility", Told.REFUSED),
        ("duplicate", Told.REFUSED),
    ],
)
def test_their_words_become_ours(operator: Double, client: Open311Referral, word: str, told: Told) -> None:
    system = grid(operator)
    number = client.hand_over(system, order()).external_id
    says(operator, number, word, "uitleg")
    updates = client.news(system, number, "")[1]
    assert [one.told for one in updates] == [told]  # never "closed" beside it, which would be a success
    [own] = [one for one in client.news(grid(operator, statuses={word: "note"}), number, "")[1] if one.status == word]
    assert own.told == Told.NOTE


def test_something_late_carries_its_own_moment(operator: Double, client: Open311Referral) -> None:
    number = client.hand_over(grid(operator), order()).external_id
    operator.special("late")
    says(operator, number, "in_progress", "Dat was vanmorgen al")
    late = next(one for one in client.news(grid(operator), number, "")[1] if one.text)
    assert datetime.now(UTC) - late.at > timedelta(minutes=59)


def test_after_closing_is_said_and_kept_apart(operator: Double, client: Open311Referral) -> None:
    number = client.hand_over(grid(operator), order()).external_id
    says(operator, number, "fixed")
    says(operator, number, "in_progress", "Toch nog niet")
    updates = client.news(grid(operator), number, "")[1]
    assert [(one.told, one.text) for one in updates] == [(Told.DONE, ""), (Told.IN_PROGRESS, "Toch nog niet")]


def test_a_lost_order_is_told(operator: Double, client: Open311Referral) -> None:
    operator.special("loses_order")
    number = client.hand_over(grid(operator), order()).external_id
    with pytest.raises(ReferralProblem, match=f"vindt onze opdracht {number} niet meer") as caught:
        client.news(grid(operator), number, "")
    assert not caught.value.retry
    with pytest.raises(ReferralProblem, match="niet meer"):
        client.news(grid(operator), "", "onbekend")


def test_xml_where_json_was_asked(operator: Double, client: Open311Referral) -> None:
    operator.special("xml_only", count=None)
    number = client.hand_over(grid(operator), order()).external_id
    assert [one.told for one in client.news(grid(operator), number, "")[1]] == [Told.RECEIVED]


@contextmanager
def answering(body: bytes, status: int = 200, content_type: str = "application/json", **headers: str) -> Iterator[str]:
    async def say(request: Request) -> Response:
        return Response(body, status, {"content-type": content_type, **headers})

    methods = ["GET", "POST"]
    with serve(Starlette(routes=[Route("/{path:path}", say, methods=methods)])) as url:
        yield url


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"5",
        b"[]",
        b"{}",
        b'[{"service_request_id": null}]',
        b'[{"service_request_id": true}]',
        b"<a><b><service_request_id/></b></a>",
        b"<a>",
        b"\xff\xfe",
        b"[" * 100000,
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a><b><service_request_id>&x;</service_request_id></b></a>',
        b'"' + b"x" * 6_000_000 + b'"',
    ],
    ids=range(13),
)
def test_nonsense_is_a_problem_that_can_be_tried_again(client: Open311Referral, body: bytes) -> None:
    with answering(body) as url:
        system = System("x", "X", url, settings={"service_code": "a", "updates": True})
        for call in (lambda: client.hand_over(system, order()), lambda: client.news(system, "5", "")):
            with pytest.raises(ReferralProblem) as caught:
                call()
            assert caught.value.retry
            assert "passwd" not in caught.value.reason


@pytest.mark.parametrize("body", [b'{"service_request_id": 7}', b'{"service_requests": [{"service_request_id": "7"}]}'])
def test_answers_in_other_wrappings_are_read(client: Open311Referral, body: bytes) -> None:
    with answering(body) as url:
        assert client.hand_over(System("x", "X", url, settings={"service_code": "a"}), order()).external_id == "7"


def test_a_redirect_is_not_followed(client: Open311Referral) -> None:
    with answering(b"", 302, location="http://127.0.0.1:1/") as url, pytest.raises(ReferralProblem, match="ander adres"):
        client.hand_over(System("x", "X", url, settings={"service_code": "a"}), order())


# The double of the operator as the specification has it


def test_the_double_speaks_both_formats(operator: Double, client: Open311Referral) -> None:
    number = client.hand_over(grid(operator), order()).external_id
    for what in ("discovery", "services", "services/gasgeur", "requests", f"requests/{number}", "servicerequestupdates"):
        assert httpx.get(f"{operator.url}{API}/{what}.json").raise_for_status().json() is not None
        etree.fromstring(httpx.get(f"{operator.url}{API}/{what}.xml").raise_for_status().content)
    answer = httpx.get(f"{operator.url}{API}/requests/0.xml")
    assert answer.status_code == 404
    assert etree.fromstring(answer.content).findtext("error/code") == "404"
    assert httpx.get(f"{operator.url}{API}/requests.csv").status_code == 404
    assert httpx.get(f"{operator.url}{API}/requests.json", params={"start_date": "x"}).status_code == 400


def test_the_double_takes_an_update_over_its_interface(operator: Double, client: Open311Referral) -> None:
    number = client.hand_over(grid(operator), order()).external_id
    form = {"service_request_id": number, "status": "closed?", "api_key": "sandbox-open311-key"}
    url = f"{operator.url}{API}/servicerequestupdates.json"
    assert httpx.post(url, data=form).status_code == 400
    assert httpx.post(url, data={**form, "status": "fixed"}).status_code == 201
    assert httpx.post(url, data={**form, "status": "fixed", "api_key": ""}).status_code == 403
    assert httpx.post(url, data={**form, "status": "fixed", "service_request_id": "0"}).status_code == 404
    assert operator.kept("requests")[0]["status"] == "fixed"


def test_the_operators_page(operator: Double, client: Open311Referral) -> None:
    assert "nog geen opdrachten" in httpx.get(operator.url).text
    number = client.hand_over(grid(operator), order(title="<b>Lamp</b>")).external_id
    says(operator, number, "investigating", "We <kijken>")
    shown = httpx.get(operator.url).text
    assert "&lt;b&gt;Lamp" in shown
    assert "We &lt;kijken&gt;" in shown
    assert httpx.post(f"{operator.url}/opdrachten/{number}", data={"status": "x"}).status_code == 400
    assert httpx.post(f"{operator.url}/opdrachten/0", data={"status": "fixed"}).status_code == 404
    httpx.post(f"{operator.url}/instelling", data={"token": "ja"})
    assert httpx.get(f"{operator.url}/_double/settings").json() == {"token_first": True}
    assert httpx.put(f"{operator.url}/_double/settings", json=[]).status_code == 400


# Webhook: handing over


@pytest.fixture(scope="module")
def _contractor() -> Iterator[Double]:
    config = SandboxConfig(base_port=free_base_port())
    with serve(workorders_app(config), config.port("workorders")) as url:
        yield Double(url)


@pytest.fixture
def contractor(_contractor: Double) -> Iterator[Double]:
    yield _contractor
    httpx.delete(f"{_contractor.url}/_double/faults")
    httpx.delete(f"{_contractor.url}/_double/orders")


def works(double: Double, **changes: Any) -> System:
    return System("kassei", "De Kasseilegger", **{"url": f"{double.url}/webhook", "secret": SIGNING_KEY, **changes})


@pytest.fixture(autouse=True)
def short_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same caller with less patience, so that a time-out does not take fifteen seconds."""
    from meldloket.connectors.referral import events

    monkeypatch.setattr(events, "_call", Caller(httpx.Client(timeout=1.0)))


def test_a_signed_order_arrives_once(contractor: Double) -> None:
    given = order()
    adapter = WebhookReferral()
    handed = adapter.hand_over(works(contractor), given)
    assert adapter.hand_over(works(contractor), given) == handed
    [kept] = contractor.kept("orders")
    assert handed.external_id == kept["number"]
    assert (kept["key"], kept["title"], kept["photos"]) == (str(given.key), given.title, list(given.photos))
    assert kept["replyUrl"] == given.reply_url
    assert adapter.news(works(contractor), handed.external_id, "") == (handed.external_id, [])


@pytest.mark.parametrize(
    ("fault", "retry", "about"),
    [
        ({"mode": "error"}, True, "storing"),
        ({"mode": "timeout"}, True, "antwoordt niet op tijd"),
        ({"mode": "slow", "seconds": 3}, True, "antwoordt niet op tijd"),
        ({"mode": "refuse"}, False, "sleutel of handtekening"),
        ({"mode": "special", "special": "answer_lost"}, True, "storing"),
    ],
)
def test_every_fault_of_the_contractor_and_then_it_works(
    contractor: Double, fault: dict[str, Any], retry: bool, about: str
) -> None:
    contractor.fault(**fault, count=1)
    given = order()
    with pytest.raises(ReferralProblem, match=f"De Kasseilegger .*{about}") as caught:
        WebhookReferral().hand_over(works(contractor), given)
    assert caught.value.retry is retry
    WebhookReferral().hand_over(works(contractor), given)
    assert len(contractor.kept("orders")) == 1


def test_an_unreadable_200_is_taken_without_a_number(contractor: Double) -> None:
    contractor.fault("malformed", count=1)
    assert WebhookReferral().hand_over(works(contractor), order()).external_id == ""


def test_a_lost_order_of_the_contractor_stays_silent(contractor: Double) -> None:
    contractor.special("loses_order")
    assert WebhookReferral().hand_over(works(contractor), order()).external_id
    assert contractor.kept("orders") == []


@pytest.mark.parametrize(
    ("changes", "about"),
    [
        ({"secret": ""}, "geen bruikbaar geheim"),
        ({"secret": "whsec_ZWVuLWhlZWwtYW5kZXItZ2VoZWltLWRhbi1kYXQ="}, "handtekening niet"),
        ({"url": ""}, "geen bruikbaar adres"),
    ],
)
def test_a_wrong_secret_or_address_is_final(contractor: Double, changes: dict[str, str], about: str) -> None:
    with pytest.raises(ReferralProblem, match=about) as caught:
        WebhookReferral().hand_over(works(contractor, **changes), order())
    assert not caught.value.retry


def test_check_of_the_webhook(contractor: Double) -> None:
    assert WebhookReferral().check(works(contractor)) is None
    assert "geheim" in (WebhookReferral().check(works(contractor, secret="")) or "")
    assert "adres" in (WebhookReferral().check(works(contractor, url="")) or "")


def test_an_event_to_an_advice_partner(contractor: Double) -> None:
    """The same way out for whoever has something else to tell: this contractor wants no advice requests."""
    with pytest.raises(EventProblem, match="weigert") as caught:
        send_event(f"{contractor.url}/webhook", SIGNING_KEY, "be.meldloket.advice.requested", {"request": "1"}, "a-1")
    assert not caught.value.retry
    with answering(b"") as url:
        assert send_event(url, SIGNING_KEY, "be.meldloket.advice.requested", {"request": "1"}, "a-1") == {}


# Webhook: the answers that come back


@dataclass
class OurSide:
    """A call-back API as the product has it: verifies, reads, and remembers."""

    key: UUID
    url: str = ""
    taken: list[Update] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    async def state(self, request: Request) -> Response:
        try:
            update = incoming(request.headers, await request.body(), SIGNING_KEY, self.key, {})
        except ValueError as error:
            self.refused.append(type(error).__name__)
            return JSONResponse({"error": str(error)}, 401 if isinstance(error, WrongSignature) else 400)
        self.taken.append(update)
        return JSONResponse({})


@pytest.fixture
def ours(contractor: Double) -> Iterator[OurSide]:
    side = OurSide(uuid4())
    with serve(Starlette(routes=[Route("/stand", side.state, methods=["POST"])])) as url:
        side.url = url
        WebhookReferral().hand_over(works(contractor), order(f"{url}/stand", key=side.key))
        yield side


def answers(contractor: Double, status: str, text: str = "") -> None:
    number = contractor.kept("orders")[0]["number"]
    answer = httpx.post(f"{contractor.url}/werkbonnen/{number}", data={"status": status, "tekst": text}, timeout=20)
    assert answer.status_code == 303


def test_the_contractor_answers(contractor: Double, ours: OurSide) -> None:
    for status in ("accepted", "started", "note", "done", "refused"):
        answers(contractor, status, f"Wij zeggen {status}")
    told = [Told.RECEIVED, Told.IN_PROGRESS, Told.NOTE, Told.DONE, Told.REFUSED]
    assert [one.told for one in ours.taken] == told
    assert ours.taken[0].text == "Wij zeggen accepted"
    assert [one.at for one in ours.taken] == sorted(one.at for one in ours.taken)
    assert "aangekomen" in httpx.get(contractor.url).text


def test_twice_is_the_same_key(contractor: Double, ours: OurSide) -> None:
    contractor.special("sends_twice")
    answers(contractor, "accepted")
    first, second = ours.taken
    assert first == second


def test_out_of_order_keeps_the_moments(contractor: Double, ours: OurSide) -> None:
    contractor.special("out_of_order")
    answers(contractor, "started")
    assert ours.taken == []
    answers(contractor, "done")
    assert [one.told for one in ours.taken] == [Told.DONE, Told.IN_PROGRESS]
    assert ours.taken[1].at < ours.taken[0].at


def test_late_until_somebody_sends_it(contractor: Double, ours: OurSide) -> None:
    contractor.special("late")
    answers(contractor, "done")
    assert ours.taken == []
    assert "nog niet verstuurd" in httpx.get(contractor.url).text
    [message] = contractor.kept("orders")[0]["messages"]
    assert httpx.post(f"{contractor.url}/berichten/{message['key']}").status_code == 303
    assert [one.told for one in ours.taken] == [Told.DONE]


def test_after_closing(contractor: Double, ours: OurSide) -> None:
    contractor.special("after_closing")
    answers(contractor, "done")
    assert [one.told for one in ours.taken] == [Told.DONE, Told.IN_PROGRESS]


@pytest.mark.parametrize("special", ["wrong_signature", "old_timestamp"])
def test_what_is_signed_wrongly_changes_nothing(contractor: Double, ours: OurSide, special: str) -> None:
    contractor.special(special)
    answers(contractor, "done")
    assert (ours.taken, ours.refused) == ([], ["WrongSignature"])
    assert "niet aanvaard: 401" in httpx.get(contractor.url).text


def test_an_answer_on_one_task_is_none_on_another(contractor: Double, ours: OurSide) -> None:
    ours.key = uuid4()
    answers(contractor, "done")
    assert (ours.taken, ours.refused) == ([], ["NotAnUpdate"])


def test_the_double_refuses_what_is_not_signed_well(contractor: Double) -> None:
    from meldloket.connectors.referral import sign

    url, body = f"{contractor.url}/webhook", b"{}"
    old = datetime.now(UTC) - timedelta(minutes=6)
    for headers in (
        {},
        sign("1", b"other", SIGNING_KEY),
        sign("1", body, SIGNING_KEY, at=old),
        {**sign("1", body, SIGNING_KEY), "webhook-timestamp": "x"},
    ):
        assert httpx.post(url, content=body, headers=headers).status_code == 401
    for wrong in (b"{}", b"nee", json.dumps({"specversion": "1.0", "source": "a", "type": "b"}).encode()):
        assert httpx.post(url, content=wrong, headers=sign("1", wrong, SIGNING_KEY)).status_code == 400
    assert contractor.kept("orders") == []


def test_the_contractors_page(contractor: Double, ours: OurSide) -> None:
    shown = httpx.get(contractor.url).text
    assert "Lamp vervangen" in shown
    assert "15/04/2026" in shown
    assert httpx.post(f"{contractor.url}/werkbonnen/WB-0000", data={"status": "done"}).status_code == 404
    assert httpx.post(f"{contractor.url}/werkbonnen/WB-0001", data={"status": "x"}).status_code == 400
    assert httpx.post(f"{contractor.url}/berichten/x").status_code == 404


# E-mail


@pytest.fixture(scope="module")
def _postbox() -> Iterator[RunningPostbox]:
    with running_postbox() as box:
        yield box


@pytest.fixture
def postbox(_postbox: RunningPostbox) -> Iterator[RunningPostbox]:
    _postbox.clear()
    yield _postbox
    _postbox.clear()


def mailer(postbox: RunningPostbox) -> EmailReferral:
    return EmailReferral(
        EmailSettings(
            host="127.0.0.1",
            port=postbox.smtp_port,
            from_address="meldingen@lindekerke.example",
            reply_to="meldingen+{reference}@lindekerke.example",
            timeout=2.0,
        )
    )


FARMER = System("boer", "Boer Claes", email="boer@claes.example")


def test_an_order_by_mail(postbox: RunningPostbox) -> None:
    given = order(reference="MLD-2026-000123, MLD-2026-000124")
    mailer(postbox).hand_over(FARMER, given)
    [mail] = postbox.messages(to="boer@claes.example")
    assert mail["subject"] == f"Opdracht {given.reference}: Lamp vervangen"
    assert str(given.key) in mail["message_id"]
    for words in (given.description, given.place, "15/04/2026", given.reply_url, *given.photos):
        assert words in mail["text"]
    assert mailer(postbox).news(FARMER, "", "") == ("", [])


def test_a_bare_order_by_mail_has_no_empty_headings(postbox: RunningPostbox) -> None:
    bare = order(place="", latitude=None, due="", photos=(), description="Lamp vervangen")
    mailer(postbox).hand_over(FARMER, bare)
    [mail] = postbox.messages()
    assert not [word for word in ("Waar:", "tegen", "Foto") if word in mail["text"]]


@pytest.mark.parametrize(
    ("special", "retry", "arrives"),
    [
        ("smtp_451", True, 1),
        ("smtp_451_data", True, 1),
        ("smtp_550", False, 1),
        ("smtp_550_data", False, 1),
        ("smtp_drop_after_data", True, 2),
        ("smtp_slow", True, 2),
    ],
)
def test_every_fault_of_the_mail_server(postbox: RunningPostbox, special: str, retry: bool, arrives: int) -> None:
    postbox.fault(mode="special", special=special, count=1, seconds=3)
    given = order()
    with pytest.raises(ReferralProblem, match="Boer Claes: ") as caught:
        mailer(postbox).hand_over(FARMER, given)
    assert caught.value.retry is retry
    mailer(postbox).hand_over(FARMER, given)
    assert len({mail["message_id"] for mail in postbox.messages()}) == 1
    assert len(postbox.messages()) in (1, arrives)


@pytest.mark.parametrize("address", ["", "geen adres", "a@b.example\r\nBcc: c@d.example"])
def test_what_is_no_address_is_final(postbox: RunningPostbox, address: str) -> None:
    wrong = System("x", "X", email=address)
    with pytest.raises(ReferralProblem, match="geen geldig e-mailadres") as caught:
        mailer(postbox).hand_over(wrong, order())
    assert not caught.value.retry
    assert mailer(postbox).check(wrong)
    assert mailer(postbox).check(FARMER) is None
    assert postbox.messages() == []
