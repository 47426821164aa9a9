"""The case page: everything about one case, with the actions that are possible now."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from meldloket.cases.lifecycle import Status
from meldloket.cases.models import Attachment, Case, CaseEvent, ReporterQuestion
from meldloket.catalogue.current import catalogue
from meldloket.intake.text import show_number
from meldloket.people.permissions import allows
from meldloket.screening.models import ScreeningResult
from meldloket.screening.similar import Similar
from meldloket.screening.similar import similar as similar_cases
from meldloket.web.citizen.files import respond
from meldloket.web.pages import actor_of, page

from .action_table import possible_actions
from .case_parts import advice_part, decision_part, work_part
from .closing_actions import closing_part
from .listing import visible
from .term_words import term_words

LANGUAGE_NAMES = {"nl": "Nederlands", "en": "Engels", "fr": "Frans", "de": "Duits"}
WORTH_SHOWING = 2  # percent: a proposal below it only distracts
STREAMS = {
    "alles": None,
    "berichten": (
        "question_asked",
        "question_answered",
        "question_reminded",
        "evidence_added",
        "question_closed",
        "dissatisfied",
        "reaction_answered",
    ),
    "notas": ("note_added",),
    "stappen": (
        "submitted",
        "admissible",
        "inadmissible",
        "assessment_started",
        "withdrawn",
        "closed",
        "reopened",
        "taken_over",
    ),
}


def find_case(request: HttpRequest, reference: str) -> Case:
    """The case, when whoever asks may see it. Raises Http404 for a stranger to it."""
    found = (
        visible(request)
        .select_related("category", "department", "handler", "area", "screening")
        .prefetch_related(
            "advice_requests__service",
            "advice_requests__answers",
            "advice_points",
            "actions__department",
            "reports",
            "proposals__decision",
        )
        .filter(Q(reference=reference) | Q(reports__reference=reference))
        .first()
    )
    if found is None:
        raise Http404
    return found


@page("case.view", methods=("GET",))
def case_page(request: HttpRequest, reference: str) -> HttpResponse:
    """One case: report, place, stream of events, conversation, terms, screening's reasons, similar cases, deliveries."""
    return show(request, find_case(request, reference))


def show(request: HttpRequest, case: Case, *, status: int = 200, panel: dict[str, Any] | None = None) -> HttpResponse:
    """The page of a case, with an action's form opened beside it (`panel`) when there is one."""
    actor = actor_of(request)
    request.session["left_case"] = case.reference
    reports = list(case.reports.select_related("reporter__number", "registered_by").order_by("id"))
    files = list(case.attachments.order_by("id"))
    events = list(case.events.order_by("id"))
    if not allows(actor, "case.note"):
        events = [event for event in events if event.kind != "note_added"]
    wanted = STREAMS.get(request.GET.get("stroom", "alles"))
    possible = possible_actions(case, actor)
    deliveries = _deliveries(reports) if allows(actor, "delivery.view") else []
    context = {
        "case": case,
        "status_label": Status(case.status).label,
        "term": term_words(case),
        "reports": [_report(report, actor) for report in reports],
        "photos": [file for file in files if file.kind == Attachment.Kind.PHOTO],
        "documents": [file for file in files if file.kind != Attachment.Kind.PHOTO],
        "stream": [_event(event) for event in events if wanted is None or event.kind in wanted],
        "streams": list(STREAMS),
        "stream_now": request.GET.get("stroom", "alles"),
        "questions": list(case.questions.filter(state=ReporterQuestion.State.OPEN).order_by("id")),
        "screening": _screening(case),
        "similar": similar(request, case),
        "may_group": any(row.slug == "samenvoegen" for row in possible),
        "deliveries": deliveries,
        "actions": [row for row in possible if not row.group],
        "advice": advice_part(case, possible),
        "work": work_part(case, possible),
        "decision": decision_part(case, possible),
        "closing": closing_part(case),
        "may_process": allows(actor, "evaluation.process"),
        "may_design": allows(actor, "evaluation.design"),
        "panel": panel,
        "back": request.session.get("list", ""),
    }
    return render(request, "office/case.html", context, status=status)


def _screening(case: Case) -> dict[str, Any]:
    """The proposals with names instead of codes."""
    result: ScreeningResult | None = getattr(case, "screening", None)
    if result is None:
        return {}
    known = catalogue()
    rows = []
    for place, proposal in enumerate(result.proposals.get("categories", [])):
        percent = round(proposal["score"] * 100)
        if place == 0 or percent >= WORTH_SHOWING:
            category = known.category(proposal["code"])
            rows.append({**proposal, "name": category.name if category else proposal["code"], "percent": percent})
    return {**result.proposals, "categories": rows}


def _report(report: Any, actor: Any) -> dict[str, Any]:
    """One reporter's part, with contact data only for whoever may see them."""
    reporter = report.reporter
    seen = reporter is not None and allows(actor, "reporter.contact")
    changed = (
        seen
        and reporter.register_last_name
        and (
            (reporter.register_first_name, reporter.register_last_name) != (reporter.first_name, reporter.last_name)
            or _line(reporter.register_address) != _line(reporter.address)
        )
    )
    return {
        "report": report,
        "reporter": reporter if seen else None,
        "address": _line(reporter.address) if seen else "",
        "register_name": f"{reporter.register_first_name} {reporter.register_last_name}".strip() if changed else "",
        "register_address": _line(reporter.register_address) if changed else "",
        "language": LANGUAGE_NAMES.get(reporter.language, reporter.language) if seen else "",
        "mobile": show_number(reporter.mobile) if seen and reporter.mobile else "",
        "has_number": reporter is not None and reporter.number_id is not None,
    }


def _line(address: dict[str, Any]) -> str:
    """An address on one line in Belgian notation: Kerkstraat 12 bus 3, 9999 Lindekerke."""
    street = " ".join(part for part in (address.get("street", ""), address.get("number", "")) if part)
    if address.get("box"):
        street += f" bus {address['box']}"
    place = " ".join(part for part in (address.get("postcode", ""), address.get("municipality", "")) if part)
    country = address.get("country", "")
    abroad = country if country not in ("", "BEL", "België") else ""
    return ", ".join(part for part in (street, place, abroad) if part)


def _event(event: CaseEvent) -> dict[str, Any]:
    return {
        "event": event,
        "label": event.get_kind_display(),
        "who": "Melder" if event.by_reporter else event.by_name,
        "why": event.data.get("why", []) if event.kind == "routed" else [],
        "due": date.fromisoformat(event.data["due"]) if event.data.get("due") else None,
        "internal": event.visibility == "internal",
    }


def _deliveries(reports: list[Any]) -> list[Any]:
    from meldloket.messages.models import Delivery

    return list(Delivery.objects.filter(report__in=reports).defer("payload", "text").order_by("-id")[:40])


def similar(request: HttpRequest, case: Case) -> list[Similar]:
    """Other open cases nearby, the likeliest same problem first, with enough to judge it."""
    if case.latitude is None or case.longitude is None:
        return []
    others = visible(request).exclude(pk=case.pk)
    return similar_cases(others, case.latitude, case.longitude, case.summary, case.category)[:6]


@page("case.view", methods=("GET",))
def attachment(request: HttpRequest, reference: str, file_id: UUID) -> HttpResponseBase:
    """A file of a case that this person may see."""
    case = find_case(request, reference)
    found = Attachment.objects.filter(case=case, public_id=file_id).first()
    if found is None:
        raise Http404
    return respond(found, small="klein" in request.GET)
