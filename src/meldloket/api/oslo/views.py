"""The things of the product at their lasting addresses, in the form that the caller asks for."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from meldloket.api.errors import problem
from meldloket.cases.models import Report
from meldloket.decisions import linked
from meldloket.decisions.models import Publication
from meldloket.people.permissions import allows
from meldloket.people.roles import Role
from meldloket.web.citizen.mine import own_report
from meldloket.web.office.case import find_case
from meldloket.web.office.listing import visible
from meldloket.web.pages import actor_of, page
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


@page("session", methods=("GET",))
def report(request: HttpRequest, reference: str) -> HttpResponse:
    """A report, for its reporter and for staff who see its case; 404 for anybody else."""
    actor = actor_of(request)
    mine = actor.has(Role.CITIZEN)
    if mine:
        found = own_report(request, reference)
        address = settings.BASE_URL + reverse("my-report", args=[found.reference])
    else:
        found = _seen(request, reference)
        address = settings.BASE_URL + reverse("case", args=[found.case.reference])
    form = wanted(request)
    if form is None:
        return not_acceptable()
    if form == HTML:
        return _to(address)
    from .report import report_graph

    return _private(answer(request, report_graph(found, page=address, all_steps=not mine), form))


def _seen(request: HttpRequest, reference: str) -> Report:
    """A report of a case that this member of staff may see."""
    if not allows(actor_of(request), "case.view"):
        raise Http404
    rows = Report.objects.filter(reference=reference, case__in=visible(request))
    found = rows.select_related("case__category", "case__department").first()
    if found is None:
        raise Http404
    return found


@page("session", methods=("GET",))
def case(request: HttpRequest, reference: str) -> HttpResponse:
    """A case as a file with documents and steps, for staff who see it; 404 for anybody else."""
    if not allows(actor_of(request), "case.view"):
        raise Http404
    found = find_case(request, reference)
    form = wanted(request)
    if form is None:
        return not_acceptable()
    if form == HTML:
        return _to(reverse("case", args=[found.reference]))
    from .report import case_graph

    return _private(answer(request, case_graph(found), form))


def _to(address: str) -> HttpResponse:
    """The name of a thing leads to the page about it (303, as it is not the page itself)."""
    made = redirect(address)
    made.status_code = 303
    made["Vary"] = "Accept, Cookie"
    return made


def _private(made: HttpResponse) -> HttpResponse:
    made["Cache-Control"], made["Vary"] = "private, no-cache", "Accept, Cookie"
    return made
