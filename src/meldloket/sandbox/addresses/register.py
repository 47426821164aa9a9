"""Finds addresses as the Flemish services do: by free text while somebody types, by separate fields with a score, and
by a point. It knows nothing of HTTP (specs/identity-and-registers §4.2, §4.3)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property

import numpy as np
import shapely

from meldloket.sandbox.addresses import skeleton
from meldloket.sandbox.addresses.houses import Address
from meldloket.sandbox.addresses.plane import Point
from meldloket.sandbox.addresses.skeleton import Municipality
from meldloket.sandbox.addresses.town import Town

#: Below this likeness (0 to 1) a street is not meant.
LIKE_ENOUGH = 0.72
REVERSE_REACH = 1000.0
_NUMBER = re.compile(r"\d{1,4}[a-z]?")
_POSTCODE = re.compile(r"9\d{3}")


@dataclass(frozen=True)
class StreetEntry:
    """A street of the register: all stretches with one name, postcode and municipality."""

    object_id: int
    name: str
    postcode: str
    municipality: Municipality
    middle: Point
    bounds: tuple[float, float, float, float]

    @property
    def full(self) -> str:
        return f"{self.name}, {self.postcode} {self.municipality.name}"


@dataclass(frozen=True)
class Question:
    """What somebody typed, taken apart; all text folded to lower case without accents."""

    street: str
    number: str
    box: str
    postcode: str
    place: str


@dataclass(frozen=True)
class Match:
    """An answer to a question by fields: an address or only a street, with a score from 0 to 100."""

    street: StreetEntry
    address: Address | None
    score: float


def fold(text: str) -> str:
    """Lower case, without accents, hyphens as spaces, single spaces."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(char for char in plain if not unicodedata.combining(char)).replace("-", " ").replace("'", " ")
    return " ".join(plain.split())


def likeness(asked: str, name: str) -> float:
    """How well a street's name fits what was asked, 0 to 1: the whole, a beginning, a word's beginning, or alike."""
    asked, name = fold(asked), fold(name)
    if not asked:
        return 0.0
    if asked == name:
        return 1.0
    if name.startswith(asked):
        return 0.9 + 0.09 * len(asked) / len(name)
    if any(word.startswith(asked) for word in name.split()):
        return 0.88
    ratio = SequenceMatcher(None, asked, name).ratio()
    begin = SequenceMatcher(None, asked, name[: len(asked)]).ratio() - 0.06
    return min(max(ratio, begin), 0.87)


class Register:
    """The addresses of one town, ready to be searched."""

    def __init__(self, town: Town) -> None:
        self.town = town

    @cached_property
    def municipalities(self) -> list[Municipality]:
        """Those that exist today; the merged one is `skeleton.ZANDHOEK`."""
        return [skeleton.LINDEKERKE, *skeleton.NEIGHBOURS]

    @cached_property
    def streets(self) -> list[StreetEntry]:
        parts: dict[tuple[str, str, Municipality], list] = {}
        for street in self.town.streets:
            if street.zone != "beyond":
                parts.setdefault((street.name, street.postcode, street.municipality), []).extend(street.lines)
        entries = []
        for number, ((name, postcode, municipality), lines) in enumerate(parts.items(), start=1):
            longest = max(lines, key=lambda line: line.length)
            middle = longest.interpolate(0.5, normalized=True)
            bounds = shapely.MultiLineString(lines).bounds
            entries.append(StreetEntry(80_000 + number, name, postcode, municipality, (middle.x, middle.y), bounds))
        return entries

    @cached_property
    def _by_street(self) -> dict[tuple[str, str, str], list[Address]]:
        found: dict[tuple[str, str, str], list[Address]] = {}
        for address in self.town.addresses:
            street = address.street
            found.setdefault((street.name, street.postcode, street.municipality.nis), []).append(address)
        return found

    @cached_property
    def _mains(self) -> list[Address]:
        return [address for address in self.town.addresses if not address.box]

    @cached_property
    def _points(self) -> np.ndarray:
        return np.array([address.at for address in self._mains])

    def of(self, street: StreetEntry) -> list[Address]:
        """The addresses of a street in the order in which they were given, boxes after their house."""
        return self._by_street.get((street.name, street.postcode, street.municipality.nis), [])

    def take_apart(self, text: str) -> Question:
        """`Kerkstraat 12 a bus 3, 9999 Lindekerke`, with any part missing."""
        words = fold(text).replace(",", " , ").split()
        street: list[str] = []
        place: list[str] = []
        number = box = postcode = ""
        beyond = False
        index = 0
        while index < len(words):
            word = words[index]
            following = words[index + 1] if index + 1 < len(words) else ""
            if word == ",":
                beyond = beyond or bool(street)
            elif word in ("bus", "b", "bte", "/") and number and following:
                box, index = following, index + 1
            elif _POSTCODE.fullmatch(word) and not postcode:
                postcode, beyond = word, bool(street)
            elif _NUMBER.fullmatch(word) and street and not number and not beyond:
                number, beyond = word, True
                if re.fullmatch("[a-z]", following) and (following != "b" or index + 2 >= len(words)):
                    number, index = number + following, index + 1
            else:
                (place if beyond else street).append(word)
            index += 1
        names = [fold(one.name) for one in self.municipalities]
        last = street[-1] if len(street) > 1 else ""
        if not place and len(last) >= 4 and any(name.startswith(last) for name in names):
            place = [street.pop()]
        return Question(" ".join(street), number, box, postcode, " ".join(place))

    def find_streets(self, question: Question) -> list[tuple[float, StreetEntry]]:
        """(likeness, street) of the streets that may be meant, best first; our own municipality first among equals."""
        found = []
        for order, street in enumerate(self.streets):
            value = likeness(question.street, street.name)
            if value < LIKE_ENOUGH:
                continue
            if question.postcode and question.postcode != street.postcode:
                value -= 0.15
            if question.place and not _is_place(question.place, street):
                value -= 0.2
            home = 0 if street.municipality is skeleton.LINDEKERKE else 1
            found.append((-round(value, 3), home, order, street))
        return [(-value, street) for value, _, _, street in sorted(found, key=lambda item: item[:3])]

    def find_municipality(self, question: Question) -> Municipality | None:
        """The municipality that is asked for by its name or postcode alone."""
        asked = question.place or question.street
        for one in self.municipalities:
            if (asked and fold(one.name) == asked) or (not asked and question.postcode == one.postcode):
                return one
        if question.street and fold(skeleton.ZANDHOEK.name) == question.street:
            return skeleton.LINDEKERKE
        return None

    def number_in(self, street: StreetEntry, number: str, box: str = "") -> Address | None:
        """The address with exactly this number (and box) in the street."""
        for address in self.of(street):
            if address.number.casefold() == number.casefold() and address.box.casefold() == box.casefold():
                return address
        return None

    def suggest(self, text: str, count: int) -> list[str]:
        """Lines for a list under a search field."""
        question = self.take_apart(text)
        lines: list[str] = []
        here = self.find_municipality(question)
        if here and not question.number and (not question.street or fold(here.name) == question.street):
            lines.append(here.name)
        for _, street in self.find_streets(question):
            lines += _numbers_like(self.of(street), question.number) if question.number else [street.full]
            if question.number and not lines:
                lines.append(street.full)
            if len(lines) >= count * 3:
                break
        return list(dict.fromkeys(lines))[:count]

    def near(self, point: Point, count: int) -> list[tuple[float, Address]]:
        """(metres, address) of the nearest addresses within the reach of a reverse look-up, nearest first."""
        metres = np.hypot(*(self._points - np.array(point)).T)
        order = np.argsort(metres)[:count]
        return [(float(metres[index]), self._mains[index]) for index in order if metres[index] <= REVERSE_REACH]

    def match(self, fields: dict[str, str]) -> tuple[list[Match], list[str]]:
        """At most ten answers to separate fields, best first, and warnings about what does not fit together."""
        warnings: list[str] = []
        known = [*self.municipalities, skeleton.ZANDHOEK]
        place = fold(fields.get("gemeentenaam", "")) or next(
            (fold(one.name) for one in known if one.nis == fields.get("niscode")), ""
        )
        postcode = fields.get("postcode", "")
        if place and not any(_sounds(place, fold(one.name)) for one in known):
            warnings.append("Onbekende 'Gemeentenaam'.")
        if postcode and postcode not in {street.postcode for street in self.streets}:
            warnings.append("Onbekende 'Postcode'.")
        if (
            place
            and postcode
            and not any(street.postcode == postcode and _is_place(place, street) for street in self.streets)
        ):
            warnings.append("Geen overeenkomst tussen 'Postcode' en 'Gemeentenaam'.")
        number, box = fields.get("huisnummer", "").replace(" ", ""), fields.get("busnummer", "").strip()
        question = Question(fold(fields.get("straatnaam", "")), number, box, postcode, place)
        matches = [
            match for value, street in self.find_streets(question) for match in self._matched(value, street, question)
        ]
        if number and matches and not any(match.address for match in matches):
            warnings.append("'Huisnummer' niet gekend in de straat.")
        return sorted(matches, key=lambda match: -match.score)[:10], warnings

    def _matched(self, value: float, street: StreetEntry, question: Question) -> Iterable[Match]:
        score = max(round(value * 100, 2), 0.0)
        if not question.number:
            return [Match(street, None, score)]
        exact = self.number_in(street, question.number, question.box)
        if exact:
            return [Match(street, exact, score)]
        without_box = self.number_in(street, question.number) if question.box else None
        if without_box:
            return [Match(street, without_box, round(score * 0.9, 2))]
        return [Match(street, None, round(score * 0.7, 2))]


def _is_place(place: str, street: StreetEntry) -> bool:
    names = {fold(street.municipality.name)}
    if street.postcode == skeleton.ZANDHOEK.postcode:
        names.add(fold(skeleton.ZANDHOEK.name))
    return any(name.startswith(place) or _sounds(place, name) for name in names)


def _sounds(asked: str, name: str) -> bool:
    return asked == name or SequenceMatcher(None, asked, name).ratio() > 0.85


def _numbers_like(addresses: list[Address], number: str) -> list[str]:
    """The house number itself first, then those that begin so."""
    mains = [address for address in addresses if not address.box]
    exact = [address for address in mains if address.number.casefold() == number]
    begins = [address for address in mains if address.number.casefold().startswith(number) and address not in exact]
    return [address.full(box=False) for address in exact + begins[:4]]
