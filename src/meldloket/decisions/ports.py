"""What decisions ask of the outside world: a minutes package that takes an agenda item, and somebody who checks signatures.
runtime plugs both in here."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID


@dataclass(frozen=True)
class AgendaItem:
    """A proposal as it is handed over; never the reporter's identity. `key`: by which a repeat is known; `content`: the
    proposal in the terms of the exchange (specs/decisions 3)."""

    key: UUID
    version: int
    content: dict[str, Any]


@dataclass(frozen=True)
class Taken:
    """The minutes package took it. `reference`, `uri`: its name there."""

    reference: str
    uri: str = ""


@dataclass(frozen=True)
class MeetingRow:
    """A meeting as a calendar or the minutes package has it. `uid`: its name there."""

    body: str
    held_on: date
    closes_at: datetime
    cancelled: bool = False
    uid: str = ""


class MinutesProblem(Exception):
    """The minutes package did not take it. `reason`: Dutch, for the handler; `retry`: whether later can help."""

    def __init__(self, reason: str, *, retry: bool) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry = retry


class MinutesPackage(Protocol):
    """The way to the minutes package. `name`: of the API client that answers for it; `by_hand`: the secretariat carries
    over what it says, in both directions."""

    name: str
    by_hand: bool

    def hand_over(self, item: AgendaItem) -> Taken:
        """Puts the item among the drafts there, once: the same key and version again changes nothing. Raises
        MinutesProblem."""
        ...

    def withdraw(self, key: UUID, why: str) -> None:
        """Takes the item back. Raises MinutesProblem."""
        ...

    def meetings(self) -> list[MeetingRow]:
        """The meetings that the package knows. Raises MinutesProblem."""
        ...


@dataclass(frozen=True)
class Signer:
    """Who signed: the name in the certificate, the role that our settings give it, and when."""

    name: str
    role: str
    at: datetime | None = None


@dataclass(frozen=True)
class Checked:
    """What is known of the signatures. `problem`: Dutch, empty when everything is right."""

    problem: str = ""
    signers: tuple[Signer, ...] = field(default=())

    @property
    def valid(self) -> bool:
        return not self.problem


class SignatureChecker(Protocol):
    """Checks a signed PDF: intact, chain, time, both roles."""

    def check(self, document: bytes) -> Checked:
        """Never raises for a bad document: what is wrong is in `problem`."""
        ...


@dataclass
class Plugged:
    """The connectors in use; runtime fills this in at start."""

    minutes: MinutesPackage | None = None
    signatures: SignatureChecker | None = None


plugged = Plugged()
