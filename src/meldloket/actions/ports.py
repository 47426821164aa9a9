"""What referral asks of the outside world (B4.4): an adapter hands one task over to other software and says what it hears
back. runtime plugs an adapter per kind of system (catalogue.OtherSystem.adapter) in here."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol
from uuid import UUID


class Told(StrEnum):
    """How it stands with a task at the other side, whatever words they use there."""

    RECEIVED = "received"
    IN_PROGRESS = "in_progress"
    DONE = "done"
    REFUSED = "refused"
    NOTE = "note"  # words without a new status


@dataclass(frozen=True)
class System:
    """The other side, complete: an adapter needs nothing of the database. `secret`: API key or signing secret; `settings`:
    what the adapter needs more (catalogue.OtherSystem.settings)."""

    code: str
    name: str
    url: str = ""
    email: str = ""
    secret: str = ""
    settings: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Order:
    """A task as it is handed over; never the reporter's identity. `key`: a repeat is known by it. `reply_url`: where
    the other side answers (our call-back API, or the page behind the link in an e-mail). `photos`: addresses that anyone
    with the link may open, for as long as the referral is open. `again`: an earlier attempt may have arrived."""

    key: UUID
    reference: str
    title: str
    description: str
    place: str = ""
    latitude: float | None = None
    longitude: float | None = None
    due: str = ""  # ISO date
    photos: tuple[str, ...] = ()
    reply_url: str = ""
    again: bool = False


@dataclass(frozen=True)
class HandedOver:
    """The other side took it. `external_id`: its name there; empty when it gives one later (Open311's token).
    `token`: with which the name can be asked."""

    external_id: str = ""
    token: str = ""


@dataclass(frozen=True)
class Update:
    """What the other side says. `key`: by which a repeat is recognised (its own id of the update, else made from status
    and moment). `at`: when it happened there, aware. `status`: its own word."""

    key: str
    told: Told
    at: datetime
    status: str = ""
    text: str = ""


class ReferralProblem(Exception):
    """The other side did not take it or did not answer. `reason`: Dutch, for staff. `retry`: whether later can help.
    `uncertain`: it may have arrived all the same."""

    def __init__(self, reason: str, *, retry: bool, uncertain: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry = retry
        self.uncertain = uncertain


class Adapter(Protocol):
    """A way to hand tasks over. `polls`: whether we must ask for news (else the other side calls us)."""

    polls: bool

    def hand_over(self, system: System, order: Order) -> HandedOver:
        """Gives the order to the other side, once: the same `order.key` again makes no second order there where the other
        side can know it. Raises ReferralProblem."""
        ...

    def news(self, system: System, external_id: str, token: str) -> tuple[str, list[Update]]:
        """The external id (known by now, or still empty) and every update the other side has, oldest first. Raises
        ReferralProblem."""
        ...


#: The adapters in use, by catalogue.OtherSystem.Adapter; runtime fills this in at start.
plugged: dict[str, Adapter] = {}
