"""What can be done with a case, one function a command: each reads like the sentence of the blueprint that it fulfils."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Count, OuterRef, Subquery
from django.utils import timezone

from meldloket.catalogue.models import Category, Department
from meldloket.people.models import Account, Reporter
from meldloket.people.roles import SYSTEM, Actor, Role

from . import clock, closing, events, lifecycle, terms
from .change import changing, move
from .lifecycle import OPEN, EventKind, NotAllowed, Status
from .models import Attachment, Case, CaseEvent, IntakeChannel, Report, ReporterQuestion, Urgency
from .references import next_reference


@dataclass
class NewReport:
    """Everything that a report needs to exist, whichever way it came in (form, desk, import, API)."""

    submission_key: UUID
    text: str
    title: str
    reporter: Reporter | None  # unsaved
    category: Category | None = None
    department: Department | None = None
    handler_id: int | None = None
    area_id: int | None = None
    urgency: str = Urgency.NORMAL
    channel: str = IntakeChannel.WEB
    is_complaint: bool = False
    street: str = ""
    place_label: str = ""
    latitude: float | None = None
    longitude: float | None = None
    competent_authority: str = ""
    observed: str = ""
    answers: list[dict[str, Any]] = field(default_factory=list)
    language: str = "nl"
    submitted_at: datetime | None = None
    registered_by: Actor | None = None
    screening: dict[str, Any] = field(default_factory=dict)  # what the screening found, for its event
    routing: dict[str, Any] = field(default_factory=dict)  # which rule chose department and handler
    attachment_ids: list[int] = field(default_factory=list)


def register_report(new: NewReport, along: Callable[[Report], None] = lambda report: None) -> tuple[Report, bool]:
    """The report becomes a case with a reference at once (B1.4), already screened and routed (B1.5, B1.6), in one
    transaction with its events, the messages that follow from them, and whatever `along` does for a new report. Gives the
    report and whether it is new: the same `submission_key` a second time gives the first report and changes nothing."""
    try:
        with transaction.atomic():
            report = _register(new)
            along(report)
            return report, True
    except IntegrityError:
        existing = Report.objects.select_related("case").filter(submission_key=new.submission_key).first()
        if existing is None:
            raise
        return existing, False


def _register(new: NewReport) -> Report:
    moment = new.submitted_at or clock.now()
    target, final = terms.terms_for(new.category, _day(moment), complaint=new.is_complaint)
    if new.reporter is not None:
        new.reporter.save()
    reference = next_reference(_day(moment).year)
    case = Case(
        status=Status.SCREENING,
        title=new.title[:200],
        summary=new.text[:20000],
        reference=reference,
        category=new.category,
        department=new.department,
        handler_id=new.handler_id,
        area_id=new.area_id,
        urgency=new.urgency,
        channel=new.channel,
        is_complaint=new.is_complaint,
        street=new.street[:200],
        place_label=new.place_label[:300],
        latitude=new.latitude,
        longitude=new.longitude,
        competent_authority=new.competent_authority[:200],
        submitted_at=moment,
        target_date=target,
        final_date=final,
    )
    case.save(force_insert=True)
    report = Report(
        case=case,
        reference=reference,
        reporter=new.reporter,
        submission_key=new.submission_key,
        text=new.text,
        observed=new.observed[:200],
        answers=new.answers,
        latitude=new.latitude,
        longitude=new.longitude,
        place_label=new.place_label[:300],
        channel=new.channel,
        registered_by_id=new.registered_by.account_id if new.registered_by else None,
        language=new.language,
        submitted_at=moment,
    )
    report.save(force_insert=True)
    if new.attachment_ids:
        Attachment.objects.filter(pk__in=new.attachment_ids, case=None).update(case=case, report=report)
    _first_events(case, report, new, moment)
    return report


def _day(moment: datetime) -> date:
    return timezone.localtime(moment).date()


def _first_events(case: Case, report: Report, new: NewReport, moment: datetime) -> None:
    """Submitted, screened and routed in one insert; listeners hear of the first, which is what the citizen is told."""
    by = new.registered_by or SYSTEM
    rows = [
        CaseEvent(
            case=case,
            report=report,
            kind=EventKind.SUBMITTED,
            at=moment,
            by_id=by.account_id,
            by_name=by.name if new.registered_by else "",
            by_reporter=new.registered_by is None,
            visibility="reporter",
            to_status=Status.SUBMITTED,
        ),
        CaseEvent(
            case=case,
            kind=EventKind.SCREENED,
            at=moment,
            by_name=SYSTEM.name,
            data=new.screening,
            from_status=Status.SUBMITTED,
            to_status=Status.SCREENING,
        ),
        CaseEvent(case=case, kind=EventKind.ROUTED, at=moment, by_name=SYSTEM.name, data=new.routing),
    ]
    CaseEvent.objects.bulk_create(rows)
    events.tell(rows[0], case)


def declare_admissible(case: Case, *, by: Actor, text: str, seen_version: int | None = None) -> Case:
    """The case handler takes the final decision on admissibility: yes (B1.7). `text`: what the citizen reads."""
    with changing(case, seen_version=seen_version) as fresh:
        if fresh.handler_id is None:
            fresh.handler_id = by.account_id
        move(fresh, "declare_admissible", by, text=text)
    return fresh


def declare_inadmissible(case: Case, *, by: Actor, reason: str, text: str, seen_version: int | None = None) -> Case:
    """The case handler takes the final decision on admissibility: no, with one of the catalogue's reasons (B1.7)."""
    if not text.strip():
        raise NotAllowed("Schrijf wat de melder te lezen krijgt: een weigering zonder uitleg kan niet.")
    with changing(case, seen_version=seen_version) as fresh:
        fresh.inadmissible_reason = reason
        _close_open_questions(fresh)
        move(fresh, "declare_inadmissible", by, text=text, data={"reason": reason})
    return fresh


def start_assessment(case: Case, *, by: Actor, text: str = "", seen_version: int | None = None) -> Case:
    """The case handler starts to assess the report (B2.4)."""
    with changing(case, seen_version=seen_version) as fresh:
        move(fresh, "start_assessment", by, text=text)
    return fresh


def withdraw(case: Case, *, by: Actor, reason: str = "", seen_version: int | None = None) -> Case:
    """The citizen takes the report back, with a reason if they like."""
    with changing(case, seen_version=seen_version) as fresh:
        _close_open_questions(fresh)
        move(fresh, "withdraw", by, text=reason, by_reporter=True)
    return fresh


def take_over_handled(case: Case, *, by: Actor) -> Case:
    """A report that another system handled before this municipality moved to Meldloket: kept for the figures, told to
    nobody."""
    with changing(case) as fresh:
        move(fresh, "take_over_handled", by)
    return fresh


def reopen(case: Case, *, by: Actor, text: str, seen_version: int | None = None) -> Case:
    """An ended case is taken up again: history stays, terms start anew. One that was handled goes back to its handler, with
    the reactions that it answers; any other begins again with its admissibility."""
    with changing(case, seen_version=seen_version) as fresh:
        handled = fresh.status in lifecycle.transition("reopen_handled").sources
        fresh.inadmissible_reason = fresh.outcome = ""
        fresh.suspended_at = None
        fresh.target_date, fresh.final_date = terms.terms_for(fresh.category, clock.today(), complaint=fresh.is_complaint)
        closing.reopen_last(fresh, by)
        move(fresh, "reopen_handled" if handled else "reopen", by, text=text)
    return fresh


def _close_open_questions(case: Case) -> None:
    """A case that ends has nothing left to ask."""
    if case.waiting_for_reporter:
        case.questions.filter(state=ReporterQuestion.State.OPEN).update(state=ReporterQuestion.State.CLOSED)
        case.waiting_for_reporter = False
        terms.resume(case)


def _only(by: Actor, case: Case, *roles: str) -> None:
    if not by.has(*roles):
        raise NotAllowed("U hebt daar geen rechten voor.")
    if case.ended:
        raise NotAllowed("De melding is afgesloten; heropen ze eerst.")


def reassign(
    case: Case,
    *,
    by: Actor,
    handler: Account | None,
    department: Department | None = None,
    why: str = "",
    seen_version: int | None = None,
) -> Case:
    """Gives the case to another handler or back to a department's queue (handler None). The citizen is not told."""
    with changing(case, seen_version=seen_version) as fresh:
        _only(by, fresh, Role.HANDLER, Role.ADMINISTRATOR)
        if handler is not None and Role.HANDLER not in handler.roles:
            raise NotAllowed("Die medewerker is geen dossierbehandelaar.")
        fresh.handler = handler
        if department is not None:
            fresh.department = department
        data = {
            "handler": handler.full_name if handler else "",
            "department": fresh.department.name if fresh.department else "",
        }
        events.append(fresh, EventKind.REASSIGNED, by, text=why, data=data)
    return fresh


def change_category(case: Case, *, by: Actor, category: Category, why: str = "", seen_version: int | None = None) -> Case:
    """Corrects the category: new terms from the day of submission, the category's department when the case has no
    handler, and the screening learns from it (it listens to the event)."""
    with changing(case, seen_version=seen_version) as fresh:
        _only(by, fresh, Role.HANDLER, Role.ADMINISTRATOR)
        before = fresh.category
        fresh.category = category
        if fresh.handler_id is None:
            fresh.department = category.department
        fresh.target_date, fresh.final_date = terms.terms_for(
            category, _day(fresh.submitted_at), complaint=fresh.is_complaint
        )
        data = {"from": before.code if before else "", "to": category.code, "to_name": category.name}
        events.append(fresh, EventKind.CATEGORY_CHANGED, by, text=why, data=data)
    return fresh


def make_complaint(case: Case, *, by: Actor, seen_version: int | None = None) -> Case:
    """The report is a complaint about the administration: it goes to its own queue, with its own term of 45 days."""
    queue = Department.objects.filter(handles_complaints=True, active=True).first()
    with changing(case, seen_version=seen_version) as fresh:
        _only(by, fresh, Role.HANDLER)
        if queue is None:
            raise NotAllowed("Er is geen dienst die klachten behandelt. Vraag de beheerder om er een aan te duiden.")
        fresh.is_complaint = True
        fresh.department, fresh.handler = queue, None
        fresh.target_date, fresh.final_date = terms.terms_for(None, _day(fresh.submitted_at), complaint=True)
        events.append(fresh, EventKind.MADE_COMPLAINT, by, visible_to_reporter=True)
    return fresh


def add_note(case: Case, *, by: Actor, text: str) -> CaseEvent:
    """An internal note: colleagues read it, the citizen never does."""
    with changing(case) as fresh:
        if not by.has(Role.HANDLER, Role.RECEPTIONIST, Role.ADMINISTRATOR):
            raise NotAllowed("U hebt daar geen rechten voor.")
        return events.append(fresh, EventKind.NOTE_ADDED, by, text=text)


def extend_term(case: Case, *, by: Actor, target: date, why: str, seen_version: int | None = None) -> Case:
    """Moves the target date to a later day, with a reason that the citizen reads; the final date follows when it must."""
    with changing(case, seen_version=seen_version) as fresh:
        _only(by, fresh, Role.HANDLER)
        if fresh.target_date is not None and target <= fresh.target_date:
            raise NotAllowed("Kies een dag na de huidige streefdatum.")
        if not why.strip():
            raise NotAllowed("Geef een reden: de melder krijgt ze te lezen.")
        before = fresh.target_date
        fresh.target_date = target
        if fresh.final_date is None or fresh.final_date < target:
            fresh.final_date = target
        data = {"from": before.isoformat() if before else "", "to": target.isoformat()}
        events.append(fresh, EventKind.TERM_EXTENDED, by, text=why, data=data, visible_to_reporter=True)
    return fresh


def suspend_term(case: Case, *, by: Actor, why: str, seen_version: int | None = None) -> Case:
    """Stops the terms for a reason of the handler's own (waiting for a third party)."""
    with changing(case, seen_version=seen_version) as fresh:
        _only(by, fresh, Role.HANDLER)
        if fresh.suspended_at is not None:
            raise NotAllowed("De termijn staat al stil.")
        terms.suspend(fresh)
        events.append(fresh, EventKind.TERM_SUSPENDED, by, text=why)
    return fresh


def resume_term(case: Case, *, by: Actor, seen_version: int | None = None) -> Case:
    """Starts the terms again; the days that they stood still are added."""
    with changing(case, seen_version=seen_version) as fresh:
        _only(by, fresh, Role.HANDLER)
        if fresh.waiting_for_reporter:
            raise NotAllowed("De termijn staat stil tot de melder antwoordt.")
        days = terms.resume(fresh)
        events.append(fresh, EventKind.TERM_RESUMED, by, data={"days": days})
    return fresh


def open_work() -> Subquery:
    """How many open cases an account handles, to annotate accounts with; null for none (index case_handler_idx)."""
    rows = Case.objects.filter(handler=OuterRef("pk"), status__in=OPEN).order_by().values("handler")
    return Subquery(rows.annotate(n=Count("id")).values("n"))
