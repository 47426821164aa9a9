"""Decisions for everybody (B6.5): the list per month, the feed, and one decision with RDFa for whoever harvests it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Q
from django.db.models.functions import TruncMonth
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed

from meldloket.catalogue.current import catalogue
from meldloket.decisions import linked, publishing
from meldloket.decisions.models import Publication
from meldloket.web.pages import page

#: The prefixes of the page's RDFa; those of the RDFa initial context (dct, foaf, org, prov, skos, rdfs, xsd) need none.
PREFIX = (
    "besluit: http://data.vlaanderen.be/ns/besluit# mandaat: http://data.vlaanderen.be/ns/mandaat# "
    "mandaats: https://data.vlaanderen.be/ns/mandaat# generiek: https://data.vlaanderen.be/ns/generiek# "
    "eli: http://data.europa.eu/eli/ontology# prov: http://www.w3.org/ns/prov# dct: http://purl.org/dc/terms/ "
    "skos: http://www.w3.org/2004/02/skos/core# org: http://www.w3.org/ns/org# foaf: http://xmlns.com/foaf/0.1/ "
    "rdfs: http://www.w3.org/2000/01/rdf-schema# xsd: http://www.w3.org/2001/XMLSchema#"
)
FEED = 50
#: Decisions on one page of a month; a municipality takes fewer.
MOST = 500


def seen() -> Any:
    """What the public may know of: published decisions, and those that were withdrawn again."""
    rows = Publication.objects.exclude(state=Publication.State.WAITING)
    return rows.select_related("decision__proposal").order_by("-published_on", "-id")


def find(public_id: UUID) -> Publication:
    """A publication that the public may know of, with what its page reads. Raises Http404."""
    found = seen().prefetch_related("versions").filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


@dataclass(frozen=True)
class Month:
    """A month in which decisions were published, and how many."""

    first: date
    count: int

    @property
    def url(self) -> str:
        return reverse("decisions-month", args=[self.first.year, f"{self.first.month:02d}"])


def _months() -> list[Month]:
    public = Publication.objects.filter(~Q(state=Publication.State.WAITING))
    rows = public.annotate(month=TruncMonth("published_on")).values("month").annotate(count=Count("id"))
    return [Month(row["month"], row["count"]) for row in rows.order_by("-month")]


@page("public", methods=("GET",))
def index(request: HttpRequest) -> HttpResponse:
    """The newest month, and the way to the others."""
    months = _months()
    return _month(request, months, months[0].first if months else None)


@page("public", methods=("GET",))
def month(request: HttpRequest, year: int, number: int) -> HttpResponse:
    """The decisions that were published in a month."""
    if not 1 <= number <= 12 or not 2000 <= year <= 2200:
        raise Http404
    months, first = _months(), date(year, number, 1)
    if all(one.first != first for one in months):
        raise Http404
    return _month(request, months, first)


def _month(request: HttpRequest, months: list[Month], first: date | None) -> HttpResponse:
    rows = list(seen().filter(published_on__year=first.year, published_on__month=first.month)[:MOST]) if first else []
    context = {"months": months, "first": first, "rows": rows}
    return render(request, "public/decisions.html", context)


@page("public", methods=("GET",))
def feed(request: HttpRequest) -> HttpResponse:
    """The newest decisions as Atom (RFC 4287). One that was withdrawn says so, and nothing more."""
    name = catalogue().municipality.name
    made = Atom1Feed(
        title=f"Besluiten van {name}",
        link=settings.BASE_URL + reverse("decisions"),
        description=f"Besluiten van college en gemeenteraad van {name} over meldingen",
        language="nl-be",
        feed_url=settings.BASE_URL + reverse("decisions-feed"),
        author_name=f"Gemeente {name}",
    )
    for row in seen()[:FEED]:
        withdrawn = row.state == Publication.State.WITHDRAWN
        made.add_item(
            title="Ingetrokken besluit" if withdrawn else row.title,
            link=publishing.address(row),
            description=f"Ingetrokken: {row.withdrawn_why}" if withdrawn else row.description,
            unique_id=publishing.address(row),
            pubdate=row.published_at,
            updateddate=row.changed_at,
            author_name=row.decision.proposal.get_body_display(),
        )
    return HttpResponse(made.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")


def show(request: HttpRequest, found: Publication) -> HttpResponse:
    """The page of one decision. What was withdrawn is 410 Gone, with when and why."""
    if found.state == Publication.State.WITHDRAWN:
        return render(request, "public/decision_gone.html", {"row": found}, status=410)
    one = linked.of(found)
    names = {holder.uri: holder.name for holder in one.holders}
    context = {
        "one": one,
        "row": found,
        "decision": found.decision,
        "prefix": PREFIX,
        "linked": linked,
        "present": [names[uri] for uri in one.present],
        "chair": names.get(one.sitting.chair, ""),
        "secretary": names.get(one.sitting.secretary, ""),
    }
    return render(request, "public/decision.html", context)


@page("public", methods=("GET",))
def document(request: HttpRequest, public_id: UUID) -> HttpResponse | FileResponse:
    """The signed document as it came in, bytes unchanged, so that its signatures can be checked by anybody."""
    found = find(public_id)
    if found.state != Publication.State.PUBLIC or not found.with_document or not found.decision.document:
        raise Http404
    name = f"{found.decision.number}.pdf".replace("/", "-")
    return FileResponse(found.decision.document.open("rb"), filename=name, content_type="application/pdf")


@page("public", methods=("GET",))
def meeting(request: HttpRequest, name: str) -> HttpResponse:
    """The name of a meeting or body in linked data leads to the list."""
    return redirect("decisions", permanent=False)
