"""An unusual rise of a category, told to its head once (docs/adr/0012-honest-comparisons.md): the last seven days against
what the weeks before, and the same weeks of earlier years, lead to expect."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from django.db import transaction

from meldloket.cases import clock
from meldloket.cases.terms import is_working_day
from meldloket.catalogue.current import catalogue
from meldloket.catalogue.models import Category
from meldloket.messages.notices import tell

from . import chance, columns
from .columns import Column, Store
from .models import NONE, Rise
from .scope import day_of, number_of

DAYS = 7
RECENT = range(2, 10)  # weeks before this one that show the usual level; the last is left out, a rise may begin in it
AROUND = range(-2, 3)  # weeks around the same one in earlier years
YEARS = 3
LEAST_WEEKS = 6  # of history, below which nothing is usual yet
#: The middle weeks of eight vary this much less than all of them do.
TRIMMED = 2.2
LEAST_COUNT = 8
LEAST_TIMES, LEAST_TIMES_NEW = 1.5, 2.0  # the expected number; without a year of history the season is not known
UNUSUAL = 0.0002
SAME = timedelta(days=DAYS)  # a rise that was seen this shortly before is the same one


@dataclass(frozen=True, slots=True)
class Found:
    """That `category` had `count` reports in the seven days up to and with `until`, where `expected` are usual. `area`:
    where at least half of them were (id, NONE: nowhere in particular), with `there` of them."""

    category: int
    until: date
    count: int
    expected: float
    area: int = NONE
    there: int = 0


class _History:
    """Reports a day of one category, and how much of a usual day each day is (a weekend and a holiday are less)."""

    def __init__(self, daily: Column, weights: Column, first: int) -> None:
        self.counts = np.concatenate([[0], np.cumsum(daily)])
        self.weights = np.concatenate([[0.0], np.cumsum(weights)])
        self.first = first

    def has(self, end: int) -> bool:
        return end - DAYS + 1 >= self.first

    def week(self, end: int) -> tuple[int, float]:
        """Reports and weight of the seven days up to and with day `end`."""
        begin = end - DAYS + 1
        return int(self.counts[end + 1] - self.counts[begin]), float(self.weights[end + 1] - self.weights[begin])

    def rates(self, ends: list[int]) -> Column:
        return np.array([count / weight for count, weight in map(self.week, ends)])

    def expected(self, end: int) -> tuple[float, float, bool] | None:
        """How many reports are usual in the week up to `end`, the variance over the mean, and whether the season is known;
        None while there is too little history."""
        recent = [end - DAYS * weeks for weeks in RECENT if self.has(end - DAYS * weeks)]
        if len(recent) < LEAST_WEEKS:
            return None
        rates = np.sort(self.rates(recent))[1:-1]  # without the highest and the lowest week, which may be a rise itself
        level = float(rates.mean())
        spreads = [(rates, level, TRIMMED)]
        season, base, years = 0.0, 0.0, 0
        for year in range(1, YEARS + 1):
            then = end - 364 * year  # the same day of the week
            before = [then - DAYS * weeks for weeks in RECENT]
            if not self.has(before[-1]):
                break
            around = self.rates([then + DAYS * weeks for weeks in AROUND])
            season += max(float(around.mean()), float(around[1:4].mean()))
            base += float(self.rates(before).mean())
            spreads.append((around, float(around.mean()), len(around) / (len(around) - 1)))
            years += 1
        # Two reports a week are added on both sides, so that a few reports years ago make no season.
        more = 2 / DAYS * max(1, years)
        usual = level * min(3.0, max(0.4, (season + more) / (base + more)))
        unsure = 1 + 1 / len(recent) + (0.33 / years if years else 0.0)
        return usual * self.week(end)[1], self._bursts(spreads, end) * unsure, years > 0

    def _bursts(self, spreads: list[tuple[Column, float, float]], end: int) -> float:
        """Variance over mean of (weeks, their mean, what their squares are raised by)."""
        weight = self.week(end)[1]
        squares = sum(
            float(((rates - mean) ** 2).mean()) * more * weight / mean for rates, mean, more in spreads if mean > 0
        )
        return max(1.0, squares / len(spreads))


def rising(store: Store, until: date, working: Callable[[date], bool] = is_working_day) -> list[Found]:
    """The categories with an unusual rise in the seven days up to and with `until`; complaints about the administration do
    not count. `working`: which days are working days."""
    end = number_of(until)
    rows = np.flatnonzero(~store["gone"] & ~store["complaint"] & (store["received"] >= 0) & (store["received"] <= end))
    if not len(rows):
        return []
    days, own = store["received"][rows].astype("i8"), store["category"][rows].astype("i8")
    first = max(int(days.min()), end - 364 * (YEARS + 1))
    weights = _weights(days, first, end, working)
    found = []
    counted = days >= first
    for category in np.unique(own[days > end - DAYS]).tolist():
        daily = np.bincount(days[counted & (own == category)], minlength=end + 1)
        history = _History(daily, weights, first)
        count, usual = history.week(end)[0], history.expected(end)
        if category == NONE or usual is None or not _unusual(count, *usual):
            continue
        where = store["area"][rows[(own == category) & (days > end - DAYS)]]
        found.append(Found(category, until, count, usual[0], *_place(where)))
    return found


def _unusual(count: int, expected: float, bursts: float, season_known: bool) -> bool:
    times = LEAST_TIMES if season_known else LEAST_TIMES_NEW
    enough = count >= LEAST_COUNT and count >= times * expected
    return enough and chance.of_so_many(count, max(expected, 0.5), bursts) < UNUSUAL


def _weights(days: Column, first: int, end: int, working: Callable[[date], bool]) -> Column:
    """Per day up to `end` 1 for a working day, for another the share that such days have in all categories together."""
    is_working = np.ones(end + 1, "?")
    is_working[first:] = [working(day_of(day)) for day in range(first, end + 1)]
    daily = np.bincount(days, minlength=end + 1)[first:]
    on, off = daily[is_working[first:]], daily[~is_working[first:]]
    share = float(off.mean() / on.mean()) if len(off) and on.sum() else 1.0
    return np.where(is_working, 1.0, min(1.0, max(0.1, share)))


def _place(areas: Column) -> tuple[int, int]:
    values, counts = np.unique(areas, return_counts=True)
    at = int(counts.argmax())
    alone = values[at] != NONE and 2 * counts[at] >= len(areas) and counts[at] >= LEAST_COUNT // 2
    return (int(values[at]), int(counts[at])) if alone else (NONE, 0)


def check() -> int:
    """Looks at the seven days up to yesterday and tells each new rise; gives how many. Again on the same day, or while a
    rise goes on, nobody is told again."""
    until = clock.today() - timedelta(days=1)
    with columns.reading(now=True) as store:
        found = rising(store, until)
    return sum(_keep(one) for one in found)


def _keep(found: Found) -> bool:
    """Whether this rise is a new one, which was told now."""
    with transaction.atomic():
        # The category's row is locked, so that of two workers one sees what the other kept.
        category = Category.objects.select_for_update(of=("self",)).select_related("department").get(pk=found.category)
        known = Rise.objects.filter(category=category, until__gte=found.until - SAME).order_by("-until").first()
        if known is not None:
            if found.until > known.until:
                known.until, known.count, known.expected = found.until, found.count, found.expected
                known.save(update_fields=["until", "count", "expected"])
            return False
        Rise.objects.create(
            category=category, until=found.until, count=found.count, expected=found.expected, told_at=clock.now()
        )
        department = category.department
        since = found.until - timedelta(days=DAYS - 1)
        tell(
            f"rise:{category.code}:{found.until}",
            department.head_email or department.email,
            f"Opvallend veel meldingen: {category.name}",
            in_words(found, category),
            link=f"/kantoor/inzicht/beleid/?van={since}&tot={found.until}&categorie={category.code}",
            link_label="Bekijk de cijfers",
        )
    return True


def in_words(found: Found, category: Category) -> str:
    """What the head of the department reads."""
    since = found.until - timedelta(days=DAYS - 1)
    usual = max(1, round(found.expected))
    expected = "ongeveer 1 melding" if usual == 1 else f"ongeveer {usual} meldingen"
    text = (
        f"Van {since:%d/%m/%Y} tot en met {found.until:%d/%m/%Y} kwamen er {found.count} meldingen binnen over "
        f"“{category.name}”. In deze tijd van het jaar is {expected} gewoon."
    )
    area = next((row.name for row in catalogue().areas if row.pk == found.area), "")
    if area:
        text += f" Het vaakst in {area}: {found.there}."
    return (
        f"{text}\n\nWaarom weten wij niet. Kijk of er één oorzaak is, zoals een storm, een defect of een buurtactie. "
        "Over deze stijging krijgt u maar één bericht."
    )
