"""B5.1 to B6.4 in a browser: a proposal written from the case, handed to the minutes package, put on the agenda, decided,
signed twice, handed back, and told to the citizen."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import expect

from support.form import report
from support.waiting import admissible, until, uploads_of

pytestmark = pytest.mark.journey


def test_from_proposal_to_a_signed_decision(visitor, product):
    lotte = visitor("lotte")
    lotte.login("lotte")
    reference = report(lotte, email="lotte.besluit@example.org", mobile="0470 55 66 77", address="Stationsstraat 12")
    karim = visitor("karim")
    karim.login("karim", staff=True)
    office = karim.page
    admissible(karim, reference)
    office.get_by_role("link", name="Actie toevoegen").click()
    office.get_by_label("Wat gaan wij doen?").fill("Parkeerverbod invoeren")
    office.get_by_label(re.compile("besluit")).check()
    office.get_by_role("button", name="Actie toevoegen").click()
    office.get_by_role("link", name="Acties voorstellen aan de melder").click()
    office.get_by_role("button", name="Acties voorstellen aan de melder").click()
    expect(office.locator(".ml-case-head")).to_contain_text("Acties voorgesteld")

    # The system writes the proposal; the handler only fills in what it can't know.
    office.get_by_role("link", name="Besluit voorbereiden").click()
    office.get_by_role("button", name="Besluit voorbereiden").click()
    karim.check("case-with-proposal")
    office.locator("#besluit").get_by_role("link").first.click()
    expect(office.get_by_text("Kies de bevoegde schepen.")).to_be_visible()
    assert "Peeters" not in office.locator("main").inner_text()
    karim.check("proposal")
    office.get_by_label("Juridische grond").fill("Aanvullend reglement op het wegverkeer, artikel 2.")
    office.get_by_label("Bevoegde schepen").fill("Katrien Lenaerts")
    expect(office.get_by_text("Het voorstel is volledig.")).to_be_visible()
    office.get_by_role("button", name="Bewaren").click()
    expect(office.get_by_text("Het voorstel is bewaard.")).to_be_visible()
    office.get_by_role("button", name="Overmaken").click()
    expect(office.get_by_text("wordt overgemaakt").first).to_be_visible()
    proposal = office.url

    def handed() -> bool:
        office.reload()
        return "AP-" in office.locator(".ml-case-head").inner_text()

    until(handed)
    karim.check("handed-over")
    product.wait_for_message("email", "lotte.besluit@example.org", "voor aan het bestuur")

    # The secretariat in the minutes package: agenda, decision, both signatures, back.
    secretary = visitor("notulen")
    secretary.go("/", "minutes")
    expect(secretary.page.get_by_role("heading", name=re.compile(reference))).to_be_visible()
    secretary.check("item")
    secretary.page.get_by_label("Datum van de zitting").fill("2026-12-07")
    secretary.page.get_by_role("button", name="Agenderen").click()
    product.wait_for_message("email", "lotte.besluit@example.org", "7 december 2026")
    secretary.page.get_by_label("Motivering").fill("De straat wordt veiliger.")
    secretary.page.get_by_role("button", name="Beslissen").click()
    secretary.page.get_by_role("button", name="Tekenen als Katrien Lenaerts").click()
    secretary.page.get_by_role("button", name="Overmaken").click()
    ria = visitor("ria", width=1280)
    ria.login("ria", staff=True)
    expect(ria.page.get_by_role("heading", level=1)).to_contain_text("Besluiten")
    expect(ria.page.get_by_text("algemeen directeur ontbreekt")).to_be_visible()
    ria.check("signature-missing")
    assert not uploads_of(product, reference, "Goedgekeurd"), "nobody is told of a decision with one signature"
    secretary.page.get_by_role("button", name="Tekenen als Rik Thys").click()
    secretary.page.get_by_role("button", name="Overmaken").click()
    secretary.check("handed-back")

    # The citizen is told through every channel, and the work can begin.
    told = product.wait_for_message("email", "lotte.besluit@example.org", "De straat wordt veiliger.")
    assert reference in told["subject"]
    product.wait_for_message("sms", "+32470556677", "goedgekeurd")
    until(lambda: uploads_of(product, reference, "Goedgekeurd"))
    lotte.go(f"/mijn/{reference}/")
    expect(lotte.page.get_by_text("Het bestuur keurde de aanpak goed")).to_be_visible()
    lotte.check("approved")
    karim.go(proposal)
    expect(office.get_by_text("Ondertekend door Rik Thys (algemeen directeur)")).to_be_visible()
    karim.check("decided")
    ria.go("/kantoor/besluiten/")
    ria.check("overview")
    karim.go(f"/kantoor/meldingen/{reference}/")
    expect(office.locator(".ml-case-head")).to_contain_text("Goedgekeurd")
    karim.check("case-approved")

    # The secretariat reads it over and publishes; the reporter is told, and anybody can read and check it.
    ria.go("/kantoor/besluiten/")
    ria.page.locator("section[aria-labelledby=to-publish]").get_by_role("link", name=re.compile(reference)).click()
    expect(ria.page.get_by_text("In het ondertekende document vonden wij niets.")).to_be_visible()
    ria.page.get_by_role("button", name="Nu online zetten").click()
    expect(ria.page.get_by_text("Lees de tekst en het document na").first).to_be_visible()
    ria.check("publication-unchecked")
    ria.page.get_by_label(re.compile("Ik heb de tekst en het document nagelezen")).check()
    ria.page.get_by_role("button", name="Nu online zetten").click()
    expect(ria.page.get_by_text("Het besluit staat online.").first).to_be_visible()
    ria.check("published")
    told = product.wait_for_message("email", "lotte.besluit@example.org", "/id/besluiten/")
    address = re.search(r"http\S+/id/besluiten/[0-9a-f-]{36}", str(told))[0]
    anybody = visitor("iedereen")
    anybody.go("/besluiten/")
    anybody.check("public-list")
    anybody.page.get_by_role("link", name=re.compile(reference)).click()
    assert anybody.page.url == address
    expect(anybody.page.get_by_role("heading", name="Stemming")).to_be_visible()
    assert "Peeters" not in anybody.page.content()
    anybody.check("public-decision")
    signed = product.home / "besluit.pdf"
    signed.write_bytes(httpx.get(f"{address}.pdf").raise_for_status().content)
    said = signatures_of(signed, next(product.home.rglob("authority.pem")))
    assert said.count("is judged VALID") == 2 or said.count(":VALID") == 2 or said.count("VALID") == 2, said
    for form, mark in (("application/ld+json", "@context"), ("text/turtle", "besluit:Besluit")):
        assert mark in httpx.get(address, headers={"accept": form}).raise_for_status().text
    lotte.go(f"/mijn/{reference}/")
    expect(lotte.page.get_by_text("Het besluit staat op onze website.")).to_be_visible()

    # A correction and a withdrawal leave a trace.
    ria.page.get_by_label("Feiten en motivering").fill("De straat wordt veiliger voor fietsers.")
    ria.page.get_by_label(re.compile("Waarom verbetert u dit")).fill("De fietsers ontbraken.")
    ria.page.get_by_label(re.compile("Ik heb de tekst en het document nagelezen")).check()
    ria.page.get_by_role("button", name="Verbetering online zetten").click()
    ria.check("corrected")
    anybody.page.reload()
    expect(anybody.page.get_by_text("De fietsers ontbraken.")).to_be_visible()
    ria.page.get_by_label(re.compile("Waarom trekt u het in")).fill("Het college nam een nieuw besluit.")
    ria.page.get_by_role("button", name="Publicatie intrekken").click()
    expect(ria.page.get_by_text("Het adres zegt dat het ingetrokken is.").first).to_be_visible()
    anybody.page.reload()
    expect(anybody.page.get_by_text("Het college nam een nieuw besluit.")).to_be_visible()
    anybody.check("public-gone")
    ria.go("/kantoor/besluiten/zittingen/")
    ria.page.get_by_role("button", name="Nu ophalen").click()
    expect(ria.page.get_by_text("nieuwe zittingen").first).to_be_visible()
    ria.check("meetings")


def signatures_of(document: Path, anchor: Path) -> str:
    """What pyHanko's own command says of the signatures."""
    command = [Path(sys.executable).parent / "pyhanko", "sign", "validate", "--executive-summary"]
    options = ["--no-revocation-check", "--trust", anchor, "--trust-replace", document]
    done = subprocess.run([*command, *options], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
