"""The form of the filters on the insight pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from meldloket.insight.chosen import NAMES, PERIODS, Chosen, known_values

__all__ = ["NAMES", "PERIODS", "Chosen", "Select", "selects"]


@dataclass(frozen=True, slots=True)
class Select:
    """One choice of the form: its name in the address, its label, and (value, words, chosen) per option."""

    name: str
    label: str
    options: list[tuple[str, str, bool]]


LABELS = {
    "categorie": "Categorie", "hoofdcategorie": "Hoofdcategorie", "dienst": "Dienst", "wijk": "Wijk", "kanaal": "Kanaal",
}  # fmt: skip


def selects(chosen: Chosen, *names: str) -> list[Select]:
    """The choices of the form; `names`: which, else all."""
    known = known_values()
    return [
        Select(
            name,
            LABELS[name],
            [("", "Alle", False), *((code, words, chosen.values.get(name) == code) for code, words in known[name].items())],
        )
        for name in names or NAMES
    ]


def form(chosen: Chosen, **carried: object) -> dict[str, Any]:
    """What templates/insight/fragments/filters.html shows. `carried`: what else stands in the address and stays there."""
    return {
        "selects": selects(chosen),
        "periods": [
            {
                "label": words,
                "url": f"?{chosen.query(periode=code, van=None, tot=None, **carried)}",
                "current": code == chosen.period,
            }
            for code, words in PERIODS
        ],
        "chips": [
            {"label": words, "remove": f"?{chosen.query(**{name: None}, **carried)}"} for name, words in chosen.in_words()
        ],
        "carried": carried,
    }
