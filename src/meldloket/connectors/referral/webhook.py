"""Hands a task over as a signed CloudEvent, and reads the answers that the other side posts to our call-back API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from meldloket.actions.ports import HandedOver, Order, ReferralProblem, System, Update
from meldloket.connectors.referral.events import EventProblem, parse_update, send_event
from meldloket.connectors.referral.signing import sign, verify

REFERRED_TYPE = "be.meldloket.task.referred"


class WebhookReferral:
    """Partners with software of their own that can receive and send. They call us: there is nothing to ask."""

    polls = False

    def hand_over(self, system: System, order: Order) -> HandedOver:
        """Posts the order. webhook-id and the event's id are `order.key`: the receiver knows a repeat by it. `id` in the
        answer, when there is one, is its name for the order. Raises ReferralProblem."""
        try:
            said = send_event(
                system.url, system.secret, REFERRED_TYPE, _data(order), str(order.key), subject=str(order.key)
            )
        except EventProblem as problem:
            reason = problem.reason.replace("De ontvanger", system.name, 1)
            raise ReferralProblem(reason, retry=problem.retry) from problem
        name = said.get("id", "")
        return HandedOver(external_id=str(name)[:120] if isinstance(name, str | int) else "")

    def check(self, system: System) -> str | None:
        """Whether we could sign and where to; no event is sent to try. None, or Dutch what is wrong."""
        if not system.url.startswith(("http://", "https://")):
            return f"{system.name}: het adres ontbreekt."
        try:
            sign("check", b"", system.secret)
        except ValueError:
            return f"{system.name}: er is geen bruikbaar geheim om mee te ondertekenen (whsec_…)."
        return None

    def news(self, system: System, external_id: str, token: str) -> tuple[str, list[Update]]:
        """Nothing: what they say comes in by our call-back API."""
        return external_id, []


def incoming(headers: Mapping[str, str], body: bytes, secret: str, key: UUID, settings: Mapping[str, Any]) -> Update:
    """What a call to the call-back API says of the referral `key`. `secret`, `settings`: of the system to which that
    referral went, so that one partner can't speak for another.

    Raises WrongSignature or NotAnUpdate (both ValueError, English)."""
    return parse_update(verify(headers, body, secret), key, settings)


def _data(order: Order) -> dict[str, Any]:
    return {
        "key": str(order.key),
        "reference": order.reference,
        "title": order.title,
        "description": order.description,
        "place": order.place,
        "latitude": order.latitude,
        "longitude": order.longitude,
        "due": order.due or None,
        "photos": list(order.photos),
        "replyUrl": order.reply_url,
    }
