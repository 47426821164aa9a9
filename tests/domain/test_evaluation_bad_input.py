"""Bad input on the pages of closing and evaluation: a clear answer, never a broken page, and nothing lost."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from meldloket.cases import closing, commands
from meldloket.cases.models import Case, Closing
from meldloket.catalogue import current
from meldloket.evaluation import building, inviting
from meldloket.evaluation.models import Answer, EvaluationForm, Invitation
from meldloket.people.models import Account
from meldloket.people.roles import Role
from support import factories as make
from support.evaluation import publish_form
from support.messages import reachable

pytestmark = pytest.mark.django_db
EVALUATIONS = "/kantoor/evaluaties/"


@pytest.fixture(autouse=True)
def categories():
    rows = make.make_catalogue()
    current.forget()
    yield rows
    current.forget()


@pytest.fixture
def handler() -> Account:
    return make.make_staff(Role.HANDLER, departments=("openbare-werken",))


@pytest.fixture
def office(handler) -> Client:
    client = Client()
    client.force_login(handler)
    return client


def open_case(categories, handler) -> Case:
    citizen = make.make_citizen()
    report = make.submit_report(
        citizen,
        reporter=reachable(citizen),
        category=categories["wegdek"],
        department=categories["wegdek"].department,
        handler_id=handler.pk,
    )
    return commands.declare_admissible(report.case, by=handler.actor, text="Goed.")


def invited(categories, handler, clock) -> Invitation:
    case = open_case(categories, handler)
    closing.close(case, by=handler.actor, outcome="done", text="Klaar.")
    publish_form(handler.actor)
    clock.advance(days=3)
    inviting.send_due()
    return Invitation.objects.get(report__case=case)


@pytest.mark.parametrize(
    "wrong",
    [
        {"outcome": "solved"},
        {"outcome": ""},
        {"version": "x"},
        {"version": ""},
        {"version": "9" * 30},
        {"photos": ["999"]},
        {"text": "w" * 4001},
        {"text": "\x00 \n\t"},
        {"text": "Dag {onbekend}, het is klaar."},
    ],
)
def test_a_closing_that_cannot_be_is_shown_again_with_what_was_typed(wrong, categories, handler, office):
    case = open_case(categories, handler)
    address = reverse("case-action", args=[case.reference, "afsluiten"])
    sent = {"version": case.version, "outcome": "done", "text": "De put is gevuld met koudasfalt.", **wrong}
    answer = office.post(address, sent)
    if wrong == {"photos": ["999"]}:  # no photo is offered, so that field does not exist
        assert answer.status_code == 302
        return
    assert answer.status_code == 422 and not Closing.objects.exists()
    assert str(sent["text"]).strip("\x00 \n\t") in answer.text
    assert office.post(f"{address}voorbeeld/", sent).status_code == 200


def test_the_second_of_two_handlers_sees_what_changed_and_keeps_the_text(categories, handler, office):
    case = open_case(categories, handler)
    address = reverse("case-action", args=[case.reference, "afsluiten"])
    sent = {"version": case.version, "outcome": "done", "text": "De put is gevuld."}
    commands.add_note(case, by=make.make_staff(Role.HANDLER, name="Sofie Claes").actor, text="Wacht nog even.")
    commands.start_assessment(Case.objects.get(pk=case.pk), by=handler.actor)
    answer = office.post(address, sent)
    assert answer.status_code == 422 and "intussen gewijzigd" in answer.text and "De put is gevuld." in answer.text
    assert not Closing.objects.exists()


@pytest.mark.parametrize("slug", ["reactie", "reactie-noteren"])
def test_a_choice_that_does_not_exist_is_refused(slug, categories, handler, office):
    case = open_case(categories, handler)
    closing.close(case, by=handler.actor, outcome="done", text="Klaar.")
    report = case.reports.get()
    if slug == "reactie":
        closing.react(report, by=report.reporter.account.actor, text="Nog niet.")
    version = Case.objects.get(pk=case.pk).version
    address = reverse("case-action", args=[case.reference, slug])
    for value in ("999999", "abc", ""):
        answer = office.post(address, {"version": version, "reaction": value, "report": value, "text": "Antwoord."})
        assert answer.status_code == 422 and "Antwoord." in answer.text


@pytest.mark.parametrize(
    "query",
    [
        "?lijst=zzz",
        "?na=" + "9" * 40,
        "?na=-1",
        "?lijst=verwerkt&na=abc",
        "?wie=zzz",
        "resultaten/?van=2026-99-99&tot=gisteren",
        "resultaten/?van=9999-12-31&tot=0001-01-01",
        "resultaten/?categorie=zzz&dienst=zzz&per=zzz",
        "resultaten/?zoek=%00%22%27(&per=maand",
        "resultaten/?zoek=" + "w" * 500,
        "formulieren/?melding=zzz",
    ],
)
def test_a_strange_address_gives_a_page(query, categories, handler, office, clock):
    invited(categories, handler, clock)
    assert office.get(EVALUATIONS + query).status_code == 200


def test_a_strange_question_is_refused_and_the_form_unchanged(categories, handler, office):
    form = publish_form(handler.actor).form
    base = f"{EVALUATIONS}formulieren/{form.pk}/"
    before = EvaluationForm.objects.get(pk=form.pk).draft
    good = {"version": form.version, "kind": "text", "label_nl": "Hoe was het?"}
    wrongs = (
        {"kind": "zzz"},
        {"label_nl": "w" * 301},
        {"label_nl": ""},
        {"kind": "choice", "option0_nl": "Ja"},
        {"when": ["solved=zzz"]},
        {"when": ["zzz"]},
        {"when": ["solved=yes", "overall=1"]},
    )
    for wrong in wrongs:
        assert office.post(f"{base}vraag/", {**good, **wrong}).status_code == 422, wrong
    assert office.post(f"{base}vraag/weg/", good).status_code == 404
    for what in ("op", "neer", "weg", "zzz", ""):
        office.post(f"{base}vraag/bestaat-niet/verplaatsen/", {"doe": what, "version": ""})
    assert EvaluationForm.objects.get(pk=form.pk).draft == before
    for version in ("-1", "x", "9" * 30):
        assert office.post(f"{base}publiceren/", {"version": version}).status_code == 302
    assert office.get(f"{base}voorbeeld/?taal=zzz").status_code == 200
    assert office.get(f"{EVALUATIONS}formulieren/999999/").status_code == 404
    new = office.post(f"{EVALUATIONS}formulieren/nieuw/", {"name": "", "reference": "MLD-9999-1"})
    assert new.status_code == 422 and "Geef het formulier een naam." in new.text


@pytest.mark.parametrize(
    "sent",
    [
        {"q-overall": "9", "q-solved": "zzz"},
        {"q-overall": ["1", "2"], "q-solved": ["yes", "no"]},
        {"q-zzz": "x", "overall": "5"},
        {"q-overall": "4", "q-solved": "no", "q-left": "\x00"},
        {"q-remark": "w" * 50_000},
    ],
)
def test_a_strange_evaluation_counts_only_what_was_asked(sent, categories, handler, clock):
    invitation = invited(categories, handler, clock)
    address, visitor = inviting.path_of(invitation), Client()
    assert visitor.post(f"{address}bewaren/", sent).status_code == 200
    answer = visitor.post(address, sent)
    assert answer.status_code in (302, 422)
    invitation.refresh_from_db()
    for values in invitation.answers.values():
        assert all(len(value) <= 2000 and "\x00" not in value for value in values)
    assert set(invitation.answers) <= {row.code for row in building.read(invitation.version.questions)}
    assert Answer.objects.filter(number__gt=5).count() == 0


def test_pages_cost_as_many_queries_for_many_as_for_one(categories, handler, office, clock):
    def count(address: str) -> int:
        office.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert office.get(address).status_code == 200
        return len(queries)

    def answer() -> Invitation:
        invitation = invited(categories, handler, clock)
        Client().post(inviting.path_of(invitation), {"q-overall": "2", "q-solved": "no", "q-left": "De rand."})
        return invitation

    first = answer()
    addresses = [EVALUATIONS, f"{EVALUATIONS}{first.pk}/", "/kantoor/", reverse("case", args=[first.report.reference])]
    before = [count(address) for address in addresses]
    for _ in range(4):
        answer()
    after = [count(address) for address in addresses]
    assert all(now <= then for now, then in zip(after, before, strict=True)), (before, after)
