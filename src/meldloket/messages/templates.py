"""The words of messages: defaults in four languages, and what an administrator made of them. A placeholder that is not
filled blocks sending (wishes.md)."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from .models import MessageTemplate

DEFAULTS = Path(__file__).parent / "data" / "templates.json"
SECONDS = 30.0
_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
_BRACKETS = re.compile(r"\[[^\[\]\n]{3,60}\]")

#: What each placeholder looks like, for the editor's preview; also the list of those that exist.
SAMPLE = {
    "referentie": "MLD-2026-000123",
    "titel": "Schade aan de rijweg, Kerkstraat",
    "categorie": "Schade aan de rijweg",
    "dienst": "Openbare werken",
    "plaats": "Kerkstraat 12",
    "streefdatum": "30 november 2026",
    "link": "https://meldingen.example/mijn/MLD-2026-000123/",
    "gemeente": "Lindekerke",
    "telefoon": "09 000 00 00",
    "antwoorddatum": "7 december 2026",
    "tot": "14 december 2026",
    "uitkomst": "uitgevoerd",
    "uitleg": "Het werk is uitgevoerd.",
    "tekst": "Hier staat de tekst van de behandelaar.",
    "vraag": "Hoe diep is de put ongeveer?",
    "code": "123456",
}


class MissingPlaceholder(Exception):
    """A text still holds something that must be filled in. `names`: as they stand in the text."""

    def __init__(self, names: list[str]) -> None:
        super().__init__(", ".join(names))
        self.names = names


class TemplateProblem(Exception):
    """A template can't be kept. `reasons`: Dutch sentences."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


@dataclass(frozen=True)
class Words:
    """Subject (e-mail only) and body of a message."""

    subject: str
    body: str


_cache: tuple[float, dict[tuple[str, str, str, int | None], Words]] | None = None


def text_for(event: str, channel: str, language: str, category_id: int | None) -> Words:
    """The words for an event: the category's own, else the general ones; in the language, else in Dutch."""
    kept = _kept()
    for code in (language, "nl"):
        for category in (category_id, None):
            if (words := kept.get((event, channel, code, category))) is not None:
                return words
    raise LookupError(f"no template for {event} {channel}")


def _kept() -> dict[tuple[str, str, str, int | None], Words]:
    global _cache
    if _cache is None or monotonic() - _cache[0] > SECONDS:
        rows: dict[tuple[str, str, str, int | None], Words] = {
            (row["event"], row["channel"], language, None): Words(row.get("subject", ""), row["body"])
            for row, language in _defaults()
        }
        for found in MessageTemplate.objects.filter(active=True):
            rows[(found.event, found.channel, found.language, found.category_id)] = Words(found.subject, found.body)
        _cache = (monotonic(), rows)
    return _cache[1]


def forget() -> None:
    """Reads anew at the next use."""
    global _cache
    _cache = None


def _defaults() -> list[tuple[dict[str, str], str]]:
    """All default templates with their language."""
    found = json.loads(DEFAULTS.read_text(encoding="utf-8"))
    return [
        ({"event": event, "channel": channel, **words}, language)
        for event, channels in found.items()
        for channel, languages in channels.items()
        for language, words in languages.items()
    ]


def load_default_templates() -> int:
    """Puts the defaults where an administrator can edit them; what exists stays. Gives how many were new."""
    existing = set(MessageTemplate.objects.filter(category=None).values_list("event", "channel", "language"))
    rows = [
        MessageTemplate(
            event=row["event"], channel=row["channel"], language=language, subject=row.get("subject", ""), body=row["body"]
        )
        for row, language in _defaults()
        if (row["event"], row["channel"], language) not in existing
    ]
    MessageTemplate.objects.bulk_create(rows)
    forget()
    return len(rows)


def names_in(text: str) -> set[str]:
    """The placeholders in a text."""
    return set(_PLACEHOLDER.findall(text))


def fill(text: str, values: dict[str, str], *, strict: bool = True) -> str:
    """The text with its placeholders filled. `strict`: raises MissingPlaceholder for an unknown or empty one, and for what
    stands between square brackets ("[vul in]"), as standard texts have it."""
    if strict:
        missing = [f"{{{name}}}" for name in sorted(names_in(text)) if not values.get(name)]
        missing += _BRACKETS.findall(text) if "[vul in" in text else []
        if missing:
            raise MissingPlaceholder(missing)
    return _PLACEHOLDER.sub(lambda match: values.get(match[1]) or match[0], text)


def check_template(event: str, channel: str, subject: str, body: str) -> None:
    """Raises TemplateProblem when the words can't be used."""
    reasons = []
    if channel == "email" and "{referentie}" not in subject:
        reasons.append("Zet {referentie} in het onderwerp: elk bericht moet terug te vinden zijn.")
    if "\n" in subject:
        reasons.append("Het onderwerp past op één regel.")
    unknown = sorted(names_in(subject + body) - set(SAMPLE))
    if unknown:
        reasons.append(f"Onbekend: {', '.join(f'{{{name}}}' for name in unknown)}. Kies uit {', '.join(sorted(SAMPLE))}.")
    if reasons:
        raise TemplateProblem(reasons)
