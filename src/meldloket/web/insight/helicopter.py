"""The helicopter view: how many reports come in, where they are, what is late, how long each step takes; on one screen."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from meldloket.cases import clock
from meldloket.insight import columns, figures
from meldloket.web.pages import actor_of, page

from .filters import Chosen, selects
from .tabs import tabs


@page("insight.view", methods=("GET",))
def overview_page(request: HttpRequest) -> HttpResponse:
    """All figures of the filters in the address."""
    chosen, actor = Chosen.read(request.GET), actor_of(request)
    with columns.reading() as store:
        found = figures.overview(store, chosen.scope(actor), clock.today())
    context = {"tabs": tabs(actor, "insight", chosen.query()), "chosen": chosen, "selects": selects(chosen), "found": found}
    return render(request, "insight/helicopter.html", context)
