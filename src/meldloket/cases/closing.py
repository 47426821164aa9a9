"""How a case ends, and what a reporter can still say of it (B7.1): honest words, nothing left open, and a way back."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext_noop

from meldloket.catalogue.current import catalogue
from meldloket.people.roles import Actor, Role

from . import clock, events
from .change import changing, move
from .lifecycle import EventKind, NotAllowed, Outcome, Status, no_open_question
from .models import Attachment, Case, Closing, Reaction, Report, Visibility


@dataclass(frozen=True)
class OpenPart:
    """Something that must be ready first. `sentence`: Dutch; `where`: the part of the case page where it is dealt with."""

    sentence: str
    where: str


#: Asked before a case is closed: what is still open. Rooms that hang work on a case add theirs.
OpenParts = Callable[[Case], list[OpenPart]]
_open_parts: list[OpenParts] = []


class StillOpen(NotAllowed):
    """Parts of the case are not ready."""

    def __init__(self, parts: list[OpenPart]) -> None:
        super().__init__("Dit moet eerst klaar zijn: " + " ".join(part.sentence for part in parts))
        self.parts = parts


def ask_before_closing(question: OpenParts) -> None:
    """Registers a room's question, once, at start (AppConfig.ready)."""
    if question not in _open_parts:
        _open_parts.append(question)


def open_parts(case: Case) -> list[OpenPart]:
    """What must be ready before the case can close; empty when nothing is open."""
    reason = no_open_question(case)
    own = [OpenPart(reason, "vraag")] if reason else []
    return own + [part for ask in _open_parts for part in ask(case)]


def close(
    case: Case,
    *,
    by: Actor,
    outcome: str,
    text: str,
    photos: Iterable[Attachment] = (),
    seen_version: int | None = None,
) -> Closing:
    """The case handler closes the case; every reporter reads `text` in Mijn Burgerprofiel, by e-mail and SMS (B7.1).
    `photos`: of the result, shown to all reporters. Raises StillOpen when a part is open, NotAllowed for the rest."""
    if outcome not in Outcome.values:
        raise NotAllowed("Kies hoe de melding eindigt.")
    if not text.strip():
        raise NotAllowed("Schrijf in gewone woorden wat er gebeurde: de melder leest dit.")
    with changing(case, seen_version=seen_version) as fresh:
        if parts := open_parts(fresh):
            raise StillOpen(parts)
        fresh.outcome = outcome
        fresh.suspended_at = None
        until = clock.today() + timedelta(days=catalogue().municipality.react_days)
        closing = Closing.objects.create(
            case=fresh,
            outcome=outcome,
            text=text,
            closed_at=clock.now(),
            closed_by_id=by.account_id,
            closed_by_name=by.name,
            react_until=until,
        )
        closing.photos.set(photos)
        data = {"outcome": outcome, "closing": closing.pk, "until": until.isoformat()}
        move(fresh, "close", by, text=text, data=data)
    return closing


def last_closing(case: Case) -> Closing | None:
    """How the case ended the last time; None when it is open, or ended in another way."""
    if case.status not in (Status.HANDLED, Status.EVALUATED):
        return None
    return case.closings.order_by("-id").first()


def why_not_react(report: Report, today: date) -> str | None:
    """Dutch reason why this reporter can't say any more that they are not satisfied; None when they can."""
    closing = last_closing(report.case)
    if closing is None:
        return gettext_noop("Op deze melding kan u nu niet reageren.")
    if closing.reactions.filter(report=report).exists():
        return gettext_noop("U hebt al gereageerd. Een medewerker bekijkt uw reactie.")
    over = gettext_noop("De termijn om te reageren is voorbij. Doe gerust een nieuwe melding.")
    return None if today <= closing.react_until else over


def react(report: Report, *, by: Actor, text: str, attachment_ids: Iterable[int] = ()) -> Reaction:
    """The reporter is not satisfied and says why, within the term; by themselves, or through the desk (`by` is staff). The
    same words again change nothing. Raises NotAllowed."""
    if not text.strip():
        raise NotAllowed("Schrijf wat er volgens u nog niet in orde is.")
    with changing(report.case) as fresh:
        current = Report.objects.get(pk=report.pk)
        closing = last_closing(fresh)
        if closing is not None and (known := closing.reactions.filter(report=current, text=text).first()):
            return known
        current.case = fresh
        if reason := why_not_react(current, clock.today()):
            raise NotAllowed(reason)
        assert closing is not None, "why_not_react has a reason when there is none"
        reaction = Reaction.objects.create(closing=closing, report=current, text=text, at=clock.now())
        files = Attachment.objects.filter(pk__in=list(attachment_ids), case=None)
        count = files.update(case=fresh, report=current, visibility=Visibility.REPORTER)
        data = {"reaction": reaction.pk, "attachments": count}
        events.append(
            fresh,
            EventKind.DISSATISFIED,
            by,
            report=current,
            text=text,
            data=data,
            visible_to_reporter=True,
            by_reporter=by.has(Role.CITIZEN),
        )
    return reaction


def answer_reaction(reaction: Reaction, *, by: Actor, text: str, seen_version: int | None = None) -> Reaction:
    """The handler answers a reporter who is not satisfied, without reopening; only that reporter is told."""
    if not text.strip():
        raise NotAllowed("Schrijf uw antwoord: de melder leest dit.")
    with changing(reaction.closing.case, seen_version=seen_version) as fresh:
        if not by.has(Role.HANDLER):
            raise NotAllowed("U hebt daar geen rechten voor.")
        current = Reaction.objects.select_for_update().select_related("report").get(pk=reaction.pk)
        if current.state != Reaction.State.OPEN:
            raise NotAllowed("Deze reactie is al behandeld.")
        current.answer = text
        _settle(current, Reaction.State.ANSWERED, by)
        data = {"reaction": current.pk}
        events.append(
            fresh, EventKind.REACTION_ANSWERED, by, report=current.report, text=text, data=data, visible_to_reporter=True
        )
    return current


def _settle(reaction: Reaction, state: str, by: Actor) -> None:
    reaction.state, reaction.settled_at, reaction.settled_by_name = state, clock.now(), by.name
    reaction.save()


def reopen_last(case: Case, by: Actor) -> None:
    """The newest closing no longer holds; the reactions to it are answered by the reopening itself. Call on a locked
    case."""
    closing = last_closing(case)
    if closing is None:
        return
    closing.reopened_at = clock.now()
    closing.save(update_fields=["reopened_at"])
    for reaction in closing.reactions.select_for_update().filter(state=Reaction.State.OPEN):
        _settle(reaction, Reaction.State.REOPENED, by)
