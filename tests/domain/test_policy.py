"""Comparisons, seasons and places are those of a slow count, and a difference is only called one when chance does not
explain it."""

from __future__ import annotations

import itertools
import math
from collections import Counter, defaultdict
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from meldloket.insight import chance, hotspots, seasons
from meldloket.insight.comparing import Compared, same_last_year
from meldloket.insight.figures import STATUSES
from meldloket.insight.models import NO_PLACE, NONE
from meldloket.insight.satisfaction import Evaluated, satisfaction
from meldloket.insight.scope import Scope, day_of, in_box, number_of
from meldloket.insight.yearly import folded
from support import slow_count
from support.stores import random_cases, store_of

TODAY = date(2026, 11, 29)
YEAR = Scope(date(2026, 1, 1), date(2026, 10, 31))
HANDLED = {STATUSES.index("handled"), STATUSES.index("evaluated")}


def in_scope(row: dict, scope: Scope) -> bool:
    return not row["gone"] and (scope.complaints or not row["complaint"])


def during(scope: Scope, day: int) -> bool:
    return day >= 0 and scope.since <= day_of(day) <= scope.until


def slow_side(rows: list[dict], scope: Scope, group: dict | None = None) -> dict:
    """One period, counted case by case; `group`: column → value."""
    here = [row for row in rows if in_scope(row, scope)]
    every = [row for row in here if row["status"] in HANDLED and during(scope, row["ended"]) and row["target"] >= 0]
    own = [row for row in here if all(row[name] == value for name, value in (group or {}).items())]
    received = [row for row in own if during(scope, row["received"])]
    closed = [row for row in own if row["status"] in HANDLED and during(scope, row["ended"])]
    promised = [row for row in closed if row["target"] >= 0]
    end = number_of(scope.until)
    per_place = Counter(place(row) for row in here if during(scope, row["received"]) and row["latitude"] != NO_PLACE)
    placed = [row for row in received if row["latitude"] != NO_PLACE]
    rates = {}
    for category in {row["category"] for row in every}:
        same = [row for row in every if row["category"] == category]
        rates[category] = sum(row["ended"] <= row["target"] for row in same) / len(same)
    return {
        "received": len(received),
        "closed": len(closed),
        "hours": slow_count.spread([row["whole_hours"] for row in closed]),
        "promised": len(promised),
        "kept": sum(row["ended"] <= row["target"] for row in promised),
        "fair": 100 * sum(rates[row["category"]] for row in promised) / len(promised) if promised else None,
        "backlog": sum(row["received"] <= end and (row["ended"] < 0 or row["ended"] > end) for row in own),
        "places": len({place(row) for row in placed}),
        "repeated": round(100 * sum(per_place[place(row)] > 1 for row in placed) / len(placed))
        if len(placed) > 4
        else None,
    }


def place(row: dict) -> tuple[int, int]:
    return row["latitude"] // hotspots.HIGH, row["longitude"] // hotspots.WIDE


def as_dict(side) -> dict:
    names = ("received", "closed", "hours", "promised", "kept", "backlog", "places", "repeated")
    return {**{name: getattr(side, name) for name in names}, "fair": side.fair}


@pytest.mark.parametrize("seed", range(4))
def test_compared_periods_equal_a_slow_count(seed):
    rows = random_cases(seed, 700, date(2025, 1, 1), 660)
    other = same_last_year(YEAR)
    both = Compared(store_of(rows), YEAR, other, TODAY)
    for row, group in [(both.in_all(), None), *((row, "category") for row in both.per("category")[0])]:
        own = {group: row.group} if group else None
        for side, scope in ((row.now, YEAR), (row.before, other)):
            slow = slow_side(rows, scope, own)
            assert as_dict(side) == {**slow, "fair": pytest.approx(slow["fair"])}
    areas, left_out = both.per("area")
    assert {row.group for row in areas} == {NONE, 1, 2, 3} and left_out == 0
    assert all(as_dict(row.now)["received"] == slow_side(rows, YEAR, {"area": row.group})["received"] for row in areas)


def test_groups_with_fewer_than_five_reports_are_not_listed():
    day = number_of(date(2026, 5, 5))
    store = store_of([{"received": day + at, "category": 1 + (at > 5), "status": 0} for at in range(10)])
    rows, left_out = Compared(store, YEAR, same_last_year(YEAR), TODAY).per("category")
    assert [row.group for row in rows] == [1] and left_out == 1
    assert rows[0].now.median is None and rows[0].now.on_time is None and rows[0].change is None


def counts_store(now: dict[int, int], before: dict[int, int]):
    """So many reports per category, evenly over ten months of this year and of last year."""
    rows = []
    for year, counts in ((2026, now), (2025, before)):
        first = number_of(date(year, 1, 1))
        rows += [
            {"received": first + at * 303 // count, "category": category, "status": 0}
            for category, count in counts.items()
            for at in range(count)
        ]
    return store_of(rows)


def test_a_difference_is_marked_when_it_is_more_than_chance():
    store = counts_store({1: 200, 2: 110, 3: 14}, {1: 100, 2: 100, 3: 8})
    rows, _ = Compared(store, YEAR, same_last_year(YEAR), TODAY).per("category")
    assert {row.group: row.more for row in rows} == {1: True, 2: False, 3: False}
    assert {row.group: row.change for row in rows} == {1: 100, 2: 10, 3: 75}


def test_many_comparisons_without_a_difference_mark_almost_nothing():
    draw = np.random.default_rng(7)
    marks = 0
    for _ in range(20):
        now, before = (dict(enumerate(draw.poisson(40, 30).tolist(), 1)) for _ in range(2))
        rows, _ = Compared(counts_store(now, before), YEAR, same_last_year(YEAR), TODAY).per("category")
        marks += sum(row.more for row in rows)
    assert marks <= 3  # of 600


def test_reports_in_bursts_weigh_less():
    """Sixty more in one stormy week are no steady rise."""
    calm = [[2] * 40, [2] * 40]
    stormy = [[2] * 20 + [62] + [2] * 19, [2] * 40]
    p = [
        chance.of_two_counts(sum(now), sum(before), 0.5, float(chance.bursts(np.array([now, before])).max()))
        for now, before in (calm, stormy)
    ]
    assert p[0] == 1.0 and p[1] > 0.05 > chance.of_two_counts(140, 80, 0.5)


def test_without_history_to_compare_with_nothing_is_marked():
    day = number_of(date(2026, 5, 1))
    store = store_of([{"received": day + at % 100, "category": 1, "status": 0} for at in range(300)])
    both = Compared(store, YEAR, same_last_year(YEAR), TODAY)
    assert not both.possible and not both.in_all().more
    # Of a period that began before the product did, only the days since count.
    may, april = Scope(date(2026, 5, 16), date(2026, 5, 30)), Scope(date(2026, 4, 16), date(2026, 5, 15))
    both = Compared(store, may, april, TODAY)
    assert both.possible and both.share == pytest.approx(0.5) and not both.in_all().more


def test_a_year_earlier_is_right_on_leap_days():
    scope = Scope(date(2024, 2, 29), date(2024, 12, 31))
    assert same_last_year(scope) == replace(scope, since=date(2023, 2, 28), until=date(2023, 12, 31))


@pytest.mark.parametrize(("first", "second", "share"), [(3, 9, 0.5), (0, 5, 0.3), (7, 0, 0.5), (12, 4, 0.66), (1, 1, 0.5)])
def test_the_comparison_of_two_counts_is_exact(first, second, share):
    total = first + second

    def likely(at: int) -> float:
        return math.comb(total, at) * share**at * (1 - share) ** (total - at)

    low, high = sum(map(likely, range(first + 1))), sum(map(likely, range(first, total + 1)))
    assert chance.of_two_counts(first, second, share) == pytest.approx(min(1.0, 2 * min(low, high)))


def test_how_unusual_a_number_is_with_and_without_bursts():
    poisson = 1 - sum(math.exp(-4) * 4**at / math.factorial(at) for at in range(10))
    assert chance.of_so_many(10, 4, 1.0) == pytest.approx(poisson)
    draws = np.random.default_rng(3).negative_binomial(4 / 1.0, 1 / 2.0, 200_000)  # mean 4, variance 8
    assert chance.of_so_many(10, 4, 2.0) == pytest.approx((draws >= 10).mean(), abs=0.003)
    assert chance.of_so_many(0, 4, 1.0) == 1.0


def test_of_many_comparisons_only_those_stand_that_pay_for_it():
    assert chance.stand_out([]) == []
    assert chance.stand_out([0.04] + [0.5] * 19) == [False] * 20
    assert chance.stand_out([0.001, 0.004, 0.9, 0.5]) == [True, True, False, False]


def test_the_interval_of_a_difference_covers_it_nineteen_times_in_twenty():
    draw = np.random.default_rng(11)
    inside = 0
    for _ in range(1000):
        a, b = int(draw.binomial(60, 0.3)), int(draw.binomial(400, 0.2))
        gap = chance.of_two_shares(a, 60, b, 400)
        inside += gap.low <= 10 <= gap.high
    assert 935 <= inside <= 975


@pytest.mark.parametrize("seed", range(3))
def test_the_season_equals_a_slow_count(seed):
    rows = random_cases(seed, 900, date(2023, 3, 10), 1320)
    scope = Scope(date(2026, 2, 1), date(2026, 10, 15))
    found = seasons.season(store_of(rows), scope, TODAY)
    assert list(found.years) == [2023, 2024, 2025, 2026] and found.complete == [2024, 2025]
    counted = Counter((day_of(row["received"]).year, day_of(row["received"]).month) for row in rows if in_scope(row, scope))
    assert found.years[2024] == [counted[2024, month] for month in range(1, 13)]
    assert found.years[2023][:3] == [None] * 3 and found.years[2023][3] == counted[2023, 4]  # March was not whole
    assert found.years[2026][8:] == [counted[2026, 9], None, None, None]  # October is not over
    july = [
        counted[year, 7] / 31 / (sum(counted[year, m] for m in range(1, 13)) / days)
        for year, days in ((2024, 366), (2025, 365))
    ]
    assert found.index[6] == round(100 * sum(july) / 2)
    hours = Counter(row["weekhour"] for row in rows if in_scope(row, scope) and during(scope, row["received"]))
    assert found.week == [[hours[24 * day + hour] for hour in range(24)] for day in range(7)]


def week(row: dict) -> tuple[int, int]:
    return day_of(row["received"]).isocalendar()[:2]


@pytest.mark.parametrize("seed", range(4))
def test_places_again_and_again_equal_a_slow_count(seed):
    rows = random_cases(seed, 1500, date(2024, 11, 1), 720)
    store, scope = store_of(rows), Scope(date(2025, 1, 1), date(2026, 9, 30))
    mine = [row for row in rows if in_scope(row, scope) and during(scope, row["received"]) and row["latitude"] != NO_PLACE]
    per_cell = defaultdict(list)
    for row in mine:
        per_cell[place(row)].append(row)

    def around(cell: tuple[int, int]) -> list[dict]:
        near = itertools.product((-1, 0, 1), repeat=2)
        return [row for up, along in near for row in per_cell.get((cell[0] + up, cell[1] + along), [])]

    lasting = {cell: (len({week(row) for row in around(cell)}), len(around(cell))) for cell in list(per_cell)}
    good = {cell: found for cell, found in lasting.items() if found[0] >= 6 and found[1] >= 8}
    found = hotspots.spots(store, scope, most=500, reports=8, weeks=6)
    assert found and [(spot.weeks, spot.count) for spot in found] == sorted(
        ((s.weeks, s.count) for s in found), reverse=True
    )
    centres = []
    for spot in found:
        cell = (round(spot.box.south * 1e6) // hotspots.HIGH + 1, round(spot.box.west * 1e6) // hotspots.WIDE + 1)
        centres.append(cell)
        assert lasting[cell] == (spot.weeks, spot.count)
        # Exactly the cases that the link finds.
        assert int((scope.mask(store) & scope.during(store, "received") & in_box(store, spot.box)).sum()) == spot.count
        days = sorted(row["received"] for row in around(cell))
        assert (spot.first, spot.last) == (day_of(days[0]), day_of(days[-1]))
        assert dict(spot.categories) == Counter(row["category"] for row in around(cell))
    near = [(a, b) for a, b in itertools.combinations(centres, 2) if abs(a[0] - b[0]) < 3 and abs(a[1] - b[1]) < 3]
    assert near == []  # no report counts twice
    for cell in good:  # nothing is missing but what lies over a place that is there
        assert any(abs(cell[0] - at[0]) < 3 and abs(cell[1] - at[1]) < 3 for at in centres)


def test_many_reports_in_one_week_are_no_place_again_and_again():
    day = number_of(date(2026, 6, 1))
    rows = [{"received": day + at % 5, "latitude": 51_050_000, "longitude": 3_550_000} for at in range(40)]
    assert hotspots.spots(store_of(rows), YEAR) == []
    rows += [{**row, "received": row["received"] + 70 + 7 * at} for at, row in enumerate(rows[:2])]
    (spot,) = hotspots.spots(store_of(rows), YEAR)
    assert (spot.count, spot.weeks) == (42, 3)


def test_places_in_a_period_of_decades_are_counted_in_every_week():
    rows = [{"received": 100 + 7 * 13 * at, "latitude": 51_050_000, "longitude": 3_550_000} for at in range(80)]
    (spot,) = hotspots.spots(store_of(rows), Scope(date(2000, 1, 1), date(2030, 1, 1)))
    assert (spot.count, spot.weeks) == (80, 80)


def test_satisfaction_per_group_is_that_of_each_group_alone():
    rows = random_cases(5, 400, date(2025, 1, 1), 600)
    evaluations = [
        {
            "case_id": 1 + at,
            "day": row["received"] + 9,
            "answered": 1,
            "score_sum": 1 + at % 5,
            "score_count": 1,
            "key": at * 7919,
        }
        for at, row in enumerate(rows)
    ]
    store, scope = store_of(rows, evaluations), Scope(date(2025, 3, 1), date(2026, 10, 31))
    here = scope.mask(store)
    for column in ("category", "area"):
        found = Evaluated(store, here).per(column, scope, TODAY)
        assert any(told.mean for told in found.values())
        for value, told in found.items():
            assert told == satisfaction(store, here & (store[column] == value), scope, TODAY)


@pytest.mark.parametrize("seed", range(30))
def test_small_groups_are_folded_so_that_none_follows_from_the_total(seed):
    draw = np.random.default_rng(seed)
    counts = [(at, int(count)) for at, count in enumerate(draw.poisson(draw.integers(1, 9), draw.integers(1, 12)))]
    found = folded(counts)
    assert sum(count for _, count in found.shown) + found.others == sum(count for _, count in counts)
    assert all(count >= 5 for _, count in found.shown)
    assert found.others == 0 or found.others >= 5 or not found.shown


def test_the_slow_count_of_this_test_knows_weeks_over_new_year():
    assert week({"received": number_of(date(2025, 12, 29))}) == week({"received": number_of(date(2026, 1, 1))})
    assert hotspots.week_of(np.array([number_of(date(2025, 12, 29)) + at for at in (-1, 0, 6, 7)])).tolist() == sorted(
        hotspots.week_of(np.array([number_of(date(2025, 12, 29))])).tolist() * 2
        + [int(hotspots.week_of(np.array([number_of(date(2025, 12, 29))]))[0]) + step for step in (-1, 1)]
    )
