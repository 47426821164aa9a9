"""The policy page: periods and areas compared, the season, places again and again, unusual rises, and what goes together;
each with what the figures do not say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from meldloket.cases import clock
from meldloket.catalogue.current import catalogue
from meldloket.insight import columns, comparing, hotspots, reporters, seasons, together
from meldloket.insight.chosen import Chosen
from meldloket.insight.comparing import Row
from meldloket.insight.hotspots import Spot
from meldloket.insight.models import Rise
from meldloket.insight.scope import Scope
from meldloket.insight.seasons import Season
from meldloket.insight.together import Together
from meldloket.web.pages import actor_of, page

from . import policy_tables as tables
from .against import Against, during
from .drawings import Names
from .filters import form
from .tabs import tabs
from .words import day_words

RISES_SHOWN = timedelta(days=90)


@dataclass(frozen=True)
class Policy:
    """All figures of the page; per category and area also how many groups were too small to list. `possible`: whether there
    is something to compare with."""

    possible: bool
    total: Row
    categories: tuple[list[Row], int]
    areas: tuple[list[Row], int]
    season: Season
    spots: list[Spot]
    pairs: Together


def read_policy(scope: Scope, other: Scope) -> Policy:
    """The figures of a scope, compared with another, from the columns."""
    today = clock.today()
    with columns.reading() as store:
        both = comparing.Compared(store, scope, other, today)
        return Policy(
            possible=both.possible and both.before.received.size > 0,
            total=both.in_all(),
            categories=both.per("category"),
            areas=both.per("area"),
            season=seasons.season(store, scope, today),
            spots=hotspots.spots(store, scope),
            pairs=together.together(store, scope, today, both.evaluated),
        )


@page("insight.view", methods=("GET",))
def policy_page(request: HttpRequest) -> HttpResponse:
    """What the filters of the address and the period to compare with lead to."""
    chosen, against, actor = Chosen.read(request.GET), Against.read(request.GET), actor_of(request)
    scope = chosen.scope(actor)
    other_scope = against.scope(scope)
    other = during(chosen, other_scope)
    found, names = read_policy(scope, other_scope), Names.of(catalogue())
    people = reporters.per_area(scope) if _countable(found) else {}
    areas = tables.groups(found.areas[0], names.areas, "bij_wijk", (chosen, other), people)
    categories = tables.groups(found.categories[0], names.categories, "bij_categorie", (chosen, other), {})
    context: dict[str, Any] = {
        "tabs": tabs(actor, "insight-policy", chosen.query()),
        "chosen": chosen,
        "against": against,
        **form(chosen, **against.query),
        "also": "insight/fragments/against.html",
        "carried": {},  # fields of its own show what it is compared with
        "now_words": f"{day_words(chosen.since)} tot en met {day_words(chosen.until)}",
        "other_words": f"{day_words(other.since)} tot en met {day_words(other.until)}",
        "possible": found.possible,
        "measures": tables.measures(found.total, chosen, other),
        "categories": categories,
        "categories_left_out": found.categories[1],
        "compared": tables.compared_chart(categories),
        "areas": sorted(areas, key=lambda row: row.name.casefold()),  # by name: no ranking of areas
        "areas_left_out": found.areas[1],
        "season": tables.season_charts(found.season),
        "spots": tables.spot_rows(found.spots, chosen, names),
        "least_reports": hotspots.LEAST_REPORTS,
        "least_weeks": hotspots.LEAST_WEEKS,
        "pairs": tables.pair_rows(found.pairs.pairs, names),
        "looked": found.pairs.looked,
        "rises": tables.rise_rows(_rises(scope)),
    }
    return render(request, "insight/policy.html", context)


def _countable(found: Policy) -> bool:
    return 0 < found.total.now.received <= reporters.MOST_REPORTS


def _rises(scope: Scope) -> list[Rise]:
    """The rises of the last months in the categories of the scope."""
    rows = Rise.objects.filter(until__gte=clock.today() - RISES_SHOWN).order_by("-until")
    if scope.categories is not None:
        rows = rows.filter(category_id__in=scope.categories)
    return list(rows[:20])
