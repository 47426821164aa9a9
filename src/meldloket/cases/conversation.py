"""Question and answer between handler and citizen, with a term, inside the case (B2.2); and evidence that the citizen
adds of their own accord until the decision. No free chat: handling must not be disturbed (wishes.md)."""

from __future__ import annotations

from datetime import date

from meldloket.people.roles import SYSTEM, Actor, Role

from . import clock, events, terms
from .change import changing
from .lifecycle import EventKind, NotAllowed
from .models import Attachment, Case, Report, ReporterQuestion

#: Working days before the term at which the citizen is reminded.
REMIND_BEFORE = 2


def ask_reporter(
    case: Case,
    *,
    by: Actor,
    report: Report,
    text: str,
    due: date,
    seen_version: int | None = None,
    asked_for: str = "",
) -> ReporterQuestion:
    """The handler asks one reporter for more explanation or evidence (B2.2); the terms stand still meanwhile. `asked_for`:
    the advising service on whose behalf it is asked (B3.3); the reporter reads who wants to know."""
    if not text.strip():
        raise NotAllowed("Schrijf uw vraag.")
    if due <= clock.today():
        raise NotAllowed("Kies een dag in de toekomst om te antwoorden.")
    with changing(case, seen_version=seen_version) as fresh:
        if not (asked_for or by.has(Role.HANDLER)) or fresh.ended:
            raise NotAllowed("Op deze melding kan u geen vraag stellen.")
        question = ReporterQuestion.objects.create(
            case=fresh,
            report=report,
            asked_by_id=by.account_id,
            asked_by_name=by.name,
            asked_for=asked_for,
            asked_at=clock.now(),
            text=text,
            due=due,
        )
        fresh.waiting_for_reporter = True
        terms.suspend(fresh)
        events.append(
            fresh,
            EventKind.QUESTION_ASKED,
            by,
            report=report,
            text=_introduced(text, asked_for, report.language),
            data={"question": question.pk, "due": due.isoformat()},
            visible_to_reporter=True,
        )
    return question


#: Before the question of an advising service, so that the reporter knows who asks and why.
INTRODUCTIONS = {
    "nl": "{} vraagt dit om advies te kunnen geven:",
    "en": "{} asks this in order to give its advice:",
    "fr": "{} demande ceci pour pouvoir donner son avis :",
    "de": "{} fragt dies, um Stellung nehmen zu können:",
}


def _introduced(text: str, asked_for: str, language: str) -> str:
    if not asked_for:
        return text
    return INTRODUCTIONS.get(language, INTRODUCTIONS["nl"]).format(asked_for) + "\n" + text


def answer_question(question: ReporterQuestion, *, by: Actor, text: str, attachment_ids: list[int] | None = None) -> Case:
    """The citizen answers; the same answer twice changes nothing. Late answers are welcome while the case is open."""
    with changing(question.case) as fresh:
        current = ReporterQuestion.objects.select_for_update().get(pk=question.pk)
        if current.state == ReporterQuestion.State.ANSWERED and current.answer == text:
            return fresh
        if current.state != ReporterQuestion.State.OPEN or fresh.ended:
            raise NotAllowed("Deze vraag is al afgesloten. U kan wel nog informatie toevoegen aan uw melding.")
        current.state = ReporterQuestion.State.ANSWERED
        current.answer, current.answered_at = text, clock.now()
        current.save()
        if attachment_ids:
            Attachment.objects.filter(pk__in=attachment_ids, case=None).update(
                case=fresh, report=current.report, question=current
            )
        _after_question(fresh)
        events.append(
            fresh,
            EventKind.QUESTION_ANSWERED,
            by,
            report=current.report,
            text=text,
            data={"question": current.pk, "attachments": len(attachment_ids or [])},
            visible_to_reporter=True,
            by_reporter=True,
        )
    return fresh


def close_question(question: ReporterQuestion, *, by: Actor, seen_version: int | None = None) -> Case:
    """The handler goes on without the answer."""
    with changing(question.case, seen_version=seen_version) as fresh:
        current = ReporterQuestion.objects.select_for_update().get(pk=question.pk)
        if current.state != ReporterQuestion.State.OPEN:
            raise NotAllowed("Deze vraag is al beantwoord of afgesloten.")
        current.state = ReporterQuestion.State.CLOSED
        current.save()
        _after_question(fresh)
        events.append(
            fresh,
            EventKind.QUESTION_CLOSED,
            by,
            report=current.report,
            data={"question": current.pk},
            visible_to_reporter=True,
        )
    return fresh


def _after_question(case: Case) -> None:
    if not case.questions.filter(state=ReporterQuestion.State.OPEN).exists():
        case.waiting_for_reporter = False
        terms.resume(case)


def extend_question(question: ReporterQuestion, *, by: Actor, due: date, by_reporter: bool = False) -> Case:
    """More time to answer; the citizen can take it once themselves, the handler as often as needed."""
    with changing(question.case) as fresh:
        current = ReporterQuestion.objects.select_for_update().get(pk=question.pk)
        if current.state != ReporterQuestion.State.OPEN or due <= current.due:
            raise NotAllowed("De termijn van deze vraag kan niet (meer) verlengd worden.")
        if (
            by_reporter
            and fresh.events.filter(kind=EventKind.QUESTION_EXTENDED, by_reporter=True, data__question=current.pk).exists()
        ):
            raise NotAllowed("U kreeg al extra tijd. Vraag de gemeente als u nog meer tijd nodig hebt.")
        current.due, current.reminded_at = due, None
        current.save()
        events.append(
            fresh,
            EventKind.QUESTION_EXTENDED,
            by,
            report=current.report,
            data={"question": current.pk, "due": due.isoformat()},
            visible_to_reporter=True,
            by_reporter=by_reporter,
        )
    return fresh


def remind_due_questions() -> int:
    """Reminds, once per term, every citizen whose answer is due in two working days or less. Run daily. Gives how many."""
    horizon = terms.add_working_days(clock.today(), REMIND_BEFORE)
    waiting = ReporterQuestion.objects.filter(
        state=ReporterQuestion.State.OPEN, reminded_at=None, due__lte=horizon
    ).select_related("case", "report")
    count = 0
    for question in waiting:
        with changing(question.case) as fresh:
            current = ReporterQuestion.objects.select_for_update().get(pk=question.pk)
            if current.state != ReporterQuestion.State.OPEN or current.reminded_at is not None:
                continue
            current.reminded_at = clock.now()
            current.save(update_fields=["reminded_at"])
            events.append(
                fresh,
                EventKind.QUESTION_REMINDED,
                SYSTEM,
                report=current.report,
                text=current.text,
                data={"question": current.pk, "due": current.due.isoformat()},
                visible_to_reporter=True,
            )
            count += 1
    return count


def add_evidence(report: Report, *, by: Actor, text: str, attachment_ids: list[int] | None = None) -> Case:
    """The citizen adds text or files to an open report, asked or not."""
    if not text.strip() and not attachment_ids:
        raise NotAllowed("Schrijf iets of voeg een bestand toe.")
    with changing(report.case) as fresh:
        if fresh.ended:
            raise NotAllowed("Deze melding is afgesloten; u kan er niets meer aan toevoegen.")
        if attachment_ids:
            Attachment.objects.filter(pk__in=attachment_ids, case=None).update(case=fresh, report=report)
        events.append(
            fresh,
            EventKind.EVIDENCE_ADDED,
            by,
            report=report,
            text=text,
            data={"attachments": len(attachment_ids or [])},
            visible_to_reporter=True,
            by_reporter=True,
        )
    return fresh
