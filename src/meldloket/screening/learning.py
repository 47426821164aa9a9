"""Learning from what handlers correct: every changed category is an example for the model (wishes.md: a classifier that
learns from corrections)."""

from __future__ import annotations

from meldloket.cases.lifecycle import EventKind
from meldloket.cases.models import Case, CaseEvent
from meldloket.catalogue.current import catalogue

from .engine import get_screener
from .models import Correction
from .phrases import catalogue_rows


def learn_from(event: CaseEvent, case: Case) -> None:
    """Listens to the core, inside the command's transaction."""
    if event.kind == EventKind.CATEGORY_CHANGED:
        Correction.objects.create(
            case=case,
            text=case.summary,
            proposed=event.data.get("from", ""),
            category=event.data["to"],
            at=event.at,
        )


def examples() -> list[tuple[str, str]]:
    """What there is to learn beside our own phrases, as (text, category code): the names and descriptions of categories
    that this municipality added, then all corrections, oldest first."""
    shipped = catalogue_rows()
    added = [row for row in catalogue().active_categories if row.code not in shipped]
    texts = [(text, row.code) for row in added for text in (row.name, row.description) if text]
    return texts + list(Correction.objects.order_by("pk").values_list("text", "category"))


def relearn() -> bool:
    """Brings the model up to date, for every process (B1.5). Nothing happens when there is nothing new; True otherwise."""
    screener = get_screener()
    before = screener.model.facts["made_of"]
    return bool(screener.learn(examples()).facts["made_of"] != before)
