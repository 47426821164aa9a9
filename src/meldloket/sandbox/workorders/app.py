"""A contractor's work-order system: takes CloudEvents signed by Standard Webhooks, and answers in the same way."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import json
import time
import uuid
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from meldloket.sandbox.config import SandboxConfig
from meldloket.sandbox.faults import FaultMiddleware, FaultSwitches
from meldloket.sandbox.pages import page, static_mount
from meldloket.sandbox.store import Store

WORDS = {
    "received": "Aanvaard",
    "in_progress": "Begonnen",
    "done": "Klaar",
    "refused": "Geweigerd",
    "note": "Opmerking",
}
TOLERANCE = 300  # seconds
_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def _signature(secret: str, message_id: str, stamp: str, body: bytes) -> str:
    key = base64.b64decode(secret.removeprefix("whsec_"))
    content = f"{message_id}.{stamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()


class Contractor:
    """Its orders, and the calls that it makes about them."""

    def __init__(self, config: SandboxConfig, store: Store, faults: FaultSwitches) -> None:
        self.config, self.store, self.faults = config, store, faults
        self.http = httpx.AsyncClient(timeout=10.0)

    async def hook(self, request: Request) -> Response:
        """`POST /hooks/meldloket`: a new order. The same webhook-id again is the same order."""
        body = await request.body()
        message_id, stamp = request.headers.get("webhook-id", ""), request.headers.get("webhook-timestamp", "")
        if not stamp.isdigit() or abs(time.time() - int(stamp)) > TOLERANCE:
            return JSONResponse({"error": "webhook-timestamp"}, 401)
        expected = _signature(self.config.partner_secret, message_id, stamp, body)
        if not hmac.compare_digest(expected, request.headers.get("webhook-signature", "")):
            return JSONResponse({"error": "webhook-signature"}, 401)
        try:
            event = json.loads(body)
        except ValueError:
            return JSONResponse({"error": "the body is not JSON"}, 400)
        if not isinstance(event, dict) or event.get("type") != "be.meldloket.task.referred":
            return JSONResponse({"error": "type"}, 422)
        known = self.store.get("orders", message_id)
        number = known["number"] if known else f"WB-{sum(1 for _ in self.store.items('orders')) + 501}"
        if known is None:
            order: dict[str, Any] = {
                "number": number,
                "status": "",
                "log": [],
                "received_at": datetime.now(UTC).isoformat(),
            }
            if not self.faults.take_special("order_lost"):
                self.store.put("orders", message_id, {**order, **event["data"]})
        if self.faults.take_special("answer_lost"):
            return JSONResponse({"error": "the answer got lost"}, 500)
        return JSONResponse({"id": number}, 202)

    async def overview(self, request: Request) -> Response:
        rows = [{"id": key, **row} for key, row in self.store.items("orders")]
        answer = page(request, "workorders.html", config=self.config, rows=list(reversed(rows)), words=WORDS)
        answer.headers["Content-Security-Policy"] = _POLICY
        return answer

    async def answer(self, request: Request) -> Response:
        """A person of the contractor says how it stands; the municipality is called."""
        form = await request.form()
        key, status = request.path_params["id"], str(form.get("status", ""))
        order = self.store.get("orders", key)
        if order is None or status not in WORDS:
            return JSONResponse({"error": "order or status"}, 404)
        note = str(form.get("note", ""))[:1000]
        order["status"] = status if status != "note" else order["status"]
        if self.faults.take_special("late"):
            order.setdefault("waiting", []).append(self._event(order, status, note))
            order["log"].append(_line(status, note, "nog niet verstuurd"))
        else:
            order["log"].append(_line(status, note, await self._call(order, self._event(order, status, note))))
            for event in order.pop("waiting", []):  # what was held back goes after what came later
                data = event["data"]
                order["log"].append(_line(data["status"], data["text"], await self._call(order, event)))
        if status in ("done", "refused") and self.faults.take_special("after_closing"):
            more = self._event(order, "in_progress", "We zijn er toch nog mee bezig.")
            order["log"].append(_line("in_progress", more["data"]["text"], await self._call(order, more)))
        self.store.put("orders", key, order)
        return RedirectResponse(f"/#{order['number']}", 303)

    def _event(self, order: dict[str, Any], status: str, note: str) -> dict[str, Any]:
        """What is said of an order at this moment."""
        moment = datetime.now(UTC)
        if self.faults.take_special("out_of_order"):
            moment -= timedelta(days=2)
        return {
            "specversion": "1.0",
            "id": uuid.uuid4().hex,
            "type": "be.meldloket.task.status",
            "source": "urn:kasseilegger",
            "subject": order["key"],
            "time": moment.isoformat(),
            "data": {"status": status, "text": note},
        }

    async def _call(self, order: dict[str, Any], event: dict[str, Any]) -> str:
        """Sends an event, signed now. Gives what the municipality answered, in a few words."""
        event_id, seconds = event["id"], int(time.time())
        if self.faults.take_special("old_timestamp"):
            seconds -= 2 * TOLERANCE
        body, stamp = json.dumps(event).encode(), str(seconds)
        signature = _signature(self.config.partner_secret, event_id, stamp, body)
        if self.faults.take_special("bad_signature"):
            signature = "v1," + base64.b64encode(b"x" * 32).decode()
        headers = {
            "webhook-id": event_id,
            "webhook-timestamp": stamp,
            "webhook-signature": signature,
            "content-type": "application/cloudevents+json",
        }
        said = ""
        for _ in range(2 if self.faults.take_special("twice") else 1):
            try:
                answer = await self.http.post(order["callback"], content=body, headers=headers)
                said = f"{answer.status_code} {answer.text[:120]}"
            except httpx.HTTPError as error:
                said = type(error).__name__
        return said

    async def state(self, request: Request) -> Response:
        if request.method == "DELETE":
            self.store.clear()
        return JSONResponse({"orders": [{"id": key, **row} for key, row in self.store.items("orders")]})


def _line(status: str, note: str, said: str) -> dict[str, str]:
    return {"at": datetime.now(UTC).isoformat(), "status": status, "note": note, "said": said}


def create_app(config: SandboxConfig) -> Starlette:
    """The contractor's system as an application of its own; `app.state` holds `store` and `faults`."""
    store, faults = Store(config.store_path("workorders")), FaultSwitches()
    contractor = Contractor(config, store, faults)

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with contractor.http:
            yield
        store.close()

    app = Starlette(
        routes=[
            Route("/", contractor.overview),
            Route("/werkbonnen/{id}", contractor.answer, methods=["POST"]),
            Route("/hooks/meldloket", contractor.hook, methods=["POST"]),
            Route("/_double/state", contractor.state, methods=["GET", "DELETE"]),
            static_mount(),
        ],
        middleware=[Middleware(FaultMiddleware, switches=faults)],
        lifespan=lifespan,
    )
    app.state.store, app.state.faults = store, faults
    return app
