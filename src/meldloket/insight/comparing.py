"""Two periods side by side, in all and per category or area, fair to each: what chance alone explains is not a difference,
an area is measured against what its own mix of reports leads to expect, and small groups say nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from meldloket.people.disclosure import SMALLEST

from . import chance
from .columns import Column, Store
from .figures import Spread, first_day, handled, open_on, spread
from .hotspots import cells, week_of
from .models import NO_PLACE, NONE
from .satisfaction import NOTHING, Evaluated, Satisfaction
from .scope import Scope


@dataclass(frozen=True, slots=True)
class Side:
    """One group in one period. `kept`: of `promised` cases that were dealt with within the term that was promised; `fair`:
    the percentage that this mix of categories leads to expect (None: no comparison). `places`: separate places of some 25
    metres; `repeated`: percentage of reports at a place that had another one."""

    received: int
    closed: int
    hours: Spread
    promised: int
    kept: int
    fair: float | None
    backlog: int
    places: int
    repeated: int | None
    satisfaction: Satisfaction

    @property
    def on_time(self) -> float | None:
        """Percentage that was dealt with in time; None for too few."""
        return 100 * self.kept / self.promised if self.promised >= SMALLEST else None

    @property
    def median(self) -> int | None:
        """Median hours; None for too few."""
        return self.hours.median if self.hours.count >= SMALLEST else None

    @property
    def p90(self) -> int | None:
        """90th percentile of the hours; None for too few."""
        return self.hours.p90 if self.hours.count >= SMALLEST else None


@dataclass(frozen=True, slots=True)
class Row:
    """A group in both periods; `group`: id of the catalogue, NONE without one. `more`: whether the number of reports (a
    day) differs by more than chance, `better`: whether the share in time does; `fairly`: whether the share in time of now
    differs from what its mix leads to expect."""

    group: int
    now: Side
    before: Side
    more: bool = False
    better: bool = False
    fairly: bool = False

    @property
    def change(self) -> int | None:
        """How much more came in, in percent; None for too few."""
        before = self.before.received
        return round(100 * (self.now.received - before) / before) if before >= SMALLEST else None


def same_last_year(scope: Scope) -> Scope:
    """The same days a year earlier."""
    return replace(scope, since=_year_before(scope.since), until=_year_before(scope.until))


def _year_before(day: date) -> date:
    return day.replace(year=day.year - 1) if (day.month, day.day) != (2, 29) else day.replace(year=day.year - 1, day=28)


def _days_in(scope: Scope, first: date, today: date) -> int:
    """How many days of the period count: since the first report there is, and up to and with today."""
    return max(0, (min(scope.until, today) - max(scope.since, first)).days + 1)


class Compared:
    """A scope and another over the same cases, ready to be looked at by several columns."""

    def __init__(self, store: Store, scope: Scope, other: Scope, today: date) -> None:
        self.store = store
        here, closed = scope.mask(store), handled(store)
        self.evaluated = Evaluated(store, here)
        self.now, self.before = (_Period(store, one, here, closed, self.evaluated, today) for one in (scope, other))
        first = first_day(store) or today
        days, days_before = _days_in(scope, first, today), _days_in(other, first, today)
        #: Whether there is anything to compare with; without it nothing is marked.
        self.possible = days > 0 and days_before > 0
        self.share = days / max(1, days + days_before)

    def in_all(self) -> Row:
        """Everything together."""
        return self._marked(self._rows(""))[0]

    def per(self, column: str, least: int = SMALLEST) -> tuple[list[Row], int]:
        """A row per category, area or department with at least so many reports in one of the periods, most first; and how
        many groups have reports, but fewer."""
        rows = self._rows(column)
        listed = [pair for pair in rows if _most(pair[0]) >= least]
        marked = sorted(self._marked(listed), key=lambda row: (-row.now.received, row.group))
        return marked, sum(0 < _most(row) < least for row, _ in rows)

    def _rows(self, column: str) -> list[tuple[Row, float]]:
        """Every group of a column ("": all cases as one), nothing marked, and in what bursts its reports come."""
        ids = self.store[column].astype("i8") if column else np.full(len(self.store["case_id"]), NONE)
        groups = ids - NONE
        size = int(groups.max(initial=0)) + 1
        now, before = self.now.sides(column, groups, size), self.before.sides(column, groups, size)
        bursts = np.maximum(self.now.bursts(groups, size), self.before.bursts(groups, size))
        return [(Row(at + NONE, now[at], before[at]), float(bursts[at])) for at in range(size)]

    def _marked(self, rows: list[tuple[Row, float]]) -> list[Row]:
        """The rows with their differences marked, taking into account that so many rows were looked at."""
        more = [
            chance.of_two_counts(row.now.received, row.before.received, self.share, bursts)
            if _most(row) >= SMALLEST
            else 1.0
            for row, bursts in rows
        ]
        if not self.possible:
            more = [1.0] * len(rows)
        better = [_share_differs(row) for row, _ in rows]
        fairly = [_fairness_differs(row) for row, _ in rows]
        marks = zip(*(chance.stand_out(chances) for chances in (more, better, fairly)), strict=True)
        return [
            replace(row, more=one, better=two, fairly=three)
            for (row, _), (one, two, three) in zip(rows, marks, strict=True)
        ]


def _most(row: Row) -> int:
    return max(row.now.received, row.before.received)


def _share_differs(row: Row) -> float:
    now, before = row.now, row.before
    if min(now.promised, before.promised) < SMALLEST:
        return 1.0
    return chance.of_two_shares(now.kept, now.promised, before.kept, before.promised).chance


def _fairness_differs(row: Row) -> float:
    """How likely chance alone brings this share in time as far from what its mix of categories leads to expect."""
    now = row.now
    if now.fair is None or now.promised < SMALLEST:
        return 1.0
    expected = round(now.fair * now.promised / 100)
    return chance.of_two_shares(now.kept, now.promised, expected, now.promised).chance


class _Period:
    """The cases of one period, as places in the columns."""

    def __init__(
        self, store: Store, scope: Scope, here: Column, handled: Column, evaluated: Evaluated, today: date
    ) -> None:
        self.store, self.scope, self.evaluated, self.today = store, scope, evaluated, today
        self.received = np.flatnonzero(here & scope.during(store, "received"))
        self.closed = np.flatnonzero(here & handled & scope.during(store, "ended"))
        self.waiting = np.flatnonzero(here & open_on(store, scope.until))
        self.promised = self.closed[store["target"][self.closed] >= 0]
        self.kept = store["ended"][self.promised] <= store["target"][self.promised]
        self.fair = _expected(store["category"][self.promised], self.kept)
        self.placed = self.received[store["latitude"][self.received] != NO_PLACE]
        _, where, often = np.unique(cells(store, self.placed), return_inverse=True, return_counts=True)
        self.where, self.repeated = where, often[where] > 1

    def sides(self, column: str, groups: Column, size: int) -> list[Side]:
        """Everything that is counted, per group (the values of `column`, from 0)."""

        def count(rows: Column, weights: Column | None = None) -> Column:
            return np.bincount(groups[rows], weights=weights, minlength=size)

        received, closed, waiting = count(self.received), count(self.closed), count(self.waiting)
        promised, kept, fair = count(self.promised), count(self.promised, self.kept), count(self.promised, self.fair)
        placed, repeated = count(self.placed), count(self.placed, self.repeated)
        places = self._places(groups, size)
        spreads = self._spreads(groups, size)
        satisfied = self._satisfied(column)
        return [
            Side(
                received=int(received[at]),
                closed=int(closed[at]),
                hours=spreads[at],
                promised=int(promised[at]),
                kept=int(kept[at]),
                fair=100 * float(fair[at]) / int(promised[at]) if promised[at] else None,
                backlog=int(waiting[at]),
                places=int(places[at]),
                repeated=round(100 * float(repeated[at]) / int(placed[at])) if placed[at] >= SMALLEST else None,
                satisfaction=satisfied.get(at + NONE, NOTHING),
            )
            for at in range(size)
        ]

    def _satisfied(self, column: str) -> dict[int, Satisfaction]:
        """By the id of the group."""
        if not column:
            return {NONE: self.evaluated.in_all(self.scope, self.today)}
        return self.evaluated.per(column, self.scope, self.today)

    def _places(self, groups: Column, size: int) -> Column:
        """Separate places per group, crossed off in a table."""
        wide = int(self.where.max(initial=0)) + 1
        seen = np.zeros(size * wide, "?")
        seen[groups[self.placed] * wide + self.where] = True
        counts: Column = seen.reshape(size, wide).sum(axis=1)
        return counts

    def _spreads(self, groups: Column, size: int) -> list[Spread]:
        # Of numbers of 16 bits, numpy sorts without comparing.
        order = np.argsort(groups[self.closed].astype("i2" if size < 2**15 else "i8"), kind="stable")
        own, hours = groups[self.closed][order], self.store["whole_hours"][self.closed][order]
        edges = np.searchsorted(own, np.arange(size + 1))
        return [spread(hours[edges[at] : edges[at + 1]]) for at in range(size)]

    def bursts(self, groups: Column, size: int) -> Column:
        """In what bursts the reports of each group come (chance.bursts of the weeks)."""
        weeks = week_of(self.store["received"][self.received])
        if not len(weeks):
            return np.ones(size)
        weeks -= weeks.min()
        wide = int(weeks.max()) + 1
        packed = groups[self.received] * wide + weeks
        found: Column = chance.bursts(np.bincount(packed, minlength=size * wide).reshape(size, wide))
        return found


def _expected(categories: Column, kept: Column) -> Column:
    """Per case the share in time of all cases of its category."""
    own = categories.astype("i8") + 1
    whole = np.bincount(own)
    shares: Column = (np.bincount(own, weights=kept) / np.maximum(1, whole))[own]
    return shares
