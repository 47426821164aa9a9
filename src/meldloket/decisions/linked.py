"""A published decision as the facts that linked data need, once: the page with RDFa and the graph (JSON-LD, Turtle) are
both made of it, so that they can't say different things (specs/decisions 4, shapes besluit-publicatie)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from django.conf import settings

from meldloket.catalogue.current import catalogue

from . import publishing
from .models import Body, Publication

NLD = "http://publications.europa.eu/resource/authority/language/NLD"
#: "Decision" in the European list of resource types.
DECISION_TYPE = "http://publications.europa.eu/resource/authority/resource-type/DEC"
PLANNED_ITEM = "http://lblod.data.gift/concepts/bdf68a65-ce15-42c8-ae1b-19eeb39e20d0"
_CODE = "http://data.vlaanderen.be/id/concept/{}/5ab0e9b8a3b2ca7c5e0000{}"
MUNICIPALITY_CODE = _CODE.format("BestuurseenheidClassificatieCode", "01")
BODY_CODES = {
    Body.COUNCIL: _CODE.format("BestuursorgaanClassificatieCode", "05"),
    Body.COLLEGE: _CODE.format("BestuursorgaanClassificatieCode", "06"),
}
#: A term of office lasts six years; this one began in 2025.
TERM_BEGAN, TERM_YEARS = 2025, 6


@dataclass(frozen=True)
class Part:
    """An article. `uri`: of its words; `legal`: of what it rules."""

    uri: str
    legal: str
    number: str
    text: str

    @property
    def title(self) -> str:
        return f"Artikel {self.number}"


@dataclass(frozen=True)
class Holder:
    """An office holder who was there."""

    uri: str
    name: str


@dataclass(frozen=True)
class Organ:
    """The body in this term of office, the body as such, and what it governs."""

    uri: str
    whole: str
    name: str
    whole_name: str
    code: str
    unit: str
    unit_name: str
    area: str


@dataclass(frozen=True)
class Sitting:
    """The meeting. Moments are ISO 8601 with a zone; empty where nobody told us."""

    uri: str
    planned: str
    start: str
    end: str
    place: str
    place_uri: str
    chair: str  # the holder's URI
    secretary: str
    public: bool
    minutes: str = ""


@dataclass(frozen=True)
class Poll:
    """The vote: counts, and the URIs of who voted."""

    uri: str
    votes_for: int
    against: int
    abstained: int
    secret: bool
    subject: str
    consequence: str
    voters: tuple[str, ...]
    in_favour: tuple[str, ...] = ()
    opposed: tuple[str, ...] = ()
    abstaining: tuple[str, ...] = ()


@dataclass(frozen=True)
class LinkedDecision:
    """Everything that a published decision says in linked data."""

    uri: str
    legal: str
    treatment: str
    item: str
    title: str
    short_title: str
    description: str
    motivation: str
    content: str
    published_on: date
    in_force_on: date
    planned_public: bool
    document: str
    corrected: tuple[tuple[datetime, str], ...]
    organ: Organ
    sitting: Sitting
    poll: Poll | None
    parts: tuple[Part, ...]
    holders: tuple[Holder, ...] = field(default=())
    present: tuple[str, ...] = ()


def organ_of(body: Body, day: date) -> Organ:
    """The body that decided on `day`, by the names that Flanders gave it or by our own."""
    home, base = catalogue().municipality, f"{settings.BASE_URL}/id"
    began = TERM_BEGAN + (day.year - TERM_BEGAN) // TERM_YEARS * TERM_YEARS
    given = home.college_uri if body == Body.COLLEGE else home.council_uri
    name = f"{body.label} van {home.name}" if body == Body.COUNCIL else f"{body.label} ({home.name})"
    return Organ(
        uri=given or f"{base}/bestuursorganen/{body.value}-{began}",
        whole=f"{base}/bestuursorganen/{body.value}",
        name=f"{name}, {began}-{began + TERM_YEARS - 1}",
        whole_name=name,
        code=BODY_CODES[body],
        unit=home.unit_uri or f"{base}/bestuurseenheid",
        unit_name=f"Gemeente {home.name}",
        area=home.area_uri or f"{base}/werkingsgebied",
    )


def of(publication: Publication) -> LinkedDecision:
    """The facts of what is public. The decision, its proposal and `versions` are read: prefetch them for many."""
    decision = publication.decision
    proposal, told = decision.proposal, decision.session
    uri = publishing.address(publication)
    body = Body(proposal.body)
    kinds = ("present", "voters", "in_favour", "opposed", "abstaining")
    names = [*(name for kind in kinds for name in told.get(kind, [])), told.get("chair", ""), told.get("secretary", "")]
    numbered = {name: f"{uri}#mandataris-{place}" for place, name in enumerate(dict.fromkeys(filter(None, names)), start=1)}
    present = tuple(numbered[name] for name in told.get("present", []))
    parts = tuple(
        Part(f"{uri}#artikel-{place}", f"{uri}#regel-{place}", row["number"], row["text"])
        for place, row in enumerate(publication.articles, start=1)
    )
    assert publication.published_on is not None
    return LinkedDecision(
        uri=uri,
        legal=f"{uri}#rechtsgrond",
        treatment=f"{uri}#behandeling",
        item=f"{uri}#agendapunt",
        title=publication.title,
        short_title=f"Besluit {decision.number}",
        description=publication.description,
        motivation=publication.motivation,
        content="\n".join(f"{part.title}. {part.text}" for part in parts) or publication.description,
        published_on=publication.published_on,
        in_force_on=decision.in_force_on or decision.decided_on,
        planned_public=proposal.planned_public,
        document=f"{uri}.pdf" if publication.with_document and decision.document else "",
        corrected=tuple((row.corrected_at, row.why) for row in publication.versions.all()),
        organ=organ_of(body, decision.decided_on),
        sitting=_sitting(publication, body, numbered),
        poll=_poll(publication, numbered, present),
        parts=parts,
        holders=tuple(Holder(one, name) for name, one in numbered.items()),
        present=present,
    )


def _sitting(publication: Publication, body: Body, numbered: dict[str, str]) -> Sitting:
    decision = publication.decision
    told = decision.session
    uri = f"{settings.BASE_URL}/id/zittingen/{body.value}-{decision.decided_on.isoformat()}"
    return Sitting(
        uri=uri,
        planned=told.get("planned", "") or told.get("start", ""),
        start=told.get("start", ""),
        end=told.get("end", ""),
        place=told.get("place", ""),
        place_uri=f"{uri}#plaats",
        chair=numbered.get(told.get("chair", ""), ""),
        secretary=numbered.get(told.get("secretary", ""), ""),
        public=bool(told.get("public", True)),
        minutes=told.get("minutes", ""),
    )


def _poll(publication: Publication, numbered: dict[str, str], present: tuple[str, ...]) -> Poll | None:
    """The vote, when the minutes package told one."""
    vote, decision = publication.decision.vote, publication.decision
    counts = [int(vote.get(name, 0)) for name in ("voor", "tegen", "onthouding")]
    if not any(counts):
        return None
    secret = bool(vote.get("geheim", False))
    told = {} if secret else decision.session  # of a secret vote nobody learns who voted what
    chose = {kind: tuple(numbered[name] for name in told.get(kind, [])) for kind in ("in_favour", "opposed", "abstaining")}
    return Poll(
        uri=f"{publishing.address(publication)}#stemming",
        votes_for=counts[0],
        against=counts[1],
        abstained=counts[2],
        secret=secret,
        subject=publication.title,
        consequence=decision.get_outcome_display(),
        voters=tuple(numbered[name] for name in decision.session.get("voters", [])) or present,
        **chose,
    )
