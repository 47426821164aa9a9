"""What journeys share that go past admissibility: waiting for what comes later, and what DOSIS got."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect


def until(found: Callable[[], object], seconds: float = 30) -> object:
    """What `found` gives as soon as it gives something."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if value := found():
            return value
        time.sleep(0.3)
    raise AssertionError("it did not come")


def uploads_of(product: Any, reference: str, words: str) -> list[dict]:
    """What DOSIS got for this number that holds these words."""
    rows = [row for row in product.dosis()["uploads"] if row["DossierNummer"] == reference]
    return [row for row in rows if words.lower() in str(row).lower()]


def admissible(karim: Any, reference: str) -> None:
    """The handler declares a report admissible."""
    karim.go(f"/kantoor/meldingen/{reference}/")
    karim.page.get_by_role("link", name="Ontvankelijk verklaren", exact=True).click()
    karim.page.get_by_label("Wat de melder leest").fill("Wij komen kijken.")
    karim.page.get_by_role("button", name="Ontvankelijk verklaren").click()
    expect(karim.page.locator(".ml-case-head")).to_contain_text("Ontvankelijk")
