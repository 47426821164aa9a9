"""Which cases a person sees: the one place that says it, used by every list, page, file and call."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from meldloket.people.models import Account
from meldloket.people.roles import Actor, Role

from .lifecycle import EventKind
from .models import Case, CaseEvent, Report, Visibility

#: Roles that see the cases of the whole municipality (complaints apart).
SEES_CASES = (Role.HANDLER, Role.ADMINISTRATOR, Role.RECEPTIONIST, Role.POLICY_OFFICER)


def visible_cases(actor: Actor, complaint_departments: frozenset[str]) -> QuerySet[Case]:
    """The cases that a member of staff may see. Complaints about the administration only for whoever works in a
    department that handles them (codes in `complaint_departments`); none at all for advisers, workers and citizens."""
    if not actor.has(*SEES_CASES):
        return Case.objects.none()
    if actor.is_system or actor.departments & complaint_departments:
        return Case.objects.all()
    return Case.objects.filter(Q(is_complaint=False))


def events_for(report: Report) -> list[CaseEvent]:
    """What the reporter may read of what happened to the case: their own, and what was told to all since they joined. What
    was written to others before that is not theirs to read."""
    rows = report.case.events.filter(visibility=Visibility.REPORTER).order_by("id")
    mine = [event for event in rows if event.report_id in (None, report.pk)]
    joined = max(
        (event.pk for event in mine if event.kind == EventKind.GROUPED and event.report_id == report.pk), default=0
    )
    return [event for event in mine if event.report_id == report.pk or event.pk > joined]


def own_reports(account: Account) -> QuerySet[Report]:
    """The reports of a citizen: by their account, and by their national number, so that a report that the desk
    registered on their behalf is theirs too."""
    mine = Q(reporter__account=account)
    if account.number_id is not None:
        mine |= Q(reporter__number_id=account.number_id)
    return Report.objects.filter(mine)
