"""Cases into groups of which each holds at least five different people: as precise as that allows, made coarser step by
step where it does not (k-anonymity by local recoding). Pure counting over one period; what is left goes to a longer
period, and what is left of a year stays unpublished."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import floor
from statistics import median_low

from meldloket.insight.models import NONE, OpenGroup
from meldloket.people.disclosure import SMALLEST

Place = OpenGroup.Place

#: Squares of some 250 metres at the latitude of Flanders, in degrees. Fixed for ever: two grids that lie differently would
#: point out a place where they overlap.
LATITUDE_STEP, LONGITUDE_STEP = 0.00225, 0.0036
PER_KILOMETRE = 4

#: So many reports of which nobody knows the reporter count as one person: a busy reporter sends that many in one period,
#: and each could be one more of somebody who is counted already.
UNKNOWN_AS_ONE = 10


@dataclass(frozen=True, slots=True)
class Record:
    """A case as far as the public may ever know it, and who is behind it. `end`: of figures.ENDS; `days`: how long it took,
    None while it is open or when it was not handled; `people`: whoever is known by login or number; `unknown`: reports
    without such a reporter."""

    case_id: int
    latitude: float | None
    longitude: float | None
    area: str
    main_category: str
    category: str
    end: str
    days: int | None
    people: frozenset[int]
    unknown: int


@dataclass(frozen=True, slots=True)
class Level:
    """How precisely something is said. `category`: "category", "main" or "" for none; `end`: "exact", "ended" (or still
    open) or ""."""

    place: str
    category: str
    end: str


@dataclass(frozen=True, slots=True)
class Key:
    """All that is said of a group: the quasi-identifiers together, since together they are published."""

    place: str
    x: int
    y: int
    area: str
    main_category: str
    category: str
    end: str


def _ladder(*steps: tuple[str, str, str]) -> tuple[Level, ...]:
    return tuple(Level(*step) for step in steps)


#: From precise to coarse, per length of the period in months. Time is made coarser last, since a council asks "when" first.
LADDERS: dict[int, tuple[Level, ...]] = {
    1: _ladder(
        (Place.SQUARE, "category", "exact"),
        (Place.SQUARE, "category", "ended"),
        (Place.KILOMETRE, "category", "exact"),
        (Place.KILOMETRE, "category", "ended"),
        (Place.AREA, "category", "exact"),
        (Place.AREA, "category", "ended"),
    ),
    3: _ladder(
        (Place.SQUARE, "category", "ended"),
        (Place.KILOMETRE, "category", "exact"),
        (Place.KILOMETRE, "category", "ended"),
        (Place.AREA, "category", "exact"),
        (Place.AREA, "category", "ended"),
        (Place.AREA, "main", "ended"),
        (Place.MUNICIPALITY, "category", "exact"),
    ),
    12: _ladder(
        (Place.KILOMETRE, "category", "ended"),
        (Place.AREA, "category", "exact"),
        (Place.AREA, "category", "ended"),
        (Place.AREA, "main", "ended"),
        (Place.MUNICIPALITY, "category", "exact"),
        (Place.MUNICIPALITY, "category", "ended"),
        (Place.MUNICIPALITY, "main", "ended"),
        (Place.MUNICIPALITY, "main", ""),
        (Place.MUNICIPALITY, "", ""),
    ),
}


def square(latitude: float, longitude: float, place: str = Place.SQUARE) -> tuple[int, int]:
    """Which square of the grid a WGS84 point (degrees) lies in: (x, y), counted from the equator and Greenwich."""
    x, y = floor(longitude / LONGITUDE_STEP), floor(latitude / LATITUDE_STEP)
    return (x, y) if place == Place.SQUARE else (x // PER_KILOMETRE, y // PER_KILOMETRE)


def corners(x: int, y: int, place: str) -> tuple[float, float, float, float]:
    """South, west, north and east of a square, in degrees."""
    size = 1 if place == Place.SQUARE else PER_KILOMETRE
    west, south = x * size * LONGITUDE_STEP, y * size * LATITUDE_STEP
    return south, west, south + size * LATITUDE_STEP, west + size * LONGITUDE_STEP


def key_of(record: Record, level: Level) -> Key | None:
    """What is said of a case at this level; None when it can't be said (no coordinates, no area)."""
    x = y = NONE
    area = ""
    if level.place in (Place.SQUARE, Place.KILOMETRE):
        if record.latitude is None or record.longitude is None:
            return None
        x, y = square(record.latitude, record.longitude, level.place)
    if level.place != Place.MUNICIPALITY:
        # Squares lie across borders of areas: the two together are a smaller place, and are counted as such.
        area = record.area
        if level.place == Place.AREA and not area:
            return None
    end = {"exact": record.end, "ended": "open" if record.end == "open" else "ended", "": ""}[level.end]
    return Key(
        level.place,
        x,
        y,
        area,
        record.main_category if level.category else "",
        record.category if level.category == "category" else "",
        end,
    )


def people_in(records: Iterable[Record]) -> int:
    """How many different people are surely behind these cases."""
    known: set[int] = set()
    unknown = 0
    for record in records:
        known |= record.people
        unknown += record.unknown
    return len(known) + unknown // UNKNOWN_AS_ONE


def grouped(records: list[Record], ladder: tuple[Level, ...], least: int = SMALLEST) -> Iterator[tuple[Key, list[Record]]]:
    """The groups with at least `least` people, each case in one of them or, when it fits nowhere, in none."""
    left = records
    for level in ladder:
        found: defaultdict[Key, list[Record]] = defaultdict(list)
        rest: list[Record] = []
        for record in left:
            key = key_of(record, level)
            (rest if key is None else found[key]).append(record)
        for key, rows in found.items():
            if people_in(rows) >= least:
                yield key, rows
            else:
                rest += rows
        left = rest


def median_days(records: list[Record], least: int = SMALLEST) -> int | None:
    """Within how many days half of them was handled; None when fewer than `least` people are behind those that were."""
    handled = [record for record in records if record.days is not None]
    if people_in(handled) < least:
        return None
    return median_low([record.days for record in handled if record.days is not None])
