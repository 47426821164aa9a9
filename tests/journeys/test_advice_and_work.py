"""B2.5 to B4.3 in a browser: advice by login and by link, a question of an adviser, conditions to actions, division, and a
worker on a phone that loses its connection."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import expect

from support.form import photo, report

pytestmark = pytest.mark.journey


def start_handling(karim, reference: str) -> None:
    """From screening to assessment."""
    office = karim.page
    karim.go(f"/kantoor/meldingen/{reference}/")
    office.get_by_role("link", name="Ontvankelijk verklaren", exact=True).click()
    office.get_by_label("Wat de melder leest").fill("Wij komen kijken.")
    office.get_by_role("button", name="Ontvankelijk verklaren").click()
    expect(office.locator(".ml-case-head")).to_contain_text("Ontvankelijk")


def test_advice_becomes_work_and_the_worker_does_it_without_connection(visitor, product):
    lotte = visitor("lotte")
    lotte.login("lotte")
    reference = report(lotte, email="lotte.advies@example.org", mobile="0470 22 33 44")
    karim = visitor("karim")
    karim.login("karim", staff=True)
    office = karim.page
    start_handling(karim, reference)

    # An internal service, an external one that logs in, and one that has no account.
    office.get_by_role("link", name="Advies vragen").click()
    for service in ("Politiezone Lindestreek", "Dienst Groen", "Netbeheer Leiestroom"):
        office.get_by_label(service).check()
    office.get_by_label("Wat wil u weten?").fill("Kunnen wij hier veilig werken?")
    karim.check("ask-advice")
    office.get_by_role("button", name="Advies vragen").click()
    expect(office.locator(".ml-case-head")).to_contain_text("In advies")
    karim.check("in-advice")
    product.wait_for_message("email", "lotte.advies@example.org", "vragen advies")

    # The police zone asks the citizen first, who reads who asks; then it advises with conditions.
    dirk = visitor("politie")
    dirk.login("politie", staff=True)
    police = dirk.page
    expect(police.get_by_role("heading", level=1)).to_contain_text("Adviesvragen")
    dirk.check("requests")
    police.get_by_role("link", name=reference).click()
    expect(police.get_by_text("Er zit een diepe put").first).to_be_visible()
    assert "Peeters" not in police.content(), "the identity was not shared"
    police.get_by_text("Een vraag stellen aan de melder").click()
    police.get_by_label("Uw vraag aan de melder").fill("Hoe laat rijden hier de meeste fietsers?")
    dirk.check("request")
    police.get_by_role("button", name="Vraag versturen").click()
    asked = product.wait_for_message("email", "lotte.advies@example.org", "de meeste fietsers")
    assert "Politiezone Lindestreek" in str(asked)
    lotte.go(f"/mijn/{reference}/")
    expect(lotte.page.get_by_text("Politiezone Lindestreek").first).to_be_visible()
    lotte.check("asked-by-police")
    lotte.page.get_by_label("Uw antwoord").fill("Rond acht uur, voor school.")
    lotte.page.get_by_role("button", name="Antwoord versturen").click()
    police.reload()
    expect(police.get_by_text("Rond acht uur, voor school.")).to_be_visible()
    police.get_by_label("Gunstig met voorwaarden").check()
    police.get_by_label("Waarom").fill("Mits het verkeer geleid wordt.")
    police.get_by_label("Voorwaarden, één per regel").fill("Plaats nadars rond de put\nWerk niet voor negen uur")
    police.get_by_role("button", name="Advies geven").click()
    expect(police.get_by_text("Uw advies is gegeven").first).to_be_visible()
    dirk.check("given")

    # The department of the municipality itself.
    hilde = visitor("internadvies")
    hilde.login("internadvies", staff=True)
    hilde.page.get_by_role("link", name=reference).click()
    hilde.page.get_by_label("Geen bezwaar").check()
    hilde.page.get_by_role("button", name="Advies geven").click()
    expect(hilde.page.get_by_text("Uw advies is gegeven").first).to_be_visible()

    # The grid operator has no account: a personal link and a code, both by e-mail.
    mail = product.wait_for_message("email", "advies@leiestroom.example", reference)
    path = re.search(r"/advies/[\w-]+/", str(mail)).group()
    grid = visitor("netbeheer", width=390)
    grid.go(path)
    grid.check("code")
    grid.page.get_by_role("button", name="Stuur mij een code").click()
    code_mail = product.wait_for_message("email", "advies@leiestroom.example", "Uw code")
    code = re.search(r": (\d{6})\.", str(code_mail)).group(1)
    grid.page.get_by_label("Uw code").fill(code)
    grid.page.get_by_role("button", name="Verder").click()
    grid.page.get_by_label("Gunstig", exact=True).check()
    grid.check("link-request")
    grid.page.get_by_role("button", name="Advies geven").click()
    expect(grid.page.get_by_text("Uw advies is gegeven").first).to_be_visible()
    product.wait_for_message("email", "karim.aerts@lindekerke.example", "adviezen zijn binnen")

    # Worked in; one condition becomes an action with one click, a template gives the other.
    karim.go(f"/kantoor/meldingen/{reference}/")
    office.get_by_role("button", name=re.compile("actie van.*Plaats nadars")).click()
    expect(office.get_by_text("De voorwaarde staat nu bij de acties.")).to_be_visible()
    karim.check("advices-in")
    office.get_by_role("link", name="Adviezen verwerken").click()
    expect(office.get_by_label("Samenvatting van de adviezen")).to_have_value(re.compile("Mits het verkeer geleid wordt"))
    karim.check("work-in")
    office.get_by_role("button", name="Adviezen verwerken").click()
    office.get_by_role("link", name="Actie toevoegen").click()
    office.get_by_label("Begin van een sjabloon").select_option(index=1)
    office.get_by_label("Wat gaan wij doen?").fill("Put vullen met asfalt")
    karim.check("action")
    office.get_by_role("button", name="Actie toevoegen").click()
    office.get_by_role("link", name="Acties voorstellen aan de melder").click()
    expect(office.locator("[data-preview-into]").get_by_text("Put vullen met asfalt").first).to_be_visible()
    karim.check("propose")
    office.get_by_role("button", name="Acties voorstellen aan de melder").click()
    expect(office.locator(".ml-case-head")).to_contain_text("In uitvoering")
    karim.check("proposed")
    product.wait_for_message("email", "lotte.advies@example.org", "Put vullen met asfalt")
    product.wait_for_message("sms", "+32470223344", "stellen wij voor")
    lotte.go(f"/mijn/{reference}/")
    expect(lotte.page.get_by_text("Wat wij doen")).to_be_visible()
    lotte.check("planned")

    # Divided to a worker.
    karim.go(f"/kantoor/meldingen/{reference}/")
    office.get_by_role("link", name="Plaats nadars rond de put").first.click()
    office.get_by_label("Wie").select_option(label="Tom Jacobs")
    office.get_by_label("Tegen wanneer").fill((date.today() + timedelta(days=3)).isoformat())
    karim.check("divide")
    office.get_by_role("button", name="Verdelen").click()
    expect(office.locator(".ml-case-head")).to_contain_text("Tom Jacobs")
    karim.go("/kantoor/taken/?team=openbare-werken&weergave=bord")
    karim.check("board")
    product.wait_for_message("email", "tom.jacobs@lindekerke.example", "Plaats nadars")

    # On a phone in the street: the connection goes, the work is written down, the connection comes back.
    tom = visitor("tom", width=390)
    tom.login("tom", staff=True)
    phone = tom.page
    tom.check("tasks")
    phone.get_by_role("link", name="Plaats nadars rond de put").first.click()
    phone.get_by_role("button", name="Beginnen").click()
    expect(phone.locator(".ml-case-head")).to_contain_text("Bezig")
    tom.context.set_offline(True)
    phone.get_by_label("Wat hebt u gedaan").fill("Acht nadars geplaatst.")
    phone.get_by_label("Gewerkte minuten").fill("40")
    phone.locator("#work-files").set_input_files({"name": "na.jpg", "mimeType": "image/jpeg", "buffer": photo()})
    phone.get_by_role("button", name="Klaar", exact=True).click()
    expect(phone.get_by_text("Geen verbinding.")).to_be_visible()
    karim.go(f"/kantoor/meldingen/{reference}/")
    assert "Acht nadars" not in office.content()
    tom.context.set_offline(False)
    expect(phone.locator(".ml-case-head")).to_contain_text("Klaar", timeout=30_000)
    tom.check("done")
    office.reload()
    expect(office.locator(".ml-timeline").get_by_text("Acht nadars geplaatst.")).to_have_count(1)
    karim.check("task-done")
