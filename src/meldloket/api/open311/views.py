"""The addresses of GeoReport v2: discovery, services, requests, tokens and updates, in JSON and XML."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from meldloket.cases import events
from meldloket.cases.change import changing
from meldloket.cases.lifecycle import EventKind
from meldloket.cases.models import CaseEvent, Report, Visibility
from meldloket.catalogue.current import catalogue
from meldloket.catalogue.models import Category, CategoryQuestion
from meldloket.intake import machine
from meldloket.intake.text import tidy
from meldloket.people.roles import Actor
from meldloket.web.pages import page

from . import reading
from .render import Refused, document, error, single
from .status import UPDATES, as_document, moment, public_reports

DATATYPES = {
    CategoryQuestion.Kind.TEXT: "string",
    CategoryQuestion.Kind.CHOICE: "singlevaluelist",
    CategoryQuestion.Kind.YES_NO: "singlevaluelist",
    CategoryQuestion.Kind.NUMBER: "number",
}
MOST_IDS = 50
View = Callable[..., HttpResponse]


def georeport(*methods: str) -> Callable[[View], Any]:
    """A view of this interface: public (what needs a key asks for it), no session or CSRF token, errors as documents."""

    def decorate(view: View) -> Any:
        @wraps(view)
        def answered(request: HttpRequest, fmt: str, **kwargs: Any) -> HttpResponse:
            try:
                if fmt not in ("json", "xml"):
                    raise Refused(404, "format must be json or xml")
                reading.jurisdiction(request.POST if request.method == "POST" else request.GET)
                response = view(request, fmt, **kwargs)
            except Refused as refused:
                response = error(fmt, refused)
            response["Access-Control-Allow-Origin"] = "*"
            return response

        return csrf_exempt(page("public", methods=methods)(answered))

    return decorate


@georeport("GET")
def discovery(request: HttpRequest, fmt: str) -> HttpResponse:
    """Where everything is."""
    base = settings.BASE_URL + reverse("open311-services", kwargs={"fmt": "json"}).removesuffix("/services.json")
    endpoint = {
        "specification": "http://wiki.open311.org/GeoReport_v2",
        "url": base,
        "changeset": "2026-11-24 00:00",
        "type": "production" if not settings.DEMO else "test",
        "formats": ["application/json", "text/xml"],
    }
    town = catalogue().municipality
    row = {
        "changeset": endpoint["changeset"],
        "contact": f"{town.name}, {town.email}".strip(", "),
        "key_service": f"{settings.BASE_URL}/toegankelijkheid/",
        "endpoints": [endpoint],
    }
    return single(fmt, "discovery", row)


def _service(row: Category) -> dict[str, Any]:
    return {
        "service_code": row.code,
        "service_name": row.name,
        "description": row.description,
        "metadata": bool(catalogue().questions.get(row.pk)),
        "type": "realtime",
        "keywords": "",
        "group": row.main_category,
    }


@georeport("GET")
def services(request: HttpRequest, fmt: str) -> HttpResponse:
    """The categories that can be reported."""
    return document(fmt, "services", "service", [_service(row) for row in catalogue().active_categories])


@georeport("GET")
def service(request: HttpRequest, fmt: str, code: str) -> HttpResponse:
    """The questions of one category as attributes."""
    found = reading.category(code)
    attributes = []
    for order, question in enumerate(catalogue().questions.get(found.pk, ()), start=1):
        options = question.options if question.kind == CategoryQuestion.Kind.CHOICE else []
        options = ["ja", "nee"] if question.kind == CategoryQuestion.Kind.YES_NO else options
        attributes.append(
            {
                "variable": True,
                "code": question.code,
                "datatype": DATATYPES[CategoryQuestion.Kind(question.kind)],
                "required": question.required,
                "datatype_description": question.hint,
                "order": order,
                "description": question.label,
                "values": [{"key": option, "name": option} for option in options],
            }
        )
    return single(fmt, "service_definition", {"service_code": found.code, "attributes": attributes})


@georeport("GET", "POST")
def requests(request: HttpRequest, fmt: str) -> HttpResponse:
    """GET: the newest requests, narrowed by the query. POST: a new one; sending it twice makes one."""
    if request.method == "POST":
        return _post(request, fmt)
    return document(fmt, "service_requests", "request", [as_document(row) for row in _found(request)])


def _post(request: HttpRequest, fmt: str) -> HttpResponse:
    sender = reading.client(request)
    report, _ = machine.register(reading.incoming(request, sender))
    row = {
        "service_request_id": report.reference,
        "service_notice": "Bedankt. De gemeente bekijkt uw melding.",
        "account_id": "",
    }
    return document(fmt, "service_requests", "request", [row], status=201)


def _query(request: HttpRequest) -> dict[str, str]:
    """The query without anything that a database refuses."""
    return {name: tidy(str(value), lines=False) for name, value in request.GET.items()}


def _found(request: HttpRequest) -> list[Report]:
    query = _query(request)
    rows = public_reports().order_by("-submitted_at", "-id")
    if ids := [one.strip() for one in query.get("service_request_id", "").split(",") if one.strip()]:
        return list(rows.filter(reference__in=ids[:MOST_IDS]))
    if codes := [one.strip() for one in query.get("service_code", "").split(",") if one.strip()]:
        rows = rows.filter(case__category__in=[reading.category(code) for code in codes[:MOST_IDS]])
    if status := query.get("status", ""):
        wanted = {one.strip() for one in status.split(",")}
        if not wanted <= {"open", "closed"}:
            raise Refused(400, "status must be open or closed")
        if len(wanted) == 1:
            rows = rows.filter(case__ended_at__isnull="open" in wanted)
    start, end = reading.period(query, "start_date", "end_date")
    if start and end:
        rows = rows.filter(submitted_at__range=(start, end))
    start, end = reading.period(query, "updated_after", "updated_before")
    if start and end:
        changed = CaseEvent.objects.filter(visibility=Visibility.REPORTER, kind__in=list(UPDATES), at__range=(start, end))
        rows = rows.filter(case__in=changed.values("case"))
    if around := reading.near(query):
        latitude, longitude, metres = around
        tall = metres / 111_000
        wide = tall / max(math.cos(math.radians(latitude)), 0.01)
        rows = rows.filter(
            case__latitude__range=(latitude - tall, latitude + tall),
            case__longitude__range=(longitude - wide, longitude + wide),
        )
    if before := query.get("before", ""):
        edge = Report.objects.filter(reference=before[:20]).values_list("submitted_at", flat=True).first()
        if edge is None:
            raise Refused(400, "before must be a service_request_id")
        rows = rows.filter(submitted_at__lt=edge)
    return list(rows[: reading.size(query)])


@georeport("GET")
def one_request(request: HttpRequest, fmt: str, reference: str) -> HttpResponse:
    """One request by its number."""
    found = public_reports().filter(reference=tidy(reference[:20])).first()
    if found is None:
        raise Refused(404, "service_request_id was not found")
    return document(fmt, "service_requests", "request", [as_document(found)])


@georeport("GET")
def token(request: HttpRequest, fmt: str, token: str) -> HttpResponse:
    """Numbers are given at once here, so a token is the number itself."""
    found = public_reports().filter(reference=tidy(token[:20])).first()
    if found is None:
        raise Refused(404, "token was not found")
    row = {"service_request_id": found.reference, "token": found.reference}
    return document(fmt, "service_requests", "request", [row])


@georeport("GET", "POST")
def updates(request: HttpRequest, fmt: str) -> HttpResponse:
    """GET: what happened to requests, in our own public words. POST: another system's note on one."""
    if request.method == "POST":
        return _take_update(request, fmt)
    query = _query(request)
    ids = [one.strip() for one in query.get("service_request_id", "").split(",") if one.strip()]
    start, end = reading.period(query, "start_date", "end_date")
    if not ids and not start:
        raise Refused(400, "service_request_id, or start_date, must be given")
    reports = {row.case_id: row.reference for row in _reports_of(ids)} if ids else {}
    rows = CaseEvent.objects.filter(visibility=Visibility.REPORTER, kind__in=list(UPDATES), report__in=_told())
    rows = rows | CaseEvent.objects.filter(visibility=Visibility.REPORTER, kind__in=list(UPDATES), report=None)
    if ids:
        rows = rows.filter(case__in=list(reports))
    else:
        rows = rows.filter(case__in=public_reports().values("case"))
    if start and end:
        rows = rows.filter(at__range=(start, end))
    found = list(rows.select_related("case").order_by("id")[:1000])
    return document(fmt, "service_request_updates", "request_update", [_update(row, reports) for row in found])


def _reports_of(ids: list[str]) -> list[Report]:
    return list(public_reports().filter(reference__in=ids[:MOST_IDS]))


def _told() -> Any:
    return public_reports().values("pk")


def _update(row: CaseEvent, reports: dict[int, str]) -> dict[str, Any]:
    status, words = UPDATES[row.kind]
    return {
        "update_id": str(row.pk),
        "service_request_id": reports.get(row.case_id, row.case.reference),
        "status": status,
        "updated_datetime": moment(row.at),
        "description": words,
        "media_url": "",
    }


def _take_update(request: HttpRequest, fmt: str) -> HttpResponse:
    """A note of another system: seen by staff, never by reporters; the same update_id of the same client once."""
    sender = reading.client(request)
    reference = tidy(str(request.POST.get("service_request_id") or "")[:20])
    name = tidy(str(request.POST.get("update_id") or ""), lines=False)[:100]
    words = tidy(str(request.POST.get("description") or ""))[:4000]
    status = tidy(str(request.POST.get("status") or ""), lines=False)[:60]
    if not name or not (words or status):
        raise Refused(400, "update_id, and status or description, must be given")
    report = public_reports().filter(reference=reference).first()
    if report is None:
        raise Refused(404, "service_request_id was not found")
    mark = f"{sender.client_id}:{name}"
    with changing(report.case) as case:
        if not case.events.filter(data__open311=mark).exists():
            by = Actor(None, sender.name, frozenset({"machine"}))
            text = f"{status}: {words}".strip(": ")
            events.append(case, EventKind.NOTE_ADDED, by, text=text, data={"open311": mark})
    row = {"update_id": name, "service_request_id": reference, "updated_datetime": moment(timezone.now())}
    return document(fmt, "service_request_updates", "request_update", [row], status=201)


@csrf_exempt
@page("public", methods=("GET", "POST", "PUT", "PATCH", "DELETE"))
def nothing_here(request: HttpRequest, rest: str) -> HttpResponse:
    """An address that does not exist, said to a machine in its own form."""
    return error("xml" if rest.endswith(".xml") else "json", Refused(404, "there is nothing at this address"))
