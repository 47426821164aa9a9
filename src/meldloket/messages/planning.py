"""What is told to whom about an event: deliveries and jobs planned in the very transaction of the command (design.md, "One
way for everything that happens")."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.conf import settings

from meldloket.cases import clock
from meldloket.cases.contact import code_for
from meldloket.cases.lifecycle import QUESTION_CODE, EventKind, state_of
from meldloket.cases.models import Case, CaseEvent, ContactVerification, Report, ReporterQuestion
from meldloket.catalogue.current import catalogue

from . import templates
from .dosis_body import CaseSnapshot, Manager, dosis_body, mbp_bundle, rising
from .email_html import email_html
from .jobs import defer
from .models import Delivery
from .ports import plugged
from .sms_text import sms_parts, to_gsm7
from .templates import MissingPlaceholder, fill, names_in
from .wording import (
    ACTIONS,
    EVALUATE_LABELS,
    EVALUATES,
    LINK_LABELS,
    TITLES,
    language_of,
    link_to,
    render,
    values_for,
    without_national_numbers,
)

__all__ = ["MissingPlaceholder", "forget_templates", "plan", "preview", "reachable", "sample"]

#: The events after which the citizen has an evaluation to fill in.
ASKS_EVALUATION = (EventKind.EVALUATION_INVITED, EventKind.EVALUATION_REMINDED)

#: How the reason of a delivery begins that was parked because its words were not complete.
UNFILLED = "Nog niet ingevuld:"


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
    EventKind.ADVICE_STARTED: Telling(dosis=True),
    EventKind.ADVICE_WORKED_IN: Telling(dosis=True, words=False),
    EventKind.ACTIONS_PROPOSED: Telling(dosis=True),
    EventKind.EXECUTION_STARTED: Telling(dosis=True, words=False),
    EventKind.AWAITING_DECISION: Telling(dosis=True),
    EventKind.PROPOSAL_WITHDRAWN: Telling(dosis=True, words=False),
    EventKind.DECISION_SCHEDULED: Telling(bell=True),
    EventKind.DECISION_ADJOURNED: Telling(bell=True),
    EventKind.APPROVED: Telling(dosis=True),
    EventKind.PARTLY_APPROVED: Telling(dosis=True),
    EventKind.REJECTED: Telling(dosis=True),
    EventKind.DECISION_PUBLISHED: Telling(bell=True),
    EventKind.REFERRED_FOLLOWED: Telling(bell=True),
    EventKind.REFERRED_CLOSED: Telling(dosis=True),
    EventKind.CLOSED: Telling(dosis=True),
    EventKind.REACTION_ANSWERED: Telling(bell=True),
    EventKind.EVALUATION_INVITED: Telling(dosis=True),
    EventKind.EVALUATION_REMINDED: Telling(bell=True),
    EventKind.EVALUATION_RECEIVED: Telling(dosis=True, words=False),
    EventKind.EVALUATION_EXPIRED: Telling(dosis=True, words=False),
    EventKind.EVALUATION_ANSWERED: Telling(bell=True),
    EventKind.GROUPED: Telling(dosis=True),
    EventKind.UNGROUPED: Telling(dosis=True),
}


def plan(event: CaseEvent, case: Case) -> None:
    """Listens to the core. Adds a delivery per reporter and channel, and one job for each. A member of staff whose words
    are not complete gets MissingPlaceholder, and the command is undone: nothing half-filled is ever sent. A citizen's own
    act is never refused for our words: the message is parked, and staff send it once the gap is filled."""
    if event.kind == EventKind.CONTACT_CHANGED:
        rows = _contact(event, case)
    elif (telling := TELLS.get(event.kind)) is not None:
        reports = [event.report] if event.report is not None else list(case.reports.select_related("reporter"))
        rows = [row for report in reports for row in _for_report(event, case, report, telling)]
    else:
        return
    if rows:
        Delivery.objects.bulk_create(rows)
        defer({(row.report_id, row.channel) for row in rows if row.state == Delivery.State.WAITING})


def _for_report(event: CaseEvent, case: Case, report: Report, telling: Telling) -> list[Delivery]:
    reporter = report.reporter
    if reporter is None:
        return []
    language = language_of(report)
    values = values_of(event, case, report, language)
    rows = []
    if reporter.number_id is not None and "dosis" in plugged and (telling.dosis or telling.bell):
        rows += _government(event, case, report, telling, values, language)
    for channel in _worded(report) if telling.words else ():
        if channel in plugged:
            rows.append(_message(event, report, channel, language, event.kind, case.category_id, values))
    return rows


def _worded(report: Report) -> list[str]:
    """The channels with words of our own that the reporter chose."""
    reporter = report.reporter
    if reporter is None:
        return []
    wanted = {"email": reporter.wants_email and reporter.email, "sms": reporter.wants_sms and reporter.mobile}
    return [channel for channel, address in wanted.items() if address]


def reachable(report: Report) -> bool:
    """Whether any message can reach who made this report; whoever can't be reached must be called."""
    reporter = report.reporter
    return reporter is not None and (reporter.number_id is not None or bool(_worded(report)))


def _by_hand(event: CaseEvent) -> bool:
    """Whether somebody of the office is looking at the form that this event comes from, and can mend its words."""
    return event.by_id is not None and not event.by_reporter and event.kind != EventKind.SUBMITTED


def values_of(event: CaseEvent, case: Case, report: Report, language: str) -> dict[str, str]:
    """What placeholders stand for in messages about this event. Raises MissingPlaceholder for a handler's words."""
    return values_for(case, report, event.text, language, event.data, by_reporter=event.by_reporter, strict=_by_hand(event))


def _message(
    event: CaseEvent,
    report: Report,
    channel: str,
    language: str,
    kind: str,
    category_id: int | None,
    values: dict[str, str],
    **more: Any,
) -> Delivery:
    """An e-mail or SMS; parked when it is not complete and nobody is there to be told."""
    try:
        subject, text = render(kind, channel, language, category_id, values)
    except MissingPlaceholder as missing:
        if _by_hand(event):
            raise
        subject, text = render(kind, channel, language, category_id, values, strict=False)
        more |= {"state": Delivery.State.PARKED, "problem": unfilled(missing)}
    return _row(event, report, channel, language, subject, text, **more)


def unfilled(missing: MissingPlaceholder) -> str:
    """Dutch, for staff: why the message did not go."""
    return f"{UNFILLED} {', '.join(missing.names)}. Vul dit aan en verstuur het bericht opnieuw."


def refill(delivery: Delivery) -> None:
    """Fills the words of a message that was parked because of a gap anew (not saved). Raises MissingPlaceholder."""
    event, report = delivery.event, delivery.report
    if event is None:
        return
    kind = str(event.kind)
    if kind == EventKind.CONTACT_CHANGED:
        values = _contact_values(event, report, delivery.recipient_override, delivery.language)
        kind = _contact_kind(event)
    else:
        values = values_of(event, report.case, report, delivery.language)
    delivery.subject, delivery.text = render(kind, delivery.channel, delivery.language, report.case.category_id, values)


def _row(event: CaseEvent, report: Report, channel: str, language: str, subject: str, text: str, **more: Any) -> Delivery:
    now = clock.now()
    return Delivery(
        report=report,
        event=event,
        channel=channel,
        language=language,
        subject=subject,
        text=text,
        planned_at=now,
        next_attempt_at=now,
        **more,
    )


def _government(
    event: CaseEvent, case: Case, report: Report, telling: Telling, values: dict[str, str], language: str
) -> list[Delivery]:
    """The snapshot for DOSIS, and a bundle for the bell where DOSIS itself says nothing."""
    try:
        _, detail = render(event.kind, "dosis", language, case.category_id, values)
    except MissingPlaceholder:
        if _by_hand(event):
            raise
        detail = ""  # the status itself is what counts; our own line beside it is optional
    snapshot = snapshot_of(case, report, detail, evaluate=event.kind in ASKS_EVALUATION)
    rows = []
    if telling.dosis:
        Report.objects.filter(pk=report.pk).update(dosis_changed_at=snapshot.changed_at)
        report.dosis_changed_at = snapshot.changed_at
        rows.append(_row(event, report, "dosis", language, "", detail, payload=dosis_body(snapshot)))
    if (telling.bell or not settings.DOSIS_NOTIFIES) and telling.words and "mbp" in plugged:
        label = LINK_LABELS[language]
        bundle = mbp_bundle(snapshot, brand=settings.MBP_BRAND, notified_at=clock.now(), link_name=label)
        rows.append(_row(event, report, "mbp", language, "", detail, payload=bundle))
    return rows


def snapshot_of(case: Case, report: Report, detail: str, *, evaluate: bool = False) -> CaseSnapshot:
    """The case as DOSIS gets it now for this reporter (specs/dosis 3.1); never personal data of anyone. `evaluate`: the
    citizen has something to do, namely to evaluate."""
    state, language = state_of(case.status, case.outcome), language_of(report)
    question = _open_question(case, report)
    town = catalogue().municipality
    department = case.department
    manager: Manager = {"name": f"Meldpunt {town.name}", "department": department.name if department else ""}
    for key, value in (("phone", town.phone), ("email", town.email), ("website", town.website)):
        if value:
            manager[key] = value  # type: ignore[literal-required]
    return CaseSnapshot(
        bron=settings.DOSIS_SOURCE,
        dossier_number=report.reference,
        title=TITLES[language].format(without_national_numbers(case.title)),
        changed_at=rising(clock.now(), report.dosis_changed_at),
        code=QUESTION_CODE if question else state.code,
        phase="Behandeling" if question else state.phase,
        detail=detail,
        action=ACTIONS[language] if question else EVALUATES[language] if evaluate else None,
        deep_link=link_to(report),
        product=(case.category.product if case.category else "") or settings.DOSIS_PRODUCT,
        manager=manager,
    )


def _open_question(case: Case, report: Report) -> ReporterQuestion | None:
    if not case.waiting_for_reporter:  # nobody was asked anything: spares a query at every new report
        return None
    return case.questions.filter(report=report, state=ReporterQuestion.State.OPEN).order_by("id").first()


def _contact(event: CaseEvent, case: Case) -> list[Delivery]:
    """A code to the new address; once it is confirmed, a warning to the old one."""
    report = event.report
    if report is None or report.reporter is None or event.data["channel"] not in plugged:
        return []
    target = event.data.get("verification" if _contact_kind(event) == "contact_code" else "old")
    if target is None:
        return []
    to = ContactVerification.objects.get(pk=target)
    language = language_of(report)
    values = _contact_values(event, report, to, language)
    return [_message(event, report, to.channel, language, _contact_kind(event), None, values, recipient_override=to)]


def _contact_kind(event: CaseEvent) -> str:
    return "contact_code" if event.data["stage"] == "requested" else "contact_warning"


def _contact_values(event: CaseEvent, report: Report, to: ContactVerification | None, language: str) -> dict[str, str]:
    values = values_for(report.case, report, "", language)
    return values if to is None or _contact_kind(event) != "contact_code" else {**values, "code": code_for(to)}


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
    """Per channel what the citizen will read when this event happens with this text; nothing is kept. `data`: what the
    event will hold (`due` of a question, `to` of a term, as ISO dates)."""
    reporter = report.reporter
    telling = TELLS.get(kind)
    if reporter is None or telling is None:
        return []
    ways = []
    if reporter.number_id is not None:
        ways.append(("dosis", ""))
    for channel in _worded(report) if telling.words else ():
        ways.append((channel, masked(reporter.email if channel == "email" else reporter.mobile)))
    return [
        _preview(case, report, kind, text, channel, recipient, data) for channel, recipient in ways if channel in plugged
    ]


def _preview(
    case: Case, report: Report, kind: str, text: str, channel: str, recipient: str, data: dict[str, Any] | None
) -> Preview:
    language = language_of(report)
    missing: list[str] = []
    try:
        values = values_for(case, report, text, language, data)
    except MissingPlaceholder as problem:
        missing = problem.names
        values = values_for(case, report, text, language, data, strict=False)
    try:
        subject, body = render(kind, channel, language, case.category_id, values)
    except MissingPlaceholder as problem:
        missing = [*missing, *(name for name in problem.names if name not in missing)]
        subject, body = render(kind, channel, language, case.category_id, values, strict=False)
    parts = sms_parts(body) if channel == "sms" else 0
    return Preview(channel, LABELS[channel], recipient, subject if channel == "email" else "", body, parts, missing=missing)


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
        missing=sorted(names_in(subject + body) - set(templates.SAMPLE)),
    )


def html_of(delivery: Delivery) -> str:
    """The HTML of an e-mail, made at the moment of sending; its button leads where the words do."""
    path = delivery.event.data.get("path") if delivery.event is not None else None
    labels = EVALUATE_LABELS if path else LINK_LABELS
    return email_html(
        delivery.subject,
        delivery.text,
        language=delivery.language,
        municipality=catalogue().municipality.name,
        link=settings.BASE_URL + path if path else link_to(delivery.report),
        link_label=labels.get(delivery.language, labels["nl"]),
    )


def forget_templates() -> None:
    """After an administrator saved a template."""
    templates.forget()
