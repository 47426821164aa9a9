"""The authorisation server before DOSIS: client credentials with a signed assertion, of which everything is checked
that the real one checks (specs/dosis-and-mbp, chapter 2)."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from meldloket.sandbox.store import Store

TOKEN_PATH = "/authorization/ws/oauth/v2/token"  # noqa: S105  (an address, not a password)
CLIENT_ID = "meldloket-dosis"
SCOPE = "DosisImport"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
LIFETIME = 36_000  # lives of over ten hours were seen
LONGEST_ASSERTION = 600
SKEW = 60


class _Refused(Exception):
    """`error`: the code of RFC 6749; `why`: words for the developer."""

    def __init__(self, error: str, why: str) -> None:
        super().__init__(why)
        self.error, self.why = error, why


class TokenEndpoint:
    """Gives tokens out and knows them again. `clock` returns an aware moment."""

    def __init__(self, store: Store, keys: Any, clock: Callable[[], datetime]) -> None:
        self.store = store
        self.keys = KeySet.import_key_set(keys) if keys.get("keys") else KeySet([])
        self.clock = clock

    async def issue(self, request: Request) -> Response:
        """`POST /authorization/ws/oauth/v2/token`, form-encoded."""
        form = {name: str(value) for name, value in (await request.form()).items()}
        try:
            self._check(form, _called_url(request))
        except _Refused as refused:
            return JSONResponse({"error": refused.error, "error_description": refused.why}, 400)
        token = secrets.token_urlsafe(32)
        self.store.put("tokens", token, self.clock().timestamp() + LIFETIME)
        answer = {"access_token": token, "token_type": "bearer", "expires_in": LIFETIME}
        return JSONResponse(answer, headers={"Cache-Control": "no-store"})

    def knows(self, request: Request) -> bool:
        """Whether the call carries a token that lives. The query string is not looked at: tokens there end up in logs."""
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        expires = self.store.get("tokens", token) if kind.lower() == "bearer" else None
        return expires is not None and self.clock().timestamp() < expires

    def forget(self, request: Request) -> None:
        """Withdraws the token of this call, as the authorisation server does when a key is replaced."""
        self.store.delete("tokens", request.headers.get("authorization", "").partition(" ")[2])

    def _check(self, form: dict[str, str], url: str) -> None:
        if form.get("grant_type") != "client_credentials":
            raise _Refused("unsupported_grant_type", "grant_type must be client_credentials")
        if form.get("client_assertion_type") != ASSERTION_TYPE:
            raise _Refused("invalid_client", "client_assertion_type is not jwt-bearer")
        self._check_assertion(form.get("client_assertion", ""), url)
        if form.get("scope") != SCOPE:
            raise _Refused("invalid_scope", f"the scope of this client is {SCOPE}")

    def _check_assertion(self, assertion: str, url: str) -> None:
        try:
            token = jwt.decode(assertion, self.keys, algorithms=["RS256"])
        except (JoseError, ValueError) as error:
            raise _Refused("invalid_client", f"the assertion does not verify: {type(error).__name__}") from error
        if not token.header.get("kid"):
            raise _Refused("invalid_client", "kid is missing in the header")
        claims, now = token.claims, self.clock().timestamp()
        if claims.get("iss") != CLIENT_ID or claims.get("sub") != CLIENT_ID:
            raise _Refused("invalid_client", "iss and sub must be the client id")
        if claims.get("aud") not in (url, [url]):
            raise _Refused("invalid_client", "aud must be the token URL")
        begins, ends = claims.get("iat"), claims.get("exp")
        if not isinstance(begins, int | float) or not isinstance(ends, int | float):
            raise _Refused("invalid_client", "iat and exp are mandatory numbers")
        if not 0 < ends - begins <= LONGEST_ASSERTION or begins > now + SKEW:
            raise _Refused("invalid_client", f"exp lies at most {LONGEST_ASSERTION} s after iat")
        if ends <= now:
            raise _Refused("invalid_client", "the assertion has expired")
        self._use_once(claims.get("jti"), ends)

    def _use_once(self, jti: Any, ends: float) -> None:
        """Remembers the id of the assertion until it has expired anyway."""
        if not isinstance(jti, str) or not jti:
            raise _Refused("invalid_client", "jti is missing")
        if self.store.get("assertions", jti) is not None:
            raise _Refused("invalid_client", "jti was used before")
        for used, until in self.store.items("assertions"):
            if until <= self.clock().timestamp():
                self.store.delete("assertions", used)
        self.store.put("assertions", jti, ends)


def _called_url(request: Request) -> str:
    """The token URL as it was called: what the audience has to say, lower case and without slash at the end."""
    return str(request.url.replace(query="", fragment="")).lower().rstrip("/")
