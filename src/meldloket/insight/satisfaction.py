"""How satisfied reporters are, told so that nobody learns what one of them answered: over blocks of whole months with
enough answers, masked and rounded (people.disclosure, docs/adr/0010-masking.md)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from meldloket.people import disclosure
from meldloket.people.disclosure import first_day, month_of

from .columns import Column, Store
from .models import EPOCH
from .scope import Scope


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """Of the evaluations that were over from `since` to `until` (whole months; None: too few answers): how many were
    `asked` and `answered`, the `mean` of 1 to 5, and how many gave each rounded score. None: hidden."""

    since: date | None = None
    until: date | None = None
    mean: float | None = None
    asked: int | None = None
    answered: int | None = None
    scores: tuple[int | None, ...] = (None,) * 5

    @property
    def rate(self) -> int | None:
        """The response in percent, rounded to fives."""
        if not self.asked or self.answered is None:
            return None
        return min(100, round(20 * self.answered / self.asked) * 5)


NOTHING = Satisfaction()


def months_of(days: Column) -> Column:
    """The months of days since EPOCH, as disclosure.month_of counts them."""
    # Of each day once: a million look-ups cost less than a million divisions.
    first = int(days.min(initial=0))
    each = np.datetime64(EPOCH) + np.arange(first, int(days.max(initial=0)) + 1).astype("timedelta64[D]")
    months: Column = each.astype("datetime64[M]").astype("i8") + 1970 * 12  # numpy counts from there
    found: Column = months[days - first]
    return found


def part_of(store: Store, wanted: Column, case_ids: Column) -> Column:
    """Which parts (by the case of each) belong to a wanted case."""
    found: Column = np.append(wanted, np.False_)[store.slots(case_ids)]  # NONE, for a case that is gone: the last one
    return found


def satisfaction(store: Store, here: Column, scope: Scope, today: date) -> Satisfaction:
    """Of the evaluations of the cases in `here` that were over in the period, as far as blocks of whole months go; the
    running month is not over, so that no figure changes with one answer."""
    return Evaluated(store, here).in_all(scope, today)


class Evaluated:
    """The evaluations of the cases in `here`, found once for several periods and groups: `rows` of the part, with the place
    of their case in the columns and their month."""

    def __init__(self, store: Store, here: Column) -> None:
        self.store, self.part = store, store.parts["insight_evaluation"]
        ids = self.part["case_id"]
        places = np.minimum(store.slots(ids), max(0, len(here) - 1))
        known = here[places] & (store["case_id"][places] == ids) if len(ids) else np.zeros(0, "?")
        self.rows = np.flatnonzero(known)
        self.slots = places[self.rows]
        self.months = months_of(self.part["day"][self.rows])

    def in_all(self, scope: Scope, today: date) -> Satisfaction:
        """All of them together."""
        return self._of(self.rows, self.months, scope, today)

    def per(self, column: str, scope: Scope, today: date) -> dict[int, Satisfaction]:
        """For each value of a column (category, area, department), with blocks of its own."""
        values = self.store[column][self.slots]
        small = values.max(initial=0) < 2**15  # then numpy sorts without comparing
        order = np.argsort(values.astype("i2") if small else values, kind="stable")
        groups, first = np.unique(values[order], return_index=True)
        rows, months = np.split(self.rows[order], first[1:]), np.split(self.months[order], first[1:])
        return {int(group): self._of(rows[at], months[at], scope, today) for at, group in enumerate(groups)}

    def _of(self, rows: Column, months: Column, scope: Scope, today: date) -> Satisfaction:
        if not len(rows):
            return NOTHING
        start, running = int(months.min()), month_of(today)
        counts = np.bincount(months - start, weights=self.part["answered"][rows], minlength=max(1, running - start))
        cut = disclosure.blocks([int(count) for count in counts[: max(0, running - start)]])
        began = month_of(scope.since) + (scope.since.day > 1)
        ended = month_of(scope.until + timedelta(days=1)) - 1
        span = disclosure.within(cut, began - start, ended - start)
        if span is None:
            return NOTHING
        first, last = span[0] + start, span[1] + start
        return _told(self.part, rows[(months >= first) & (months <= last)], first, last)


def _told(part: dict[str, Column], rows: Column, first: int, last: int) -> Satisfaction:
    """What is said of these evaluations."""
    keys, answered = int(part["key"][rows].sum()), int(part["answered"][rows].sum())
    counts = _scores(part["score_sum"][rows], part["score_count"][rows])
    asked = disclosure.masked(len(rows), keys, "asked")
    return Satisfaction(
        first_day(first),
        first_day(last + 1) - timedelta(days=1),
        mean=disclosure.mean(counts, keys, "score"),
        asked=asked,
        answered=disclosure.masked(answered, keys, "answered") if asked is not None else None,
        scores=tuple(disclosure.masked(count, keys, f"score:{score}") for score, count in counts),
    )


def _scores(total: Column, count: Column) -> list[tuple[int, int]]:
    """How many gave each score, the mean of their scales rounded: (score, count)."""
    total, count = total[count > 0], count[count > 0]
    rounded = np.clip((2 * total + count) // (2 * count), 0, 5)
    return [(score, int(number)) for score, number in enumerate(np.bincount(rounded, minlength=6)[1:6], start=1)]
