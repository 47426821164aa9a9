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
from meldloket.messages.planning import reachable
from meldloket.people.roles import SYSTEM

from .building import version_for
from .models import Invitation

log = structlog.get_logger(__name__)
OPEN = (Invitation.State.SENT, Invitation.State.BY_PHONE)
CLOSED = (Status.HANDLED, Status.EVALUATED)
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
    # Whoever was asked before the case was reopened is not asked again, but gets the time to answer anew.
    asked = Invitation.objects.filter(report__case=case, state__in=OPEN)
    asked.update(closes_on=due + timedelta(days=town.evaluate_days))
    rows = Report.objects.filter(case=case, reporter__isnull=False, evaluation=None)
    Invitation.objects.bulk_create([Invitation(report=row, due=due) for row in rows], ignore_conflicts=True)


def path_of(invitation: Invitation) -> str:
    """The personal link, without the site's address."""
    return f"/e/{invitation.code}/"


def send_due() -> int:
    """Sends the invitations whose day has come. Run daily. Gives how many."""
    if not catalogue().municipality.evaluate:
        return 0
    due = Invitation.objects.filter(state=Invitation.State.PLANNED, due__lte=clock.today())
    # First an answer to what they said already. Left out here, so that whoever waits does not keep the others waiting.
    reacted = Reaction.objects.filter(state=Reaction.State.OPEN).values("report")
    rows = due.exclude(report__in=reacted).select_related("report__case").order_by("due", "id")[:MOST]
    return sum(_send(row) for row in rows)


def _send(invitation: Invitation) -> bool:
    """One invitation, under the lock of its case. What can't be asked now is left for later or taken back."""
    version = version_for(invitation.report.case)
    if version is None:
        log.warning("no_evaluation_form", case=invitation.report.case.reference)
        return False
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
        if case.status not in CLOSED or reporter is None:
            current.delete()
            return False
        by_phone = not reachable(current.report)
        if by_phone and not reporter.mobile:
            current.delete()  # nobody to write to or to call
            return False
        current.version, current.sent_at = version, clock.now()
        current.closes_on = clock.today() + timedelta(days=catalogue().municipality.evaluate_days)
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
        state=Invitation.State.SENT,
        reminded_at=None,
        sent_at__lte=sent_before,
        closes_on__gte=clock.today(),
        report__case__status__in=CLOSED,
    )
    count = 0
    for invitation in waiting.select_related("report__case").order_by("id")[:MOST]:
        with changing(invitation.report.case) as case:
            current = Invitation.objects.select_for_update(of=("self",)).select_related("report").get(pk=invitation.pk)
            if current.state != Invitation.State.SENT or current.reminded_at is not None or case.status not in CLOSED:
                continue
            current.reminded_at = clock.now()
            current.save(update_fields=["reminded_at"])
            _tell(current, case, EventKind.EVALUATION_REMINDED)
            count += 1
    return count


def expire() -> int:
    """Ends the invitations whose term is over; what was filled in half is not kept. In Mijn Burgerprofiel the citizen has
    nothing left to do. A case that was reopened waits: its term begins anew when it is closed. Gives how many."""
    over = Invitation.objects.filter(state__in=OPEN, closes_on__lt=clock.today(), report__case__status__in=CLOSED)
    count = 0
    for invitation in over.select_related("report__case").order_by("id")[:MOST]:
        with changing(invitation.report.case) as case:
            ended = Invitation.objects.filter(pk=invitation.pk, state__in=OPEN)
            if not ended.update(state=Invitation.State.EXPIRED, answers={}):
                continue
            if invitation.state == Invitation.State.SENT:
                data = {"evaluation": invitation.pk}
                events.append(case, EventKind.EVALUATION_EXPIRED, SYSTEM, report=invitation.report, data=data)
            count += 1
    return count


def days_left(invitation: Invitation, today: date) -> int:
    """Days, with today, in which the evaluation can still be filled in."""
    closes = invitation.closes_on or timezone.localdate()
    return max(0, (closes - today).days + 1)
