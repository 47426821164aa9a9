"""Writes a person as GeefPersoon does. Much of what the real register has beside it is there too, so that a client that
keeps more than it needs is found out."""

from __future__ import annotations

from lxml import etree

from meldloket.sandbox.magda.envelope import add
from meldloket.sandbox.magda.register import Abroad, Entry, Home
from meldloket.sandbox.persons import Citizen

_SINCE = "2014-05-23"


def content(citizen: Citizen, entry: Entry) -> etree._Element:
    """*Inhoud* with the person in it."""
    inside = etree.Element("Inhoud")
    number = entry.number or citizen.insz or ""
    person = add(inside, "Persoon", Bron="RR", DatumCreatie="2006-11-09", DatumModificatie="2026-02-19")
    add(person, "INSZ", number)
    _name(person, citizen, entry)
    _birth(person, number)
    if entry.deceased:
        add(add(person, "Overlijden", DatumBegin=entry.deceased), "Datum", entry.deceased)
    if entry.home or entry.contact or entry.abroad or entry.secret or entry.moving:
        _addresses(add(person, "Adressen"), entry)
    return inside


def _name(person: etree._Element, citizen: Citizen, entry: Entry) -> None:
    name = add(person, "Naam", DatumBegin=_SINCE)
    surnames = add(name, "Achternamen")
    add(surnames, "Achternaam", citizen.last_name)
    if not entry.first_names:
        return
    first_names = add(name, "Voornamen")
    for one in citizen.first_names:
        element = add(first_names, "Voornaam", one)
        if one == entry.used:
            element.set("GebruikelijkeVoornaam", "1")


def _birth(person: etree._Element, number: str) -> None:
    """A birthday as far as a national number of this kind gives one: the month is never a real one, so it stays open."""
    add(add(person, "Geboorte", DatumBegin=_SINCE), "Datum", f"19{number[:2]}-00-00")


def _addresses(addresses: etree._Element, entry: Entry) -> None:
    if entry.home:
        _home(add(addresses, "Hoofdverblijfplaats", DatumBegin=_SINCE), entry.home)
    if entry.abroad:
        _abroad(add(addresses, "VerblijfplaatsBuitenland", DatumBegin=_SINCE), entry.abroad)
    if entry.moving:
        announced = add(addresses, "AangifteAdreswijziging", DatumBegin=entry.moving)
        add(announced, "Datum", entry.moving)
    if entry.secret:
        hidden = add(addresses, "NietMededeelbaarAdres", DatumBegin=_SINCE)
        add(hidden, "DatumBeslissingCollege", "2024-02-05")
    if entry.contact:
        contact = add(addresses, "ContactAdres", DatumBegin=_SINCE)
        _home(contact, entry.contact)
        kind = add(contact, "Type")
        add(kind, "Code", "1")
        add(kind, "Omschrijving", "Tijdelijk verblijf", Taal="nl")


def _home(element: etree._Element, home: Home) -> None:
    if home.official:
        _named(element, "Straatnaam", home.street)
    add(element, "Huisnummer", home.number)
    if home.box:
        add(element, "Busnummer", home.box)
    if home.official and home.municipality:
        _named(element, "Gemeentenaam", home.municipality)
    country_nis, country_iso, country = home.country
    _named(element, "Land", country)
    for name, value in (
        ("Postcode", home.postcode),
        ("NISCodeLand", country_nis),
        ("ISOCodeLand", country_iso),
        ("NISCodeGemeente", home.nis),
    ):
        if value:
            add(element, name, value)
    if not home.official:
        add(element, "StraatCode", "7078")
        add(add(element, "NietGestandaardiseerdeStraatnaam"), "String", home.street)
        if home.municipality:
            add(add(element, "NietGestandaardiseerdeGemeentenaam"), "String", home.municipality)
    if home.reference:
        add(add(element, "ReferentieAdres"), "Begindatum", _SINCE)


def _named(element: etree._Element, name: str, words: str) -> None:
    child = add(element, name)
    add(child, "String", words)
    add(child, "Taal", "nl")


def _abroad(element: etree._Element, abroad: Abroad) -> None:
    post = add(element, "DiplomatiekePost")
    add(post, "Code", abroad.post[0])
    add(post, "Omschrijving", abroad.post[1])
    _country(post, abroad.country)
    _country(element, abroad.country)
    lines = add(element, "Teksten")
    for line in abroad.lines:
        add(lines, "Tekst", line)


def _country(parent: etree._Element, country: tuple[str, str, str]) -> None:
    element = add(parent, "Land")
    for name, value in zip(("NISCode", "ISOCode", "Naam"), country, strict=True):
        add(element, name, value)
