"""Screening a new report and routing it, before the transaction that registers it (B1.5, B1.6)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from meldloket.cases import clock
from meldloket.cases.models import Case
from meldloket.catalogue.current import catalogue
from meldloket.catalogue.models import Category

from .engine import get_screener
from .models import ScreeningResult
from .routing import Route, route


@dataclass(frozen=True)
class Screened:
    """What the screening makes of a text: the category to start with, the route, and every proposal with its reasons."""

    category: Category | None
    route: Route
    urgency: str
    is_complaint: bool
    proposals: dict[str, Any]


def screen_report(text: str, *, chosen_category: str = "", area_id: int | None = None) -> Screened:
    """Proposals for a report's text. `chosen_category`: the code that the citizen or the desk chose, which wins; empty
    leaves it to the model, which may also be too unsure to choose any."""
    known = catalogue()
    codes = {category.code for category in known.active_categories}
    found = get_screener().screen(
        text, chosen_category=chosen_category if chosen_category in codes else None, allowed_categories=codes
    )
    proposals = found.as_dict()
    category = known.category(chosen_category) if chosen_category in codes else None
    if category is None and proposals["categories"] and not proposals["not_sure"]:
        category = known.category(proposals["categories"][0]["code"])
    complaint = bool(proposals["complaint"])
    way = route(text, category=category, area_id=area_id, complaint=complaint)
    return Screened(category, way, proposals["urgency"]["level"], complaint, {**proposals, "route": way.as_dict()})


def keep(case: Case, screened: Screened) -> ScreeningResult:
    """Keeps the proposals with the case, in the transaction that registers it."""
    return ScreeningResult.objects.create(case=case, proposals=screened.proposals, made_at=clock.now())
