"""The words of the insight pages: steps, ends, days and durations in plain Dutch."""

from __future__ import annotations

from datetime import date

from django.utils.formats import date_format

from meldloket.cases.lifecycle import Outcome
from meldloket.insight.satisfaction import Satisfaction

from .charts import in_figures

STEP_WORDS = {
    "screening": "Nagaan of ze ontvankelijk is",
    "assessment": "Beoordelen",
    "advice": "Advies",
    "decision": "Beslissing van het bestuur",
    "execution": "Uitvoeren",
    "whole": "Van melding tot afhandeling",
}

END_WORDS: dict[str, str] = {
    "open": "Nog open",
    **{str(value): str(words) for value, words in Outcome.choices},
    "handled": "Afgehandeld",
    "inadmissible": "Niet ontvankelijk",
    "referred": "Doorgegeven",
    "withdrawn": "Ingetrokken",
}


def day_words(day: date) -> str:
    """A day as the office writes it: 3 december 2026."""
    return date_format(day, "j F Y")


def hours_words(hours: int | None) -> str:
    """A duration: under two days in hours, else in days with one decimal at most: 5 → 5 uur, 60 → 2,5 dagen."""
    if hours is None:
        return "–"
    if hours < 48:
        return f"{hours} uur"
    return f"{hours / 24:.1f}".replace(".", ",").removesuffix(",0") + " dagen"


def so_many(count: int, one: str, many: str) -> str:
    """A number with its noun: 1 → 1 melding, 1200 → 1.200 meldingen."""
    return f"{in_figures(count)} {one if count == 1 else many}"


def reports_words(count: int) -> str:
    """So many reports."""
    return so_many(count, "melding", "meldingen")


def percent_words(share: float | None) -> str:
    """A percentage without decimals."""
    return "–" if share is None else f"{round(share)}\u00a0%"


def score_words(mean: float | None) -> str:
    """A score of 1 to 5."""
    return "–" if mean is None else f"{mean:.1f} op 5".replace(".", ",")


def signed(number: float, words: str = "") -> str:
    """A change with its sign: 3.2 → +3, -1.4 → −1, 0.2 → 0; `words` come after it."""
    whole = round(number)
    sign = "+" if whole > 0 else "−" if whole else ""
    return f"{sign}{abs(whole)}{words}"


def points_words(difference: float) -> str:
    """A difference of two percentages."""
    return signed(difference, " punt" if abs(round(difference)) == 1 else " punten")


def evaluated_words(told: Satisfaction) -> str:
    """Over which months the evaluations are counted; empty when none are."""
    if told.since is None or told.until is None:
        return ""
    since, until = date_format(told.since, "F Y"), date_format(told.until, "F Y")
    return f"evaluaties van {since}" if since == until else f"evaluaties van {since} tot en met {until}"
