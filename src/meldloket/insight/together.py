"""What goes together: which categories, areas, channels and steps have more late, reopened or dissatisfied cases than the
rest. Kept honest: every count is rounded by chance and small groups are hidden (people.disclosure), a difference has its
interval, many comparisons are paid for, and nothing is said of too few cases."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from meldloket.people import disclosure
from meldloket.people.disclosure import month_of

from . import chance
from .columns import Column, Store
from .figures import handled
from .models import NONE
from .satisfaction import Evaluated
from .scope import Scope

LEAST_CASES = 30  # on either side; fewer say nothing
LEAST_PART = 10  # with the fate and without it, on either side; counted after rounding, so that no one tips it
LEAST_POINTS = 5.0  # a smaller difference is of no use, however certain
MOST_SHOWN = 12
LOW = 2  # a score up to here is dissatisfied, of 1 to 5
MONTHS = 24
ROUNDING = disclosure.BASE / 2  # at most; how far rounding by chance moves a count

#: What may go along: codes of the catalogue in a column, and steps by whether a case went through them.
COLUMNS = ("category", "area", "department", "channel")
STEPS = ("advice", "decision", "execution")
#: What it goes along with.
FATES = ("late", "reopened", "dissatisfied")


@dataclass(frozen=True, slots=True)
class Pair:
    """One comparison: of the `cases` with `value` in `factor` (a column, or "step" with a step as value) `part` had the
    fate, of the other cases `other_part` of `others`. All rounded; `gap` is made from the rounded numbers alone."""

    fate: str
    factor: str
    value: int | str
    cases: int
    part: int
    others: int
    other_part: int
    gap: chance.Gap

    @property
    def share(self) -> int:
        """Percentage with the fate."""
        return round(100 * self.part / self.cases)

    @property
    def other_share(self) -> int:
        """Percentage of the others."""
        return round(100 * self.other_part / self.others)


@dataclass(frozen=True, slots=True)
class Together:
    """What stands out, the largest difference first; `looked`: how many comparisons were made."""

    pairs: list[Pair]
    looked: int


@dataclass(frozen=True, slots=True)
class _Fate:
    """Those of whom a fate can be said: the case of each (place in the columns), who had it, and a key of each."""

    name: str
    rows: Column
    had: Column
    keys: Column


def together(store: Store, scope: Scope, today: date, evaluated: Evaluated | None = None) -> Together:
    """Of the cases that were dealt with in the period of `scope`; of the evaluations of the last MONTHS whole months.
    `evaluated`: those of the scope, when they were found before."""
    here = scope.mask(store)
    found: list[Pair] = []
    for fate in (*_of_cases(store, here, scope), _of_evaluations(evaluated or Evaluated(store, here), today)):
        for factor, groups, values in _factors(store, fate.rows):
            found += _pairs(fate, factor, groups, values)
    stands = chance.stand_out([pair.gap.chance for pair in found])
    kept = [pair for pair, stand in zip(found, stands, strict=True) if stand and abs(pair.gap.points) >= LEAST_POINTS]
    kept.sort(key=lambda pair: (-abs(pair.gap.points), pair.fate, pair.factor, str(pair.value)))
    return Together(kept[:MOST_SHOWN], len(found))


def _of_cases(store: Store, here: Column, scope: Scope) -> list[_Fate]:
    rows = np.flatnonzero(here & handled(store) & scope.during(store, "ended"))
    promised = rows[store["target"][rows] >= 0]
    late = store["ended"][promised] > store["target"][promised]
    return [
        _Fate("late", promised, late, _mixed(store["case_id"][promised])),
        _Fate("reopened", rows, store["reopened"][rows], _mixed(store["case_id"][rows])),
    ]


def _of_evaluations(evaluated: Evaluated, today: date) -> _Fate:
    """Whatever period was chosen, the same whole months: no choice of days sets one person apart (adr/0010)."""
    part, running = evaluated.part, month_of(today)
    wanted = (evaluated.months < running) & (evaluated.months >= running - MONTHS)
    wanted &= part["score_count"][evaluated.rows] > 0
    rows = evaluated.rows[wanted]
    low = 2 * part["score_sum"][rows] < (2 * LOW + 1) * part["score_count"][rows]  # the rounded mean
    return _Fate("dissatisfied", evaluated.slots[wanted], low, part["key"][rows])


def _factors(store: Store, rows: Column) -> list[tuple[str, Column, list[int | str]]]:
    """(factor, group of each case, what each group is)."""
    found: list[tuple[str, Column, list[int | str]]] = []
    for column in COLUMNS:
        own = store[column][rows].astype("i8") - NONE
        there = np.flatnonzero(np.bincount(own))
        place = np.zeros(int(own.max(initial=0)) + 1, "i8")
        place[there] = np.arange(len(there))
        found.append((column, place[own], [int(value) + NONE for value in there]))
    for step in STEPS:
        found.append(("step", (store[f"{step}_hours"][rows] >= 0).astype("i8"), [NONE, step]))
    return found


def _pairs(fate: _Fate, factor: str, groups: Column, values: list[int | str]) -> list[Pair]:
    """Every group against the rest, when both are large enough. The keys of a group are what its cases or people make
    together, so that one more or less draws every number anew."""
    size = len(values)
    whole = np.bincount(groups, minlength=size).astype("i8")
    part = np.bincount(groups, weights=fate.had, minlength=size).astype("i8")
    keys = np.bincount(groups, weights=fate.keys, minlength=size).astype("i8")
    # The others are what is left of one rounded total: drawn anew for each group, their mean would give the total away.
    total = _rounded(int(whole.sum()), int(part.sum()), int(keys.sum()), fate.name)
    found = []
    for at, value in enumerate(values):
        own = _rounded(int(whole[at]), int(part[at]), int(keys[at]), fate.name)
        if value == NONE or own is None or total is None:
            continue
        rest = (total[0] - own[0], total[1] - own[1])
        parts = (own[0], own[1] - own[0], rest[0], rest[1] - rest[0])
        if min(own[1], rest[1]) >= LEAST_CASES and min(parts) >= LEAST_PART:
            found.append(
                Pair(
                    fate.name, factor, value, own[1], own[0], rest[1], rest[0], chance.of_two_shares(*own, *rest, ROUNDING)
                )
            )
    return found


def _rounded(whole: int, part: int, keys: int, fate: str) -> tuple[int, int] | None:
    """(part, whole) as they may be shown; None for a small group."""
    shown, of_those = disclosure.masked(whole, keys, "together"), disclosure.masked(part, keys, f"together:{fate}")
    return None if shown is None or of_those is None else (min(of_those, shown), shown)


def _mixed(case_ids: Column) -> Column:
    """A number below 2^31 per case, spread evenly (the multiplication of Fibonacci hashing); their sums are the keys."""
    found: Column = (case_ids.astype("u8") * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(33)
    return found
