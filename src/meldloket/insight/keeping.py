"""Keeps the facts up to date (docs/adr/0009-facts-in-columns.md): cases that triggers marked are counted again from the
tables themselves, in one transaction with the taking away of the mark. Killed at any point, nothing is lost; counted twice,
nothing changes. One statement says what a fact is, for a refresh and for a rebuild from nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from django.conf import settings
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from meldloket.cases.lifecycle import Outcome, Status
from meldloket.cases.models import IntakeChannel
from meldloket.decisions.models import Body, Decision

from .models import EPOCH

BATCH = 20_000  # cases that are counted in one transaction
LOCK = 0x4D4C_4643  # "MLFC": one refresh at a time, so that `seq` rises in the order of commits
MOST_HOURS = 32_767


def _codes(values: list[str], column: str) -> str:
    """SQL for the place of a code in its list, -1 when it is not there."""
    listed = ", ".join(f"'{value}'" for value in values)
    return f"coalesce(array_position(ARRAY[{listed}]::text[], {column}::text) - 1, -1)"


def _day(column: str) -> str:
    return f"({column} AT TIME ZONE '{settings.TIME_ZONE}')::date - DATE '{EPOCH}'"


def _hours(begin: str, end: str) -> str:
    """Whole hours from `begin` to `end`, -1 when one is not known or they stand the wrong way round."""
    return (
        f"CASE WHEN {end} >= {begin} THEN least({MOST_HOURS}, "
        f"floor(extract(epoch FROM {end} - {begin}) / 3600))::smallint ELSE -1 END"
    )


HANDLED = f"c.status IN ('{Status.HANDLED}', '{Status.EVALUATED}')"

#: Columns of a fact, each with what it is of case c, its events e, reports r and messages d.
FACT: dict[str, str] = {
    "case_id": "c.id",
    "seq": "nextval('insight_seq')",
    "gone": "false",
    "complaint": "c.is_complaint",
    "suspended": "c.suspended_at IS NOT NULL",
    "reopened": "coalesce(e.reopened, false)",
    "dissatisfied": "coalesce(e.dissatisfied, false)",
    "received": _day("c.submitted_at"),
    "weekhour": (
        f"((extract(isodow FROM c.submitted_at AT TIME ZONE '{settings.TIME_ZONE}') - 1) * 24 "
        f"+ extract(hour FROM c.submitted_at AT TIME ZONE '{settings.TIME_ZONE}'))::smallint"
    ),
    "ended": f"coalesce({_day('c.ended_at')}, -1)",
    "target": f"coalesce(c.target_date - DATE '{EPOCH}', -1)",
    "category": "coalesce(c.category_id, -1)",
    "department": "coalesce(c.department_id, -1)",
    "area": "coalesce(c.area_id, -1)",
    "channel": _codes(list(IntakeChannel.values), "c.channel"),
    "status": _codes(list(Status.values), "c.status"),
    "outcome": _codes(list(Outcome.values), "c.outcome"),
    "latitude": "coalesce(round(c.latitude * 1e6)::int, 2147483647)",
    "longitude": "coalesce(round(c.longitude * 1e6)::int, 2147483647)",
    "screening_hours": _hours("c.submitted_at", "e.judged"),
    "assessment_hours": _hours("e.admitted", "least(e.proposed, e.closed)"),
    "advice_hours": _hours("e.advice_begun", "e.advice_done"),
    "decision_hours": _hours("e.put", "e.decided"),
    "execution_hours": _hours("e.begun", "e.closed"),
    "whole_hours": f"CASE WHEN {HANDLED} THEN {_hours('c.submitted_at', 'c.ended_at')} ELSE -1 END",
    "reports": "r.n",
    "parked": "least(d.n, 32767)",
}

SOURCES = """
FROM cases_case c
LEFT JOIN LATERAL (
    SELECT min(at) FILTER (WHERE kind IN ('admissible', 'inadmissible')) AS judged,
           min(at) FILTER (WHERE kind = 'admissible') AS admitted,
           min(at) FILTER (WHERE kind = 'actions_proposed') AS proposed,
           min(at) FILTER (WHERE kind = 'advice_started') AS advice_begun,
           min(at) FILTER (WHERE kind = 'advice_worked_in') AS advice_done,
           min(at) FILTER (WHERE kind = 'awaiting_decision') AS put,
           min(at) FILTER (WHERE kind IN ('approved', 'partly_approved', 'rejected')) AS decided,
           min(at) FILTER (WHERE kind = 'execution_started') AS begun,
           min(at) FILTER (WHERE kind IN ('closed', 'taken_over')) AS closed,
           bool_or(kind = 'reopened') AS reopened,
           bool_or(kind = 'dissatisfied') AS dissatisfied
    FROM cases_caseevent WHERE case_id = c.id
) e ON true
LEFT JOIN LATERAL (SELECT count(*) AS n FROM cases_report WHERE case_id = c.id) r ON true
LEFT JOIN LATERAL (
    SELECT count(*) AS n FROM messaging_delivery m JOIN cases_report r2 ON r2.id = m.report_id
    WHERE r2.case_id = c.id AND m.state = 'parked'
) d ON true
WHERE c.id = ANY(%(cases)s)
"""

FACTS = (
    f"INSERT INTO insight_fact ({', '.join(FACT)}) SELECT {', '.join(FACT.values())} {SOURCES} "
    "ON CONFLICT (case_id) DO UPDATE SET "
    + ", ".join(f"{column} = excluded.{column}" for column in FACT if column != "case_id")
)

#: What is gone stays as a mark, so that every process hears of it.
GONE = """
UPDATE insight_fact f SET gone = true, seq = nextval('insight_seq')
WHERE case_id = ANY(%(cases)s) AND NOT gone AND NOT EXISTS (SELECT FROM cases_case c WHERE c.id = f.case_id)
"""

#: The facts of which a case has several: table → (columns, how they are found).
PARTS: dict[str, tuple[str, str]] = {
    "insight_advice": (
        "case_id, service, asked, due, answered, hours",
        f"""SELECT q.case_id, q.service_id, {_day("q.asked_at")}, q.due - DATE '{EPOCH}',
        coalesce({_day("q.answered_at")}, -1), {_hours("q.asked_at", "q.answered_at")}
        FROM advice_advicerequest q WHERE q.case_id = ANY(%(cases)s) AND q.state NOT IN ('withdrawn', 'skipped')""",  # noqa: S608
    ),
    "insight_task": (
        "case_id, task, department, due, minutes",
        f"""SELECT DISTINCT p.case_id, t.id, t.department_id, coalesce(t.due - DATE '{EPOCH}', -1), t.planned_minutes
        FROM actions_taskpart p JOIN actions_task t ON t.id = p.task_id
        WHERE p.case_id = ANY(%(cases)s) AND t.state NOT IN ('done', 'cancelled')""",  # noqa: S608
    ),
    "insight_decision": (
        "case_id, body, outcome, day",
        f"""SELECT p.case_id, {_codes(list(Body.values), "p.body")}, {_codes(list(Decision.Outcome.values), "d.outcome")},
        d.decided_on - DATE '{EPOCH}'
        FROM decisions_proposal p JOIN decisions_decision d ON d.proposal_id = p.id
        WHERE p.case_id = ANY(%(cases)s) AND d.applied_at IS NOT NULL""",  # noqa: S608  (names and codes of our own)
    ),
    "insight_evaluation": (
        "case_id, day, answered, score_sum, score_count, key",
        f"""SELECT r.case_id, coalesce({_day("i.answered_at")}, i.closes_on - DATE '{EPOCH}'), (i.state = 'answered')::int,
        coalesce(sum(a.number), 0), count(a.number), i.key
        FROM cases_report r JOIN evaluation_invitation i ON i.report_id = r.id
        LEFT JOIN evaluation_answer a ON a.invitation_id = i.id
        WHERE r.case_id = ANY(%(cases)s) AND i.state IN ('answered', 'expired') GROUP BY r.case_id, i.id""",  # noqa: S608
    ),
}


def _count(cursor: CursorWrapper, cases: list[int]) -> None:
    """Writes the facts of these cases anew, from the tables."""
    found = {"cases": cases}
    cursor.execute(GONE, found)
    cursor.execute(FACTS, found)
    for table, (columns, select) in PARTS.items():
        cursor.execute(f"DELETE FROM {table} WHERE case_id = ANY(%(cases)s)", found)  # noqa: S608  (names of our own)
        cursor.execute(f"INSERT INTO {table} ({columns}) {select}", found)  # noqa: S608


@contextmanager
def _alone() -> Iterator[CursorWrapper]:
    """A transaction in which no other refresh runs."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        yield cursor


def refresh(most: int = BATCH, *, wait: bool = True) -> int:
    """Counts again what was marked, the oldest first and at most `most` marks. Gives how many marks it took away; fewer
    than `most` means that the facts are those of this moment. Without `wait`, nothing while another refresh runs."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM insight_dirty)")
        if not cursor.fetchone()[0]:
            return 0
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_{'' if wait else 'try_'}advisory_xact_lock(%s)", [LOCK])  # noqa: S608
        if cursor.fetchone()[0] is False:
            return 0
        cursor.execute(
            "DELETE FROM insight_dirty WHERE id IN (SELECT id FROM insight_dirty ORDER BY id LIMIT %s) RETURNING case_id",
            [most],
        )
        marks = [row[0] for row in cursor.fetchall()]
        if marks:
            _count(cursor, sorted(set(marks)))
    return len(marks)


def refresh_all() -> int:
    """Counts again everything that is marked; gives how many marks that were."""
    total = 0
    while taken := refresh():
        total += taken
        if taken < BATCH:
            break
    return total


def oldest_mark() -> datetime | None:
    """Since when something waits to be counted; None when nothing does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT at FROM insight_dirty ORDER BY id LIMIT 1")
        row = cursor.fetchone()
    return row[0] if row else None


def rebuild(progress: Callable[[int], None] = lambda done: None) -> int:
    """Counts every case again from nothing, in batches, while the product runs. Gives how many cases there are."""
    with _alone() as cursor:
        cursor.execute(
            "SELECT case_id FROM insight_fact f WHERE NOT EXISTS (SELECT FROM cases_case c WHERE c.id = f.case_id)"
        )
        gone = [row[0] for row in cursor.fetchall()]
        if gone:
            _count(cursor, gone)
    last = done = 0
    while True:
        with _alone() as cursor:
            cursor.execute("SELECT id FROM cases_case WHERE id > %s ORDER BY id LIMIT %s", [last, BATCH])
            cases = [row[0] for row in cursor.fetchall()]
            if not cases:
                return done
            _count(cursor, cases)
        last, done = cases[-1], done + len(cases)
        progress(done)
