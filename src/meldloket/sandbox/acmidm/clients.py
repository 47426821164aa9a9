"""The two clients that the municipality registered, and the three ways in which a client proves who it is
(specs/identity-and-registers 1.2, 1.4)."""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from starlette.requests import Request

from meldloket.sandbox.config import SandboxConfig
from meldloket.sandbox.store import Store

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
LONGEST_ASSERTION = 3600
SKEW = 60


class ClientRefused(Exception):
    """`invalid_client`; the message is for the developer."""


@dataclass(frozen=True)
class Client:
    """A registered client. `target_group`: `BUR` (citizens) or `LB` (local authorities), the only one it is open to."""

    client_id: str
    name: str
    target_group: str
    scopes: frozenset[str]
    redirect_uris: frozenset[str]
    post_logout_uris: frozenset[str]
    login_url: str


def registered_clients(config: SandboxConfig) -> dict[str, Client]:
    """By client id."""
    product = config.product_url.rstrip("/")
    after = frozenset(product + path for path in ("/", "/afgemeld/", "/aanmelden/burger/", "/aanmelden/medewerker/"))
    citizens = Client(
        "meldloket-burger",
        "Meldloket, voor burgers",
        "BUR",
        frozenset({"openid", "profile", "rrn"}),
        frozenset({f"{product}/aanmelden/terug/burger/"}),
        after,
        f"{product}/aanmelden/burger/",
    )
    staff = Client(
        "meldloket-medewerker",
        "Meldloket, voor medewerkers",
        "LB",
        frozenset({"openid", "profile", "vo", "meldloket"}),
        frozenset({f"{product}/aanmelden/terug/medewerker/"}),
        after,
        f"{product}/aanmelden/medewerker/",
    )
    return {client.client_id: client for client in (citizens, staff)}


class ClientAuthentication:
    """Finds out which client calls. `issuer` is the only audience that an assertion may have; `clock`: seconds."""

    def __init__(self, config: SandboxConfig, store: Store, issuer: str, clock: Callable[[], float]) -> None:
        self.clients = registered_clients(config)
        self.secrets = config.client_secrets
        published: Any = config.client_keys.get("acmidm") or {}
        self.keys = KeySet.import_key_set(published) if published.get("keys") else KeySet([])
        self.store, self.issuer, self.clock = store, issuer, clock

    def identify(self, request: Request, form: dict[str, str]) -> Client:
        """The client of this call, by `private_key_jwt`, `client_secret_basic` or `client_secret_post`.

        Raises ClientRefused."""
        if {"client_secret", "client_assertion"} & set(request.query_params):
            raise ClientRefused("a secret in the query string is never accepted")
        kind, _, given = request.headers.get("authorization", "").partition(" ")
        ways = [kind.lower() == "basic", "client_assertion" in form, "client_secret" in form]
        if sum(ways) != 1:
            raise ClientRefused("exactly one way of client authentication is expected")
        if ways[0]:
            client = self._by_secret(*_basic(given))
        elif ways[1]:
            client = self._by_assertion(form)
        else:
            client = self._by_secret(form.get("client_id", ""), form["client_secret"])
        if form.get("client_id") not in (None, client.client_id):
            raise ClientRefused("client_id is another one than that of the client authentication")
        return client

    def _by_secret(self, client_id: str, secret: str) -> Client:
        known = self.secrets.get(client_id, "")
        client = self.clients.get(client_id)
        if client is None or not known or not hmac.compare_digest(known.encode(), secret.encode()):
            raise ClientRefused("unknown client or wrong secret")
        return client

    def _by_assertion(self, form: dict[str, str]) -> Client:
        if form.get("client_assertion_type") != ASSERTION_TYPE:
            raise ClientRefused("client_assertion_type is not jwt-bearer")
        try:
            claims = jwt.decode(form["client_assertion"], self.keys, algorithms=["RS256"]).claims
        except (JoseError, ValueError) as error:
            raise ClientRefused(f"the assertion does not verify: {type(error).__name__}") from error
        client = self.clients.get(str(claims.get("iss")))
        if client is None or claims.get("sub") != client.client_id:
            raise ClientRefused("iss and sub must be the client id")
        if claims.get("aud") not in (self.issuer, [self.issuer]):
            raise ClientRefused("aud must be the issuer")
        self._check_time(claims)
        self._use_once(client, claims.get("jti"), float(claims["exp"]))
        return client

    def _check_time(self, claims: dict[str, Any]) -> None:
        begins, ends, now = claims.get("iat"), claims.get("exp"), self.clock()
        if not isinstance(begins, int | float) or not isinstance(ends, int | float):
            raise ClientRefused("iat and exp are mandatory numbers")
        if ends <= now:
            raise ClientRefused("the assertion has expired")
        if begins > now + SKEW or ends - begins > LONGEST_ASSERTION:
            raise ClientRefused("iat lies in the future, or the assertion lives too long")

    def _use_once(self, client: Client, jti: Any, ends: float) -> None:
        """Remembers the id of the assertion until it has expired anyway."""
        if not isinstance(jti, str) or not jti:
            raise ClientRefused("jti is missing")
        for used, until in self.store.items("assertions"):
            if until <= self.clock():
                self.store.delete("assertions", used)
        if self.store.get("assertions", f"{client.client_id} {jti}") is not None:
            raise ClientRefused("jti was used before")
        self.store.put("assertions", f"{client.client_id} {jti}", ends)


def _basic(given: str) -> tuple[str, str]:
    """Client id and secret of an Authorization header, as they are: ACM does not form-encode them (specs 1.4)."""
    try:
        text = base64.b64decode(given, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError) as error:
        raise ClientRefused("the Authorization header is not readable") from error
    client_id, _, secret = text.partition(":")
    return client_id, secret
