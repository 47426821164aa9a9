"""Signed webhooks: what we tell partners as CloudEvents, and what they tell us back about a task."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx

from meldloket.actions.ports import HandedOver, Order, ReferralProblem, System, Update

from .signing import sign
from .status import moment_of, told_of

TASK_REFERRED = "be.meldloket.task.referred"
TASK_STATUS = "be.meldloket.task.status"
SOURCE = "urn:meldloket"


def send_event(
    client: httpx.Client, url: str, secret: str, *, event_type: str, event_id: str, data: dict[str, Any], subject: str = ""
) -> httpx.Response:
    """Posts one CloudEvent (1.0, structured JSON), signed. The same `event_id` again is the same message to the receiver.
    Raises ReferralProblem: `retry` for what passes by itself."""
    event = {
        "specversion": "1.0",
        "id": event_id,
        "type": event_type,
        "source": SOURCE,
        "time": datetime.now(UTC).isoformat(),
        "datacontenttype": "application/json",
        **({"subject": subject} if subject else {}),
        "data": data,
    }
    body = json.dumps(event, ensure_ascii=False).encode()
    try:
        headers = sign(secret, event_id, int(time.time()), body)
    except ValueError as error:
        raise ReferralProblem("Het geheim voor de ondertekening is niet goed ingesteld.", retry=False) from error
    try:
        answer = client.post(url, content=body, headers={**headers, "Content-Type": "application/cloudevents+json"})
    except (httpx.InvalidURL, httpx.UnsupportedProtocol, UnicodeError) as error:
        raise ReferralProblem("Het adres van de partner klopt niet.", retry=False) from error
    except httpx.HTTPError as error:
        raise ReferralProblem("De partner is niet bereikbaar.", retry=True) from error
    if answer.status_code in (408, 425, 429) or answer.status_code >= 500:
        raise ReferralProblem(f"De partner kan nu niet ({answer.status_code}).", retry=True)
    if answer.status_code >= 300:
        raise ReferralProblem(f"De partner weigert de oproep ({answer.status_code}).", retry=False)
    return answer


class WebhookReferral:
    """Tells a partner of a task; the partner tells us how it goes by calling back, so there is nothing to poll."""

    polls = False

    def __init__(self, client: httpx.Client | None = None) -> None:
        self._client = client or httpx.Client(timeout=httpx.Timeout(10.0, connect=3.0))

    def hand_over(self, system: System, order: Order) -> HandedOver:
        """See actions.ports. The event's id is the order's key, so a repeat makes no second order."""
        data = {
            "key": str(order.key),
            "reference": order.reference,
            "title": order.title,
            "description": order.description,
            "place": order.place,
            "latitude": order.latitude,
            "longitude": order.longitude,
            "due": order.due,
            "photos": list(order.photos),
            "callback": order.reply_url,
        }
        answer = send_event(
            self._client,
            system.url,
            system.secret,
            event_type=TASK_REFERRED,
            event_id=str(order.key),
            data=data,
            subject=str(order.key),
        )
        try:
            said = answer.json() if answer.content else {}
        except ValueError:
            said = {}
        number = said.get("id", "") if isinstance(said, dict) else ""
        return HandedOver(external_id=str(number)[:120] if isinstance(number, str | int) else "")

    def check(self, system: System) -> str | None:
        """Whether we could sign and where to; no event is sent to try. None, or Dutch what is wrong."""
        if not system.url.startswith(("http://", "https://")):
            return f"{system.name}: het adres ontbreekt."
        try:
            sign(system.secret, "check", 0, b"")
        except ValueError:
            return f"{system.name}: er is geen bruikbaar geheim om mee te ondertekenen (whsec_…)."
        return None

    def news(self, system: System, external_id: str, token: str) -> tuple[str, list[Update]]:
        """Nothing: the partner calls."""
        return external_id, []


class BadEvent(Exception):
    """What came in is no CloudEvent that we know. The text is for the partner's developer."""


def read_status(body: bytes, key: UUID, settings: Mapping[str, Any]) -> Update:
    """A partner's CloudEvent of type TASK_STATUS about the task `key` as an update; `data` holds `status` (received,
    in_progress, done, refused, note, or a word of their own in `settings["statuses"]`) and `text`. An unknown status is
    kept as a note. `subject` must be the key: the signature covers the body, not the address, so that without it an event
    could be sent again to another task of the same partner. Raises BadEvent."""
    try:
        event = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BadEvent("the body is not JSON") from error
    if not isinstance(event, dict) or event.get("specversion") != "1.0" or event.get("type") != TASK_STATUS:
        raise BadEvent(f"send a CloudEvent 1.0 of type {TASK_STATUS}")
    if _text(event, "subject", 100).lower() != str(key):
        raise BadEvent("subject must be the key of the task in the address")
    data = event.get("data")
    if not isinstance(data, dict):
        raise BadEvent("data must be an object with status and text")
    at = moment_of(_text(event, "time", 40, needed=True), zone_needed=True)
    if at is None:
        raise BadEvent("time is not an RFC 3339 moment with a time zone")
    status, text = _text(data, "status", 80, needed=True), _text(data, "text", 5000)
    said = told_of(status, settings)
    return Update(key=_text(event, "id", 160, needed=True), told=said, at=at, status=status, text=text)


def _text(holder: Mapping[str, Any], name: str, length: int, *, needed: bool = False) -> str:
    value = holder.get(name)
    if value is None and not needed:
        return ""
    if not isinstance(value, str) or "\0" in value or (needed and not value.strip()):
        raise BadEvent(f"{name} is missing or not a text")
    if len(value) > length:
        raise BadEvent(f"{name} is longer than {length} characters")
    try:
        value.encode()
    except UnicodeEncodeError as error:  # half a surrogate pair, which no database takes
        raise BadEvent(f"{name} is not a text") from error
    return value
