"""Fault switches: every double can be told to be slow, to fail, to hang, to answer nonsense or to refuse.

`PUT /_double/faults` sets one switch, `DELETE` clears it, `GET` shows it. Tests and the control page call it alike.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import asdict, dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

MODES = ("slow", "error", "timeout", "malformed", "refuse")


@dataclass
class Fault:
    """One switch. `count` is how many more calls it meets (None: all until cleared); `path` limits it to addresses
    that begin so; `special` names a fault of this double's own (e.g. `expired_token`), read by the double itself."""

    mode: str
    seconds: float = 5.0  # how long `slow` waits before the real answer
    status: int = 500  # answer of `error` (500) or `refuse` (403)
    count: int | None = None
    path: str = ""
    special: str = ""


class FaultSwitches:
    """The faults of one double, in the order in which they were set."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def set(self, **fields: Any) -> Fault:
        """Sets a switch. Raises ValueError when the mode is unknown (`special` faults have mode `special`)."""
        fault = Fault(**fields)
        if fault.mode not in (*MODES, "special"):
            raise ValueError(f"unknown mode {fault.mode!r}; one of {', '.join((*MODES, 'special'))}")
        if fault.mode == "refuse" and "status" not in fields:
            fault.status = 403
        self.faults.append(fault)
        return fault

    def clear(self) -> None:
        self.faults.clear()

    def take(self, path: str) -> Fault | None:
        """The general fault that meets this call, counted down; None when the call goes through."""
        return self._take(lambda fault: fault.mode != "special" and path.startswith(fault.path))

    def take_special(self, name: str) -> Fault | None:
        """The double's own fault `name`, counted down; None when it is not set."""
        return self._take(lambda fault: fault.mode == "special" and fault.special == name)

    def _take(self, meets: Any) -> Fault | None:
        for fault in self.faults:
            if meets(fault):
                if fault.count is not None:
                    fault.count -= 1
                    if fault.count <= 0:
                        self.faults.remove(fault)
                return fault
        return None


class FaultMiddleware:
    """Stands before a double's application. Addresses under `/_double/` and `/static/` are never hit."""

    def __init__(self, app: ASGIApp, switches: FaultSwitches) -> None:
        self.app = app
        self.switches = switches

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith("/static/"):
            await self.app(scope, receive, send)
            return
        if scope["path"] == "/_double/faults":
            await (await self.control(Request(scope, receive)))(scope, receive, send)
            return
        fault = None if scope["path"].startswith("/_double/") else self.switches.take(scope["path"])
        answer: Response | None = None
        if fault is not None:
            if fault.mode == "slow":
                await asyncio.sleep(fault.seconds)
            elif fault.mode == "timeout":
                await asyncio.sleep(max(fault.seconds, 60.0))
                answer = PlainTextResponse("too late", 504)
            elif fault.mode == "malformed":
                answer = Response(b'{"half": <an answer', 200, media_type="application/json")
            else:
                answer = JSONResponse({"code": "Fout", "message": "Nagebouwde storing."}, fault.status)
        await (answer or self.app)(scope, receive, send)

    async def control(self, request: Request) -> Response:
        if request.method == "PUT":
            try:
                self.switches.set(**json.loads(await request.body()))
            except (ValueError, TypeError) as error:
                return JSONResponse({"error": str(error)}, 400)
        elif request.method == "DELETE":
            self.switches.clear()
        return JSONResponse([asdict(fault) for fault in self.switches.faults])
