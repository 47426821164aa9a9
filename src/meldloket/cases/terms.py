"""Terms in working days: weekends, the public holidays of Belgium, the Flemish feast day and the municipality's own
closing days do not count (wishes.md: terms)."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

import holidays
from django.utils import timezone

from meldloket.catalogue.models import Category, ClosingDay

from . import clock
from .models import Case

#: A complaint about the administration is answered within 45 days of its registration (Bestuursdecreet), calendar days.
COMPLAINT_DAYS = 45


@lru_cache(maxsize=32)
def public_holidays(year: int) -> frozenset[date]:
    """Belgian public holidays of a year, and 11 July, on which Flemish public services are closed."""
    return frozenset(holidays.country_holidays("BE", years=year)) | {date(year, 7, 11)}


_closing_days: tuple[float, frozenset[date]] | None = None


def closing_days() -> frozenset[date]:
    """The municipality's own closing days, read at most once a minute per process."""
    global _closing_days
    moment = clock.now().timestamp()
    if _closing_days is None or not 0 <= moment - _closing_days[0] < 60:
        _closing_days = (moment, frozenset(ClosingDay.objects.values_list("day", flat=True)))
    return _closing_days[1]


def is_working_day(day: date) -> bool:
    return day.weekday() < 5 and day not in public_holidays(day.year) and day not in closing_days()


def add_working_days(start: date, days: int) -> date:
    """The working day that is `days` working days after `start`; 0 gives the first working day from `start` on."""
    day = start
    while not is_working_day(day):
        day += timedelta(days=1)
    for _ in range(days):
        day += timedelta(days=1)
        while not is_working_day(day):
            day += timedelta(days=1)
    return day


def working_days_between(start: date, end: date) -> int:
    """Working days after `start` up to and with `end`; negative when `end` lies before `start`."""
    if end < start:
        return -working_days_between(end, start)
    day, count = start, 0
    while day < end:
        day += timedelta(days=1)
        count += is_working_day(day)
    return count


def terms_for(category: Category | None, submitted: date, *, complaint: bool = False) -> tuple[date, date]:
    """Target date and final date for a report that came in on `submitted`."""
    if complaint:
        final = submitted + timedelta(days=COMPLAINT_DAYS)
        return add_working_days(submitted, 20), final
    target = category.target_days if category else 10
    final_days = max(category.final_days if category else 20, target)
    return add_working_days(submitted, target), add_working_days(submitted, final_days)


def suspend(case: Case) -> None:
    """Stops the clock while the reporter has the ball. Nothing happens when it stands still already."""
    if case.suspended_at is None:
        case.suspended_at = clock.now()


def resume(case: Case) -> int:
    """Starts the clock again; the working days it stood still are added to both dates. Gives that number of days."""
    if case.suspended_at is None:
        return 0
    stood_still = working_days_between(timezone.localdate(case.suspended_at), clock.today())
    for name in ("target_date", "final_date"):
        if (day := getattr(case, name)) is not None:
            setattr(case, name, add_working_days(day, stood_still))
    case.suspended_at = None
    return stood_still
