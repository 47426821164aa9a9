"""What a handler is told of at once, beside the list of their work: a reporter who is not satisfied must not wait for the
next morning (wishes.md)."""

from __future__ import annotations

from meldloket.cases.lifecycle import EventKind
from meldloket.cases.models import Case, CaseEvent

from .notices import tell, tell_handler

#: Event → subject and text of the e-mail to whoever handles the case. Never the reporter's own words.
TELLS: dict[str, tuple[str, str]] = {
    EventKind.DISSATISFIED: (
        "Een melder is niet tevreden",
        "Een melder reageerde op het afsluiten van dossier {reference}. Lees ze, en antwoord of heropen.",
    ),
    EventKind.EVALUATION_RECEIVED: (
        "Nieuwe evaluatie",
        "Een melder evalueerde de behandeling van dossier {reference}.",
    ),
}


def tell_staff(event: CaseEvent, case: Case) -> None:
    """Listens to the core. One e-mail to the handler, else to the mailbox of the department."""
    if event.kind not in TELLS:
        return
    subject, text = TELLS[event.kind]
    once, words = f"event:{event.pk}", text.format(reference=case.reference)
    if case.handler is not None:
        tell_handler(case, once, subject, words)
    elif case.department is not None:
        link = f"/kantoor/meldingen/{case.reference}/"
        tell(once, case.department.email, f"{subject}: {case.reference}", words, link=link, link_label="Naar het dossier")
