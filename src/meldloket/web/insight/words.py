"""The words of the insight pages: steps, ends, days and durations in plain Dutch."""

from __future__ import annotations

from datetime import date

from django.utils.formats import date_format

from meldloket.cases.lifecycle import Outcome
from meldloket.insight.satisfaction import Satisfaction

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
    "referred": "Doorverwezen",
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


def evaluated_words(told: Satisfaction) -> str:
    """Over which months the evaluations are counted; empty when none are."""
    if told.since is None or told.until is None:
        return ""
    since, until = date_format(told.since, "F Y"), date_format(told.until, "F Y")
    return f"evaluaties van {since}" if since == until else f"evaluaties van {since} tot en met {until}"
