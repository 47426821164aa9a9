"""To whom a report goes: a department by rule or category, then the competent handler with the least open work; nobody
free means the department's queue (B1.6). Every answer says why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from meldloket.cases import clock
from meldloket.cases.commands import open_work
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
    if complaint:
        queue = Department.objects.filter(handles_complaints=True, active=True).first()
        if queue is not None:
            return _to_handler(queue, "klacht", ("De screening herkent een klacht over de gemeente.",))
    for rule in RoutingRule.objects.filter(active=True).select_related("department", "handler"):
        if _fits(rule, text, category, area_id):
            why = (f"Regel “{rule.name}” past bij deze melding.",)
            if rule.handler is not None and _available(rule.handler):
                return Route(rule.department, rule.handler_id, rule.handler.full_name, rule.name, why)
            return _to_handler(rule.department, rule.name, why)
    if category is not None:
        return _to_handler(
            category.department, "categorie", (f"Categorie “{category.name}” hoort bij {category.department.name}.",)
        )
    fallback = Department.objects.filter(active=True, code="onthaal").first() or Department.objects.first()
    return _to_handler(fallback, "geen", ("Er is geen zekere categorie: iemand kijkt de melding eerst na.",))


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
    competent = list(
        Account.objects.filter(
            Q(absent_until=None) | Q(absent_until__lt=clock.today()),
            is_staff_account=True,
            is_active=True,
            roles__contains=[Role.HANDLER],
            departments__contains=[department.code],
        ).only("id", "first_name", "last_name")
    )
    if not competent:
        return Route(
            department, None, "", rule, (*why, f"Niemand van {department.name} is vrij: de melding wacht in de lijst.")
        )
    work = open_work([account.pk for account in competent])
    chosen = min(competent, key=lambda account: (work.get(account.pk, 0), account.pk))
    count = work.get(chosen.pk, 0)
    return Route(
        department,
        chosen.pk,
        chosen.full_name,
        rule,
        (*why, f"{chosen.full_name} heeft het minste open werk bij {department.name} ({count})."),
    )
