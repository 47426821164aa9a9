"""Two workers, or two clicks, at the same moment: one invitation, one reminder, one evaluation. Real connections in real
threads, so nothing here runs inside a test's transaction."""

from __future__ import annotations

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from meldloket.cases import closing, commands
from meldloket.cases.lifecycle import EventKind, NotAllowed
from meldloket.cases.models import CaseEvent, Report
from meldloket.catalogue import current
from meldloket.evaluation import answering, building, inviting, processing
from meldloket.evaluation.models import Answer, Invitation
from meldloket.people.roles import Role
from meldloket.runtime import jobs
from support import factories as make
from support.evaluation import publish_form
from support.messages import reachable
from support.moment import at_the_same_moment

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def handler():
    return make.make_staff(Role.HANDLER)


@pytest.fixture
def reports(handler, clock) -> list[Report]:
    """Of four cases that were closed three days ago."""
    category = make.make_catalogue()["wegdek"]
    current.forget()
    publish_form(handler.actor)
    found = []
    for number in range(4):
        citizen = make.make_citizen(f"Lotte{number}")
        report = make.submit_report(
            citizen, reporter=reachable(citizen), category=category, department=category.department, handler_id=handler.pk
        )
        case = commands.declare_admissible(report.case, by=handler.actor, text="Goed.")
        closing.close(case, by=handler.actor, outcome="done", text="Klaar.")
        found.append(report)
    clock.advance(days=3)
    return found


def events(kind: str) -> list[int | None]:
    return sorted(CaseEvent.objects.filter(kind=kind).values_list("report_id", flat=True), key=lambda pk: pk or 0)


def test_two_workers_invite_and_remind_everybody_once(reports, clock):
    at_the_same_moment(inviting.send_due, inviting.send_due, inviting.send_due)
    everybody = [report.pk for report in reports]
    assert events(EventKind.EVALUATION_INVITED) == everybody
    clock.advance(days=8)
    at_the_same_moment(inviting.remind_due, inviting.remind_due, inviting.remind_due)
    assert events(EventKind.EVALUATION_REMINDED) == everybody
    clock.advance(days=40)
    at_the_same_moment(inviting.expire, inviting.expire)
    assert events(EventKind.EVALUATION_EXPIRED) == everybody


def test_two_clicks_send_one_evaluation(reports):
    inviting.send_due()
    code = Invitation.objects.get(report=reports[0]).code

    def click() -> None:
        answering.submit(Invitation.objects.get(code=code), {"overall": ["4"], "solved": ["yes"]})

    at_the_same_moment(click, click, click)
    assert Answer.objects.filter(question="overall").count() == 1
    assert events(EventKind.EVALUATION_RECEIVED) == [reports[0].pk]


def test_two_handlers_process_one_evaluation_once(reports, handler):
    inviting.send_due()
    sent = answering.submit(Invitation.objects.get(report=reports[0]), {"overall": ["4"], "solved": ["yes"]})
    refused: list[str] = []

    def process() -> None:
        try:
            processing.into_report(sent, by=handler.actor, text="Ook de goot is verzakt.")
        except NotAllowed as problem:
            refused.append(problem.reason)

    at_the_same_moment(process, process)
    assert len(refused) == 1 and "verwerkte deze evaluatie al" in refused[0]
    assert Report.objects.filter(text="Ook de goot is verzakt.").count() == 1


def test_a_case_reopened_while_its_invitation_leaves_is_asked_once_or_not_at_all(reports, handler):
    case = reports[0].case
    at_the_same_moment(
        inviting.send_due, lambda: commands.reopen(case, by=handler.actor, text="Wij vergisten ons."), inviting.send_due
    )
    assert len([pk for pk in events(EventKind.EVALUATION_INVITED) if pk == reports[0].pk]) <= 1
    assert Invitation.objects.filter(report=reports[0]).count() <= 1


def test_two_builders_publish_one_version(handler):
    form = building.new_form("Evaluatie", by=handler.actor)
    with building.drafting(form, by=handler.actor) as questions:
        questions.extend(building.read([{"code": "a", "kind": "text", "label": {"nl": "Hoe was het?"}}]))
    at_the_same_moment(lambda: building.publish(form, by=handler.actor), lambda: building.publish(form, by=handler.actor))
    assert form.versions.count() == 1


def test_an_administrator_need_not_wait_for_the_clock():
    assert ("evaluations", "0 9 * * *") in jobs.jobs()
    assert (jobs.start("evaluations"), jobs.start("evaluations")) == (True, False)
    assert ProcrastinateJob.objects.filter(task_name="evaluations", status="todo").count() == 1
    with pytest.raises(jobs.NoSuchJob, match="remind_advisers"):
        jobs.start("wat")
