"""B7.1 to B8.5 in a browser: a case closed with honest words and a photo, a citizen who is not satisfied, a second closing;
and an evaluation from the form that is built to the result that is counted."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from meldloket.runtime.demo import environment
from support.form import photo, report
from support.waiting import admissible, until, uploads_of

pytestmark = pytest.mark.journey
ROOT = Path(__file__).parents[2]


def run_job(product: Any, name: str) -> None:
    """What an administrator does who does not want to wait until tomorrow morning."""
    clean = {
        name: value for name, value in os.environ.items() if not name.startswith(("MELDLOKET_", "DATABASE", "DJANGO_"))
    }
    settings = {**clean, **environment(product.port, product.home), "PYTHONPATH": str(ROOT / "src")}
    command = [sys.executable, "-m", "meldloket.runtime", "run-job", name]
    done = subprocess.run(command, env=settings, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert "with the worker" in done.stdout, done.stdout + done.stderr


def work_to_do(karim: Any, reference: str, title: str) -> None:
    """One action that is proposed to the citizen, and so one task."""
    office = karim.page
    karim.go(f"/kantoor/meldingen/{reference}/")
    office.get_by_role("link", name="Actie toevoegen").click()
    office.get_by_label("Wat gaan wij doen?").fill(title)
    office.get_by_role("button", name="Actie toevoegen").click()
    office.get_by_role("link", name="Acties voorstellen aan de melder").click()
    office.get_by_role("button", name="Acties voorstellen aan de melder").click()
    expect(office.locator(".ml-case-head")).to_contain_text("In uitvoering")


def work_done(tom: Any, title: str, words: str) -> None:
    """The worker finishes the task on a phone, with a photo that the citizen may see."""
    tom.go("/kantoor/taken/")
    phone = tom.page
    phone.get_by_role("link", name=title).first.click()
    phone.get_by_label("Wat hebt u gedaan").fill(words)
    phone.locator("#work-files").set_input_files({"name": "na.jpg", "mimeType": "image/jpeg", "buffer": photo()})
    phone.get_by_label(re.compile("melder (mag|ziet)", re.IGNORECASE)).check()
    phone.get_by_role("button", name="Klaar", exact=True).click()
    expect(phone.locator(".ml-case-head")).to_contain_text("Klaar", timeout=30_000)


def test_closed_not_satisfied_and_closed_again(visitor, product):
    mail, mobile = "lotte.slot@example.org", "0470 66 77 88"
    lotte = visitor("lotte", width=390)
    lotte.login("lotte")
    reference = report(lotte, email=mail, mobile=mobile, address="Molenstraat 8")
    karim = visitor("karim")
    karim.login("karim", staff=True)
    office = karim.page
    admissible(karim, reference)
    work_to_do(karim, reference, "Put in de Molenstraat vullen")

    # What is open keeps the case open, and the page tells what it is and where.
    office.get_by_role("link", name="Afsluiten", exact=True).click()
    expect(office.get_by_text("Dit moet eerst klaar zijn:")).to_be_visible()
    karim.check("still-open")
    office.locator(".ml-panel").get_by_role("link", name=re.compile("Taak “Put in de Molenstraat vullen”")).click()
    assert office.url.endswith("#acties")

    tom = visitor("tom", width=390)
    tom.login("tom", staff=True)
    work_done(tom, "Put in de Molenstraat vullen", "De put is gevuld met koudasfalt")
    product.wait_for_message("email", "karim.aerts@lindekerke.example", "Alle taken zijn klaar")
    karim.go("/kantoor/")
    expect(office.get_by_role("heading", name=re.compile("geblokkeerd of allemaal klaar"))).to_be_visible()
    karim.go(f"/kantoor/meldingen/{reference}/")
    office.get_by_role("link", name="Lees het bericht aan de melder na en sluit af").click()

    # The message is written already, with the photo; one click sends it.
    expect(office.get_by_label("Wat de melder leest")).to_have_value(re.compile("De put is gevuld met koudasfalt"))
    expect(office.get_by_label("Uitgevoerd", exact=True)).to_be_checked()
    for channel in ("Mijn Burgerprofiel", "E-mail", "Sms"):
        expect(office.locator("[data-preview-into]").get_by_text(channel).first).to_be_visible()
    expect(office.locator("[data-preview-into]")).to_contain_text("Het werk is uitgevoerd.")
    karim.check("draft-of-closing")
    office.get_by_role("button", name="Afsluiten", exact=True).click()
    expect(office.locator(".ml-case-head")).to_contain_text("Afgehandeld: uitgevoerd")
    karim.check("closed")
    told = product.wait_for_message("email", mail, "koudasfalt")
    assert reference in told["subject"] and "uitgevoerd" in told["subject"]
    product.wait_for_message("sms", "+32470667788", "afgesloten")
    until(lambda: uploads_of(product, reference, "Uitgevoerd"))
    newest = uploads_of(product, reference, "Uitgevoerd")[-1]
    assert "Afgerond" in str(newest)
    lotte.go(f"/mijn/{reference}/")
    expect(lotte.page.get_by_text("Uw melding is aangepakt")).to_be_visible()
    shown = lotte.page.get_by_alt_text("Foto 1 van het resultaat")
    shown.scroll_into_view_if_needed()
    until(lambda: shown.evaluate("image => image.naturalWidth") > 0)
    lotte.check("closed-with-photo")

    # Not satisfied: said within the term, and somebody is told at once.
    lotte.page.get_by_text("Is het volgens u niet in orde?").click()
    lotte.page.get_by_role("button", name="Reactie versturen").click()
    expect(lotte.page.get_by_text("Schrijf wat er volgens u nog niet in orde is.")).to_be_visible()
    lotte.check("reaction-without-words")
    lotte.page.get_by_label("Wat is er nog niet in orde?").fill("Na de regen is de put er weer.")
    lotte.page.get_by_role("button", name="Reactie versturen").click()
    expect(lotte.page.get_by_text("Bedankt. Een medewerker leest uw reactie")).to_be_visible()
    lotte.check("reacted")
    notice = product.wait_for_message("email", "karim.aerts@lindekerke.example", "niet tevreden")
    assert "regen" not in str(notice), "the words of the citizen stay inside"
    karim.go("/kantoor/")
    block = office.locator("section", has=office.get_by_role("heading", name=re.compile("Melder niet tevreden")))
    expect(block.get_by_role("link", name=reference)).to_be_visible()
    karim.check("my-work")
    block.get_by_role("link", name=reference).click()
    expect(office.get_by_text("Na de regen is de put er weer.").first).to_be_visible()
    karim.check("not-satisfied")

    # Reopened: the history stays, the terms begin anew, the citizen is told, and it ends once more.
    office.locator("#afsluiting").get_by_role("link", name="Heropenen", exact=True).click()
    office.get_by_label(re.compile("Waarom heropent u")).fill("Wij komen opnieuw kijken na de regen.")
    karim.check("reopen")
    office.get_by_role("button", name="Heropenen", exact=True).click()
    expect(office.locator(".ml-case-head")).to_contain_text("In behandeling")
    expect(office.locator(".ml-case-head")).to_contain_text("werkdagen")
    for words in ("Afgesloten", "Melder is niet tevreden", "Heropend"):
        expect(office.locator(".ml-timeline__what").get_by_text(words, exact=True).first).to_be_visible()
    product.wait_for_message("email", mail, "opnieuw kijken na de regen")
    lotte.go(f"/mijn/{reference}/")
    expect(lotte.page.get_by_text("Wij bekijken uw melding opnieuw.").first).to_be_visible()
    lotte.check("reopened")
    office.get_by_role("link", name="Afsluiten", exact=True).click()
    expect(office.get_by_label("Wat de melder leest")).to_have_value("")
    office.get_by_label("Ingepland", exact=True).check()
    office.get_by_label("Wat de melder leest").fill("In het voorjaar leggen wij hier een nieuwe laag asfalt.")
    expect(office.locator("[data-preview-into]")).to_contain_text("maar het is ingepland")
    office.get_by_role("button", name="Afsluiten", exact=True).click()
    expect(office.locator(".ml-case-head")).to_contain_text("Afgehandeld: ingepland")
    karim.check("closed-again")
    again = product.wait_for_message("email", mail, "nieuwe laag asfalt")
    assert "ingepland" in again["subject"]
    until(lambda: uploads_of(product, reference, "Gepland"))
    lotte.go(f"/mijn/{reference}/")
    expect(lotte.page.get_by_text("Het werk is ingepland").first).to_be_visible()
    expect(lotte.page.get_by_text("Is het volgens u niet in orde?")).to_be_visible()
    lotte.check("closed-again")


def build_form(an: Any) -> None:
    """A form for one category: begun from the generic one, with a question that depends on another."""
    page = an.page
    an.go("/kantoor/evaluaties/formulieren/")
    an.check("forms")
    page.get_by_label("Naam").fill("Evaluatie van wegherstel")
    page.get_by_label("Voor welke categorie").select_option(label="Schade aan het fietspad")
    page.get_by_role("button", name="Maken").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Evaluatie van wegherstel")
    page.get_by_role("link", name="Vraag toevoegen").click()
    page.get_by_role("button", name="Bewaren").click()
    expect(page.get_by_text("Schrijf de vraag in het Nederlands.").first).to_be_visible()
    an.check("question-without-words")
    page.get_by_label("Soort").select_option(label="Ja of nee")
    page.get_by_label("Vraag (Nederlands)").fill("Was de straat te lang dicht?")
    page.get_by_label("Vraag (Frans)").fill("La rue est-elle restée fermée trop longtemps ?")
    page.get_by_label("Voor een deel").check()
    an.check("question")
    page.get_by_role("button", name="Bewaren").click()
    expect(page.get_by_text("Alleen bij “Is het probleem opgelost?”: Voor een deel", exact=True)).to_be_visible()
    an.check("form")
    page.get_by_role("link", name="Voorbeeld").click()
    hidden = page.locator("fieldset", has_text="Was de straat te lang dicht?")
    expect(hidden).to_be_hidden()
    page.get_by_label("Voor een deel").check()
    expect(hidden).to_be_visible()
    an.check("preview")
    page.get_by_role("link", name="Frans").click()
    page.get_by_label("En partie").check()
    expect(page.get_by_text("La rue est-elle restée fermée trop longtemps ?")).to_be_visible()
    page.get_by_role("link", name="Evaluatie van wegherstel").click()
    page.get_by_role("button", name="Publiceren").click()
    expect(page.get_by_text("Versie 1 is gepubliceerd").first).to_be_visible()


def days_before_asking(an: Any, days: int) -> None:
    """The municipality's own setting, which counts for what is closed from now on."""
    an.go("/kantoor/beheer/gemeente/")
    an.page.locator("main").get_by_role("link", name="Lindekerke").click()
    an.page.get_by_label(re.compile("evaluatie vragen: dagen", re.IGNORECASE)).fill(str(days))
    an.page.get_by_role("button", name="Bewaren").click()


def test_an_evaluation_from_the_form_to_the_result(visitor, product):
    mail = "karel.mening@example.org"
    an = visitor("an")
    an.login("an", staff=True)
    build_form(an)
    days_before_asking(an, 0)
    karel = visitor("karel", width=390)
    karel.login("karel")
    reference = report(karel, email=mail, mobile="0470 88 99 00", address="Kapelstraat 15")
    karim = visitor("karim")
    karim.login("karim", staff=True)
    office = karim.page
    admissible(karim, reference)
    office.get_by_role("link", name="Afsluiten", exact=True).click()
    office.get_by_label("Niets (meer) vastgesteld").check()
    office.get_by_label("Wat de melder leest").fill("Wij gingen kijken en vonden de put niet meer.")
    office.get_by_role("button", name="Afsluiten", exact=True).click()
    expect(office.locator("#afsluiting")).to_contain_text("gevraagd vanaf")
    days_before_asking(an, 3)

    # The invitation, by every channel, once.
    run_job(product, "evaluations")
    asked = product.wait_for_message("email", mail, "Wat vond u")
    product.wait_for_message("sms", "+32470889900", "wat vond u")
    until(lambda: uploads_of(product, reference, "Laat weten wat u van de behandeling vond"))
    path = re.search(r"/e/[\w-]+/", str(asked)).group()
    run_job(product, "evaluations")

    # On a phone, without logging in; half of it is kept; a question appears when it is needed.
    anybody = visitor("telefoon", width=390)
    anybody.go(path)
    form = anybody.page
    expect(form.get_by_role("heading", level=1)).to_have_text("Wat vond u ervan?")
    anybody.check("invited")
    with form.expect_response(lambda answer: answer.url.endswith("/bewaren/")):
        form.locator("input[name=q-overall][value='2']").check()
    with form.expect_response(lambda answer: answer.url.endswith("/bewaren/")):
        form.get_by_label("Voor een deel").check()
    expect(form.get_by_text("Was de straat te lang dicht?")).to_be_visible()
    form.reload()
    expect(form.locator("input[name=q-overall][value='2']")).to_be_checked()
    expect(form.get_by_label("Voor een deel")).to_be_checked()
    form.get_by_label("Wat is er nog niet opgelost?").fill("De rand van de put zit los.")
    anybody.check("half-way")
    form.get_by_role("button", name="Versturen").click()
    expect(form.get_by_role("heading", name="Bedankt voor uw mening")).to_be_visible()
    anybody.check("sent")
    karel.go(path)
    expect(karel.page.get_by_text("U hebt deze evaluatie al ingevuld.")).to_be_visible()
    until(lambda: uploads_of(product, reference, "Bedankt voor uw evaluatie"))
    questions = [one for one in product.messages("email", mail) if "Wat vond u" in one["subject"]]
    assert len(questions) == 1, "never two invitations for one report"

    # The handler is told, reads it and answers.
    product.wait_for_message("email", "karim.aerts@lindekerke.example", "Nieuwe evaluatie")
    karim.go("/kantoor/evaluaties/")
    karim.check("to-process")
    office.get_by_role("link", name=re.compile(f"Verwerken van {reference}")).click()
    expect(office.get_by_text("De rand van de put zit los.")).to_be_visible()
    office.get_by_role("button", name="Verwerken").click()
    expect(office.get_by_text("Kies wat u met deze evaluatie doet.").first).to_be_visible()
    karim.check("nothing-chosen")
    office.get_by_label("Antwoorden aan de melder").check()
    office.get_by_label("Tekst").fill("Wij komen de rand volgende week vastzetten.")
    expect(office.locator("[data-preview-into]")).to_contain_text("de rand volgende week vastzetten")
    karim.check("answer")
    office.get_by_role("button", name="Verwerken").click()
    expect(office.get_by_text("Verwerkt: beantwoord.")).to_be_visible()
    product.wait_for_message("email", mail, "de rand volgende week vastzetten")
    karim.go("/kantoor/evaluaties/?lijst=verwerkt")
    karim.check("processed")
    karel.go(f"/mijn/{reference}/")
    expect(karel.page.get_by_text("Wij antwoordden op uw evaluatie.")).to_be_visible()
    karel.check("answered")

    # Gathered, for policy: nobody can be recognised.
    policy = visitor("bart")
    policy.login("bart", staff=True)
    policy.go("/kantoor/evaluaties/resultaten/")
    expect(policy.page.get_by_role("heading", level=1)).to_have_text("Resultaten van evaluaties")
    expect(policy.page.get_by_text("minder dan 5").first).to_be_visible()
    assert "De rand van de put" not in policy.page.content()
    policy.check("results")
