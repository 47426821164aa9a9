"""Figures about groups of people that teach nothing about one of them: small groups are hidden, and every other number is
rounded to fives by chance, with a draw that the whole group makes (docs/adr/0010-masking.md).

The same question gives the same numbers each time, so asking again does not help. A group with one person more or less
draws all its numbers anew, so the difference between two filters is chance and not that person."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings

SMALLEST = 5  # fewer people than this are never counted out loud
BASE = 5


def _draw(about: str, keys: int) -> int:
    """0 to BASE - 1, by chance that stays the same for these words and this group."""
    secret = settings.SECRET_KEY.encode()
    digest = hmac.digest(secret, f"disclosure:{about}:{keys}".encode(), hashlib.sha256)
    return int.from_bytes(digest[:8], "big") % BASE


def rounded(count: int, keys: int, about: str = "") -> int:
    """`count` rounded up or down to a multiple of BASE; on average the count itself. `keys`: the sum of the random keys of
    everybody in the group that was asked about. `about`: what of them is counted."""
    whole, rest = divmod(count, BASE)
    return (whole + (_draw(about, keys) < rest)) * BASE


def masked(count: int, keys: int, about: str = "") -> int | None:
    """The number to show, None for a small group. From how many on a number is shown lies between SMALLEST and SMALLEST +
    BASE - 1, by the same chance: a number that appears does not tell that somebody was the fifth."""
    if count < SMALLEST + _draw(f"{about}:shown", keys):
        return None
    return rounded(count, keys, about)


def month_of(day: date) -> int:
    """A month as a number that rises by one."""
    return day.year * 12 + day.month - 1


def first_day(month: int) -> date:
    """The first day of such a month."""
    return date(month // 12, month % 12 + 1, 1)


def blocks(counts: Sequence[int]) -> list[tuple[int, int]]:
    """Cuts a row of months, with how many people each has, into stretches of whole months with at least SMALLEST people:
    (first, last) place, both included. What is left over at the end belongs to no block yet.

    A figure over whole blocks differs from the figure over other blocks by SMALLEST people or by none, so that no choice of
    period sets one person apart, however many periods somebody asks for and averages."""
    found, first, people = [], 0, 0
    for place, count in enumerate(counts):
        people += count
        if people >= SMALLEST:
            found.append((first, place))
            first, people = place + 1, 0
    return found


def within(cut: list[tuple[int, int]], first: int, last: int) -> tuple[int, int] | None:
    """The months of the blocks that lie wholly between these two months, both included; None when no block does."""
    inside = [block for block in cut if first <= block[0] and block[1] <= last]
    return (inside[0][0], inside[-1][1]) if inside else None


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure of a table: `value` of what, the number to show (None: hidden), and `share` of the total in percent,
    rounded to fives (None when either is hidden)."""

    value: str
    shown: int | None
    share: int | None


def cells(counts: Iterable[tuple[str, int]], keys: int, about: str = "") -> list[Cell]:
    """Cells of (value, count) of the group whose keys add up to `keys`; shares of their total."""
    rows = list(counts)
    total = masked(sum(count for _, count in rows), keys, about)
    return [_cell(value, masked(count, keys, f"{about}:{value}"), total) for value, count in rows]


def _cell(value: str, shown: int | None, total: int | None) -> Cell:
    share = min(100, round(100 * shown / total / BASE) * BASE) if shown is not None and total else None
    return Cell(value, shown, share)


def mean(counts: Iterable[tuple[int, int]], keys: int, about: str = "") -> float | None:
    """The mean of (number, count), made from the rounded counts alone so that it says no more than they do; None for a
    small group."""
    rows = list(counts)
    if masked(sum(count for _, count in rows), keys, about) is None:
        return None
    weights = [(number, rounded(count, keys, f"{about}:{number}")) for number, count in rows]
    total = sum(weight for _, weight in weights)
    return round(sum(number * weight for number, weight in weights) / total, 1) if total else None
