"""Pages of the evaluation: filled in by link and on the phone, processed, built, and counted without giving anyone away."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from meldloket.cases import closing, commands
from meldloket.cases.models import Case
from meldloket.catalogue import current
from meldloket.evaluation import building, inviting, results
from meldloket.evaluation.models import Answer, EvaluationForm, Invitation
from meldloket.evaluation.results import Scope
from meldloket.people import disclosure
from meldloket.people.roles import Role
from support import factories as make
from support.evaluation import publish_form
from support.messages import reachable

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def categories():
    rows = make.make_catalogue()
    current.forget()
    yield rows
    current.forget()


@pytest.fixture
def handler():
    return make.make_staff(Role.HANDLER, departments=("openbare-werken",))


def client_of(account) -> Client:
    client = Client()
    client.force_login(account)
    return client


def invited(categories, handler, clock, **reporter) -> Invitation:
    citizen = make.make_citizen()
    report = make.submit_report(
        citizen,
        reporter=reachable(citizen, **reporter),
        category=categories["wegdek"],
        department=categories["wegdek"].department,
        handler_id=handler.pk,
    )
    commands.declare_admissible(report.case, by=handler.actor, text="Goed.")
    closing.close(report.case, by=handler.actor, outcome="done", text="De put is gevuld.")
    publish_form(handler.actor)
    clock.advance(days=3)
    inviting.send_due()
    return Invitation.objects.get(report=report)


def test_a_citizen_fills_in_by_the_personal_link_without_logging_in_and_once(categories, handler, clock):
    invitation = invited(categories, handler, clock)
    visitor, address = Client(), inviting.path_of(invitation)
    mine = client_of(invitation.report.reporter.account)
    assert address in mine.get("/mijn/").text and address in mine.get(f"/mijn/{invitation.report.reference}/").text
    page = visitor.get(address)
    assert "Hoe tevreden bent u?" in page.text and "noindex" in page.text
    assert invitation.report.text not in page.text  # the link alone does not open the report
    assert visitor.post(f"{address}bewaren/", {"q-overall": "2"}).json() == {"saved": True}
    assert re.search(r'value="2" checked', visitor.get(address).text)
    incomplete = visitor.post(address, {"q-overall": "2", "q-solved": "no"})
    assert incomplete.status_code == 422 and "Beantwoord deze vraag." in incomplete.text
    sent = visitor.post(address, {"q-overall": "2", "q-solved": "no", "q-left": "De putrand zit los."}, follow=True)
    assert "Bedankt voor uw mening" in sent.text
    assert address not in mine.get("/mijn/").text
    visitor.post(address, {"q-overall": "5", "q-solved": "yes"})
    assert Answer.objects.get(question="overall").number == 2
    assert visitor.post(f"{address}bewaren/", {"q-overall": "5"}).json() == {"saved": False}
    assert Client().get("/e/raad-maar/").status_code == 404


def test_the_link_speaks_the_language_of_the_report(categories, handler, clock):
    invitation = invited(categories, handler, clock)
    invitation.report.language = "en"
    invitation.report.save()
    assert "How satisfied are you?" in Client().get(inviting.path_of(invitation)).text


def test_the_desk_fills_in_on_the_phone(categories, handler, clock):
    invitation = invited(categories, handler, clock, email="", number=None, wants_email=False, wants_sms=False)
    Invitation.objects.update(state="by_phone")
    desk = client_of(make.make_staff(Role.RECEPTIONIST))
    assert invitation.report.reference in desk.get("/kantoor/evaluaties/").text
    address = f"/kantoor/evaluaties/{invitation.pk}/telefoon/"
    assert desk.post(address, {"q-solved": "yes"}).status_code == 422
    assert desk.post(address, {"q-overall": "4", "q-solved": "yes"}).status_code == 302
    invitation.refresh_from_db()
    assert invitation.state == "answered" and invitation.filled_by_name
    assert desk.get(f"/kantoor/evaluaties/{invitation.pk}/").status_code == 403


def test_a_handler_processes_an_evaluation_into_an_answer(categories, handler, clock):
    invitation = invited(categories, handler, clock)
    Client().post(inviting.path_of(invitation), {"q-overall": "1", "q-solved": "no", "q-left": "Alles."})
    office, colleague = client_of(handler), client_of(make.make_staff(Role.HANDLER, departments=("groen",)))
    assert "1 op 5" in office.get("/kantoor/evaluaties/").text
    assert "Eén evaluatie wacht" in office.get("/kantoor/").text
    assert "Eén evaluatie wacht" not in colleague.get("/kantoor/").text
    assert "1 op 5" not in colleague.get("/kantoor/evaluaties/").text
    assert "1 op 5" in colleague.get("/kantoor/evaluaties/?wie=iedereen").text
    address = f"/kantoor/evaluaties/{invitation.pk}/"
    assert "Alles." in office.get(address).text
    refused = office.post(address, {"how": "answer", "text": ""})
    assert refused.status_code == 422 and "de melder leest dit" in refused.text
    office.post(address, {"how": "answer", "text": "Wij kijken het na."})
    invitation.refresh_from_db()
    assert (invitation.processed, invitation.reply) == ("answered", "Wij kijken het na.")
    again = office.post(address, {"how": "acknowledge"})
    assert again.status_code == 422 and "verwerkte deze evaluatie al" in again.text


def test_an_answer_with_a_gap_is_refused_and_kept_and_the_preview_says_what_goes(categories, handler, clock, outside):
    invitation = invited(categories, handler, clock)
    Client().post(inviting.path_of(invitation), {"q-overall": "1", "q-solved": "yes"})
    office, address = client_of(handler), f"/kantoor/evaluaties/{invitation.pk}/"
    shown = office.post(f"{address}voorbeeld/", {"how": "answer", "text": "Wij kijken het na."})
    assert "Wij kijken het na." in shown.text and "E-mail naar" in shown.text
    assert "geen bericht" in office.post(f"{address}voorbeeld/", {"how": "acknowledge", "text": "Nota"}).text
    for text in ("Dag {naam}", "Wij komen op [vul in: dag]."):
        refused = office.post(address, {"how": "answer", "text": text})
        assert refused.status_code == 422 and "Vul eerst in" in refused.text and text in refused.text
    invitation.refresh_from_db()
    assert invitation.processed == "new"


def test_the_office_is_told_that_an_answer_reaches_nobody(categories, handler, clock):
    invitation = invited(
        categories, handler, clock, email="", mobile="+32470123456", number=None, wants_email=False, wants_sms=False
    )
    assert invitation.state == "by_phone"
    desk = client_of(make.make_staff(Role.RECEPTIONIST))
    address = f"/kantoor/evaluaties/{invitation.pk}/telefoon/"
    assert "0470 12 34 56" in desk.get(address).text
    desk.post(address, {"q-overall": "4", "q-solved": "yes"})
    again = desk.post(address, {"q-overall": "1", "q-solved": "yes"}, follow=True)
    assert "kan niet (meer) ingevuld worden" in again.text
    page = client_of(handler).get(f"/kantoor/evaluaties/{invitation.pk}/").text
    assert "krijgt geen berichten van ons" in page and "0470 12 34 56" in page


def test_a_handler_makes_an_action_of_it(categories, handler, clock):
    invitation = invited(categories, handler, clock)
    Client().post(inviting.path_of(invitation), {"q-overall": "1", "q-solved": "yes"})
    sent = client_of(handler).post(
        f"/kantoor/evaluaties/{invitation.pk}/",
        {"how": "action", "title": "Putrand herstellen", "text": "Wij komen terug."},
    )
    assert sent.status_code == 302
    case = Case.objects.get()
    assert case.actions.get().title == "Putrand herstellen" and not case.ended


def test_a_form_is_built_in_four_languages_with_a_condition_and_published(categories, handler):
    publish_form(handler.actor)
    office = client_of(make.make_staff(Role.ADMINISTRATOR))
    office.post("/kantoor/evaluaties/formulieren/nieuw/", {"name": "Wegen", "category": "wegdek"})
    form = EvaluationForm.objects.get(name="Wegen")
    base = f"/kantoor/evaluaties/formulieren/{form.pk}/"
    added = office.post(
        f"{base}vraag/",
        {
            "version": form.version,
            "kind": "choice",
            "label_nl": "Was de straat te lang dicht?",
            "label_fr": "La rue est-elle restée fermée trop longtemps ?",
            "option0_nl": "Ja",
            "option0_fr": "Oui",
            "option1_nl": "Nee",
            "when": ["solved=yes"],
        },
    )
    assert added.status_code == 302
    twice = office.post("/kantoor/evaluaties/formulieren/nieuw/", {"name": "Weer", "category": "wegdek"}, follow=True)
    assert "Hiervoor bestaat al een formulier" in twice.text
    made = building.read(EvaluationForm.objects.get(pk=form.pk).draft)[-1]
    assert made.code == "was-de-straat-te-lang-dicht" and made.when is not None and made.when.values == ("yes",)
    assert "La rue est-elle" in office.get(f"{base}voorbeeld/?taal=fr").text
    stale = office.post(f"{base}vraag/", {"version": form.version, "kind": "text", "label_nl": "Nog een?"}, follow=True)
    assert "wijzigde dit formulier intussen" in stale.text
    office.post(f"{base}vraag/solved/verplaatsen/", {"version": form.version + 1, "doe": "weg"})
    changed = building.read(EvaluationForm.objects.get(pk=form.pk).draft)
    assert "solved" not in [row.code for row in changed] and changed[-1].when is None
    assert "Versie 1 is gepubliceerd" in office.post(f"{base}publiceren/", follow=True).text
    wrong = office.post(f"{base}vraag/", {"kind": "choice", "label_nl": "Leeg?"})
    assert wrong.status_code == 422 and "minstens twee keuzes" in wrong.text


def test_a_question_of_another_kind_is_a_new_question(categories, handler):
    """Answers of two kinds are never counted under one name."""
    form = publish_form(handler.actor).form
    base = f"/kantoor/evaluaties/formulieren/{form.pk}/"
    page = {"version": form.version, "label_nl": "Hoe tevreden bent u?", "required": "on"}
    client_of(handler).post(f"{base}vraag/overall/", {**page, "kind": "text"})
    changed = building.read(EvaluationForm.objects.get(pk=form.pk).draft)
    assert changed[0].code == "hoe-tevreden-bent-u" and changed[0].kind == "text"
    assert "hangt af van een vraag die er niet voor staat" in client_of(handler).get(base).text
    client_of(handler).post(f"{base}vraag/solved/", {"kind": "yes_no", "label_nl": "Is het nu opgelost?"})
    assert building.read(EvaluationForm.objects.get(pk=form.pk).draft)[1].code == "solved"


def answered_many(categories, handler, scores: list[int], *, code: str = "wegdek", months_ago: int = 1) -> list[Invitation]:
    """As many cases with an evaluation, filled in in the middle of an earlier month, as there are `scores`."""
    version = publish_form(handler.actor)
    at = timezone.localtime().replace(day=15, hour=12)
    for _ in range(months_ago):
        at = (at.replace(day=1) - timedelta(days=1)).replace(day=15)
    made = []
    for score in scores:
        category = categories[code]
        report = make.submit_report(make.make_citizen(), category=category, department=category.department)
        told = {"state": "answered", "due": at.date(), "sent_at": at, "closes_on": at.date(), "answered_at": at}
        invitation = Invitation.objects.create(report=report, version=version, **told)
        Answer.objects.create(invitation=invitation, question="overall", number=score)
        made.append(invitation)
    return made


def month_ago(count: int) -> date:
    """The first day of an earlier month."""
    day = timezone.localdate().replace(day=1)
    for _ in range(count):
        day = (day - timedelta(days=1)).replace(day=1)
    return day


def test_results_hide_small_groups_and_round_the_others(categories, handler, clock):
    answered_many(categories, handler, [5] * 12 + [1] * 2)
    found = results.per_form(Scope().of(Case.objects.all()))[0].questions[0]
    shown = {cell.value: cell.shown for cell in found.cells}
    assert shown["1"] is None and shown["5"] in (10, 15)  # twelve, rounded
    page = client_of(make.make_staff(Role.POLICY_OFFICER)).get("/kantoor/evaluaties/resultaten/")
    assert "minder dan 5" in page.text and page.status_code == 200


def test_the_difference_between_two_filters_says_nothing_about_the_one_who_differs(categories, handler, clock):
    """Somebody knows who reported on a certain day. Two periods, with and without that day, must not tell their score."""
    answered_many(categories, handler, [5, 4] * 6)
    everyone = Scope().of(Case.objects.all())
    told: dict[int, set[int | None]] = {1: set(), 5: set()}
    for other_score in told:
        answered_many(categories, handler, [other_score])
        last = Invitation.objects.latest("pk")
        for key in range(600):  # whatever key the last person happens to have
            Invitation.objects.filter(pk=last.pk).update(key=key * 7919 + other_score)
            told[other_score].add(results.per_form(everyone)[0].questions[0].cells[4].shown)
        last.report.case.delete()
    # Whichever the score was, the published number of fives can be the same: hidden, 5 or 10.
    assert told[1] == told[5] == {None, 5, 10}


def test_a_number_that_appears_does_not_tell_who_was_the_fifth():
    for count in (5, 6, 7, 8):
        assert {disclosure.masked(count, key) is None for key in range(100)} == {True, False}
    assert all(disclosure.masked(4, key) is None for key in range(100))


def test_rounding_is_steady_and_unbiased():
    assert len({disclosure.rounded(13, 42) for _ in range(20)}) == 1
    drawn = [disclosure.rounded(13, key) for key in range(4000)]
    assert set(drawn) == {10, 15} and abs(sum(drawn) / len(drawn) - 13) < 0.15


def test_texts_are_of_whole_past_months_with_enough_answers(categories, handler, clock):
    """Two periods that differ a day, or a month in which one person wrote, give the same texts."""
    answered_many(categories, handler, [5] * 6, months_ago=2)
    answered_many(categories, handler, [1], months_ago=1)
    answered_many(categories, handler, [1] * 6, months_ago=0)
    Answer.objects.filter(question="overall").update(text="Goed gewerkt")
    cases = Case.objects.all()
    for until in (timezone.localdate(), month_ago(0) - timedelta(days=1), month_ago(0) - timedelta(days=9)):
        for since in (month_ago(2), month_ago(2) - timedelta(days=9)):
            assert len(results.texts(Scope(since=since, until=until).of(cases), "gewerkt")) == 6
    assert list(results.texts(Scope().of(cases), "ongewoon")) == []
    assert list(results.texts(Scope(since=month_ago(2) + timedelta(days=1)).of(cases), "gewerkt")) == []


@pytest.mark.parametrize("dimension", ["categorie", "dienst"])
def test_a_group_in_a_table_has_blocks_of_its_own(categories, handler, clock, dimension):
    """In one category a single person answered last month: no choice of period changes that category by one person."""
    answered_many(categories, handler, [3] * 9, months_ago=3)
    answered_many(categories, handler, [4] * 9, code="boom", months_ago=3)
    answered_many(categories, handler, [3] * 9, months_ago=2)
    answered_many(categories, handler, [1], code="boom", months_ago=2)
    cases = Case.objects.all()

    def row(until: date) -> results.Response:
        name = "Boom" if dimension == "categorie" else "Groen"
        found = results.broken_down(Scope(until=until).of(cases), dimension)
        return next(response for response in found if response.name == name)

    with_the_one, without = row(month_ago(1) - timedelta(days=1)), row(month_ago(2) - timedelta(days=1))
    assert with_the_one == without and with_the_one.mean == 4.0


def test_what_a_citizen_said_is_in_their_own_data(categories, handler, clock):
    invitation = invited(categories, handler, clock)
    Client().post(inviting.path_of(invitation), {"q-overall": "2", "q-solved": "no", "q-left": "De putrand zit los."})
    report = invitation.report
    account = report.reporter.account
    closing.react(report, by=account.actor, text="De put is er nog.")
    data = client_of(account).get("/mijn/gegevens/?download").json()["meldingen"][0]
    assert [row["reactie"] for row in data["reacties"]] == ["De put is er nog."]
    said = {row["vraag"]: row["antwoord"] for row in data["evaluatie"]["antwoorden"]}
    assert said == {"Hoe tevreden bent u?": 2, "Is het opgelost?": ["no"], "Wat niet?": "De putrand zit los."}
    assert "De put is gevuld." in str(data["verloop"])


def test_the_period_narrows_the_results(categories, handler, clock):
    answered_many(categories, handler, [5] * 10)
    cases = Case.objects.all()
    assert results.response(Scope(since=month_ago(1)).of(cases)).asked == 10  # ten is a five-fold
    assert results.response(Scope(since=month_ago(0)).of(cases)).asked is None
    assert results.response(Scope(until=month_ago(1)).of(cases)).asked is None
