"""The open data as everybody reads it: the groups that were published, and figures that are made of these groups alone.
What follows from published numbers teaches nothing that they do not, so that a figure, a map and a file can't be set
against one another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Min, QuerySet, Sum

from meldloket.catalogue.current import catalogue
from meldloket.catalogue.models import PublicLevel
from meldloket.insight.models import OpenGroup, OpenMonth


@dataclass(frozen=True, slots=True)
class Edition:
    """What there is: from the first to the last day that is in it, and when the last month was put in."""

    since: date
    until: date
    made_at: datetime


def edition() -> Edition | None:
    """The edition of now; None before the first month."""
    newest = OpenMonth.objects.order_by("-month").first()
    span = groups().aggregate(since=Min("since"))
    if newest is None or span["since"] is None:
        return None
    until = date(newest.month.year + newest.month.month // 12, newest.month.month % 12 + 1, 1)
    return Edition(span["since"], date.fromordinal(until.toordinal() - 1), newest.made_at)


def groups(year: int | None = None, category: str = "") -> QuerySet[OpenGroup]:
    """The published groups, in an order that comes from what they say and not from when they came in. A group in which a
    category is that is no longer public is left out whole: taking that category's cases out of it would count them."""
    hidden = [row.code for row in catalogue().categories if row.public_level == PublicLevel.NOTHING]
    found = OpenGroup.objects.exclude(inside__overlap=hidden)
    if year is not None:
        found = found.filter(since__year=year)
    if category:
        found = found.filter(category=category)
    return found.order_by("since", "until", "main_category", "category", "place", "area", "y", "x", "end")


def years() -> list[int]:
    """The years that have groups, newest first."""
    return [row.year for row in groups().order_by().dates("since", "year", order="DESC")]


@dataclass(slots=True)
class Tally:
    """Figures of some groups: cases in all, cases known to be ended, and the medians of the groups with their weights."""

    count: int = 0
    ended: int = 0
    medians: list[tuple[int, int]] = field(default_factory=list)

    def add(self, end: str, median: int | None, count: int) -> None:
        self.count += count
        if end not in ("", "open"):
            self.ended += count
        if median is not None:
            self.medians.append((median, count))

    @property
    def days(self) -> int | None:
        """About within how many days half of them was handled: the median of the groups' medians, by weight."""
        half = sum(weight for _, weight in self.medians) / 2
        below = 0
        for days, weight in sorted(self.medians):
            below += weight
            if below >= half:
                return days
        return None


@dataclass(frozen=True, slots=True)
class Figures:
    """The public page: everything together, by (main category, category), by area, and by period (first and last day).
    Empty texts: not told apart."""

    total: Tally
    categories: dict[tuple[str, str], Tally]
    areas: dict[str, Tally]
    periods: list[tuple[date, date, int]]


def figures(year: int | None = None, category: str = "") -> Figures:
    """The figures of a year (None: all) and category (code; empty: all)."""
    chosen = groups(year, category).order_by()
    total, categories, areas = Tally(), defaultdict[tuple[str, str], Tally](Tally), defaultdict[str, Tally](Tally)
    rows = chosen.values_list("main_category", "category", "area", "end", "median_days").annotate(Sum("count"))
    for main, code, area, end, median, count in rows:
        for tally in (total, categories[main, code], areas[area]):
            tally.add(end, median, count)
    periods = chosen.values_list("since", "until").annotate(Sum("count")).order_by("since", "-until")
    return Figures(total, dict(categories), dict(areas), list(periods))


@dataclass(frozen=True, slots=True)
class Spot:
    """How many cases of some groups lie in one square of the map."""

    place: str
    x: int
    y: int
    count: int


def spots(year: int | None = None, category: str = "") -> list[Spot]:
    """The squares of the map with what is known to lie in each."""
    found = _on_the_map(year, category)
    rows: Iterable[tuple[str, int, int, int]] = found.values_list("place", "x", "y").annotate(Sum("count"))
    return sorted((Spot(*row) for row in rows), key=lambda spot: (spot.place, spot.y, spot.x))


def has_spots(year: int | None = None, category: str = "") -> bool:
    """Whether the map has anything to show."""
    return _on_the_map(year, category).exists()


def _on_the_map(year: int | None, category: str) -> QuerySet[OpenGroup]:
    places = (OpenGroup.Place.SQUARE, OpenGroup.Place.KILOMETRE)
    return groups(year, category).filter(place__in=places).order_by()
