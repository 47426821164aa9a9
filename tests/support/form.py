"""Filling in the citizen's form in a browser, for every journey that begins with a report."""

from __future__ import annotations

import io
import re
from typing import Any

from PIL import Image
from playwright.sync_api import expect

TEXT = "Er zit een diepe put in de weg voor mijn deur. Gisteren is een fietser bijna gevallen."


def photo() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (640, 480), "slategray").save(out, "JPEG")
    return out.getvalue()


def fill_in(person: Any, *, email: str, mobile: str = "0470 12 34 56", address: str = "Kerkstraat 12") -> str:
    """The form from “what” to “who”; gives the address of that page."""
    page = person.page
    page.get_by_label("Wat wilt u melden?").fill(TEXT)
    page.get_by_role("button", name="Verder").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Waar is het?")
    page.locator("#id_address").fill(f"{address}, 9999 Lindekerke")
    page.locator("#id_address").press("Tab")  # closes the proposals, which could open over the button
    page.get_by_role("button", name="Verder").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Wanneer")
    page.get_by_role("button", name="Verder").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Foto")
    page.locator("#files").set_input_files({"name": "put.jpg", "mimeType": "image/jpeg", "buffer": photo()})
    page.get_by_role("button", name="Toevoegen").click()
    expect(page.get_by_text("put.jpg").first).to_be_visible()
    page.get_by_role("button", name=re.compile("^Verder")).click()
    if "vragen" in page.url:
        page.get_by_role("button", name="Verder").click()
    return page.url


def report(
    person: Any, *, email: str, mobile: str = "0470 12 34 56", address: str = "Kerkstraat 12", same: bool | None = None
) -> str:
    """A whole report of somebody who is logged in; gives its reference. `same`: what is answered when the problem is
    perhaps known already (None: nothing, so that it becomes a report of its own)."""
    page = person.page
    person.go("/melden/")
    if (anew := page.get_by_role("button", name="Een nieuwe melding beginnen")).is_visible():
        anew.click()
    fill_in(person, email=email, address=address)
    page.get_by_role("button", name="Verder").click()
    page.get_by_label("E-mailadres").fill(email)
    page.get_by_label("Gsm-nummer").fill(mobile)
    page.get_by_label("Stuur mij berichten per sms").check()
    page.get_by_role("button", name="Verder").click()
    if same is not None:
        expect(page.get_by_text("Misschien kennen wij dit probleem al")).to_be_visible()
        person.check("known")
        page.get_by_label("Het is hetzelfde" if same else "Het is iets anders").check()
    page.get_by_role("button", name="Melding versturen").click()
    return str(page.locator(".ml-receipt__reference").inner_text().strip())
