"""An unusual rise is seen when it is there and told once; ordinary noise, the season and holidays are no rise."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from meldloket.cases.terms import public_holidays
from meldloket.catalogue import current
from meldloket.catalogue.models import Area, Department
from meldloket.insight import columns, rises, tasks
from meldloket.insight.models import NONE, Fact, Rise
from meldloket.insight.scope import number_of
from meldloket.messages.models import Notice
from support import factories as make
from support.stores import store_of

START = date(2023, 1, 1)
DAYS = [START + timedelta(days=at) for at in range(365 * 3 + 300)]


def working(day: date) -> bool:
    return day.weekday() < 5 and day not in public_holidays(day.year)


def history(seed: int, usual: dict[int, float], season=lambda day: 1.0, more=lambda category, day: 0.0) -> list[dict]:
    """Reports of a made-up town: per category so many a working day, a third of it on other days."""
    draw = np.random.default_rng(seed)
    rows = []
    for category, mean in usual.items():
        for day in DAYS:
            expected = mean * (1 if working(day) else 0.35) * season(day) + more(category, day)
            rows += [{"received": number_of(day), "category": category}] * int(draw.poisson(expected))
    return rows


def told(rows: list[dict], since: date, until: date) -> list[tuple[int, date]]:
    """(category, day) of every rise, one that goes on counted once, looked for every morning."""
    store, seen, found = store_of(rows), {}, []
    day = since
    while day <= until:
        for one in rises.rising(store, day, working):
            if one.category not in seen or day - seen[one.category] > rises.SAME:
                found.append((one.category, day))
            seen[one.category] = day
        day += timedelta(days=1)
    return found


USUAL = {1: 0.3, 2: 0.8, 3: 1.5, 4: 3.0, 5: 8.0, 6: 0.05}
LAST = DAYS[-1]


@pytest.mark.parametrize("seed", range(3))
def test_ordinary_noise_is_no_rise(seed):
    assert told(history(seed, USUAL), LAST - timedelta(days=365), LAST) == []


def test_a_season_that_comes_back_is_no_rise():
    """Ten times as many in June, coming up within two weeks, every year."""

    def season(day: date) -> float:
        return 1 + 9 * np.exp(-(((day - date(day.year, 6, 15)).days / 18) ** 2))

    assert told(history(1, {1: 0.5, 2: 2.0}, season), date(2025, 4, 1), date(2025, 9, 30)) == []


def test_holidays_are_no_rise():
    """Hardly anybody reports between Christmas and New Year, and the week after is as before."""

    def season(day: date) -> float:
        return 0.3 if (day.month, day.day) >= (12, 24) or (day.month, day.day) <= (1, 2) else 1.0

    rows = history(2, USUAL, season)
    assert told(rows, date(2024, 12, 20), date(2025, 2, 15)) == []
    assert told(rows, date(2025, 4, 10), date(2025, 6, 15)) == []  # Easter, Ascension, Whitsun, 1 May


def test_a_real_rise_is_seen_within_a_week_and_only_there():
    begins = date(2025, 9, 8)
    rows = history(
        3, USUAL, more=lambda category, day: 3.0 if category == 2 and begins <= day < begins + timedelta(9) else 0
    )
    found = told(rows, date(2025, 8, 1), date(2025, 10, 20))
    assert [category for category, _ in found] == [2]
    assert timedelta(days=1) <= found[0][1] - begins <= timedelta(days=7)


def test_a_small_category_needs_enough_reports():
    day = number_of(date(2025, 9, 10))
    rows = history(4, {6: 0.02}) + [{"received": day, "category": 6}] * 7
    assert told(rows, date(2025, 9, 1), date(2025, 9, 20)) == []
    assert told([*rows, rows[-1], rows[-1]], date(2025, 9, 1), date(2025, 9, 20)) != []


def test_a_young_installation_says_nothing():
    first = number_of(date(2025, 8, 1))
    rows = [{"received": first + at, "category": 1} for at in range(40)]
    rows += [{"received": first + 39, "category": 1}] * 40
    assert rises.rising(store_of(rows), date(2025, 9, 9), working) == []


def test_complaints_and_erased_cases_do_not_count():
    day = number_of(date(2025, 9, 10))
    rows = history(4, {1: 0.5})
    hidden = [{"received": day, "category": 1, "complaint": True}, {"received": day, "category": 1, "gone": True}]
    assert told(rows + hidden * 30, date(2025, 9, 8), date(2025, 9, 14)) == []


def test_the_place_is_named_when_most_of_it_is_there():
    day = number_of(date(2025, 9, 10))
    rows = history(4, {1: 0.5}) + [{"received": day, "category": 1, "area": 7}] * 20
    (found,) = rises.rising(store_of(rows), date(2025, 9, 12), working)
    assert (found.area, found.there) == (7, 20)
    spread = history(4, {1: 0.5}) + [{"received": day, "category": 1, "area": at % 6} for at in range(20)]
    assert rises.rising(store_of(spread), date(2025, 9, 12), working)[0].area == NONE


@pytest.fixture
def town(db, clock):
    """A category with one report a day for a year, and forty last week in one area. Today is Monday 7 September 2026."""
    categories = make.make_catalogue()
    Department.objects.filter(code="openbare-werken").update(email="werken@lindekerke.example")
    box = {"type": "Polygon", "coordinates": [[[3.5, 51.0], [3.6, 51.0], [3.6, 51.1], [3.5, 51.0]]]}
    area = Area.objects.create(code="molenwijk", name="Molenwijk", geometry=box)
    current.forget()
    columns.forget()
    clock.freeze(datetime(2026, 9, 7, 7, 30, tzinfo=ZoneInfo("Europe/Brussels")))
    category = categories["wegdek"]
    days = [number_of(date(2026, 9, 6)) - at for at in range(500)] + [number_of(date(2026, 9, 3))] * 40
    Fact.objects.bulk_create(
        Fact(case_id=at, seq=at, received=day, category=category.pk, area=area.pk) for at, day in enumerate(days, 1)
    )
    yield category
    current.forget()
    columns.forget()


def test_the_head_of_the_department_is_told_once(town, clock):
    Department.objects.filter(code="openbare-werken").update(head_email="hoofd@lindekerke.example")
    tasks.look_for_rises()
    notice = Notice.objects.get()
    assert notice.recipient == "hoofd@lindekerke.example"
    assert notice.subject == "Opvallend veel meldingen: Schade aan de rijweg"
    assert "Van 31/08/2026 tot en met 06/09/2026 kwamen er 47 meldingen binnen" in notice.text
    assert "ongeveer 7 meldingen gewoon" in notice.text and "Het vaakst in Molenwijk: 47." in notice.text
    assert notice.link.endswith("/kantoor/inzicht/beleid/?van=2026-08-31&tot=2026-09-06&categorie=wegdek")
    for _ in range(2):
        assert rises.check() == 0  # the same day
    clock.advance(days=1)
    assert rises.check() == 0  # still going on: the same rise, seen a day later
    rise = Rise.objects.get()
    assert (rise.until, rise.since) == (date(2026, 9, 7), date(2026, 9, 1)) and Notice.objects.count() == 1


def test_a_new_rise_after_quiet_weeks_is_told_again(town, clock):
    assert rises.check() == 1
    newest = number_of(date(2026, 11, 6))
    quiet = [newest - at for at in range(61)] + [newest - 2] * 40
    Fact.objects.bulk_create(
        Fact(case_id=1000 + at, seq=1000 + at, received=day, category=town.pk) for at, day in enumerate(quiet)
    )
    clock.freeze(datetime(2026, 11, 7, 7, 30, tzinfo=ZoneInfo("Europe/Brussels")))
    assert rises.check() == 1
    assert Rise.objects.count() == 2 == Notice.objects.count()


def test_without_a_head_the_department_itself_is_told(town):
    rises.check()
    assert Notice.objects.get().recipient == "werken@lindekerke.example"


def test_without_any_address_the_rise_still_stands_on_the_page(town):
    Department.objects.update(email="")
    assert rises.check() == 1 and Rise.objects.count() == 1 and not Notice.objects.exists()
