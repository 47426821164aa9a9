"""The access token for DOSIS and the notification component: client credentials, the client proves itself with a JWT
that it signs anew for every request (specs/dosis-and-mbp, chapter 2)."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from meldloket.messages.ports import DeliveryProblem

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ASSERTION_SECONDS = 120
#: A token is renewed this long before its end, so that none expires on its way.
RENEW_BEFORE = 240


@dataclass(frozen=True)
class TokenSettings:
    """`url`: the token endpoint. `client_id`: as registered there. `key`: private JSON Web Key (RSA), whose public half
    was uploaded; without `kid` its thumbprint is used. `scope`: rights to ask. `audience`: `aud` of the assertion;
    empty: `url`. `timeout`: seconds to wait for an answer (3 to connect)."""

    url: str
    client_id: str
    key: dict[str, Any] = field(repr=False)
    scope: str = "DosisImport"
    audience: str = ""
    timeout: float = 10.0


class TokenSource:
    """One token, shared by all threads of the process. `clock`: seconds since 1970.

    Raises ValueError when the key is no private RSA key: better at the start than at the first message."""

    def __init__(
        self,
        settings: TokenSettings,
        client: httpx.Client,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.settings, self.clock = settings, clock
        try:
            self._key = RSAKey.import_key(settings.key)
        except (JoseError, KeyError) as error:
            raise ValueError("the key of DOSIS is not a private RSA key") from error
        if not self._key.is_private:
            raise ValueError("the key of DOSIS is not a private RSA key")
        self._client = client
        self._timeout = httpx.Timeout(settings.timeout, connect=3.0)
        self._lock = threading.Lock()
        self._token, self._renew_at = "", 0.0

    def get(self) -> str:
        """A token with some minutes to live. Raises DeliveryProblem: `stop_channel` when we are refused."""
        with self._lock:
            if not self._token or self.clock() >= self._renew_at:
                self._token, lifetime = self._ask()
                # A very short life is halved, else every call would ask for a new one.
                self._renew_at = self.clock() + max(lifetime - RENEW_BEFORE, lifetime / 2)
            return self._token

    def drop(self, token: str) -> None:
        """Forgets this token because a call with it was refused; another one, renewed meanwhile, is kept."""
        with self._lock:
            if self._token == token:
                self._token = ""

    def assertion(self) -> str:
        """The signed proof of who we are: for one request only."""
        now = int(self.clock())
        header = {"typ": "JWT", "alg": "RS256", "kid": self._key.kid or self._key.thumbprint()}
        claims = {
            "iss": self.settings.client_id,
            "sub": self.settings.client_id,
            "aud": self.settings.audience or self.settings.url.lower().rstrip("/"),
            "jti": str(uuid4()),
            "iat": now,
            "exp": now + ASSERTION_SECONDS,
        }
        return jwt.encode(header, claims, self._key, algorithms=["RS256"])

    def _ask(self) -> tuple[str, float]:
        form = {
            "grant_type": "client_credentials",
            "scope": self.settings.scope,
            "client_assertion_type": ASSERTION_TYPE,
            "client_assertion": self.assertion(),
        }
        try:
            answer = self._client.post(self.settings.url, data=form, timeout=self._timeout)
        except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
            reason = "Het adres van de token-dienst van DOSIS klopt niet."
            raise DeliveryProblem(reason, retry=True, stop_channel=True) from error
        except httpx.HTTPError as error:
            raise DeliveryProblem("De token-dienst van DOSIS antwoordt niet.", retry=True) from error
        return _read(answer)


def _read(answer: httpx.Response) -> tuple[str, float]:
    """Token and lifetime in seconds. What is wrong with our proof is a matter of configuration: the channel stops."""
    status = answer.status_code
    if status in (408, 429) or status >= 500:
        raise DeliveryProblem(f"De token-dienst van DOSIS kan nu niet ({status}).", retry=True)
    if status != 200:
        code = str(_json(answer).get("error", ""))[:40]
        about = f"{status}, {code}" if code.isidentifier() else str(status)
        raise DeliveryProblem(f"De token-dienst van DOSIS weigert ons ({about}).", retry=True, stop_channel=True)
    body = _json(answer)
    token, lifetime = body.get("access_token"), body.get("expires_in")
    try:
        seconds = float(lifetime)  # type: ignore[arg-type]  # some servers write the number as text
    except (TypeError, ValueError):
        seconds = 0.0
    if not isinstance(token, str) or not token.isascii() or not token.strip() or not 0 < seconds < 10**9:
        raise DeliveryProblem("De token-dienst van DOSIS gaf een onleesbaar antwoord.", retry=True)
    return token, seconds


def _json(answer: httpx.Response) -> dict[str, Any]:
    try:
        body = answer.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
