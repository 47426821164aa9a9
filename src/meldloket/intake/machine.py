"""Reports that another system sends (Open311): the same screening, routing and command as the form's, without a draft."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from meldloket.cases.commands import NewReport, register_report
from meldloket.cases.models import IntakeChannel, Report
from meldloket.catalogue.current import catalogue
from meldloket.people.models import Reporter
from meldloket.screening.commands import keep, screen_report

from .ports import AddressesUnavailable, plugged
from .submit import locate, title_for


@dataclass(frozen=True)
class Incoming:
    """A report as another system gives it, checked and tidied. `key`: the same key again is the same report. Coordinates
    in WGS84 degrees; `answers` with the words of their questions."""

    key: UUID
    text: str
    category: str
    latitude: float | None = None
    longitude: float | None = None
    place: str = ""
    answers: list[dict[str, Any]] = field(default_factory=list)
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    mobile: str = ""


def known(key: UUID) -> Report | None:
    """The report that this key made before, or None."""
    return Report.objects.filter(submission_key=key).first()


def register(incoming: Incoming) -> tuple[Report, bool]:
    """Registers the report: screened, routed, with its events and messages at commit. Gives it and whether it is new."""
    latitude, longitude, street = incoming.latitude, incoming.longitude, ""
    if latitude is None and incoming.place:
        latitude, longitude, street = _find(incoming.place)
    area_id, competent = None, ""
    if latitude is not None and longitude is not None:
        located = locate(latitude, longitude)
        competent = located.competent or ""
        area_id = next((area.pk for area in catalogue().areas if area.code == located.area_code), None)
    screened = screen_report(incoming.text, chosen_category=incoming.category, area_id=area_id)
    new = NewReport(
        submission_key=incoming.key,
        text=incoming.text,
        title=title_for(incoming.text, screened, street),
        reporter=_reporter(incoming),
        category=screened.category,
        department=screened.route.department,
        handler_id=screened.route.handler_id,
        urgency=screened.urgency,
        channel=IntakeChannel.API,
        is_complaint=screened.is_complaint,
        street=street,
        place_label=incoming.place,
        latitude=latitude,
        longitude=longitude,
        answers=incoming.answers,
        screening={
            "sure": not screened.proposals.get("not_sure", False),
            "category": screened.category.code if screened.category else "",
            "admissibility": screened.proposals.get("admissibility", {}),
        },
        routing=screened.route.as_dict(),
        area_id=area_id,
        competent_authority=competent,
    )

    def along(report: Report) -> None:
        keep(report.case, screened)

    return register_report(new, along)


def _find(words: str) -> tuple[float | None, float | None, str]:
    """The place of an address in words. What the address service does not know stays words: nothing is refused for it."""
    if plugged.addresses is None:
        return None, None, ""
    try:
        place = plugged.addresses.find(words)
    except AddressesUnavailable:
        return None, None, ""
    return (place.latitude, place.longitude, place.street) if place else (None, None, "")


def _reporter(incoming: Incoming) -> Reporter:
    return Reporter(
        first_name=incoming.first_name,
        last_name=incoming.last_name,
        email=incoming.email,
        mobile=incoming.mobile,
        wants_email=bool(incoming.email),
        wants_sms=bool(incoming.mobile) and not incoming.email,
    )
