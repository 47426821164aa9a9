"""Status, progress and timeline in the citizen's words: who does what, by when; no jargon (look.md)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meldloket.actions.models import Action
from meldloket.cases.lifecycle import STATES, EventKind, Outcome, Status
from meldloket.cases.models import Case, CaseEvent
from meldloket.catalogue.current import catalogue

#: Status → (headline, what it means, tone).
HEADLINES: dict[str, tuple[Any, Any, str]] = {
    Status.SUBMITTED: (
        gettext_lazy("Wij hebben uw melding ontvangen"),
        gettext_lazy("Een medewerker kijkt na of wij uw melding kunnen behandelen."),
        "info",
    ),
    Status.SCREENING: (
        gettext_lazy("Wij bekijken uw melding"),
        gettext_lazy("Een medewerker kijkt na of wij uw melding kunnen behandelen."),
        "info",
    ),
    Status.INADMISSIBLE: (
        gettext_lazy("Wij nemen uw melding niet in behandeling"),
        gettext_lazy("Hieronder leest u waarom, en wat u wel kan doen."),
        "neutral",
    ),
    Status.ADMISSIBLE: (
        gettext_lazy("Uw melding is ontvankelijk: wij nemen ze in behandeling"),
        gettext_lazy("De bevoegde dienst begint eraan."),
        "success",
    ),
    Status.IN_ASSESSMENT: (
        gettext_lazy("Wij behandelen uw melding"),
        gettext_lazy("Een dossierbehandelaar zoekt uit wat er moet gebeuren."),
        "info",
    ),
    Status.IN_ADVICE: (
        gettext_lazy("Wij vragen advies"),
        gettext_lazy("Wij wachten op het advies van een andere dienst."),
        "info",
    ),
    Status.ACTIONS_PROPOSED: (
        gettext_lazy("Er is een voorstel om uw melding aan te pakken"),
        gettext_lazy("Hieronder leest u wat wij voorstellen."),
        "info",
    ),
    Status.AWAITING_DECISION: (gettext_lazy("Het bestuur beslist"), gettext_lazy("Uw melding staat op de agenda."), "info"),
    Status.APPROVED: (
        gettext_lazy("Het bestuur keurde de aanpak goed"),
        gettext_lazy("De uitvoering kan beginnen."),
        "success",
    ),
    Status.REJECTED: (
        gettext_lazy("Het bestuur keurde de aanpak niet goed"),
        gettext_lazy("Hieronder leest u waarom."),
        "neutral",
    ),
    Status.IN_EXECUTION: (gettext_lazy("Wij voeren de werken uit"), gettext_lazy("De taken zijn verdeeld."), "info"),
    Status.HANDLED: (
        gettext_lazy("Uw melding is afgehandeld"),
        gettext_lazy("Alles wat wij konden doen, is gedaan."),
        "success",
    ),
    Status.EVALUATED: (gettext_lazy("Uw melding is afgehandeld"), gettext_lazy("Bedankt voor uw evaluatie."), "success"),
    Status.WITHDRAWN: (
        gettext_lazy("U hebt uw melding ingetrokken"),
        gettext_lazy("Wij doen er niets meer mee."),
        "neutral",
    ),
    Status.REFERRED: (
        gettext_lazy("Wij gaven uw melding door"),
        gettext_lazy("Een andere overheid of beheerder is bevoegd. Hieronder leest u waar u dit opvolgt."),
        "neutral",
    ),
}

#: How a handled case ended: closed is not always solved.
OUTCOMES: dict[str, tuple[Any, Any, str]] = {
    Outcome.DONE: (
        gettext_lazy("Uw melding is aangepakt"),
        gettext_lazy("Het werk is uitgevoerd. Hieronder leest u wat er gebeurde."),
        "success",
    ),
    Outcome.PLANNED: (
        gettext_lazy("Het werk is ingepland"),
        gettext_lazy("Wij sloten uw melding af: het werk staat in een later programma. Hieronder leest u meer."),
        "info",
    ),
    Outcome.NOT_FOUND: (
        gettext_lazy("Wij vonden het probleem niet (meer)"),
        gettext_lazy("Wij sloten uw melding af. Ziet u het probleem nog? Laat het ons hieronder weten."),
        "neutral",
    ),
    Outcome.NOT_OURS: (
        gettext_lazy("Dit is niet voor ons"),
        gettext_lazy("Wij sloten uw melding af. Hieronder leest u wie bevoegd is."),
        "neutral",
    ),
    Outcome.REFUSED: (
        gettext_lazy("Wij voeren dit niet uit"),
        gettext_lazy("Wij sloten uw melding af. Hieronder leest u waarom."),
        "neutral",
    ),
}

#: How it stands with an action, for the citizen.
ACTION_WORDS: dict[str, Any] = {
    Action.State.WAITING: gettext_lazy("wacht op een besluit"),
    Action.State.RUNNING: gettext_lazy("wordt uitgevoerd"),
    Action.State.DONE: gettext_lazy("klaar"),
    Action.State.REFUSED: gettext_lazy("niet goedgekeurd"),
}

STEPS = (
    gettext_lazy("Ontvangen"),
    gettext_lazy("In behandeling"),
    gettext_lazy("Voorstel en beslissing"),
    gettext_lazy("Uitvoering"),
    gettext_lazy("Afgerond"),
)


def status(case: Case) -> dict[str, Any]:
    """Headline, explanation and tone for a case; an open question goes first."""
    headline, meaning, tone = HEADLINES[case.status]
    if case.outcome in OUTCOMES and case.status in (Status.HANDLED, Status.EVALUATED):
        headline, meaning, tone = OUTCOMES[case.outcome]
    if case.waiting_for_reporter:
        headline, tone = _("Wij hebben een vraag voor u"), "warning"
        meaning = _("Wij gaan verder zodra u geantwoord hebt.")
    return {"headline": headline, "meaning": meaning, "tone": tone, "expected": expected(case)}


def expected(case: Case) -> str:
    """By when, as a sentence; empty when nothing is promised or the clock stands still."""
    if case.ended or case.suspended_at is not None or case.target_date is None:
        return ""
    return _("Wij streven ernaar om dit tegen %(day)s te behandelen.") % {"day": day(case.target_date)}


def day(value: date) -> str:
    return date_format(value, "l j F Y")


def progress(case: Case) -> list[dict[str, Any]]:
    """The five named steps with their state: done, current or todo. A case that ended early skips the middle."""
    now = STATES[case.status].step
    ended = STATES[case.status].ended
    early = case.status in (Status.INADMISSIBLE, Status.WITHDRAWN, Status.REFERRED)
    rows = []
    for number, name in enumerate(STEPS, start=1):
        if early and 1 < number < 5:
            continue
        state = "done" if number < now or (ended and number == now) else "current" if number == now else "todo"
        rows.append({"name": name, "state": state})
    return rows


#: What the citizen reads in the timeline, per event.
_SENTENCES: dict[str, Any] = {
    EventKind.SUBMITTED: gettext_lazy("U hebt uw melding ingediend."),
    EventKind.ADMISSIBLE: gettext_lazy("Uw melding is ontvankelijk: wij nemen ze in behandeling."),
    EventKind.INADMISSIBLE: gettext_lazy("Wij nemen uw melding niet in behandeling."),
    EventKind.ASSESSMENT_STARTED: gettext_lazy("Een dossierbehandelaar begon met uw melding."),
    EventKind.MADE_COMPLAINT: gettext_lazy("Wij behandelen uw melding als een klacht. U krijgt binnen 45 dagen antwoord."),
    EventKind.QUESTION_ASKED: gettext_lazy("Wij stelden u een vraag."),
    EventKind.QUESTION_REMINDED: gettext_lazy("Wij herinnerden u aan onze vraag."),
    EventKind.QUESTION_EXTENDED: gettext_lazy("U kreeg meer tijd om te antwoorden."),
    EventKind.QUESTION_ANSWERED: gettext_lazy("U hebt geantwoord."),
    EventKind.QUESTION_CLOSED: gettext_lazy("Wij gaan verder zonder antwoord op onze vraag."),
    EventKind.EVIDENCE_ADDED: gettext_lazy("U hebt informatie toegevoegd."),
    EventKind.CONTACT_CHANGED: gettext_lazy("U hebt uw contactgegevens gewijzigd."),
    EventKind.TERM_EXTENDED: gettext_lazy("Het duurt langer dan gedacht."),
    EventKind.WITHDRAWN: gettext_lazy("U hebt uw melding ingetrokken."),
    EventKind.REOPENED: gettext_lazy("Wij bekijken uw melding opnieuw."),
    EventKind.ADVICE_STARTED: gettext_lazy("Wij vroegen advies aan andere diensten."),
    EventKind.ACTIONS_PROPOSED: gettext_lazy("Wij bepaalden wat er kan gebeuren."),
    EventKind.AWAITING_DECISION: gettext_lazy("Wij legden ons voorstel voor aan het bestuur."),
    EventKind.DECISION_SCHEDULED: gettext_lazy("Ons voorstel staat op de agenda."),
    EventKind.DECISION_ADJOURNED: gettext_lazy("De beslissing is uitgesteld."),
    EventKind.APPROVED: gettext_lazy("Het bestuur keurde ons voorstel goed."),
    EventKind.PARTLY_APPROVED: gettext_lazy("Het bestuur keurde ons voorstel voor een deel goed."),
    EventKind.REJECTED: gettext_lazy("Het bestuur keurde ons voorstel niet goed."),
    EventKind.DECISION_PUBLISHED: gettext_lazy("Het besluit staat op onze website."),
    EventKind.EXECUTION_STARTED: gettext_lazy("Wij planden het werk."),
    EventKind.REFERRED_FOLLOWED: gettext_lazy("Wij gaven uw melding door en blijven ze opvolgen."),
    EventKind.REFERRED_CLOSED: gettext_lazy("Wij gaven uw melding door aan wie bevoegd is."),
    EventKind.CLOSED: gettext_lazy("Wij sloten uw melding af."),
    EventKind.DISSATISFIED: gettext_lazy("U liet weten dat het volgens u niet in orde is."),
    EventKind.REACTION_ANSWERED: gettext_lazy("Wij antwoordden op uw reactie."),
    EventKind.EVALUATION_INVITED: gettext_lazy("Wij vroegen wat u van de behandeling vond."),
    EventKind.EVALUATION_RECEIVED: gettext_lazy("U hebt de behandeling geëvalueerd."),
    EventKind.EVALUATION_ANSWERED: gettext_lazy("Wij antwoordden op uw evaluatie."),
    EventKind.GROUPED: gettext_lazy("Wij voegden uw melding samen met een eerdere melding van hetzelfde probleem."),
    EventKind.UNGROUPED: gettext_lazy("Wij behandelen uw melding weer apart."),
}


def actions(case: Case) -> list[dict[str, Any]]:
    """The public actions that were proposed, with how they stand."""
    rows = case.actions.filter(public=True, state__in=list(ACTION_WORDS)).order_by("id")
    return [{"title": row.title, "due": row.due, "state": ACTION_WORDS[row.state]} for row in rows]


def timeline(events: list[CaseEvent], case: Case) -> list[dict[str, Any]]:
    """What happened, oldest first; the names of staff only where the municipality shows them."""
    names = catalogue().municipality.show_staff_names
    rows = []
    for event in events:
        if event.kind not in _SENTENCES:
            continue
        sentence = str(_SENTENCES[event.kind])
        if event.kind == EventKind.TERM_EXTENDED and event.data.get("to"):
            sentence += " " + _("De nieuwe streefdatum is %(day)s.") % {"day": day(date.fromisoformat(event.data["to"]))}
        who = "" if event.by_reporter else event.by_name if names else _("Gemeente")
        rows.append({"at": event.at, "what": sentence, "text": event.text, "who": who, "own": event.by_reporter})
    return rows
