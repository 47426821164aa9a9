"""Which cases a figure is about: the filters of the address, and what of it somebody may see."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from .columns import Column, Store
from .models import EPOCH, NO_PLACE

_FIRST = date.fromisoformat(EPOCH)


def number_of(day: date) -> int:
    """A day as the facts have it."""
    return (day - _FIRST).days


def day_of(number: int) -> date:
    """The day of a number in the facts."""
    return _FIRST + timedelta(days=int(number))


@dataclass(frozen=True, slots=True)
class Box:
    """A part of the map, WGS84 degrees."""

    south: float
    west: float
    north: float
    east: float


@dataclass(frozen=True, slots=True)
class Scope:
    """A period (both days included) and what else narrows the cases; ids of the catalogue, None for all. `complaints`:
    whether complaints about the administration count, for whoever may see them (cases.access). `within`: a box on the
    map."""

    since: date
    until: date
    categories: frozenset[int] | None = None
    area: int | None = None
    department: int | None = None
    channel: int | None = None
    complaints: bool = False
    within: Box | None = None

    def before(self) -> Scope:
        """The same, over the period of the same length that ended the day before."""
        days = (self.until - self.since).days + 1
        return replace(self, since=self.since - timedelta(days=days), until=self.since - timedelta(days=1))

    def mask(self, store: Store) -> Column:
        """Which cases are in this scope, whatever their period."""
        found = ~store["gone"]
        if not self.complaints:
            found &= ~store["complaint"]
        if self.categories is not None:
            column = store["category"]
            if len(self.categories) == 1:
                found &= column == next(iter(self.categories))
            else:
                wanted = np.zeros(max(int(column.max(initial=0)), *self.categories, 0) + 2, "?")
                wanted[list(self.categories)] = True
                found &= wanted[column]  # a case without category (-1) finds the last one: not wanted
        for value, name in ((self.area, "area"), (self.department, "department"), (self.channel, "channel")):
            if value is not None:
                found &= store[name] == value
        if self.within is not None:
            found &= in_box(store, self.within)
        return found

    def during(self, store: Store, column: str) -> Column:
        """Which cases have the day in `column` within the period."""
        days = store[column]
        return (days >= number_of(self.since)) & (days <= number_of(self.until))


def in_box(store: Store, box: Box) -> Column:
    """Which cases lie in this part of the map."""
    latitude, longitude = store["latitude"], store["longitude"]
    found = (latitude >= round(box.south * 1e6)) & (latitude < round(box.north * 1e6))
    found &= (longitude >= round(box.west * 1e6)) & (longitude < round(box.east * 1e6))
    found &= latitude != NO_PLACE
    return found
