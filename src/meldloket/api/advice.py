"""Advice for partners with a system of their own (B2.6, B3.2): fetch what is open, read one, answer. A client sees the
requests of its own service only; every answer is idempotent by its Idempotency-Key."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

import structlog
from django.http import HttpRequest, HttpResponseBase
from ninja import Field, Header, NinjaAPI, Schema
from ninja.errors import HttpError
from pydantic import AfterValidator

from meldloket.advice import answering
from meldloket.advice.answering import Adviser, Content
from meldloket.advice.models import AdviceRequest, Verdict, as_dict
from meldloket.advice.sharing import shared_case, shared_files
from meldloket.cases.lifecycle import NotAllowed
from meldloket.intake.text import tidy
from meldloket.web.citizen.files import respond

from .errors import use_problems
from .tokens import Bearer

log = structlog.get_logger(__name__)
api = NinjaAPI(title="Meldloket: partners", version="1", urls_namespace="partners", docs_url=None, openapi_url=None)
use_problems(api)
MOST = 50
State = AdviceRequest.State
#: By which a repeat is known: letters, figures and the like, no spaces.
IdempotencyKey = Annotated[str, Header(alias="Idempotency-Key", min_length=1, max_length=80, pattern=r"^[!-~]+$")]
Text = Annotated[str, AfterValidator(tidy)]


class RequestRow(Schema):
    id: UUID
    case: str
    state: str
    question: str
    asked_at: datetime
    due: date


class Page(Schema):
    items: list[RequestRow]
    next: str = Field("", description="`after` of the next page, empty on the last one")


class SharedFile(Schema):
    id: UUID
    name: str
    content_type: str


class SharedReport(Schema):
    reference: str
    text: str
    observed: str
    reporter: str
    contact: list[str]


class Advice(Schema):
    """An advice as it stands with the municipality; `number` rises with every version."""

    number: int
    verdict: str
    reasons: str
    conditions: list[str]
    given_at: datetime | None


class Whole(RequestRow):
    category: str
    submitted: date
    place: str
    latitude: float | None
    longitude: float | None
    reports: list[SharedReport]
    files: list[SharedFile]
    advice: Advice | None


class Answer(Schema):
    verdict: Verdict
    reasons: Text = Field("", max_length=8000)
    conditions: list[Annotated[Text, Field(max_length=2000)]] = Field(default_factory=list, max_length=50)


def _row(asked: AdviceRequest) -> dict[str, Any]:
    return {
        "id": asked.public_id,
        "case": asked.case.reference,
        "state": asked.state,
        "question": asked.question,
        "asked_at": asked.asked_at,
        "due": asked.due,
    }


def _mine(request: HttpRequest) -> Any:
    caller = request.auth  # type: ignore[attr-defined]
    rows = AdviceRequest.objects.filter(service__code=caller.client.partner).select_related("service", "case__category")
    return rows.order_by("id")


def _find(request: HttpRequest, request_id: UUID) -> AdviceRequest:
    found: AdviceRequest | None = _mine(request).filter(public_id=request_id).first()
    if found is None:
        raise HttpError(404, "There is no such request for your service")
    return found


@api.get("/adviesvragen", auth=Bearer("advice"), response=Page, url_name="api-advice-list")
def list_requests(request: HttpRequest, state: State = State.OPEN, after: UUID | None = None) -> dict[str, Any]:
    """The requests of your service in this state, oldest first, fifty a page. `after`: `next` of the page before."""
    rows = _mine(request).filter(state=state)
    if after:
        start = _mine(request).filter(public_id=after).values_list("pk", flat=True).first()
        if start is None:
            raise HttpError(400, "`after` is not one of your requests")
        rows = rows.filter(pk__gt=start)
    found = list(rows[: MOST + 1])
    return {
        "items": [_row(row) for row in found[:MOST]],
        "next": str(found[MOST - 1].public_id) if len(found) > MOST else "",
    }


@api.get("/adviesvragen/{request_id}", auth=Bearer("advice"), response=Whole, url_name="api-advice")
def one_request(request: HttpRequest, request_id: UUID) -> dict[str, Any]:
    """One request with all that was shared, and your advice as it stands."""
    found = _find(request, request_id)
    shared, given = shared_case(found), answering.given(found)
    return {
        **_row(found),
        "category": shared.category,
        "submitted": shared.submitted,
        "place": shared.place,
        "latitude": shared.latitude,
        "longitude": shared.longitude,
        "reports": [
            {
                "reference": row.reference,
                "text": row.text,
                "observed": row.observed,
                "reporter": row.reporter,
                "contact": list(row.contact),
            }
            for row in shared.reports
        ],
        "files": [{"id": row.public_id, "name": row.name, "content_type": row.content_type} for row in shared.files],
        "advice": as_dict(given) if given else None,
    }


@api.get("/adviesvragen/{request_id}/bestanden/{file_id}", auth=Bearer("advice"), url_name="api-advice-file")
def one_file(request: HttpRequest, request_id: UUID, file_id: UUID) -> HttpResponseBase:
    """A shared file."""
    found = next((row for row in shared_files(_find(request, request_id)) if row.public_id == file_id), None)
    if found is None:
        raise HttpError(404, "There is no such file with this request")
    return respond(found)


@api.put("/adviesvragen/{request_id}/advies", auth=Bearer("advice"), response=Advice, url_name="api-advice-answer")
def answer(request: HttpRequest, request_id: UUID, body: Answer, key: IdempotencyKey) -> dict[str, Any]:
    """Gives the advice of your service. The same Idempotency-Key again gives the same answer and changes nothing; another
    key gives a new version until the municipality worked the advice in (409 after that)."""
    found = _find(request, request_id)
    content = Content(body.verdict, body.reasons, tuple(body.conditions))
    try:
        answering.check(content)
    except NotAllowed as refused:
        raise HttpError(422, refused.reason) from None
    try:
        given = answering.give(found, content, by=Adviser(found.service.name), key=f"{found.pk}:{key}")
    except NotAllowed as refused:
        log.info("advice_refused", request=str(found.public_id), action="give", reason=refused.reason)
        raise HttpError(409, refused.reason) from None
    return as_dict(given)


def urls() -> list[Any]:
    """The addresses, each with its permission: whoever calls is known by a token, never by a session."""
    patterns: list[Any] = [row for row in api.urls[0] if (getattr(row, "name", "") or "").startswith("api-advice")]
    for pattern in patterns:
        pattern.callback.permission = "public"
    return patterns
