"""The adviser who logs in: the list of what is asked of them, and each request."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from meldloket.advice.access import requests_for
from meldloket.advice.answering import Adviser
from meldloket.advice.models import AdviceRequest
from meldloket.cases import clock, terms
from meldloket.people.roles import Actor
from meldloket.web.pages import actor_of, page

from . import answering

MOST = 50


def _adviser(actor: Actor) -> Adviser:
    return Adviser(actor.name, actor.account_id)


def _find(request: HttpRequest, request_id: UUID) -> AdviceRequest:
    rows = requests_for(actor_of(request)).select_related("service", "case__category", "case__handler")
    found = rows.filter(public_id=request_id).first()
    if found is None:
        raise Http404
    return found


@page("advice.answer", methods=("GET",))
def advice_list(request: HttpRequest) -> HttpResponse:
    """What is asked: late and due first; what was answered below."""
    rows = requests_for(actor_of(request)).select_related("service", "case__category")
    today, soon = clock.today(), terms.add_working_days(clock.today(), 3)
    waiting = list(rows.filter(state=AdviceRequest.State.OPEN).order_by("due", "id")[:MOST])
    context = {
        "waiting": [
            {"asked": row, "tone": "late" if row.due < today else "soon" if row.due <= soon else "ok"} for row in waiting
        ],
        "done": list(rows.exclude(state=AdviceRequest.State.OPEN).order_by("-id")[:MOST]),
    }
    return render(request, "advice/list.html", context)


@page("advice.answer")
def advice_page(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """One request: what was shared, and the answer."""
    asked = _find(request, request_id)
    here = reverse("advice-request", args=[asked.public_id])
    return answering.page_of(request, asked, _adviser(actor_of(request)), here, "layouts/office.html")


@page("advice.answer", methods=("GET",))
def advice_file(request: HttpRequest, request_id: UUID, file_id: UUID) -> HttpResponseBase:
    """A file of a request."""
    return answering.file_of(_find(request, request_id), file_id, small="klein" in request.GET)
