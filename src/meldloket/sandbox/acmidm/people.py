"""Who can log in and what the provider tells about them: one view on the citizens that all doubles share and on the
staff of this one (specs/identity-and-registers 1.5, 1.6)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from meldloket.sandbox.acmidm.staff import GROUPS, STAFF, Membership, StaffPersona, find_staff
from meldloket.sandbox.persons import CITIZENS, Citizen

MEANS = "urn:be:vlaanderen:authmech:"
#: What a citizen reads on the page for a means of logging in.
MEANS_NAMES = {
    "eid": "eID",
    "itsme": "itsme",
    "csamtotp": "mobiele app",
    "csamsms": "sms-code",
    "csamselfreg": "wachtwoord, zonder rijksregisternummer",
    "eidashigh": "middel van een ander EU-land",
    "eidassubstantial": "middel van een ander EU-land",
}
BUR, LB = "BUR", "LB"


@dataclass(frozen=True)
class Group:
    """A heading of the page with the people under it."""

    title: str
    people: tuple[Citizen | StaffPersona, ...]


def find_person(target_group: str, key: str) -> Citizen | StaffPersona | None:
    """Who may log in for this target group under this key."""
    if target_group == LB:
        return find_staff(key)
    return next((one for one in CITIZENS if one.key == key), None)


def groups(target_group: str, acr_values: Iterable[str] = ()) -> list[Group]:
    """The people for the page; `acr_values` narrows the means offered, as with the real provider."""
    wanted = set(acr_values)

    def fits(person: Citizen | StaffPersona) -> bool:
        return not wanted or acr(person) in wanted

    if target_group == BUR:
        found = [Group("Burgers", tuple(one for one in CITIZENS if fits(one)))]
    else:
        found = [Group(title, tuple(one for one in STAFF if one.group == title and fits(one))) for title in GROUPS]
    return [group for group in found if group.people]


def name(person: Citizen | StaffPersona) -> str:
    return f"{_first_name(person)} {person.last_name}"


def acr(person: Citizen | StaffPersona) -> str:
    """The means with which this person logs in, as a URN (specs/identity-and-registers 1.8)."""
    return person.acr if person.acr.startswith("urn:") else MEANS + person.acr


def means(person: Citizen | StaffPersona) -> str:
    """The same in words."""
    short = acr(person).rpartition(":")[2]
    return MEANS_NAMES.get(short, short)


def subject(person: Citizen | StaffPersona) -> str:
    """Their id within the provider: 40 hexadecimal characters, always the same."""
    return hashlib.sha256(f"{type(person).__name__} {person.key}".encode()).hexdigest()[:40]


def person_claims(person: Citizen | StaffPersona, scopes: Iterable[str], membership: Membership | None) -> dict[str, Any]:
    """The claims that these scopes give. A citizen without a national number has no `rrn` at all; a member of staff
    without a role has no role claim."""
    asked = set(scopes)
    claims: dict[str, Any] = {"sub": subject(person)}
    if "profile" in asked:
        claims |= {"given_name": _first_name(person), "family_name": person.last_name}
    if "rrn" in asked and isinstance(person, Citizen) and person.insz:
        claims["rrn"] = person.insz
    if isinstance(person, StaffPersona) and membership is not None:
        if "vo" in asked:
            claims |= _organisation_claims(person, membership)
        if "meldloket" in asked and membership.roles:
            claims["meldloket_rol_3d"] = list(membership.roles)
    return claims


def _organisation_claims(person: StaffPersona, membership: Membership) -> dict[str, str]:
    return {
        "vo_id": person.vo_id,
        "vo_doelgroepcode": LB,
        "vo_doelgroepnaam": "Lokale besturen",
        "vo_orgcode": membership.code,
        "vo_orgnaam": membership.name,
        "vo_email": person.email,
    }


def _first_name(person: Citizen | StaffPersona) -> str:
    return person.first_name if isinstance(person, StaffPersona) else person.first_names[0]
