"""One address, several forms: a page for people, JSON-LD or Turtle for machines, as the request's Accept header asks
(RFC 9110 section 12.5.1)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse

if TYPE_CHECKING:
    from rdflib import Graph

HTML, JSON_LD, TURTLE = "text/html", "application/ld+json", "text/turtle"
FORMS = (HTML, JSON_LD, TURTLE)
SUFFIXES = {"jsonld": JSON_LD, "ttl": TURTLE}
_NAMES = {JSON_LD: "json-ld", TURTLE: "turtle"}


def wanted(request: HttpRequest, forms: Sequence[str] = FORMS) -> str | None:
    """The form that the caller likes best of `forms`, the first of them when it says nothing; None when it likes none."""
    accepted = request.headers.get("Accept", "")
    if not accepted.strip():
        return forms[0]
    best, best_quality = None, 0.0
    for form in forms:
        quality = _quality(form, accepted)
        if quality > best_quality:
            best, best_quality = form, quality
    return best


def _quality(form: str, accepted: str) -> float:
    """How much `form` is liked, 0 to 1, by its most exact mention."""
    kind, _, _ = form.partition("/")
    marks = {form: 3, "application/json" if form == JSON_LD else form: 3, f"{kind}/*": 2, "*/*": 1}
    exact, quality = 0, 0.0
    for entry in accepted.lower().split(","):
        name, *parameters = (part.strip() for part in entry.split(";"))
        place = marks.get(name, 0)
        if place > exact:
            exact, quality = place, _number(parameters)
    return quality


def _number(parameters: list[str]) -> float:
    for one in parameters:
        name, _, value = one.partition("=")
        if name.strip() == "q":
            try:
                return min(max(float(value), 0.0), 1.0)
            except ValueError:
                return 0.0
    return 1.0


def answer(request: HttpRequest, graph: Graph, form: str) -> HttpResponse:
    """The graph in this form, with an ETag by which an unchanged one is not sent again."""
    from .terms import PREFIXES

    extra: dict[str, Any] = (
        {"context": {prefix: str(space) for prefix, space in PREFIXES.items()}} if form == JSON_LD else {}
    )
    content = graph.serialize(format=_NAMES[form], encoding="utf-8", **extra)
    tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    if tag in request.headers.get("If-None-Match", ""):
        made = HttpResponse(status=304)
    else:
        made = HttpResponse(content, content_type=f"{form}; charset=utf-8" if form == TURTLE else form)
    made["ETag"], made["Vary"] = tag, "Accept"
    return made
