"""The things of the product at their lasting addresses, in the form that the caller asks for."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse

from meldloket.api.errors import problem
from meldloket.decisions import linked
from meldloket.decisions.models import Publication
from meldloket.web.pages import page
from meldloket.web.public import decisions as public

from .negotiation import FORMS, HTML, SUFFIXES, answer, wanted


def form_of(request: HttpRequest, suffix: str) -> str | None:
    """The form asked for, by the address' ending or else by the Accept header. Raises Http404 for an unknown ending."""
    if suffix and suffix not in SUFFIXES:
        raise Http404
    return SUFFIXES[suffix] if suffix else wanted(request)


def not_acceptable() -> HttpResponse:
    made = problem(406, "Not available in that form", f"Ask for one of {', '.join(FORMS)}.")
    made["Vary"] = "Accept"
    return made


@page("public", methods=("GET",))
def decision(request: HttpRequest, public_id: UUID, suffix: str = "") -> HttpResponse:
    """A published decision. 410 once it was withdrawn, 406 for a form that there is not."""
    form = form_of(request, suffix)
    found = public.find(public_id)
    if form is None:
        return not_acceptable()
    if form == HTML:
        made = public.show(request, found)
        made["Vary"] = "Accept, Accept-Language, Cookie"
        return made
    if found.state == Publication.State.WITHDRAWN:
        return problem(410, "This decision was withdrawn", found.withdrawn_why)
    from .decision import decision_graph

    return answer(request, decision_graph(linked.of(found)), form)
