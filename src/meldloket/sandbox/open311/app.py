"""GeoReport v2 as a network operator would have it, and the page on which its people answer."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

from lxml import etree
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from meldloket.sandbox.config import OPEN311_KEY, SandboxConfig
from meldloket.sandbox.faults import FaultMiddleware, FaultSwitches
from meldloket.sandbox.pages import page, static_mount
from meldloket.sandbox.store import Store

JURISDICTION = "leiestroom.example"
SERVICES = (
    ("LAMP", "Straatlamp defect", "Een lamp brandt niet of knippert."),
    ("KAST", "Kast of kabel beschadigd", "Een schakelkast staat open, een kabel ligt bloot."),
)
#: Outer XML element by the inner one.
ROOTS = {
    "service": "services",
    "request": "service_requests",
    "request_update": "service_request_updates",
    "error": "errors",
}
#: Word of the field, and what the operator's people read.
STATUSES = {
    "open": "Ontvangen",
    "investigating": "In onderzoek",
    "action_scheduled": "Ingepland",
    "fixed": "Hersteld",
    "no_further_action": "Geen verdere actie",
    "not_councils_responsibility": "Niet voor ons",
}
_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def _error(request: Request, status: int, text: str) -> Response:
    return _rows(request, "error", [{"code": status, "description": text}], status)


def _rows(request: Request, element: str, rows: list[dict[str, Any]], status: int = 200) -> Response:
    """The documents as JSON or, when the address ends so, as XML."""
    if request.path_params.get("form") != "xml":
        return JSONResponse(rows, status)
    root = etree.Element(ROOTS[element])
    for row in rows:
        one = etree.SubElement(root, element)
        for name, value in row.items():
            etree.SubElement(one, name).text = "" if value is None else str(value)
    return Response(etree.tostring(root, xml_declaration=True, encoding="utf-8"), status, media_type="text/xml")


class Operator:
    """The requests it holds, as documents with their updates."""

    def __init__(self, config: SandboxConfig, store: Store, faults: FaultSwitches) -> None:
        self.config, self.store, self.faults = config, store, faults

    async def services(self, request: Request) -> Response:
        return _rows(
            request,
            "service",
            [
                {
                    "service_code": code,
                    "service_name": name,
                    "description": text,
                    "metadata": False,
                    "type": "realtime",
                    "keywords": "",
                    "group": "Openbare verlichting",
                }
                for code, name, text in SERVICES
            ],
        )

    async def requests(self, request: Request) -> Response:
        """`GET`: those since `start_date`; `POST`: a new one, as a form."""
        if request.method == "POST":
            return await self._post(request)
        since = request.query_params.get("start_date", "")
        rows = [row for _, row in self.store.items("requests") if row["requested_datetime"] >= since[:19]]
        return _rows(request, "request", [self._shown(row) for row in reversed(rows)])

    async def _post(self, request: Request) -> Response:
        form = await request.form()
        if form.get("api_key") != OPEN311_KEY:
            return _error(request, 403, "api_key is missing or unknown")
        if form.get("jurisdiction_id") not in (None, JURISDICTION):
            return _error(request, 404, "jurisdiction_id was not found")
        if form.get("service_code") not in [code for code, _, _ in SERVICES]:
            return _error(request, 404, "service_code was not found")
        if not form.get("address_string") and not (form.get("lat") and form.get("long")):
            return _error(request, 400, "lat and long, or address_string, must be given")
        number, token = f"LS-{self._count() + 1001}", uuid.uuid4().hex
        row = {
            "service_request_id": number,
            "token": token,
            "status": "open",
            "status_notes": "",
            "requested_datetime": _now(),
            "updated_datetime": _now(),
            **{name: str(value) for name, value in form.items() if name != "api_key"},
        }
        if not self.faults.take_special("order_lost"):
            self.store.put("requests", number, row)
        if self.faults.take_special("answer_lost"):
            return _error(request, 500, "the answer got lost")
        if self.faults.take_special("token_first"):
            return _rows(request, "request", [{"token": token, "service_notice": ""}])
        answer = {"service_request_id": number, "service_notice": "Dank u.", "account_id": None}
        return _rows(request, "request", [answer])

    def _count(self) -> int:
        return sum(1 for _ in self.store.items("requests"))

    def _shown(self, row: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in row.items() if name != "token"}

    async def one(self, request: Request) -> Response:
        row = self.store.get("requests", request.path_params["number"])
        return (
            _rows(request, "request", [self._shown(row)])
            if row
            else _error(request, 404, "service_request_id was not found")
        )

    async def token(self, request: Request) -> Response:
        wanted = request.path_params["token"]
        for number, row in self.store.items("requests"):
            if row["token"] == wanted:
                known = "" if self.faults.take_special("token_late") else number
                return _rows(request, "request", [{"service_request_id": known, "token": wanted}])
        return _error(request, 404, "token was not found")

    async def updates(self, request: Request) -> Response:
        wanted = request.query_params.get("service_request_id", "")
        rows = [row for _, row in self.store.items("updates") if row["service_request_id"] == wanted]
        if self.faults.take_special("twice"):
            rows = [row for row in rows for _ in range(2)]
        return _rows(request, "request_update", rows)

    async def overview(self, request: Request) -> Response:
        rows = [row for _, row in self.store.items("requests")]
        updates: dict[str, list[Any]] = {}
        for _, row in self.store.items("updates"):
            updates.setdefault(row["service_request_id"], []).append(row)
        answer = page(
            request, "open311.html", config=self.config, rows=list(reversed(rows)), updates=updates, statuses=STATUSES
        )
        answer.headers["Content-Security-Policy"] = _POLICY
        return answer

    async def answer(self, request: Request) -> Response:
        """A person of the operator sets a status; an update beside it says when and why."""
        form = await request.form()
        number, status = request.path_params["number"], str(form.get("status", ""))
        row = self.store.get("requests", number)
        if row is None or status not in STATUSES:
            return _error(request, 404, "service_request_id or status was not found")
        moment = datetime.now(UTC)
        if self.faults.take_special("out_of_order"):
            moment -= timedelta(days=2)
        at, note = moment.isoformat(timespec="milliseconds"), str(form.get("note", ""))[:1000]
        self.store.put("requests", number, {**row, "status": status, "status_notes": note, "updated_datetime": at})
        key = uuid.uuid4().hex
        update = {
            "update_id": key,
            "service_request_id": number,
            "status": status,
            "updated_datetime": at,
            "description": note,
            "media_url": "",
        }
        self.store.put("updates", key, update)
        return RedirectResponse(f"/#{number}", 303)

    async def state(self, request: Request) -> Response:
        if request.method == "DELETE":
            self.store.clear()
        rows = [row for _, row in self.store.items("requests")]
        return JSONResponse({"requests": rows, "updates": [row for _, row in self.store.items("updates")]})


def create_app(config: SandboxConfig) -> Starlette:
    """The operator's system as an application of its own; `app.state` holds `store` and `faults`."""
    store, faults = Store(config.store_path("open311")), FaultSwitches()
    operator = Operator(config, store, faults)

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        yield
        store.close()

    app = Starlette(
        routes=[
            Route("/", operator.overview),
            Route("/opdrachten/{number}", operator.answer, methods=["POST"]),
            Route("/georeport/v2/services.{form}", operator.services),
            Route("/georeport/v2/requests.{form}", operator.requests, methods=["GET", "POST"]),
            Route("/georeport/v2/requests/{number}.{form}", operator.one),
            Route("/georeport/v2/tokens/{token}.{form}", operator.token),
            Route("/georeport/v2/servicerequestupdates.{form}", operator.updates),
            Route("/_double/state", operator.state, methods=["GET", "DELETE"]),
            static_mount(),
        ],
        middleware=[Middleware(FaultMiddleware, switches=faults)],
        lifespan=lifespan,
    )
    app.state.store, app.state.faults = store, faults
    return app
