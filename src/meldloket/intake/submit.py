"""From a filled-in draft to a registered case: screened and routed first, then all in one transaction (B1.4-B1.6)."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Any

from meldloket.cases.commands import NewReport, register_report
from meldloket.cases.models import IntakeChannel, Report
from meldloket.catalogue.current import Catalogue, catalogue
from meldloket.catalogue.geography import Geography, Located
from meldloket.people.models import Reporter
from meldloket.people.roles import Actor
from meldloket.screening.commands import Screened, keep, screen_report

from .models import Draft

#: Steps of the form, in order; a report needs those of REQUIRED.
STEPS = ("what", "where", "when", "files", "questions", "me", "contact", "review")
REQUIRED = ("what", "where", "me", "contact")


class Incomplete(Exception):
    """The draft misses a step; `step` is the first."""

    def __init__(self, step: str) -> None:
        super().__init__(step)
        self.step = step


@lru_cache(maxsize=2)
def _geography(key: tuple[int, int]) -> Geography:
    known = catalogue()
    areas = {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "properties": {"code": area.code, "name": area.name}, "geometry": area.geometry}
            for area in known.areas
        ],
    }
    place = known.municipality
    return Geography(place.boundary, areas, place.neighbours, place.authorities)


def locate(latitude: float, longitude: float) -> Located:
    """Where a point lies: inside the municipality, in which area, or whose it is otherwise."""
    known = catalogue()
    return _geography((id(known.municipality), len(known.areas))).locate(latitude, longitude)


def missing_step(draft: Draft) -> str | None:
    """The first step that still must be filled in; None when the draft can be sent."""
    return next((step for step in REQUIRED if not draft.data.get(step)), None)


def submit(draft: Draft, *, by: Actor | None, submitted_at: datetime | None = None) -> tuple[Report, bool]:
    """Registers the draft as a report. Sending twice gives the same report and False. `by`: the member of staff who
    registers for somebody, None for the citizen. Raises Incomplete."""
    if draft.report is not None:
        return draft.report, False
    if (step := missing_step(draft)) is not None:
        raise Incomplete(step)
    known = catalogue()
    where = draft.data["where"]
    area_id, competent = None, where.get("competent", "")
    if where.get("latitude") is not None:
        located = locate(where["latitude"], where["longitude"])
        area_id = next((area.pk for area in known.areas if area.code == located.area_code), None)
        competent = located.competent or competent
    what = draft.data["what"]
    screened = screen_report(what["text"], chosen_category=what.get("category", ""), area_id=area_id)
    new = _new_report(draft, screened, known, by)
    new.area_id, new.competent_authority, new.submitted_at = area_id, competent, submitted_at

    def along(report: Report) -> None:
        keep(report.case, screened)
        Draft.objects.filter(pk=draft.pk).update(report=report)

    report, is_new = register_report(new, along)
    draft.report = report
    return report, is_new


def _new_report(draft: Draft, screened: Screened, known: Catalogue, by: Actor | None) -> NewReport:
    what, where = draft.data["what"], draft.data["where"]
    language = draft.data["contact"].get("language", "nl")
    return NewReport(
        submission_key=draft.public_id,
        text=what["text"],
        title=title_for(what["text"], screened, where.get("street", "")),
        reporter=_reporter(draft),
        category=screened.category,
        department=screened.route.department,
        handler_id=screened.route.handler_id,
        urgency=screened.urgency,
        channel=draft.channel,
        is_complaint=screened.is_complaint,
        street=where.get("street", ""),
        place_label=where.get("label", ""),
        latitude=where.get("latitude"),
        longitude=where.get("longitude"),
        observed=draft.data.get("when", {}).get("text", ""),
        answers=_answers(draft, screened, known),
        language=language,
        registered_by=by if draft.channel in (IntakeChannel.DESK, IntakeChannel.PHONE) else None,
        screening={
            "sure": not screened.proposals.get("not_sure", False),
            "category": screened.category.code if screened.category else "",
            "admissibility": screened.proposals.get("admissibility", {}),
        },
        routing=screened.route.as_dict(),
        attachment_ids=list(draft.files.values_list("attachment_id", flat=True)),
    )


def title_for(text: str, screened: Screened, street: str) -> str:
    """How lists and messages call the report: its category and street, or else its first words."""
    name = screened.category.name if screened.category else " ".join(text.split()[:8])[:80]
    return f"{name}, {street}" if street else name


def _answers(draft: Draft, screened: Screened, known: Catalogue) -> list[dict[str, Any]]:
    """The answers with the words of their questions: a question that is reworded later changes no old report."""
    given = draft.data.get("questions", {})
    category = screened.category
    questions = known.questions.get(category.pk, ()) if category else ()
    return [
        {"code": question.code, "question": question.label, "answer": given[question.code]}
        for question in questions
        if given.get(question.code) not in (None, "")
    ]


def _reporter(draft: Draft) -> Reporter:
    me, contact, register = draft.data["me"], draft.data["contact"], draft.register
    fetched = register.get("fetched_at")
    return Reporter(
        account_id=draft.account_id,
        number_id=draft.number_id,
        first_name=me.get("first_name", ""),
        last_name=me.get("last_name", ""),
        address=me.get("address", {}),
        register_first_name=register.get("first_name", ""),
        register_last_name=register.get("last_name", ""),
        register_address=register.get("address", {}),
        register_fetched_at=datetime.fromisoformat(fetched) if fetched else None,
        email=contact.get("email", ""),
        mobile=contact.get("mobile", ""),
        language=contact.get("language", "nl"),
        wants_email=bool(contact.get("wants_email", True) and contact.get("email")),
        wants_sms=bool(contact.get("wants_sms") and contact.get("mobile")),
    )
