"""The life of a case as data: states and transitions in two tables, from which the commands, the documentation's
diagram, the citizen's progress line, DOSIS and the tests are all derived (design.md; codes: specs/dosis 3.2)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from django.db import models

from meldloket.people.roles import Actor, Role


class Status(models.TextChoices):
    """The states of a case, with the words that the office reads."""

    SUBMITTED = "submitted", "Ingediend"
    SCREENING = "screening", "Te beoordelen op ontvankelijkheid"
    INADMISSIBLE = "inadmissible", "Niet ontvankelijk"
    ADMISSIBLE = "admissible", "Ontvankelijk"
    IN_ASSESSMENT = "in_assessment", "In behandeling"
    IN_ADVICE = "in_advice", "In advies"
    ACTIONS_PROPOSED = "actions_proposed", "Acties voorgesteld"
    AWAITING_DECISION = "awaiting_decision", "Wacht op besluit"
    APPROVED = "approved", "Goedgekeurd"
    REJECTED = "rejected", "Niet goedgekeurd"
    IN_EXECUTION = "in_execution", "In uitvoering"
    HANDLED = "handled", "Afgehandeld"
    EVALUATED = "evaluated", "Geëvalueerd"
    WITHDRAWN = "withdrawn", "Ingetrokken"
    REFERRED = "referred", "Doorgegeven aan een andere overheid"


@dataclass(frozen=True)
class State:
    """What the outside world sees of a status: DOSIS code and phase, the step of the citizen's progress line (1 to 5),
    and whether the case is at an end."""

    code: str
    phase: str
    step: int
    ended: bool = False


STATES: dict[str, State] = {
    Status.SUBMITTED: State("Ingediend", "Samenstelling", 1),
    Status.SCREENING: State("Ingediend", "Behandeling", 1),
    Status.INADMISSIBLE: State("OnOntvankelijk", "Afgerond", 5, ended=True),
    Status.ADMISSIBLE: State("Ontvankelijk", "Behandeling", 2),
    Status.IN_ASSESSMENT: State("InBehandeling", "Behandeling", 2),
    Status.IN_ADVICE: State("InBehandeling", "Behandeling", 2),
    Status.ACTIONS_PROPOSED: State("InBehandeling", "Behandeling", 3),
    Status.AWAITING_DECISION: State("KlaarVoorBeslissing", "Beslissing", 3),
    Status.APPROVED: State("Goedgekeurd", "Beslissing", 3),
    Status.REJECTED: State("Geweigerd", "Beslissing", 3),
    Status.IN_EXECUTION: State("Gepland", "Uitvoering", 4),
    Status.HANDLED: State("Uitgevoerd", "Afgerond", 5, ended=True),
    Status.EVALUATED: State("Uitgevoerd", "Afgerond", 5, ended=True),
    Status.WITHDRAWN: State("Stopgezet", "Afgerond", 5, ended=True),
    Status.REFERRED: State("Stopgezet", "Afgerond", 5, ended=True),
}


class Outcome(models.TextChoices):
    """How a handled case ended, in honest words: closed is not always solved (wishes.md)."""

    DONE = "done", "Uitgevoerd"
    PLANNED = "planned", "Ingepland"
    NOT_FOUND = "not_found", "Niets (meer) vastgesteld"
    NOT_OURS = "not_ours", "Niet voor ons"
    REFUSED = "refused", "Geweigerd"


#: What DOSIS reads of a handled case by its outcome: "Uitgevoerd" only where something was carried out.
OUTCOMES: dict[str, State] = {
    Outcome.DONE: STATES[Status.HANDLED],
    Outcome.PLANNED: State("Gepland", "Afgerond", 5, ended=True),
    Outcome.NOT_FOUND: State("Stopgezet", "Afgerond", 5, ended=True),
    Outcome.NOT_OURS: State("Stopgezet", "Afgerond", 5, ended=True),
    Outcome.REFUSED: State("Geweigerd", "Afgerond", 5, ended=True),
}


def state_of(status: str, outcome: str = "") -> State:
    """What the outside world sees of a case with this status and, once it was closed, this outcome."""
    closed = status in (Status.HANDLED, Status.EVALUATED)
    return OUTCOMES.get(outcome, STATES[status]) if closed else STATES[status]


#: DOSIS code while a question to the reporter is open, whatever the status (specs/dosis 3.2).
QUESTION_CODE = "DossierOnvolledig"

#: Statuses in which somebody still has to do something.
OPEN = tuple(status for status, state in STATES.items() if not state.ended)


class EventKind(models.TextChoices):
    """What can happen to a case, with the words of the stream of events."""

    SUBMITTED = "submitted", "Melding ingediend"
    SCREENED = "screened", "Eerste screening"
    ROUTED = "routed", "Toegewezen door het systeem"
    ADMISSIBLE = "admissible", "Ontvankelijk verklaard"
    INADMISSIBLE = "inadmissible", "Niet ontvankelijk verklaard"
    ASSESSMENT_STARTED = "assessment_started", "Behandeling gestart"
    REASSIGNED = "reassigned", "Toegewezen"
    CATEGORY_CHANGED = "category_changed", "Categorie gewijzigd"
    MADE_COMPLAINT = "made_complaint", "Doorgegeven als klacht"
    QUESTION_ASKED = "question_asked", "Vraag aan de melder"
    QUESTION_REMINDED = "question_reminded", "Herinnering aan de melder"
    QUESTION_EXTENDED = "question_extended", "Antwoordtermijn verlengd"
    QUESTION_ANSWERED = "question_answered", "Antwoord van de melder"
    QUESTION_CLOSED = "question_closed", "Vraag afgesloten zonder antwoord"
    EVIDENCE_ADDED = "evidence_added", "Extra informatie van de melder"
    CONTACT_CHANGED = "contact_changed", "Contactgegevens gewijzigd"
    NOTE_ADDED = "note_added", "Interne nota"
    TERM_SUSPENDED = "term_suspended", "Termijn geschorst"
    TERM_RESUMED = "term_resumed", "Termijn loopt weer"
    TERM_EXTENDED = "term_extended", "Termijn verlengd"
    WITHDRAWN = "withdrawn", "Ingetrokken door de melder"
    REOPENED = "reopened", "Heropend"
    TAKEN_OVER = "taken_over", "Afgehandeld in het vorige systeem"
    ADVICE_STARTED = "advice_started", "In advies"
    ADVICE_ASKED = "advice_asked", "Advies gevraagd"
    ADVICE_CHANGED = "advice_changed", "Adviesvraag gewijzigd"
    ADVICE_REMINDED = "advice_reminded", "Herinnering aan adviesverlener"
    ADVICE_GIVEN = "advice_given", "Advies ontvangen"
    ADVICE_COMPLETE = "advice_complete", "Alle adviezen zijn binnen"
    ADVICE_WORKED_IN = "advice_worked_in", "Adviezen verwerkt"
    POINT_OPENED = "point_opened", "Aandachtspunt"
    POINT_SETTLED = "point_settled", "Aandachtspunt afgehandeld"
    ACTION_ADDED = "action_added", "Actie toegevoegd"
    ACTION_CHANGED = "action_changed", "Actie gewijzigd"
    ACTION_DROPPED = "action_dropped", "Actie geschrapt"
    ACTIONS_PROPOSED = "actions_proposed", "Acties voorgesteld"
    EXECUTION_STARTED = "execution_started", "Uitvoering gestart"
    TASK_PLANNED = "task_planned", "Taak verdeeld"
    TASK_CHANGED = "task_changed", "Taak gewijzigd"
    TASK_BLOCKED = "task_blocked", "Taak geblokkeerd"
    TASK_DONE = "task_done", "Taak klaar"
    TASK_REFERRED = "task_referred", "Taak doorgegeven aan ander systeem"
    TASK_ANSWERED = "task_answered", "Antwoord van ander systeem"
    PROPOSAL_ADDED = "proposal_added", "Voorstel van besluit gemaakt"
    PROPOSAL_CHANGED = "proposal_changed", "Voorstel van besluit gewijzigd"
    AWAITING_DECISION = "awaiting_decision", "Voorgelegd aan het bestuur"
    PROPOSAL_WITHDRAWN = "proposal_withdrawn", "Voorstel van besluit ingetrokken"
    DECISION_SCHEDULED = "decision_scheduled", "Op de agenda"
    DECISION_ADJOURNED = "decision_adjourned", "Besluit uitgesteld"
    DECISION_RECEIVED = "decision_received", "Besluit ontvangen"
    APPROVED = "approved", "Goedgekeurd"
    PARTLY_APPROVED = "partly_approved", "Gedeeltelijk goedgekeurd"
    REJECTED = "rejected", "Niet goedgekeurd"
    DECISION_PUBLISHED = "decision_published", "Besluit gepubliceerd"
    REFERRED_FOLLOWED = "referred_followed", "Doorgegeven, wij volgen op"
    REFERRED_CLOSED = "referred_closed", "Doorgegeven en afgesloten"
    CLOSED = "closed", "Afgesloten"
    DISSATISFIED = "dissatisfied", "Melder is niet tevreden"
    REACTION_ANSWERED = "reaction_answered", "Antwoord op de reactie van de melder"
    EVALUATION_INVITED = "evaluation_invited", "Evaluatie gevraagd"
    EVALUATION_REMINDED = "evaluation_reminded", "Herinnering aan de evaluatie"
    EVALUATION_RECEIVED = "evaluation_received", "Evaluatie ontvangen"
    EVALUATION_EXPIRED = "evaluation_expired", "Evaluatie niet ingevuld"
    EVALUATION_ANSWERED = "evaluation_answered", "Antwoord op de evaluatie"
    EVALUATION_PROCESSED = "evaluation_processed", "Evaluatie verwerkt"
    ERASED = "erased", "Persoonsgegevens gewist"
    GROUPED = "grouped", "Samengevoegd met een andere melding"
    UNGROUPED = "ungrouped", "Losgemaakt van een andere melding"


class Case(Protocol):
    """What the lifecycle looks at of a case (cases.models.Case is one)."""

    status: Any
    category_id: Any
    waiting_for_reporter: Any


Guard = Callable[[Case], str | None]


def no_open_question(case: Case) -> str | None:
    """A decision waits until the reporter's answer is in, or the question is closed."""
    return "Er staat nog een vraag open bij de melder." if case.waiting_for_reporter else None


def has_category(case: Case) -> str | None:
    """Terms and department follow from the category, so one must be known."""
    return None if case.category_id else "Kies eerst een categorie."


@dataclass(frozen=True)
class Transition:
    """One row of the table: `command` brings a case from one of `sources` to `target`. `roles` may do it; `guards` give a
    Dutch reason why not now; `event` is appended."""

    command: str
    label: str
    sources: tuple[str, ...]
    target: str
    roles: tuple[str, ...]
    event: str
    guards: tuple[Guard, ...] = ()


TRANSITIONS: tuple[Transition, ...] = (
    Transition("screen", "Eerste screening", (Status.SUBMITTED,), Status.SCREENING, (), EventKind.SCREENED),
    Transition(
        "declare_admissible",
        "Ontvankelijk verklaren",
        (Status.SCREENING,),
        Status.ADMISSIBLE,
        (Role.HANDLER,),
        EventKind.ADMISSIBLE,
        (has_category,),
    ),
    Transition(
        "declare_inadmissible",
        "Niet ontvankelijk verklaren",
        (Status.SCREENING, Status.ADMISSIBLE, Status.IN_ASSESSMENT),
        Status.INADMISSIBLE,
        (Role.HANDLER,),
        EventKind.INADMISSIBLE,
    ),
    Transition(
        "start_assessment",
        "Behandeling starten",
        (Status.ADMISSIBLE,),
        Status.IN_ASSESSMENT,
        (Role.HANDLER,),
        EventKind.ASSESSMENT_STARTED,
    ),
    Transition(
        "withdraw",
        "Melding intrekken",
        (Status.SUBMITTED, Status.SCREENING, Status.ADMISSIBLE, Status.IN_ASSESSMENT, Status.IN_ADVICE),
        Status.WITHDRAWN,
        (Role.CITIZEN,),
        EventKind.WITHDRAWN,
    ),
    Transition(
        "take_over_handled",
        "Overnemen als afgehandeld",
        (Status.SCREENING,),
        Status.HANDLED,
        (),
        EventKind.TAKEN_OVER,
    ),
    Transition(
        "start_advice",
        "Advies vragen",
        (Status.ADMISSIBLE, Status.IN_ASSESSMENT),
        Status.IN_ADVICE,
        (Role.HANDLER,),
        EventKind.ADVICE_STARTED,
    ),
    Transition(
        "work_in_advice",
        "Adviezen verwerken",
        (Status.IN_ADVICE,),
        Status.IN_ASSESSMENT,
        (Role.HANDLER,),
        EventKind.ADVICE_WORKED_IN,
    ),
    Transition(
        "propose_actions",
        "Acties voorstellen",
        (Status.ADMISSIBLE, Status.IN_ASSESSMENT, Status.REJECTED),
        Status.ACTIONS_PROPOSED,
        (Role.HANDLER,),
        EventKind.ACTIONS_PROPOSED,
        (no_open_question,),
    ),
    Transition(
        "await_decision",
        "Voorleggen aan het bestuur",
        (Status.ACTIONS_PROPOSED,),
        Status.AWAITING_DECISION,
        (Role.HANDLER,),
        EventKind.AWAITING_DECISION,
    ),
    Transition(
        "take_back_proposal",
        "Voorstel intrekken",
        (Status.AWAITING_DECISION,),
        Status.ACTIONS_PROPOSED,
        (Role.HANDLER,),
        EventKind.PROPOSAL_WITHDRAWN,
    ),
    Transition("approve", "Goedgekeurd", (Status.AWAITING_DECISION,), Status.APPROVED, (), EventKind.APPROVED),
    Transition(
        "approve_partly",
        "Gedeeltelijk goedgekeurd",
        (Status.AWAITING_DECISION,),
        Status.APPROVED,
        (),
        EventKind.PARTLY_APPROVED,
    ),
    Transition("reject", "Niet goedgekeurd", (Status.AWAITING_DECISION,), Status.REJECTED, (), EventKind.REJECTED),
    Transition(
        "start_execution",
        "Uitvoering starten",
        (Status.ACTIONS_PROPOSED, Status.APPROVED),
        Status.IN_EXECUTION,
        (Role.HANDLER, Role.WORKER),
        EventKind.EXECUTION_STARTED,
    ),
    Transition(
        "close_as_referred",
        "Doorgeven en afsluiten",
        (Status.SCREENING, Status.ADMISSIBLE, Status.IN_ASSESSMENT, Status.ACTIONS_PROPOSED, Status.IN_EXECUTION),
        Status.REFERRED,
        (Role.HANDLER,),
        EventKind.REFERRED_CLOSED,
    ),
    Transition(
        "close",
        "Afsluiten",
        (
            Status.ADMISSIBLE,
            Status.IN_ASSESSMENT,
            Status.ACTIONS_PROPOSED,
            Status.APPROVED,
            Status.REJECTED,
            Status.IN_EXECUTION,
        ),
        Status.HANDLED,
        (Role.HANDLER,),
        EventKind.CLOSED,
        (no_open_question,),
    ),
    Transition(
        "receive_evaluation",
        "Evaluatie ontvangen",
        (Status.HANDLED,),
        Status.EVALUATED,
        (Role.CITIZEN, Role.RECEPTIONIST, Role.HANDLER),
        EventKind.EVALUATION_RECEIVED,
    ),
    Transition(
        "reopen_handled",
        "Heropenen",
        (Status.HANDLED, Status.EVALUATED),
        Status.IN_ASSESSMENT,
        (Role.HANDLER,),
        EventKind.REOPENED,
    ),
    Transition(
        "reopen",
        "Heropenen",
        (Status.INADMISSIBLE, Status.WITHDRAWN, Status.REFERRED),
        Status.SCREENING,
        (Role.HANDLER,),
        EventKind.REOPENED,
    ),
)

_BY_COMMAND = {row.command: row for row in TRANSITIONS}


class NotAllowed(Exception):
    """The lifecycle or a guard refuses. `reason`: Dutch, for the person who tried."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def transition(command: str) -> Transition:
    """The row of `command`. Raises KeyError for a command that is no transition."""
    return _BY_COMMAND[command]


def why_not(command: str, case: Case, actor: Actor) -> str | None:
    """Dutch reason why `actor` can't do `command` on `case` now; None when it is allowed."""
    row = _BY_COMMAND[command]
    if not actor.has(*row.roles):
        return "U hebt daar geen rechten voor."
    if case.status not in row.sources:
        return f"Dat kan niet meer: de melding staat op “{Status(case.status).label}”."
    return next((reason for guard in row.guards if (reason := guard(case))), None)


def possible(case: Case, actor: Actor) -> list[Transition]:
    """The transitions that `actor` can do on `case` now, in the order of the table."""
    return [row for row in TRANSITIONS if row.roles and why_not(row.command, case, actor) is None]
