"""What goes together is found when it is there and not when it is not, and tells nothing about one person."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from datetime import date

import pytest

from meldloket.insight.figures import STATUSES
from meldloket.insight.scope import Scope, number_of
from meldloket.insight.together import LEAST_CASES, Pair, together
from support.stores import store_of

TODAY = date(2026, 11, 29)
YEAR = Scope(date(2026, 1, 1), date(2026, 10, 31))
HANDLED = STATUSES.index("handled")
DAY = number_of(date(2026, 5, 1))


def case(category: int, *, late: bool = False, reopened: bool = False, **more: int) -> dict:
    ended = DAY + more.pop("after", 0)
    fixed = {"received": DAY - 30, "ended": ended, "target": ended - 1 if late else ended + 1, "status": HANDLED}
    return {**fixed, "category": category, "reopened": reopened, "area": 1, "department": 1, "channel": 0, **more}


def town(seed: int, shares: dict[int, float], count: int = 400) -> list[dict]:
    """So many cases per category, of which this share was late."""
    chance = random.Random(seed)
    return [case(category, late=chance.random() < share) for category, share in shares.items() for _ in range(count)]


def evaluations(rows: list[dict], low: list[bool], keys: int = 0) -> list[dict[str, int]]:
    chance = random.Random(keys)
    return [
        {
            "case_id": at,
            "day": DAY,
            "answered": 1,
            "score_sum": 1 if sad else 4,
            "score_count": 1,
            "key": chance.randrange(2**31),
        }
        for at, (_, sad) in enumerate(zip(rows, low, strict=True), 1)
    ]


def test_a_category_that_is_late_more_often_is_found():
    found = together(store_of(town(1, {1: 0.4, 2: 0.15, 3: 0.15})), YEAR, TODAY)
    pair = next(one for one in found.pairs if (one.fate, one.factor, one.value) == ("late", "category", 1))
    assert 15 < pair.gap.points < 35 and pair.gap.low > 5
    assert abs(pair.share - 40) <= 7 and abs(pair.other_share - 15) <= 5
    assert all(number % 5 == 0 for number in (pair.cases, pair.part, pair.others, pair.other_part))


def test_without_a_connection_almost_nothing_is_shown():
    shown = sum(
        len(together(store_of(town(seed, dict.fromkeys(range(1, 9), 0.2))), YEAR, TODAY).pairs) for seed in range(25)
    )
    assert shown <= 2  # of hundreds of comparisons


def test_a_difference_is_never_claimed_because_of_the_rounding():
    shown = 0
    for seed in range(25):
        small = town(seed, {1: 0.3}, 36) + town(seed + 100, {2: 0.3}, 900)
        shown += len(together(store_of(small), YEAR, TODAY).pairs)
    assert shown <= 2  # one, seen from both categories


def test_too_few_cases_say_nothing():
    assert together(store_of(town(2, {1: 0.9}, LEAST_CASES - 10) + town(3, {2: 0.1}, 500)), YEAR, TODAY).pairs == []
    assert together(store_of([]), YEAR, TODAY) == together(store_of([case(1)]), YEAR, TODAY)


def test_the_others_are_what_is_left_of_one_total():
    """Drawn anew for every comparison, the mean of many would give the true total away."""
    chance = random.Random(4)
    rows = [
        case(at % 6, late=chance.random() < (0.5 if at % 6 < 2 else 0.1), area=at % 3, department=at % 2, channel=at % 4)
        for at in range(3001)
    ]
    pairs = [pair for pair in together(store_of(rows), YEAR, TODAY).pairs if pair.fate == "late"]
    assert len(pairs) >= 4
    assert len({(pair.cases + pair.others, pair.part + pair.other_part) for pair in pairs}) == 1


def part_of(rows: list[dict], low: list[bool], keys: int) -> Pair | None:
    found = together(store_of(rows, evaluations(rows, low, keys)), YEAR, TODAY)
    return next((one for one in found.pairs if (one.fate, one.value) == ("dissatisfied", 1)), None)


def test_no_choice_of_days_changes_what_is_said_of_evaluations():
    rows = [case(1 + (at % 3 > 0)) for at in range(900)]
    low = [at % (2 if at % 3 == 0 else 10) == 0 for at in range(900)]
    store = store_of(rows, evaluations(rows, low))

    def said(scope: Scope) -> list[Pair]:
        return [one for one in together(store, scope, TODAY).pairs if one.fate == "dissatisfied"]

    whole = said(YEAR)
    assert whole
    for since, until in ((1, 4), (2, 9), (9, 10)):
        assert said(replace(YEAR, since=date(2026, since, 1), until=date(2026, until, 28))) == whole


def test_an_answer_of_this_month_changes_nothing():
    rows = [case(1 + (at % 3 > 0)) for at in range(901)]
    low = [at % (2 if at % 3 == 0 else 10) == 0 for at in range(901)]
    given = evaluations(rows, low)
    fresh = [*given[:-1], {**given[-1], "day": number_of(date(2026, 11, 20))}]
    assert together(store_of(rows, given[:-1]), YEAR, TODAY).pairs == together(store_of(rows, fresh), YEAR, TODAY).pairs


@pytest.mark.parametrize("base", [60, 63])
def test_one_person_more_in_a_filter_teaches_nothing_about_that_person(base):
    """The attacker sees category 1 with and without the target, whom an area sets apart. Over many towns, the difference is
    hardly another one for somebody who was dissatisfied than for somebody who was not."""
    seen: dict[bool, Counter[int]] = {True: Counter(), False: Counter()}
    for dissatisfied in seen:
        for keys in range(120):
            more = base + keys % 5  # the attacker does not know how many there are
            low = [at < more for at in range(150)] + [at < 60 for at in range(600)]
            rows = [case(1) for _ in range(150)] + [case(2) for _ in range(600)]
            without = part_of(rows, low, keys)
            target = case(1, area=2)
            with_target = part_of([*rows, target], [*low, dissatisfied], keys)
            assert without is not None and with_target is not None
            seen[dissatisfied][with_target.part - without.part] += 1
    apart = sum(abs(seen[True][step] - seen[False][step]) for step in (-5, 0, 5)) / 240
    assert len(seen[True]) == 3 == len(seen[False]) and apart < 0.3
