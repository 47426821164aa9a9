"""What the provider publishes about itself: its addresses and its keys, kept for a while so that a login needs one call
and a short outage none."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import httpx
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from meldloket.people.ports import LoginProblem

_NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")


def call(client: httpx.Client, method: str, url: str, **options: Any) -> httpx.Response:
    """One call to the provider. Raises LoginProblem `provider` when there is no answer; its detail names the kind of
    error only, for an address or a body may hold a code."""
    try:
        return client.request(method, url, **options)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise LoginProblem("provider", f"no answer: {type(error).__name__}") from error


def json_object(answer: httpx.Response) -> dict[str, Any]:
    """The JSON object in an answer. Raises LoginProblem `provider` when it holds something else."""
    try:
        body = answer.json()
    except ValueError as error:
        raise LoginProblem("provider", "the answer is not JSON") from error
    if not isinstance(body, dict):
        raise LoginProblem("provider", "the answer is not a JSON object")
    return body


class ProviderMetadata:
    """Discovery document and keys of one issuer, shared by all threads. `seconds`: how long they are kept.

    No lock: two threads that ask at once do no harm, and one that waits for a slow provider holds up no other."""

    def __init__(
        self,
        issuer: str,
        client: httpx.Client,
        seconds: float,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.issuer, self.seconds = issuer.rstrip("/"), seconds
        self._client, self._monotonic = client, monotonic
        self._document: dict[str, Any] = {}
        self._keys: list[RSAKey] = []
        self._document_until = self._keys_until = 0.0

    def endpoint(self, name: str) -> str:
        """Address from the discovery document, empty when it does not list it. Raises LoginProblem `provider`."""
        if not self._document or self._monotonic() >= self._document_until:
            try:
                self._document = self._discover()
            except LoginProblem:
                if not self._document:
                    raise
                # The addresses hardly ever change: the old ones are better than no login.
            self._document_until = self._monotonic() + self.seconds
        return str(self._document.get(name, ""))

    def keys(self, *, fresh: bool = False) -> list[RSAKey]:
        """The RSA keys for signatures; `fresh`: ask again, a token was signed with a key that we do not know.

        Raises LoginProblem `provider`."""
        if fresh or not self._keys or self._monotonic() >= self._keys_until:
            try:
                self._keys = self._fetch_keys()
            except LoginProblem:
                if fresh or not self._keys:
                    raise
            self._keys_until = self._monotonic() + self.seconds
        return self._keys

    def _discover(self) -> dict[str, Any]:
        answer = call(self._client, "GET", f"{self.issuer}/.well-known/openid-configuration")
        if answer.status_code != 200:
            raise LoginProblem("provider", f"discovery answers {answer.status_code}")
        document = json_object(answer)
        if document.get("issuer") != self.issuer:
            raise LoginProblem("provider", "discovery names another issuer")
        missing = [name for name in _NEEDED if not isinstance(document.get(name), str)]
        if missing:
            raise LoginProblem("provider", f"discovery lacks {', '.join(missing)}")
        return document

    def _fetch_keys(self) -> list[RSAKey]:
        answer = call(self._client, "GET", self.endpoint("jwks_uri"))
        if answer.status_code != 200:
            raise LoginProblem("provider", f"the keys answer {answer.status_code}")
        published = json_object(answer).get("keys")
        keys = [key for one in published if (key := _signature_key(one))] if isinstance(published, list) else []
        if not keys:
            raise LoginProblem("provider", "no usable key is published")
        return keys


def _signature_key(one: Any) -> RSAKey | None:
    """None for what is no RSA key for signatures: a set may hold kinds that we do not know."""
    if not isinstance(one, dict) or one.get("kty") != "RSA" or one.get("use", "sig") != "sig":
        return None
    try:
        return RSAKey.import_key(one)
    except (JoseError, ValueError, TypeError, KeyError):
        return None
