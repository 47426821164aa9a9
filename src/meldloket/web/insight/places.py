"""The map of the helicopter view: points that cluster, heat and areas, as numbers for js/insight-map.js, and the table that
says the same. What is looked at lives in the address: `soort` (how), `kaart` (which cases)."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse

from meldloket.cases import clock
from meldloket.cases.models import Case
from meldloket.catalogue.current import catalogue
from meldloket.insight import columns, places
from meldloket.insight.chosen import Chosen
from meldloket.insight.models import NONE
from meldloket.insight.places import MOST_ZOOM, WHICH, Cluster, InArea
from meldloket.insight.scope import Box, Scope
from meldloket.people.roles import Actor
from meldloket.web.office.listing import visible
from meldloket.web.pages import actor_of, page

from .behind import NOTHING, link, read_box
from .filters import form
from .tabs import tabs
from .words import day_words, hours_words

#: How the map shows them, and the words of the choice.
KINDS = (("punten", "Punten"), ("warmte", "Warmtekaart"), ("wijken", "Wijken"))
WHICH_WORDS = {"ontvangen": "Ontvangen in de periode", "open": "Nu open", "te-laat": "Nu over tijd"}
MOST_SINGLE = 400  # points that lead to their case; of more, each leads to a list of one


class Unreadable(ValueError):
    """The address asks for a map that can't be made. Its text: Dutch, for a person."""


@dataclass(frozen=True, slots=True)
class View:
    """What of the map is asked for."""

    kind: str
    which: str
    zoom: int
    box: Box

    @classmethod
    def read(cls, query: QueryDict) -> View:
        """From an address. Raises Unreadable."""
        zoom, box = query.get("zoom", ""), read_box(query.get("binnen"))
        kind, which = query.get("soort", ""), query.get("kaart", WHICH[0])
        if kind not in dict(KINDS):
            raise Unreadable("Kies hoe de kaart de meldingen toont: punten, warmte of wijken.")
        if which not in WHICH:
            raise Unreadable("Kies welke meldingen op de kaart staan: ontvangen, open of te-laat.")
        if not (zoom.isascii() and zoom.isdecimal()) or len(zoom) > 2 or int(zoom) > MOST_ZOOM:
            raise Unreadable(f"Het zoomniveau moet een getal van 0 tot {MOST_ZOOM} zijn.")
        if box is None:
            raise Unreadable("Het deel van de kaart moet zuid, west, noord, oost zijn, in graden.")
        return cls(kind, which, int(zoom), box)


@page("insight.view", methods=("GET",))
def data(request: HttpRequest) -> JsonResponse:
    """What is on a part of the map: how many, of how many in all, how many of those without a place, and points, cells or
    areas. 400 with {problem} for what can't be read."""
    try:
        view = View.read(request.GET)
    except Unreadable as problem:
        return JsonResponse({"problem": str(problem)}, status=400)
    chosen, today = Chosen.read(request.GET), clock.today()
    scope = chosen.scope(actor_of(request))
    with columns.reading() as store:
        total, without = places.counted(store, scope, view.which, today)
        found: dict[str, Any] = {"kind": view.kind, "total": total, "without": without}
        if view.kind == "punten":
            rows = places.clusters(store, scope, view.which, today, view.box, view.zoom)
            found |= {"count": sum(row.count for row in rows), "points": _points(rows, request)}
        elif view.kind == "warmte":
            heat = places.heat(store, scope, view.which, today, view.box, view.zoom)
            found |= {"count": sum(count for *_, count in heat.cells), **asdict(heat)}
        else:
            areas = {row.area: row for row in places.areas(store, scope, today)}
            found |= {"count": total - without, "areas": _shapes(areas, chosen, view.which)}
    return JsonResponse(found)


def _points(rows: list[Cluster], request: HttpRequest) -> list[dict[str, Any]]:
    """Clusters, each with its box for the list behind it; a single case with its own page, for whoever may see it."""
    single = [row.case_id for row in rows if row.case_id is not None][:MOST_SINGLE]
    cases = {case.pk: case for case in visible(request).filter(pk__in=single).only("reference", "title")}
    return [
        {
            "count": row.count,
            "open": row.open,
            "late": row.late,
            "place": (row.latitude, row.longitude),
            "box": (row.box.south, row.box.west, row.box.north, row.box.east),
            **_case(cases.get(row.case_id or 0)),
        }
        for row in rows
    ]


def _case(case: Case | None) -> dict[str, str]:
    if case is None:
        return {}
    return {"reference": case.reference, "title": case.title, "url": reverse("case", args=[case.reference])}


def _shapes(found: dict[int, InArea], chosen: Chosen, which: str) -> list[dict[str, Any]]:
    """The areas of the catalogue as GeoJSON geometry, each with its number."""
    shown = []
    for area in catalogue().areas:
        count = _number(found.get(area.pk), which)
        url = link(chosen, which, bij_wijk=area.code)
        shown.append({"name": area.name, "count": count, "geometry": area.geometry, "url": url})
    return shown


def _number(row: InArea | None, which: str) -> int:
    if row is None:
        return 0
    return {"ontvangen": row.received, "open": row.open, "te-laat": row.late}[which]


@dataclass(frozen=True)
class Line:
    """One area in the table: (number, address of the list) per column, and how long cases took."""

    name: str
    numbers: list[tuple[int, str]]
    median: str


def _table(rows: list[InArea], chosen: Chosen) -> list[Line]:
    names = {NONE: (NOTHING, "Buiten de wijken"), **{row.pk: (row.code, row.name) for row in catalogue().areas}}
    lines = []
    for row in sorted(rows, key=lambda row: (row.area == NONE, names.get(row.area, ("", ""))[1])):
        code, name = names.get(row.area, ("", "Onbekende wijk"))
        numbers = [(_number(row, which), link(chosen, which, bij_wijk=code)) for which in WHICH]
        lines.append(Line(name, numbers, hours_words(row.spread.median)))
    return lines


def map_context(query: QueryDict, chosen: Chosen, actor: Actor) -> dict[str, Any]:
    """What templates/insight/fragments/map.html shows, as `map`: what the address chose, the table, and where the script
    finds its numbers. For any page that includes it."""
    kind = query.get("soort") if query.get("soort") in dict(KINDS) else KINDS[0][0]
    which = query.get("kaart") if query.get("kaart") in WHICH else WHICH[0]
    scope, today = chosen.scope(actor), clock.today()
    with columns.reading() as store:
        rows = places.areas(store, scope, today)
    return {
        "kind": kind,
        "which": which,
        "kinds": [(code, words, code == kind) for code, words in KINDS],
        "whiches": [(code, words, code == which) for code, words in WHICH_WORDS.items()],
        "hidden": [(name, value) for name, value in QueryDict(chosen.query()).items()],
        "lines": _table(rows, chosen),
        "url": f"{reverse('insight-places')}?{chosen.query()}",
        "behind": f"{reverse('insight-behind')}?{chosen.query()}",
        "bounds": _bounds(scope),
    }


def _bounds(scope: Scope) -> str:
    """The part of the map to begin with, "south,west,north,east": the chosen area or the municipality's; empty when the
    catalogue has no areas."""
    chosen = [row for row in catalogue().areas if scope.area in (None, row.pk)]
    corners = [corner for row in chosen for corner in _corners(row.geometry["coordinates"])]
    if not corners:
        return ""
    east, north = (max(corner[axis] for corner in corners) for axis in (0, 1))
    west, south = (min(corner[axis] for corner in corners) for axis in (0, 1))
    return f"{south},{west},{north},{east}"


def _corners(coordinates: Any) -> list[tuple[float, float]]:
    """(longitude, latitude) of every corner of a GeoJSON geometry, however deep."""
    if coordinates and isinstance(coordinates[0], (int, float)):
        return [(coordinates[0], coordinates[1])]
    return [corner for part in coordinates for corner in _corners(part)]


@page("insight.view", methods=("GET",))
def map_page(request: HttpRequest) -> HttpResponse:
    """The map on a page of its own, over its full width."""
    chosen, actor = Chosen.read(request.GET), actor_of(request)
    shown = map_context(request.GET, chosen, actor)
    context = {
        "tabs": tabs(actor, "insight-map", chosen.query()),
        "chosen": chosen,
        "since": day_words(chosen.since),
        "until": day_words(chosen.until),
        "map": shown,
        **form(chosen, soort=shown["kind"], kaart=shown["which"]),
    }
    return render(request, "insight/map.html", context)
