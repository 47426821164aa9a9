"""The keys with which the provider signs: they outlive a restart, and can be replaced while clients still hold the old
ones, as happens with the real provider without notice."""

from __future__ import annotations

from typing import Any

from joserfc import jwt
from joserfc.jwk import RSAKey

from meldloket.sandbox.store import Store

_KEPT = 2  # the key in use and the one before it


class SigningKeys:
    """The newest key signs; the one before stays published, for tokens that are still under way."""

    def __init__(self, store: Store) -> None:
        self.store = store
        if not self._stored():
            self.rotate()

    def rotate(self) -> str:
        """Makes a new key that signs from now on; gives its id."""
        key = RSAKey.generate_key(2048, {"use": "sig", "alg": "RS256"}, private=True)
        kid = f"acm-{key.thumbprint()[:12]}"
        self.store.put("keys", "signing", [*self._stored(), {**key.as_dict(private=True), "kid": kid}][-_KEPT:])
        return kid

    def public(self) -> dict[str, Any]:
        """The JSON Web Key Set as published, newest first."""
        keys = [RSAKey.import_key(one).as_dict(private=False) for one in reversed(self._stored())]
        return {"keys": keys}

    def sign(self, claims: dict[str, Any]) -> str:
        """A JWT with `kid` in its header and, as the real provider does, among its claims."""
        newest = self._stored()[-1]
        header = {"alg": "RS256", "kid": newest["kid"]}
        return jwt.encode(header, {**claims, "kid": newest["kid"]}, RSAKey.import_key(newest), algorithms=["RS256"])

    def _stored(self) -> list[dict[str, Any]]:
        return self.store.get("keys", "signing") or []
