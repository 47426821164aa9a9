"""What of a case other systems may read: status, words and updates of our own making, and the text only where the category
says so."""

from __future__ import annotations

import re
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone

from meldloket.cases.lifecycle import STATES, EventKind, Outcome, Status
from meldloket.cases.models import CaseEvent, Report, Visibility
from meldloket.catalogue.models import PublicLevel

#: Status → plain words for `status_notes`.
NOTES: dict[str, str] = {
    Status.SUBMITTED: "Ontvangen.",
    Status.SCREENING: "Ontvangen. Een medewerker kijkt na of wij dit behandelen.",
    Status.INADMISSIBLE: "Wij nemen deze melding niet in behandeling.",
    Status.ADMISSIBLE: "Wij nemen deze melding in behandeling.",
    Status.IN_ASSESSMENT: "Wij zoeken uit wat er moet gebeuren.",
    Status.IN_ADVICE: "Wij vragen advies aan andere diensten.",
    Status.ACTIONS_PROPOSED: "Er is een voorstel om dit aan te pakken.",
    Status.AWAITING_DECISION: "Het bestuur beslist.",
    Status.APPROVED: "De aanpak is goedgekeurd.",
    Status.REJECTED: "De aanpak is niet goedgekeurd.",
    Status.IN_EXECUTION: "Het werk is gepland.",
    Status.HANDLED: "Afgehandeld.",
    Status.EVALUATED: "Afgehandeld.",
    Status.WITHDRAWN: "Ingetrokken.",
    Status.REFERRED: "Doorgegeven aan wie bevoegd is.",
}

#: Events that are public as updates: the field's word for it. A question to a reporter is not among them.
UPDATES: dict[str, tuple[str, str]] = {
    EventKind.SUBMITTED: ("open", "Ontvangen."),
    EventKind.ADMISSIBLE: ("open", "Wij nemen deze melding in behandeling."),
    EventKind.ASSESSMENT_STARTED: ("investigating", "Wij zoeken uit wat er moet gebeuren."),
    EventKind.ADVICE_STARTED: ("investigating", "Wij vragen advies aan andere diensten."),
    EventKind.ACTIONS_PROPOSED: ("planned", "Er is een voorstel om dit aan te pakken."),
    EventKind.AWAITING_DECISION: ("planned", "Het bestuur beslist over het voorstel."),
    EventKind.APPROVED: ("planned", "Het voorstel is goedgekeurd."),
    EventKind.PARTLY_APPROVED: ("planned", "Het voorstel is voor een deel goedgekeurd."),
    EventKind.REJECTED: ("no_further_action", "Het voorstel is niet goedgekeurd."),
    EventKind.EXECUTION_STARTED: ("action_scheduled", "Het werk is gepland."),
    EventKind.INADMISSIBLE: ("no_further_action", "Wij nemen deze melding niet in behandeling."),
    EventKind.REFERRED_FOLLOWED: ("internal_referral", "Doorgegeven; wij volgen op."),
    EventKind.REFERRED_CLOSED: ("not_councils_responsibility", "Doorgegeven aan wie bevoegd is."),
    EventKind.WITHDRAWN: ("closed", "Ingetrokken."),
    EventKind.TAKEN_OVER: ("closed", "Afgehandeld."),
    EventKind.CLOSED: ("closed", "Afgesloten."),
    EventKind.REOPENED: ("open", "Wij bekijken dit opnieuw."),
}

#: Outcome of a handled case → plain words for `status_notes`.
OUTCOMES: dict[str, str] = {
    Outcome.DONE: "Afgehandeld.",
    Outcome.PLANNED: "Afgesloten: het werk is ingepland in een later programma.",
    Outcome.NOT_FOUND: "Afgesloten: ter plaatse werd niets (meer) vastgesteld.",
    Outcome.NOT_OURS: "Afgesloten: een ander is bevoegd.",
    Outcome.REFUSED: "Afgesloten: wij voeren dit niet uit.",
}

_MAIL = re.compile(r"\S+@\S+\.\w+")
_DIGITS = re.compile(r"(?<!\w)\+?\d(?:[\s./()-]?\d){6,}")


def without_contact(text: str) -> str:
    """The text without e-mail addresses, and without numbers long enough to be a phone or national number."""
    return _DIGITS.sub("…", _MAIL.sub("…", text))


def public_reports() -> QuerySet[Report]:
    """The reports that machines may see: with a category that says so, and never a complaint."""
    newest = (
        CaseEvent.objects.filter(case=OuterRef("case_id"), kind__in=list(UPDATES), visibility=Visibility.REPORTER)
        .order_by("-id")
        .values("at")[:1]
    )
    return (
        Report.objects.filter(case__is_complaint=False, case__category__isnull=False)
        .exclude(case__category__public_level=PublicLevel.NOTHING)
        .select_related("case__category", "case__department")
        .annotate(changed_at=Subquery(newest))
    )


def as_document(report: Report) -> dict[str, Any]:
    """One report as GeoReport's request. Nothing of the reporter is read, so nothing can leak."""
    case = report.case
    category = case.category
    assert category is not None, "public_reports leaves out what has no category"
    text = category.public_level == PublicLevel.TEXT
    changed = getattr(report, "changed_at", None) or report.submitted_at
    return {
        "service_request_id": report.reference,
        "status": "closed" if STATES[case.status].ended else "open",
        "status_notes": OUTCOMES.get(case.outcome, NOTES[case.status]) if case.ended else NOTES[case.status],
        "service_name": category.name,
        "service_code": category.code,
        "description": without_contact(report.text) if text else "",
        "agency_responsible": case.department.name if case.department else "",
        "service_notice": "",
        "requested_datetime": moment(report.submitted_at),
        "updated_datetime": moment(changed),
        "expected_datetime": f"{case.target_date.isoformat()}T17:00:00+01:00"
        if case.target_date and not case.ended
        else "",
        "address": report.place_label,
        "address_id": "",
        "zipcode": "",
        "lat": report.latitude,
        "long": report.longitude,
        "media_url": "",
    }


def moment(value: Any) -> str:
    """W3C date and time in the municipality's time zone, whole seconds."""
    return timezone.localtime(value).isoformat(timespec="seconds")
