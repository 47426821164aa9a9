"""What the minutes package hands back (B6.2): where an item stands on the agenda, and the decision with its signed
document. Each call is known by what it says, so that a repeat changes nothing; a client reaches its own proposals only."""

from __future__ import annotations

import base64
import binascii
import hashlib
from datetime import date, datetime
from typing import Annotated, Any, Literal, TypeVar
from uuid import UUID

import structlog
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from pydantic import AfterValidator, AwareDatetime, BaseModel, Field, ValidationError, model_validator

from meldloket.decisions import receiving
from meldloket.decisions.models import Decision, Proposal
from meldloket.decisions.receiving import Agenda, Conflict, Received, Session
from meldloket.intake.text import tidy
from meldloket.web.pages import page

from .errors import problem
from .oslo.context import CONTEXT
from .tokens import Bearer, Caller

log = structlog.get_logger(__name__)
#: A signed document of 25 MB as base64, and the words around it.
MOST_BYTES = 36_000_000
Model = TypeVar("Model", bound=BaseModel)
Text = Annotated[str, AfterValidator(tidy), Field(max_length=50_000)]
Short = Annotated[str, AfterValidator(tidy), Field(max_length=500)]


def _web_address(text: str) -> str:
    if not text.startswith(("https://", "http://")):
        raise ValueError("a web address begins with https://")
    return text


class Article(BaseModel):
    nummer: Short
    tekst: Text


class Sitting(BaseModel):
    """The meeting. Moments carry a zone; who was there are office holders, whose names are public."""

    datum: date
    bestuursorgaan: Literal["college", "council"]
    geplandeStart: AwareDatetime | None = None
    start: AwareDatetime | None = None
    einde: AwareDatetime | None = None
    plaats: Short = ""
    voorzitter: Short = ""
    secretaris: Short = ""
    aanwezigen: list[Short] = Field(default_factory=list, max_length=200)
    notulen: Annotated[Short, AfterValidator(_web_address)] | None = None
    openbaar: bool = True


class Vote(BaseModel):
    voor: int = Field(0, ge=0, le=1000)
    tegen: int = Field(0, ge=0, le=1000)
    onthouding: int = Field(0, ge=0, le=1000)
    geheim: bool = False
    stemmers: list[Short] = Field(default_factory=list, max_length=200)
    voorstanders: list[Short] = Field(default_factory=list, max_length=200)
    tegenstanders: list[Short] = Field(default_factory=list, max_length=200)
    onthouders: list[Short] = Field(default_factory=list, max_length=200)

    @model_validator(mode="after")
    def _secret_stays_secret(self) -> Vote:
        if self.geheim and (self.voorstanders or self.tegenstanders or self.onthouders):
            raise ValueError("a secret vote names nobody")
        return self


class Signatory(BaseModel):
    naam: Short
    rol: Literal["schepen", "algemeen_directeur"]
    tijdstip: Short = ""


class Document(BaseModel):
    """The signed PDF as base64, with the SHA-256 of its bytes in hexadecimal."""

    inhoud: str
    sha256: str = Field(pattern="^[0-9a-fA-F]{64}$")


class Published(BaseModel):
    """Where the minutes package itself published the decision; may come later, with the same decision again."""

    datum: date
    url: Annotated[Short, AfterValidator(_web_address)]


class HandedBack(BaseModel):
    """A decision (`besluit:Besluit`) as the exchange has it; unknown fields are left alone."""

    uitkomst: Decision.Outcome
    nummer: Annotated[Short, Field(min_length=1)]
    zitting: Sitting
    besluit: Short = Field("", alias="@id")
    titel: Short = ""
    inwerkingtreding: date | None = None
    motivering: Text = ""
    artikels: list[Article] = Field(default_factory=list, max_length=200)
    stemming: Vote = Vote(voor=0, tegen=0, onthouding=0)
    ondertekenaars: list[Signatory] = Field(default_factory=list, max_length=10)
    document: Document | None = None
    publicatie: Published | None = None


class AgendaStatus(BaseModel):
    status: Agenda
    zitting: date | None = None
    reden: Text = ""
    tijdstip: AwareDatetime | None = None


class Refused(Exception):
    """The call can't be taken; `answer` says so to the machine, `why` (Dutch) to whoever must look at it."""

    def __init__(self, answer: HttpResponse, why: str = "") -> None:
        super().__init__(answer.status_code)
        self.answer = answer
        self.why = why


def _caller(request: HttpRequest) -> Caller:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    found = Bearer("decisions").authenticate(request, token) if kind.lower() == "bearer" else None
    if found is None:
        answer = problem(401, "No valid access token", "Get one at /api/v1/token and send it as Bearer.")
        answer["WWW-Authenticate"] = "Bearer"
        raise Refused(answer)
    caller: Caller = found
    return caller


def _body(request: HttpRequest) -> bytes:
    """The body, read no further than what a decision can be."""
    body = request.read(MOST_BYTES + 1)
    if len(body) > MOST_BYTES:
        raise Refused(problem(413, "The request is too large", f"At most {MOST_BYTES} bytes."), "De oproep is te groot.")
    return body


def _proposal(caller: Caller, proposal_id: UUID) -> Proposal:
    rows = Proposal.objects.filter(public_id=proposal_id, package=caller.client.partner).exclude(package="")
    found = rows.select_related("case__handler").first()
    if found is None:
        log.warning("decision_refused", proposal=str(proposal_id), client=caller.client.client_id, reason="unknown")
        raise Refused(problem(404, "There is no such proposal for you"))
    return found


def _read(model: type[Model], body: bytes) -> Model:
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        rows = error.errors(include_input=False, include_url=False, include_context=False)
        places = [{"at": ".".join(str(part) for part in row["loc"]), "why": row["msg"]} for row in rows]
        answer = problem(422, "The request is not valid", "Mend the fields named in errors.", errors=places)
        fields = ", ".join(row["at"] for row in places[:5] if row["at"])
        why = f"De oproep is niet leesbaar{f' ({fields})' if fields else ''}."
        raise Refused(answer, why) from None


def _document(given: Document | None) -> bytes:
    if given is None:
        return b""
    try:
        content = base64.b64decode(given.inhoud, validate=True)
    except (binascii.Error, ValueError):
        raise Refused(problem(422, "The document is not base64"), "Het document is niet leesbaar.") from None
    if hashlib.sha256(content).hexdigest() != given.sha256.lower():
        answer = problem(422, "The document does not have this digest", "Send it again.")
        raise Refused(answer, "Het document kwam beschadigd aan.")
    return content


@csrf_exempt
@page("public", methods=("PUT",))
def decision(request: HttpRequest, proposal_id: UUID) -> HttpResponse:
    """Takes a decision. 201 new, 200 known already, 409 when another is final or the proposal was withdrawn."""
    proposal = None
    try:
        proposal = _proposal(_caller(request), proposal_id)
        given = _read(HandedBack, _body(request))
        found, new = receiving.receive(proposal, _received(given))
    except Refused as refused:
        if proposal is not None:
            receiving.refused(proposal, refused.why)
        return refused.answer
    except Conflict as conflict:
        log.warning("decision_refused", proposal=str(proposal_id), reason=str(conflict))
        if proposal is not None:
            receiving.refused(proposal, str(conflict))
        return problem(409, "Conflict", str(conflict))
    log.info("decision_received", proposal=str(proposal_id), new=new, outcome=found.outcome)
    return JsonResponse(_answer(found), status=201 if new else 200)


def _received(given: HandedBack) -> Received:
    return Received(
        outcome=given.uitkomst,
        number=given.nummer,
        decided_on=given.zitting.datum,
        uri=given.besluit,
        motivation=given.motivering,
        articles=tuple((row.nummer, row.tekst) for row in given.artikels),
        vote=given.stemming.model_dump(include={"voor", "tegen", "onthouding", "geheim"}),
        signatories=tuple({"name": row.naam, "role": row.rol, "at": row.tijdstip} for row in given.ondertekenaars),
        document=_document(given.document),
        title=given.titel,
        in_force_on=given.inwerkingtreding,
        session=_session(given),
        public_url=given.publicatie.url if given.publicatie else "",
        public_on=given.publicatie.datum if given.publicatie else None,
    )


def _session(given: HandedBack) -> Session:
    sitting = given.zitting
    return Session(
        planned=_moment(sitting.geplandeStart),
        start=_moment(sitting.start),
        end=_moment(sitting.einde),
        place=sitting.plaats,
        chair=sitting.voorzitter,
        secretary=sitting.secretaris,
        present=tuple(sitting.aanwezigen),
        voters=tuple(given.stemming.stemmers),
        in_favour=tuple(given.stemming.voorstanders),
        opposed=tuple(given.stemming.tegenstanders),
        abstaining=tuple(given.stemming.onthouders),
        minutes=sitting.notulen or "",
        public=sitting.openbaar,
    )


def _moment(value: datetime | None) -> str:
    return value.isoformat() if value else ""


def _answer(found: Decision) -> dict[str, Any]:
    return {
        "voorstel": str(found.proposal.public_id),
        "uitkomst": found.outcome,
        "verwerkt": found.applied_at is not None,
        "handtekeningen": "in orde" if found.signatures_valid else found.signature_problem,
    }


@csrf_exempt
@page("public", methods=("POST",))
def agenda(request: HttpRequest, proposal_id: UUID) -> HttpResponse:
    """Takes where an item stands on the agenda; the same again changes nothing."""
    proposal = None
    try:
        proposal = _proposal(_caller(request), proposal_id)
        given = _read(AgendaStatus, _body(request))
        changed = receiving.agenda_status(
            proposal, given.status, meeting=given.zitting, reason=given.reden, at=given.tijdstip
        )
    except Refused as refused:
        if proposal is not None:
            receiving.refused(proposal, refused.why)
        return refused.answer
    except Conflict as conflict:
        log.warning("agenda_refused", proposal=str(proposal_id), reason=str(conflict))
        return problem(409, "Conflict", str(conflict))
    log.info("agenda_received", proposal=str(proposal_id), status=given.status, changed=changed)
    return JsonResponse({"voorstel": str(proposal_id), "status": given.status, "gewijzigd": changed})


@csrf_exempt
@page("public", methods=("GET",))
def attachment(request: HttpRequest, proposal_id: UUID, file_id: UUID) -> HttpResponse | FileResponse:
    """An attachment of a proposal that this client's package has, bytes unchanged; its digest stands in the item."""
    try:
        proposal = _proposal(_caller(request), proposal_id)
    except Refused as refused:
        return refused.answer
    found = proposal.attachments.filter(public_id=file_id).first()
    if found is None:
        return problem(404, "There is no such attachment for you")
    return FileResponse(found.file.open("rb"), as_attachment=True, filename=found.name, content_type=found.content_type)


@csrf_exempt
@page("public", methods=("GET",))
def context(request: HttpRequest) -> HttpResponse:
    """What the Dutch names of the exchange mean in OSLO's vocabularies (JSON-LD context)."""
    answer = JsonResponse({"@context": CONTEXT}, content_type="application/ld+json")
    answer["Cache-Control"], answer["Access-Control-Allow-Origin"] = "public, max-age=3600", "*"
    return answer
