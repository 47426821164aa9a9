"""CloudEvents 1.0 in structured JSON, signed: what we tell a partner's software, and what it tells us."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from meldloket.actions.ports import Update
from meldloket.connectors.referral.calls import Caller, CallProblem, refused
from meldloket.connectors.referral.signing import sign
from meldloket.connectors.referral.status import moment_of, told_of

CONTENT_TYPE = "application/cloudevents+json"
#: The event with which the other side says how it stands.
STATUS_TYPE = "be.meldloket.task.status"
#: Bytes of an incoming event; words about a task need far less.
LARGEST = 100_000
_call = Caller()


class EventProblem(Exception):
    """The partner did not take the event. `reason`: Dutch, for staff, a sentence that begins with "De ontvanger".
    `retry`: whether later can help."""

    def __init__(self, reason: str, *, retry: bool) -> None:
        super().__init__(reason)
        self.reason, self.retry = reason, retry


class NotAnUpdate(ValueError):
    """A signed body is not the event that we ask for. The message is English, for the calling machine."""


def send_event(
    url: str,
    secret: str,
    event_type: str,
    data: Mapping[str, Any],
    id: str,
    *,
    subject: str = "",
    source: str = "urn:meldloket",
) -> dict[str, Any]:
    """Posts one event, signed. `id`: the same for a repeat, by which the partner knows it. `data`: never a reporter's
    identity. Gives the object that the partner answered with, empty when it is none: any 2xx counts as taken.

    Raises EventProblem; also when there is no usable secret, because an unsigned event could be anybody's."""
    event = {
        "specversion": "1.0",
        "id": id,
        "source": source,
        "type": event_type,
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
        "datacontenttype": "application/json",
        **({"subject": subject} if subject else {}),
        "data": dict(data),
    }
    body = json.dumps(event, ensure_ascii=False).encode()
    try:
        headers = sign(id, body, secret)
    except ValueError as error:
        reason = "De ontvanger heeft hier geen bruikbaar geheim om mee te ondertekenen."
        raise EventProblem(reason, retry=False) from error
    try:
        answer = _call("POST", url, content=body, headers={**headers, "Content-Type": CONTENT_TYPE})
        refused(answer)
    except CallProblem as problem:
        raise EventProblem(f"De ontvanger {problem.reason}", retry=problem.retry) from problem
    try:
        said = json.loads(answer.body)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def parse_update(body: bytes, key: UUID, settings: Mapping[str, Any]) -> Update:
    """The event in a body whose signature was checked, as an update of the referral `key`. An unknown status is a note.

    `subject` must be that key: the signature covers the body, not the address, so that without it an event could be sent
    again to another task. Raises NotAnUpdate."""
    if len(body) > LARGEST:
        raise NotAnUpdate(f"The event is larger than {LARGEST} bytes.")
    try:
        event = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise NotAnUpdate("The body is not JSON.") from error
    if not isinstance(event, dict) or event.get("specversion") != "1.0":
        raise NotAnUpdate('A CloudEvent in structured JSON with "specversion": "1.0" is expected.')
    for name in ("id", "source", "type"):
        _text(event, name, 150, needed=True)
    if event["type"] != STATUS_TYPE:
        raise NotAnUpdate(f"type must be {STATUS_TYPE}.")
    if _text(event, "subject", 100).lower() != str(key):
        raise NotAnUpdate("subject must be the key of the task in the address.")
    data = event.get("data")
    if not isinstance(data, dict):
        raise NotAnUpdate("data must be an object with status and text.")
    status, text = _text(data, "status", 80, needed=True), _text(data, "text", 5000)
    said_at = _text(event, "time", 40)
    at = moment_of(said_at) if said_at else datetime.now(UTC)
    if at is None:
        raise NotAnUpdate("time is not a moment in ISO 8601.")
    return Update(key=event["id"], told=told_of(status, settings), at=at, status=status, text=text)


def _text(holder: Mapping[str, Any], name: str, length: int, *, needed: bool = False) -> str:
    value = holder.get(name)
    if value is None and not needed:
        return ""
    if not isinstance(value, str) or "\0" in value or (needed and not value.strip()):
        raise NotAnUpdate(f"{name} must be a text{' that is not empty' if needed else ''}.")
    if len(value) > length:
        raise NotAnUpdate(f"{name} is longer than {length} characters.")
    return value
