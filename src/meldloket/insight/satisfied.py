"""How satisfied reporters are with groups of cases, masked by people.disclosure with the same words as the helicopter view:
the same group gives the same number wherever it is shown, and a group of one person more or less is drawn anew."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from meldloket.people import disclosure

from .columns import Column, Store

LOW = 2  # a score up to here is dissatisfied, of 1 to 5


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """Of a group of cases: how many evaluations were asked and filled in, the mean score (1 to 5) and the share of low
    scores in percent. None: too few to say."""

    asked: int | None
    answered: int | None
    mean: float | None
    low: int | None

    @property
    def rate(self) -> int | None:
        """Response in percent, rounded to fives."""
        return min(100, round(20 * self.answered / self.asked) * 5) if self.asked and self.answered is not None else None


def scores(store: Store, rows: Column) -> Column:
    """The rounded score of each of these cases, 1 to 5; 0 without one."""
    total, count = store["score_sum"][rows].astype("i4"), store["score_count"][rows].astype("i4")
    found: Column = np.where(count > 0, np.clip((2 * total + count) // np.maximum(1, 2 * count), 1, 5), 0)
    return found


def per_group(store: Store, rows: Column, groups: Column, size: int) -> list[Satisfaction]:
    """Of the cases `rows` in their `groups` (0 to size - 1)."""
    # Whole numbers below 2^53, so that sums as floats are exact.
    keys, asked, answered = (
        np.bincount(groups, weights=store[name][rows], minlength=size) for name in ("eval_keys", "asked", "answered")
    )
    found = np.bincount(groups * 6 + scores(store, rows), minlength=size * 6).reshape(size, 6)
    return [
        masked(int(asked[at]), int(answered[at]), [int(count) for count in found[at][1:]], int(keys[at]))
        for at in range(size)
    ]


def masked(asked: int, answered: int, counts: list[int], keys: int) -> Satisfaction:
    """What may be said of a group of which `asked` were asked, `answered` answered, and `counts` gave score 1 to 5; `keys`:
    the sum of the random keys of everybody who was asked."""
    shown = disclosure.masked(asked, keys, "asked")
    if shown is None:
        return Satisfaction(None, None, None, None)
    mean, low = disclosure.mean(enumerate(counts, 1), keys, "score"), None
    if mean is not None:
        drawn = [disclosure.rounded(count, keys, f"score:{score}") for score, count in enumerate(counts, 1)]
        low = round(20 * sum(drawn[:LOW]) / sum(drawn)) * 5
    return Satisfaction(shown, disclosure.masked(answered, keys, "answered"), mean, low)
