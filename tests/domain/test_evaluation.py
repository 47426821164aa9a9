"""Evaluation: forms in versions, one invitation with one reminder, sent once, and dealt with (B8.1-B8.4)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from meldloket.actions.commands import Plan
from meldloket.cases import clock as product_clock
from meldloket.cases import closing, commands, grouping
from meldloket.cases.lifecycle import EventKind, NotAllowed, Status
from meldloket.cases.models import Case, Report
from meldloket.catalogue import current
from meldloket.catalogue.models import Municipality
from meldloket.evaluation import answering, building, inviting, processing
from meldloket.evaluation.answering import Incomplete
from meldloket.evaluation.building import FormChanged
from meldloket.evaluation.models import Answer, Invitation
from meldloket.evaluation.questions import Kind, Question, When, asked, problems, read, tidy, untranslated, write
from meldloket.messages.models import Delivery
from meldloket.people.roles import Role
from support import factories as make
from support.evaluation import QUESTIONS, publish_form
from support.messages import reachable
from support.messages import work as deliver

pytestmark = pytest.mark.django_db
GOOD = {"overall": ["4"], "solved": ["yes"]}


@pytest.fixture(autouse=True)
def categories():
    rows = make.make_catalogue()
    current.forget()
    yield rows
    current.forget()


@pytest.fixture
def handler():
    return make.make_staff(Role.HANDLER, departments=("openbare-werken",), email="karim@lindekerke.example")


@pytest.fixture
def citizen():
    return make.make_citizen()


def closed_case(categories, handler, citizen, **reporter) -> Case:
    report = make.submit_report(
        citizen,
        reporter=reachable(citizen, **reporter),
        category=categories["wegdek"],
        department=categories["wegdek"].department,
        handler_id=handler.pk,
    )
    commands.declare_admissible(report.case, by=handler.actor, text="Goed.")
    closing.close(report.case, by=handler.actor, outcome="done", text="De put is gevuld.")
    return Case.objects.get(pk=report.case_id)


@pytest.fixture
def case(categories, handler, citizen, clock):
    return closed_case(categories, handler, citizen)


def invited(clock, handler) -> Invitation:
    publish_form(handler.actor)
    clock.advance(days=3)
    assert inviting.send_due() == 1
    return Invitation.objects.get()


def test_the_invitation_goes_out_once_after_some_days_with_one_reminder(case, handler, clock, outside):
    publish_form(handler.actor)
    assert inviting.send_due() == 0
    clock.advance(days=3)
    assert (inviting.send_due(), inviting.send_due()) == (1, 0)
    invitation = Invitation.objects.get()
    deliver()
    mail = outside.mails(invitation.report)[-1]
    assert f"/e/{invitation.code}/" in mail["text"] and "Wat vond u" in mail["subject"]
    snapshot = Delivery.objects.filter(channel="dosis").latest("id").payload
    assert "ActieNodig" in str(snapshot) or "Laat weten" in str(snapshot)
    clock.advance(days=7)
    assert (inviting.remind_due(), inviting.remind_due()) == (1, 0)
    clock.advance(days=30)
    assert inviting.expire() == 1
    last = Delivery.objects.filter(channel="dosis").latest("id")
    assert last.payload["Status"]["Actie"]["ActieNodig"] is False and "voorbij" in last.text
    assert inviting.expire() == 0
    assert (inviting.send_due(), inviting.remind_due()) == (0, 0)
    assert answering.why_not(Invitation.objects.get()) is not None


def test_never_two_invitations_for_one_report(case, handler, citizen, clock):
    invitation = invited(clock, handler)
    commands.reopen(case, by=handler.actor, text="Wij vergisten ons.")
    with pytest.raises(NotAllowed, match="opnieuw"):
        answering.submit(Invitation.objects.get(), GOOD)
    again = Case.objects.get(pk=case.pk)
    closing.close(again, by=handler.actor, outcome="done", text="Nu wel.")
    clock.advance(days=3)
    assert inviting.send_due() == 0
    assert Invitation.objects.get().code == invitation.code
    answering.submit(Invitation.objects.get(), GOOD)
    assert Case.objects.get().status == Status.EVALUATED


def test_a_reopened_case_takes_back_what_was_only_planned(case, handler, clock):
    assert Invitation.objects.count() == 1
    commands.reopen(case, by=handler.actor, text="Toch niet.")
    assert not Invitation.objects.exists()


def test_whoever_is_not_satisfied_is_answered_before_being_asked_anything(case, handler, citizen, clock):
    publish_form(handler.actor)
    reaction = closing.react(case.reports.get(), by=citizen.actor, text="Nog niet in orde.")
    clock.advance(days=3)
    assert inviting.send_due() == 0
    closing.answer_reaction(reaction, by=handler.actor, text="Het asfalt droogt nog.")
    assert inviting.send_due() == 1


def test_every_reporter_of_a_case_is_asked_and_the_first_answer_evaluates_it(categories, handler, citizen, clock):
    first = make.submit_report(citizen, reporter=reachable(citizen), category=categories["wegdek"])
    second = make.submit_report(make.make_citizen("Karel"), category=categories["wegdek"])
    grouping.group(first.case, second.case, by=handler.actor)
    case = commands.declare_admissible(Case.objects.get(), by=handler.actor, text="Goed.")
    closing.close(case, by=handler.actor, outcome="done", text="Klaar.")
    publish_form(handler.actor)
    clock.advance(days=3)
    assert inviting.send_due() == 2
    for invitation in Invitation.objects.order_by("id"):
        answering.submit(invitation, GOOD)
    assert Case.objects.get().status == Status.EVALUATED
    received = Case.objects.get().events.filter(kind=EventKind.EVALUATION_RECEIVED)
    assert {event.report_id for event in received} == {first.pk, second.pk}


def test_it_is_sent_once_and_progress_is_kept(case, handler, clock):
    invitation = invited(clock, handler)
    assert answering.keep(invitation, {"overall": ["2"], "remark": ["Traag"], "left": ["x"]}) == {
        "overall": ["2"],
        "remark": ["Traag"],
    }
    invitation.refresh_from_db()
    with pytest.raises(Incomplete) as missing:
        answering.submit(invitation, {"overall": ["2"], "solved": ["no"]})
    assert [question.code for question in missing.value.questions] == ["left"]
    invitation.refresh_from_db()
    assert invitation.answers == {"overall": ["2"], "solved": ["no"]}
    sent = {"overall": ["2"], "solved": ["no"], "left": ["De rand."], "better": ["faster", "words", "other"]}
    answering.submit(invitation, sent)
    answering.submit(invitation, GOOD)
    rows = {row.question: row for row in Answer.objects.all()}
    assert (rows["overall"].number, rows["solved"].chosen, rows["left"].text) == (2, ["no"], "De rand.")
    assert rows["better"].chosen == ["faster", "words"]
    with pytest.raises(NotAllowed, match="al ingevuld"):
        answering.keep(Invitation.objects.get(), GOOD)


def test_whoever_has_only_a_telephone_is_called(categories, handler, clock):
    report = make.submit_report(
        None,
        reporter=make.make_reporter(None, email="", mobile="+32470123456", wants_email=False),
        category=categories["wegdek"],
        department=categories["wegdek"].department,
    )
    commands.declare_admissible(report.case, by=handler.actor, text="Goed.")
    closing.close(report.case, by=handler.actor, outcome="done", text="Klaar.")
    invitation = invited(clock, handler)
    assert invitation.state == Invitation.State.BY_PHONE
    assert not Delivery.objects.filter(event__kind=EventKind.EVALUATION_INVITED).exists()
    desk = make.make_staff(Role.RECEPTIONIST, name="Els Maes")
    answering.submit(invitation, GOOD, by=desk.actor)
    assert Invitation.objects.get().filled_by_name == "Els Maes"
    assert Case.objects.get().status == Status.EVALUATED


def test_nobody_is_asked_who_cannot_be_written_to_or_called(categories, handler, clock):
    report = make.submit_report(
        None, reporter=make.make_reporter(None, email="", wants_email=False), category=categories["wegdek"]
    )
    commands.declare_admissible(report.case, by=handler.actor, text="Goed.")
    closing.close(report.case, by=handler.actor, outcome="done", text="Klaar.")
    publish_form(handler.actor)
    clock.advance(days=3)
    assert inviting.send_due() == 0
    assert not Invitation.objects.exists()


def test_a_case_reopened_after_the_invitation_gives_the_time_anew(case, handler, clock):
    invitation = invited(clock, handler)
    commands.reopen(case, by=handler.actor, text="Wij vergisten ons.")
    clock.advance(days=60)
    assert (inviting.expire(), inviting.remind_due()) == (0, 0)
    closing.close(Case.objects.get(pk=case.pk), by=handler.actor, outcome="done", text="Nu wel.")
    assert inviting.expire() == 0
    answering.submit(Invitation.objects.get(pk=invitation.pk), GOOD)
    assert Invitation.objects.get().state == Invitation.State.ANSWERED


def test_whoever_must_wait_changes_nothing_of_the_case(case, handler, citizen, clock):
    """The morning run looks at a case that must wait without touching it: a handler who has it open is not disturbed."""
    publish_form(handler.actor)
    closing.react(case.reports.get(), by=citizen.actor, text="Nog niet in orde.")
    clock.advance(days=3)
    before = Case.objects.get(pk=case.pk).version
    assert inviting.send_due() == 0
    assert Case.objects.get(pk=case.pk).version == before


def test_a_municipality_that_stops_asking_stops_at_once(case, handler, clock):
    publish_form(handler.actor)
    Municipality.objects.update(evaluate=False)
    current.forget()
    clock.advance(days=3)
    assert inviting.send_due() == 0


def test_a_municipality_may_do_without(categories, handler, citizen, clock):
    Municipality.objects.update(evaluate=False)
    current.forget()
    closed_case(categories, handler, citizen)
    assert not Invitation.objects.exists()


def test_the_form_of_the_case_goes_before_that_of_the_category_and_the_generic_one(case, handler, categories):
    assert building.version_for(case) is None
    generic = publish_form(handler.actor)
    assert building.version_for(case) == generic
    of_category = publish_form(handler.actor, category=categories["wegdek"])
    assert building.version_for(case) == of_category
    own = publish_form(handler.actor, case=case)
    assert building.version_for(case) == own
    publish_form(handler.actor, category=categories["boom"])
    assert building.version_for(case) == own


def test_who_was_invited_keeps_the_version_that_they_got(case, handler, clock):
    invitation = invited(clock, handler)
    form = building.generic()
    with building.drafting(form, by=handler.actor) as questions:
        questions[0] = Question("overall", Kind.TEXT, {"nl": "Anders"})
        del questions[1:]
    second = building.publish(form, by=handler.actor)
    assert (second.number, building.publish(form, by=handler.actor).number) == (2, 2)
    assert [question.code for question in answering.questions_of(invitation)][:2] == ["overall", "solved"]


def test_of_two_builders_the_second_is_told(handler):
    form = building.new_form("Evaluatie", by=handler.actor)
    with building.drafting(form, by=handler.actor, seen_version=form.version) as questions:
        questions.append(QUESTIONS[0])
    with pytest.raises(FormChanged), building.drafting(form, by=handler.actor, seen_version=form.version):
        pass
    assert building.new_form("Nog een", by=handler.actor).pk == form.pk


def test_a_form_that_cannot_work_is_not_published(handler):
    form = building.new_form("Evaluatie", by=handler.actor)
    with pytest.raises(NotAllowed, match="nog geen vraag"):
        building.publish(form, by=handler.actor)
    wrong = [
        Question("a", Kind.CHOICE, {"nl": "Kies"}),
        Question("b", Kind.TEXT, {"nl": ""}, when=When("z", ("1",))),
        Question("c", Kind.TEXT, {"nl": "Waarom?"}, when=When("a", ("weg",))),
        Question("c", Kind.TEXT, {"nl": "Dubbel"}),
    ]
    assert len(problems(wrong)) == 5
    with pytest.raises(NotAllowed):
        building.publish(form, by=make.make_staff(Role.POLICY_OFFICER).actor)


def test_questions_survive_being_kept_and_conditions_hang_together():
    questions = list(QUESTIONS)
    assert read(write(questions)) == questions
    assert untranslated(questions) == ["en", "fr", "de"]
    assert [row.code for row in asked(questions, {"overall": ["5"]})] == ["overall", "solved", "remark"]
    chain = [*questions[:3], Question("more", Kind.TEXT, {"nl": "Meer"}, when=When("better", ("faster",)))]
    assert "more" not in [row.code for row in asked(chain, {"better": ["faster"]})]
    assert tidy(questions, {"overall": ["9"], "solved": ["yes", "no"], "left": ["weg"]}) == {"solved": ["yes"]}


@pytest.fixture
def evaluation(case, handler, clock):
    return answering.submit(invited(clock, handler), {"overall": ["2"], "solved": ["no"], "left": ["De rand."]})


def test_acknowledging_is_enough_and_happens_once(evaluation, handler):
    assert processing.acknowledge(evaluation, by=handler.actor).processed == "acknowledged"
    with pytest.raises(NotAllowed, match="verwerkte"):
        processing.answer(evaluation, by=handler.actor, text="Te laat.")


def test_an_answer_reaches_the_reporter(evaluation, handler, outside):
    with pytest.raises(NotAllowed):
        processing.answer(evaluation, by=handler.actor, text=" ")
    processing.answer(evaluation, by=handler.actor, text="Wij strijken de rand nog af.")
    deliver()
    assert "strijken de rand" in outside.mails(evaluation.report)[-1]["text"]


def test_an_evaluation_becomes_an_action_of_the_reopened_case(evaluation, handler, case):
    plan = Plan(title="Rand afwerken", department=case.department)
    processing.into_action(evaluation, plan, by=handler.actor, text="De rand is nog niet goed.")
    again = Case.objects.get(pk=case.pk)
    assert again.status == Status.IN_ASSESSMENT
    assert [row.title for row in again.actions.all()] == ["Rand afwerken"]


def test_an_evaluation_becomes_a_new_report_of_the_same_citizen(evaluation, handler, case):
    processing.into_report(evaluation, by=handler.actor, text="Ook de goot is verzakt.")
    new = Report.objects.latest("id")
    old = evaluation.report
    assert (new.case_id, new.reporter_id) != (case.pk, old.reporter_id)
    assert (new.text, new.reporter.email, new.latitude) == ("Ook de goot is verzakt.", old.reporter.email, old.latitude)
    assert Invitation.objects.get(pk=evaluation.pk).follow_up_id == new.case_id
    assert new.case.target_date > product_clock.today() + timedelta(days=3)
