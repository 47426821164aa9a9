"""Attempts of somebody with the helicopter view to learn what one person answered: small groups, one person more or less in
a filter or a period, asking again and again, asking before and after. They see only what the page shows."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from meldloket.cases.models import Case
from meldloket.catalogue import current
from meldloket.evaluation.models import Answer, Invitation
from meldloket.insight import columns, keeping
from meldloket.insight.satisfaction import Satisfaction, satisfaction
from meldloket.insight.scope import Scope
from meldloket.people import disclosure
from support import factories as make
from support import slow_count

pytestmark = pytest.mark.django_db
YEAR = Scope(date(2025, 1, 1), date(2026, 11, 30))
TODAY = date(2026, 12, 15)


@pytest.fixture(autouse=True)
def categories():
    rows = make.make_catalogue()
    current.forget()
    columns.forget()
    yield rows
    current.forget()
    columns.forget()


def evaluated(category, day: date, score: int | None) -> Invitation:
    """A handled case with one evaluation that was over on `day`; without a score it was not filled in."""
    at = datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo("Europe/Brussels"))
    case = make.make_case(category=category, department=category.department)
    Case.objects.filter(pk=case.pk).update(
        status="handled", outcome="done", submitted_at=at - timedelta(days=30), ended_at=at - timedelta(days=9)
    )
    invitation = Invitation.objects.create(
        report=case.reports.get(),
        state="answered" if score else "expired",
        due=day,
        sent_at=at - timedelta(days=5),
        closes_on=day,
        answered_at=at if score else None,
    )
    if score:
        Answer.objects.create(invitation=invitation, question="overall", number=score)
    return invitation


def seen(scope: Scope, today: date = TODAY) -> Satisfaction:
    """What the page shows."""
    keeping.refresh_all()
    with columns.reading(now=True) as store:
        return satisfaction(store, scope.mask(store), scope, today)


def month(number: int, day: int = 10) -> date:
    """Months from January 2025."""
    return date(2025 + number // 12, number % 12 + 1, day)


def last_day(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)


@pytest.mark.parametrize("seed", range(4))
def test_what_is_shown_equals_a_slow_count_of_whole_months(seed, clock, categories):
    chance = random.Random(seed)
    rows = list(categories.values())
    for _ in range(160):
        evaluated(
            chance.choice(rows), month(chance.randrange(23), chance.randint(1, 28)), chance.choice([None, 1, 3, 4, 5, 5])
        )
    cases = list(Case.objects.all())
    shown = 0
    for _ in range(25):
        since = month(chance.randrange(20), chance.randint(1, 28))
        scope = Scope(since, since + timedelta(days=chance.randint(20, 500)))
        scope = replace(scope, categories=frozenset({chance.choice(rows).pk}) if chance.random() < 0.6 else None)
        inside = [case for case in cases if slow_count.in_scope(case, scope)]
        assert seen(scope) == slow_count.satisfaction(inside, scope, TODAY)
        shown += seen(scope).mean is not None
    assert shown >= 10


@pytest.mark.parametrize("count", range(5))
def test_a_small_group_shows_nothing(count, clock, categories):
    for number in range(count):
        evaluated(categories["wegdek"], month(number), 1)
    assert seen(YEAR) == Satisfaction()


def test_no_choice_of_period_sets_one_person_apart(clock, categories):
    """The target answered alone in July. Whoever asks every period there is, sees no two that differ by less than five."""
    for number in (0, 1, 2, 3, 4, 5, 7, 8, 9, 10):
        for day in range(1, 7):
            evaluated(categories["wegdek"], month(number, day), 4)
    evaluated(categories["wegdek"], month(6), 1)
    periods = set()
    for first in range(12):
        for last in range(first, 12):
            for since in (month(first, 1), month(first, 9), month(first, 11)):
                for until in (last_day(month(last)), month(last, 9), month(last, 11)):
                    told = seen_fast(Scope(since, until))
                    if told.since and told.until:
                        periods.add((told.since, told.until))
    assert len(periods) > 20
    people = {span: sum(span[0] <= row.closes_on <= span[1] for row in Invitation.objects.all()) for span in periods}
    for one in periods:
        for other in periods:
            if one != other:
                apart = {row.pk for row in Invitation.objects.all() if inside(row, one) != inside(row, other)}
                assert len(apart) >= disclosure.SMALLEST
    assert min(people.values()) >= disclosure.SMALLEST


def inside(row: Invitation, span: tuple[date, date]) -> bool:
    return span[0] <= row.closes_on <= span[1]


def seen_fast(scope: Scope) -> Satisfaction:
    """As `seen`, when nothing changed."""
    with columns.reading() as store:
        return satisfaction(store, scope.mask(store), scope, TODAY)


def test_asking_again_gives_the_same(clock, categories):
    for day in range(1, 20):
        evaluated(categories["wegdek"], month(3, day), 3)
    assert len({seen(YEAR) for _ in range(10)}) == 1


def test_asking_before_and_after_an_answer_of_this_month_gives_the_same(clock, categories):
    for day in range(1, 20):
        evaluated(categories["wegdek"], month(20, day), 5)
    before = seen(YEAR)
    evaluated(categories["wegdek"], date(2026, 12, 14), 1)  # the running month
    assert seen(YEAR) == before
    assert seen(replace(YEAR, until=date(2026, 12, 31))) == before


def test_one_person_more_in_a_filter_does_not_show_in_the_difference(clock, categories):
    """Both groups are big enough, and the attacker can leave the target out by a filter. What they see differs by chance:
    over many towns, a very satisfied target and a very dissatisfied one give the same differences."""
    moved = {1: [], 5: []}
    for score in moved:
        for round_ in range(30):
            Invitation.objects.all().delete()
            Case.objects.all().delete()
            for day in range(1, 13):
                evaluated(categories["wegdek"], month(5, day), 3)
            evaluated(categories["boom"], month(5, 20 + round_ % 5), score)
            everybody, others = seen(YEAR), seen(replace(YEAR, categories=frozenset({categories["wegdek"].pk})))
            moved[score].append(difference(everybody, others))
    # The number of people with score 3 does not depend on the target; the others' is hidden altogether.
    for everybody in moved.values():
        assert all(cell is None for cells in everybody for cell in (cells[0], cells[4]))
    assert len({cells[2] for cells in moved[1]}) > 1 and len({cells[2] for cells in moved[5]}) > 1


def difference(one: Satisfaction, other: Satisfaction) -> list[int | None]:
    return [None if a is None or b is None else a - b for a, b in zip(one.scores, other.scores, strict=True)]


def test_the_mean_tells_no_more_than_the_rounded_numbers(clock, categories):
    """Twelve answers of 5 and one of 1: the mean is made of numbers in which that one is rounded away or up to five."""
    for day in range(1, 13):
        evaluated(categories["wegdek"], month(5, day), 5)
    evaluated(categories["wegdek"], month(5, 20), 1)
    told = seen(YEAR)
    assert told.scores[0] is None
    possible = {round((5 * fives + ones) / (fives + ones), 1) for fives in (10, 15) for ones in (0, 5)}
    assert told.mean in possible
