"""Learning from what handlers correct: every changed category is an example for the model (wishes.md: a classifier that
learns from corrections)."""

from __future__ import annotations

from meldloket.cases.lifecycle import EventKind
from meldloket.cases.models import Case, CaseEvent

from .models import Correction


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
    """All corrections as (text, category code), oldest first."""
    return list(Correction.objects.order_by("pk").values_list("text", "category"))
