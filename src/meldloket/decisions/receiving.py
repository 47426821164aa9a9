"""What the minutes package tells us: where an item stands on the agenda, and the decision (B6.2-B6.4). Each call once; what
is not right is parked for a person and told to nobody else."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import structlog
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.formats import date_format
from django.utils.translation import override

from meldloket.actions import work
from meldloket.actions.models import Action, Task
from meldloket.cases import clock, events
from meldloket.cases.change import changing, move
from meldloket.cases.lifecycle import EventKind, NotAllowed, Status
from meldloket.cases.models import Case
from meldloket.messages.notices import tell_handler
from meldloket.people.roles import SYSTEM, Actor, Role

from . import commands, publishing
from .models import Body, Decision, Meeting, Proposal
from .ports import Checked, plugged

log = structlog.get_logger(__name__)


class Agenda(StrEnum):
    """Where an item stands, in the words of the exchange."""

    SCHEDULED = "geagendeerd"
    ADJOURNED = "uitgesteld"
    WITHDRAWN = "ingetrokken"
    TREATED = "behandeld"


_STATES = {
    Agenda.SCHEDULED: Proposal.State.SCHEDULED,
    Agenda.ADJOURNED: Proposal.State.ADJOURNED,
    Agenda.WITHDRAWN: Proposal.State.RETURNED,
    Agenda.TREATED: Proposal.State.TREATED,
}


class Conflict(Exception):
    """The call contradicts what is final. The text is Dutch, for the secretariat."""


@dataclass(frozen=True)
class Session:
    """The meeting as the minutes package tells it; what it does not know stays empty. Moments are ISO 8601 with a zone;
    `present`, `voters` and the three kinds of vote: names of office holders; `minutes`: where the minutes are public."""

    planned: str = ""
    start: str = ""
    end: str = ""
    place: str = ""
    chair: str = ""
    secretary: str = ""
    present: tuple[str, ...] = ()
    voters: tuple[str, ...] = ()
    in_favour: tuple[str, ...] = ()
    opposed: tuple[str, ...] = ()
    abstaining: tuple[str, ...] = ()
    minutes: str = ""
    public: bool = True


@dataclass(frozen=True)
class Received:
    """A decision as it comes in. `document`: the signed PDF; `title` empty: the proposal's own."""

    outcome: str
    number: str
    decided_on: date
    uri: str = ""
    motivation: str = ""
    articles: tuple[tuple[str, str], ...] = ()
    vote: dict[str, Any] = field(default_factory=dict)
    signatories: tuple[dict[str, str], ...] = ()
    document: bytes = b""
    title: str = ""
    in_force_on: date | None = None
    session: Session = field(default_factory=Session)
    public_url: str = ""
    public_on: date | None = None

    def digest(self) -> str:
        """Of the decision: the same call again has the same digest. Where it was published is no part of it."""
        said = [self.outcome, self.number, self.decided_on.isoformat(), self.uri, self.motivation]
        said += [self.title, str(self.in_force_on)]
        said += [json.dumps([self.articles, self.vote, self.signatories, asdict(self.session)], sort_keys=True)]
        return hashlib.sha256("\x1f".join(said).encode() + self.document).hexdigest()


def agenda_status(
    proposal: Proposal, status: Agenda, *, meeting: date | None = None, reason: str = "", at: datetime | None = None
) -> bool:
    """Takes in where the item stands. The same again changes nothing (False), nor does what was said (`at`) before the last
    that we know. Raises Conflict once it was decided, or when we withdrew it ourselves."""
    with changing(proposal.case) as case:
        current = Proposal.objects.select_for_update(of=("self",)).get(pk=proposal.pk)
        if current.state == _STATES[status] and (meeting is None or meeting == current.scheduled_on):
            return False
        if at is not None and current.agenda_at is not None and at < current.agenda_at:
            return False
        if current.ended:
            raise Conflict(f"Dit voorstel staat op “{current.get_state_display()}”.")
        current.agenda_at = at or clock.now()
        lost = current.state == Proposal.State.SENDING  # the answer to our hand-over got lost on the way
        held_on = None if status == Agenda.ADJOURNED else meeting or current.scheduled_on
        current.state, current.scheduled_on = _STATES[status], held_on
        if status == Agenda.SCHEDULED and meeting is not None:
            current.meeting = Meeting.objects.filter(body=current.body, held_on=meeting).first() or current.meeting
        if status == Agenda.WITHDRAWN:
            current.problem = reason or "Het secretariaat gaf dit voorstel terug."
        if lost and status != Agenda.WITHDRAWN:
            commands.taken_in(case, current)
        current.save()
        _say(case, current, status, meeting, reason)
    return True


def _say(case: Case, proposal: Proposal, status: Agenda, meeting: date | None, reason: str) -> None:
    data = {"proposal": str(proposal.public_id), "meeting": meeting.isoformat() if meeting else ""}
    if status == Agenda.SCHEDULED:
        text = _meeting_words(proposal, meeting)
        events.append(case, EventKind.DECISION_SCHEDULED, SYSTEM, text=text, data=data, visible_to_reporter=True)
    elif status == Agenda.ADJOURNED:
        text = reason or "Zodra er een nieuwe datum is, krijgt u bericht."
        events.append(case, EventKind.DECISION_ADJOURNED, SYSTEM, text=text, data=data, visible_to_reporter=True)
    else:
        words = {Agenda.TREATED: "Behandeld op de zitting.", Agenda.WITHDRAWN: f"Teruggekregen: {proposal.problem}"}
        events.append(case, EventKind.PROPOSAL_CHANGED, SYSTEM, text=words[status], data=data)
    if status == Agenda.WITHDRAWN:
        once = f"proposal:{proposal.pk}:back:{case.version}"
        tell_handler(case, once, "Voorstel van besluit teruggekregen", proposal.problem)


def _meeting_words(proposal: Proposal, meeting: date | None) -> str:
    who = Body(proposal.body).in_words.capitalize()
    if meeting is None:
        return f"{who} behandelt het voorstel binnenkort."
    with override("nl"):
        return f"{who} behandelt het voorstel op {date_format(meeting, 'j F Y')}."


def receive(proposal: Proposal, received: Received) -> tuple[Decision, bool]:
    """Takes in a decision: signatures are checked first, outside any transaction; then it is stored, and when they are
    right the case follows it in the same transaction. The same call again gives the same decision and False. Raises
    Conflict for another outcome than that of a final decision, and for a proposal that was withdrawn."""
    digest = received.digest()
    known = Decision.objects.filter(proposal=proposal).first()
    if known is not None and known.digest == digest:
        return _also_public(known, received), False
    checked = _check(received.document)
    stored = _keep(proposal, received.document)
    try:
        return _take(proposal, received, digest, checked, stored)
    except Conflict:
        if stored:
            default_storage.delete(stored)
        raise


def _keep(proposal: Proposal, document: bytes) -> str:
    """Stores the document before any transaction begins: the storage may be another machine. Gives its name there."""
    if not document:
        return ""
    return default_storage.save(f"decisions/{clock.now():%Y/%m}/{proposal.public_id}.pdf", ContentFile(document))


def _take(proposal: Proposal, received: Received, digest: str, checked: Checked, stored: str) -> tuple[Decision, bool]:
    with changing(proposal.case) as case:
        current = Proposal.objects.select_for_update(of=("self",)).get(pk=proposal.pk)
        known = Decision.objects.filter(proposal=current).first()
        if known is not None and known.digest == digest:
            return known, False
        if known is not None and known.applied_at is not None:
            raise Conflict("Over dit voorstel is al definitief beslist.")
        if current.state == Proposal.State.WITHDRAWN or case.ended:
            raise Conflict(f"Besluit {received.number} gaat over een ingetrokken voorstel of een afgesloten dossier.")
        decision = _store(current, received, checked, digest, stored)
        current.refused_call, current.refused_at = "", None
        current.save(update_fields=["refused_call", "refused_at"])
        if checked.valid:
            _apply(case, current, decision)
        else:
            _signature_problem(case, current, decision)
    return decision, True


def _also_public(known: Decision, received: Received) -> Decision:
    """Notes where the package published the decision, also when it says so later."""
    if received.public_url and received.public_url != known.public_url:
        known.public_url, known.public_on = received.public_url, received.public_on
        known.save(update_fields=["public_url", "public_on"])
    return known


def refused(proposal: Proposal, why: str) -> None:
    """A call about this proposal could not be taken: the handler and the secretariat see it, nobody else hears. The same
    again says nothing new. `why`: Dutch."""
    with changing(proposal.case) as case:
        current = Proposal.objects.select_for_update(of=("self",)).get(pk=proposal.pk)
        if current.refused_call == why:
            return
        current.refused_call, current.refused_at = why, clock.now()
        current.save(update_fields=["refused_call", "refused_at"])
        events.append(case, EventKind.DECISION_RECEIVED, SYSTEM, text=f"Niet aangenomen: {why}")
        text = f"{why} De melder is niet ingelicht. Het secretariaat ziet dit ook."
        tell_handler(case, f"refused:{current.pk}:{case.version}", "Oproep van het notulenpakket niet aangenomen", text)


def settle_refused(proposal: Proposal, *, by: Actor) -> None:
    """A person looked at a call that was refused. Raises NotAllowed."""
    if not by.has(Role.SECRETARIAT, Role.HANDLER):
        raise NotAllowed("U hebt daar geen rechten voor.")
    with changing(proposal.case) as case:
        Proposal.objects.filter(pk=proposal.pk).update(refused_call="", refused_at=None)
        events.append(case, EventKind.PROPOSAL_CHANGED, by, text=f"Nagekeken: {proposal.refused_call}")


def _check(document: bytes) -> Checked:
    if plugged.signatures is None:
        return Checked(problem="De controle van handtekeningen is niet ingesteld.")
    if not document:
        return Checked(problem="Het ondertekende document ontbreekt.")
    return plugged.signatures.check(document)


def _store(proposal: Proposal, received: Received, checked: Checked, digest: str, stored: str) -> Decision:
    signers = _signers(checked) or [dict(row) for row in received.signatories]
    decision, _ = Decision.objects.update_or_create(
        proposal=proposal,
        defaults={
            "outcome": received.outcome,
            "number": received.number[:120],
            "uri": received.uri[:500],
            "title": received.title[:250],
            "decided_on": received.decided_on,
            "in_force_on": received.in_force_on,
            "session": asdict(received.session),
            "motivation": received.motivation,
            "articles": [{"number": number, "text": text} for number, text in received.articles],
            "vote": received.vote,
            "signatories": signers,
            "document": stored,
            "signatures_valid": checked.valid,
            "signature_problem": checked.problem,
            "digest": digest,
            "public_url": received.public_url,
            "public_on": received.public_on,
            "received_at": clock.now(),
        },
    )
    return decision


def _signers(checked: Checked) -> list[dict[str, str]]:
    return [{"name": row.name, "role": row.role, "at": row.at.isoformat() if row.at else ""} for row in checked.signers]


def _signature_problem(case: Case, proposal: Proposal, decision: Decision) -> None:
    """The handler and the secretariat hear; the citizen does not yet."""
    text = f"Besluit {decision.number} ontvangen, handtekening niet geldig: {decision.signature_problem}"
    events.append(case, EventKind.DECISION_RECEIVED, SYSTEM, text=text)
    log.warning("decision_signature", proposal=str(proposal.public_id), problem=decision.signature_problem)
    text = f"{decision.signature_problem} De melder is nog niet ingelicht. Het secretariaat ziet dit ook."
    once = f"decision:{decision.pk}:{decision.digest[:16]}"
    tell_handler(case, once, "Besluit ontvangen, handtekening niet geldig", text)


_COMMANDS = {
    Decision.Outcome.APPROVED: ("approve", EventKind.APPROVED),
    Decision.Outcome.PARTLY: ("approve_partly", EventKind.PARTLY_APPROVED),
    Decision.Outcome.REJECTED: ("reject", EventKind.REJECTED),
}


#: What the citizen reads when the decision says nothing about why.
WITHOUT_WORDS = {
    Decision.Outcome.APPROVED: "De uitvoering kan beginnen.",
    Decision.Outcome.PARTLY: "U krijgt bericht over wat er wel en niet gebeurt.",
    Decision.Outcome.REJECTED: "Wilt u weten waarom? Neem dan contact op met de gemeente.",
}


def _apply(case: Case, proposal: Proposal, decision: Decision) -> None:
    """The case follows the decision, and the citizen is told in plain words with the reason."""
    command, kind = _COMMANDS[Decision.Outcome(decision.outcome)]
    data = {"proposal": str(proposal.public_id), "number": decision.number, "decided_on": decision.decided_on.isoformat()}
    words = decision.motivation.strip() or WITHOUT_WORDS[Decision.Outcome(decision.outcome)]
    if case.status == Status.ACTIONS_PROPOSED:  # the answer to our hand-over got lost on the way
        commands.taken_in(case, proposal)
    if case.status == Status.AWAITING_DECISION:
        move(case, command, SYSTEM, text=words, data=data)
    else:
        events.append(case, kind, SYSTEM, text=words, data=data, visible_to_reporter=True)
    proposal.state = Proposal.State.DECIDED
    proposal.save()
    decision.applied_at = clock.now()
    decision.save()
    publishing.prepare(decision)
    if decision.outcome == Decision.Outcome.APPROVED:
        release(list(proposal.actions.all()))
    elif decision.outcome == Decision.Outcome.REJECTED:
        refuse(list(proposal.actions.all()), decision.motivation)
    log.info("decision_applied", proposal=str(proposal.public_id), outcome=decision.outcome)


def release(actions: list[Action]) -> None:
    """What waited for the decision can begin. Call inside the transaction of the case."""
    for action in actions:
        if action.state == Action.State.WAITING:
            action.state = Action.State.RUNNING
            action.save(update_fields=["state"])
            Task.objects.filter(parts__action=action, state=Task.State.WAITING).update(state=Task.State.OPEN)


def refuse(actions: list[Action], why: str) -> None:
    """What was not approved is cancelled, with the reason. Call inside the transaction of the case."""
    for action in actions:
        if action.state == Action.State.WAITING:
            action.state = Action.State.REFUSED
            action.save(update_fields=["state"])
            for task in Task.objects.filter(parts__action=action, state=Task.State.WAITING):
                work.cancel(task, by=SYSTEM, why=f"Niet goedgekeurd. {why}"[:300])


def mark(decision: Decision, approved: list[int], *, by: Actor) -> None:
    """After a partial approval the handler says which actions may begin; the others are cancelled. Raises NotAllowed."""
    if not by.has(Role.HANDLER):
        raise NotAllowed("U hebt daar geen rechten voor.")
    if decision.outcome != Decision.Outcome.PARTLY or decision.applied_at is None:
        raise NotAllowed("Dit besluit is niet gedeeltelijk goedgekeurd.")
    with changing(decision.proposal.case) as case:
        actions = list(decision.proposal.actions.select_for_update())
        release([row for row in actions if row.pk in approved])
        refuse([row for row in actions if row.pk not in approved], decision.motivation)
        names = ", ".join(row.title for row in actions if row.pk in approved) or "geen enkele actie"
        events.append(case, EventKind.PROPOSAL_CHANGED, by, text=f"Goedgekeurd: {names}")


def check_again(decision: Decision, *, by: Actor) -> bool:
    """The secretariat has the signatures of a parked decision checked anew (another anchor was configured). Gives whether
    the case follows it now. Raises NotAllowed, also when there is nothing left to follow it."""
    if not by.has(Role.SECRETARIAT, Role.HANDLER):
        raise NotAllowed("U hebt daar geen rechten voor.")
    if decision.applied_at is not None:
        return True
    document = b""
    if decision.document:
        with decision.document.open("rb") as stream:
            document = stream.read()
    checked = _check(document)
    with changing(decision.proposal.case) as case:
        fresh = Decision.objects.select_for_update().get(pk=decision.pk)
        proposal = Proposal.objects.select_for_update(of=("self",)).get(pk=fresh.proposal_id)
        if proposal.state == Proposal.State.WITHDRAWN or case.ended:
            raise NotAllowed("Het voorstel is ingetrokken of het dossier is afgesloten.")
        fresh.signatures_valid, fresh.signature_problem = checked.valid, checked.problem
        fresh.signatories = _signers(checked) or fresh.signatories
        fresh.save()
        if checked.valid and fresh.applied_at is None:
            _apply(case, proposal, fresh)
    return checked.valid
