"""Events to the systems of advice partners: the same signed webhook as for tasks, as the messages room asks for it."""

from __future__ import annotations

import httpx

from meldloket.actions.ports import ReferralProblem
from meldloket.messages.ports import DeliveryProblem, Event

from .webhook import send_event


class PartnerEvents:
    """Posts CloudEvents, signed by Standard Webhooks (docs/connectors/referral.md)."""

    def __init__(self, client: httpx.Client | None = None) -> None:
        self._client = client or httpx.Client(timeout=httpx.Timeout(10.0, connect=3.0))

    def send(self, url: str, secret: str, event: Event) -> None:
        """See messages.ports.EventSender."""
        try:
            send_event(
                self._client,
                url,
                secret,
                event_type=event.kind,
                event_id=str(event.key),
                data=event.data,
                subject=event.subject,
            )
        except ReferralProblem as problem:
            raise DeliveryProblem(problem.reason, retry=problem.retry) from problem
