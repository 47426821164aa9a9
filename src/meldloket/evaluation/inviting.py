"""Who is asked to evaluate, when, and once: planned when a case is closed, sent some days later, reminded of one time
(B8.2; wishes.md: never two questionnaires for one report)."""

from __future__ import annotations

from datetime import date, timedelta

import structlog
from django.utils import timezone

from meldloket.cases import clock, events
from meldloket.cases.change import changing
from meldloket.cases.lifecycle import EventKind, Status
from meldloket.cases.models import Case, CaseEvent, Reaction, Report
from meldloket.catalogue.current import catalogue
from meldloket.people.models import Reporter
from meldloket.people.roles import SYSTEM

from .building import version_for
from .models import Invitation

log = structlog.get_logger(__name__)
OPEN = (Invitation.State.SENT, Invitation.State.BY_PHONE)
MOST = 2000  # invitations of one run; the next run takes the rest


def follow_case(event: CaseEvent, case: Case) -> None:
    """Listens to the core: a closed case plans an invitation for each reporter who had none; a reopened one takes back what
    was only planned."""
    if event.kind == EventKind.CLOSED:
        _plan(case)
    elif event.kind == EventKind.REOPENED:
        Invitation.objects.filter(report__case=case, state=Invitation.State.PLANNED).delete()


def _plan(case: Case) -> None:
    town = catalogue().municipality
    if not town.evaluate:
        return
    due = clock.today() + timedelta(days=town.evaluate_after)
    rows = Report.objects.filter(case=case, reporter__isnull=False, evaluation=None)
    Invitation.objects.bulk_create([Invitation(report=row, due=due) for row in rows], ignore_conflicts=True)


def reachable(reporter: Reporter) -> bool:
    """Whether a message can reach this reporter; whoever is not is called."""
    by_mail = reporter.wants_email and reporter.email
    return bool(reporter.number_id or by_mail or (reporter.wants_sms and reporter.mobile))


def path_of(invitation: Invitation) -> str:
    """The personal link, without the site's address."""
    return f"/e/{invitation.code}/"


def send_due() -> int:
    """Sends the invitations whose day has come. Run daily. Gives how many."""
    due = Invitation.objects.filter(state=Invitation.State.PLANNED, due__lte=clock.today())
    cases = due.select_related("report__case").order_by("due", "id")[:MOST]
    return sum(_send(row) for row in cases)


def _send(invitation: Invitation) -> bool:
    """One invitation, under the lock of its case. What can't be asked now is left for later or taken back."""
    with changing(invitation.report.case) as case:
        current = (
            Invitation.objects.select_for_update(of=("self",))
            .select_related("report__reporter")
            .filter(pk=invitation.pk, state=Invitation.State.PLANNED)
            .first()
        )
        if current is None:
            return False
        reporter = current.report.reporter
        if case.status not in (Status.HANDLED, Status.EVALUATED) or reporter is None:
            current.delete()
            return False
        if Reaction.objects.filter(report=current.report, state=Reaction.State.OPEN).exists():
            return False  # first an answer to what they said already
        version = version_for(case)
        if version is None:
            log.warning("no_evaluation_form", case=case.reference)
            return False
        today = clock.today()
        current.version, current.sent_at = version, clock.now()
        current.closes_on = today + timedelta(days=catalogue().municipality.evaluate_days)
        by_phone = not reachable(reporter)
        current.state = Invitation.State.BY_PHONE if by_phone else Invitation.State.SENT
        current.save()
        if not by_phone:
            _tell(current, case, EventKind.EVALUATION_INVITED)
    return True


def _tell(invitation: Invitation, case: Case, kind: str) -> None:
    closes = invitation.closes_on
    data = {"path": path_of(invitation), "until": closes.isoformat() if closes else ""}
    events.append(case, kind, SYSTEM, report=invitation.report, data=data, visible_to_reporter=True)


def remind_due() -> int:
    """Reminds, once, whoever did not answer. Run daily. Gives how many."""
    sent_before = clock.now() - timedelta(days=catalogue().municipality.evaluate_remind)
    waiting = Invitation.objects.filter(
        state=Invitation.State.SENT, reminded_at=None, sent_at__lte=sent_before, closes_on__gte=clock.today()
    )
    count = 0
    for invitation in waiting.select_related("report__case").order_by("id")[:MOST]:
        with changing(invitation.report.case) as case:
            current = Invitation.objects.select_for_update(of=("self",)).select_related("report").get(pk=invitation.pk)
            if current.state != Invitation.State.SENT or current.reminded_at is not None or not _closed(case):
                continue
            current.reminded_at = clock.now()
            current.save(update_fields=["reminded_at"])
            _tell(current, case, EventKind.EVALUATION_REMINDED)
            count += 1
    return count


def _closed(case: Case) -> bool:
    return case.status in (Status.HANDLED, Status.EVALUATED)


def expire() -> int:
    """Ends the invitations whose term is over; what was filled in half is not kept. Gives how many."""
    over = Invitation.objects.filter(state__in=OPEN, closes_on__lt=clock.today())
    return over.update(state=Invitation.State.EXPIRED, answers={})


def days_left(invitation: Invitation, today: date) -> int:
    """Days, with today, in which the evaluation can still be filled in."""
    closes = invitation.closes_on or timezone.localdate()
    return max(0, (closes - today).days + 1)
