"""The double as one application: authorisation server, DOSIS, notification component, and Mijn Burgerprofiel."""

from __future__ import annotations

import contextlib
import json
from collections.abc import AsyncIterator, Callable
from datetime import datetime

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from meldloket.sandbox.config import SandboxConfig
from meldloket.sandbox.dosis.calls import Calls
from meldloket.sandbox.dosis.checks import BRUSSELS
from meldloket.sandbox.dosis.ledger import Ledger
from meldloket.sandbox.dosis.mbp import Profile
from meldloket.sandbox.dosis.tokens import TOKEN_PATH, TokenEndpoint
from meldloket.sandbox.faults import FaultMiddleware, FaultSwitches
from meldloket.sandbox.pages import static_mount
from meldloket.sandbox.persons import CITIZENS
from meldloket.sandbox.store import Store


def _now() -> datetime:
    return datetime.now(BRUSSELS)


def create_app(config: SandboxConfig, clock: Callable[[], datetime] = _now) -> Starlette:
    """The application. `clock` returns an aware moment. `app.state` holds `store`, `faults` and `ledger`."""
    store, faults = Store(config.store_path("dosis")), FaultSwitches()
    ledger = Ledger(store, config.dosis_delay, clock)
    tokens = TokenEndpoint(store, config.client_keys.get("dosis", {}), clock)
    calls = Calls(ledger, tokens, faults)

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        try:
            yield
        finally:
            store.close()

    app = Starlette(
        routes=[
            Route(TOKEN_PATH, tokens.issue, methods=["POST"]),
            *_api(calls),
            *_switches(ledger),
            *Profile(config, ledger, CITIZENS).routes(),
            Route("/", lambda request: RedirectResponse("/mbp/")),
            static_mount(),
        ],
        middleware=[Middleware(FaultMiddleware, switches=faults)],
        lifespan=lifespan,
    )
    app.state.store, app.state.faults, app.state.ledger = store, faults, ledger
    return app


def _api(calls: Calls) -> list[Route]:
    """`/api/v2/dossiers` is where a client of 2021 posted."""
    guarded = calls.guarded
    return [
        Route("/api/v2/dosis/dossiers", guarded(calls.upload_v2), methods=["POST"]),
        Route("/api/v2/dossiers", guarded(calls.upload_v2), methods=["POST"]),
        Route("/api/v1/dosis/dossiers", guarded(calls.upload_v1), methods=["POST"]),
        Route("/api/v1/dosis/dossiers", guarded(calls.delete), methods=["DELETE"]),
        Route("/api/v1/dosis/resultaten/perUploadId", guarded(calls.result)),
        Route("/api/v1/dosis/resultaten/fouten", guarded(calls.failures)),
        Route("/api/v1/dosis/resultaten", guarded(calls.results)),
        Route("/api/v2/dosis/bronnen/uris", guarded(calls.sources)),
        Route("/api/v1/dosis/instellingen/validatie", guarded(calls.validation)),
        Route("/api/v2/notificaties", guarded(calls.notify), methods=["POST"]),
    ]


def _switches(ledger: Ledger) -> list[Route]:
    async def state(request: Request) -> Response:
        """`GET`: everything that is kept, in order. `DELETE` forgets it all, tokens included."""
        if request.method == "DELETE":
            ledger.store.clear()
        return JSONResponse(ledger.state())

    async def settings(request: Request) -> Response:
        """`PUT {"notifies": bool}`: whether DOSIS tells the citizen of a changed status by itself."""
        if request.method == "PUT":
            try:
                notifies = json.loads(await request.body())["notifies"]
            except (ValueError, KeyError, TypeError):
                notifies = None
            if not isinstance(notifies, bool):
                return JSONResponse({"error": "notifies is true or false"}, 400)
            ledger.set_notifies(notifies)
        return JSONResponse({"notifies": ledger.notifies})

    return [
        Route("/_double/state", state, methods=["GET", "DELETE"]),
        Route("/_double/settings", settings, methods=["GET", "PUT"]),
    ]
