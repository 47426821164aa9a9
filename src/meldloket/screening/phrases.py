"""The texts that the screening starts from, before any handler corrected anything: phrases of our own per category and per
reason, in the way people write. A town adds its own through the handlers' corrections, not here."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
CATALOGUE = HERE.parent / "catalogue" / "data" / "categories.csv"
LANGUAGES = ("nl", "fr", "en", "de")
WORDS = "words"


@dataclass(frozen=True)
class Phrase:
    """One text of the screening's own. `label`: category code or reason; `language`: nl, fr, en, de, or `words` for a
    single word or name, in any of them."""

    text: str
    label: str
    language: str


@dataclass(frozen=True)
class CatalogueRow:
    """What the screening needs of a category of the default catalogue."""

    code: str
    name: str
    description: str
    department: str


@cache
def catalogue_rows() -> dict[str, CatalogueRow]:
    """The default catalogue by code. A town's own catalogue lives in the database; see `Screener.learn`."""
    with CATALOGUE.open(encoding="utf-8", newline="") as stream:
        return {
            row["code"]: CatalogueRow(row["code"], row["name"], row["description"], row["department"])
            for row in csv.DictReader(stream)
        }


@cache
def word_list(name: str) -> frozenset[str]:
    """A section of data/wordlists.txt: folded words that mean little by themselves."""
    sections = (HERE / "data" / "wordlists.txt").read_text(encoding="utf-8").split("[")
    found = {head: body for head, _, body in (section.partition("]") for section in sections)}
    return frozenset(found[name].split())


@cache
def read_folder(name: str) -> tuple[Phrase, ...]:
    """All phrases of `phrases` or `reasons`: a file per label, a section per language, a line per phrase; the section
    `words` is separated by commas."""
    found: list[Phrase] = []
    for path in sorted((HERE / "data" / name).glob("*.txt")):
        section = ""
        for line in path.read_text(encoding="utf-8").splitlines():
            line = line.strip()
            if line.startswith("[") and line.endswith("]"):
                section = line[1:-1]
            elif line:
                parts = [part.strip() for part in line.split(",")] if section == WORDS else [line]
                found.extend(Phrase(part, path.stem, section) for part in parts if part)
    return tuple(found)


def phrases_by_category(language: str = "nl") -> dict[str, list[str]]:
    """Whole phrases of one language by category code; the demonstration's reports are made of them."""
    result: dict[str, list[str]] = {}
    for phrase in read_folder("phrases"):
        if phrase.language == language:
            result.setdefault(phrase.label, []).append(phrase.text)
    return result
