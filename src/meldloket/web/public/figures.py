"""Figures for everybody: how many reports, of what, where, and how fast; all of the published open data alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext

from meldloket.catalogue.current import catalogue
from meldloket.catalogue.models import Category, PublicLevel
from meldloket.insight.models import OpenGroup
from meldloket.insight.opendata import reading
from meldloket.insight.opendata.groups import corners
from meldloket.insight.opendata.reading import Tally
from meldloket.people.disclosure import SMALLEST
from meldloket.web.pages import page


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: its name, the figures, and how long its bar is (percent of the longest)."""

    name: str
    tally: Tally
    bar: int
    rest: bool = False


def category_name(category: Category) -> str:
    """The category in the visitor's language."""
    words: dict[str, str] = category.translations.get(get_language() or "nl", {})
    return words.get("name") or category.name


def _rows(tallies: list[tuple[str, Tally, bool]]) -> list[Row]:
    """The most first; what is not told apart last."""
    longest = max((tally.count for _, tally, _ in tallies), default=1)
    ordered = sorted(tallies, key=lambda row: (row[2], -row[1].count, row[0]))
    return [Row(name, tally, max(1, round(100 * tally.count / longest)), rest) for name, tally, rest in ordered]


def _chosen(request: HttpRequest) -> tuple[int | None, str]:
    """Year and category of the address; what is not there is left out."""
    years = {str(year): year for year in reading.years()}
    found = catalogue().category(request.GET.get("soort", ""))
    category = found.code if found and found.public_level != PublicLevel.NOTHING else ""
    return years.get(request.GET.get("jaar", "")), category


def _categories(tallies: dict[tuple[str, str], Tally]) -> list[Row]:
    names = {row.code: category_name(row) for row in catalogue().categories}
    others: dict[str, Tally] = {}
    found: list[tuple[str, Tally, bool]] = []
    for (main, code), tally in tallies.items():
        if code:
            found.append((names.get(code, code), tally, False))
        else:
            others[main] = tally
    for main, tally in others.items():
        words = gettext("%(group)s, niet verder uitgesplitst") % {"group": main} if main else gettext("Alle soorten samen")
        found.append((words, tally, True))
    return _rows(found)


@page("public", methods=("GET",))
def figures_page(request: HttpRequest) -> HttpResponse:
    """The figures of a year and a kind of report, or of all."""
    year, category = _chosen(request)
    found = reading.figures(year, category)
    areas = {row.code: row.name for row in catalogue().areas}
    query = urlencode({name: value for name, value in (("jaar", year), ("soort", category)) if value})
    months = [(since, count) for since, until, count in found.periods if (until - since).days < 31]
    longest = max((count for _, count in months), default=1)
    context: dict[str, Any] = {
        "edition": reading.edition(),
        "year": year,
        "years": reading.years(),
        "category": category,
        "categories": sorted(
            (category_name(row), row.code) for row in catalogue().categories if row.public_level != PublicLevel.NOTHING
        ),
        "total": found.total,
        "kinds": _categories(found.categories),
        "areas": _rows(
            [(areas.get(code, code), tally, False) for code, tally in found.areas.items() if code]
            + [(gettext("Niet volgens wijk uitgesplitst"), tally, True) for code, tally in found.areas.items() if not code]
        ),
        "months": [(since, count, max(1, round(100 * count / longest))) for since, count in months],
        "waiting": sum(count for _, _, count in found.periods) - sum(count for _, count in months),
        "points_url": f"{reverse('public-figures-map')}?{query}" if reading.has_spots(year, category) else "",
        "smallest": SMALLEST,
    }
    return render(request, "public/figures.html", context)


@page("public", methods=("GET",))
def figures_map(request: HttpRequest) -> JsonResponse:
    """The squares of the map as GeoJSON, with how many reports lie in each."""
    features = []
    for spot in reading.spots(*_chosen(request)):
        south, west, north, east = (round(edge, 6) for edge in corners(spot.x, spot.y, spot.place))
        ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
        size = 250 if spot.place == OpenGroup.Place.SQUARE else 1000
        features.append(
            {
                "type": "Feature",
                "geometry": {"type": "Polygon", "coordinates": [ring]},
                "properties": {"count": spot.count, "metres": size},
            }
        )
    answer = JsonResponse({"type": "FeatureCollection", "features": features})
    answer["Cache-Control"] = "public, max-age=3600"
    return answer


@page("public", methods=("GET",))
def open_data(request: HttpRequest) -> HttpResponse:
    """What the open data are, how they are protected, and where they are."""
    context = {"edition": reading.edition(), "licence": settings.OPEN_DATA_LICENCE, "smallest": SMALLEST}
    return render(request, "public/open_data.html", context)
