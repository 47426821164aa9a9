"""Making a decision public (B6.5): the day after it was signed, once a person confirmed that no personal data stand in it.
A correction or a withdrawal leaves a trace that everybody sees."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

import structlog
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import override

from meldloket.cases import clock, events
from meldloket.cases.change import changing
from meldloket.cases.lifecycle import EventKind, NotAllowed
from meldloket.cases.terms import add_working_days
from meldloket.people.roles import SYSTEM, Actor, Role

from . import privacy
from .models import Body, Decision, Publication, PublicationVersion

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Words:
    """What of a decision is made public. `articles`: number and text."""

    title: str
    description: str
    motivation: str
    articles: tuple[tuple[str, str], ...]
    with_document: bool = True


def words_of(publication: Publication) -> Words:
    """The public words as they stand."""
    return Words(
        publication.title,
        publication.description,
        publication.motivation,
        tuple((row["number"], row["text"]) for row in publication.articles),
        publication.with_document,
    )


def signed_on(decision: Decision) -> date:
    """The day of the last signature; without a moment in it, the day on which the decision came in."""
    moments = [datetime.fromisoformat(row["at"]) for row in decision.signatories if row.get("at")]
    last = max((one for one in moments if one.tzinfo), default=decision.received_at)
    return timezone.localdate(last)


def prepare(decision: Decision) -> Publication:
    """The publication of a decision that the case follows, with what the check found already masked. A decision of a closed
    meeting gets no day: only a person lets it go. Call inside the transaction of the case."""
    proposal = decision.proposal
    body = Body(proposal.body).in_words
    with override("nl"):
        day = date_format(decision.decided_on, "j F Y")
    description = f"Op {day} heeft {body} dit {decision.get_outcome_display().lower()}."
    articles = tuple((row["number"], row["text"]) for row in decision.articles)
    motivation = decision.motivation.strip() or proposal.facts.strip() or description
    words = Words(decision.title or proposal.title, description, motivation, articles)
    words = without_personal_data(words, privacy.names_of(proposal.case))
    public = proposal.planned_public and decision.session.get("public", True)
    now = clock.now()
    values = {**_fields(words), "due_on": _day_after(decision) if public else None, "changed_at": now}
    return Publication.objects.get_or_create(decision=decision, defaults=values)[0]


def _day_after(decision: Decision) -> date:
    day = signed_on(decision)
    following = add_working_days(day, 0)
    return following if following > day else add_working_days(day, 1)


def _fields(words: Words) -> dict[str, object]:
    return {
        "title": words.title,
        "description": words.description,
        "motivation": words.motivation,
        "articles": [{"number": number, "text": text} for number, text in words.articles],
        "with_document": words.with_document,
    }


def without_personal_data(words: Words, names: list[str]) -> Words:
    """The words with what the check finds replaced."""
    return replace(
        words,
        title=privacy.masked(words.title, names)[:250],
        description=privacy.masked(words.description, names)[:500],
        motivation=privacy.masked(words.motivation, names),
        articles=tuple((number, privacy.masked(text, names)) for number, text in words.articles),
    )


@dataclass(frozen=True)
class Check:
    """What the check of a publication found: in its words, in the signed document, and whether that could be read."""

    words: list[privacy.Finding]
    document: list[privacy.Finding]
    readable: bool


def check(publication: Publication, words: Words | None = None) -> Check:
    """Looks for personal data in the words and in the signed document. Reads the document: not inside a transaction."""
    words = words or words_of(publication)
    names = privacy.names_of(publication.decision.proposal.case)
    whole = "\n".join([words.title, words.description, words.motivation, *(text for _, text in words.articles)])
    text: str | None = ""
    if publication.decision.document:
        with publication.decision.document.open("rb") as stream:
            text = privacy.text_of(stream.read())
    return Check(privacy.findings(whole, names), privacy.findings(text or "", names), bool(text and text.strip()))


def _may(by: Actor) -> None:
    if not by.has(Role.SECRETARIAT):
        raise NotAllowed("U hebt daar geen rechten voor.")


def _locked(publication: Publication) -> Publication:
    return Publication.objects.select_for_update(of=("self",)).select_related("decision__proposal").get(pk=publication.pk)


def confirm(publication: Publication, words: Words, *, by: Actor, at_once: bool = False) -> Publication:
    """A person looked for personal data and lets these words go public: on the day, or now (`at_once`, or when the day has
    come). Raises NotAllowed."""
    _may(by)
    if not words.title.strip() or not words.motivation.strip():
        raise NotAllowed("Een titel en een motivering zijn nodig.")
    with changing(publication.decision.proposal.case):
        current = _locked(publication)
        if current.state != Publication.State.WAITING:
            raise NotAllowed("Dit besluit is al gepubliceerd.")
        for name, value in _fields(words).items():
            setattr(current, name, value)
        current.checked_at, current.checked_by_name, current.changed_at = clock.now(), by.name, clock.now()
        if current.due_on is None and not at_once:
            current.due_on = _day_after(current.decision)
        current.save()
    if at_once or (current.due_on is not None and current.due_on <= clock.today()):
        publish(current.pk, by=by, at_once=at_once)
        current.refresh_from_db()
    return current


def publish(publication_id: int, *, by: Actor = SYSTEM, at_once: bool = False) -> bool:
    """Makes a confirmed decision public and tells the reporters; gives False when there was nothing to do."""
    found = Publication.objects.select_related("decision__proposal__case").get(pk=publication_id)
    with changing(found.decision.proposal.case) as case:
        current = _locked(found)
        if current.state != Publication.State.WAITING or current.checked_at is None:
            return False
        if not at_once and (current.due_on is None or current.due_on > clock.today()):
            return False
        current.state, current.published_on, current.published_at = Publication.State.PUBLIC, clock.today(), clock.now()
        current.changed_at = clock.now()
        current.save()
        data = {"publication": str(current.public_id)}
        text = f"Lees het besluit op {address(current)}"
        events.append(case, EventKind.DECISION_PUBLISHED, by, text=text, data=data, visible_to_reporter=True)
    log.info("decision_published", publication=str(current.public_id))
    return True


def address(publication: Publication) -> str:
    """The lasting address, which is also the decision's name in linked data."""
    return f"{settings.BASE_URL}/id/besluiten/{publication.public_id}"


def due() -> list[int]:
    """Publications that were confirmed and whose day has come."""
    rows = Publication.objects.filter(state=Publication.State.WAITING, due_on__lte=clock.today(), checked_at__isnull=False)
    return list(rows.order_by("due_on", "id").values_list("pk", flat=True)[:200])


def correct(publication: Publication, words: Words, *, by: Actor, why: str, seen_version: int) -> Publication:
    """Replaces what is public. The former words are kept for the staff; everybody sees when and why. Raises NotAllowed."""
    _may(by)
    if not why.strip():
        raise NotAllowed("Zeg waarom u verbetert; dat wordt mee gepubliceerd.")
    with transaction.atomic():
        current = _locked(publication)
        if current.state != Publication.State.PUBLIC:
            raise NotAllowed("Dit besluit staat niet online.")
        if current.version != seen_version:
            raise NotAllowed("Een collega verbeterde dit intussen. Kijk het na en bewaar opnieuw.")
        if words == words_of(current):
            raise NotAllowed("Er is niets gewijzigd.")
        PublicationVersion.objects.create(
            publication=current,
            number=current.version,
            content=_fields(words_of(current)),
            corrected_at=clock.now(),
            corrected_by_name=by.name,
            why=why.strip(),
        )
        for name, value in _fields(words).items():
            setattr(current, name, value)
        current.version += 1
        current.changed_at = clock.now()
        current.save()
    return current


def withdraw(publication: Publication, *, by: Actor, why: str) -> Publication:
    """Takes a decision off the website. Its address goes on to say that it was there, when it went, and why. Raises
    NotAllowed."""
    _may(by)
    if not why.strip():
        raise NotAllowed("Zeg waarom u het besluit intrekt; dat wordt mee gepubliceerd.")
    with changing(publication.decision.proposal.case) as case:
        current = _locked(publication)
        if current.state != Publication.State.PUBLIC:
            raise NotAllowed("Dit besluit staat niet online.")
        current.state, current.withdrawn_at, current.withdrawn_why = Publication.State.WITHDRAWN, clock.now(), why.strip()
        current.changed_at = clock.now()
        current.save()
        events.append(case, EventKind.PROPOSAL_CHANGED, by, text=f"Publicatie ingetrokken: {why.strip()}")
    return current
