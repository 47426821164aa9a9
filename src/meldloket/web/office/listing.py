"""The list of all cases: dense rows, filters as chips, list and map side by side, fast at any number of cases."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.db.models.functions import Left
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from meldloket.cases import access
from meldloket.cases.lifecycle import Status
from meldloket.cases.models import Case, IntakeChannel, SavedView, Urgency
from meldloket.cases.references import parse_reference
from meldloket.catalogue.current import catalogue
from meldloket.people.models import Account
from meldloket.people.roles import Role
from meldloket.web.pages import account_of, actor_of, page

from .filters import TERMS, Filters, by_words, page_of
from .several import offered
from .term_words import term_words

#: Only what a row shows: the text and the search column of fifty cases would be most of the page's work.
ROW_FIELDS = (
    "id",
    "reference",
    "title",
    "status",
    "street",
    "place_label",
    "submitted_at",
    "target_date",
    "suspended_at",
    "ended_at",
    "urgency",
    "is_complaint",
    "waiting_for_reporter",
    "category_id",
    "department_id",
    "handler_id",
    "handler__first_name",
    "handler__last_name",
)
EXCERPT = 100  # characters of the text
MOST_POINTS = 2000


def visible(request: HttpRequest) -> QuerySet[Case]:
    """The cases that whoever asks may see."""
    return access.visible_cases(actor_of(request), catalogue().complaint_departments)


def rows_of(cases: QuerySet[Case]) -> QuerySet[Case]:
    return cases.select_related("handler").annotate(excerpt=Left("summary", EXCERPT)).only(*ROW_FIELDS)


@dataclass(frozen=True, slots=True)
class Row:
    """A case in a list, ready to print: the template does nothing but put the words in place, because looking values up
    through objects was most of the page's work."""

    reference: str
    url: str
    what: str
    excerpt: str
    urgency: str
    urgency_words: str
    is_complaint: bool
    where: str
    status: str
    waiting: bool
    term: str
    tone: str
    handler: str
    department: str
    received: str


def describe(rows: list[Case]) -> list[Row]:
    """Rows as the template shows them, without a query of their own."""
    known = catalogue()
    categories = {category.pk: category.name for category in known.categories}
    departments = {department.pk: department.name for department in known.departments}
    to_case = reverse("case", args=["-"]).removesuffix("-/")
    return [_row(row, categories, departments, to_case) for row in rows]


def _row(case: Case, categories: dict[int, str], departments: dict[int, str], to_case: str) -> Row:
    term, handler = term_words(case), case.handler
    excerpt = " ".join(str(getattr(case, "excerpt", "")).split())
    return Row(
        reference=case.reference,
        url=f"{to_case}{case.reference}/",
        what=categories.get(case.category_id or 0, "") or case.title,
        excerpt=f"{excerpt[: EXCERPT - 1]}…" if len(excerpt) >= EXCERPT else excerpt,
        urgency=case.urgency,
        urgency_words="" if case.urgency == Urgency.NORMAL else Urgency(case.urgency).label,
        is_complaint=case.is_complaint,
        where=case.place_label,
        status=Status(case.status).label,
        waiting=case.waiting_for_reporter,
        term=term.words,
        tone=term.tone,
        handler=handler.full_name if handler else "",
        department=departments.get(case.department_id or 0, ""),
        received=f"{timezone.localtime(case.submitted_at):%d/%m/%Y %H:%M}",
    )


@dataclass(frozen=True, slots=True)
class Select:
    """One choice of the filter: its name in the address, its label, and (value, words, chosen) per option."""

    name: str
    label: str
    options: list[tuple[str, str, bool]]


def _selects(filters: Filters) -> list[Select]:
    known = catalogue()
    choices: tuple[tuple[str, str, str, Iterable[tuple[str, Any]]], ...] = (
        ("status", "Status", "Alle", [("open", "Alle open meldingen"), *Status.choices]),
        ("categorie", "Categorie", "Alle", ((row.code, row.name) for row in known.categories)),
        ("dienst", "Dienst", "Alle", ((row.code, row.name) for row in known.departments)),
        ("behandelaar", "Behandelaar", "Iedereen", [("ik", "Aan mij"), ("niemand", "Niet toegewezen"), *_handlers()]),
        ("wijk", "Wijk", "Alle", ((row.code, row.name) for row in known.areas)),
        ("termijn", "Termijn", "Alle", TERMS),
        ("kanaal", "Kanaal", "Alle", IntakeChannel.choices),
    )
    return [
        Select(
            name,
            label,
            [("", everything, False), *((code, str(words), filters.chosen.get(name) == code) for code, words in found)],
        )
        for name, label, everything, found in choices
    ]


@page("case.view", methods=("GET",))
def case_list(request: HttpRequest) -> HttpResponse:
    """All cases that this person may see, narrowed by the filters in the address."""
    filters = Filters.read(request.GET)
    account = account_of(request)
    found = filters.apply(visible(request), account.pk if account else None)
    rows, older, newer = page_of(rows_of(found), filters)
    request.session["list"] = request.get_full_path()
    context = {
        "filters": filters,
        "chips": _chips(filters),
        "rows": describe(rows),
        "older": filters.query(na=older) if older else "",
        "newer": filters.query(voor=newer) if newer else "",
        "left": request.session.get("left_case", ""),
        "selects": _selects(filters),
        "views": _views(account),
        "several": offered(actor_of(request)),
        "points_url": f"{reverse('case-points')}?{filters.query()}",
    }
    return render(request, "office/list.html", context)


def _handlers() -> list[tuple[str, str]]:
    rows = (
        Account.objects.filter(is_staff_account=True, is_active=True, roles__contains=[Role.HANDLER])
        .order_by("first_name", "last_name")
        .values_list("id", "first_name", "last_name")
    )
    return [(str(number), f"{first_name} {last_name}") for number, first_name, last_name in rows]


def _views(account: Account | None) -> list[SavedView]:
    return list(SavedView.objects.filter(Q(owner=account) | Q(shared=True)).select_related("owner")[:50])


def _chips(filters: Filters) -> list[dict[str, str]]:
    """The chosen filters in words, each with the address without it."""
    known = catalogue()
    names = {
        "status": {"open": "Open", **dict(Status.choices)},
        "categorie": {row.code: row.name for row in known.categories},
        "dienst": {row.code: row.name for row in known.departments},
        "wijk": {row.code: row.name for row in known.areas},
        "termijn": dict(TERMS),
        "kanaal": dict(IntakeChannel.choices),
        "behandelaar": {"ik": "Aan mij", "niemand": "Niet toegewezen"},
    }
    return [
        {
            "label": f"“{value}”" if name == "q" else str(names.get(name, {}).get(value, "Behandelaar gekozen")),
            "remove": filters.query(**{name: None}),
        }
        for name, value in filters.chosen.items()
    ]


@page("case.view", methods=("GET",))
def points(request: HttpRequest) -> JsonResponse:
    """The same cases as points for the map; at most 2,000, the newest, and says when there are more."""
    filters = Filters.read(request.GET)
    account = account_of(request)
    found = filters.apply(visible(request), account.pk if account else None).filter(latitude__isnull=False)
    rows = list(
        found.order_by("-pk").values_list("reference", "title", "status", "latitude", "longitude")[: MOST_POINTS + 1]
    )
    features = [
        {
            "reference": reference,
            "title": title,
            "status": status,
            "latitude": latitude,
            "longitude": longitude,
            "url": reverse("case", args=[reference]),
        }
        for reference, title, status, latitude, longitude in rows[:MOST_POINTS]
    ]
    return JsonResponse({"points": features, "more": len(rows) > MOST_POINTS})


@page("case.view", methods=("GET",))
def search(request: HttpRequest) -> HttpResponse:
    """One search box: a reference that exists opens that case at once; everything else becomes a filtered list."""
    text = request.GET.get("q", "").strip()[:200]
    if parse_reference(text):
        hit = by_words(visible(request), text).only("reference").first()
        if hit is not None:
            return redirect("case", reference=hit.reference)
    elif text.isdigit():
        hits = list(by_words(visible(request), text).only("reference").order_by("-pk")[:2])
        if len(hits) == 1:
            return redirect("case", reference=hits[0].reference)
    return redirect(f"{reverse('case-list')}?{Filters({'q': text}).query()}")


@page("case.view", methods=("POST",))
def save_view(request: HttpRequest) -> HttpResponse:
    """Keeps the current filters under a name, for oneself or for colleagues."""
    account = account_of(request)
    name = request.POST.get("name", "").strip()[:80]
    if account is None or not name:
        messages.error(request, "Geef uw filter een naam.")
        return redirect(request.session.get("list", reverse("case-list")))
    query = Filters.read(QueryDict(request.POST.get("query", "")[:1000])).query()
    SavedView.objects.update_or_create(
        owner=account, name=name, defaults={"query": query, "shared": "shared" in request.POST}
    )
    messages.success(request, f"Filter “{name}” is bewaard.")
    return redirect(f"{reverse('case-list')}?{query}")


@page("case.view", methods=("POST",))
def delete_view(request: HttpRequest, view_id: int) -> HttpResponse:
    """Removes one's own saved filter."""
    get_object_or_404(SavedView, pk=view_id, owner=account_of(request)).delete()
    messages.success(request, "De filter is verwijderd.")
    return redirect("case-list")
