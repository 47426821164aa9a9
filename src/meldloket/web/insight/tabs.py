"""The tabs of the insight pages, each for whoever may open it."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from meldloket.people.permissions import allows
from meldloket.people.roles import Actor

#: Label, address name, permission. A tab whose address does not exist is a mistake that every page would show.
TABS = (
    ("Overzicht", "insight", "insight.view"),
    ("Kaart", "insight-map", "insight.view"),
    ("Beleid", "insight-policy", "insight.view"),
    ("Jaarverslag", "insight-year", "insight.view"),
    ("Meenemen", "insight-export", "insight.export"),
)


def tabs(actor: Actor, current: str, query: str = "") -> list[dict[str, Any]]:
    """The tabs for this person, with the filters of the page taken along; `current`: an address name."""
    return [
        {"label": label, "url": f"{reverse(name)}?{query}" if query else reverse(name), "current": name == current}
        for label, name, permission in TABS
        if allows(actor, permission)
    ]
