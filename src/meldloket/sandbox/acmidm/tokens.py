"""The endpoints that the client's server calls: token, user info and introspection (specs/identity-and-registers 1.4,
1.5, 1.11), with the faults that a real provider shows."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from meldloket.sandbox.acmidm import people
from meldloket.sandbox.acmidm.clients import Client, ClientAuthentication, ClientRefused
from meldloket.sandbox.acmidm.keys import SigningKeys
from meldloket.sandbox.acmidm.staff import StaffPersona
from meldloket.sandbox.faults import FaultSwitches
from meldloket.sandbox.store import Store

LIFETIME = 3600
CLOCK_OFF = 600
_NO_STORE = {"Cache-Control": "no-store"}


class _Refused(Exception):
    """`error`: code of RFC 6749; the message is for the developer."""

    def __init__(self, error: str, why: str, status: int = 400) -> None:
        super().__init__(why)
        self.error, self.status = error, status

    def answer(self) -> Response:
        headers = {"WWW-Authenticate": "Basic"} if self.status == 401 else {}
        body = {"error": self.error, "error_description": str(self)}
        return JSONResponse(body, self.status, headers={**_NO_STORE, **headers})


class Tokens:
    """Exchanges codes and knows the access tokens. `clock`: seconds since 1970."""

    def __init__(
        self,
        issuer: str,
        store: Store,
        faults: FaultSwitches,
        authentication: ClientAuthentication,
        keys: SigningKeys,
        clock: Callable[[], float],
    ) -> None:
        self.issuer, self.store, self.faults = issuer, store, faults
        self.authentication, self.keys, self.clock = authentication, keys, clock

    async def token(self, request: Request) -> Response:
        """`POST /op/v1/token`, form-encoded."""
        if self.faults.take_special("token_error"):
            return JSONResponse({"error": "server_error"}, 500)
        if rotation := self.faults.take_special("key_rotation"):
            self.keys.rotate()
            if rotation in self.faults.faults:  # once is enough, whatever its count
                self.faults.faults.remove(rotation)
        form = {name: str(value) for name, value in (await request.form()).items()}
        try:
            client = self._client(request, form)
            if form.get("grant_type") != "authorization_code":
                raise _Refused("unsupported_grant_type", "grant_type must be authorization_code")
            return self._answer(client, self._redeem(client, form))
        except _Refused as refused:
            return refused.answer()

    async def userinfo(self, request: Request) -> Response:
        """`GET /op/v1/userinfo` with `Authorization: Bearer`: the claims of the login as JSON."""
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        known = self._live(token) if kind.lower() == "bearer" else None
        if known is None:
            return JSONResponse({"error": "invalid_token"}, 401, headers={"WWW-Authenticate": "Bearer"})
        return JSONResponse(known["claims"], headers=_NO_STORE)

    async def introspect(self, request: Request) -> Response:
        """`POST /op/v1/introspect`, field `token`, by an authenticated client."""
        form = {name: str(value) for name, value in (await request.form()).items()}
        try:
            self._client(request, form)
        except _Refused as refused:
            return refused.answer()
        known = self._live(form.get("token", ""))
        if known is None:
            return JSONResponse({"active": False}, headers=_NO_STORE)
        told = {
            "active": True,
            "client_id": known["client_id"],
            "iss": self.issuer,
            "sub": known["claims"]["sub"],
            "scope": known["scope"],
            "token_type": "Bearer",
            "iat": known["iat"],
            "exp": known["iat"] + LIFETIME,
        }
        return JSONResponse(told, headers=_NO_STORE)

    def _client(self, request: Request, form: dict[str, str]) -> Client:
        try:
            return self.authentication.identify(request, form)
        except ClientRefused as error:
            raise _Refused("invalid_client", str(error), 401) from error

    def _redeem(self, client: Client, form: dict[str, str]) -> dict[str, Any]:
        """What the code stands for. It is used up even when something else is wrong."""
        code = form.get("code", "")
        known = self.store.get("codes", code)
        self.store.delete("codes", code)
        if known is None or known["client_id"] != client.client_id or self.clock() > known["until"]:
            raise _Refused("invalid_grant", "the code is unknown, used, of another client or older than 30 seconds")
        if form.get("redirect_uri") != known["redirect_uri"]:
            raise _Refused("invalid_grant", "redirect_uri differs from that of the authorization request")
        if not _verifies(known["challenge"], known["challenge_method"], form.get("code_verifier", "")):
            raise _Refused("invalid_grant", "code_verifier does not belong to code_challenge")
        return known

    def _answer(self, client: Client, known: dict[str, Any]) -> Response:
        person = people.find_person(client.target_group, known["persona"])
        if person is None:
            raise _Refused("invalid_grant", "this person is no longer known")
        membership = person.membership(known["organisation"]) if isinstance(person, StaffPersona) else None
        claims = people.person_claims(person, known["scopes"], membership)
        token = secrets.token_urlsafe(32)
        scope = " ".join(known["scopes"])
        now = int(self.clock())
        self.store.put("tokens", token, {"client_id": client.client_id, "claims": claims, "scope": scope, "iat": now})
        about = self._token_claims(client, known, token, now)
        if known["with_acr"]:
            about["acr"] = people.acr(person)
        body = {
            "access_token": token,
            "token_type": "Bearer",
            "expires_in": LIFETIME,
            "scope": scope,
            "id_token": self.keys.sign({**about, **claims}),
        }
        return JSONResponse(body, headers=_NO_STORE)

    def _token_claims(self, client: Client, known: dict[str, Any], token: str, now: int) -> dict[str, Any]:
        if self.faults.take_special("clock_off"):
            now += CLOCK_OFF
        if self.faults.take_special("expired_token"):
            now -= 2 * LIFETIME
        half = hashlib.sha256(token.encode()).digest()[:16]
        claims = {
            "iss": self.issuer,
            "aud": client.client_id,
            "azp": client.client_id,
            "iat": now,
            "exp": now + LIFETIME,
            "at_hash": _base64url(half),
        }
        nonce = secrets.token_urlsafe(16) if self.faults.take_special("wrong_nonce") else known["nonce"]
        return {**claims, "nonce": nonce} if nonce else claims

    def _live(self, token: str) -> dict[str, Any] | None:
        known: dict[str, Any] | None = self.store.get("tokens", token) if token else None
        return known if known and self.clock() < known["iat"] + LIFETIME else None


def _verifies(challenge: str, method: str, verifier: str) -> bool:
    """PKCE (RFC 7636). A verifier without a challenge is refused as well: somebody took the challenge away."""
    if not challenge:
        return not verifier
    given = _base64url(hashlib.sha256(verifier.encode()).digest()) if method == "S256" else verifier
    return hmac.compare_digest(given.encode(), challenge.encode())


def _base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
