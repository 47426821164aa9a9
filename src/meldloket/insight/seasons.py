"""When reports come: per month over the years, the months against the average, and the hours of the week."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date

import numpy as np

from .columns import Store
from .figures import first_day
from .scope import Scope, number_of

YEARS = 5  # that are compared


@dataclass(frozen=True, slots=True)
class Season:
    """Per year (oldest first) the reports of each month, None for months that are not over or had no product yet. `index`:
    per month its reports a day against those of its whole year, 100 is average, over the complete years; None without one.
    `week`: per weekday (Monday first) the reports of each hour, of the chosen period alone."""

    years: dict[int, list[int | None]]
    index: list[int | None]
    complete: list[int]
    week: list[list[int]]


def season(store: Store, scope: Scope, today: date) -> Season:
    """The last YEARS years up to the end of `scope`, and the hours of its own period."""
    here = scope.mask(store)
    until = min(scope.until, today)
    begin = first_day(store) or until
    days = store["received"][here & (store["received"] >= 0)]
    per_day = np.bincount(days, minlength=number_of(until) + 2)
    upto = np.concatenate([[0], np.cumsum(per_day)])
    years = {
        year: [_month(upto, year, month, begin, until) for month in range(1, 13)]
        for year in range(max(begin.year, until.year - YEARS + 1), until.year + 1)
    }
    complete = [year for year, months in years.items() if None not in months and any(months)]
    rows = here & scope.during(store, "received") & (store["weekhour"] >= 0)
    hours = np.bincount(store["weekhour"][rows], minlength=168)[:168].reshape(7, 24)
    return Season(years, _index({year: years[year] for year in complete}), complete, hours.tolist())


def _month(upto: np.ndarray, year: int, month: int, begin: date, until: date) -> int | None:
    since = date(year, month, 1)
    end = date(year, month, calendar.monthrange(year, month)[1])
    if (begin - since).days >= 7 or end > until:
        return None
    return int(upto[number_of(end) + 1] - upto[number_of(since)])


def _index(years: dict[int, list[int | None]]) -> list[int | None]:
    if not years:
        return [None] * 12
    found: list[int | None] = []
    for month in range(12):
        shares = []
        for year, months in years.items():
            length = 366 if calendar.isleap(year) else 365
            usual = sum(count or 0 for count in months) / length
            shares.append((months[month] or 0) / calendar.monthrange(year, month + 1)[1] / usual)
        found.append(round(100 * sum(shares) / len(shares)))
    return found
