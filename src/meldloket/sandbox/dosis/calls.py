"""The calls of DOSIS and of the notification component over HTTP (specs/dosis-and-mbp, chapters 3 and 5).

Faults of its own, beside the general ones: `token_401` (the token is withdrawn: 401), `status_429`, `processed_false`
(taken, but its processing fails) and `answer_lost` (kept, then answered with 500)."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from meldloket.sandbox.dosis.checks import error_body, refusal
from meldloket.sandbox.dosis.codes import CODES, PHASES
from meldloket.sandbox.dosis.ledger import SOURCES, Ledger, UsedUploadId
from meldloket.sandbox.dosis.notices import bundle_errors, normalise
from meldloket.sandbox.dosis.tokens import TokenEndpoint
from meldloket.sandbox.dosis.upload_rules import upload_errors
from meldloket.sandbox.faults import FaultSwitches

_PROCESSING_FAILED = "De verwerking is mislukt (nagebouwde storing)."
Handler = Callable[[Request], Awaitable[Response]]


class Calls:
    """Every call behind the token."""

    def __init__(self, ledger: Ledger, tokens: TokenEndpoint, faults: FaultSwitches) -> None:
        self.ledger, self.tokens, self.faults = ledger, tokens, faults

    def guarded(self, handler: Handler) -> Handler:
        """The handler behind the checks that all calls share: the token, and the pace."""

        async def guarded(request: Request) -> Response:
            if self.faults.take_special("token_401"):
                self.tokens.forget(request)
            if not self.tokens.knows(request):
                headers = {"WWW-Authenticate": "Bearer"}
                return JSONResponse(error_body("NietAangemeld", "Het token ontbreekt of is vervallen."), 401, headers)
            if self.faults.take_special("status_429"):
                return JSONResponse(error_body("TeVeel", "Te veel aanvragen."), 429, {"Retry-After": "30"})
            return await handler(request)

        return guarded

    async def upload_v1(self, request: Request) -> Response:
        return await self._upload(request, upload_id_required=False)

    async def upload_v2(self, request: Request) -> Response:
        return await self._upload(request, upload_id_required=True)

    async def _upload(self, request: Request, *, upload_id_required: bool) -> Response:
        body = await _json_object(request)
        if isinstance(body, Response):
            return body
        if errors := upload_errors(body, upload_id_required=upload_id_required):
            return _invalid(errors)
        if body["Identificatie"]["Bron"] not in SOURCES:
            return _not_yours()
        try:
            upload_id = self.ledger.accept(body, success=not self.faults.take_special("processed_false"))
        except UsedUploadId:
            return _invalid([refusal("DubbeleSleutel", "Deze UploadId is al gebruikt met andere inhoud.", "UploadId")])
        return self._answer({"Status": "OK", "UploadId": body.get("UploadId") or upload_id})

    async def notify(self, request: Request) -> Response:
        """`POST /api/v2/notificaties`."""
        bundle = await _json_object(request)
        if isinstance(bundle, Response):
            return bundle
        if errors := bundle_errors(bundle):
            return _invalid(errors)
        if bundle["AanbiederUri"] not in SOURCES:
            return _not_yours()
        self.ledger.add_bundle(normalise(bundle, self.ledger.now()))
        return self._answer({"Id": bundle["Id"]})

    async def result(self, request: Request) -> Response:
        """`GET …/resultaten/perUploadId?uploadId=`."""
        upload = self.ledger.find(request.query_params.get("uploadId", ""))
        if upload is None or not self.ledger.is_processed(upload):
            return _not_found("Er is nog geen resultaat.")
        return JSONResponse(_result(upload))

    async def results(self, request: Request) -> Response:
        """`GET …/resultaten?bron=&dossierNummer=`."""
        query = request.query_params
        if query.get("bron") not in SOURCES:
            return _not_yours()
        uploads = self.ledger.uploads(query["bron"], query.get("dossierNummer", "")) if query.get("dossierNummer") else ()
        found = [_result(one) for one in uploads if self.ledger.is_processed(one)]
        return JSONResponse(found) if found else _not_found("Er is nog geen resultaat.")

    async def failures(self, request: Request) -> Response:
        """`GET …/resultaten/fouten?bron=`."""
        source = request.query_params.get("bron")
        if source not in SOURCES:
            return _not_yours()
        failed = [one for one in self.ledger.uploads() if not one["success"] and one["source"] == source]
        return JSONResponse([_result(one) for one in failed if self.ledger.is_processed(one)])

    async def sources(self, request: Request) -> Response:
        return JSONResponse(list(SOURCES))

    async def validation(self, request: Request) -> Response:
        return JSONResponse({"VlaamsCodes": list(CODES), "VlaamsFases": list(PHASES)})

    async def delete(self, request: Request) -> Response:
        """`DELETE …/dossiers?bron=&dossierNummer=`."""
        query = request.query_params
        if query.get("bron") not in SOURCES:
            return _not_yours()
        if not self.ledger.delete(query["bron"], query.get("dossierNummer", "")):
            return _not_found("Dit dossier bestaat niet.")
        return self._answer({"Status": "OK"})

    def _answer(self, body: dict[str, Any]) -> Response:
        if self.faults.take_special("answer_lost"):
            return JSONResponse(error_body("Fout", "Nagebouwde storing: de aanvraag is wel verwerkt."), 500)
        return JSONResponse(body)


async def _json_object(request: Request) -> dict[str, Any] | Response:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        return JSONResponse(error_body("OngeldigContentType", "Content-Type application/json wordt verwacht."), 415)
    try:
        body = json.loads(await request.body())
        json.dumps(body, ensure_ascii=False).encode()  # half a surrogate pair is JSON, but no text
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        return JSONResponse(error_body("OngeldigeJson", "De payload is geen JSON-object."), 400)
    return body


def _result(upload: dict[str, Any]) -> dict[str, Any]:
    failed = not upload["success"]
    return {
        "Identificatie": {"Bron": upload["source"], "DossierNummer": upload["number"]},
        "UploadId": upload["upload_id"],
        "Bestand": None,
        "TijdstipVerwerking": upload["processed_at"][:19],  # without offset, as the real one
        "Succes": upload["success"],
        "Fout": _PROCESSING_FAILED if failed else None,
        "Fouten": [{"Omschrijving": _PROCESSING_FAILED, "LijnNummer": None}] if failed else [],
        "VerwerktVoorOpvraging": upload["success"],
    }


def _invalid(errors: list[dict[str, Any]]) -> Response:
    return JSONResponse(error_body("ValidatieFout", "De payload is niet geldig.", errors), 400)


def _not_yours() -> Response:
    return JSONResponse(error_body("GeenToegang", "Deze bron hoort niet bij deze client."), 403)


def _not_found(message: str) -> Response:
    return JSONResponse(error_body("NietGevonden", message), 404)
