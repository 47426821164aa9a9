"""The helicopter view counted the slow way: every case read from the tables, one by one, in plain Python. It shares nothing
with the facts and columns but the shape of the answer, so that a test can compare the two."""

from __future__ import annotations

import math
from collections import Counter
from datetime import date, datetime, timedelta

from django.utils import timezone

from meldloket.actions.models import Task
from meldloket.advice.models import AdviceRequest
from meldloket.cases.lifecycle import STATES
from meldloket.cases.models import Case
from meldloket.decisions.models import Decision
from meldloket.evaluation.models import Invitation
from meldloket.insight.figures import Bucket, Headline, Load, Overview, Spread, Turnaround, buckets
from meldloket.insight.satisfaction import Satisfaction
from meldloket.insight.scope import Scope
from meldloket.messages.models import Delivery
from meldloket.people import disclosure


def local(moment: datetime | None) -> date | None:
    return timezone.localtime(moment).date() if moment else None


def in_scope(case: Case, scope: Scope) -> bool:
    return (
        (scope.complaints or not case.is_complaint)
        and (scope.categories is None or case.category_id in scope.categories)
        and (scope.area is None or case.area_id == scope.area)
        and (scope.department is None or case.department_id == scope.department)
    )


def spread(hours: list[int]) -> Spread:
    ordered = sorted(hours)
    if not ordered:
        return Spread(0, None, None)
    at = [ordered[math.ceil(len(ordered) * share) - 1] for share in (0.5, 0.9)]
    return Spread(len(ordered), *at)


def hours(begin: datetime | None, end: datetime | None) -> int | None:
    if begin is None or end is None or end < begin:
        return None
    return int((end - begin).total_seconds() // 3600)


def step_hours(case: Case) -> dict[str, int | None]:
    """The hours of each step, from the first time that the case went through it."""
    first: dict[str, datetime] = {}
    for event in case.events.order_by("at", "id"):
        first.setdefault(event.kind, event.at)

    def earliest(*kinds: str) -> datetime | None:
        return min((first[kind] for kind in kinds if kind in first), default=None)

    handled = case.status in ("handled", "evaluated")
    return {
        "screening": hours(case.submitted_at, earliest("admissible", "inadmissible")),
        "assessment": hours(earliest("admissible"), earliest("actions_proposed", "closed", "taken_over")),
        "advice": hours(earliest("advice_started"), earliest("advice_worked_in")),
        "decision": hours(earliest("awaiting_decision"), earliest("approved", "partly_approved", "rejected")),
        "execution": hours(earliest("execution_started"), earliest("closed", "taken_over")),
        "whole": hours(case.submitted_at, case.ended_at) if handled else None,
    }


def end_of(case: Case) -> str:
    if case.status in ("handled", "evaluated"):
        return case.outcome or "handled"
    return case.status if STATES[case.status].ended else "open"


def overview(scope: Scope, today: date) -> Overview:
    """All figures, from the tables."""
    cases = [case for case in Case.objects.all() if in_scope(case, scope)]

    def during(day: date | None, of: Scope = scope) -> bool:
        return day is not None and of.since <= day <= of.until

    received = [case for case in cases if during(local(case.submitted_at))]
    opened = [case for case in cases if not STATES[case.status].ended]
    late = [case for case in opened if not case.suspended_at and case.target_date and case.target_date < today]
    handled = [case for case in cases if case.status in ("handled", "evaluated")]
    closed = [case for case in handled if during(local(case.ended_at))]
    before = scope.before()
    earlier = [case for case in handled if during(local(case.ended_at), before)]
    steps = {case.pk: step_hours(case) for case in cases}
    promised = [case for case in closed if case.target_date]
    return Overview(
        headline=Headline(
            received=len(received),
            received_before=sum(during(local(case.submitted_at), before) for case in cases),
            open=len(opened),
            late=len(late),
            closed=len(closed),
            median_hours=spread(whole(closed, steps)).median,
            median_hours_before=spread(whole(earlier, steps)).median,
            kept=sum((local(case.ended_at) or today) <= (case.target_date or today) for case in promised),
            promised=len(promised),
            parked=Delivery.objects.filter(report__case__in=cases, state="parked").count(),
        ),
        trend=[bucket(cases, since, until) for since, until in buckets(scope.since, scope.until)],
        flow=sorted(
            (*key, count)
            for key, count in Counter(
                (case.category_id or -1, case.department_id or -1, end_of(case)) for case in received
            ).items()
        ),
        steps={
            step: spread([found for case in closed if (found := steps[case.pk][step]) is not None])
            for step in ("screening", "assessment", "advice", "decision", "execution", "whole")
        },
        loads=loads(cases, opened, late, today),
        advice=advice(cases, scope, today),
        decisions=sorted(
            (*key, count)
            for key, count in Counter(
                (row.proposal.body, row.outcome)
                for row in Decision.objects.select_related("proposal").filter(proposal__case__in=cases)
                if row.applied_at and during(row.decided_on)
            ).items()
        ),
        promise=spread([days * 24 for case in promised if (days := promised_days(case)) >= 0]),
        satisfaction=satisfaction(cases, scope, today),
        areas=sorted(Counter(case.area_id or -1 for case in received).items()),
    )


def promised_days(case: Case) -> int:
    received = local(case.submitted_at)
    return (case.target_date - received).days if case.target_date and received else -1


def whole(cases: list[Case], steps: dict[int, dict[str, int | None]]) -> list[int]:
    return [found for case in cases if (found := steps[case.pk]["whole"]) is not None]


def satisfaction(cases: list[Case], scope: Scope, today: date) -> Satisfaction:
    """Evaluations that are over, month by month; only blocks of whole past months in which five people answered."""
    over = [
        (row, local(row.answered_at) or row.closes_on or today)
        for row in Invitation.objects.filter(report__case__in=cases, state__in=["answered", "expired"])
    ]
    if not over:
        return Satisfaction()
    month, blocks, people = min(day for _, day in over).replace(day=1), [], 0
    begin = month
    while month < today.replace(day=1):
        following = (month + timedelta(days=32)).replace(day=1)
        people += sum(row.state == "answered" and month <= day < following for row, day in over)
        if people >= 5:
            blocks.append((begin, following - timedelta(days=1)))
            begin, people = following, 0
        month = following
    inside = [(since, until) for since, until in blocks if scope.since <= since and until <= scope.until]
    if not inside:
        return Satisfaction()
    since, until = inside[0][0], inside[-1][1]
    counted = [row for row, day in over if since <= day <= until]
    keys = sum(row.key for row in counted)
    means = [sum(found) / len(found) for row in counted if (found := scores_of(row))]
    rounded = Counter(math.floor(mean + 0.5) for mean in means)
    per_score = [(score, rounded[score]) for score in (1, 2, 3, 4, 5)]
    asked = disclosure.masked(len(counted), keys, "asked")
    answered = disclosure.masked(sum(row.state == "answered" for row in counted), keys, "answered")
    return Satisfaction(
        since,
        until,
        mean=disclosure.mean(per_score, keys, "score"),
        asked=asked,
        answered=None if asked is None else answered,
        scores=tuple(disclosure.masked(count, keys, f"score:{score}") for score, count in per_score),
    )


def scores_of(invitation: Invitation) -> list[int]:
    return [number for number in invitation.rows.values_list("number", flat=True) if number is not None]


def bucket(cases: list[Case], since: date, until: date) -> Bucket:
    into = [local(case.submitted_at) or until for case in cases]
    out = [day for case in cases if (day := local(case.ended_at))]
    return Bucket(
        since,
        until,
        received=sum(since <= day <= until for day in into),
        closed=sum(since <= day <= until for day in out),
        backlog=sum(day <= until for day in into) - sum(day <= until for day in out),
    )


def loads(cases: list[Case], opened: list[Case], late: list[Case], today: date) -> list[Load]:
    waiting = [task for task in Task.objects.filter(parts__case__in=cases).distinct() if not task.ended]
    departments = {case.department_id or -1 for case in opened} | {task.department_id for task in waiting}
    return [
        Load(
            department,
            open=sum((case.department_id or -1) == department for case in opened),
            late=sum((case.department_id or -1) == department for case in late),
            tasks=sum(task.department_id == department for task in waiting),
            late_tasks=sum(
                task.department_id == department and task.due is not None and task.due < today for task in waiting
            ),
            hours=round(sum(task.planned_minutes for task in waiting if task.department_id == department) / 60, 1),
        )
        for department in sorted(departments)
    ]


def advice(cases: list[Case], scope: Scope, today: date) -> list[Turnaround]:
    rows = [
        row
        for row in AdviceRequest.objects.filter(case__in=cases).exclude(state__in=["withdrawn", "skipped"])
        if scope.since <= (local(row.asked_at) or today) <= scope.until
    ]
    found = []
    for service in sorted({row.service_id for row in rows}):
        own = [row for row in rows if row.service_id == service]
        found.append(
            Turnaround(
                service,
                asked=len(own),
                open=sum(row.answered_at is None for row in own),
                late=sum((local(row.answered_at) or today) > row.due for row in own),
                spread=spread([taken for row in own if (taken := hours(row.asked_at, row.answered_at)) is not None]),
            )
        )
    return found
