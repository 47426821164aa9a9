"""The yearly report: sentences that agree with their figures, a PDF that a screen reader can read, and nobody in it."""

from __future__ import annotations

import io
import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from lxml import etree
from pypdf import PdfReader

from meldloket.cases import closing, commands
from meldloket.cases.models import Case
from meldloket.catalogue import current
from meldloket.evaluation.models import Answer, Invitation
from meldloket.insight import columns, keeping
from meldloket.people.roles import Role
from meldloket.web.insight import svg
from meldloket.web.insight.words import points_words, reports_words, signed
from meldloket.web.insight.year_parts import change_words, enumerated
from support import factories as make

pytestmark = pytest.mark.django_db
PAGE = "/kantoor/inzicht/jaarverslag/"
BRUSSELS = ZoneInfo("Europe/Brussels")


@pytest.fixture(autouse=True)
def categories(monkeypatch, clock):
    monkeypatch.setattr(columns, "FRESH_SECONDS", -1.0)
    clock.freeze(datetime(2026, 11, 29, 10, tzinfo=BRUSSELS))
    rows = make.make_catalogue()
    current.forget()
    columns.forget()
    yield rows
    current.forget()
    columns.forget()


@pytest.fixture
def office():
    client = Client()
    client.force_login(make.make_staff(Role.POLICY_OFFICER, name="Bart Lemmens"))
    return client


def reports(categories, count: int, *, year: int = 2025, code: str = "wegdek", done: int = 0) -> None:
    """So many reports from February of a year on, five days apart, the first `done` of them closed."""
    handler = make.make_staff(Role.HANDLER, departments=("openbare-werken", "groen"))
    for number in range(count):
        citizen = make.make_citizen("Zwaantje", "Vandenbulcke")
        case = make.make_case(
            citizen,
            category=categories[code],
            department=categories[code].department,
            reporter=make.make_reporter(citizen, email="zwaantje@example.org"),
        )
        if number < done:
            commands.declare_admissible(case, by=handler.actor, text="Goed.")
            closing.close(case, by=handler.actor, outcome="done", text="De put is gevuld.")
        at = datetime(year, 2, 3, 10, tzinfo=BRUSSELS) + timedelta(days=number * 5)
        ended = at + timedelta(days=2) if number < done else None
        due = at.date() + timedelta(days=7)
        Case.objects.filter(pk=case.pk).update(submitted_at=at, ended_at=ended, target_date=due)
    keeping.refresh_all()  # as the worker does: a visitor counts only a few


def text_of(html: str) -> str:
    body = re.search(r"<article.*</article>", html, re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", body[0] if body else html).split())


@pytest.mark.parametrize("count", range(13))
def test_sentences_agree_with_their_number(count, categories, office):
    reports(categories, count, done=count // 2)
    told = text_of(office.get(f"{PAGE}?jaar=2025").text)
    one = r"(?<![\d.,])1 (meldingen|besluiten|vragen|uren|dagen)|(kwamen|zijn|werden) er 1 "
    wrong = one + r"|(?<![\d.,])[02-9]\d* (melding|besluit|vraag|dag)\b"
    assert re.search(wrong, told) is None, re.search(wrong, told)
    if count == 1:
        assert "In 2025 kwam er 1 melding binnen." in told
    elif count:
        assert f"In 2025 kwamen er {count} meldingen binnen." in told
    if count:
        assert "Over 2024 zijn er geen cijfers om mee te vergelijken." in told
        left = count - count // 2
        assert f"{'stond' if left == 1 else 'stonden'} er nog {reports_words(left)} open" in told


def test_a_year_beside_the_year_before(categories, office):
    reports(categories, 60, done=40)
    reports(categories, 20, year=2024, done=20)
    told = text_of(office.get(f"{PAGE}?jaar=2025").text)
    assert "Dat zijn er 200 % meer dan in 2024 (20). Dat verschil is groter dan toeval." in told.replace("\xa0", " ")
    assert "De helft van de afgehandelde meldingen was klaar binnen 2 dagen" in told
    assert "Van 40 meldingen met een beloofde termijn werden er 40 op tijd afgehandeld" in told.replace("\xa0", " ")
    assert "Op 31 december 2025 stonden er nog 20 meldingen open" in told
    assert "Van die open meldingen waren er 20 voorbij de beloofde dag." in told


def test_a_year_that_goes_on_says_so(categories, office):
    reports(categories, 8, year=2026)
    told = text_of(office.get(f"{PAGE}?jaar=2026").text)
    assert "Het jaar loopt nog: cijfers tot en met 29 november 2026." in told
    assert "In 2026, tot en met 29 november 2026, kwamen er 8 meldingen binnen." in told
    assert "Op 29 november 2026 staan er nog 8 meldingen open" in told


def test_without_a_year_the_newest_that_is_over_is_shown(categories, office):
    reports(categories, 3, year=2026)
    assert "Jaarverslag 2026" in office.get(PAGE).text  # there is no other
    reports(categories, 3, year=2024)
    assert "Jaarverslag 2025" in office.get(PAGE).text
    for query in ("jaar=1999", "jaar=abcd", "jaar=²⁰²⁵"):
        assert "Jaarverslag 2025" in office.get(f"{PAGE}?{query}").text


def test_small_kinds_are_told_together(categories, office):
    reports(categories, 20)
    reports(categories, 3, code="boom")
    reports(categories, 4, code="straatverlichting")
    html = office.get(f"{PAGE}?jaar=2025").text
    assert re.search(r'<th scope="row">Andere soorten</th><td class="ml-year__number">7</td>', html)
    assert "Straatverlichting" not in text_of(html) and '<th scope="row">Boom' not in html


def evaluated(count: int) -> None:
    for number, case in enumerate(Case.objects.order_by("pk")[:count]):
        at = case.submitted_at + timedelta(days=6)
        told = {
            "state": "answered",
            "due": at.date(),
            "sent_at": at,
            "closes_on": at.date(),
            "answered_at": at,
            "processed": "answered" if number % 2 else "acknowledged",
        }
        invitation, _ = Invitation.objects.update_or_create(report=case.reports.get(), defaults=told)
        Answer.objects.create(invitation=invitation, question="overall", number=4, text="Zwaantje was hier.")


def test_evaluations_are_masked_and_it_says_what_was_done_with_them(categories, office):
    reports(categories, 60, done=60)
    evaluated(3)
    assert "te weinig evaluaties" in text_of(office.get(f"{PAGE}?jaar=2025").text)
    Invitation.objects.all().delete()
    evaluated(50)
    told = text_of(office.get(f"{PAGE}?jaar=2025").text)
    assert "Zij geven gemiddeld 4,0 op 5." in told and "Kennis genomen" in told
    for number in re.findall(r"vroegen wij ongeveer (\d+)|Ongeveer (\d+) vulden|Kennis genomen (\d+)", told):
        assert int("".join(number)) % 5 == 0


def test_nobody_is_in_it(categories, office):
    reports(categories, 40, done=30)
    evaluated(30)
    answer = office.post(f"{PAGE}?jaar=2025", {"inleiding": "", "pdf": "1"})
    whole = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)
    for text in (whole, office.get(f"{PAGE}?jaar=2025").text):
        assert re.search(r"Zwaantje|Vandenbulcke|zwaantje@|MLD-|Kerkstraat 12", text) is None


def test_the_pdf_is_tagged_and_its_drawings_have_words(categories, office):
    reports(categories, 40, done=30)
    answer = office.post(
        f"{PAGE}?jaar=2025", {"inleiding": "Beste raadsleden,\n\nWelkom bij <b>dit</b> verslag.", "pdf": "1"}
    )
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'attachment; filename="jaarverslag-meldingen-2025.pdf"'
    reader = PdfReader(io.BytesIO(answer.content))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] and root["/Lang"].startswith("nl")
    assert b"pdfuaid" in root["/Metadata"].get_data() and reader.metadata.title.startswith("Jaarverslag meldingen 2025")
    tags = list(elements(root["/StructTreeRoot"]))
    kinds = [element["/S"] for element in tags]
    assert kinds.count("/H1") == 1 and kinds.count("/H2") >= 10 and "/Table" in kinds and "/TH" in kinds
    figures = [element for element in tags if element["/S"] == "/Figure"]
    assert len(figures) >= 4 and all(element.get("/Alt") for element in figures)
    pages = [page.extract_text() for page in reader.pages]
    assert f"Pagina 2 van {len(pages)}" in pages[1] and "Pagina" not in pages[0]
    assert "Welkom bij <b>dit</b> verslag." in " ".join(pages[2].split())


def elements(node):
    children = node.get("/K", [])
    for child in children if isinstance(children, list) else [children]:
        child = child.get_object()
        if hasattr(child, "get") and child.get("/S"):
            yield child
            yield from elements(child)


def test_the_introduction_is_shown_escaped_and_not_kept(categories, office):
    reports(categories, 6)
    shown = office.post(f"{PAGE}?jaar=2025", {"inleiding": "Let op <script>", "voorbeeld": "1"})
    assert "<p>Let op &lt;script&gt;</p>" in shown.text and "2. Het jaar in vijf cijfers" in shown.text
    assert "Let op" not in office.get(f"{PAGE}?jaar=2025").text
    assert office.post(f"{PAGE}?jaar=2025", {"inleiding": "a" * 6001, "pdf": "1"}).status_code == 422


def test_the_page_costs_the_same_however_many_cases(categories, office):
    def queries() -> int:
        office.get(f"{PAGE}?jaar=2025")
        with CaptureQueriesContext(connection) as captured:
            office.get(f"{PAGE}?jaar=2025")
        return len(captured)

    reports(categories, 12)
    few = queries()
    reports(categories, 30)
    assert queries() == few <= 12


def test_only_whoever_may_see_figures_opens_it(categories):
    client = Client()
    client.force_login(make.make_staff(Role.RECEPTIONIST))
    assert client.get(PAGE).status_code == 403 and client.post(PAGE, {"pdf": "1"}).status_code == 403
    assert Client().get(PAGE).status_code == 302


def test_an_empty_installation_has_a_report_that_says_so(office):
    told = text_of(office.get(PAGE).text)
    assert "kwamen er 0 meldingen binnen" in told or "kwamen er geen meldingen binnen" in told


def test_drawings_are_well_formed_and_say_their_content():
    names = ['Put & "gat" <b>', "Één heel erg lange naam van een soort melding"]
    for made in (
        svg.bars("Soorten", list(zip(names, (1200, 3), strict=True))),
        svg.columns("Maanden", names, [svg.Row("2025", [3, None]), svg.Row("2024", [0, 9], svg.QUIET)]),
        svg.lines("Maanden", names, [svg.Row("2025", [None, None])]),
        svg.bars("Niets", []),
    ):
        tree = etree.fromstring(str(made))
        title = tree.findtext("{*}title")
        assert title and "<b>" not in made
        numbers = re.findall(r'(?:width|height|x|y|cx|cy)="(-?[\d.]+|nan)"', made)
        assert all(float(number) >= 0 for number in numbers)
    assert "1.200" in etree.fromstring(str(svg.bars("Soorten", [("Put", 1200)]))).findtext("{*}title")


def test_words_of_numbers():
    assert [reports_words(count) for count in (0, 1, 2, 1200)] == [
        "0 meldingen",
        "1 melding",
        "2 meldingen",
        "1.200 meldingen",
    ]
    assert [signed(number) for number in (3.2, -1.4, 0.2, -0.3)] == ["+3", "−1", "0", "0"]
    assert [points_words(number) for number in (1, -1, 0, 5)] == ["+1 punt", "−1 punt", "0 punten", "+5 punten"]
    assert [enumerated(words) for words in (["a"], ["a", "b"], ["a", "b", "c"])] == ["a", "a en b", "a, b en c"]
    assert [change_words(now, 100) for now in (112, 88, 100)] == [
        "12 % meer dan",
        "12 % minder dan",
        "ongeveer evenveel als",
    ]
