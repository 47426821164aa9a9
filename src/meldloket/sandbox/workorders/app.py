"""The double as one application: the address that receives signed events, and the contractor's page.

Fault switches of mode `special` on receiving: `answer_lost` (kept, the answer is 500), `loses_order` (taken with a number,
and then unknown). Those on the way back stand in yard.py."""

from __future__ import annotations

import contextlib
import json
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from meldloket.sandbox.config import SandboxConfig
from meldloket.sandbox.faults import FaultMiddleware, FaultSwitches
from meldloket.sandbox.pages import page, static_mount, when
from meldloket.sandbox.store import Store
from meldloket.sandbox.workorders.signature import problem
from meldloket.sandbox.workorders.yard import ENDS, STATUSES, Yard

_POLICY = "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
REFERRED = "be.meldloket.task.referred"
SHOWN = 50


def _now() -> datetime:
    return datetime.now(UTC)


class ContractorPage:
    """What comes in, and what a person does with it."""

    def __init__(self, config: SandboxConfig, yard: Yard) -> None:
        self.config, self.yard = config, yard

    def routes(self) -> list[Route]:
        return [
            Route("/", self.overview),
            Route("/webhook", self.webhook, methods=["POST"]),
            Route("/werkbonnen/{number}", self.say, methods=["POST"]),
            Route("/berichten/{key}", self.send, methods=["POST"]),
            Route("/_double/orders", self.orders, methods=["GET", "DELETE"]),
        ]

    async def webhook(self, request: Request) -> Response:
        """`POST /webhook`: a signed CloudEvent in structured JSON; 401 for a wrong signature, 400 for anything else."""
        body = await request.body()
        if wrong := problem(request.headers, body, self.yard.clock().timestamp()):
            return JSONResponse({"error": wrong}, 401)
        try:
            event = json.loads(body)
        except ValueError:
            event = None
        if wrong := _wrong_event(event, request.headers["webhook-id"]):
            return JSONResponse({"error": wrong}, 400)
        number = self.yard.take(event)
        if self.yard.faults.take_special("answer_lost"):
            return JSONResponse({"error": "Nagebouwde storing: de opdracht is wel aanvaard."}, 500)
        return JSONResponse({"id": number}, 202)

    async def overview(self, request: Request) -> Response:
        everything = self.yard.orders()
        shown = [
            {
                **order,
                "when": when(order["received"]),
                "label": STATUSES.get(order["status"], "Nieuw"),
                "ended": order["status"] in ENDS,
                "messages": [
                    {
                        **one,
                        "label": STATUSES[one["event"]["data"]["status"]],
                        "text": one["event"]["data"]["text"],
                        "when": when(one["event"]["time"]),
                        "fine": one["answer"].startswith("2"),
                    }
                    for one in reversed(order["messages"])
                ],
            }
            for order in everything[: -SHOWN - 1 : -1]
        ]
        answer = page(
            request, "workorders.html", config=self.config, orders=shown, total=len(everything), statuses=STATUSES
        )
        answer.headers["Content-Security-Policy"] = _POLICY
        return answer

    async def say(self, request: Request) -> Response:
        """`POST /werkbonnen/{number}`: fields `status` and `tekst`."""
        form = await request.form()
        status, text = str(form.get("status", "")), str(form.get("tekst", "")).strip()[:4000]
        if status not in STATUSES:
            return Response("Deze status bestaat niet.", 400, media_type="text/plain")
        number = request.path_params["number"]
        if not await self.yard.say(number, status, text):
            return Response("Deze werkbon bestaat niet.", 404, media_type="text/plain")
        return RedirectResponse(f"/#bon-{number}", 303)

    async def send(self, request: Request) -> Response:
        """`POST /berichten/{key}`: sends a message that was held, or again."""
        if not await self.yard.send(request.path_params["key"]):
            return Response("Dit bericht bestaat niet.", 404, media_type="text/plain")
        return RedirectResponse("/", 303)

    async def orders(self, request: Request) -> Response:
        """`GET /_double/orders`: everything that is kept, with the messages. `DELETE` forgets it."""
        if request.method == "DELETE":
            self.yard.store.clear()
        return JSONResponse(self.yard.orders())


def _wrong_event(event: Any, message_id: str) -> str:
    """Why an event can't be taken; empty when it can."""
    if not isinstance(event, dict) or event.get("specversion") != "1.0" or not event.get("source"):
        return "a CloudEvent 1.0 in structured JSON is expected"
    if event.get("type") != REFERRED:
        return f"type must be {REFERRED}"
    if event.get("id") != message_id:
        return "id must be the webhook-id"
    data = event.get("data")
    if not isinstance(data, dict) or not all(
        isinstance(data.get(name), str) and data[name] for name in ("key", "title", "replyUrl")
    ):
        return "data must hold key, title and replyUrl"
    return ""


def create_app(config: SandboxConfig, clock: Callable[[], datetime] = _now) -> Starlette:
    """The application. `app.state` holds `store`, `faults` and `yard`."""
    store, faults = Store(config.store_path("workorders")), FaultSwitches()
    http = httpx.AsyncClient(timeout=10.0)
    yard = Yard(store, faults, http, clock)

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        try:
            async with http:
                yield
        finally:
            store.close()

    app = Starlette(
        routes=[*ContractorPage(config, yard).routes(), static_mount()],
        middleware=[Middleware(FaultMiddleware, switches=faults)],
        lifespan=lifespan,
    )
    app.state.store, app.state.faults, app.state.yard = store, faults, yard
    return app
