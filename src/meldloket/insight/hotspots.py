"""Places with reports again and again: squares of some 75 metres, those with reports in the most separate weeks first. A
square is exactly the box that its link names, so the list behind is as long as the number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from meldloket.cases.models import Case

from .columns import Column, Store
from .models import NO_PLACE
from .scope import Box, Scope, day_of

#: A cell in millionths of a degree, some 25 by 25 metres in Flanders; a spot is a cell with the eight around it.
HIGH, WIDE = 225, 357
_ROW = 1 << 24  # more than there are columns of cells
_AROUND = tuple(up * _ROW + along for up in (-1, 0, 1) for along in (-1, 0, 1))
#: What counts as again and again.
LEAST_REPORTS, LEAST_WEEKS = 5, 3
MOST = 20
_NAMED = 40  # of so many cases of a spot the street is looked up


@dataclass(frozen=True, slots=True)
class Spot:
    """One place: its box, how many reports came in, in how many separate weeks, from when to when, per category (most
    first) and in which area (id, NONE: outside them). `cases`: some of their ids."""

    box: Box
    count: int
    weeks: int
    first: date
    last: date
    categories: list[tuple[int, int]]
    area: int
    cases: list[int]

    @property
    def within(self) -> str:
        """The box as an address has it: south,west,north,east."""
        return ",".join(f"{side:.6f}" for side in (self.box.south, self.box.west, self.box.north, self.box.east))


def cells(store: Store, rows: Column) -> Column:
    """The cell of each of these cases, all of which have a place."""
    latitude, longitude = store["latitude"][rows].astype("i8"), store["longitude"][rows].astype("i8")
    found: Column = (latitude // HIGH) * _ROW + longitude // WIDE
    return found


def week_of(days: Column) -> Column:
    """The number of the week, from Monday, of days as the facts have them (day 0 is a Saturday)."""
    found: Column = (days.astype("i8") - 2) // 7
    return found


def spots(
    store: Store, scope: Scope, *, most: int = MOST, reports: int = LEAST_REPORTS, weeks: int = LEAST_WEEKS
) -> list[Spot]:
    """The places of `scope` with at least so many reports in so many separate weeks, the most persistent first."""
    rows = np.flatnonzero(scope.mask(store) & scope.during(store, "received") & (store["latitude"] != NO_PLACE))
    own = cells(store, rows)
    order = np.argsort(own, kind="stable")
    rows, own = rows[order], own[order]
    known, first, counts = np.unique(own, return_index=True, return_counts=True)
    if not len(known):
        return []
    near = _neighbours(known)
    around = np.where(near >= 0, counts[near], 0).sum(axis=0)
    lasting = _weeks_around(week_of(store["received"][rows]), first, near)
    wanted = np.flatnonzero((around >= reports) & (lasting >= weeks))
    found: list[Spot] = []
    taken: set[int] = set()
    ends = np.append(first, len(rows))
    for at in wanted[np.lexsort((known[wanted], -around[wanted], -lasting[wanted]))].tolist():
        cell = int(known[at])
        if not taken.isdisjoint(cell + step for step in _AROUND):
            continue  # it would count reports of a place that is in the list
        taken.update(cell + step for step in _AROUND)
        inside = [rows[first[one] : ends[one + 1]] for one in near[:, at] if one >= 0]
        found.append(_spot(store, cell, np.sort(np.concatenate(inside)), int(lasting[at])))
        if len(found) == most:
            break
    return found


def _neighbours(known: Column) -> Column:
    """Per step around and per cell the place of that neighbour in `known`, -1 when nothing lies there."""
    found = []
    for step in _AROUND:
        places = np.minimum(np.searchsorted(known, known + step), len(known) - 1)
        found.append(np.where(known[places] == known + step, places, -1))
    return np.stack(found)


def _weeks_around(weeks: Column, first: Column, near: Column) -> Column:
    """In how many separate weeks each cell and those around it have a report: a bit per week, 64 weeks at a time."""
    found = np.zeros(near.shape[1], "i8")
    begin, end = int(weeks.min()), int(weeks.max())
    for start in range(begin, end + 1, 64):
        during = (weeks >= start) & (weeks < start + 64)
        bits = np.where(during, np.uint64(1) << np.clip(weeks - start, 0, 63).astype("u8"), np.uint64(0))
        own = np.append(np.bitwise_or.reduceat(bits, first), np.uint64(0))  # the last: of a neighbour that is not there
        found += np.bitwise_count(np.bitwise_or.reduce(own[near], axis=0))
    return found


def _spot(store: Store, cell: int, rows: Column, weeks: int) -> Spot:
    row, column = divmod(cell, _ROW)
    days = store["received"][rows]
    kinds, counts = np.unique(store["category"][rows], return_counts=True)
    mix = sorted(zip(kinds.tolist(), counts.tolist(), strict=True), key=lambda pair: (-pair[1], pair[0]))
    areas, often = np.unique(store["area"][rows], return_counts=True)
    south, west = (row - 1) * HIGH / 1e6, (column - 1) * WIDE / 1e6
    return Spot(
        Box(south, west, (row + 2) * HIGH / 1e6, (column + 2) * WIDE / 1e6),
        count=len(rows),
        weeks=weeks,
        first=day_of(int(days.min())),
        last=day_of(int(days.max())),
        categories=mix,
        area=int(areas[often.argmax()]),
        cases=store["case_id"][rows][-_NAMED:].tolist(),
    )


def streets(found: list[Spot]) -> list[str]:
    """The street that most cases of each spot name, empty when none does; one query."""
    wanted = {case for spot in found for case in spot.cases}
    known = dict(Case.objects.filter(pk__in=wanted).exclude(street="").values_list("pk", "street")) if wanted else {}
    names = []
    for spot in found:
        said = sorted(known[case] for case in spot.cases if case in known)
        names.append(max(said, key=said.count, default=""))
    return names
