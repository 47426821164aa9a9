"""The steps of the form: order, names in the address, and which come next (B1.3, B1.4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from meldloket.catalogue.current import catalogue
from meldloket.intake.models import Draft


@dataclass(frozen=True)
class Step:
    """`key` stands in the draft, `slug` in the address, `name` on the progress line."""

    key: str
    slug: str
    name: Any


STEPS = (
    Step("what", "wat", _("Wat")),
    Step("where", "waar", _("Waar")),
    Step("when", "wanneer", _("Wanneer")),
    Step("files", "fotos", _("Foto’s")),
    Step("questions", "vragen", _("Vragen")),
    Step("me", "gegevens", _("Uw gegevens")),
    Step("contact", "bereikbaar", _("Bereikbaar")),
    Step("review", "nakijken", _("Nakijken")),
)
BY_SLUG = {step.slug: step for step in STEPS}
BY_KEY = {step.key: step for step in STEPS}


def steps_of(draft: Draft) -> list[Step]:
    """The steps of this draft: without questions when its category asks none."""
    return [step for step in STEPS if step.key != "questions" or questions_of(draft)]


def questions_of(draft: Draft) -> tuple[Any, ...]:
    """The category's questions, none while no category is chosen."""
    known = catalogue()
    category = known.category(draft.data.get("what", {}).get("category", ""))
    return known.questions.get(category.pk, ()) if category else ()


def after(draft: Draft, step: Step) -> Step:
    """The step that follows."""
    steps = steps_of(draft)
    return steps[min(steps.index(step) + 1, len(steps) - 1)] if step in steps else STEPS[-1]


def before(draft: Draft, step: Step) -> Step | None:
    """The step before; None for the first."""
    steps = steps_of(draft)
    place = steps.index(step) if step in steps else 0
    return steps[place - 1] if place else None


def progress(draft: Draft, current: Step) -> list[dict[str, Any]]:
    """For the progress line: every step with its state (done, current, todo) and whether it can be opened."""
    rows, seen = [], False
    for step in steps_of(draft):
        here = step.key == current.key
        done = bool(draft.data.get(step.key)) and not here
        seen = seen or here
        rows.append(
            {
                "slug": step.slug,
                "name": step.name,
                "state": "current" if here else "done" if done else "todo",
                "open": done or here,
            }
        )
    return rows
