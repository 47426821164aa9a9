"""What the intake asks of the outside world: the register of persons (MAGDA) and the addresses of Flanders."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class WhyNot(StrEnum):
    """Why the form opens without (part of) the register's data; the page has a kind note for each."""

    NOT_FOUND = "not_found"
    DECEASED = "deceased"
    NO_ADDRESS = "no_address"
    ADDRESS_ABROAD = "address_abroad"
    ADDRESS_SECRET = "address_secret"  # noqa: S105  (not a password: the register's non-disclosable address)
    OTHER_NUMBER = "other_number"
    REFUSED = "refused"
    UNAVAILABLE = "unavailable"
    SWITCHED_OFF = "switched_off"


@dataclass(frozen=True)
class RegisteredAddress:
    """An address as the register has it; all text, empty where unknown. `source`: main, contact or abroad.
    `reference_address`: an address for post only (homeless, caravan). `country` is the ISO 3166 alpha-3 code."""

    street: str = ""
    number: str = ""
    box: str = ""
    postcode: str = ""
    municipality: str = ""
    country: str = "BEL"
    nis: str = ""
    source: str = "main"
    reference_address: bool = False
    standardised: bool = True
    lines: tuple[str, ...] = ()  # free lines of an address abroad


@dataclass(frozen=True)
class RegisterAnswer:
    """What a look-up gave. Without `first_name` and `last_name` nothing can be prefilled; `why_not` says why a part is
    missing (it can stand beside a name: a name without an address). `hints`: codes for a note beside the data
    (`move_announced`, `not_standardised`, `data_shortened`). `reference`: our UUID of the call, for the log."""

    first_name: str = ""
    all_first_names: tuple[str, ...] = ()
    last_name: str = ""
    address: RegisteredAddress | None = None
    why_not: WhyNot | None = None
    hints: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()  # the register's own codes, e.g. "30001"
    reference: str = ""
    fetched_at: datetime | None = None

    @property
    def found(self) -> bool:
        return bool(self.last_name)


class PersonRegister(Protocol):
    """Name and address of a person (B1.3). Never raises for a failure of the other side: `why_not` tells."""

    def look_up(self, insz: str, *, actor_insz: str | None = None) -> RegisterAnswer:
        """`insz`: 11 digits. `actor_insz`: national number of the human who asks for another, None for oneself."""
        ...


@dataclass(frozen=True)
class Place:
    """A found place. `kind`: address, street, municipality or point (nothing known nearby). `distance`: metres between
    the asked point and the address, for a reverse look-up; None otherwise. WGS84 degrees."""

    label: str
    latitude: float
    longitude: float
    kind: str = "address"
    street: str = ""
    number: str = ""
    postcode: str = ""
    municipality: str = ""
    distance: float | None = None


class AddressesUnavailable(Exception):
    """The address service did not answer in time or not sensibly; the citizen goes on without it."""


class AddressService(Protocol):
    """Addresses while typing and for a point on the map. Every call raises AddressesUnavailable on failure."""

    def suggest(self, text: str, limit: int = 5) -> list[str]: ...

    def find(self, text: str) -> Place | None: ...

    def nearest(self, latitude: float, longitude: float) -> Place | None: ...


@dataclass
class Plugged:
    """The connectors in use; runtime fills this in at start, tests of the real thing do it the same way."""

    register: PersonRegister | None = None
    addresses: AddressService | None = None
    scan: FileScanner | None = field(default=None)


class FileScanner(Protocol):
    """Looks for malware in an upload."""

    def scan(self, content: bytes) -> str | None:
        """The name of what was found, None when clean. Raises OSError when the scanner does not answer."""
        ...


plugged = Plugged()
