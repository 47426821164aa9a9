"""The double as one application: the interface, and the operator's page."""

from __future__ import annotations

import contextlib
import json
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from meldloket.sandbox.config import SandboxConfig
from meldloket.sandbox.faults import FaultMiddleware, FaultSwitches
from meldloket.sandbox.open311.desk import SERVICES, STATUSES, Desk
from meldloket.sandbox.open311.interface import Interface
from meldloket.sandbox.pages import page, static_mount, when
from meldloket.sandbox.store import Store

_POLICY = "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
SHOWN = 50


def _now() -> datetime:
    return datetime.now(UTC)


class OperatorPage:
    """What a person sees and does at the operator's."""

    def __init__(self, config: SandboxConfig, desk: Desk, interface: Interface) -> None:
        self.config, self.desk, self.interface = config, desk, interface

    def routes(self) -> list[Route]:
        return [
            Route("/", self.overview),
            Route("/opdrachten/{number}", self.say, methods=["POST"]),
            Route("/instelling", self.setting, methods=["POST"]),
            Route("/_double/requests", self.requests, methods=["GET", "DELETE"]),
            Route("/_double/settings", self.settings, methods=["GET", "PUT"]),
        ]

    async def overview(self, request: Request) -> Response:
        everything = self.desk.all()
        shown = [
            {
                **one,
                "service": SERVICES[one["service_code"]][0],
                "label": STATUSES[one["status"]][0],
                "closed": STATUSES[one["status"]][1],
                "when": when(one["requested_datetime"]),
                "said": [
                    {**said, "label": STATUSES[said["status"]][0], "when": when(said["updated_datetime"])}
                    for said in reversed(one["updates"])
                ],
            }
            for one in everything[: -SHOWN - 1 : -1]
        ]
        answer = page(
            request,
            "open311.html",
            config=self.config,
            requests=shown,
            total=len(everything),
            statuses={key: label for key, (label, _) in STATUSES.items()},
            token_first=self.desk.token_first,
        )
        answer.headers["Content-Security-Policy"] = _POLICY
        return answer

    async def say(self, request: Request) -> Response:
        """`POST /opdrachten/{number}`: fields `status` and `tekst`."""
        form = await request.form()
        status, text = str(form.get("status", "")), str(form.get("tekst", "")).strip()[:4000]
        if status not in STATUSES:
            return Response("Deze status bestaat niet.", 400, media_type="text/plain")
        number = request.path_params["number"]
        if self.desk.say(number, status, text, minutes_ago=self.interface.late()) is None:
            return Response("Deze opdracht bestaat niet.", 404, media_type="text/plain")
        return RedirectResponse(f"/#opdracht-{number}", 303)

    async def setting(self, request: Request) -> Response:
        self.desk.set_token_first((await request.form()).get("token") == "ja")
        return RedirectResponse("/", 303)

    async def requests(self, request: Request) -> Response:
        """`GET /_double/requests`: everything that is kept. `DELETE` forgets it."""
        if request.method == "DELETE":
            self.desk.store.clear()
        return JSONResponse(self.desk.all())

    async def settings(self, request: Request) -> Response:
        """`PUT {"token_first": bool}`."""
        if request.method == "PUT":
            try:
                wanted = json.loads(await request.body())["token_first"]
            except (ValueError, KeyError, TypeError):
                wanted = None
            if not isinstance(wanted, bool):
                return JSONResponse({"error": "token_first is true or false"}, 400)
            self.desk.set_token_first(wanted)
        return JSONResponse({"token_first": self.desk.token_first})


def create_app(config: SandboxConfig, clock: Callable[[], datetime] = _now) -> Starlette:
    """The application. `app.state` holds `store`, `faults` and `desk`."""
    store, faults = Store(config.store_path("open311")), FaultSwitches()
    desk = Desk(store, clock)
    interface = Interface(desk, faults)

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        try:
            yield
        finally:
            store.close()

    app = Starlette(
        routes=[*interface.routes(), *OperatorPage(config, desk, interface).routes(), static_mount()],
        middleware=[Middleware(FaultMiddleware, switches=faults)],
        lifespan=lifespan,
    )
    app.state.store, app.state.faults, app.state.desk = store, faults, desk
    return app
