"""Which of the register's many addresses a form may show, and how it is read (specs/identity-and-registers 2.4)."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from lxml import etree

from meldloket.intake.ports import RegisteredAddress, WhyNot

_BELGIUM = {"BEL", "BELGIE", "BELGIË", "BELGIQUE", "BELGIEN", "BELGIUM"}
#: Names of neighbours as the register writes them where it leaves out the code.
_COUNTRIES = {
    "NEDERLAND": "NLD",
    "FRANKRIJK": "FRA",
    "DUITSLAND": "DEU",
    "LUXEMBURG": "LUX",
    "GROOTHERTOGDOM LUXEMBURG": "LUX",
    "VERENIGD KONINKRIJK": "GBR",
}
#: Announced or half-processed changes: a hint that the main address may be old, never something to fill in.
_ANNOUNCED = ("AangifteAdreswijziging", "AangifteAdresBuitenland", "OpgegevenAdres")
#: The register's remark after an old street name: `Koning Albert II-laan(V. 14.12.1999 E.Jacqmainlaan)`.
_REMARK = re.compile(r"\s*\((?:[^()]*\d{4}[^()]*|V\.[^()]*|E\.[^()]*|EX[^()]*)\)\s*$", re.IGNORECASE)
#: No street at all, but a clerk's note in the street's place.
_NO_STREET = re.compile(
    r"^(inschrijving|ingeschreven|afgevoerd|afvoering|ambtshalve|zonder (vaste|gekende)|onbekend)\b", re.I
)


@dataclass(frozen=True)
class Found:
    """What may be filled in, why there is none or not all of it, and the codes of notes beside it."""

    address: RegisteredAddress | None
    why_not: WhyNot | None = None
    hints: tuple[str, ...] = ()


def read_address(element: etree._Element | None) -> Found:
    """`element`: *Adressen* of a person, None when the register has none. The main address goes first, then a contact
    address, then an address abroad; a non-disclosable address hides all of them."""
    if element is None:
        return Found(None, WhyNot.NO_ADDRESS)
    if element.find("NietMededeelbaarAdres") is not None:
        return Found(None, WhyNot.ADDRESS_SECRET)
    hints = _announced(element)
    for name, source in (("Hoofdverblijfplaats", "main"), ("ContactAdres", "contact")):
        found = element.find(name)
        if found is not None:
            address = _belgian(found, source)
            notes = [*hints, *(["not_standardised"] if not address.standardised else [])]
            notes += ["reference_address"] if address.reference_address else []
            notes += ["contact_address"] if source == "contact" else []
            return Found(address, None if address.country == "BEL" else WhyNot.ADDRESS_ABROAD, tuple(notes))
    abroad = element.find("VerblijfplaatsBuitenland")
    if abroad is not None:
        return Found(_abroad(abroad), WhyNot.ADDRESS_ABROAD, hints)
    return Found(None, WhyNot.NO_ADDRESS, hints)


def _announced(element: etree._Element) -> tuple[str, ...]:
    open_ones = (one for name in _ANNOUNCED for one in element.findall(name) if not one.get("DatumEinde"))
    return ("move_announced",) if next(open_ones, None) is not None else ()


def _belgian(element: etree._Element, source: str) -> RegisteredAddress:
    street, standardised = _text(element, "Straatnaam/String"), True
    if not street:
        street, standardised = _text(element, "NietGestandaardiseerdeStraatnaam/String"), False
        street = "" if _NO_STREET.match(street) else _REMARK.sub("", street)
    postcode, nis, country = _text(element, "Postcode"), _text(element, "NISCodeGemeente"), _country(element)
    municipality = _text(element, "Gemeentenaam/String") or _text(element, "NietGestandaardiseerdeGemeentenaam/String")
    return RegisteredAddress(
        street=street,
        number=_text(element, "Huisnummer"),
        box=_text(element, "Busnummer"),
        postcode=postcode,
        municipality=municipality or (_municipality(nis, postcode) if country == "BEL" else ""),
        country=country,
        nis=nis,
        source=source,
        reference_address=element.find("ReferentieAdres") is not None,
        standardised=standardised,
    )


def _abroad(element: etree._Element) -> RegisteredAddress:
    lines = tuple(text for one in element.findall("Teksten/Tekst") if (text := (one.text or "").strip()))
    return RegisteredAddress(
        country=_text(element, "Land/ISOCode").upper(), source="abroad", lines=lines, standardised=False
    )


def _country(element: etree._Element) -> str:
    """ISO 3166 alpha-3; empty for a country that the register names without a code and that we don't know."""
    code = _text(element, "ISOCodeLand").upper()
    if code:
        return code
    name = _text(element, "Land/String").upper()
    return "BEL" if not name or name in _BELGIUM else _COUNTRIES.get(name, "")


def _municipality(nis: str, postcode: str) -> str:
    """Name of the municipality by its NIS code, else by the postcode; empty when we know neither."""
    names = _municipalities()
    return names.get(nis, "") or names.get(postcode, "")


@cache
def _municipalities() -> dict[str, str]:
    """NIS code (5 digits) or postcode (4 digits) to a name, for addresses that have no name of their own."""
    with (Path(__file__).parent / "municipalities.csv").open(encoding="utf-8", newline="") as source:
        return {row["code"]: row["municipality"] for row in csv.DictReader(source)}


def _text(parent: etree._Element, path: str) -> str:
    return " ".join((parent.findtext(path) or "").split())
