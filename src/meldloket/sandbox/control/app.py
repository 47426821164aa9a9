"""The control page over HTTP: shows what every double is set to, and sets it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from meldloket.sandbox.config import SandboxConfig
from meldloket.sandbox.control.switches import DOUBLES, GENERAL, Double, find_double
from meldloket.sandbox.pages import page, static_mount

_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_TIMES = (("", "tot ik het terugzet"), ("1", "1 keer"), ("3", "3 keer"), ("10", "10 keer"))


class ControlPage:
    """The page and its two forms."""

    def __init__(self, config: SandboxConfig) -> None:
        self.config = config
        self.http = httpx.AsyncClient(timeout=3.0)

    async def overview(self, request: Request) -> Response:
        states = await asyncio.gather(*(self._state(double) for double in DOUBLES))
        answer = page(
            request,
            "control.html",
            config=self.config,
            doubles=list(zip(DOUBLES, states, strict=True)),
            general=GENERAL,
            times=_TIMES,
            disturbed=any(states),
        )
        answer.headers["Content-Security-Policy"] = _POLICY
        return answer

    async def disturb(self, request: Request) -> Response:
        """`POST /storingen`: fields `dienst`, `storing`, `keer` (empty: until it is cleared)."""
        form = await request.form()
        double = find_double(str(form.get("dienst", "")))
        switch = double.switch(str(form.get("storing", ""))) if double else None
        times = str(form.get("keer", ""))
        if double is None or switch is None or times not in dict(_TIMES):
            return JSONResponse({"error": "Deze storing bestaat niet."}, 400)
        with contextlib.suppress(httpx.HTTPError):  # the page that follows says that the double does not answer
            await self.http.put(self._faults_of(double), json=switch.body(double.calls, int(times) if times else None))
        return RedirectResponse(f"/#{double.name}", 303)

    async def restore(self, request: Request) -> Response:
        """`POST /storingen/weg`: field `dienst`, or all of them without it."""
        name = str((await request.form()).get("dienst", ""))
        double = find_double(name)
        if name and double is None:
            return JSONResponse({"error": "Deze dienst bestaat niet."}, 400)
        for one in (double,) if double else DOUBLES:
            with contextlib.suppress(httpx.HTTPError):
                await self.http.delete(self._faults_of(one))
        return RedirectResponse(f"/#{double.name if double else 'storingen'}", 303)

    def _faults_of(self, double: Double) -> str:
        return f"{self.config.url(double.name)}/_double/faults"

    async def _state(self, double: Double) -> list[str]:
        """What the double is set to, in words; empty when all is normal."""
        try:
            faults = (await self.http.get(self._faults_of(double))).raise_for_status().json()
        except (httpx.HTTPError, ValueError):
            return ["antwoordt niet"]
        return [_in_words(double, fault) for fault in faults]


def _in_words(double: Double, fault: dict[str, Any]) -> str:
    key = f"special:{fault['special']}" if fault["mode"] == "special" else fault["mode"]
    switch = double.switch(key)
    left = fault.get("count")
    words = switch.label if switch else key
    return words if left is None else f"{words}, nog {left} keer"


def create_app(config: SandboxConfig) -> Starlette:
    """The control page as an application of its own."""
    control = ControlPage(config)

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with control.http:
            yield

    return Starlette(
        routes=[
            Route("/", control.overview),
            Route("/storingen", control.disturb, methods=["POST"]),
            Route("/storingen/weg", control.restore, methods=["POST"]),
            static_mount(),
        ],
        lifespan=lifespan,
    )
