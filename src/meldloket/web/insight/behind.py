"""The list behind a figure: the address says which figure, the list is exactly as long as the figure said."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse

from meldloket.cases import clock
from meldloket.catalogue.current import catalogue
from meldloket.catalogue.models import AdviceService
from meldloket.decisions.models import Body, Decision
from meldloket.insight import behind, columns
from meldloket.insight.behind import Wanted
from meldloket.insight.columns import Column
from meldloket.insight.figures import ENDS, STEPS
from meldloket.insight.models import NONE
from meldloket.insight.scope import Box
from meldloket.web.office.listing import describe, rows_of, visible
from meldloket.web.pages import actor_of, page

from .filters import Chosen
from .words import END_WORDS, STEP_WORDS, day_words, hours_words

PAGE = 40
NOTHING = "geen"  # in the address: the cases without a category, department or area

#: Code → heading of the list.
HEADINGS = {
    "ontvangen": "Ontvangen meldingen",
    "uitkomst": "Ontvangen meldingen",
    "open": "Open meldingen",
    "te-laat": "Meldingen over tijd",
    "beeindigd": "Beëindigde meldingen",
    "afgehandeld": "Afgehandelde meldingen",
    "op-tijd": "Afgehandeld binnen de beloofde termijn",
    "buiten-termijn": "Afgehandeld na de beloofde termijn",
    "achterstand": "Meldingen die open stonden",
    "stap": "Afgehandelde meldingen per stap",
    "niet-bezorgd": "Meldingen met een bericht dat niet bezorgd werd",
    "heropend": "Heropende meldingen",
    "niet-tevreden": "Meldingen waarvan een melder niet tevreden was",
    "taken": "Meldingen met een open taak",
    "advies": "Meldingen waarvoor advies gevraagd werd",
    "besluit": "Meldingen met een besluit",
}
#: Whether the period of the address counts for this figure; the others are about now.
TIMELESS = ("open", "te-laat", "niet-bezorgd", "taken", "achterstand")


def link(chosen: Chosen, what: str, **narrowed: Any) -> str:
    """The address of the list behind a figure; `narrowed` as in `read`, with _ for -."""
    narrowed = {name.replace("_", "-"): value for name, value in narrowed.items()}
    return f"{reverse('insight-behind')}?{chosen.query(wat=what, **narrowed)}"


def read(query: QueryDict) -> Wanted:
    """The figure of an address. What is not known counts as not asked; without a known figure: what was received."""
    get, known = query.get, catalogue()
    what = get("wat", "")
    services = dict(AdviceService.objects.values_list("code", "pk")) if get("adviesdienst") else {}
    longer = get("langer", "")
    try:
        day = date.fromisoformat(get("op", ""))
    except ValueError:
        day = None
    return Wanted(
        what if what in behind.WHATS else "ontvangen",
        category=_one(get("bij-categorie"), {row.code: row.pk for row in known.categories}),
        department=_one(get("bij-dienst"), {row.code: row.pk for row in known.departments}),
        area=_one(get("bij-wijk"), {row.code: row.pk for row in known.areas}),
        end=get("einde") if get("einde") in ENDS else None,
        day=day,
        step=get("stap") if get("stap") in STEPS else None,
        longer=int(longer) if longer.isdecimal() and len(longer) < 6 else None,
        service=services.get(get("adviesdienst", "")),
        stand={"open": "open", "laat": "late"}.get(get("stand", "")),
        body=get("orgaan") if get("orgaan") in Body.values else None,
        outcome=get("besluit") if get("besluit") in Decision.Outcome.values else None,
    )


def _one(code: str | None, ids: dict[str, int]) -> int | None:
    return NONE if code == NOTHING else ids.get(code or "")


def read_box(text: str | None) -> Box | None:
    """A part of the map, "south,west,north,east" in degrees; None when it can't be read."""
    try:
        south, west, north, east = (float(part) for part in (text or "").split(","))
    except ValueError:
        return None
    inside = -90 <= south <= north <= 90 and -180 <= west <= east <= 180  # false for nan too
    return Box(south, west, north, east) if inside else None


def in_words(wanted: Wanted, chosen: Chosen, box: Box | None) -> list[str]:
    """What narrows the list, in words."""
    known = catalogue()
    found = []
    if wanted.what not in TIMELESS:
        found.append(f"van {day_words(chosen.since)} tot en met {day_words(chosen.until)}")
    if wanted.what == "achterstand":
        found.append(f"op {day_words(wanted.day or chosen.until)}")
    found += [words for _, words in chosen.in_words()]
    for value, rows, nothing in (
        (wanted.category, known.categories, "zonder categorie"),
        (wanted.department, known.departments, "zonder dienst"),
        (wanted.area, known.areas, "buiten de wijken"),
    ):
        if value is not None:
            found.append(next((str(row.name) for row in rows if row.pk == value), nothing))
    if wanted.end:
        found.append(END_WORDS[wanted.end])
    if wanted.step:
        found.append(STEP_WORDS[wanted.step])
    if wanted.longer is not None:
        found.append(f"langer dan {hours_words(wanted.longer)}")
    if wanted.service is not None:
        found += AdviceService.objects.filter(pk=wanted.service).values_list("name", flat=True)
    if wanted.stand:
        found.append({"open": "nog open", "late": "te laat"}[wanted.stand])
    if wanted.body:
        found.append(str(Body(wanted.body).label))
    if wanted.outcome:
        found.append(str(Decision.Outcome(wanted.outcome).label))
    if box is not None:
        found.append("op het gekozen deel van de kaart")
    return found


def _page_of(ids: Column, after: str | None, before: str | None) -> tuple[list[int], int | None, int | None]:
    """One page of ids, the newest case first, with the ids for "older" and "newer"."""
    end = len(ids)
    if after and after.isdecimal() and len(after) < 18:
        end = int(np.searchsorted(ids, int(after)))
    elif before and before.isdecimal() and len(before) < 18:
        end = min(end, int(np.searchsorted(ids, int(before), side="right")) + PAGE)
    shown = ids[max(0, end - PAGE) : end][::-1].tolist()
    return shown, (shown[-1] if end > PAGE else None), (shown[0] if shown and end < len(ids) else None)


@page("insight.view", methods=("GET",))
def behind_page(request: HttpRequest) -> HttpResponse:
    """The cases behind a figure, newest first."""
    chosen, wanted, box = Chosen.read(request.GET), read(request.GET), read_box(request.GET.get("binnen"))
    scope = replace(chosen.scope(actor_of(request)), within=box)
    with columns.reading() as store:
        ids = behind.cases(store, scope, wanted, clock.today())
    shown, older, newer = _page_of(ids, request.GET.get("na"), request.GET.get("voor"))
    rows = list(rows_of(visible(request)).filter(pk__in=shown).order_by("-pk"))
    here = request.GET.copy()
    for name in ("na", "voor"):
        here.pop(name, None)
    request.session["list"] = request.get_full_path()
    context = {
        "heading": HEADINGS[wanted.what],
        "narrowed": in_words(wanted, chosen, box),
        "count": len(ids),
        "rows": describe(rows),
        "left": request.session.get("left_case", ""),
        "older": f"{here.urlencode()}&na={older}" if older else "",
        "newer": f"{here.urlencode()}&voor={newer}" if newer else "",
        "back": f"{reverse('insight')}?{chosen.query()}",
    }
    return render(request, "insight/behind.html", context)
