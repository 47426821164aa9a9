"""The figures of a year, for the council: the same counting as the pages, folded and masked so that the report may be read
by everyone. Complaints about the administration do not count, whoever makes the report: they have a report of their own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
from django.db.models import Count, Sum
from django.utils import timezone

from meldloket.evaluation.models import Invitation
from meldloket.people import disclosure
from meldloket.people.disclosure import SMALLEST

from . import figures, hotspots, seasons
from .columns import Store
from .comparing import Compared, Row, same_last_year
from .figures import Bucket, Overview
from .hotspots import Spot
from .models import NONE
from .scope import Scope, day_of, number_of
from .seasons import Season

#: A street is named with at least so many reports, in so many separate weeks.
STREET_REPORTS, STREET_WEEKS = 10, 6
MOST_STREETS = 10


@dataclass(frozen=True, slots=True)
class Street:
    """A street with places that come back: its area (id), reports rounded to fives, on how many places."""

    name: str
    area: int
    about: int
    places: int


@dataclass(frozen=True, slots=True)
class Year:
    """Everything that the report says. `until`: the last day that counts; `over`: whether that is the year's; `total`,
    `categories` and `areas` compare with the same days a year earlier; `waiting_late`: of what is open at the end, past its
    promised day; `channels`: place in the list of channels → reports; `processed`: what was done with evaluations → how
    many, masked."""

    year: int
    until: date
    over: bool
    made_on: date
    total: Row
    overview: Overview
    months: list[Bucket]
    categories: list[Row]
    areas: list[Row]
    channels: list[tuple[int, int]]
    waiting_late: int
    season: Season
    streets: list[Street]
    processed: dict[str, int | None]


def years(store: Store) -> list[int]:
    """The years with reports, newest first."""
    days = store["received"][~store["gone"] & (store["received"] >= 0)]
    return list(range(day_of(int(days.max())).year, day_of(int(days.min())).year - 1, -1)) if len(days) else []


def scope_of(year: int, today: date) -> Scope:
    """The year up to and with today at most."""
    return Scope(date(year, 1, 1), max(date(year, 1, 1), min(date(year, 12, 31), today)))


@dataclass(frozen=True, slots=True)
class Counted:
    """What of a year is counted from the columns; `complete` adds what stands in the tables."""

    scope: Scope
    total: Row
    overview: Overview
    months: list[Bucket]
    categories: list[Row]
    areas: list[Row]
    channels: list[tuple[int, int]]
    waiting_late: int
    season: Season
    spots: list[Spot]


def count(store: Store, year: int, today: date) -> Counted:
    """The figures of `year` from the columns."""
    scope = scope_of(year, today)
    both = Compared(store, scope, same_last_year(scope), today)
    return Counted(
        scope,
        both.in_all(),
        figures.overview(store, scope, min(today, scope.until)),
        figures.trend(store, scope.mask(store), figures.months(scope.since, scope.until)),
        both.per("category", least=1)[0],
        both.per("area", least=1)[0],
        _channels(store, scope),
        _waiting_late(store, scope),
        seasons.season(store, scope, today),
        hotspots.spots(store, scope, most=4 * MOST_STREETS, reports=STREET_REPORTS, weeks=STREET_WEEKS),
    )


def complete(found: Counted, today: date) -> Year:
    """The year, with the streets of its places and what was done with evaluations: two queries."""
    return Year(
        year=found.scope.since.year,
        until=found.scope.until,
        over=found.scope.until == date(found.scope.since.year, 12, 31),
        made_on=today,
        total=found.total,
        overview=found.overview,
        months=found.months,
        categories=found.categories,
        areas=found.areas,
        channels=found.channels,
        waiting_late=found.waiting_late,
        season=found.season,
        streets=_streets(found.spots),
        processed=_processed(found.scope, today),
    )


def _channels(store: Store, scope: Scope) -> list[tuple[int, int]]:
    rows = scope.mask(store) & scope.during(store, "received") & (store["channel"] >= 0)
    counts = np.bincount(store["channel"][rows])
    return [(int(at), int(counts[at])) for at in np.flatnonzero(counts)]


def _waiting_late(store: Store, scope: Scope) -> int:
    waiting, target = scope.mask(store) & figures.open_on(store, scope.until), store["target"]
    return figures.how_many(waiting & (target >= 0) & (target <= number_of(scope.until)))


def _streets(spots: list[Spot]) -> list[Street]:
    """The places by street; places without one are left out."""
    reports: Counter[tuple[str, int]] = Counter()
    places: Counter[tuple[str, int]] = Counter()
    for spot, name in zip(spots, hotspots.streets(spots), strict=True):
        if name:
            reports[name, spot.area] += spot.count
            places[name, spot.area] += 1
    return [
        Street(name, area, 5 * round(count / 5), places[name, area])
        for (name, area), count in reports.most_common(MOST_STREETS)
    ]


def _processed(scope: Scope, today: date) -> dict[str, int | None]:
    """What was done with the evaluations that were filled in during the year, up to this month (adr/0010); None: too few to
    say."""
    zone = timezone.get_default_timezone()
    begin = datetime(scope.since.year, 1, 1, tzinfo=zone)
    end = datetime(scope.since.year + 1, 1, 1, tzinfo=zone)
    rows = Invitation.objects.filter(
        state=Invitation.State.ANSWERED,
        answered_at__gte=begin,
        answered_at__lt=min(end, datetime(today.year, today.month, 1, tzinfo=zone)),
        report__case__is_complaint=False,
    )
    found = list(rows.values("processed").annotate(n=Count("pk"), keys=Sum("key")).order_by("processed"))
    keys = sum(row["keys"] for row in found)
    return {row["processed"]: disclosure.masked(row["n"], keys, f"processed:{row['processed']}") for row in found}


@dataclass(frozen=True, slots=True)
class Folded:
    """Groups of at least SMALLEST, the most first, and the small ones together (0: there are none)."""

    shown: list[tuple[int | str, int]]
    others: int


def folded(counts: Iterable[tuple[int | str, int]]) -> Folded:
    """Hides small groups among each other: they are counted as one, with the next smallest when they are too few even
    together, so that no small number follows from the total."""
    rows = sorted(((key, count) for key, count in counts if count), key=lambda row: (-row[1], str(row[0])))
    shown = [row for row in rows if row[1] >= SMALLEST and row[0] != NONE]
    others = sum(count for _, count in rows) - sum(count for _, count in shown)
    while 0 < others < SMALLEST and shown:
        others += shown.pop()[1]
    return Folded(shown, others)
