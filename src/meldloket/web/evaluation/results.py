"""What evaluations say together, filtered in the address; every figure masked (B8.5)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from meldloket.cases import clock
from meldloket.catalogue.current import catalogue
from meldloket.evaluation import results as evaluation
from meldloket.evaluation.questions import in_language, read
from meldloket.evaluation.results import DIMENSIONS, Evaluations, Scope
from meldloket.intake.text import tidy
from meldloket.people.permissions import allows
from meldloket.web.office.listing import visible
from meldloket.web.pages import actor_of, page

from .office import tabs


def day(text: str, otherwise: date | None) -> date | None:
    """A date of the address; `otherwise` when there is none that can be read."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return otherwise


def _texts(found: Evaluations, words: str) -> list[dict[str, Any]]:
    """What was written, with the question that it answers."""
    labels: dict[int, dict[str, str]] = {}
    rows = []
    for answer in evaluation.texts(found, words):
        version = answer.invitation.version
        if version is not None and version.pk not in labels:
            labels[version.pk] = {row.code: in_language(row.label, "nl") for row in read(version.questions)}
        label = labels[version.pk].get(answer.question, "") if version is not None else ""
        rows.append({"text": answer.text, "invitation": answer.invitation, "label": label})
    return rows


@page("evaluation.view", methods=("GET",))
def results(request: HttpRequest) -> HttpResponse:
    """Response, answers per question, a breakdown, and the texts that contain some words."""
    get, known = request.GET.get, catalogue()
    today = clock.today()
    scope = Scope(
        since=day(get("van", ""), today - timedelta(days=365)),
        until=day(get("tot", ""), today),
        category=known.category(get("categorie", "")),
        department=next((row for row in known.departments if row.code == get("dienst")), None),
    )
    dimension = get("per", "categorie")
    dimension = dimension if dimension in DIMENSIONS else "categorie"
    words = tidy(get("zoek", "")[:100], lines=False)
    actor = actor_of(request)
    found = scope.of(visible(request))
    context: dict[str, Any] = {
        "tabs": tabs(actor, "resultaten"),
        "scope": scope,
        "categories": known.categories,
        "departments": known.departments,
        "dimension": dimension,
        "dimensions": [(code, words) for code, (words, _) in DIMENSIONS.items()],
        "dimension_name": DIMENSIONS[dimension][0],
        "response": evaluation.response(found),
        "groups": evaluation.broken_down(found, dimension),
        "forms": evaluation.per_form(found),
        "words": words,
        "texts": _texts(found, words),
        "opens": allows(actor, "evaluation.process"),
    }
    return render(request, "evaluation/results.html", context)
