"""What a handler does with an evaluation: read it, answer it, make an action or a new report of it (B8.4)."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.db.models import Q, QuerySet

from meldloket.actions import commands as actions
from meldloket.actions.commands import Plan
from meldloket.cases import clock, commands, events
from meldloket.cases.change import changing
from meldloket.cases.commands import NewReport, register_report
from meldloket.cases.lifecycle import STATES, EventKind, NotAllowed
from meldloket.cases.models import Case, IntakeChannel, Report
from meldloket.people.models import Reporter
from meldloket.people.roles import Actor, Role

from .models import Invitation

Processed = Invitation.Processed


def answered(cases: QuerySet[Case]) -> QuerySet[Invitation]:
    """The evaluations of these cases, which are those that somebody may see."""
    rows = Invitation.objects.filter(state=Invitation.State.ANSWERED, report__case__in=cases)
    return rows.select_related("report__case", "version")


def of_handler(actor: Actor) -> Q:
    """The evaluations of this handler's cases, and of those of their departments that nobody handles."""
    free = Q(report__case__handler=None, report__case__department__code__in=list(actor.departments))
    return Q(report__case__handler_id=actor.account_id) | free


def waiting_for(actor: Actor) -> int:
    """How many evaluations wait for this handler."""
    rows = Invitation.objects.filter(of_handler(actor), state=Invitation.State.ANSWERED, processed=Processed.NEW)
    return rows.count()


@contextmanager
def _processing(invitation: Invitation, by: Actor) -> Iterator[Invitation]:
    """The locked evaluation, not processed yet. Raises NotAllowed."""
    if not by.has(Role.HANDLER):
        raise NotAllowed("U hebt daar geen rechten voor.")
    with transaction.atomic():
        current = (
            Invitation.objects.select_for_update(of=("self",))
            .select_related("report__case__category", "report__case__department", "report__reporter")
            .get(pk=invitation.pk)
        )
        if current.state != Invitation.State.ANSWERED:
            raise NotAllowed("Deze evaluatie is nog niet ingevuld.")
        if current.processed != Processed.NEW:
            raise NotAllowed(f"{current.processed_by_name} verwerkte deze evaluatie al.")
        yield current


def _done(invitation: Invitation, what: str, by: Actor, text: str) -> None:
    invitation.processed, invitation.processed_at, invitation.processed_by_name = what, clock.now(), by.name
    invitation.save()
    with changing(invitation.report.case) as case:
        kind = EventKind.EVALUATION_ANSWERED if what == Processed.ANSWERED else EventKind.EVALUATION_PROCESSED
        events.append(
            case,
            kind,
            by,
            report=invitation.report,
            text=text,
            data={"evaluation": invitation.pk, "how": what},
            visible_to_reporter=what == Processed.ANSWERED,
        )


def acknowledge(invitation: Invitation, *, by: Actor, text: str = "") -> Invitation:
    """Read; nothing more is needed. `text`: a note for colleagues."""
    with _processing(invitation, by) as current:
        _done(current, Processed.ACKNOWLEDGED, by, text)
    return current


def answer(invitation: Invitation, *, by: Actor, text: str) -> Invitation:
    """The reporter gets an answer through their channels."""
    if not text.strip():
        raise NotAllowed("Schrijf uw antwoord: de melder leest dit.")
    with _processing(invitation, by) as current:
        current.reply = text
        _done(current, Processed.ANSWERED, by, text)
    return current


def into_action(invitation: Invitation, plan: Plan, *, by: Actor, text: str) -> Invitation:
    """The case is opened again, with an action to begin from. `text`: why, for the reporter."""
    if not text.strip():
        raise NotAllowed("Schrijf waarom u de melding heropent: de melder leest dit.")
    with _processing(invitation, by) as current:
        case = current.report.case
        if STATES[case.status].ended:
            case = commands.reopen(case, by=by, text=text)
        current.report.case = case
        actions.add_action(case, plan, by=by, source=f"evaluation:{current.pk}")
        current.follow_up = case
        _done(current, Processed.ACTION, by, plan.title)
    return current


def into_report(invitation: Invitation, *, by: Actor, text: str) -> Invitation:
    """A new report for the same reporter, place and category, with its own number, terms and messages. `text`: what is
    reported."""
    if not text.strip():
        raise NotAllowed("Schrijf wat er gemeld wordt.")
    with _processing(invitation, by) as current:
        report = _new_report(current, by, text)
        current.follow_up = report.case
        _done(current, Processed.REPORT, by, report.reference)
    return current


def _new_report(invitation: Invitation, by: Actor, text: str) -> Report:
    case, reporter = invitation.report.case, invitation.report.reporter
    new = NewReport(
        submission_key=uuid.uuid5(uuid.NAMESPACE_OID, f"evaluation:{invitation.pk}:{invitation.code}"),
        text=text,
        title=case.title,
        reporter=_same(reporter) if reporter is not None else None,
        category=case.category,
        department=case.department,
        handler_id=case.handler_id,
        area_id=case.area_id,
        channel=IntakeChannel.DESK,
        street=case.street,
        place_label=case.place_label,
        latitude=case.latitude,
        longitude=case.longitude,
        competent_authority=case.competent_authority,
        language=invitation.report.language,
        registered_by=by,
        screening={"from": invitation.report.reference},
        routing={"why": [f"Gemaakt van de evaluatie van {invitation.report.reference}."]},
    )
    return register_report(new)[0]


def _same(reporter: Reporter) -> Reporter:
    """The same person, to be kept and erased on its own."""
    copy = Reporter.objects.get(pk=reporter.pk)
    copy.pk, copy._state.adding = None, True
    return copy
