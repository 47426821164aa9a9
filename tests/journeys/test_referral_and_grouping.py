"""B4.4 and grouping in a browser: a task handed over through each adapter comes back done; three reporters of one problem
each get their own messages; one action on several cases."""

from __future__ import annotations

import re

import httpx
import pytest
from playwright.sync_api import expect

from support.form import report
from support.waiting import admissible, until, uploads_of

pytestmark = pytest.mark.journey


def refer(karim, reference: str, title: str, system: str) -> str:
    """Hands the task of this title over; gives its address."""
    office = karim.page
    karim.go(f"/kantoor/meldingen/{reference}/")
    office.get_by_role("link", name=title).first.click()
    office.get_by_text("Doorgeven aan een ander systeem").click()
    office.get_by_label("Systeem").select_option(label=system)
    karim.check("refer")
    office.get_by_role("button", name="Doorgeven", exact=True).click()
    expect(office.locator(".ml-case-head")).to_contain_text("Bij ander systeem")
    return office.url


def wait_for(karim, url: str, words: str) -> None:
    """Looks at the task until it says so."""
    karim.go(url)

    def seen() -> bool:
        karim.page.reload()
        return words in karim.page.locator("main").inner_text()

    until(seen)


def test_a_task_goes_to_each_other_system_and_comes_back(visitor, product):
    lotte = visitor("lotte")
    lotte.login("lotte")
    reference = report(lotte, email="lotte.werk@example.org", address="Havenkaai 24")
    karim = visitor("karim")
    karim.login("karim", staff=True)
    office = karim.page
    admissible(karim, reference)
    titles = ("Lamp boven de put herstellen", "Kasseien opnieuw leggen", "Haag naast de put snoeien")
    for title in titles:
        office.get_by_role("link", name="Actie toevoegen").click()
        office.get_by_label("Wat gaan wij doen?").fill(title)
        office.get_by_role("button", name="Actie toevoegen").click()
    office.get_by_role("link", name="Acties voorstellen aan de melder").click()
    office.get_by_role("button", name="Acties voorstellen aan de melder").click()
    expect(office.locator(".ml-case-head")).to_contain_text("In uitvoering")

    # Open311: their number comes back, their status is asked for.
    url = refer(karim, reference, titles[0], "Netbeheer Leiestroom")
    until(lambda: httpx.get(f"{product.url('open311')}/_double/state").json()["requests"])
    operator = visitor("leiestroom")
    operator.go("/", "open311")
    expect(operator.page.get_by_text(titles[0]).first).to_be_visible()
    assert "Peeters" not in operator.page.content()
    operator.check("requests")
    operator.page.get_by_label("Status").select_option("fixed")
    operator.page.get_by_label("Toelichting").fill("Lamp vervangen.")
    operator.page.get_by_role("button", name="Bewaren").click()
    wait_for(karim, url, "Nummer daar")
    office.get_by_role("button", name="Nu vragen hoe het staat").click()
    wait_for(karim, url, "Lamp vervangen.")
    expect(office.locator(".ml-case-head")).to_contain_text("Klaar")
    karim.check("open311-done")

    # A signed webhook: they call us, and once more after the end.
    url = refer(karim, reference, titles[1], "Aannemer De Kasseilegger")
    until(lambda: httpx.get(f"{product.url('workorders')}/_double/state").json()["orders"])
    contractor = visitor("kasseilegger")
    contractor.go("/", "workorders")
    expect(contractor.page.get_by_role("heading", name=re.compile(titles[1]))).to_be_visible()
    contractor.check("orders")
    product.fault("workorders", mode="special", special="after_closing", count=1)
    contractor.page.get_by_label("Toelichting").fill("Twintig kasseien herlegd.")
    contractor.page.get_by_role("button", name="Klaar").click()
    contractor.check("order-done")
    product.fault("workorders")
    wait_for(karim, url, "Twintig kasseien herlegd.")
    expect(office.locator(".ml-case-head")).to_contain_text("Klaar")
    expect(office.get_by_text("toch nog mee bezig").first).to_be_visible()
    karim.check("webhook-done")

    # E-mail with a reply page, on a phone, for a partner with nothing.
    url = refer(karim, reference, titles[2], "Maatwerkbedrijf Groendienst Leie")
    mail = product.wait_for_message("email", "werk@groendienst-leie.example", titles[2])
    link = re.search(r"/antwoord/[0-9a-f-]{36}:[^/\s]+/", str(mail)).group()
    gardener = visitor("groendienst", width=390)
    gardener.go(link)
    expect(gardener.page.get_by_role("heading", level=1)).to_contain_text(titles[2])
    gardener.check("reply")
    gardener.page.get_by_label("Het is klaar").check()
    gardener.page.get_by_label("Toelichting").fill("De haag is gesnoeid.")
    gardener.page.get_by_role("button", name="Antwoorden").click()
    expect(gardener.page.get_by_text("Bedankt, de gemeente leest uw antwoord.")).to_be_visible()
    gardener.check("replied")
    wait_for(karim, url, "De haag is gesnoeid.")
    expect(office.locator(".ml-case-head")).to_contain_text("Klaar")
    karim.go(f"/kantoor/meldingen/{reference}/")
    karim.check("all-done")
    karim.go("/kantoor/")
    expect(office.get_by_role("heading", name=re.compile("geblokkeerd of allemaal klaar"))).to_be_visible()


def test_three_reporters_of_one_problem_each_get_their_own_message(visitor, product):
    place = "Botermarkt 90"
    people = {"lotte": "0470 11 11 01", "karel": "0470 11 11 02", "fatima": "0470 11 11 03"}
    numbers = {name: "+32" + mobile.replace(" ", "")[1:] for name, mobile in people.items()}
    reporters = {name: visitor(name, width=390 if name == "karel" else 1280) for name in people}
    references = {}
    for name, same in (("lotte", None), ("karel", True), ("fatima", False)):
        reporters[name].login(name)
        mail = f"{name}.samen@example.org"
        references[name] = report(reporters[name], email=mail, mobile=people[name], address=place, same=same)
    assert len(set(references.values())) == 3

    # Karel joined before sending; Karim joins Fatima's from the list, and sees first what will be sent.
    karim = visitor("karim")
    karim.login("karim", staff=True)
    office = karim.page
    karim.go(f"/kantoor/meldingen/?q={references['karel']}")
    expect(office.get_by_role("link", name=references["lotte"])).to_be_visible()
    karim.go(f"/kantoor/meldingen/{references['fatima']}/")
    expect(office.get_by_role("link", name=re.compile(references["lotte"])).first).to_be_visible()
    karim.check("similar")
    karim.go("/kantoor/meldingen/?status=screening")
    for name in ("lotte", "fatima"):
        office.get_by_label(f"Kies {references[name]}").check()
    expect(office.get_by_text("2 meldingen gekozen")).to_be_visible()
    office.get_by_label("Wat wilt u doen met de gekozen meldingen?").select_option(label="Samenvoegen")
    karim.check("chosen")
    office.get_by_role("button", name="Verder").click()
    office.get_by_role("radio", name=re.compile(references["lotte"])).check()
    expect(office.locator("[data-preview-into]")).to_contain_text(references["fatima"])
    karim.check("join")
    office.get_by_role("button", name=re.compile("Samenvoegen")).click()
    expect(office.get_by_role("heading", name=re.compile("Gelukt"))).to_be_visible()
    karim.check("joined")
    for name in ("karel", "fatima"):
        product.wait_for_message("email", f"{name}.samen@example.org", "samen")
        product.wait_for_message("sms", numbers[name], references[name])

    # What is decided once is told to three, each with an own number, through every channel; nobody reads of another.
    admissible(karim, references["lotte"])
    karim.check("grouped")
    for name, person in reporters.items():
        own = references[name]
        others = [number for other, number in references.items() if other != name]
        told = product.wait_for_message("email", f"{name}.samen@example.org", "Wij komen kijken.")
        product.wait_for_message("sms", numbers[name], own)
        until(lambda own=own: uploads_of(product, own, "Ontvankelijk"))
        person.go(f"/mijn/{own}/")
        person.check("own")
        for number in others:
            assert number not in str(told) and number not in person.page.content(), (name, number)
    fatima = reporters["fatima"]
    fatima.go("/mbp/", "dosis")
    fatima.page.get_by_role("button", name=re.compile("Fatima El Amrani")).first.click()
    expect(fatima.page.get_by_text(references["fatima"]).first).to_be_visible()
    assert references["lotte"] not in fatima.page.content()

    # Fatima's turns out to be another problem after all.
    karim.go(f"/kantoor/meldingen/{references['lotte']}/")
    office.get_by_role("link", name="Melding losmaken").click()
    office.get_by_role("radio", name=re.compile(references["fatima"])).check()
    karim.check("loosen")
    office.get_by_role("button", name="Melding losmaken").click()
    karim.go(f"/kantoor/meldingen/{references['fatima']}/")
    expect(office.locator(".ml-case-head")).to_contain_text(references["fatima"])
    product.wait_for_message("email", "fatima.samen@example.org", "apart")
