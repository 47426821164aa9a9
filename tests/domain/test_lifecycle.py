"""The core's rules: what is allowed from where, by whom; nothing is overwritten; sending twice makes one report."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

import pytest

from meldloket.cases import commands, conversation, lifecycle, terms
from meldloket.cases.change import ChangedMeanwhile
from meldloket.cases.lifecycle import STATES, TRANSITIONS, NotAllowed, Status
from meldloket.cases.models import Case, Report
from meldloket.people.roles import Role
from support import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def handler():
    return make.make_staff(Role.HANDLER, departments=("openbare-werken",))


@pytest.fixture
def case():
    return make.make_case(make.make_citizen(), category=make.make_catalogue()["wegdek"])


def test_a_report_is_a_case_with_a_reference_at_once(case):
    report = case.reports.get()
    assert report.reference == case.reference
    assert report.reference.startswith("MLD-")
    assert [event.kind for event in case.events.order_by("id")] == ["submitted", "screened", "routed"]
    assert case.status == Status.SCREENING


def test_sending_twice_makes_one_report():
    key = uuid.uuid4()
    first = make.submit_report(submission_key=key)
    second = make.submit_report(submission_key=key, text="iets anders")
    assert (first.pk, Report.objects.count(), Case.objects.count()) == (second.pk, 1, 1)


def test_every_transition_is_refused_from_every_other_state(case, handler):
    for row in TRANSITIONS:
        for status in Status.values:
            case.status = status
            allowed = lifecycle.why_not(row.command, case, handler.actor) is None
            assert allowed == (status in row.sources and Role.HANDLER in row.roles), (row.command, status)


def test_states_cover_every_status():
    assert set(STATES) == set(Status.values)


def test_a_citizen_cannot_decide(case):
    with pytest.raises(NotAllowed):
        commands.declare_admissible(case, by=make.make_citizen().actor, text="ja")
    case.refresh_from_db()
    assert case.status == Status.SCREENING


def test_the_second_of_two_handlers_is_told_what_changed(case, handler):
    other = make.make_staff(Role.HANDLER, name="Sofie Claes")
    seen = case.version
    commands.declare_admissible(case, by=handler.actor, text="Wij nemen dit op.", seen_version=seen)
    with pytest.raises(ChangedMeanwhile) as told:
        commands.declare_inadmissible(case, by=other.actor, reason="information_request", text="Nee.", seen_version=seen)
    assert [event.kind for event in told.value.events] == ["admissible"]
    case.refresh_from_db()
    assert case.status == Status.ADMISSIBLE


def test_an_open_question_suspends_the_terms_and_the_answer_adds_the_days(case, handler, clock):
    report = case.reports.get()
    before = case.target_date
    question = conversation.ask_reporter(
        case, by=handler.actor, report=report, text="Hoe diep?", due=date.today() + timedelta(days=14)
    )
    case.refresh_from_db()
    assert case.waiting_for_reporter and case.suspended_at is not None
    clock.advance(days=7)
    conversation.answer_question(question, by=report.reporter.account.actor, text="Twintig centimeter.")
    case.refresh_from_db()
    assert not case.waiting_for_reporter and case.suspended_at is None
    assert terms.working_days_between(before, case.target_date) in (4, 5)  # a holiday may fall in the week


def test_the_same_answer_twice_changes_nothing(case, handler):
    report = case.reports.get()
    question = conversation.ask_reporter(
        case, by=handler.actor, report=report, text="Hoe diep?", due=date.today() + timedelta(days=9)
    )
    for _ in range(2):
        question.refresh_from_db()
        conversation.answer_question(question, by=report.reporter.account.actor, text="Diep.")
    assert case.events.filter(kind="question_answered").count() == 1


def test_a_changed_category_gives_a_new_term_and_an_event(case, handler):
    boom = make.make_catalogue()["boom"]
    commands.change_category(case, by=handler.actor, category=boom)
    case.refresh_from_db()
    assert case.category == boom
    event = case.events.get(kind="category_changed")
    assert (event.data["from"], event.data["to"]) == ("wegdek", "boom")


def test_a_complaint_goes_to_its_queue_with_its_own_term(case, handler):
    commands.make_complaint(case, by=handler.actor)
    case.refresh_from_db()
    assert case.department.handles_complaints and case.is_complaint
    assert (case.final_date - case.submitted_at.date()).days in (44, 45, 46)


def test_a_refused_command_writes_nothing(case, handler):
    with pytest.raises(NotAllowed):
        commands.declare_inadmissible(case, by=handler.actor, reason="abusive", text="  ")
    case.refresh_from_db()
    assert (case.version, case.events.count()) == (1, 3)


def test_row_history_cannot_be_missed_by_a_bulk_update(case):
    Case.objects.filter(pk=case.pk).update(title="Gewijzigd")
    history = Case._meta.apps.get_model("cases", "CaseHistory")
    assert history.objects.filter(pgh_obj_id=case.pk).count() >= 1
