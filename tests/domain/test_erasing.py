"""Personal data go after the term of the category: looked for in every column of every table, and in the storage."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from PIL import Image

from meldloket.cases import clock as product_clock
from meldloket.cases import closing, commands, contact, conversation, erasing, terms
from meldloket.cases.lifecycle import EventKind
from meldloket.cases.models import Attachment, Case, Report
from meldloket.catalogue import current
from meldloket.catalogue.models import Category
from meldloket.evaluation import answering, inviting, processing
from meldloket.evaluation.models import Answer, Invitation
from meldloket.intake import files
from meldloket.intake.models import Draft
from meldloket.messages.models import Delivery
from meldloket.people.models import Account, NationalNumber, Reporter
from meldloket.people.roles import Role
from meldloket.screening.models import Correction
from support import factories as make
from support.evaluation import publish_form
from support.messages import reachable

pytestmark = pytest.mark.django_db

#: Stands in everything that a citizen, or somebody who writes to them, ever wrote about this case.
MARK = "zonnebloemmarkering"


@pytest.fixture(autouse=True)
def categories():
    rows = make.make_catalogue()
    current.forget()
    yield rows
    current.forget()


@pytest.fixture
def handler():
    return make.make_staff(Role.HANDLER, departments=("openbare-werken",))


def photo(name: str) -> Attachment:
    made = io.BytesIO()
    Image.new("RGB", (60, 40), "green").save(made, "JPEG")
    made.seek(0)
    return files.keep(files.clean(made, name, made.getbuffer().nbytes))


@pytest.fixture
def case(categories, handler, clock, outside) -> Case:
    """A case with everything in it that a person can leave behind, closed and evaluated."""
    citizen = make.make_citizen("Zonnebloem", MARK)
    who = reachable(
        citizen, first_name=MARK, register_last_name=MARK, email=f"{MARK}@example.org", address={"street": MARK}
    )
    report = make.submit_report(
        citizen,
        text=f"Er is een put, zegt {MARK}.",
        title=f"Put bij {MARK}",
        reporter=who,
        category=categories["wegdek"],
        department=categories["wegdek"].department,
        handler_id=handler.pk,
        place_label=f"{MARK} 12, 9999 Lindekerke",
        answers=[{"question": "Hoe diep?", "answer": MARK}],
    )
    Draft.objects.create(account=citizen, report=report, data={"what": {"text": MARK}}, register={"name": MARK})
    Correction.objects.create(case=report.case, text=MARK, category="wegdek", at=product_clock.now())
    case = commands.declare_admissible(report.case, by=handler.actor, text=f"Dag {MARK}, wij komen kijken.")
    shot = photo(f"{MARK}.jpg")
    conversation.add_evidence(report, by=citizen.actor, text=f"Kijk, {MARK}.", attachment_ids=[shot.pk])
    case.refresh_from_db()
    due = terms.add_working_days(product_clock.today(), 5)
    question = conversation.ask_reporter(case, by=handler.actor, report=report, text=f"Bent u {MARK}?", due=due)
    conversation.answer_question(question, by=citizen.actor, text=f"Ja, {MARK}.")
    commands.add_note(case, by=handler.actor, text=f"Gebeld met {MARK}.")
    contact.request_change(report, by=citizen.actor, channel="email", value=f"nieuw-{MARK}@example.org")
    closing.close(Case.objects.get(), by=handler.actor, outcome="done", text=f"Beste {MARK}, het is klaar.")
    reaction = closing.react(Report.objects.get(), by=citizen.actor, text=f"Niet goed, {MARK}.")
    closing.answer_reaction(reaction, by=handler.actor, text=f"Beste {MARK}, het droogt nog.")
    publish_form(handler.actor)
    clock.advance(days=4)
    inviting.send_due()
    sent = {"overall": ["2"], "solved": ["no"], "left": [f"Alles, {MARK}."], "remark": [MARK]}
    evaluation = answering.submit(Invitation.objects.get(), sent)
    processing.answer(evaluation, by=handler.actor, text=f"Bedankt {MARK}.")
    return Case.objects.get()


def places_with(words: str) -> set[str]:
    """The tables in which these words stand somewhere."""
    found = set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT count(*) FROM "{table}" t WHERE t::text ILIKE %s', [f"%{words}%"])  # noqa: S608
            if cursor.fetchone()[0]:
                found.add(table)
    return found


def test_after_the_term_nothing_of_a_person_is_left_and_the_figures_are(case, clock):
    report, evaluation = Report.objects.get(), Invitation.objects.get()
    shot = Attachment.objects.get()
    number = make.opened(Account.objects.get(is_staff_account=False))
    kept = (case.status, case.outcome, case.category_id, case.submitted_at, case.ended_at, case.area_id)
    assert len(places_with(MARK)) >= 10, "the case holds a person in many places"
    clock.advance(days=23 * 30)
    assert erasing.erase_due() == 0 and places_with(MARK)
    clock.advance(days=60)
    assert erasing.erase_due() == 1
    assert places_with(MARK) == set()
    assert places_with(report.reference) - {"cases_case", "cases_report"} == set()
    assert not default_storage.exists(shot.file.name) and not default_storage.exists(shot.thumbnail.name)
    assert not Attachment.objects.exists() and not Draft.objects.exists()
    assert not NationalNumber.objects.exists() and not Account.objects.filter(is_staff_account=False).exists()
    assert number not in str(list(Delivery.objects.values()))

    case.refresh_from_db()
    assert (case.status, case.outcome, case.category_id, case.submitted_at, case.ended_at, case.area_id) == kept
    assert (case.title, case.place_label, case.latitude) == ("Schade aan de rijweg", "Kerkstraat", 51.05)
    assert Answer.objects.get(question="overall").number == 2
    assert Invitation.objects.get().code != evaluation.code
    assert Reporter.objects.get().erased_at is not None
    assert case.events.latest("id").kind == EventKind.ERASED
    version = case.version
    assert erasing.erase_due() == 0
    assert Case.objects.get().version == version, "a second night changes nothing"


def test_the_term_is_that_of_the_category_and_counts_from_the_end(case, categories, handler, clock):
    Category.objects.filter(code="wegdek").update(keep_months=6)
    current.forget()
    other = make.submit_report(make.make_citizen("Karel"), category=categories["boom"], text=f"Boom van {MARK}.")
    commands.declare_admissible(other.case, by=handler.actor, text="Goed.")
    clock.advance(days=190)
    assert erasing.erase_due() == 1
    other.refresh_from_db()
    assert other.text == f"Boom van {MARK}.", "still open, however old"


def test_a_case_that_was_taken_up_again_is_left_alone(case, handler, clock):
    clock.advance(days=24 * 31)
    commands.reopen(case, by=handler.actor, text="Wij kijken opnieuw.")
    assert erasing.erase(case) is False
    assert erasing.erase_due() == 0
    assert MARK in Report.objects.get().text and default_storage.exists(Attachment.objects.get().file.name)


def test_what_failed_halfway_is_finished_the_next_night(case, clock, monkeypatch):
    clock.advance(days=24 * 31)

    def fails(_: Case) -> None:
        raise RuntimeError("the database went away")

    monkeypatch.setattr(erasing, "_erasers", [*erasing._erasers, fails])
    with pytest.raises(RuntimeError):
        erasing.erase_due()
    assert MARK in Report.objects.get().text
    monkeypatch.undo()
    assert erasing.erase_due() == 1 and places_with(MARK) == set()


def test_somebody_with_another_report_keeps_account_and_number(case, categories, clock):
    citizen = Account.objects.get(is_staff_account=False)
    make.submit_report(citizen, reporter=reachable(citizen), category=categories["boom"])
    clock.advance(days=24 * 31)
    assert erasing.erase_due() == 1
    assert Account.objects.filter(pk=citizen.pk).exists() and NationalNumber.objects.count() == 1


def test_months_before_keeps_to_the_calendar():
    def day(year: int, month: int, number: int) -> datetime:
        return datetime(year, month, number, 12, tzinfo=UTC)

    assert erasing.months_before(day(2026, 11, 29), 24) == day(2024, 11, 29)
    assert erasing.months_before(day(2026, 3, 31), 1) == day(2026, 2, 28)
    assert erasing.months_before(day(2026, 1, 15), 1) == day(2025, 12, 15)
    assert erasing.months_before(day(2026, 12, 31), 13) == day(2025, 11, 30)
