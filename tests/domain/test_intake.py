"""The form over HTTP: nothing is lost, sending twice makes one report, bad input gets a sentence and never a 500."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from meldloket.cases.models import Case, Report
from meldloket.catalogue import current
from meldloket.intake import drafts, invitations, ports
from meldloket.intake.models import Draft
from meldloket.intake.ports import RegisterAnswer, RegisteredAddress, WhyNot
from meldloket.people.models import AccessLog
from meldloket.people.roles import Role
from support import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def catalogue():
    make.make_catalogue()
    current.forget()
    yield
    current.forget()
    ports.plugged.register = ports.plugged.addresses = None


@pytest.fixture
def citizen():
    return make.make_citizen()


@pytest.fixture
def browser(citizen):
    client = Client()
    client.force_login(citizen)
    return client


@pytest.fixture
def draft(browser):
    browser.get("/melden/")
    return Draft.objects.get()


def url(draft: Draft, slug: str) -> str:
    return reverse("report-step", args=[draft.public_id, slug])


ME = {"first_name": "Lotte", "last_name": "Peeters", "street": "Kerkstraat", "number": "12", "postcode": "9999"}


def fill(browser: Client, draft: Draft, text: str = "Er zit een diepe put in de weg.") -> None:
    sent = {
        "wat": {"text": text, "category": "wegdek"},
        "waar": {"latitude": "51.05", "longitude": "3.55", "address": "Kerkstraat 12"},
        "wanneer": {"choice": "now"},
        "gegevens": ME,
        "bereikbaar": {"email": "lotte@example.org", "wants_email": "on", "language": "nl"},
    }
    for slug, fields in sent.items():
        answer = browser.post(url(draft, slug), fields)
        assert answer.status_code == 302, (slug, answer.status_code)


def send(browser: Client, draft: Draft):
    return browser.post(reverse("report-send", args=[draft.public_id]))


def test_from_the_first_step_to_the_receipt(browser, draft, citizen):
    fill(browser, draft)
    assert send(browser, draft)["Location"] == reverse("report-receipt", args=[draft.public_id])
    report = Report.objects.get()
    page = browser.get(reverse("report-receipt", args=[draft.public_id])).content.decode()
    assert report.reference in page
    assert (report.reporter.account, report.case.category.code) == (citizen, "wegdek")
    assert report.case.screening.proposals["categories"]


def test_sending_twice_and_a_replayed_form_make_one_report(browser, draft):
    fill(browser, draft)
    for _ in range(3):
        assert send(browser, draft).status_code == 302
    assert browser.post(url(draft, "wat"), {"text": "iets anders nu"}).status_code == 302
    assert (Report.objects.count(), Case.objects.count()) == (1, 1)
    assert Report.objects.get().text.startswith("Er zit")


def test_a_second_tab_keeps_what_the_first_one_gave(browser, draft):
    browser.post(url(draft, "wat"), {"text": "Er zit een put in de weg."})
    browser.post(url(draft, "bereikbaar"), {"email": "lotte@example.org", "language": "nl"})
    draft.refresh_from_db()
    assert draft.data["what"]["text"] and draft.data["contact"]["email"] == "lotte@example.org"


def test_what_an_ended_session_sent_is_there_after_logging_in_again(draft, citizen):
    later = Client()
    answer = later.post(url(draft, "wat"), {"text": "Dit typte ik nadat mijn sessie afliep."})
    assert answer.status_code == 302 and "/aanmelden/burger/" in answer["Location"]
    session = later.session
    kept = session["unsent"]
    later.force_login(citizen)
    session = later.session
    session["unsent"] = kept
    session.save()
    assert "Dit typte ik nadat" in later.get(url(draft, "wat")).content.decode()


def test_an_unfinished_report_is_offered_again(browser, draft):
    browser.post(url(draft, "wat"), {"text": "Er zit een put in de weg."})
    assert "Verder met uw melding" in browser.get("/melden/").content.decode()
    assert Draft.objects.count() == 1


def test_a_step_that_misses_brings_the_citizen_there(browser, draft):
    browser.post(url(draft, "wat"), {"text": "Er zit een put in de weg."})
    assert send(browser, draft)["Location"] == url(draft, "waar")


NASTY = {
    "empty": "",
    "spaces": "   \n\t ",
    "too long": "a" * 20_000,
    "control characters": "Put\x00 in\x07 de\x1b weg voor mijn deur",
    "emoji": "🕳️ put in de weg 🚲💥",
    "right to left": "حفرة في الطريق أمام منزلي",
    "override": "put \u202e in de weg",
    "script": "<script>alert(1)</script> put in de weg",
    "template": "{{ settings.SECRET_KEY }} {% debug %} put in de weg",
    "sql": "'; DROP TABLE cases_case; -- put in de weg",
    "surrogate": "put \ud800 in de weg",
}


@pytest.mark.parametrize("name", NASTY)
def test_any_text_is_kept_or_refused_in_words(browser, draft, name):
    text = NASTY[name].encode("utf-8", "replace").decode()
    answer = browser.post(url(draft, "wat"), {"text": text})
    assert answer.status_code in (302, 422)
    page = browser.get(url(draft, "wat")).content.decode() if answer.status_code == 302 else answer.content.decode()
    assert "<script>alert(1)</script>" not in page
    if name in ("empty", "spaces", "too long"):
        assert answer.status_code == 422 and 'role="alert"' in page
    if name == "too long":
        assert "a" * 20_000 in page  # nothing that was typed is lost


@pytest.mark.parametrize(
    "fields",
    [
        {"latitude": "nan", "longitude": "3.5"},
        {"latitude": "inf", "longitude": "3.5"},
        {"latitude": "991", "longitude": "3.5"},
        {"latitude": "x", "longitude": "y"},
        {"latitude": "51.05"},
        {"address": ""},
        {},
    ],
)
def test_a_place_that_can_not_be_is_refused_in_words(browser, draft, fields):
    answer = browser.post(url(draft, "waar"), fields)
    assert answer.status_code == 422 and 'role="alert"' in answer.content.decode()


def test_an_address_is_enough_when_the_address_service_is_down(browser, draft):
    assert browser.post(url(draft, "waar"), {"address": "Kerkstraat 12"}).status_code == 302
    draft.refresh_from_db()
    assert draft.data["where"]["label"] == "Kerkstraat 12"


@pytest.mark.parametrize(
    ("slug", "fields", "said"),
    [
        ("wanneer", {}, "Kies wanneer"),
        ("wanneer", {"choice": "date"}, "op welke dag"),
        ("wanneer", {"choice": "date", "date": "31/02/2026"}, "Vul een dag in"),
        ("gegevens", {}, "voornaam"),
        ("bereikbaar", {"email": "geen adres", "language": "nl"}, "e-mailadres"),
        ("bereikbaar", {"mobile": "12", "language": "nl"}, "gsm-nummer"),
        ("bereikbaar", {"wants_sms": "on", "language": "nl"}, "gsm-nummer"),
        ("bereikbaar", {"email": "a@b.be\nBcc: c@d.be", "language": "nl"}, "e-mailadres"),
    ],
)
def test_every_step_says_what_is_wrong(browser, draft, slug, fields, said):
    answer = browser.post(url(draft, slug), fields)
    assert answer.status_code == 422 and said in answer.content.decode()


def upload(browser: Client, draft: Draft, *files: SimpleUploadedFile):
    return browser.post(reverse("report-upload", args=[draft.public_id]), {"files": list(files)}, follow=True)


def photo() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(out, "JPEG")
    return out.getvalue()


def test_files_are_kept_shown_and_taken_away(browser, draft):
    answer = upload(browser, draft, SimpleUploadedFile("put.jpg", photo()), SimpleUploadedFile("kwaad.svg", b"<svg/>"))
    page = answer.content.decode()
    assert "put.jpg" in page and "Dit soort bestand" in page
    kept = draft.files.get().attachment
    shown = browser.get(reverse("report-file", args=[draft.public_id, kept.public_id]))
    assert shown["Content-Type"] == "image/jpeg" and b"".join(shown.streaming_content).startswith(b"\xff\xd8")
    browser.post(reverse("report-file-remove", args=[draft.public_id, kept.public_id]))
    assert not draft.files.exists()


def test_at_most_five_files(browser, draft):
    page = upload(browser, draft, *[SimpleUploadedFile(f"{n}.jpg", photo()) for n in range(7)]).content.decode()
    assert draft.files.count() == 5 and "hoogstens vijf" in page


def test_the_draft_of_another_does_not_exist(draft):
    stranger = Client()
    stranger.force_login(make.make_citizen("Sam", "Vreemd"))
    assert stranger.get(url(draft, "wat")).status_code == 404
    assert stranger.post(url(draft, "wat"), {"text": "ik lees mee"}).status_code == 404


class Register:
    """A register that answers what a test wants; the real client has its own tests."""

    def __init__(self, answer: RegisterAnswer) -> None:
        self.answer, self.asked = answer, 0

    def look_up(self, insz: str, *, actor_insz: str | None = None) -> RegisterAnswer:
        self.asked += 1
        return self.answer


def test_prefilled_marked_corrected_and_both_kept(browser, draft):
    address = RegisteredAddress(street="Kerkstraat", number="12", box="3", postcode="9999", municipality="Lindekerke")
    ports.plugged.register = Register(RegisterAnswer(first_name="Lotte", last_name="Peeters", address=address))
    page = browser.get(url(draft, "gegevens")).content.decode()
    assert "uit het Rijksregister" in page and re.search(r'name="box"[^>]*value="3"|value="3"[^>]*name="box"', page)
    browser.get(url(draft, "gegevens"))
    assert ports.plugged.register.asked == 1
    assert AccessLog.objects.get().outcome == "succeeded"
    fill(browser, draft)
    send(browser, draft)
    reporter = Report.objects.get().reporter
    assert (reporter.register_address["box"], reporter.address["box"]) == ("3", "")


@pytest.mark.parametrize("why", list(WhyNot))
def test_the_form_opens_whatever_the_register_says(browser, draft, why):
    ports.plugged.register = Register(RegisterAnswer(why_not=why))
    answer = browser.get(url(draft, "gegevens"))
    assert answer.status_code == 200 and "Achternaam" in answer.content.decode()


def test_an_address_abroad_is_shown_and_a_single_name_is_enough(browser, draft):
    address = RegisteredAddress(country="NLD", source="abroad", lines=("Havenpad 7", "4500 AB BREKERSDAM"))
    answer = RegisterAnswer(last_name="Singh", address=address, why_not=WhyNot.ADDRESS_ABROAD)
    ports.plugged.register = Register(answer)
    page = browser.get(f"/melden/{draft.public_id}/gegevens/").content.decode()
    assert "Havenpad 7, 4500 AB BREKERSDAM" in page and "Nederland" in page
    sent = browser.post(
        f"/melden/{draft.public_id}/gegevens/", {"first_name": "", "last_name": "Singh", "street": "Havenpad 7"}
    )
    assert sent.status_code == 302


def test_a_link_of_the_desk_works_until_it_expires_or_is_used(clock):
    sender = make.make_staff(Role.RECEPTIONIST)
    _, token = invitations.invite(by=sender, channel="email", note="Put in de weg")
    guest = Client()
    opened = guest.post("/melden/link/", {"token": token})
    assert opened.status_code == 302
    assert (
        "Put in de weg" in guest.get(reverse("report-step", args=[Draft.objects.get().public_id, "wat"])).content.decode()
    )
    assert Client().post("/melden/link/", {"token": "onzin"}).status_code == 410
    clock.advance(days=8)
    assert Client().post("/melden/link/", {"token": token}).status_code == 410


def test_the_desk_looks_up_only_with_a_purpose_and_it_is_logged():
    els = make.make_staff(Role.RECEPTIONIST, name="Els Maes")
    desk = Client()
    desk.force_login(els)
    ports.plugged.register = Register(RegisterAnswer(first_name="Lotte", last_name="Peeters"))
    number = make.fictitious_number(777)
    assert desk.post("/kantoor/balie/", {"channel": "phone", "number": number}).status_code == 422
    assert desk.post("/kantoor/balie/", {"channel": "phone", "number": "12345"}).status_code == 422
    answer = desk.post("/kantoor/balie/", {"channel": "phone", "number": number, "purpose": "Burger aan de telefoon"})
    assert answer.status_code == 302 and number not in answer["Location"]
    log = AccessLog.objects.get()
    assert (log.actor, log.purpose, log.action) == (els, "Burger aan de telefoon", "look_up")
    draft = Draft.objects.get()
    fill(desk, draft)
    send(desk, draft)
    report = Report.objects.get()
    assert (report.channel, report.registered_by, report.reporter.last_name) == ("phone", els, "Peeters")


def test_old_drafts_are_swept(clock, citizen):
    drafts.start(citizen)
    clock.advance(days=31)
    assert drafts.sweep() == 1 and not Draft.objects.exists()
    assert timedelta(days=30) == drafts.KEPT_FOR
