"""What is told to whom about an event: deliveries and jobs planned in the very transaction of the command (design.md, "One
way for everything that happens")."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import override

from meldloket.cases import clock
from meldloket.cases.contact import code_for
from meldloket.cases.lifecycle import QUESTION_CODE, STATES, EventKind
from meldloket.cases.models import Case, CaseEvent, ContactVerification, Report, ReporterQuestion
from meldloket.catalogue.current import catalogue

from . import templates
from .dosis_body import CaseSnapshot, Manager, dosis_body, mbp_bundle, rising
from .email_html import email_html
from .models import Delivery
from .ports import plugged
from .sms_text import sms_parts, to_gsm7
from .templates import MissingPlaceholder, fill, text_for

__all__ = ["MissingPlaceholder", "forget_templates", "plan", "preview", "sample"]


@dataclass(frozen=True)
class Telling:
    """What happens for an event: `dosis`: a snapshot goes to DOSIS; `words`: e-mail and SMS as the reporter chose; `bell`:
    an own bundle to Mijn Burgerprofiel although DOSIS says nothing of it."""

    dosis: bool = False
    words: bool = True
    bell: bool = False


#: The events that concern a reporter (specs/dosis 5.6). What is not here is told to nobody.
TELLS: dict[str, Telling] = {
    EventKind.SUBMITTED: Telling(dosis=True),
    EventKind.ADMISSIBLE: Telling(dosis=True),
    EventKind.INADMISSIBLE: Telling(dosis=True),
    EventKind.ASSESSMENT_STARTED: Telling(dosis=True),
    EventKind.MADE_COMPLAINT: Telling(bell=True),
    EventKind.QUESTION_ASKED: Telling(dosis=True),
    EventKind.QUESTION_REMINDED: Telling(bell=True),
    EventKind.QUESTION_EXTENDED: Telling(bell=True),
    EventKind.QUESTION_ANSWERED: Telling(dosis=True, words=False),
    EventKind.QUESTION_CLOSED: Telling(dosis=True),
    EventKind.TERM_EXTENDED: Telling(bell=True),
    EventKind.WITHDRAWN: Telling(dosis=True),
    EventKind.REOPENED: Telling(dosis=True),
}


def plan(event: CaseEvent, case: Case) -> None:
    """Listens to the core. Adds a delivery per reporter and channel, and one job for each, or raises MissingPlaceholder so
    that the command is undone: nothing half-filled is ever sent."""
    if event.kind == EventKind.CONTACT_CHANGED:
        rows = _contact(event, case)
    elif (telling := TELLS.get(event.kind)) is not None:
        reports = [event.report] if event.report is not None else list(case.reports.select_related("reporter"))
        rows = [row for report in reports for row in _for_report(event, case, report, telling)]
    else:
        return
    if rows:
        Delivery.objects.bulk_create(rows)
        from .tasks import defer

        defer({(row.report_id, row.channel) for row in rows})


def _for_report(event: CaseEvent, case: Case, report: Report, telling: Telling) -> list[Delivery]:
    reporter = report.reporter
    if reporter is None:
        return []
    language = reporter.language or "nl"
    values = values_for(case, report, event.kind, event.text, language, event.data)
    rows = []
    if reporter.number_id is not None and "dosis" in plugged and (telling.dosis or telling.bell):
        rows += _government(event, case, report, telling, values, language)
    if not telling.words:
        return rows
    for channel, wanted in (
        ("email", reporter.wants_email and reporter.email),
        ("sms", reporter.wants_sms and reporter.mobile),
    ):
        if wanted and channel in plugged:
            subject, text = render(event.kind, channel, language, case.category_id, values)
            rows.append(_row(event, report, channel, language, subject, text))
    return rows


def _row(event: CaseEvent, report: Report, channel: str, language: str, subject: str, text: str, **more: Any) -> Delivery:
    now = clock.now()
    return Delivery(
        report=report,
        event=event,
        channel=channel,
        language=language,
        subject=subject[:255],
        text=to_gsm7(text) if channel == "sms" else text,
        planned_at=now,
        next_attempt_at=now,
        **more,
    )


def _government(
    event: CaseEvent, case: Case, report: Report, telling: Telling, values: dict[str, str], language: str
) -> list[Delivery]:
    """The snapshot for DOSIS, and a bundle for the bell where DOSIS itself says nothing."""
    _, detail = render(event.kind, "dosis", language, case.category_id, values)
    snapshot = snapshot_of(case, report, detail)
    rows = []
    if telling.dosis:
        Report.objects.filter(pk=report.pk).update(dosis_changed_at=snapshot.changed_at)
        report.dosis_changed_at = snapshot.changed_at
        rows.append(_row(event, report, "dosis", language, "", detail, payload=dosis_body(snapshot)))
    if (telling.bell or not settings.DOSIS_NOTIFIES) and telling.words and "mbp" in plugged:
        bundle = mbp_bundle(snapshot, brand=settings.MBP_BRAND, notified_at=clock.now(), link_name="Bekijk uw melding")
        rows.append(_row(event, report, "mbp", language, "", detail, payload=bundle))
    return rows


def snapshot_of(case: Case, report: Report, detail: str) -> CaseSnapshot:
    """The case as DOSIS gets it now for this reporter (specs/dosis 3.1); never personal data of anyone."""
    state = STATES[case.status]
    question = case.questions.filter(report=report, state=ReporterQuestion.State.OPEN).order_by("id").first()
    town = catalogue().municipality
    department = case.department
    manager: Manager = {"name": f"Meldpunt {town.name}", "department": department.name if department else ""}
    for key, value in (("phone", town.phone), ("email", town.email), ("website", town.website)):
        if value:
            manager[key] = value  # type: ignore[literal-required]
    return CaseSnapshot(
        bron=settings.DOSIS_SOURCE,
        dossier_number=report.reference,
        title=f"Melding: {case.title}",
        changed_at=rising(clock.now(), report.dosis_changed_at),
        code=QUESTION_CODE if question else state.code,
        phase="Behandeling" if question else state.phase,
        detail=detail,
        action="Beantwoord de vraag van de gemeente." if question else None,
        deep_link=link_to(report),
        product=(case.category.product if case.category else "") or settings.DOSIS_PRODUCT,
        manager=manager,
    )


def link_to(report: Report) -> str:
    """Where the citizen finds the report: the page logs in by itself."""
    return f"{settings.BASE_URL}/mijn/{report.reference}/"


def values_for(
    case: Case, report: Report, kind: str, text: str, language: str, data: dict[str, Any] | None = None
) -> dict[str, str]:
    """Everything that placeholders can stand for."""
    data = data or {}
    town = catalogue().municipality
    with override(language):
        values = {
            "referentie": report.reference,
            "titel": case.title,
            "categorie": case.category.name if case.category else case.title,
            "dienst": case.department.name if case.department else town.name,
            "plaats": case.place_label,
            "streefdatum": date_format(case.target_date, "j F Y") if case.target_date else "",
            "link": link_to(report),
            "gemeente": town.name,
            "telefoon": town.phone,
            "antwoorddatum": date_format(date.fromisoformat(data["due"]), "j F Y") if data.get("due") else "",
        }
    # The handler's own text may hold placeholders too (standard texts do).
    values["tekst"] = fill(text, values) if text else ""
    values["vraag"] = values["tekst"]
    return values


def render(kind: str, channel: str, language: str, category_id: int | None, values: dict[str, str]) -> tuple[str, str]:
    """Subject and text of a message. Raises MissingPlaceholder."""
    template = text_for(kind, channel, language, category_id)
    return fill(template.subject, values), fill(template.body, values)


def _contact(event: CaseEvent, case: Case) -> list[Delivery]:
    """A code to the new address; once it is confirmed, a warning to the old one."""
    report = event.report
    if report is None or report.reporter is None or event.data["channel"] not in plugged:
        return []
    requested = event.data["stage"] == "requested"
    target = event.data.get("verification" if requested else "old")
    if target is None:
        return []
    verification = ContactVerification.objects.get(pk=target)
    language = report.reporter.language
    values = values_for(case, report, event.kind, "", language)
    values["code"] = code_for(verification)
    kind = "contact_code" if requested else "contact_warning"
    subject, text = render(kind, verification.channel, language, None, values)
    return [_row(event, report, verification.channel, language, subject, text, recipient_override=verification)]


@dataclass(frozen=True)
class Preview:
    """What a citizen will read through one channel. `recipient` is masked; `missing`: placeholders that block sending."""

    channel: str
    label: str
    recipient: str
    subject: str
    text: str
    parts: int = 0
    html: str = ""
    missing: list[str] = field(default_factory=list)


LABELS = {"dosis": "Mijn Burgerprofiel", "mbp": "Mijn Burgerprofiel", "email": "E-mail", "sms": "Sms"}


def preview(case: Case, kind: str, text: str, report: Report, data: dict[str, Any] | None = None) -> list[Preview]:
    """Per channel what the citizen will read when this event happens with this text; nothing is kept."""
    reporter = report.reporter
    telling = TELLS.get(kind)
    if reporter is None or telling is None:
        return []
    language = reporter.language or "nl"
    ways = []
    if reporter.number_id is not None:
        ways.append(("dosis", ""))
    if telling.words and reporter.wants_email and reporter.email:
        ways.append(("email", masked(reporter.email)))
    if telling.words and reporter.wants_sms and reporter.mobile:
        ways.append(("sms", masked(reporter.mobile)))
    return [_preview(case, report, kind, text, channel, recipient, language, data) for channel, recipient in ways]


def _preview(
    case: Case,
    report: Report,
    kind: str,
    text: str,
    channel: str,
    recipient: str,
    language: str,
    data: dict[str, Any] | None,
) -> Preview:
    missing: list[str] = []
    try:
        values = values_for(case, report, kind, text, language, data)
    except MissingPlaceholder as problem:
        missing = problem.names
        values = {**values_for(case, report, kind, "", language, data), "tekst": text, "vraag": text}
    template = text_for(kind, channel, language, case.category_id)
    body = fill(template.body, values, strict=False)
    return Preview(
        channel,
        LABELS[channel],
        recipient,
        fill(template.subject, values, strict=False) if channel == "email" else "",
        body,
        sms_parts(to_gsm7(body)) if channel == "sms" else 0,
        missing=missing,
    )


def masked(address: str) -> str:
    """Enough to recognise an address, not enough to use it: l…@example.org, …56."""
    if "@" in address:
        name, _, domain = address.partition("@")
        return f"{name[:1]}…@{domain}"
    return f"…{address[-2:]}"


def sample(kind: str, channel: str, language: str, subject: str, body: str) -> Preview:
    """A template that is being edited, with made-up values."""
    values = {**templates.SAMPLE, "gemeente": catalogue().municipality.name}
    text = fill(body, values, strict=False)
    return Preview(
        channel,
        LABELS.get(channel, channel),
        "",
        fill(subject, values, strict=False),
        text,
        sms_parts(to_gsm7(text)) if channel == "sms" else 0,
        missing=sorted(templates.names_in(subject + body) - set(templates.SAMPLE)),
    )


def html_of(delivery: Delivery) -> str:
    """The HTML of an e-mail, made at the moment of sending."""
    return email_html(
        delivery.subject,
        delivery.text,
        language=delivery.language,
        municipality=catalogue().municipality.name,
        link=link_to(delivery.report),
        link_label=templates.LINK_LABELS[delivery.language],
    )


def forget_templates() -> None:
    """After an administrator saved a template."""
    templates.forget()
