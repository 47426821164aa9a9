"""Signatures of Standard Webhooks against the specification's example, and everything that must not pass."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from meldloket.actions.ports import Told
from meldloket.connectors.referral import NotAnUpdate, WrongSignature, incoming, parse_update, sign, verify
from meldloket.connectors.referral.status import moment_of, told_of

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OTHER = "whsec_ZWVuLWhlZWwtYW5kZXItZ2VoZWltLWRhbi1kYXQ="
BODY = b'{"test": 2432232314}'
AT = datetime.fromtimestamp(1614265330, UTC)
EXAMPLE = {
    "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
    "webhook-timestamp": "1614265330",
    "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
}
KEY = UUID("5f0c1f0e-8a53-4c76-a3a5-0d3c2c1f9b11")


def test_the_example_of_the_specification_both_ways() -> None:
    assert sign(EXAMPLE["webhook-id"], BODY, SECRET, at=AT) == EXAMPLE
    assert verify(EXAMPLE, BODY, SECRET, now=AT) == BODY


def test_one_of_several_signatures_and_names_in_capitals() -> None:
    several = {**EXAMPLE, "webhook-signature": f"v1,bm90IHRoaXM= v1a,xx {EXAMPLE['webhook-signature']}"}
    assert verify({name.title(): value for name, value in several.items()}, BODY, SECRET, now=AT) == BODY


@pytest.mark.parametrize("seconds", [-301, 301, -100000, 100000])
def test_too_old_and_from_the_future(seconds: int) -> None:
    with pytest.raises(WrongSignature, match="seconds away"):
        verify(EXAMPLE, BODY, SECRET, now=AT + timedelta(seconds=seconds))


def test_five_minutes_may_pass() -> None:
    assert verify(EXAMPLE, BODY, SECRET, now=AT + timedelta(seconds=300)) == BODY


@pytest.mark.parametrize(
    "change",
    [
        {"webhook-id": "msg_other"},
        {"webhook-id": ""},
        {"webhook-timestamp": "1614265331"},
        {"webhook-timestamp": "gisteren"},
        {"webhook-timestamp": "-5"},
        {"webhook-timestamp": "9" * 30},
        {"webhook-timestamp": "²"},
        {"webhook-signature": ""},
        {"webhook-signature": "v1,"},
        {"webhook-signature": "v1,é"},
        {"webhook-signature": EXAMPLE["webhook-signature"].replace("v1,", "v2,")},
    ],
)
def test_what_is_changed_does_not_pass(change: dict[str, str]) -> None:
    with pytest.raises(WrongSignature):
        verify({**EXAMPLE, **change}, BODY, SECRET, now=AT)


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_kort", OTHER, "whsec_!!"])
def test_another_or_an_unusable_secret_does_not_pass(secret: str) -> None:
    with pytest.raises(WrongSignature):
        verify(EXAMPLE, BODY, secret, now=AT)
    with pytest.raises(WrongSignature):
        verify(EXAMPLE, BODY + b" ", SECRET, now=AT)


def event(**changes: Any) -> dict[str, Any]:
    whole = {
        "specversion": "1.0",
        "id": "bericht-1",
        "source": "urn:partner",
        "type": "be.meldloket.task.status",
        "subject": str(KEY),
        "time": "2026-03-02T09:00:00+01:00",
        "data": {"status": "done", "text": "Hersteld"},
    }
    return {name: value for name, value in {**whole, **changes}.items() if value is not None}


def test_a_signed_event_becomes_an_update() -> None:
    body = json.dumps(event()).encode()
    update = incoming(sign("x", body, SECRET), body, SECRET, KEY, {})
    assert (update.key, update.told, update.status, update.text) == ("bericht-1", Told.DONE, "done", "Hersteld")
    assert update.at == datetime(2026, 3, 2, 8, tzinfo=UTC)


def test_words_of_their_own_and_words_that_nobody_knows() -> None:
    settings = {"statuses": {"Wagen Vertrokken": "in_progress", "closed": "refused", "gek": "bestaat niet"}}
    assert told_of("wagen-vertrokken", settings) == Told.IN_PROGRESS
    assert told_of("CLOSED", settings) == Told.REFUSED
    assert told_of("gek", settings) == told_of("", {"statuses": []}) == Told.NOTE
    assert told_of("In progress", {}) == Told.IN_PROGRESS
    body = json.dumps(event(data={"status": "koffiepauze"})).encode()
    assert parse_update(body, KEY, {}).told == Told.NOTE


def test_a_clock_that_runs_ahead_counts_as_now_and_no_zone_is_belgian() -> None:
    now = datetime(2026, 7, 1, 12, tzinfo=UTC)
    assert moment_of("2030-01-01T00:00:00Z", now) == now
    assert moment_of("2026-07-01T12:00:00", now) == datetime(2026, 7, 1, 10, tzinfo=UTC)
    assert moment_of("morgen") is None
    assert moment_of("0001-01-01T00:00:00+14:00") is None
    assert parse_update(json.dumps(event(time=None)).encode(), KEY, {}).at.tzinfo is not None


@pytest.mark.parametrize(
    ("body", "about"),
    [
        (b"", "not JSON"),
        (b"\xff", "not JSON"),
        (b"[" * 50000, "not JSON"),
        (b" " * 100001, "larger"),
        (b"[]", "CloudEvent"),
        *(
            (json.dumps(event(**change)).encode(), about)
            for change, about in (
                ({"specversion": "0.3"}, "CloudEvent"),
                ({"id": None}, "id must be"),
                ({"id": 5}, "id must be"),
                ({"id": "x" * 151}, "id is longer"),
                ({"id": "a\0b"}, "id must be"),
                ({"source": ""}, "source"),
                ({"type": "be.meldloket.other"}, "type must be"),
                ({"subject": None}, "subject"),
                ({"subject": "5f0c1f0e-8a53-4c76-a3a5-0d3c2c1f9b12"}, "subject"),
                ({"time": "gisteren"}, "time"),
                ({"data": None}, "data must be"),
                ({"data": {"text": "zonder stand"}}, "status"),
                ({"data": {"status": "done", "text": "x" * 5001}}, "text is longer"),
                ({"data": {"status": "done", "text": 5}}, "text must be"),
            )
        ),
    ],
)
def test_what_is_no_update_says_why(body: bytes, about: str) -> None:
    with pytest.raises(NotAnUpdate, match=about):
        parse_update(body, KEY, {})
