"""Signed webhooks: what we tell partners as CloudEvents, and what they tell us back about a task."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from typing import Any

import httpx

from meldloket.actions.ports import HandedOver, Order, ReferralProblem, System, Told, Update

from .signing import sign

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
        answer = client.post(url, content=body, headers={**headers, "Content-Type": "application/cloudevents+json"})
    except ValueError as error:
        raise ReferralProblem("Het geheim voor de ondertekening is niet goed ingesteld.", retry=False) from error
    except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
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
            subject=order.reference,
        )
        try:
            said = answer.json() if answer.content else {}
        except ValueError:
            said = {}
        number = said.get("id", "") if isinstance(said, dict) else ""
        return HandedOver(external_id=str(number)[:120] if isinstance(number, str | int) else "")

    def news(self, system: System, external_id: str, token: str) -> tuple[str, list[Update]]:
        """Nothing: the partner calls."""
        return external_id, []


class BadEvent(Exception):
    """What came in is no CloudEvent that we know. The text is for the partner's developer."""


def read_status(body: bytes) -> Update:
    """A partner's CloudEvent of type TASK_STATUS as an update; `data` holds `status` (received, in_progress, done, refused,
    note) and `text`. An unknown status is kept as a note. Raises BadEvent."""
    try:
        event = json.loads(body)
    except ValueError as error:
        raise BadEvent("the body is not JSON") from error
    if not isinstance(event, dict) or event.get("specversion") != "1.0" or event.get("type") != TASK_STATUS:
        raise BadEvent(f"send a CloudEvent 1.0 of type {TASK_STATUS}")
    data = event.get("data")
    if not isinstance(data, dict) or not isinstance(data.get("status"), str):
        raise BadEvent("data.status is missing")
    try:
        at = datetime.fromisoformat(str(event.get("time", "")))
    except ValueError as error:
        raise BadEvent("time is not an RFC 3339 moment") from error
    if at.tzinfo is None:
        raise BadEvent("time has no time zone")
    key, status = str(event.get("id", "")), data["status"]
    if not key or len(key) > 160:
        raise BadEvent("id is missing or longer than 160 characters")
    told = Told(status) if status in list(Told) else Told.NOTE
    return Update(key=key, told=told, at=at, status=status[:80], text=str(data.get("text") or "")[:4000])
