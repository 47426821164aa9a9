"""What an adviser does: keep a draft, give the advice, complete or withdraw it until it was worked in, ask the citizen
(B3.1-B3.3). The same three ways in: page, personal link, API."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from django.db import IntegrityError, transaction

from meldloket.cases import clock, conversation, events
from meldloket.cases.change import changing
from meldloket.cases.lifecycle import EventKind, NotAllowed
from meldloket.cases.models import Attachment, Case, Report, ReporterQuestion, Visibility
from meldloket.people.roles import Actor

from . import telling
from .commands import complete
from .models import AdviceAnswer, AdvicePoint, AdviceQuestion, AdviceRequest, Verdict

#: Verdicts that mean nothing without a reason.
NEEDS_REASONS = (Verdict.CONDITIONAL, Verdict.UNFAVOURABLE, Verdict.NOT_COMPETENT)


@dataclass(frozen=True)
class Adviser:
    """Who answers: an account, or the service itself through a link or its system (`account_id` None)."""

    name: str
    account_id: int | None = None

    @property
    def actor(self) -> Actor:
        # "adviser" is no role of the matrix: it only marks that somebody, not the system, did this.
        return Actor(self.account_id, self.name, frozenset({"adviser"}))


@dataclass(frozen=True)
class Content:
    """What an adviser fills in. `conditions`: one thing that must be done each."""

    verdict: str = ""
    reasons: str = ""
    conditions: tuple[str, ...] = ()
    file_ids: tuple[int, ...] = field(default=())


def draft_of(request: AdviceRequest) -> AdviceAnswer | None:
    """What the adviser was writing, or None."""
    return request.answers.filter(state=AdviceAnswer.State.DRAFT).first()


def given(request: AdviceRequest) -> AdviceAnswer | None:
    """The advice that counts now, or None."""
    return request.answers.filter(state=AdviceAnswer.State.GIVEN).first()


def save_draft(request: AdviceRequest, content: Content, *, by: Adviser) -> AdviceAnswer:
    """Keeps what was written so far. Raises NotAllowed when the request is closed or worked in."""
    with transaction.atomic():
        current = _writable(request)
        answer = _draft(current)
        _write(answer, content, by, current)
        answer.save()
    return answer


def give(request: AdviceRequest, content: Content, *, by: Adviser, key: str = "") -> AdviceAnswer:
    """Gives the advice; an earlier one stays as a version. `key`: the same key again gives the same answer and changes
    nothing. Raises NotAllowed."""
    if key and (known := AdviceAnswer.objects.filter(key=key, request=request).first()):
        return known
    check(content)
    try:
        with changing(request.case) as case:
            current = _writable(request)
            if current.too_late(clock.today()):
                raise NotAllowed(
                    f"De termijn liep tot {current.due:%d/%m/%Y}. Vraag de behandelaar om meer tijd: "
                    "wat u schreef, kan u intussen bewaren."
                )
            answer = _draft(current)
            request.answers.filter(state=AdviceAnswer.State.GIVEN).update(state=AdviceAnswer.State.REPLACED)
            answer.state, answer.given_at, answer.key = AdviceAnswer.State.GIVEN, clock.now(), key or None
            _write(answer, content, by, current)
            answer.save()
            current.state, current.answered_at = AdviceRequest.State.ANSWERED, clock.now()
            current.save()
            _after(case, current, answer, by)
    except IntegrityError:
        again = AdviceAnswer.objects.filter(key=key, request=request).first() if key else None
        if again is None:
            raise
        return again
    return answer


def check(content: Content) -> None:
    """Raises NotAllowed for an advice with which the handler could do nothing."""
    if content.verdict not in Verdict.values:
        raise NotAllowed("Kies uw advies.")
    if content.verdict in NEEDS_REASONS and not content.reasons.strip():
        raise NotAllowed("Schrijf waarom: zonder uitleg kan de behandelaar niets met dit advies.")
    if content.verdict == Verdict.CONDITIONAL and not any(row.strip() for row in content.conditions):
        raise NotAllowed("Schrijf minstens één voorwaarde.")


def _writable(request: AdviceRequest) -> AdviceRequest:
    current = AdviceRequest.objects.select_for_update(of=("self",)).select_related("service").get(pk=request.pk)
    if current.state not in (AdviceRequest.State.OPEN, AdviceRequest.State.ANSWERED):
        raise NotAllowed(
            "Uw advies is al verwerkt: u kan het niet meer wijzigen. Neem contact op met de behandelaar."
            if current.state == AdviceRequest.State.WORKED_IN
            else "Deze adviesvraag is niet meer nodig."
        )
    return current


def _draft(request: AdviceRequest) -> AdviceAnswer:
    found = draft_of(request)
    if found is None:
        found = AdviceAnswer(request=request, number=request.answers.count() + 1)
    return found


def _write(answer: AdviceAnswer, content: Content, by: Adviser, request: AdviceRequest) -> None:
    answer.verdict = content.verdict if content.verdict in Verdict.values else ""
    answer.reasons = content.reasons.strip()
    answer.conditions = [row.strip() for row in content.conditions if row.strip()]
    answer.given_by_id, answer.given_by_name = by.account_id, by.name
    answer.save()
    if content.file_ids:
        files = Attachment.objects.filter(pk__in=content.file_ids, case=None)
        kept = list(files.values_list("pk", flat=True))
        files.update(case=request.case_id, added_by_reporter=False, visibility=Visibility.INTERNAL)
        answer.files.add(*kept)


def _after(case: Case, request: AdviceRequest, answer: AdviceAnswer, by: Adviser) -> None:
    data = {"request": request.pk, "service": request.service.name, "answer": answer.pk, "verdict": answer.verdict}
    events.append(case, EventKind.ADVICE_GIVEN, by.actor, text=answer.reasons, data=data)
    if answer.verdict == Verdict.UNFAVOURABLE:
        AdvicePoint.objects.update_or_create(
            request=request,
            defaults={
                "case": case,
                "text": f"Ongunstig advies van {request.service.name}: {answer.reasons}",
                "owner_id": case.handler_id,
                "opened_at": clock.now(),
                "settled_at": None,
            },
        )
        events.append(case, EventKind.POINT_OPENED, by.actor, text=answer.reasons, data=data)
    else:
        AdvicePoint.objects.filter(request=request, settled_at=None).update(
            settled_at=clock.now(), settled_text="De dienst gaf een nieuw advies.", settled_by_name=by.name
        )
    complete(case, by.actor)


def take_back(request: AdviceRequest, *, by: Adviser) -> AdviceRequest:
    """The adviser withdraws the given advice, until it was worked in; the request is open again."""
    with changing(request.case) as case:
        current = _writable(request)
        answer = given(current)
        if answer is None:
            raise NotAllowed("Er is geen advies om terug te nemen.")
        answer.state = AdviceAnswer.State.WITHDRAWN
        answer.save()
        current.state, current.answered_at = AdviceRequest.State.OPEN, None
        current.save()
        AdvicePoint.objects.filter(request=current, settled_at=None).update(
            settled_at=clock.now(), settled_text="De dienst nam het advies terug.", settled_by_name=by.name
        )
        data = {"request": current.pk, "service": current.service.name}
        events.append(case, EventKind.ADVICE_CHANGED, by.actor, text="Advies teruggenomen door de dienst.", data=data)
    return current


def ask_citizen(request: AdviceRequest, *, by: Adviser, report: Report, text: str, due: date) -> ReporterQuestion:
    """The adviser asks one reporter through the case (B3.3): the citizen sees which service asks and why, and who asks when
    the municipality shows names; the handler sees the exchange."""
    if request.state != AdviceRequest.State.OPEN:
        raise NotAllowed("Deze adviesvraag staat niet meer open.")
    if report.case_id != request.case_id:
        raise NotAllowed("Deze melder hoort niet bij dit dossier.")
    with transaction.atomic():
        question = conversation.ask_reporter(
            request.case, by=by.actor, report=report, text=text, due=due, asked_for=request.service.name
        )
        AdviceQuestion.objects.create(question=question, request=request)
    return question


def ask_more_time(request: AdviceRequest, *, by: Adviser, text: str) -> None:
    """The adviser can't make the term, or missed it: the handler hears why and decides. Raises NotAllowed."""
    if not text.strip():
        raise NotAllowed("Schrijf waarom u meer tijd nodig hebt.")
    with changing(request.case) as case:
        current = _writable(request)
        data = {"request": current.pk, "service": current.service.name}
        events.append(case, EventKind.ADVICE_CHANGED, by.actor, text=f"Vraagt meer tijd: {text.strip()}", data=data)
        telling.more_time(current, text.strip(), case.version)
