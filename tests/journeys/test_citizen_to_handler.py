"""B1.2 to B2.3 in a browser, through real protocols: log in, prefill, correct, photo, submit, screening, routing,
admissible, told by MBP, e-mail and SMS, question, answer."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from support.form import TEXT, fill_in

pytestmark = pytest.mark.journey


def test_from_login_to_answer(visitor, product):
    lotte = visitor("lotte")
    page = lotte.page
    lotte.go("/")
    lotte.check("home")
    page.get_by_role("link", name="Doe een melding").first.click()
    assert "/op/v1/auth" in page.url
    lotte.go(f"{page.url}&persona=lotte")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Wat wilt u melden?")
    lotte.check("what")
    fill_in(lotte, email="lotte@example.org")

    # Prefilled from the register, marked as such; the citizen corrects the street number.
    expect(page.get_by_label("Voornaam")).to_have_value("Lotte")
    expect(page.get_by_label("Achternaam")).to_have_value("Peeters")
    expect(page.get_by_label("Straat")).to_have_value("Kerkstraat")
    expect(page.get_by_text("uit het Rijksregister").first).to_be_visible()
    lotte.check("me")
    page.get_by_label("Bus").fill("3")
    page.get_by_role("button", name="Verder").click()
    page.get_by_label("E-mailadres").fill("lotte@example.org")
    page.get_by_label("Gsm-nummer").fill("0470 12 34 56")
    page.get_by_label("Stuur mij berichten per sms").check()
    lotte.check("contact")
    page.get_by_role("button", name="Verder").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Kijk uw melding na")
    lotte.check("review")
    page.get_by_role("button", name="Melding versturen").click()
    reference = page.locator(".ml-receipt__reference").inner_text().strip()
    assert re.fullmatch(r"MLD-\d{4}-\d{6}", reference)
    lotte.check("receipt")
    confirmation = product.wait_for_message("email", "lotte@example.org", reference)
    assert reference in confirmation["subject"]

    # Screened and routed: Karim finds it in his work and declares it admissible.
    karim = visitor("karim")
    karim.login("karim", staff=True)
    office = karim.page
    karim.check("work")
    office.get_by_role("link", name=reference).first.click()
    expect(office.get_by_text("register: Kerkstraat 12")).to_be_visible()
    karim.check("case")
    office.get_by_role("link", name="Ontvankelijk verklaren", exact=True).click()
    office.get_by_label("Wat de melder leest").fill("Wij komen de put deze week vullen.")
    karim.check("admissible")
    office.get_by_role("button", name="Ontvankelijk verklaren").click()
    expect(office.locator(".ml-case-head")).to_contain_text("Ontvankelijk")

    # The citizen is told: e-mail, SMS, DOSIS and, through it, Mijn Burgerprofiel.
    told = product.wait_for_message("email", "lotte@example.org", "Wij komen de put deze week vullen.")
    assert reference in told["subject"]
    product.wait_for_message("sms", "+32470123456", reference)
    citizen = visitor("lotte-mbp")
    citizen.go("/mbp/", "dosis")
    citizen.page.get_by_role("button", name=re.compile("Lotte Peeters")).first.click()
    expect(citizen.page.get_by_text(reference).first).to_be_visible()
    citizen.check("mbp")

    # A question to the citizen, answered after the deep link from MBP.
    office.get_by_role("link", name="Vraag stellen aan de melder").click()
    office.get_by_label("Uw vraag aan de melder").fill("Hoe diep is de put ongeveer?")
    karim.check("question")
    office.get_by_role("button", name="Vraag stellen aan de melder").click()
    expect(office.locator(".ml-case-head")).to_contain_text("Wacht op de melder")
    product.wait_for_message("email", "lotte@example.org", "Hoe diep is de put ongeveer?")
    # The deep link of Mijn Burgerprofiel, in a browser that is no longer logged in here but still is at ACM/IDM.
    citizen.go("/mbp/", "dosis")
    case = citizen.page.locator("article, li, section").filter(has_text=reference).last
    deep_link = case.get_by_role("link", name="Naar mijn dossier").get_attribute("href")
    lotte.context.clear_cookies(name="meldloket")
    lotte.go(deep_link)
    assert page.url.endswith(f"/mijn/{reference}/")
    expect(page.get_by_text("Hoe diep is de put ongeveer?").first).to_be_visible()
    lotte.check("asked")
    page.get_by_label("Uw antwoord").fill("Zeker twintig centimeter.")
    page.get_by_role("button", name="Antwoord versturen").click()
    expect(page.get_by_text("Uw antwoord is verstuurd").first).to_be_visible()
    lotte.check("answered")
    karim.go("/kantoor/")
    expect(office.get_by_role("heading", name=re.compile("Antwoord gekregen"))).to_be_visible()
    office.get_by_role("link", name=reference).first.click()
    expect(office.get_by_text("Zeker twintig centimeter.").first).to_be_visible()
    uploads = [row for row in product.dosis()["uploads"] if row["DossierNummer"] == reference]
    assert len({row["UploadId"] for row in uploads}) == len(uploads) >= 4
    assert [row["WijzigingsDatum"] for row in uploads] == sorted(row["WijzigingsDatum"] for row in uploads)


def test_the_whole_form_without_javascript(visitor, product):
    person = visitor("anna", javascript=False, width=390)
    person.login("lotte")
    person.go("/melden/")
    page = person.page
    if page.get_by_role("button", name="Een nieuwe melding beginnen").count():
        page.get_by_role("button", name="Een nieuwe melding beginnen").click()
    page.get_by_role("button", name="Verder").click()
    expect(page.get_by_text("Beschrijf kort wat er aan de hand is.").first).to_be_visible()
    fill_in(person, email="anna@example.org")
    page.get_by_role("button", name="Verder").click()
    page.get_by_label("E-mailadres").fill("anna@example.org")
    page.get_by_role("button", name="Verder").click()
    page.get_by_role("button", name="Melding versturen").click()
    reference = page.locator(".ml-receipt__reference").inner_text().strip()
    product.wait_for_message("email", "anna@example.org", reference)


def test_the_desk_registers_for_a_caller(visitor, product):
    els = visitor("els")
    els.login("els", staff=True)
    els.go("/kantoor/balie/")
    els.check("desk")
    page = els.page
    page.get_by_label("Telefoon", exact=True).check()
    page.get_by_label("Rijksregisternummer").fill("85.63.24-998.23")
    page.get_by_role("button", name="Beginnen").click()
    expect(page.get_by_text("Schrijf waarvoor u de gegevens opzoekt").first).to_be_visible()
    page.get_by_label("Waarvoor zoekt u de gegevens op?").fill("Registratie van een melding aan de telefoon")
    page.get_by_role("button", name="Beginnen").click()
    fill_in(els, email="")
    expect(page.get_by_label("Achternaam")).to_have_value("Peeters")
    page.get_by_role("button", name="Verder").click()
    page.get_by_label("E-mailadres").fill("beller@example.org")
    page.get_by_role("button", name="Verder").click()
    page.get_by_role("button", name="Melding versturen").click()
    reference = page.locator(".ml-receipt__reference").inner_text().strip()
    product.wait_for_message("email", "beller@example.org", reference)
    els.go(f"/kantoor/meldingen/{reference}/")
    expect(page.get_by_text("Telefoon").first).to_be_visible()
    els.check("case-desk")


def test_the_desk_sends_a_personal_link(visitor, product):
    els = visitor("els")
    els.login("els", staff=True)
    els.go("/kantoor/balie/")
    els.page.get_by_label("E-mailadres of gsm-nummer van de burger").fill("verre@example.org")
    els.page.get_by_role("button", name="Link versturen").click()
    expect(els.page.get_by_text("De link is verstuurd").first).to_be_visible()
    letter = product.wait_for_message("email", "verre@example.org", "/melden/link/")
    link = re.search(r"http://\S+/melden/link/#[\w-]+", letter["text"])[0]
    guest = visitor("guest")
    guest.go(link)
    guest.page.get_by_role("button", name="Verder met mijn melding").click()
    expect(guest.page.get_by_role("heading", level=1)).to_contain_text("Wat wilt u melden?")
    guest.check("link")


def test_the_form_opens_without_a_slow_register(visitor, product):
    product.fault("magda", mode="slow", seconds=8, count=4)
    try:
        person = visitor("jan")
        person.login("lotte")
        person.go("/melden/")
        if person.page.get_by_role("button", name="Een nieuwe melding beginnen").count():
            person.page.get_by_role("button", name="Een nieuwe melding beginnen").click()
        person.page.get_by_label("Wat wilt u melden?").fill(TEXT)
        person.page.get_by_role("button", name="Verder").click()
        draft = re.search(r"/melden/([0-9a-f-]{36})/", person.page.url)[1]
        person.go(f"/melden/{draft}/gegevens/")
        expect(person.page.get_by_text("Wij konden uw gegevens nu niet ophalen").first).to_be_visible()
        person.check("unprefilled")
    finally:
        product.fault("magda")


def test_whoever_types_before_the_scripts_came_loses_nothing(visitor):
    emma = visitor("emma")
    emma.login("emma")
    page = emma.page
    emma.go("/melden/")
    page.get_by_label("Wat wilt u melden?").fill(TEXT)
    late: list = []
    page.route("**/address-suggest*.js", lambda route: late.append(route))
    page.get_by_role("button", name="Verder").click()
    field = page.locator("#id_address")
    field.click()
    page.keyboard.type("Kerk")
    page.wait_for_timeout(300)
    assert late, "the script is on its way"
    for route in late:
        route.continue_()
    expect(field).to_have_role("combobox")
    page.keyboard.type("straat 12")
    expect(field).to_have_value("Kerkstraat 12")
