"""Closing with honest words, a reporter who is not satisfied, and reopening (B7.1)."""

from __future__ import annotations

import io
import json
import uuid
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from meldloket.actions import commands as actions
from meldloket.actions import work
from meldloket.actions.closing import draft
from meldloket.actions.commands import Plan
from meldloket.actions.models import Task
from meldloket.actions.work import Entry, Result
from meldloket.advice import answering as advice_answers
from meldloket.advice import commands as advice
from meldloket.advice.answering import Adviser, Content
from meldloket.advice.models import Verdict
from meldloket.api.open311.status import as_document
from meldloket.cases import closing, commands, conversation, grouping, terms
from meldloket.cases.closing import StillOpen
from meldloket.cases.lifecycle import EventKind, NotAllowed, Outcome, Status
from meldloket.cases.models import Attachment, Case, Closing, Reaction, Report
from meldloket.catalogue import current
from meldloket.catalogue.models import AdviceService
from meldloket.decisions import commands as decisions
from meldloket.intake import files
from meldloket.messages.models import Delivery, Notice
from meldloket.messages.sms_text import sms_parts
from meldloket.messages.wording import OUTCOME_SENTENCES, OUTCOME_WORDS
from meldloket.people.roles import Role
from meldloket.runtime import loading
from support import factories as make
from support.messages import reachable
from support.messages import work as deliver

pytestmark = pytest.mark.django_db


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
def worker():
    return make.make_staff(Role.WORKER, departments=("openbare-werken",), name="Tom Jacobs")


@pytest.fixture
def citizen():
    return make.make_citizen()


@pytest.fixture
def case(categories, handler, citizen):
    report = make.submit_report(
        citizen,
        reporter=reachable(citizen),
        category=categories["wegdek"],
        department=categories["wegdek"].department,
        handler_id=handler.pk,
    )
    return commands.declare_admissible(report.case, by=handler.actor, text="Wij komen kijken.")


def photo(name: str = "na.jpg") -> Attachment:
    made = io.BytesIO()
    Image.new("RGB", (60, 40), "green").save(made, "JPEG")
    upload = SimpleUploadedFile(name, made.getvalue())
    return files.keep(files.clean(upload.file, name, upload.size or 0))


def with_task(case: Case, handler, title: str = "Put vullen") -> Task:
    case.refresh_from_db()
    actions.add_action(case, Plan(title=title, department=case.department), by=handler.actor)
    actions.propose(case, by=handler.actor, text=actions.proposal_text(case))
    case.refresh_from_db()
    return Task.objects.latest("id")


def done(task: Task, worker, *, public: bool = True) -> Attachment:
    shot = photo()
    work.finish(
        task,
        by=worker.actor,
        entry=Entry(text="Gevuld met koudasfalt"),
        result=Result(photo_ids=(shot.pk,), public_photos=public),
    )
    return shot


def shut(case: Case, handler, outcome: str = Outcome.DONE, text: str = "De put is gevuld.", **more) -> Closing:
    case.refresh_from_db()
    closed = closing.close(case, by=handler.actor, outcome=outcome, text=text, **more)
    case.refresh_from_db()
    return closed


def test_closing_tells_every_channel_what_was_done(case, handler, worker, outside):
    task = with_task(case, handler)
    shot = done(task, worker)
    begun = draft(case)
    assert begun.outcome == Outcome.DONE
    assert "Put vullen" in begun.text and "Gevuld met koudasfalt." in begun.text and "foto’s" in begun.text
    assert begun.photos == [shot]
    shut(case, handler, text=begun.text, photos=begun.photos)
    deliver()
    report = case.reports.get()
    assert (case.status, case.outcome, case.ended) == (Status.HANDLED, Outcome.DONE, True)
    assert outside.told(report)[-1] == "Uitgevoerd"
    newest = Delivery.objects.filter(report=report, channel="dosis").latest("id")
    assert newest.payload["Status"]["VlaamsFase"] == "Afgerond"
    mail = outside.mails(report)[-1]
    assert "uitgevoerd" in mail["subject"] and "Gevuld met koudasfalt" in mail["text"]
    assert "afgesloten" in outside.texts()[-1]["text"]


@pytest.mark.parametrize(
    ("outcome", "code"),
    [
        (Outcome.DONE, "Uitgevoerd"),
        (Outcome.PLANNED, "Gepland"),
        (Outcome.NOT_FOUND, "Stopgezet"),
        (Outcome.NOT_OURS, "Stopgezet"),
        (Outcome.REFUSED, "Geweigerd"),
    ],
)
def test_no_outcome_says_more_than_what_happened(case, handler, outside, outcome, code):
    """ "Uitgevoerd" only where something was carried out: for DOSIS, for the citizen and for other systems."""
    shut(case, handler, outcome, "Dit is de uitleg.")
    newest = Delivery.objects.filter(channel="dosis").latest("id")
    assert newest.payload["Status"]["VlaamsCode"] == code
    assert newest.payload["Status"]["VlaamsFase"] == "Afgerond"
    notes = as_document(Report.objects.select_related("case__category", "case__department").get())["status_notes"]
    assert ("Afgehandeld" in notes) == (outcome == Outcome.DONE)


def test_a_case_with_open_parts_cannot_close(case, handler, worker, categories):
    service = AdviceService.objects.create(code="politie", name="Politiezone Lindestreek", email="pz@example.org")
    task = with_task(case, handler)
    actions.add_action(case, Plan(title="Bord plaatsen", department=case.department), by=handler.actor)
    with pytest.raises(StillOpen) as refused:
        shut(case, handler)
    assert len(refused.value.parts) == 2
    assert any("Put vullen" in part.sentence for part in refused.value.parts)
    assert any("Bord plaatsen" in part.sentence for part in refused.value.parts)
    assert {part.where for part in refused.value.parts} == {"acties"}
    actions.drop_action(case.actions.get(title="Bord plaatsen"), by=handler.actor)
    done(task, worker)
    other = commands.declare_admissible(
        make.make_case(category=categories["wegdek"], department=case.department), by=handler.actor, text="Goed."
    )
    due = terms.add_working_days(closing.clock.today(), 5)
    asked = advice.ask(other, [advice.Ask(service, "Gevaarlijk?", due, ("text",))], by=handler.actor)[0]
    other.refresh_from_db()
    assert [part.where for part in closing.open_parts(other)] == ["adviezen"]
    advice.go_on_without(asked, by=handler.actor, why="Niet meer nodig.")
    other.refresh_from_db()
    advice.work_in(other, by=handler.actor, summary="Geen advies.")
    other.refresh_from_db()
    assert closing.open_parts(other) == []
    assert shut(case, handler).outcome == Outcome.DONE


def test_a_proposal_of_decision_and_advice_that_waits_are_named_with_the_way_to_them(case, handler, categories):
    """The button is there although the case can't close: it tells what is still open, and where."""
    service = AdviceService.objects.create(code="politie", name="Politiezone Lindestreek", email="pz@example.org")
    case.refresh_from_db()
    due = terms.add_working_days(closing.clock.today(), 5)
    asked = advice.ask(case, [advice.Ask(service, "Gevaarlijk?", due, ("text",))], by=handler.actor)[0]
    office = Client()
    office.force_login(handler)
    page = office.get(reverse("case", args=[case.reference])).text
    address = reverse("case-action", args=[case.reference, "afsluiten"])
    assert address in page and 'id="adviezen"' in page
    opened = office.get(address).text
    assert '<a href="#adviezen">Advies van Politiezone Lindestreek: gevraagd en nog niet binnen.</a>' in opened
    advice_answers.give(asked, Content(Verdict.NO_OBJECTION, "Goed.", ()), by=Adviser("Dirk Hermans"))
    assert "De adviezen zijn nog niet verwerkt." in office.get(address).text
    with pytest.raises(StillOpen, match="nog niet verwerkt"):
        shut(case, handler)
    case.refresh_from_db()
    advice.work_in(case, by=handler.actor, summary="Geen bezwaar.")
    case.refresh_from_db()
    plan = Plan(title="Parkeerverbod", department=case.department, needs_decision=True)
    actions.add_action(case, plan, by=handler.actor)
    actions.propose(case, by=handler.actor, text=actions.proposal_text(case))
    case.refresh_from_db()
    decisions.prepare(case, by=handler.actor)
    case.refresh_from_db()
    assert {part.where for part in closing.open_parts(case)} == {"acties", "besluit"}
    assert '<a href="#besluit">' in office.get(address).text and 'id="besluit"' in office.get(address).text


def test_an_open_question_keeps_a_case_open(case, handler):
    case.refresh_from_db()
    due = closing.clock.today() + timedelta(days=9)
    conversation.ask_reporter(case, by=handler.actor, report=case.reports.get(), text="Hoe diep?", due=due)
    with pytest.raises(StillOpen, match="vraag open"):
        shut(case, handler)
    office = Client()
    office.force_login(handler)
    page = office.get(reverse("case-action", args=[case.reference, "afsluiten"])).text
    assert '<a href="#vraag">' in page and 'id="vraag"' in page


def test_words_are_needed_and_only_a_handler_closes(case, handler, worker):
    with pytest.raises(NotAllowed, match="gewone woorden"):
        shut(case, handler, text="  ")
    with pytest.raises(NotAllowed, match="Kies"):
        shut(case, handler, outcome="solved")
    with pytest.raises(NotAllowed, match="rechten"):
        shut(case, worker)
    assert not Closing.objects.exists()


def test_a_reporter_who_is_not_satisfied_is_heard_and_the_case_reopened(case, handler, citizen, outside, clock):
    shut(case, handler)
    report = case.reports.get()
    shot = photo("nog.jpg")
    reaction = closing.react(report, by=citizen.actor, text="De put is er nog.", attachment_ids=[shot.pk])
    assert closing.react(report, by=citizen.actor, text="De put is er nog.").pk == reaction.pk
    with pytest.raises(NotAllowed, match="al gereageerd"):
        closing.react(report, by=citizen.actor, text="En nog iets.")
    assert Notice.objects.get(recipient=handler.email).subject.startswith("Een melder is niet tevreden")
    shot.refresh_from_db()
    assert (shot.case_id, shot.report_id) == (case.pk, report.pk)
    office = Client()
    office.force_login(handler)
    assert "Melder niet tevreden" in office.get(reverse("office-home")).content.decode()
    clock.advance(days=3)
    before = case.target_date
    again = commands.reopen(case, by=handler.actor, text="Wij komen opnieuw.")
    assert (again.status, again.outcome, again.ended_at) == (Status.IN_ASSESSMENT, "", None)
    assert again.target_date == terms.add_working_days(closing.clock.today(), 5) != before
    reaction.refresh_from_db()
    assert reaction.state == Reaction.State.REOPENED
    kinds = list(again.events.values_list("kind", flat=True))
    assert kinds[-3:] == [EventKind.CLOSED, EventKind.DISSATISFIED, EventKind.REOPENED]
    assert Closing.objects.get().reopened_at is not None
    assert closing.last_closing(again) is None
    deliver()
    assert outside.told(report)[-1] == "InBehandeling"


def test_every_reporter_is_told_can_react_and_is_told_again(handler, citizen, categories, outside, clock):
    """Three reporters of one case: each keeps their own words, and the reopening answers them all."""
    people = [citizen, make.make_citizen("Karel", "Dubois"), make.make_citizen("Greta", "Maier")]
    reports = []
    for number, person in enumerate(people):
        language = "de" if number == 2 else "nl"
        reporter = reachable(person, email=f"melder{number}@example.org", language=language)
        reports.append(make.submit_report(person, reporter=reporter, category=categories["wegdek"], language=language))
    for other in reports[1:]:
        grouping.group(Case.objects.get(reports=reports[0]), Case.objects.get(reports=other), by=handler.actor)
    case = commands.declare_admissible(Case.objects.get(reports=reports[0]), by=handler.actor, text="Goed.")
    reports = list(case.reports.select_related("case", "reporter").order_by("id"))
    office = Client()
    office.force_login(handler)
    opened = office.get(reverse("case-action", args=[case.reference, "afsluiten"])).text
    assert "Ook 2 andere melders krijgen dit" in opened and f"{reports[2].reference} leest Duits" in opened
    shut(case, handler)
    deliver()
    for report in reports:
        assert outside.told(report)[-1] == "Uitgevoerd"
        assert "De put is gevuld." in outside.mails(report)[-1]["text"]
    assert "Die Arbeit ist ausgeführt." in outside.mails(reports[2])[-1]["text"]
    reactions = [
        closing.react(report, by=person.actor, text=f"Niet goed volgens {person.first_name}.")
        for report, person in zip(reports[:2], people, strict=False)
    ]
    mine = Client()
    mine.force_login(people[1])
    page = mine.get(reverse("my-report", args=[reports[1].reference])).text
    assert "Niet goed volgens Karel." in page and "Niet goed volgens Lotte." not in page
    closing.answer_reaction(reactions[0], by=handler.actor, text="Het asfalt droogt nog.")
    assert "Het asfalt droogt nog." not in mine.get(reverse("my-report", args=[reports[1].reference])).text
    commands.reopen(case, by=handler.actor, text="Wij komen opnieuw.")
    assert [row.state for row in Reaction.objects.order_by("id")] == ["answered", "reopened"]
    shut(case, handler, text="Nu is het echt in orde.")
    deliver()
    for report in reports:
        assert "Nu is het echt in orde." in outside.mails(report)[-1]["text"]
        assert closing.why_not_react(Report.objects.get(pk=report.pk), closing.clock.today()) is None


def test_whoever_has_only_a_telephone_is_called_and_reacts_through_the_desk(handler, categories, clock):
    report = make.submit_report(
        None,
        reporter=make.make_reporter(None, email="", mobile="+32470123456", wants_email=False),
        category=categories["wegdek"],
        department=categories["wegdek"].department,
        handler_id=handler.pk,
    )
    commands.declare_admissible(report.case, by=handler.actor, text="Goed.")
    office, desk = Client(), Client()
    office.force_login(handler)
    desk.force_login(make.make_staff(Role.RECEPTIONIST, name="Els Maes"))
    close = reverse("case-action", args=[report.reference, "afsluiten"])
    assert "krijgt geen bericht: wij hebben geen adres. Bel 0470 12 34 56." in office.get(close).text
    note = reverse("case-action", args=[report.reference, "reactie-noteren"])
    assert desk.get(note).status_code == 302  # the case is not closed yet
    shut(report.case, handler)
    assert note in desk.get(reverse("case", args=[report.reference])).text
    version = Case.objects.get().version
    assert desk.post(note, {"version": version, "report": report.pk, "text": ""}).status_code == 422
    assert desk.post(note, {"version": version, "report": report.pk, "text": "De put is er nog."}).status_code == 302
    heard = Case.objects.get().events.get(kind=EventKind.DISSATISFIED)
    assert (heard.by_name, heard.by_reporter, heard.text) == ("Els Maes", False, "De put is er nog.")
    assert "Melder niet tevreden" in office.get(reverse("office-home")).text
    assert Notice.objects.filter(recipient=handler.email, subject__startswith="Een melder is niet tevreden").exists()
    assert note not in desk.get(reverse("case", args=[report.reference])).text
    answer = reverse("case-action", args=[report.reference, "reactie"])
    assert "Bel 0470 12 34 56." in office.get(answer).text


def test_a_second_round_tells_only_what_is_new(case, handler, worker, citizen, clock):
    done(with_task(case, handler), worker)
    shut(case, handler)
    closing.react(case.reports.get(), by=citizen.actor, text="Nog een gat ernaast.")
    clock.advance(days=1)
    commands.reopen(case, by=handler.actor, text="Wij komen opnieuw.")
    clock.advance(days=1)
    done(with_task(case, handler, "Gat ernaast vullen"), worker, public=False)
    begun = draft(case)
    assert "Gat ernaast vullen" in begun.text and "Put vullen" not in begun.text
    assert begun.photos == []
    shut(case, handler, text=begun.text)
    assert case.closings.count() == 2
    assert closing.why_not_react(case.reports.get(), closing.clock.today()) is None


def test_the_term_to_react_ends_and_an_answer_goes_to_that_reporter_alone(case, handler, citizen, clock, outside):
    shut(case, handler)
    report = case.reports.get()
    reaction = closing.react(report, by=citizen.actor, text="Niet goed.")
    closing.answer_reaction(reaction, by=handler.actor, text="Het asfalt moet nog drogen.")
    with pytest.raises(NotAllowed, match="al behandeld"):
        closing.answer_reaction(reaction, by=handler.actor, text="Nog eens.")
    deliver()
    assert "moet nog drogen" in outside.mails(report)[-1]["text"]
    clock.advance(days=20)
    other = make.make_case(citizen, category=case.category, department=case.department)
    commands.declare_admissible(other, by=handler.actor, text="Goed.")
    shut(other, handler)
    clock.advance(days=15)
    with pytest.raises(NotAllowed, match="termijn"):
        closing.react(other.reports.get(), by=citizen.actor, text="Te laat.")


def test_the_citizen_reads_words_and_photos_and_nobody_else_does(case, handler, worker, citizen):
    shot = done(with_task(case, handler), worker)
    hidden = done(with_task(case, handler, "Nazicht"), worker, public=False)
    shut(case, handler, text="De put is gevuld.", photos=[shot])
    report = case.reports.get()
    mine, stranger = Client(), Client()
    mine.force_login(citizen)
    stranger.force_login(make.make_citizen("Karel", "Dubois"))
    page = mine.get(reverse("my-report", args=[report.reference])).content.decode()
    assert "Uw melding is aangepakt" in page and "De put is gevuld." in page and "Is het volgens u niet in orde?" in page
    shown = reverse("my-result", args=[report.reference, shot.public_id])
    assert shown in page
    assert mine.get(shown).status_code == 200
    assert mine.get(reverse("my-result", args=[report.reference, hidden.public_id])).status_code == 404
    assert stranger.get(shown).status_code == 404


def test_a_reaction_without_words_keeps_the_page_and_says_why(case, handler, citizen):
    shut(case, handler)
    report = case.reports.get()
    mine = Client()
    mine.force_login(citizen)
    address = reverse("my-react", args=[report.reference])
    assert mine.post(address, {"react-text": ""}).status_code == 422
    assert mine.post(address, {"react-text": "De put is er nog."}).status_code == 302
    assert Reaction.objects.get().text == "De put is er nog."
    second = mine.post(address, {"react-text": "En nog iets anders."})
    assert second.status_code == 422 and "al gereageerd" in second.text and "En nog iets anders." in second.text


def test_after_the_term_the_page_says_so_and_keeps_what_was_written(case, handler, citizen, clock):
    shut(case, handler)
    report = case.reports.get()
    mine = Client()
    mine.force_login(citizen)
    address = reverse("my-react", args=[report.reference])
    assert address in mine.get(reverse("my-report", args=[report.reference])).text
    Closing.objects.update(react_until=closing.clock.today() - timedelta(days=1))
    page = mine.get(reverse("my-report", args=[report.reference])).text
    assert address not in page and "U kon reageren tot" in page and reverse("report-start") in page
    late = mine.post(address, {"react-text": "De put is er nog."})
    assert late.status_code == 422 and "De termijn om te reageren is voorbij" in late.text
    assert "De put is er nog." in late.text and not Reaction.objects.exists()


def test_a_text_that_speaks_of_photos_is_not_sent_without_them(case, handler, worker):
    shot = done(with_task(case, handler), worker)
    office = Client()
    office.force_login(handler)
    address = reverse("case-action", args=[case.reference, "afsluiten"])
    case.refresh_from_db()
    sent = {"version": case.version, "outcome": "done", "text": draft(case).text}
    refused = office.post(address, sent)
    assert refused.status_code == 422 and "er is geen foto aangeduid" in refused.text and "koudasfalt" in refused.text
    assert office.post(address, {**sent, "photos": [str(shot.pk)]}).status_code == 302


def test_every_standard_text_for_closing_must_be_filled_before_it_goes(case, handler):
    """Whoever forgets what stands between the brackets is stopped; nothing half-filled reaches a citizen."""
    texts = json.loads((loading.DATA / "texts.json").read_text())
    office = Client()
    office.force_login(handler)
    address = reverse("case-action", args=[case.reference, "afsluiten"])
    rows = [row for row in texts if row["use"] == "closing"]
    assert {row["reason"] for row in rows} == set(Outcome.values)
    for row in rows:
        case.refresh_from_db()
        answer = office.post(address, {"version": case.version, "outcome": row["reason"], "text": row["body"]})
        assert answer.status_code == 422 and "Vul eerst in: [vul in" in answer.text, row["title"]
    assert not Closing.objects.exists()


@pytest.mark.parametrize("language", ["nl", "en", "fr", "de"])
@pytest.mark.parametrize("outcome", Outcome.values)
def test_every_ending_has_words_in_the_language_of_the_reporter(case, handler, outside, language, outcome):
    report = case.reports.select_related("reporter").get()
    report.reporter.language = language
    report.reporter.save()
    shut(case, handler, outcome, "De uitleg van de behandelaar.")
    mail = Delivery.objects.filter(report=report, channel="email").latest("id")
    sms = Delivery.objects.filter(report=report, channel="sms").latest("id")
    assert OUTCOME_SENTENCES[language][outcome] in mail.text and "De uitleg van de behandelaar." in mail.text
    assert OUTCOME_WORDS[language][outcome] in mail.subject
    assert sms_parts(sms.text) == 1 and report.reference in sms.text
    assert "{" not in mail.text + sms.text + mail.subject


def test_the_draft_costs_as_many_queries_for_many_tasks_as_for_one(case, handler, worker, django_assert_num_queries):
    done(with_task(case, handler, "Eerste"), worker)
    with CaptureQueriesContext(connection) as one:
        draft(case)
    for title in ("Tweede", "Derde", "Vierde"):
        done(with_task(case, handler, title), worker)
    with django_assert_num_queries(len(one)):
        assert draft(case).text.count("- ") == 4


def test_the_handler_closes_on_the_page_with_the_draft_and_the_preview(case, handler, worker, citizen):
    office = Client()
    office.force_login(handler)
    task = with_task(case, handler)
    address = reverse("case-action", args=[case.reference, "afsluiten"])
    assert "Dit moet eerst klaar zijn" in office.get(address).content.decode()
    case.refresh_from_db()
    sent = {"version": case.version, "outcome": "done", "text": "Klaar."}
    assert "Put vullen" in office.post(address, sent).content.decode()
    shot = done(task, worker)
    page = office.get(address)
    assert "Gevuld met koudasfalt" in page.content.decode() and "Dit krijgt de melder" in page.content.decode()
    case.refresh_from_db()
    chosen = {"version": case.version, "outcome": "done", "text": "De put is gevuld.", "photos": [str(shot.pk)]}
    assert office.post(address, chosen).status_code == 302
    assert list(Closing.objects.get().photos.all()) == [shot]
    again = office.get(reverse("case", args=[case.reference])).content.decode()
    assert "Afgesloten: Uitgevoerd" in again
    assert uuid.UUID(str(shot.public_id)) and str(shot.public_id) in again
