"""Filters that choose a sign for a word: categories and statuses are configuration or data, their icons are design."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from django import template
from django.utils.translation import get_language

from meldloket import catalogue
from meldloket.web.insight.charts import in_figures

register = template.Library()

#: Words in the name of a main category, in any of the four languages, and the icon that goes with them; the first wins.
CATEGORY_ICONS: tuple[tuple[tuple[str, ...], str], ...] = (
    (("afval", "netheid", "waste", "déchet", "abfall", "propreté"), "bin"),
    (("verlicht", "light", "éclairage", "beleucht"), "lamp"),
    (("water", "riool", "riolering", "eau", "wasser", "sewer", "égout"), "water"),
    (("groen", "green", "vert", "grün", "natuur"), "tree"),
    (("overlast", "nuisance", "nuisances", "belästig", "geluid"), "noise"),
    (("verkeer", "parkeren", "traffic", "parking", "circulation", "verkehr", "mobili"), "traffic"),
    (("wegen", "voetpad", "road", "voirie", "straße", "strasse"), "road"),
    (("wonen", "bouwen", "housing", "logement", "wohn", "bauen"), "house"),
    (("voorziening", "facilit", "équipement", "einrichtung", "meubilair"), "bench"),
    (("veilig", "safety", "sécurité", "sicherheit", "brand"), "fire"),
    (("klacht", "complaint", "plainte", "beschwerde"), "advice"),
)

#: Status of a case: tone and icon. Colour is never the only sign.
STATUS_SIGNS: dict[str, tuple[str, str]] = {
    "submitted": ("info", "inbox"),
    "screening": ("info", "search"),
    "inadmissible": ("neutral", "close"),
    "admissible": ("success", "check"),
    "in_assessment": ("info", "edit"),
    "in_advice": ("info", "advice"),
    "actions_proposed": ("info", "task"),
    "awaiting_decision": ("warning", "decision"),
    "approved": ("success", "check"),
    "rejected": ("neutral", "close"),
    "in_execution": ("info", "settings"),
    "handled": ("success", "check-circle"),
    "evaluated": ("success", "check-circle"),
    "withdrawn": ("neutral", "undo"),
    "referred": ("neutral", "arrow-right"),
}


@cache
def _names() -> dict[str, dict[str, str]]:
    """Name of the default catalogue → language → its translation."""
    source = Path(catalogue.__file__).parent / "data" / "translations.json"
    kept = json.loads(source.read_text(encoding="utf-8"))
    return {name: dict(zip(kept["languages"], words, strict=True)) for name, words in kept["names"].items()}


@register.filter
def in_language(name: object) -> str:
    """A category's or main category's name in the language of the page. A name that a municipality made itself stays as
    it is."""
    return _names().get(str(name or ""), {}).get(get_language() or "nl", str(name or ""))


CHANNEL_NAMES = {"email": "E-mail", "sms": "Sms", "dosis": "DOSIS", "mbp": "Mijn Burgerprofiel"}


@register.filter
def channel_name(channel: object) -> str:
    """How the office calls a channel of messages."""
    return CHANNEL_NAMES.get(str(channel), str(channel))


@register.filter
def category_icon(name: object) -> str:
    """Main category's name (any language) → name of an icon in the sprite; `dots` for what is not known."""
    words = str(name or "").lower()
    return next((icon for known, icon in CATEGORY_ICONS if any(word in words for word in known)), "dots")


@register.filter
def status_tone(code: object) -> str:
    """Status of a case → tone: neutral, info, success or warning."""
    return STATUS_SIGNS.get(str(code), ("neutral", "dots"))[0]


@register.filter
def status_icon(code: object) -> str:
    """Status of a case → name of an icon in the sprite."""
    return STATUS_SIGNS.get(str(code), ("neutral", "dots"))[1]


#: Tone of a task's state.
TASK_TONES = {
    "waiting": "neutral",
    "open": "info",
    "in_progress": "info",
    "blocked": "warning",
    "referred": "neutral",
    "done": "success",
    "cancelled": "neutral",
}


@register.filter
def task_tone(state: object) -> str:
    """State of a task → tone of its label."""
    return TASK_TONES.get(str(state), "neutral")


#: What an entry of a task says, in Dutch.
TASK_ENTRIES = {
    "started": "Begonnen",
    "blocked": "Geblokkeerd",
    "resumed": "Kan weer verder",
    "done": "Klaar",
    "note": "Nota",
    "assigned": "Verdeeld",
    "planned": "Gemaakt",
    "referred": "Doorgegeven",
    "told": "Antwoord van ander systeem",
    "cancelled": "Geannuleerd",
}


@register.filter
def task_entry(kind: object) -> str:
    """Kind of an entry → its Dutch words."""
    return TASK_ENTRIES.get(str(kind), str(kind))


@register.filter
def signatory_role(role: object) -> str:
    """Role of a signatory → its Dutch words."""
    return {"alderman": "schepen", "general_director": "algemeen directeur"}.get(str(role), "geen bevoegde ondertekenaar")


@register.filter
def hours(minutes: int) -> str:
    """Minutes → hours in Belgian notation: 90 → 1,5."""
    return f"{(minutes or 0) / 60:.1f}".replace(".", ",").removesuffix(",0")


@register.filter
def figures(number: float | None) -> str:
    """A number in Belgian notation: 12345.5 → 12.345,5; None → –."""
    return in_figures(number)
