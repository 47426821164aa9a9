"""What an adviser sees of a case: only what the handler ticked (B2.6), built in one place for page, link and API."""

from __future__ import annotations

from dataclasses import dataclass, field

from meldloket.cases.models import Attachment

from .models import AdviceAnswer, AdviceRequest, Share


@dataclass(frozen=True)
class SharedReport:
    """The words of one report; names only when identity is shared."""

    reference: str
    text: str = ""
    observed: str = ""
    answers: tuple[tuple[str, str], ...] = ()
    reporter: str = ""
    contact: tuple[str, ...] = ()


@dataclass(frozen=True)
class SharedCase:
    """All that an adviser gets. `category` and `submitted` are always there: without them a question means nothing."""

    category: str
    submitted: str  # ISO date
    place: str = ""
    latitude: float | None = None
    longitude: float | None = None
    reports: tuple[SharedReport, ...] = ()
    files: tuple[Attachment, ...] = ()
    advices: tuple[AdviceAnswer, ...] = field(default=())


def shared_case(request: AdviceRequest) -> SharedCase:
    """What `request` shows. Five queries at the most, whatever the case holds."""
    case = request.case
    text, identity = request.shares(Share.TEXT), request.shares(Share.IDENTITY)
    reports = []
    if text or identity:
        for report in case.reports.select_related("reporter").order_by("id"):
            person = report.reporter if identity else None
            reports.append(
                SharedReport(
                    reference=report.reference,
                    text=report.text if text else "",
                    observed=report.observed if text else "",
                    answers=tuple((row["question"], str(row["answer"])) for row in report.answers) if text else (),
                    reporter=person.full_name if person else "",
                    contact=tuple(part for part in (person.email, person.mobile) if part) if person else (),
                )
            )
    place = request.shares(Share.PLACE)
    return SharedCase(
        category=case.category.name if case.category else "",
        submitted=case.submitted_at.date().isoformat(),
        place=case.place_label if place else "",
        latitude=case.latitude if place else None,
        longitude=case.longitude if place else None,
        reports=tuple(reports),
        files=tuple(shared_files(request)),
        advices=tuple(_other_advices(request)),
    )


def shared_files(request: AdviceRequest) -> list[Attachment]:
    """The files of the reporters, when they are shared; never files of other advisers or of the work."""
    if not request.shares(Share.PHOTOS):
        return []
    return list(request.case.attachments.filter(added_by_reporter=True).order_by("id"))


def _other_advices(request: AdviceRequest) -> list[AdviceAnswer]:
    if not request.shares(Share.ADVICES):
        return []
    rows = AdviceAnswer.objects.filter(request__case_id=request.case_id, state=AdviceAnswer.State.GIVEN)
    return list(rows.exclude(request=request).select_related("request__service").order_by("given_at"))
