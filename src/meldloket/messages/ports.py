"""What the messages room asks of the outside world: a channel takes one message and says what became of it.

runtime plugs the connectors for DOSIS, Mijn Burgerprofiel, e-mail and SMS in here (design.md, "the house").
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

CHANNELS = ("dosis", "mbp", "email", "sms")


@dataclass(frozen=True)
class Outgoing:
    """One message for one reporter through one channel, complete: a channel needs nothing else from the database.

    `delivery_id` is the key by which a repeat is recognised: UploadId (DOSIS), Id of the bundle (MBP), `reference` of
    the SMS, left part of the Message-ID (e-mail). `recipient` is the national number (11 digits) for dosis and mbp,
    an address for email, an E.164 number for sms. `payload` is the DOSIS body without `Agenten`, or the bundle without
    `Bestemmelingen`; empty for e-mail and SMS. `html` is a whole HTML document (e-mail only)."""

    delivery_id: UUID
    channel: str
    reference: str
    recipient: str
    subject: str = ""
    text: str = ""
    html: str = ""
    language: str = "nl"
    payload: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Receipt:
    """The channel took the message. `provider_reference`: the name at the other side; `detail`: Dutch, for staff."""

    provider_reference: str = ""
    detail: str = ""


class DeliveryProblem(Exception):
    """The channel did not take the message. `reason`: Dutch, for staff, without personal data. `retry`: whether trying
    the same message again later can help. `stop_channel`: nothing will get through until somebody mends the
    configuration. `uncertain`: it may have arrived all the same, so repeating could tell the citizen twice.
    `superseded`: the other side already holds something newer; nothing is wrong."""

    def __init__(
        self,
        reason: str,
        *,
        retry: bool,
        stop_channel: bool = False,
        uncertain: bool = False,
        superseded: bool = False,
        details: list[dict[str, Any]] | None = None,
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry = retry
        self.stop_channel = stop_channel
        self.uncertain = uncertain
        self.superseded = superseded
        self.details = details or []  # per field: {"field": …, "message": …}, shown to staff


class Channel(Protocol):
    """A way out. `safe_to_repeat`: a repeat with the same `delivery_id` tells nobody twice."""

    name: str
    safe_to_repeat: bool

    def deliver(self, message: Outgoing) -> Receipt:
        """Hands the message over. Raises DeliveryProblem; never anything else for a failure of the other side."""
        ...

    def check(self) -> str | None:
        """None when configured and reachable, else one Dutch sentence for `meldloket check`."""
        ...


@dataclass(frozen=True)
class ProcessingResult:
    """What the other side made, afterwards, of something it had taken. `processed_at`: aware; None when not told.
    `success` False: the citizen sees nothing of it. `errors`: the other side's words for staff, without numbers."""

    processed_at: datetime | None
    success: bool
    errors: tuple[str, ...] = ()


class ConfirmingChannel(Channel, Protocol):
    """A channel that processes later what it takes now (DOSIS), and can be asked how that went."""

    def result(self, delivery_id: UUID) -> ProcessingResult | None:
        """None while it is not processed yet. Raises DeliveryProblem when the question itself failed."""
        ...

    def withdraw(self, dossier_number: str) -> None:
        """Takes away a case that should never have been there. Raises DeliveryProblem."""
        ...


@dataclass(frozen=True)
class Event:
    """Something that a partner's system is told. `key`: a repeat is known by it; `kind`: the CloudEvents type; `subject`:
    what it is about; `data`: no personal data, the partner fetches the rest."""

    key: UUID
    kind: str
    subject: str
    data: dict[str, Any]


class EventSender(Protocol):
    """The way to a partner's system."""

    def send(self, url: str, secret: str, event: Event) -> None:
        """Posts the event, signed with `secret`. Raises DeliveryProblem."""
        ...


#: The connectors in use, by channel; runtime fills this in at start.
plugged: dict[str, Channel] = {}
#: The way to partners' systems, under "webhook"; runtime fills this in at start.
senders: dict[str, EventSender] = {}
