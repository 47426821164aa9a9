"""Handing tasks over through each adapter, to doubles over real HTTP and SMTP, with every way in which it can go wrong."""

from __future__ import annotations

import json
import uuid
from dataclasses import replace
from datetime import UTC, datetime

import httpx
import pytest

from meldloket.actions.ports import Order, ReferralProblem, Told
from meldloket.connectors.email import EmailChannel, EmailSettings
from meldloket.connectors.referral import EmailReferral, Open311Client, WebhookReferral
from meldloket.connectors.referral.signing import BadSignature, sign, verify
from meldloket.connectors.referral.webhook import TASK_STATUS, BadEvent, read_status, send_event
from support.partners import running_contractor, running_operator
from support.postbox import running_postbox

# The example of the Standard Webhooks specification.
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
KEY = uuid.UUID("5f0c1f0e-8a53-4c76-a3a5-0d3c2c1f9b11")


@pytest.fixture(scope="module")
def operator_running():
    with running_operator() as running:
        yield running


@pytest.fixture
def operator(operator_running):
    operator_running[0].clear()
    return operator_running


@pytest.fixture(scope="module")
def contractor_running():
    with running_contractor() as running:
        yield running


@pytest.fixture
def contractor(contractor_running):
    contractor_running[0].clear()
    return contractor_running


def order(**fields) -> Order:
    values = {
        "key": uuid.uuid4(),
        "reference": "MLD-2026-000123",
        "title": "Lamp herstellen",
        "description": "De lamp aan nummer 12 brandt niet.",
        "place": "Kerkstraat 12, 9999 Lindekerke",
        "latitude": 51.05,
        "longitude": 3.55,
        "due": "2026-12-01",
        "reply_url": "http://127.0.0.1:9/niemand",
    }
    return Order(**{**values, **fields})


def impatient() -> Open311Client:
    return Open311Client(httpx.Client(timeout=0.5))


# Open311


def test_open311_posts_follows_and_maps_the_status(operator):
    double, system = operator
    adapter, wanted = Open311Client(), order(photos=("http://127.0.0.1:9/foto",))
    number = adapter.hand_over(system, wanted).external_id
    held = double.state()["requests"][0]
    assert held["service_request_id"] == number and str(wanted.key) in held["description"]
    assert (held["lat"], held["long"], held["media_url"]) == ("51.0500000", "3.5500000", "http://127.0.0.1:9/foto")
    known, updates = adapter.news(system, number, "")
    assert (known, [one.told for one in updates]) == (number, [Told.RECEIVED])
    double.answer(f"/opdrachten/{number}", status="investigating", note="Ploeg is onderweg")
    double.answer(f"/opdrachten/{number}", status="fixed", note="Lamp vervangen")
    told = [(one.told, one.text) for one in adapter.news(system, number, "")[1]]
    assert (Told.IN_PROGRESS, "Ploeg is onderweg") in told and told[-1] == (Told.DONE, "Lamp vervangen")
    keys = [[one.key for one in adapter.news(system, number, "")[1]] for _ in range(2)]
    assert keys[0] == keys[1], "the same news has the same keys at every poll"


def test_open311_gives_a_token_first_and_a_number_later(operator):
    double, system = operator
    double.fault(mode="special", special="token_first", count=1)
    given = Open311Client().hand_over(system, order())
    assert given.external_id == "" and given.token
    number, updates = Open311Client().news(system, "", given.token)
    assert number == double.state()["requests"][0]["service_request_id"] and updates


def test_open311_after_a_lost_answer_makes_no_second_request(operator):
    double, system = operator
    double.fault(mode="special", special="answer_lost", count=1)
    wanted = order()
    with pytest.raises(ReferralProblem) as lost:
        Open311Client().hand_over(system, wanted)
    assert lost.value.retry and lost.value.uncertain
    again = Open311Client().hand_over(system, replace(wanted, again=True))
    rows = double.state()["requests"]
    assert [row["service_request_id"] for row in rows] == [again.external_id]


def test_open311_posts_again_what_was_really_lost(operator):
    double, system = operator
    double.fault(mode="special", special="order_lost", count=1)
    wanted = order()
    lost = Open311Client().hand_over(system, wanted).external_id
    with pytest.raises(ReferralProblem, match="404"):
        Open311Client().news(system, lost, "")
    assert Open311Client().hand_over(system, replace(wanted, again=True)).external_id
    assert len(double.state()["requests"]) == 1


@pytest.mark.parametrize(
    ("fault", "retry"),
    [
        ({"mode": "error"}, True),
        ({"mode": "malformed"}, True),
        ({"mode": "refuse"}, False),
        ({"mode": "error", "status": 429}, True),
        ({"mode": "timeout", "seconds": 2}, True),
    ],
)
def test_open311_says_whether_later_can_help(operator, fault, retry):
    double, system = operator
    double.fault(**fault, path="/georeport/")
    with pytest.raises(ReferralProblem) as refused:
        impatient().hand_over(system, order())
    assert refused.value.retry is retry


def test_open311_repeats_the_words_of_an_error_document(operator):
    _, system = operator
    with pytest.raises(ReferralProblem, match="api_key is missing or unknown") as refused:
        Open311Client().hand_over(replace(system, secret="wrong"), order())
    assert not refused.value.retry
    with pytest.raises(ReferralProblem, match="service_code was not found"):
        Open311Client().hand_over(replace(system, settings={"service_code": "WAT"}), order())
    with pytest.raises(ReferralProblem) as nobody:
        Open311Client().hand_over(replace(system, url="http://127.0.0.1:9"), order())
    assert nobody.value.retry and not nobody.value.uncertain


def test_open311_reads_xml_and_no_entities():
    def answer(request: httpx.Request) -> httpx.Response:
        evil = b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
        body = (
            b'<?xml version="1.0"?>' + evil + b"<service_requests><request><service_request_id>7</service_request_id>"
            b"<status>closed</status><status_notes>&x;</status_notes></request></service_requests>"
        )
        return httpx.Response(200, content=body, headers={"content-type": "text/xml"})

    from meldloket.actions.ports import System

    client = Open311Client(httpx.Client(transport=httpx.MockTransport(answer)))
    _, updates = client.news(System("x", "X", "http://x.example"), "7", "")
    assert updates[0].told == Told.DONE and "root:" not in updates[0].text


def test_a_systems_own_words_go_before_ours(operator):
    double, system = operator
    number = Open311Client().hand_over(system, order()).external_id
    double.answer(f"/opdrachten/{number}", status="fixed", note="")
    own = replace(system, settings={**system.settings, "statuses": {"fixed": "in_progress"}})
    assert Open311Client().news(own, number, "")[1][-1].told == Told.IN_PROGRESS


def test_open311_closed_beside_not_ours_is_no_success(operator):
    """GeoReport's own word is only open or closed; the update beside it says what it means."""

    now = {}

    def answer(request: httpx.Request) -> httpx.Response:
        shown = {"service_request_id": "7", "updated_datetime": "2026-03-02T09:00:00Z"}
        if "servicerequestupdates" in request.url.path:
            return httpx.Response(200, json=[{**shown, "update_id": 12, "status": now["said"]}])
        return httpx.Response(200, json=[{**shown, "status": now["own"]}])

    client, system = Open311Client(httpx.Client(transport=httpx.MockTransport(answer))), operator[1]
    for own, said, told in (
        ("closed", "not_councils_responsibility", [Told.REFUSED]),
        ("closed", "fixed", [Told.DONE]),
        ("open", "Action Scheduled", [Told.IN_PROGRESS]),
        ("open", "wat is dit", [Told.NOTE, Told.RECEIVED]),
        ("closed", "planned", [Told.IN_PROGRESS, Told.DONE]),
    ):
        now |= {"own": own, "said": said}
        assert [one.told for one in client.news(system, "7", "")[1]] == told


def test_open311_a_finished_request_is_told_once(operator):
    double, system = operator
    number = Open311Client().hand_over(system, order()).external_id
    double.answer(f"/opdrachten/{number}", status="fixed", note="Klaar")
    for special in ("", "twice"):
        if special:
            double.fault(mode="special", special=special, count=1)
        assert [one.told for one in Open311Client().news(system, number, "")[1]] == [Told.DONE]


def test_open311_a_token_without_a_number_is_asked_again(operator):
    double, system = operator
    for special in ("token_first", "token_late"):
        double.fault(mode="special", special=special, count=1)
    token = Open311Client().hand_over(system, order()).token
    assert Open311Client().news(system, "", token) == ("", [])
    assert Open311Client().news(system, "", token)[0]


def test_open311_a_failed_look_up_proves_nothing(operator):
    double, system = operator
    wanted = order()
    double.fault(mode="special", special="answer_lost", count=1)
    with pytest.raises(ReferralProblem):
        Open311Client().hand_over(system, wanted)
    away = replace(system, url="http://127.0.0.1:9")
    with pytest.raises(ReferralProblem, match="niet bereikbaar") as later:
        Open311Client().hand_over(away, replace(wanted, again=True))
    assert later.value.retry and later.value.uncertain
    Open311Client().hand_over(system, replace(wanted, again=True))
    assert len(double.state()["requests"]) == 1


@pytest.mark.parametrize("form", ["json", "xml"])
def test_open311_speaks_both_formats(operator, form):
    double, system = operator
    either = replace(system, settings={**system.settings, "format": form})
    number = Open311Client().hand_over(either, order()).external_id
    double.answer(f"/opdrachten/{number}", status="fixed", note="Hersteld & <getest>")
    assert [one.text for one in Open311Client().news(either, number, "")[1]] == ["Hersteld & <getest>"]
    unknown = replace(either, settings={"service_code": "WAT", "format": form})
    with pytest.raises(ReferralProblem, match="service_code was not found"):
        Open311Client().hand_over(unknown, order())
    assert Open311Client().check(either) is None
    assert "WAT" in (Open311Client().check(unknown) or "")


def test_open311_gives_way_with_words_not_with_the_key(operator):
    double, system = operator
    wanted = order(description="woord " * 2000)
    Open311Client().hand_over(system, wanted)
    held = double.state()["requests"][0]["description"]
    assert len(held) == 4000 and str(wanted.key) in held
    with pytest.raises(ReferralProblem, match="zonder plaats"):
        Open311Client().hand_over(system, order(place="", latitude=None))


NONSENSE = (
    b"",
    b"null",
    b"5",
    b"[]",
    b"{}",
    b'[{"service_request_id": null}]',
    b'[{"service_request_id": true}]',
    b"<a>",
    b"\xff\xfe",
    b"[" * 100000,
    b'"' + b"x" * 6_000_000 + b'"',
)


@pytest.mark.parametrize("body", NONSENSE, ids=range(len(NONSENSE)))
def test_open311_nonsense_can_be_tried_again(operator, body):
    transport = httpx.MockTransport(lambda request: httpx.Response(200, content=body))
    for again in (False, True):
        with pytest.raises(ReferralProblem) as caught:
            Open311Client(httpx.Client(transport=transport)).hand_over(operator[1], order(again=again))
        assert caught.value.retry and caught.value.uncertain


# Signed webhooks


def test_the_specifications_own_example():
    body = b'{"test": 2432232314}'
    headers = sign(SECRET, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body)
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert verify(SECRET, headers, body, 1614265330 + 60) == "msg_p5jXN8AQM9LWM0D4loKWxJek"


def test_changed_old_and_foreign_messages_are_refused():
    body, now = b'{"a": 1}', 1_700_000_000
    headers = sign(SECRET, "id1", now, body)
    two = {**headers, "webhook-signature": "v1,d3Jvbmc= " + headers["webhook-signature"]}
    assert verify(SECRET, two, body, now) == "id1", "a partner that changes its secret sends two signatures"
    for wrong in (
        {**headers, "webhook-id": "id2"},
        {**headers, "webhook-signature": ""},
        {name: value for name, value in headers.items() if name != "webhook-timestamp"},
    ):
        with pytest.raises(BadSignature):
            verify(SECRET, wrong, body, now)
    with pytest.raises(BadSignature):
        verify(SECRET, headers, body + b" ", now)
    for stamp in ("²", "-5", "9" * 30, "gisteren"):
        with pytest.raises(BadSignature):
            verify(SECRET, {**headers, "webhook-timestamp": stamp}, body, now)
    for unusable in ("", "whsec_", "whsec_kort", "whsec_!!", "whsec_é"):
        with pytest.raises(BadSignature, match="no usable"):
            verify(unusable, headers, body, now)
    for moment in (now + 400, now - 400):
        with pytest.raises(BadSignature, match="old or too new"):
            verify(SECRET, headers, body, moment)


def test_the_contractor_takes_an_order_once_and_knows_our_signature(contractor):
    double, system = contractor
    wanted = order()
    first = WebhookReferral().hand_over(system, wanted)
    again = WebhookReferral().hand_over(system, wanted)
    assert first.external_id == again.external_id == "WB-501"
    held = double.state()["orders"]
    assert len(held) == 1 and held[0]["callback"] == wanted.reply_url and held[0]["title"] == "Lamp herstellen"
    with pytest.raises(ReferralProblem, match="401") as refused:
        WebhookReferral().hand_over(replace(system, secret=SECRET), order())
    assert not refused.value.retry
    with pytest.raises(ReferralProblem, match="geheim"):
        WebhookReferral().hand_over(replace(system, secret="geen base64!"), order())


@pytest.mark.parametrize(
    ("fault", "retry"),
    [
        ({"mode": "error"}, True),
        ({"mode": "refuse"}, False),
        ({"mode": "timeout", "seconds": 2}, True),
        ({"mode": "special", "special": "answer_lost", "count": 1}, True),
    ],
)
def test_the_webhook_says_whether_later_can_help(contractor, fault, retry):
    double, system = contractor
    double.fault(**fault)
    wanted = order()
    with pytest.raises(ReferralProblem) as refused:
        WebhookReferral(httpx.Client(timeout=0.5)).hand_over(system, wanted)
    assert refused.value.retry is retry
    httpx.delete(f"{double.url}/_double/faults")
    if retry:
        assert WebhookReferral().hand_over(system, wanted).external_id
        assert len(double.state()["orders"]) == 1


def event(**fields) -> bytes:
    values = {
        "specversion": "1.0",
        "id": "e1",
        "type": TASK_STATUS,
        "source": "urn:x",
        "subject": str(KEY),
        "time": datetime.now(UTC).isoformat(),
        "data": {"status": "done", "text": "Klaar"},
    }
    return json.dumps({**values, **fields}).encode()


def test_a_partners_event_is_read_and_what_is_unknown_is_a_note():
    update = read_status(event(), KEY, {})
    assert (update.key, update.told, update.text) == ("e1", Told.DONE, "Klaar")
    half = event(data={"status": "half weg"})
    assert read_status(half, KEY, {}).told == Told.NOTE
    assert read_status(half, KEY, {"statuses": {"Half-Weg": "in_progress"}}).told == Told.IN_PROGRESS


def test_a_clock_that_runs_ahead_counts_as_now():
    assert read_status(event(time="2099-01-01T00:00:00Z"), KEY, {}).at <= datetime.now(UTC)


@pytest.mark.parametrize(
    "body",
    [
        b"nonsense",
        b"[]",
        event(type="other"),
        event(data={}),
        event(data="done"),
        event(time="gisteren"),
        event(time="2026-11-23T10:00:00"),
        event(id=""),
        event(id="x" * 200),
        event(id=5),
        event(id="a\0b"),
        event(subject=None),
        event(subject=str(uuid.uuid4())),
        event(time=None),
        event(time="0001-01-01T00:00:00+14:00"),
        event(data={"status": "done", "text": "a\0b"}),
        event(data={"status": "done", "text": "\ud800"}),
        event(data={"status": "done", "text": "x" * 5001}),
        event(data={"status": ["done"]}),
        b"[" * 60000,
        b"\xff",
    ],
    ids=range(21),
)
def test_a_wrong_event_says_what_is_wrong(body):
    with pytest.raises(BadEvent):
        read_status(body, KEY, {})


def test_an_event_to_any_partner_is_signed(contractor):
    double, system = contractor
    with httpx.Client() as client, pytest.raises(ReferralProblem, match="422"):
        send_event(client, system.url, system.secret, event_type="other", event_id="x1", data={})
    assert double.state()["orders"] == []


# E-mail


def test_an_order_by_mail_holds_the_way_to_answer_and_is_not_repeated_blindly():
    with running_postbox() as postbox:
        settings = EmailSettings(host="127.0.0.1", port=postbox.smtp_port, from_address="meldingen@lindekerke.example")
        adapter = EmailReferral(EmailChannel(settings), "Lindekerke")
        with running_operator() as (_, system):
            partner = replace(system, email="werk@partner.example")
            wanted = order(reply_url="http://127.0.0.1:8000/antwoord/abc/")
            adapter.hand_over(partner, wanted)
            mail = postbox.messages(channel="email")[0]
            assert mail["to"] == "werk@partner.example" and "antwoord/abc" in mail["text"]
            with pytest.raises(ReferralProblem, match="misschien al vertrokken"):
                adapter.hand_over(partner, replace(wanted, again=True))
            postbox.fault(mode="special", special="smtp_550", count=1)
            with pytest.raises(ReferralProblem) as refused:
                adapter.hand_over(partner, order())
            assert not refused.value.retry
            postbox.fault(mode="special", special="smtp_451", count=1)
            with pytest.raises(ReferralProblem) as later:
                adapter.hand_over(partner, order())
            assert later.value.retry and not later.value.uncertain
