"""B7.2 in a browser: a policy officer goes from a peak in a chart to the cases behind it, and shares the view."""

from __future__ import annotations

import re

import httpx
import pytest
from playwright.sync_api import expect

from support.form import report
from support.waiting import until

pytestmark = pytest.mark.journey

#: Where on the screen the highest column of a drawing stands, with what it says: [x, y, words, value].
PEAK = """key => {
  const place = document.querySelector(`[data-chart=${key}]`);
  place.scrollIntoView({block: 'center'});
  const chart = echarts.getInstanceByDom(place), data = JSON.parse(document.getElementById(key).textContent);
  const values = data.series[0].values, at = values.indexOf(Math.max(...values));
  const bars = data.series.filter(row => !row.line).length;
  const [x, y] = chart.convertToPixel({seriesIndex: 0}, [at, values[at] / 2]);
  const box = place.getBoundingClientRect(), wide = Math.min(28, box.width / values.length / (bars + 1));
  return [box.x + x - wide / 2 * (bars - 1), box.y + y, data.labels[at], values[at]];
}"""


def received(page) -> int:
    return int(page.locator(".ml-tile__number").first.inner_text().split()[0].replace(".", ""))


def test_from_a_peak_to_its_cases_and_a_shared_view(visitor, product):
    bart = visitor("bart")
    bart.login("bart", staff=True)
    page = bart.page
    expect(page.get_by_role("heading", level=1)).to_have_text("Inzicht")
    expect(page.locator("[data-chart=trend] svg")).to_be_visible()
    bart.check("helicopter")

    # What a citizen reports is in the figures without anybody doing something.
    before = received(page)
    lotte = visitor("lotte")
    lotte.login("lotte")
    reference = report(lotte, email="lotte.cijfers@example.org", address="Stationsstraat 12")

    def counted() -> bool:
        page.reload()
        return received(page) > before

    until(counted)

    # From the peak to the cases behind it, with the mouse in the drawing.
    expect(page.locator("[data-chart=trend] svg")).to_be_visible()
    x, y, _, value = page.evaluate(PEAK, "trend")
    page.mouse.click(x, y)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Ontvangen meldingen")
    expect(page.locator("h1 .ml-count")).to_have_text(str(value))
    expect(page.get_by_role("link", name=reference)).to_be_visible()
    bart.check("behind-peak")
    page.get_by_role("link", name=reference).click()
    expect(page.locator(".ml-case-head")).to_contain_text(reference)

    # The same with the keyboard: the table of the drawing.
    bart.go("/kantoor/inzicht/")
    flow = page.locator("figure", has=page.get_by_role("heading", name="Van melding over dienst naar uitkomst"))
    flow.locator("summary").focus()
    page.keyboard.press("Enter")
    number = flow.locator("table a").first
    count = number.inner_text()
    number.focus()
    page.keyboard.press("Enter")
    expect(page.locator("h1 .ml-count")).to_have_text(count)
    bart.check("behind-flow")

    # A narrower view, kept and shared; a colleague opens the very same.
    page.get_by_role("link", name="Terug naar het overzicht").click()
    page.get_by_label("Dienst", exact=True).select_option(label="Openbare werken")
    page.get_by_role("button", name="Tonen").click()
    expect(page.get_by_role("link", name=re.compile("Openbare werken.*filter weghalen"))).to_be_visible()
    narrowed = received(page)
    page.get_by_text("Bewaarde overzichten").click()
    page.get_by_label("Naam voor dit overzicht").fill("Openbare werken")
    page.get_by_label("delen met collega’s").check()
    page.get_by_role("button", name="Bewaren").click()
    expect(page.get_by_text("Overzicht “Openbare werken” is bewaard.")).to_be_visible()
    address = page.url
    bart.check("kept")
    karim = visitor("karim", width=390)
    karim.login("karim", staff=True)
    karim.go("/kantoor/inzicht/")
    karim.page.get_by_text("Bewaarde overzichten").click()
    karim.check("on-a-phone")
    karim.page.get_by_role("link", name="Openbare werken", exact=True).click()
    assert received(karim.page) == narrowed
    karim.go(address)
    assert received(karim.page) == narrowed


def test_the_figures_without_javascript(visitor):
    bart = visitor("bart", javascript=False)
    bart.login("bart", staff=True)
    expect(bart.page.locator("figure table").first).to_be_visible()
    link = bart.page.locator("figure table a").first
    count = link.inner_text()
    link.click()
    expect(bart.page.locator("h1 .ml-count")).to_have_text(count)


def test_policy_report_and_files(visitor, product):
    """The pages beside the helicopter view, with what a policy officer takes along, and what everybody may read."""
    bart = visitor("bart")
    bart.login("bart", staff=True)
    page = bart.page
    for tab in ("Kaart", "Beleid", "Jaarverslag"):
        page.get_by_role("navigation", name="Inzicht", exact=True).get_by_role("link", name=tab).click()
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        bart.check(tab.lower())
    with page.expect_download(timeout=60_000) as coming:
        page.get_by_role("button", name=re.compile("pdf", re.I)).click()
    assert coming.value.path().read_bytes().startswith(b"%PDF-1.7")

    bart.go("/kantoor/inzicht/meenemen/")
    bart.check("export")
    with page.expect_download() as coming:
        page.get_by_role("button", name="CSV").click()
    lines = coming.value.path().read_text(encoding="utf-8-sig").splitlines()
    expect(page.get_by_role("status").filter(has_text=re.compile("klaar|volledig", re.I))).to_be_visible()
    bart.check("export-done")
    bart.go("/kantoor/inzicht/")
    assert len(lines) == received(page) + 1 and "Peeters" not in "".join(lines)

    anybody = visitor("iedereen", width=390)
    anybody.go("/cijfers/")
    anybody.check("public-figures")
    anybody.go("/open-data/")
    anybody.check("open-data")
    catalogue = httpx.get(f"{product.url()}/open-data/catalogus.ttl", timeout=30)
    assert "dcat:Dataset" in catalogue.text and "Peeters" not in catalogue.text
