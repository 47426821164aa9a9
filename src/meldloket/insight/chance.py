"""What chance alone can do: whether two counts or two shares differ by more than that, and how unusual a number is. Plain
methods that a page can name in one sentence; the distributions are scipy's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import erfc, sqrt

import numpy as np
from numpy.typing import NDArray

#: What is marked is wrong in at most one of twenty marks (Benjamini-Hochberg).
FALSE_MARKS = 0.05
Z95 = 1.959964


def of_two_counts(first: float, second: float, share: float, bursts: float = 1.0) -> float:
    """How likely chance alone divides `first` + `second` reports at least this unevenly, when `share` of the time was the
    first's: the exact conditional comparison of two Poisson counts, two-sided. `bursts`: variance over mean of the weekly
    counts; reports that come in bursts weigh less."""
    from scipy.special import betainc  # 20 MB that a process without this page does without

    a, b = first / max(1.0, bursts), second / max(1.0, bursts)
    if a + b <= 0 or not 0 < share < 1:
        return 1.0
    at_least = float(betainc(a, b + 1, share)) if a > 0 else 1.0
    at_most = float(betainc(b, a + 1, 1 - share)) if b > 0 else 1.0
    return min(1.0, 2 * min(at_least, at_most))


def bursts(weekly: NDArray[np.int64]) -> NDArray[np.float64]:
    """Per row of `weekly` counts how much more they vary than single reports by chance would: variance over mean, at
    least 1."""
    if weekly.shape[1] < 4:
        return np.ones(len(weekly))
    mean = weekly.mean(axis=1)
    found = np.divide(weekly.var(axis=1, ddof=1), mean, out=np.ones(len(weekly)), where=mean > 0)
    varied: NDArray[np.float64] = np.maximum(1.0, found)
    return varied


@dataclass(frozen=True, slots=True)
class Gap:
    """The difference of two shares in percentage points, with its 95 % interval (Newcombe) and how likely chance alone
    makes one as large."""

    points: float
    low: float
    high: float
    chance: float


def wilson(part: int, whole: int) -> tuple[float, float]:
    """The 95 % interval of a share, 0 to 1."""
    if not whole:
        return 0.0, 1.0
    share, z2 = part / whole, Z95 * Z95
    middle = (share + z2 / (2 * whole)) / (1 + z2 / whole)
    half = Z95 * sqrt(share * (1 - share) / whole + z2 / (4 * whole * whole)) / (1 + z2 / whole)
    return max(0.0, middle - half), min(1.0, middle + half)


def of_two_shares(part: int, whole: int, other_part: int, other_whole: int, rounding: float = 0.0) -> Gap:
    """The share of the first less that of the second. Both wholes must be above 0. `rounding`: standard deviation of what
    was added to or taken from every count when it was rounded by chance; it makes a difference less sure."""
    one, two = part / whole, other_part / other_whole
    (low_one, high_one), (low_two, high_two) = wilson(part, whole), wilson(other_part, other_whole)
    pooled = (part + other_part) / (whole + other_whole)
    blur = rounding**2 * ((1 + one**2) / whole**2 + (1 + two**2) / other_whole**2)
    error = sqrt(pooled * (1 - pooled) * (1 / whole + 1 / other_whole) + blur)
    wide = Z95**2 * blur
    return Gap(
        points=100 * (one - two),
        low=100 * (one - two - sqrt((one - low_one) ** 2 + (high_two - two) ** 2 + wide)),
        high=100 * (one - two + sqrt((high_one - one) ** 2 + (two - low_two) ** 2 + wide)),
        chance=erfc(abs(one - two) / error / sqrt(2)) if error else 1.0,
    )


def stand_out(chances: Sequence[float]) -> list[bool]:
    """Which of many comparisons stand when it is taken into account that many were made (Benjamini-Hochberg)."""
    ordered = sorted(chances)
    under = [one for place, one in enumerate(ordered, 1) if one <= FALSE_MARKS * place / len(ordered)]
    most = max(under, default=-1.0)
    return [one <= most for one in chances]


def of_so_many(count: int, expected: float, bursts: float) -> float:
    """How likely `count` or more are when `expected` are usual: Poisson, or negative binomial when the variance is
    `bursts` times the mean."""
    from scipy.special import betainc, gammainc  # 20 MB that a process without this page does without

    if count <= 0:
        return 1.0
    if bursts <= 1.01:
        return float(gammainc(count, expected))
    return float(betainc(count, expected / (bursts - 1), 1 - 1 / bursts))
