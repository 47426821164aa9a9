"""Several reports of one problem as one case (design.md): every reporter keeps an own reference, DOSIS case and messages,
and none sees another. Grouping moves a report to the other case; the emptied one is gone, its number still finds it."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction
from django.utils import timezone

from meldloket.people.roles import Actor, Role

from . import commands, events, terms
from .lifecycle import OPEN, EventKind, NotAllowed, Status
from .models import Attachment, Case, CaseEvent, Report, ReporterQuestion, Visibility

#: Statuses in which a case has nothing of its own yet that could not move along.
MOVABLE = (Status.SCREENING, Status.ADMISSIBLE, Status.IN_ASSESSMENT)

#: Asked before a case is emptied: a Dutch reason why it can't be, or None. Rooms that hang things on a case add theirs.
Obstacle = Callable[[Case], str | None]
_obstacles: list[Obstacle] = []


def ask_before_emptying(obstacle: Obstacle) -> None:
    """Registers a room's question, once, at start (AppConfig.ready)."""
    if obstacle not in _obstacles:
        _obstacles.append(obstacle)


def why_not_group(case: Case, other: Case) -> str | None:
    """Dutch reason why the reports of `other` can't join `case`; None when they can."""
    if case.pk == other.pk:
        return "Dat is dezelfde melding."
    if case.status not in OPEN or other.status not in OPEN:
        return "Een afgesloten melding kan niet samengevoegd worden. Heropen ze eerst."
    if case.category_id is None:
        return "Kies eerst een categorie: anders draagt de melding de woorden van één melder als titel."
    if case.is_complaint or other.is_complaint:
        return "Een klacht heeft een eigen procedure en een eigen antwoord."
    if other.status not in MOVABLE:
        return f"{other.reference} is al te ver gevorderd. Voeg de andere melding daarbij samen."
    return next((reason for ask in _obstacles if (reason := ask(other))), None)


def group(case: Case, other: Case, *, by: Actor, by_reporter: bool = False) -> Case:
    """The reports of `other` join `case`. Each reporter of `other` is told in own words; a second time changes nothing.
    `by_reporter`: they chose it themselves before sending. Raises NotAllowed."""
    if not (by_reporter or by.has(Role.HANDLER)):
        raise NotAllowed("U hebt daar geen rechten voor.")
    with transaction.atomic():
        locked = {
            row.pk: row
            for row in Case.objects.select_for_update(of=("self",))
            .select_related("category", "department", "handler")
            .filter(pk__in=[case.pk, other.pk])
            .order_by("pk")
        }
        if case.pk not in locked:
            raise NotAllowed("Deze melding is intussen zelf samengevoegd. Zoek ze op met haar nummer.")
        if other.pk not in locked:
            return locked[case.pk]  # somebody was first
        fresh, leaving = locked[case.pk], locked[other.pk]
        if reason := why_not_group(fresh, leaving):
            raise NotAllowed(reason)
        reports = list(leaving.reports.select_related("reporter").order_by("id"))
        _move(leaving, fresh, reports)
        fresh.version += 1
        for report in reports:
            report.case = fresh
            data = {"was": leaving.status, "reference": report.reference}
            events.append(fresh, EventKind.GROUPED, by, report=report, data=data, visible_to_reporter=True)
        fresh.save()
        leaving.delete()
    return fresh


def _move(leaving: Case, case: Case, reports: list[Report]) -> None:
    """What concerned all reporters of the leaving case concerns each of them now: nobody else may read it."""
    shared = list(leaving.events.filter(report=None, visibility=Visibility.REPORTER).order_by("id"))
    for event in shared:
        for report in reports[1:]:
            event_of = CaseEvent.objects.get(pk=event.pk)
            event_of.pk, event_of.report = None, report
            event_of._state.adding = True
            event_of.save()
        CaseEvent.objects.filter(pk=event.pk).update(report=reports[0])
    CaseEvent.objects.filter(case=leaving).update(case=case)
    ReporterQuestion.objects.filter(case=leaving).update(case=case)
    Attachment.objects.filter(case=leaving).update(case=case)
    Report.objects.filter(case=leaving).update(case=case)
    if leaving.waiting_for_reporter and not case.waiting_for_reporter:
        case.waiting_for_reporter = True
        terms.suspend(case)


def ungroup(report: Report, *, by: Actor) -> Case:
    """A report gets a case of its own again, with its own term and the status it had; its reporter is told. Raises
    NotAllowed for the only report of a case."""
    if not by.has(Role.HANDLER):
        raise NotAllowed("U hebt daar geen rechten voor.")
    with transaction.atomic():
        own, left = _split(report)
        data = {"from": left.reference}
        events.append(own, EventKind.UNGROUPED, by, report=own.reports.get(), data=data, visible_to_reporter=True)
    return own


def withdraw(report: Report, *, by: Actor, reason: str = "") -> Case:
    """The citizen takes the report back. Of several reporters only this one leaves: the case goes on for the others."""
    with transaction.atomic():
        # The cases of the case's reports are read under its lock, so that the last of two who leave at once is the last.
        case = Case.objects.select_for_update(of=("self",)).get(reports=report)
        alone = not case.reports.exclude(pk=report.pk).exists()
        own = case if alone or case.ended else _split(report)[0]
        return commands.withdraw(own, by=by, reason=reason)


def _split(report: Report) -> tuple[Case, Case]:
    """A new case for this report alone, and the case that it left. Raises NotAllowed when there is nothing to split."""
    case = Case.objects.select_for_update(of=("self",)).select_related("category", "department").get(reports=report)
    current = Report.objects.select_related("reporter").get(pk=report.pk)
    others = list(case.reports.exclude(pk=report.pk).order_by("id"))
    if current.case_id != case.pk or not others or case.ended:
        raise NotAllowed("Deze melding kan niet (meer) losgemaakt worden.")
    was = case.events.filter(report=current, kind=EventKind.GROUPED).order_by("-id").first()
    if case.reference == current.reference:
        case.reference = others[0].reference
    case.version += 1
    case.save()
    own = _own_case(case, current, was.data.get("was", "") if was else "")
    CaseEvent.objects.filter(case=case, report=current).update(case=own)
    ReporterQuestion.objects.filter(report=current).update(case=own)
    Attachment.objects.filter(report=current).update(case=own)
    Report.objects.filter(pk=current.pk).update(case=own)
    if case.waiting_for_reporter and not case.questions.filter(state=ReporterQuestion.State.OPEN).exists():
        case.waiting_for_reporter = False
        terms.resume(case)
        case.save()
    return own, case


def _own_case(case: Case, report: Report, status: str) -> Case:
    target, final = terms.terms_for(case.category, timezone.localdate(report.submitted_at))
    return Case.objects.create(
        status=status if status in MOVABLE else Status.SCREENING,
        title=case.title,
        summary=report.text[:20000],
        reference=report.reference,
        category=case.category,
        department=case.department,
        handler_id=case.handler_id,
        area_id=case.area_id,
        urgency=case.urgency,
        channel=report.channel,
        street=case.street,
        place_label=report.place_label,
        latitude=report.latitude,
        longitude=report.longitude,
        submitted_at=report.submitted_at,
        target_date=target,
        final_date=final,
        waiting_for_reporter=report.questions.filter(state=ReporterQuestion.State.OPEN).exists(),
    )
