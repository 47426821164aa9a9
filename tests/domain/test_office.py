"""The office over HTTP: lists that stay fast, actions that show what will be sent, two handlers, protected data."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.db.utils import ProgrammingError
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from meldloket.cases import commands, contact, conversation
from meldloket.cases.lifecycle import NotAllowed, Status
from meldloket.cases.models import SavedView
from meldloket.catalogue import current
from meldloket.messages.models import Delivery
from meldloket.people import access, protect, rotation
from meldloket.people.models import AccessLog, NationalNumber
from meldloket.people.roles import SYSTEM, Role
from meldloket.screening import engine, learning
from support import factories as make

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


@pytest.fixture
def office(handler):
    client = Client()
    client.force_login(handler)
    return client


@pytest.fixture
def case(categories, handler):
    return make.make_case(
        make.make_citizen(),
        category=categories["wegdek"],
        department=categories["wegdek"].department,
        handler_id=handler.pk,
    )


def action(case, slug: str) -> str:
    return reverse("case-action", args=[case.reference, slug])


def count_queries(client: Client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


def test_pages_cost_the_same_number_of_queries_however_many_cases(office, handler, categories, case):
    few = {
        path: count_queries(office, path)
        for path in ("/kantoor/meldingen/", "/kantoor/", f"/kantoor/meldingen/{case.reference}/")
    }
    for number in range(60):
        make.make_case(
            make.make_citizen(), category=categories["wegdek"], handler_id=handler.pk, text=f"Put nummer {number}"
        )
    many = {path: count_queries(office, path) for path in few}
    assert many == few
    listing, work, single = many.values()
    assert listing <= 12 and work <= 16 and single <= 25


def test_the_list_pages_by_key_and_misses_nothing(office, categories):
    references = [make.make_case(text=f"Put {number}", category=categories["boom"]).reference for number in range(60)]
    first = office.get("/kantoor/meldingen/?categorie=boom")
    seen = [row.reference for row in first.context["rows"]]
    second = office.get("/kantoor/meldingen/?" + first.context["older"])
    seen += [row.reference for row in second.context["rows"]]
    assert seen == references[::-1]
    back = office.get("/kantoor/meldingen/?" + second.context["newer"])
    assert [row.reference for row in back.context["rows"]] == references[:19:-1]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=putten", True),
        ("q=diepe+put", True),
        ("q=boomstronk", False),
        ("status=open", True),
        ("status=withdrawn", False),
        ("dienst=openbare-werken", True),
        ("dienst=groen", False),
        ("behandelaar=ik", True),
        ("behandelaar=niemand", False),
        ("categorie=onbekend", True),
        ("na=abc&wijk=x&termijn=y", True),
        ("termijn=te-laat", False),
    ],
)
def test_filters_find_what_they_say(office, case, query, found):
    answer = office.get(f"/kantoor/meldingen/?{query}")
    assert (case.reference in answer.content.decode()) == found


def test_search_by_number_goes_to_that_number(office, case):
    number = case.reference[-6:].lstrip("0")
    for typed in (case.reference, case.reference.lower().replace("-", " "), number):
        answer = office.get("/kantoor/zoeken/", {"q": typed})
        assert answer["Location"] == reverse("case", args=[case.reference]), typed
    assert "q=lamp" in office.get("/kantoor/zoeken/", {"q": "lamp"})["Location"]


def test_filters_are_saved_and_shared(office, handler):
    office.post("/kantoor/meldingen/filters/bewaren/", {"name": "Mijn putten", "query": "q=put&kwaad=x", "shared": "on"})
    view = SavedView.objects.get()
    assert (view.query, view.shared) == ("q=put", True)
    colleague = Client()
    colleague.force_login(make.make_staff(Role.HANDLER, name="Sofie Claes"))
    assert "Mijn putten" in colleague.get("/kantoor/meldingen/").content.decode()
    assert colleague.post(f"/kantoor/meldingen/filters/{view.pk}/verwijderen/").status_code == 404


def test_an_action_shows_what_will_be_sent_and_does_it(office, case):
    page = office.get(action(case, "ontvankelijk")).content.decode()
    assert "Wat de melder leest" in page and "Dit krijgt de melder" in page
    sent = {"version": case.version, "text": "Wij komen kijken."}
    assert office.post(action(case, "ontvankelijk"), sent).status_code == 302
    case.refresh_from_db()
    assert case.status == Status.ADMISSIBLE


def test_an_unfilled_placeholder_blocks_sending(office, case):
    sent = {"version": case.version, "reason": "other_authority", "text": "Bevoegd is: {onbekend}."}
    answer = office.post(action(case, "niet-ontvankelijk"), sent)
    assert answer.status_code == 422 and "{onbekend}" in answer.content.decode()
    case.refresh_from_db()
    assert case.status == Status.SCREENING and not Delivery.objects.filter(event__kind="inadmissible").exists()


def test_the_second_handler_is_told_and_keeps_the_text(office, case):
    seen = case.version
    commands.add_note(case, by=make.make_staff(Role.HANDLER, name="Sofie Claes").actor, text="Ik kijk dit na.")
    answer = office.post(action(case, "ontvankelijk"), {"version": seen, "text": "Mijn lange tekst voor de melder."})
    page = answer.content.decode()
    assert (
        answer.status_code == 422 and "intussen gewijzigd" in page and "Mijn lange tekst" in page and "Sofie Claes" in page
    )
    case.refresh_from_db()
    assert case.status == Status.SCREENING


def test_every_action_can_be_opened(office, case):
    from meldloket.web.office.action_table import ACTIONS

    for row in ACTIONS:
        assert office.get(action(case, row.slug)).status_code in (200, 302), row.slug


def test_reassign_category_term_and_note(office, case, categories):
    other = make.make_staff(Role.HANDLER, departments=("groen",), name="Jan Vermeulen")
    posts = {
        "toewijzen": {"department": "groen", "handler": str(other.pk), "why": "Dit is een boom"},
        "categorie": {"category": "boom"},
        "termijn": {"target": (date.today() + timedelta(days=60)).isoformat(), "why": "Wij wachten op materiaal."},
        "nota": {"text": "Gebeld met de ploeg."},
        "schorsen": {"why": "Wacht op de aannemer"},
        "hervatten": {},
    }
    for slug, fields in posts.items():
        case.refresh_from_db()
        answer = office.post(action(case, slug), {"version": case.version, **fields})
        assert answer.status_code == 302, (slug, answer.content.decode()[-3000:])
    case.refresh_from_db()
    assert (case.handler, case.category.code, case.department.code) == (other, "boom", "groen")
    assert case.corrections.get().category == "boom"


def test_contact_data_are_verified_and_the_code_can_not_be_guessed(case):
    report = case.reports.get()
    citizen = report.reporter.account.actor
    verification = contact.request_change(report, by=citizen, channel="email", value="nieuw@example.org")
    for _ in range(contact.MOST_ATTEMPTS):
        with pytest.raises(NotAllowed):
            contact.confirm_change(report, by=citizen, channel="email", code="000000")
    with pytest.raises(NotAllowed):
        contact.confirm_change(report, by=citizen, channel="email", code=contact.code_for(verification))
    verification = contact.request_change(report, by=citizen, channel="email", value="nieuw@example.org")
    contact.confirm_change(report, by=citizen, channel="email", code=contact.code_for(verification))
    report.reporter.refresh_from_db()
    assert report.reporter.email == "nieuw@example.org" and report.reporter.email_verified_at


def test_a_citizen_answers_adds_and_withdraws(case, handler):
    report = case.reports.get()
    question = conversation.ask_reporter(
        case, by=handler.actor, report=report, text="Hoe diep?", due=date.today() + timedelta(days=9)
    )
    citizen = Client()
    citizen.force_login(report.reporter.account)
    page = citizen.get(f"/mijn/{report.reference}/").content.decode()
    assert "Hoe diep?" in page
    answer = f"/mijn/{report.reference}/antwoord/{question.public_id}/"
    assert citizen.post(answer, {"text": ""}).status_code == 422
    assert citizen.post(answer, {"text": "Diep."}).status_code == 302
    assert citizen.post(f"/mijn/{report.reference}/aanvullen/", {"add-text": "Het wordt erger."}).status_code == 302
    assert citizen.post(f"/mijn/{report.reference}/intrekken/", {"reason": "Opgelost"}).status_code == 302
    case.refresh_from_db()
    assert case.status == Status.WITHDRAWN
    assert citizen.post(f"/mijn/{report.reference}/aanvullen/", {"add-text": "Nog iets."}).status_code == 422
    assert "Diep." in citizen.get("/mijn/gegevens/?download").content.decode()


def test_opening_a_number_asks_a_purpose_and_is_logged(office, case, handler):
    path = reverse("case-number", args=[case.reference])
    number = make.opened(case.reports.get().reporter.account)
    assert number[:6] not in office.get(path).content.decode()
    assert office.post(path, {"purpose": "  "}).status_code == 422
    shown = office.post(path, {"purpose": "Controle van de identiteit"})
    assert number[-2:] in shown.content.decode() and shown["Cache-Control"] == "no-store"
    log = AccessLog.objects.get()
    assert (log.actor, log.purpose, log.report_reference) == (handler, "Controle van de identiteit", case.reference)
    with pytest.raises(PermissionError):
        access.open_number(NationalNumber.objects.first(), by=make.make_staff(Role.POLICY_OFFICER), purpose="nieuwsgierig")


@pytest.mark.django_db(transaction=True)
def test_the_access_log_can_only_be_added_to(case, handler):
    log = access.log_access(by=handler, action="look_up", purpose="proef")
    with pytest.raises(ProgrammingError):
        log.delete()
    with pytest.raises(ProgrammingError):
        AccessLog.objects.update(purpose="anders")


def test_keys_rotate_and_a_missing_key_is_said(settings):
    from cryptography.fernet import Fernet

    number = NationalNumber.of(make.fictitious_number(501))
    old = settings.NUMBER_KEYS
    settings.NUMBER_KEYS = [Fernet.generate_key().decode(), *old]
    rotation.rotate_all(lambda items, *_: items)
    settings.NUMBER_KEYS = settings.NUMBER_KEYS[:1]
    number.refresh_from_db()
    assert number.open() == make.fictitious_number(501)
    settings.NUMBER_KEYS = old
    with pytest.raises(protect.UnreadableNumber):
        number.open()


def test_administration_adds_changes_and_refuses_to_remove_what_is_used(categories):
    admin = Client()
    admin.force_login(make.make_staff(Role.ADMINISTRATOR, name="An De Smet"))
    from meldloket.web.office.manage import KINDS

    for kind in KINDS:
        assert admin.get(f"/kantoor/beheer/{kind.slug}/").status_code == 200, kind.slug
    assert admin.post("/kantoor/beheer/sluitingsdagen/nieuw/", {"day": "24/12/2026", "name": "Brugdag"}).status_code == 302
    assert admin.post("/kantoor/beheer/sluitingsdagen/nieuw/", {"day": "x", "name": ""}).status_code == 422
    department = categories["wegdek"].department
    admin.post(f"/kantoor/beheer/diensten/{department.pk}/verwijderen/")
    department.refresh_from_db()
    template = {"event": "submitted", "channel": "email", "language": "nl", "subject": "Zonder nummer", "body": "x"}
    answer = admin.post("/kantoor/beheer/berichten/nieuw/", template)
    assert answer.status_code == 422 and "referentie" in answer.content.decode()


def test_the_model_learns_from_a_changed_category(office, categories, tmp_path):
    engine.configure(tmp_path)
    try:
        text = "de zwartgele dinges aan de kaai piept heel de dag"
        case = make.make_case(text=text, category=categories["boom"])
        assert learning.relearn() is False
        commands.change_category(case, by=SYSTEM, category=categories["wegdek"])
        assert learning.relearn() is True
        assert learning.relearn() is False
        assert engine.get_screener().screen("zwartgele dinges piept").categories[0].code == "wegdek"
    finally:
        engine.configure(None)
