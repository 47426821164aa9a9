"""What every page knows: the municipality, who is logged in, the office's places."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from meldloket.catalogue.current import catalogue
from meldloket.people.models import Account
from meldloket.people.permissions import allows

from .pages import account_of
from .sessions import idle_seconds

#: The office's places: label, address name, icon, permission. Later steps add theirs.
PLACES = (
    ("Mijn werk", "office-home", "home", "case.view"),
    ("Meldingen", "case-list", "list", "case.view"),
    ("Adviesvragen", "advice-list", "advice", "advice.answer"),
    ("Taken", "task-list", "task", "task.view"),
    ("Besluiten", "secretariat", "decision", "decision.follow"),
    ("Inzicht", "insight", "chart", "insight.view"),
    ("Evaluaties", "evaluations", "check-circle", "evaluation.open"),
    ("Melding registreren", "desk-start", "phone", "desk.register"),
    ("Berichten", "deliveries", "mail", "delivery.view"),
    ("Beheer", "manage", "settings", "catalogue.edit"),
    ("Inzagelog", "access-log", "shield", "access_log.view"),
)


def shared(request: HttpRequest) -> dict[str, Any]:
    """Context of every template."""
    account = account_of(request)
    context: dict[str, Any] = {
        "municipality": catalogue().municipality,
        "account": account,
        "session_seconds": idle_seconds(account) if account else 0,
        "map_tiles": settings.MAP_TILES_URL,
        "map_attribution": settings.MAP_ATTRIBUTION,
    }
    if account is not None and account.is_staff_account:
        context["rail"] = rail(account, request.path)
        context["may_search"] = allows(account.actor, "case.view")
    return context


def rail(account: Account, path: str) -> list[dict[str, Any]]:
    """The places that this person may go to, the current one marked."""
    places = []
    for label, name, icon, permission in PLACES:
        if allows(account.actor, permission):
            url = reverse(name)
            current = path == url if name == "office-home" else path.startswith(url)
            places.append({"label": label, "url": url, "icon": icon, "current": current})
    return places
