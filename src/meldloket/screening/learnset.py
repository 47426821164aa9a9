"""What the model learns from: our own phrases, the catalogue's names and descriptions, and what handlers corrected."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from .model import Example
from .phrases import WORDS, catalogue_rows, read_folder

ADMISSIBLE = "admissible"
SINGLE_WORD = 0.5  # weight of a single word against a phrase
OTHER_LANGUAGE = 1.5
REASON = 3.0  # there are far fewer phrases of reasons than of categories
CORRECTION = 2.0
MOST_CORRECTIONS = 4_000  # the newest: the fit's time grows with the third power


def own_examples() -> list[Example]:
    """The examples that every installation starts with; always the same, in the same order."""
    result = [
        Example(
            phrase.text,
            category=phrase.label,
            reason=ADMISSIBLE,
            language="" if phrase.language == WORDS else phrase.language,
            weight=SINGLE_WORD if phrase.language == WORDS else 1.0 if phrase.language == "nl" else OTHER_LANGUAGE,
        )
        for phrase in read_folder("phrases")
    ]
    for row in catalogue_rows().values():
        result.append(Example(row.name, row.code, ADMISSIBLE, "nl"))
        result.append(Example(row.description, row.code, ADMISSIBLE, "nl"))
    result.extend(
        Example(phrase.text, reason=phrase.label, language=phrase.language, weight=REASON)
        for phrase in read_folder("reasons")
    )
    return result


def corrections(pairs: Iterable[tuple[str, str]]) -> list[Example]:
    """Handlers' corrections as examples: (text, category code), oldest first; the newest MOST_CORRECTIONS count."""
    newest: Sequence[tuple[str, str]] = list(pairs)[-MOST_CORRECTIONS:]
    return [
        Example(text, category=category, reason=ADMISSIBLE, weight=CORRECTION, own=False)
        for text, category in newest
        if text.strip() and category
    ]
