"""What a handler does with a proposal: prepare, change, hand over, withdraw (B5.1, B5.2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import timedelta

import structlog
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import override
from procrastinate.contrib.django import app

from meldloket.cases import clock, events
from meldloket.cases.change import changing, move
from meldloket.cases.lifecycle import EventKind, NotAllowed, Status
from meldloket.cases.models import Attachment, Case
from meldloket.messages.notices import tell_handler
from meldloket.people.roles import SYSTEM, Actor, Role

from . import drafting, exchange, privacy
from .drafting import Content
from .models import Proposal, ProposalVersion
from .ports import AgendaItem, MinutesProblem, Taken, plugged

log = structlog.get_logger(__name__)
#: Minutes to wait after each failed hand-over; after the last one the handler must look.
WAITS = (1, 5, 15, 60, 180, 360, 720)
#: Statuses in which a proposal can be made.
PREPARE = (Status.ACTIONS_PROPOSED, Status.AWAITING_DECISION, Status.APPROVED, Status.IN_EXECUTION)
#: What the citizen reads when the handler wrote nothing.
WITHOUT_WORDS = "U krijgt bericht zodra de datum van de zitting bekend is."
AT_OURS = (Proposal.State.DRAFT, Proposal.State.RETURNED)
#: Also what the package has can be changed, until it is treated: handing over again makes a new version there.
EDITABLE = (*AT_OURS, Proposal.State.CONCEPT, Proposal.State.SCHEDULED, Proposal.State.ADJOURNED)


def _handler(by: Actor) -> None:
    if not by.has(Role.HANDLER):
        raise NotAllowed("U hebt daar geen rechten voor.")


def prepare(case: Case, *, by: Actor, seen_version: int | None = None) -> Proposal:
    """A proposal for everything of this case that waits for a decision and stands in none yet. Raises NotAllowed."""
    _handler(by)
    with changing(case, seen_version=seen_version) as fresh:
        if fresh.status not in PREPARE:
            raise NotAllowed("In deze stap kan u geen besluit voorbereiden.")
        actions = drafting.actions_for(fresh)
        if not actions:
            raise NotAllowed("Er is geen actie die nog een besluit nodig heeft.")
        content = drafting.draft_for(fresh, actions)
        proposal = Proposal.objects.create(case=fresh, added_by_name=by.name, added_at=clock.now(), **_fields(content))
        proposal.actions.set(actions)
        events.append(fresh, EventKind.PROPOSAL_ADDED, by, text=proposal.title, data={"proposal": str(proposal.public_id)})
    return proposal


def _fields(content: Content) -> dict[str, object]:
    return {**asdict(content), "articles": list(content.articles)}


def change(
    proposal: Proposal,
    content: Content,
    *,
    by: Actor,
    seen_version: int | None = None,
    attachments: Sequence[Attachment] | None = None,
) -> Proposal:
    """Keeps what the handler wrote. `seen_version`: of the proposal; `attachments` None: those that it has. Raises
    NotAllowed."""
    _handler(by)
    with changing(proposal.case) as case:
        current = _locked(proposal)
        if seen_version is not None and seen_version != current.version:
            raise NotAllowed("Een collega wijzigde dit voorstel intussen. Kijk het na en bewaar opnieuw.")
        if current.state not in EDITABLE:
            raise NotAllowed(f"Dit voorstel kan niet meer wijzigen: het staat op “{current.get_state_display()}”.")
        content = drafting.tidied(content)
        files = {row.pk for row in attachments if row.case_id == case.pk} if attachments is not None else None
        same_files = files is None or files == set(current.attachments.values_list("pk", flat=True))
        if content == drafting.content_of(current) and same_files:
            return current
        if files is not None:
            current.attachments.set(files)
        for name, value in _fields(content).items():
            setattr(current, name, value)
        current.version += 1
        current.save()
        events.append(case, EventKind.PROPOSAL_CHANGED, by, text=current.title, data={"proposal": str(current.public_id)})
    return current


def _locked(proposal: Proposal) -> Proposal:
    return Proposal.objects.select_for_update(of=("self",)).select_related("case__handler").get(pk=proposal.pk)


def hand_over(proposal: Proposal, *, by: Actor, text: str = "") -> Proposal:
    """Gives the proposal to the minutes package; the job does it. `text`: what the citizen reads beside the standard words,
    once the package took it. Raises NotAllowed with what is missing."""
    _handler(by)
    if plugged.minutes is None:
        raise NotAllowed("De koppeling met het notulenpakket is niet ingesteld.")
    with changing(proposal.case) as case:
        current = _locked(proposal)
        last = current.versions.last()
        if current.state not in EDITABLE or (current.state not in AT_OURS and last and last.number == current.version):
            raise NotAllowed("Dit voorstel is al overgemaakt.")
        if lines := drafting.missing(drafting.content_of(current), privacy.names_of(case, whole_only=True)):
            raise NotAllowed(" ".join(lines))
        current.state, current.problem, current.attempts = Proposal.State.SENDING, "", 0
        current.citizen_text, current.next_attempt_at = text, clock.now()
        current.package = plugged.minutes.name
        current.save()
        content = exchange.item_of(current)
        earlier = current.versions.exclude(number=current.version).last()
        content["wijzigingen"] = drafting.changed_parts(earlier.content, content) if earlier else []
        version = {"content": content, "handed_at": clock.now()}
        ProposalVersion.objects.update_or_create(proposal=current, number=current.version, defaults=version)
        text = f"Overgemaakt aan het secretariaat: {current.title}"
        events.append(case, EventKind.PROPOSAL_CHANGED, by, text=text, data={"proposal": str(current.public_id)})
        app.configure_task("hand_over_proposal", queue="messages").defer(proposal_id=current.pk)
    return current


def deliver(proposal_id: int) -> None:
    """One attempt to hand a proposal over. What was taken stays so; what passes by itself is tried again; a refusal comes
    back as something that the handler can mend."""
    with transaction.atomic():
        proposal = (
            Proposal.objects.select_for_update(of=("self",), skip_locked=True)
            .filter(pk=proposal_id, state=Proposal.State.SENDING, next_attempt_at__lte=clock.now())
            .first()
        )
        if proposal is None:
            return
        proposal.attempts += 1
        proposal.next_attempt_at = clock.now() + timedelta(minutes=5)  # claimed: a dead worker's is taken up again
        proposal.save(update_fields=["attempts", "next_attempt_at"])
        version = proposal.versions.get(number=proposal.version)
    item = AgendaItem(proposal.public_id, proposal.version, exchange.with_small_files(proposal, version.content))
    try:
        if plugged.minutes is None:
            raise MinutesProblem("De koppeling met het notulenpakket is niet ingesteld.", retry=True)
        taken = plugged.minutes.hand_over(item)
    except MinutesProblem as problem:
        _failed(proposal, problem)
    else:
        accepted(proposal, taken)


def accepted(proposal: Proposal, taken: Taken) -> None:
    """The minutes package has it: the case waits for the decision, and the citizen is told."""
    with changing(proposal.case) as case:
        current = _locked(proposal)
        if current.state != Proposal.State.SENDING or current.version != proposal.version:
            return
        current.state = Proposal.State.SCHEDULED if current.scheduled_on else Proposal.State.CONCEPT
        taken_in(case, current, taken)
    log.info("proposal_taken", proposal=str(proposal.public_id), reference=taken.reference)


def taken_in(case: Case, current: Proposal, taken: Taken | None = None) -> None:
    """The package has this proposal: by its own answer, or (when that answer got lost) by what it says next. The case goes
    on to the decision, and the reporters are told. Call with both rows locked; the proposal's new state is set already."""
    current.next_attempt_at, current.problem = None, ""
    if taken is not None:
        current.external_reference, current.external_uri = taken.reference[:120], taken.uri[:500]
    current.save()
    if case.status == Status.ACTIONS_PROPOSED:
        words = current.citizen_text.strip() or _waiting_words(current)
        move(case, "await_decision", SYSTEM, text=words, data={"reference": current.external_reference})
    elif taken is not None:
        events.append(case, EventKind.PROPOSAL_CHANGED, SYSTEM, text=f"Bij het secretariaat: {taken.reference}")


def _waiting_words(proposal: Proposal) -> str:
    """Tells the timing openly, as far as it is known."""
    if proposal.meeting is None:
        return WITHOUT_WORDS
    with override("nl"):
        day = date_format(proposal.meeting.held_on, "j F Y")
    return f"Wij vragen om het te behandelen op de zitting van {day}. U krijgt bericht zodra die datum vaststaat."


def _failed(proposal: Proposal, problem: MinutesProblem) -> None:
    if problem.retry and proposal.attempts <= len(WAITS):
        wait = timedelta(minutes=WAITS[proposal.attempts - 1])
        Proposal.objects.filter(pk=proposal.pk, state=Proposal.State.SENDING).update(
            problem=problem.reason, next_attempt_at=clock.now() + wait
        )
        return
    with changing(proposal.case) as case:
        current = _locked(proposal)
        if current.state != Proposal.State.SENDING:
            return
        current.state, current.problem, current.next_attempt_at = Proposal.State.RETURNED, problem.reason, None
        current.save()
        events.append(case, EventKind.PROPOSAL_CHANGED, SYSTEM, text=f"Niet aangenomen: {problem.reason}")
        once = f"proposal:{current.pk}:returned:{current.version}"
        tell_handler(case, once, "Voorstel van besluit teruggekregen", problem.reason)
    log.warning("proposal_returned", proposal=str(proposal.public_id), reason=problem.reason)


def withdraw(proposal: Proposal, *, by: Actor, why: str) -> Proposal:
    """The handler takes the proposal back; its actions wait for another one. Raises NotAllowed."""
    _handler(by)
    if not why.strip():
        raise NotAllowed("Zeg waarom u het voorstel intrekt.")
    with changing(proposal.case) as case:
        current = _locked(proposal)
        if current.ended:
            raise NotAllowed("Over dit voorstel is al beslist, of het is al ingetrokken.")
        there = current.versions.exists()  # also when its answer got lost
        current.state, current.problem, current.next_attempt_at = Proposal.State.WITHDRAWN, why.strip(), None
        current.save()
        others = case.proposals.exclude(state__in=[Proposal.State.WITHDRAWN, Proposal.State.DRAFT]).exists()
        if case.status == Status.AWAITING_DECISION and not others:
            move(case, "take_back_proposal", by, text=why)
        else:
            events.append(case, EventKind.PROPOSAL_CHANGED, by, text=f"Ingetrokken: {why}")
        if there:
            app.configure_task("withdraw_proposal", queue="messages").defer(proposal_id=current.pk)
    return current


def tell_withdrawn(proposal_id: int) -> None:
    """Tells the minutes package that a proposal is gone. Raises MinutesProblem when it did not hear, so that the job tries
    again."""
    proposal = Proposal.objects.get(pk=proposal_id, state=Proposal.State.WITHDRAWN)
    if plugged.minutes is not None:
        plugged.minutes.withdraw(proposal.public_id, proposal.problem)


def due() -> list[int]:
    """Proposals that must be handed over now, for the sweep."""
    rows = Proposal.objects.filter(state=Proposal.State.SENDING, next_attempt_at__lte=clock.now())
    return list(rows.order_by("next_attempt_at").values_list("pk", flat=True)[:100])
