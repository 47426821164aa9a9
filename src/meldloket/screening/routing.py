"""To whom a report goes: a department by rule or category, then the competent handler with the least open work; nobody
free means the department's queue (B1.6). Every answer says why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.db.models.functions import Coalesce

from meldloket.cases import clock
from meldloket.cases.commands import open_work
from meldloket.catalogue.current import Catalogue, catalogue
from meldloket.catalogue.models import Category, Department
from meldloket.people.models import Account
from meldloket.people.roles import Role

from .models import RoutingRule


@dataclass(frozen=True)
class Route:
    """Where a report goes. `why`: Dutch sentences, in order, for the case page and the test screen."""

    department: Department | None
    handler_id: int | None
    handler_name: str
    rule: str
    why: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        return {
            "department": self.department.code if self.department else "",
            "department_name": self.department.name if self.department else "",
            "handler": self.handler_name,
            "rule": self.rule,
            "why": list(self.why),
        }


def route(text: str, *, category: Category | None, area_id: int | None, complaint: bool = False) -> Route:
    """Department and handler for a report. `area_id`: the catalogue's area of its place, None when unknown."""
    known = catalogue()
    if complaint:
        queue = next((row for row in known.departments if row.handles_complaints and row.active), None)
        if queue is not None:
            return _to_handler(queue, "klacht", ("De screening herkent een klacht over de gemeente.",))
    for rule in _rules(known):
        if _fits(rule, text, category, area_id):
            why = (f"Regel “{rule.name}” past bij deze melding.",)
            handler = Account.objects.filter(pk=rule.handler_id).first() if rule.handler_id else None
            if handler is not None and _available(handler):
                return Route(rule.department, handler.pk, handler.full_name, rule.name, why)
            return _to_handler(rule.department, rule.name, why)
    if category is not None:
        return _to_handler(
            category.department, "categorie", (f"Categorie “{category.name}” hoort bij {category.department.name}.",)
        )
    active = [row for row in known.departments if row.active]
    fallback = next((row for row in active if row.code == "onthaal"), next(iter(active or known.departments), None))
    return _to_handler(fallback, "geen", ("Er is geen zekere categorie: iemand kijkt de melding eerst na.",))


_kept: tuple[Catalogue, tuple[RoutingRule, ...]] | None = None


def _rules(known: Catalogue) -> tuple[RoutingRule, ...]:
    """The active rules in order, read anew with the catalogue: at most half a minute old, at once after a change here."""
    global _kept
    if _kept is None or _kept[0] is not known:
        _kept = (known, tuple(RoutingRule.objects.filter(active=True).select_related("department")))
    return _kept[1]


def _fits(rule: RoutingRule, text: str, category: Category | None, area_id: int | None) -> bool:
    if rule.category_id and (category is None or rule.category_id != category.pk):
        return False
    if rule.main_category and (category is None or rule.main_category != category.main_category):
        return False
    if rule.area_id and rule.area_id != area_id:
        return False
    words = [word.strip().lower() for word in rule.words.split(",") if word.strip()]
    lower = text.lower()
    return not words or any(word in lower for word in words)


def _available(account: Account) -> bool:
    away = account.absent_until is not None and account.absent_until >= clock.today()
    return account.is_active and not away


def _to_handler(department: Department | None, rule: str, why: tuple[str, ...]) -> Route:
    if department is None:
        return Route(None, None, "", rule, (*why, "Er is nog geen enkele dienst ingesteld."))
    chosen = min(_competent(department), key=lambda row: (row[2], row[0]), default=None)
    if chosen is None:
        return Route(
            department, None, "", rule, (*why, f"Niemand van {department.name} is vrij: de melding wacht in de lijst.")
        )
    number, name, count = chosen
    return Route(
        department, number, name, rule, (*why, f"{name} heeft het minste open werk bij {department.name} ({count}).")
    )


def _competent(department: Department) -> list[tuple[int, str, int]]:
    """(account id, name, open cases) of the handlers who are there and work for this department, in one query: every new
    report asks it (index case_handler_idx)."""
    rows = Account.objects.filter(
        Q(absent_until=None) | Q(absent_until__lt=clock.today()),
        is_staff_account=True,
        is_active=True,
        roles__contains=[Role.HANDLER],
        departments__contains=[department.code],
    ).values_list("pk", "first_name", "last_name", Coalesce(open_work(), 0))
    return [(number, f"{first_name} {last_name}".strip(), work) for number, first_name, last_name, work in rows]
