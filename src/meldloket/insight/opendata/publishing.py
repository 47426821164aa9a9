"""Puts complete months in the open data, once each. A month is never counted again: what was published stays as it was,
and what comes later is a group of at least five people by itself, so that the difference between two editions says no more
than either (docs/adr/0011-open-data-snapshot.md)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import connection, transaction

from meldloket.cases import clock
from meldloket.cases.lifecycle import STATES, Status
from meldloket.catalogue.models import PublicLevel
from meldloket.insight.models import OpenCase, OpenGroup, OpenMonth
from meldloket.people.disclosure import first_day, month_of

from .groups import LADDERS, Key, Level, Record, grouped, median_days, people_in
from .people import people_of

LOCK = 0x4D4C_4F44  # "MLOD": one edition at a time
#: Months between the end of a month and its publication, so that most of its cases have ended by then.
WAIT_MONTHS = 1

_RECORDS = """
SELECT c.id, c.latitude, c.longitude, coalesce(a.code, ''), k.main_category, k.code, c.status, c.outcome,
    (c.ended_at AT TIME ZONE 'Europe/Brussels')::date - (c.submitted_at AT TIME ZONE 'Europe/Brussels')::date
FROM cases_case c JOIN catalogue_category k ON k.id = c.category_id LEFT JOIN catalogue_area a ON a.id = c.area_id
WHERE c.submitted_at >= %(since)s::timestamp AT TIME ZONE 'Europe/Brussels'
    AND c.submitted_at < %(until)s::timestamp AT TIME ZONE 'Europe/Brussels'
    AND NOT c.is_complaint AND k.public_level <> %(nothing)s
    AND NOT EXISTS (SELECT FROM insight_opencase o WHERE o.case_id = c.id)
"""
_HANDLED = (Status.HANDLED, Status.EVALUATED)


def publish_due() -> int:
    """Publishes every month that is due and was not published yet, the oldest first; gives how many."""
    last = _months_after(clock.today().replace(day=1), -1 - WAIT_MONTHS)
    month = _next()
    made = 0
    while month is not None and month <= last:
        made += publish(month)
        month = _months_after(month, 1)
    return made


def publish(month: date) -> bool:
    """Publishes this month (its first day), with what waited for its quarter or year when it ends one. In one transaction;
    False when it was published before."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        made, new = OpenMonth.objects.get_or_create(month=month, defaults={"made_at": clock.now()})
        if not new:
            return False
        after = _months_after(month, 1)
        for length, ladder in LADDERS.items():
            if month.month % length == 0:
                _publish_period(made, _months_after(after, -length), after, ladder)
    return True


def _publish_period(made: OpenMonth, since: date, after: date, ladder: tuple[Level, ...]) -> None:
    for key, records in grouped(_records(since, after), ladder):
        group = OpenGroup.objects.create(
            month=made,
            since=since,
            until=after - timedelta(days=1),
            count=len(records),
            people=people_in(records),
            median_days=median_days(records),
            inside=sorted({record.category for record in records}),
            **_said(key),
        )
        OpenCase.objects.bulk_create(OpenCase(case_id=record.case_id, group=group) for record in records)


def _said(key: Key) -> dict[str, Any]:
    return {name: getattr(key, name) for name in ("place", "x", "y", "area", "main_category", "category", "end")}


def _records(since: date, after: date) -> list[Record]:
    """The cases of a period that may be public and are not yet."""
    with connection.cursor() as cursor:
        cursor.execute(_RECORDS, {"since": since, "until": after, "nothing": PublicLevel.NOTHING})
        rows = cursor.fetchall()
    behind = people_of(row[0] for row in rows)
    return [
        Record(
            case_id, latitude, longitude, area, main, category,
            end=_end(status, outcome),
            days=max(days, 0) if status in _HANDLED and days is not None else None,
            people=behind[case_id][0],
            unknown=behind[case_id][1],
        )
        for case_id, latitude, longitude, area, main, category, status, outcome, days in rows
        if case_id in behind  # its reports went to another case
    ]  # fmt: skip


def _end(status: str, outcome: str) -> str:
    """What became of a case, as figures.ENDS has it."""
    if not STATES[status].ended:
        return "open"
    if status in _HANDLED:
        return outcome or "handled"
    return status


def _next() -> date | None:
    """The first month that was not published; None when nothing ever came in."""
    newest = OpenMonth.objects.order_by("-month").first()
    if newest is not None:
        return _months_after(newest.month, 1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT (min(submitted_at) AT TIME ZONE 'Europe/Brussels')::date FROM cases_case")
        first: date | None = cursor.fetchone()[0]
    return first.replace(day=1) if first else None


def _months_after(month: date, count: int) -> date:
    """The first day of the month `count` months later."""
    return first_day(month_of(month) + count)
