"""What chapters of the yearly report are made of, and the words that they share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.safestring import SafeString

from meldloket.insight.yearly import Folded, Year

from .words import day_words

FEW = "minder dan 5"
MONTH_NAMES = (
    "januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november",
    "december",
)  # fmt: skip


@dataclass(frozen=True)
class Table:
    """Rows of words under their headings, with a drawing of the same; the first `words` columns are text, the others
    numbers."""

    caption: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    drawing: SafeString | str = ""
    words: int = 1

    @property
    def is_short(self) -> bool:
        """Whether it stays on one page."""
        return len(self.rows) <= 13

    @property
    def cells(self) -> list[list[tuple[str, bool]]]:
        """Per row (words, whether it is a number)."""
        return [[(word, at >= self.words) for at, word in enumerate(row)] for row in self.rows]

    @property
    def heads(self) -> list[tuple[str, bool]]:
        """Headings in the same way."""
        return [(word, at >= self.words) for at, word in enumerate(self.head)]


@dataclass(frozen=True)
class Section:
    """One chapter."""

    key: str
    title: str
    texts: list[str]
    tables: list[Table] = field(default_factory=list)


def enumerated(words: Sequence[str]) -> str:
    """A list in a sentence: a, b en c."""
    return " en ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def period_words(year: Year) -> str:
    """The year in a sentence: "in 2025", or how far it is."""
    return f"in {year.year}" if year.over else f"in {year.year}, tot en met {day_words(year.until)},"


def before_words(year: Year) -> str:
    """The year that is compared with."""
    return f"in {year.year - 1}" if year.over else f"in dezelfde dagen van {year.year - 1}"


def change_words(now: int, before: int) -> str:
    """How much more or less: "12 % meer dan", "evenveel als"."""
    share = round(100 * (now - before) / before)
    if share == 0:
        return "ongeveer evenveel als"
    return f"{abs(share)} % {'meer' if share > 0 else 'minder'} dan"


def named(rows: Folded, words: Mapping[Any, str], others: str) -> list[tuple[str, int]]:
    """Groups with their names, the small ones together at the end."""
    found = [(words.get(key, "?"), count) for key, count in rows.shown]
    return [*found, (others, rows.others)] if rows.others else found
