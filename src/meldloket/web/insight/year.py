"""The yearly report for the council: seen as a page, and made as a PDF that a screen reader can read. A policy officer may
write an introduction; it goes into the PDF and is not kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from meldloket.cases import clock
from meldloket.catalogue.current import catalogue
from meldloket.insight import columns, yearly
from meldloket.intake.text import tidy
from meldloket.web.pages import actor_of, page
from meldloket.web.pdf import NoPdf, render_pdf

from .drawings import Names
from .tabs import tabs
from .words import day_words
from .year_more import sections

_HERE = Path(__file__).parent
#: The page and the paper look alike: one style for what they share, and one for paper.
STYLE = "\n".join(
    path.read_text(encoding="utf-8")
    for path in (_HERE.parent / "static" / "meldloket" / "year.css", _HERE / "year_paper.css")
)


class Introduction(forms.Form):
    """What a policy officer writes before the figures."""

    inleiding = forms.CharField(
        label="Inleiding",
        required=False,
        max_length=6000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="Komt vooraan in het verslag. Een lege regel begint een nieuwe alinea. Wij bewaren deze tekst niet, en "
        "noem er geen melders in: het verslag is openbaar.",
    )

    def clean_inleiding(self) -> str:
        return tidy(self.cleaned_data["inleiding"])


def _chosen(request: HttpRequest, known: list[int]) -> int:
    """The year of the address; without one the newest that is over, if there were reports."""
    text = request.GET.get("jaar", "")
    if text.isdecimal() and len(text) == 4 and int(text) in known:
        return int(text)
    this = clock.today().year
    return next((year for year in known if year < this), this)


def report_of(wanted: Any, introduction: str = "") -> dict[str, Any]:
    """What page and paper show of a counted year (insight.yearly.Counted)."""
    today = clock.today()
    year = yearly.complete(wanted, today)
    chapters = sections(year, Names.of(catalogue()))
    return {
        "year": year,
        "municipality_name": catalogue().municipality.name,
        "made_on": day_words(today),
        "until": "" if year.over else day_words(year.until),
        "introduction": introduction,
        "chapters": list(enumerate(chapters, start=2 if introduction else 1)),
    }


@page("insight.view")
def year_page(request: HttpRequest) -> HttpResponse:
    """The report of one year as a page; with POST the same with an introduction, or the PDF."""
    today = clock.today()
    with columns.reading() as store:
        known = yearly.years(store)
        chosen = _chosen(request, known)
        counted = yearly.count(store, chosen, today)
    form = Introduction(request.POST or None)
    introduction = form.cleaned_data["inleiding"] if form.is_bound and form.is_valid() else ""
    report = report_of(counted, introduction)
    if request.method == "POST" and form.is_valid() and "pdf" in request.POST:
        try:
            return _pdf(report, chosen)
        except NoPdf as problem:
            messages.error(request, str(problem))
    context = {
        "tabs": tabs(actor_of(request), "insight-year"),
        "years": known or [today.year],
        "chosen_year": chosen,
        "form": form,
        **report,
    }
    return render(request, "insight/year.html", context, status=422 if form.is_bound and form.errors else 200)


def paper(report: dict[str, Any]) -> bytes:
    """The report as PDF/UA. Raises NoPdf."""
    return render_pdf("insight/year_paper.html", report, STYLE)


def _pdf(report: dict[str, Any], year: int) -> HttpResponse:
    answer = HttpResponse(paper(report), content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="jaarverslag-meldingen-{year}.pdf"'
    return answer
