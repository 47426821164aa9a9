"""What the handler does with advice: ask, prolong, remind, withdraw, go on without, work in, settle points (B2.5-B3.5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from meldloket.cases import clock, events, terms
from meldloket.cases.change import changing, move
from meldloket.cases.lifecycle import EventKind, NotAllowed, Status
from meldloket.cases.models import Case
from meldloket.catalogue.models import AdviceService
from meldloket.people.roles import SYSTEM, Actor, Role

from . import links, telling
from .models import AdvicePoint, AdviceRequest, AdviceSummary, Share

#: Statuses in which advice can be asked; from the first two the case moves to "in advice".
ASKABLE = (Status.ADMISSIBLE, Status.IN_ASSESSMENT, Status.IN_ADVICE, Status.ACTIONS_PROPOSED, Status.IN_EXECUTION)


@dataclass(frozen=True)
class Ask:
    """What is asked of one service. `share`: values of models.Share; identity only with `identity_reason`."""

    service: AdviceService
    question: str
    due: date
    share: tuple[str, ...]
    identity_reason: str = ""


def ask(case: Case, asks: list[Ask], *, by: Actor, text: str = "", seen_version: int | None = None) -> list[AdviceRequest]:
    """Asks one or more services at once. `text`: what the citizen reads beside the standard words, when the case goes into
    advice. Raises NotAllowed; ChangedMeanwhile."""
    _check(asks)
    with changing(case, seen_version=seen_version) as fresh:
        if fresh.status not in ASKABLE or not by.has(Role.HANDLER):
            raise NotAllowed("In deze stap kan u geen advies vragen.")
        busy = fresh.advice_requests.filter(state=AdviceRequest.State.OPEN, service__in=[one.service for one in asks])
        if busy.exists():
            raise NotAllowed("Bij een van deze diensten staat al een adviesvraag open. Verleng die, of trek ze eerst in.")
        if fresh.status in (Status.ADMISSIBLE, Status.IN_ASSESSMENT):
            move(fresh, "start_advice", by, text=text)
        return [_request(fresh, one, by) for one in asks]


def _check(asks: list[Ask]) -> None:
    if not asks:
        raise NotAllowed("Kies minstens één dienst.")
    for one in asks:
        if not one.question.strip():
            raise NotAllowed("Schrijf wat u wil weten.")
        if one.due <= clock.today():
            raise NotAllowed("Kies een termijn in de toekomst.")
        if Share.IDENTITY in one.share and len(one.identity_reason.strip()) < 5:
            raise NotAllowed("Zeg waarom de dienst moet weten wie de melder is.")


def _request(case: Case, one: Ask, by: Actor) -> AdviceRequest:
    request = AdviceRequest.objects.create(
        case=case,
        service=one.service,
        question=one.question,
        share=[str(what) for what in one.share],
        identity_reason=one.identity_reason if Share.IDENTITY in one.share else "",
        asked_by_id=by.account_id,
        asked_by_name=by.name,
        asked_at=clock.now(),
        due=one.due,
    )
    events.append(
        case,
        EventKind.ADVICE_ASKED,
        by,
        text=one.question,
        data={"request": request.pk, "service": one.service.name, "due": one.due.isoformat()},
    )
    telling.asked(request)
    return request


def prolong(request: AdviceRequest, *, by: Actor, due: date, why: str) -> AdviceRequest:
    """More time for the adviser. Raises NotAllowed."""
    with changing(request.case) as case:
        current = _open(request)
        if due <= current.due:
            raise NotAllowed("Kies een latere datum dan de huidige termijn.")
        current.due, current.reminded_at, current.overdue_told_at = due, None, None
        current.save()
        _changed(case, current, by, f"Termijn verlengd tot {due:%d/%m/%Y}. {why}".strip())
        telling.prolonged(current)
    return current


def renew_link(request: AdviceRequest, *, by: Actor, send: bool) -> AdviceRequest:
    """Takes back the personal links of a request: one went to the wrong person, or was lost. `send`: a new one goes to the
    service. Raises NotAllowed."""
    if not by.has(Role.HANDLER):
        raise NotAllowed("U hebt daar geen rechten voor.")
    with changing(request.case) as case:
        current = _open(request)
        if current.service.way != AdviceService.Way.LINK:
            raise NotAllowed("Deze dienst werkt niet met een persoonlijke link.")
        links.revoke(current)
        _changed(case, current, by, "Persoonlijke link ingetrokken" + (" en een nieuwe verstuurd" if send else ""))
        if send:
            telling.link_again(current, case.version)
    return current


def withdraw(request: AdviceRequest, *, by: Actor, why: str) -> AdviceRequest:
    """The question is no longer needed; the adviser is told."""
    return _close(request, AdviceRequest.State.WITHDRAWN, by, why)


def go_on_without(request: AdviceRequest, *, by: Actor, why: str) -> AdviceRequest:
    """The handler does not wait any longer; the adviser is told, and the case says so."""
    return _close(request, AdviceRequest.State.SKIPPED, by, why)


def _close(request: AdviceRequest, state: AdviceRequest.State, by: Actor, why: str) -> AdviceRequest:
    if not why.strip():
        raise NotAllowed("Zeg waarom: de dienst leest dat.")
    with changing(request.case) as case:
        current = _open(request)
        current.state, current.closed_reason = state, why.strip()[:300]
        current.save()
        _changed(case, current, by, f"{state.label}: {why}")
        telling.closed(current)
        complete(case, by)
    return current


def _open(request: AdviceRequest) -> AdviceRequest:
    current = AdviceRequest.objects.select_for_update().get(pk=request.pk)
    if current.state != AdviceRequest.State.OPEN:
        raise NotAllowed(f"Deze adviesvraag staat niet meer open: {current.get_state_display().lower()}.")
    current.service = request.service
    return current


def _changed(case: Case, request: AdviceRequest, by: Actor, text: str) -> None:
    data = {"request": request.pk, "service": request.service.name}
    events.append(case, EventKind.ADVICE_CHANGED, by, text=text, data=data)


def complete(case: Case, by: Actor) -> None:
    """Tells the handler when nothing is open any more and something came in. Call inside the command's transaction."""
    states = set(case.advice_requests.values_list("state", flat=True))
    if AdviceRequest.State.OPEN in states or AdviceRequest.State.ANSWERED not in states:
        return
    events.append(case, EventKind.ADVICE_COMPLETE, by)
    telling.complete(case)


def work_in(case: Case, *, by: Actor, summary: str, seen_version: int | None = None) -> Case:
    """The handler weighs the advices: a summary that feeds decision and actions; what was answered can no longer be changed
    by the adviser (B3.4). Raises NotAllowed while a question is open."""
    if not summary.strip():
        raise NotAllowed("Schrijf een samenvatting: ze komt in het dossier en later in het besluit.")
    with changing(case, seen_version=seen_version) as fresh:
        if fresh.advice_requests.filter(state=AdviceRequest.State.OPEN).exists():
            raise NotAllowed("Er staat nog een adviesvraag open. Wacht, of ga verder zonder dat advies.")
        AdviceSummary.objects.create(case=fresh, text=summary, made_by_name=by.name, made_at=clock.now())
        fresh.advice_requests.filter(state=AdviceRequest.State.ANSWERED).update(state=AdviceRequest.State.WORKED_IN)
        if fresh.status == Status.IN_ADVICE:
            move(fresh, "work_in_advice", by, text=summary, visible_to_reporter=False)
        elif not by.has(Role.HANDLER):
            raise NotAllowed("U hebt daar geen rechten voor.")
        else:
            events.append(fresh, EventKind.ADVICE_WORKED_IN, by, text=summary)
    return fresh


def settle_point(point: AdvicePoint, *, by: Actor, text: str) -> AdvicePoint:
    """How an unfavourable advice was dealt with. Settled twice changes nothing."""
    if not text.strip():
        raise NotAllowed("Zeg hoe u met dit ongunstige advies omgaat.")
    with changing(point.case) as case:
        current = AdvicePoint.objects.select_for_update(of=("self",)).select_related("request__service").get(pk=point.pk)
        if current.settled_at is None:
            current.settled_at, current.settled_text, current.settled_by_name = clock.now(), text, by.name
            current.save()
            data = {"request": current.request_id, "service": current.request.service.name}
            events.append(case, EventKind.POINT_SETTLED, by, text=text, data=data)
    return current


def remind() -> int:
    """Once a day: a reminder two working days before the term, and word to the handler once it has passed. Gives how many
    were told."""
    horizon = terms.add_working_days(clock.today(), 2)
    count = 0
    waiting = AdviceRequest.objects.filter(state=AdviceRequest.State.OPEN, due__lte=horizon).select_related(
        "service", "case__handler", "asked_by"
    )
    for request in waiting.order_by("due"):
        late = request.due < clock.today()
        if (request.overdue_told_at if late else request.reminded_at) is None:
            _remind(request, late=late)
            count += 1
    return count


def _remind(request: AdviceRequest, *, late: bool) -> None:
    with changing(request.case) as case:
        current = AdviceRequest.objects.select_for_update().get(pk=request.pk)
        moment = clock.now()
        if current.state != AdviceRequest.State.OPEN or (current.overdue_told_at if late else current.reminded_at):
            return
        current.reminded_at = current.reminded_at or moment
        current.overdue_told_at = moment if late else None
        current.save()
        data = {"request": current.pk, "service": request.service.name, "due": current.due.isoformat()}
        text = "De termijn is verstreken." if late else ""
        events.append(case, EventKind.ADVICE_REMINDED, SYSTEM, text=text, data=data)
        telling.reminded(request, late=late)
