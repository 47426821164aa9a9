"""What goes together: which categories, areas, channels and steps have more late, reopened or dissatisfied cases than the
rest. Kept honest: every count is rounded by chance and small groups are hidden (people.disclosure), a difference has its
interval, many comparisons are paid for, and nothing is said of too few cases."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from meldloket.people import disclosure

from . import chance
from .columns import Column, Store
from .figures import handled
from .models import NONE
from .satisfied import LOW, scores
from .scope import Scope

LEAST_CASES = 30  # on either side; fewer say nothing
LEAST_PART = 10  # with the fate and without it, on either side; counted after rounding, so that no one tips it
LEAST_POINTS = 5.0  # a smaller difference is of no use, however certain
MOST_SHOWN = 12
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


def together(store: Store, scope: Scope) -> Together:
    """Of the cases that were dealt with in the period of `scope`."""
    rows = np.flatnonzero(scope.mask(store) & handled(store) & scope.during(store, "ended"))
    found: list[Pair] = []
    for fate in FATES:
        among, had = _fate(store, rows, fate)
        for factor, groups, values in _factors(store, among):
            found += _pairs(store, among, had, (fate, factor), groups, values)
    stands = chance.stand_out([pair.gap.chance for pair in found])
    kept = [pair for pair, stand in zip(found, stands, strict=True) if stand and abs(pair.gap.points) >= LEAST_POINTS]
    kept.sort(key=lambda pair: (-abs(pair.gap.points), pair.fate, pair.factor, str(pair.value)))
    return Together(kept[:MOST_SHOWN], len(found))


def _fate(store: Store, rows: Column, fate: str) -> tuple[Column, Column]:
    """The cases of which a fate can be said, and which of them had it."""
    if fate == "late":
        rows = rows[store["target"][rows] >= 0]
        return rows, store["ended"][rows] > store["target"][rows]
    if fate == "reopened":
        return rows, store["reopened"][rows]
    given = scores(store, rows)
    return rows[given > 0], given[given > 0] <= LOW


def _factors(store: Store, rows: Column) -> list[tuple[str, Column, list[int | str]]]:
    """(factor, group of each case, what each group is)."""
    found: list[tuple[str, Column, list[int | str]]] = []
    for column in COLUMNS:
        values, groups = np.unique(store[column][rows], return_inverse=True)
        found.append((column, groups, [int(value) for value in values]))
    for step in STEPS:
        found.append(("step", (store[f"{step}_hours"][rows] >= 0).astype("i8"), [NONE, step]))
    return found


def _pairs(
    store: Store, rows: Column, had: Column, about: tuple[str, str], groups: Column, values: list[int | str]
) -> list[Pair]:
    """Every group against the rest, when both are large enough. The keys of a group are numbers that its cases make
    together, so that one case more or less draws every number anew."""
    size = len(values)
    whole = np.bincount(groups, minlength=size).astype("i8")
    part = np.bincount(groups, weights=had, minlength=size).astype("i8")
    keys = np.bincount(groups, weights=_mixed(store["case_id"][rows]), minlength=size).astype("i8")
    # The others are what is left of one rounded total: drawn anew for each group, their mean would give the total away.
    total = _rounded(int(whole.sum()), int(part.sum()), int(keys.sum()), about[0])
    found = []
    for at, value in enumerate(values):
        own = _rounded(int(whole[at]), int(part[at]), int(keys[at]), about[0])
        if value == NONE or own is None or total is None:
            continue
        rest = (total[0] - own[0], total[1] - own[1])
        parts = (own[0], own[1] - own[0], rest[0], rest[1] - rest[0])
        if min(own[1], rest[1]) >= LEAST_CASES and min(parts) >= LEAST_PART:
            found.append(Pair(*about, value, own[1], own[0], rest[1], rest[0], chance.of_two_shares(*own, *rest, ROUNDING)))
    return found


def _rounded(whole: int, part: int, keys: int, fate: str) -> tuple[int, int] | None:
    """(part, whole) as they may be shown; None for a small group."""
    shown, of_those = disclosure.masked(whole, keys, "together"), disclosure.masked(part, keys, f"together:{fate}")
    return None if shown is None or of_those is None else (min(of_those, shown), shown)


def _mixed(case_ids: Column) -> Column:
    """A number below 2^31 per case, spread evenly (the multiplication of Fibonacci hashing); their sums are the keys."""
    found: Column = (case_ids.astype("u8") * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(33)
    return found
