"""The provider's own session in a browser: whoever logged in less than two hours ago is not asked again, so that a deep
link from Mijn Burgerprofiel goes straight to the case (specs/identity-and-registers 1.7)."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from meldloket.sandbox.store import Store

COOKIE = "nagebouwde_acm"  # ports of one host share their cookies: not a name that the product could use
LIFETIME = 2 * 3600


@dataclass(frozen=True)
class LoggedIn:
    """Who is logged in for a target group; `organisation` empty: still to be chosen."""

    persona: str
    organisation: str = ""


class SingleSignOn:
    """The sessions by cookie; one browser can hold a citizen and a member of staff. `clock`: seconds."""

    def __init__(self, store: Store, clock: Callable[[], float]) -> None:
        self.store, self.clock = store, clock

    def find(self, request: Request, target_group: str) -> LoggedIn | None:
        """Who is logged in, unless that was over two hours ago."""
        known = self._session(request).get(target_group)
        if known is None or self.clock() >= known["at"] + LIFETIME:
            return None
        return LoggedIn(known["persona"], known["organisation"])

    def remember(self, request: Request, answer: Response, target_group: str, who: LoggedIn) -> None:
        """Keeps who logged in. The same person again does not lengthen the two hours; a choice of organisation counts."""
        session = self._session(request)
        before = self.find(request, target_group)
        same = before is not None and before.persona == who.persona
        at = session[target_group]["at"] if same else self.clock()
        session[target_group] = {"persona": who.persona, "organisation": who.organisation, "at": at}
        session_id = request.cookies.get(COOKIE, "") if self._known(request) else secrets.token_urlsafe(24)
        self.store.put("sessions", session_id, session)
        answer.set_cookie(COOKIE, session_id, max_age=LIFETIME, httponly=True, samesite="lax")

    def choose_again(self, request: Request, target_group: str) -> None:
        """Keeps the login and forgets the chosen organisation."""
        session = self._session(request)
        if target_group in session:
            session[target_group]["organisation"] = ""
            self.store.put("sessions", request.cookies[COOKIE], session)

    def end(self, request: Request, answer: Response) -> None:
        """Forgets everyone who is logged in in this browser."""
        if self._known(request):
            self.store.delete("sessions", request.cookies[COOKIE])
        answer.delete_cookie(COOKIE)

    def _known(self, request: Request) -> bool:
        return self.store.get("sessions", request.cookies.get(COOKIE, "")) is not None

    def _session(self, request: Request) -> dict[str, Any]:
        return self.store.get("sessions", request.cookies.get(COOKIE, "")) or {}
