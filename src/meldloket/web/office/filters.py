"""The filters of the list of cases: they live in the address bar, so that a list can be saved, shared and come back to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.contrib.postgres.search import SearchQuery
from django.db.models import Q, QuerySet
from django.http import QueryDict

from meldloket.cases import clock, terms
from meldloket.cases.lifecycle import OPEN, Status
from meldloket.cases.models import Case, IntakeChannel
from meldloket.cases.references import parse_number, parse_reference
from meldloket.catalogue.current import catalogue

PAGE = 40
TERMS = (
    ("te-laat", "Over tijd"),
    ("binnenkort", "Binnen 3 werkdagen"),
    ("geschorst", "Termijn staat stil"),
)
NAMES = ("status", "categorie", "dienst", "behandelaar", "wijk", "termijn", "kanaal", "q")


@dataclass
class Filters:
    """What was chosen. Unknown values are left out rather than refused: a shared address never breaks."""

    chosen: dict[str, str] = field(default_factory=dict)
    view: str = "lijst"
    after: int | None = None  # keyset: cases with a lower id
    before: int | None = None

    @classmethod
    def read(cls, query: QueryDict) -> Filters:
        chosen = {name: query.get(name, "").strip()[:200] for name in NAMES}
        view = query.get("weergave", "lijst")
        return cls(
            {name: value for name, value in chosen.items() if value},
            view if view in ("lijst", "kaart", "beide") else "lijst",
            _number(query.get("na")),
            _number(query.get("voor")),
        )

    def query(self, **changes: str | int | None) -> str:
        """The query string of these filters with some changed; None takes one out."""
        values: dict[str, Any] = {**self.chosen, **({"weergave": self.view} if self.view != "lijst" else {}), **changes}
        return urlencode({name: value for name, value in values.items() if value not in (None, "")})

    def apply(self, cases: QuerySet[Case], account_id: int | None) -> QuerySet[Case]:
        """Narrows `cases`; the order and the page come after."""
        known = catalogue()
        get = self.chosen.get
        if get("status") == "open":
            cases = cases.filter(status__in=OPEN)
        elif get("status") in Status.values:
            cases = cases.filter(status=get("status"))
        if (category := known.category(get("categorie", ""))) is not None:
            cases = cases.filter(category=category)
        if department := next((row for row in known.departments if row.code == get("dienst")), None):
            cases = cases.filter(department=department)
        if area := next((row for row in known.areas if row.code == get("wijk")), None):
            cases = cases.filter(area=area)
        if get("kanaal") in IntakeChannel.values:
            cases = cases.filter(channel=get("kanaal"))
        cases = _by_handler(cases, get("behandelaar", ""), account_id)
        cases = _by_term(cases, get("termijn", ""))
        return by_words(cases, get("q", ""))


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdigit() and len(text) < 18 else None


def _by_handler(cases: QuerySet[Case], value: str, account_id: int | None) -> QuerySet[Case]:
    if value == "ik":
        return cases.filter(handler_id=account_id)
    if value == "niemand":
        return cases.filter(handler=None)
    return cases.filter(handler_id=int(value)) if value.isdigit() and len(value) < 12 else cases


def _by_term(cases: QuerySet[Case], value: str) -> QuerySet[Case]:
    running = cases.filter(ended_at=None, suspended_at=None)
    if value == "te-laat":
        return running.filter(target_date__lt=clock.today())
    if value == "binnenkort":
        return running.filter(target_date__range=(clock.today(), terms.add_working_days(clock.today(), 3)))
    if value == "geschorst":
        return cases.filter(ended_at=None, suspended_at__isnull=False)
    return cases


def by_words(cases: QuerySet[Case], text: str) -> QuerySet[Case]:
    """A reference or number finds that report; anything else is searched in Dutch, the last word also as a beginning."""
    if not text:
        return cases
    if reference := parse_reference(text):
        return cases.filter(Q(reference=reference) | Q(reports__reference=reference)).distinct()
    if number := parse_number(text):
        return cases.filter(Q(reference__endswith=f"-{number}") | Q(search=_dutch(text)))
    return cases.filter(search=_dutch(text))


def _dutch(text: str) -> SearchQuery:
    query = SearchQuery(text, config="dutch", search_type="websearch")
    last = "".join(char for char in text.split()[-1] if char.isalnum()) if text.split() else ""
    if len(last) >= 3 and '"' not in text and " -" not in f" {text}":
        beginning = SearchQuery(f"{last.lower()}:*", config="simple", search_type="raw")
        others = " ".join(text.split()[:-1])
        if others:
            return query | (SearchQuery(others, config="dutch", search_type="websearch") & beginning)
        return query | beginning
    return query


def page_of(cases: QuerySet[Case], filters: Filters) -> tuple[list[Case], int | None, int | None]:
    """One page, newest first, with the ids for "older" and "newer"; no total is counted."""
    if filters.before is not None:
        rows = list(cases.filter(pk__gt=filters.before).order_by("pk")[: PAGE + 1])
        newer = rows[PAGE - 1].pk if len(rows) > PAGE else None
        rows = rows[:PAGE][::-1]
        return rows, (rows[-1].pk if rows else None), newer
    if filters.after is not None:
        cases = cases.filter(pk__lt=filters.after)
    rows = list(cases.order_by("-pk")[: PAGE + 1])
    older = rows[PAGE - 1].pk if len(rows) > PAGE else None
    rows = rows[:PAGE]
    return rows, older, (rows[0].pk if rows and filters.after is not None else None)
