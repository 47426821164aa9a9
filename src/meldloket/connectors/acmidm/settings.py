"""What the municipality and ACM agreed in the integration file: everything that differs between two registrations."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, Literal

from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

AuthMethod = Literal["private_key_jwt", "client_secret_basic", "client_secret_post"]
AUTH_METHODS = ("private_key_jwt", "client_secret_basic", "client_secret_post")


@dataclass(frozen=True)
class AcmIdmSettings:
    """One registered client.

    `issuer`: without slash at the end. `auth_method`: how the client proves who it is; `private_key`: RSA key as JSON
    Web Key (dictionary or text) or PEM, for `private_key_jwt`; `client_secret`: for the two others.
    `assertion_audience`: `aud` of the client assertion; empty: the issuer, as ACM wants it. `scopes`: exactly those of
    the registration, another one makes every login fail. `role_claim`: name of the claim with the roles, in any case.
    `acr_values`: levels demanded, as URNs; empty: any. `target_group`: the one this client is open to, `BUR` or `LB`.
    `clock_skew`: seconds that the clocks may differ. `timeout`, `connect_timeout`: seconds. `metadata_seconds`: how long
    the provider's addresses and keys are kept. `redirect_uri`: only for `check`, which then tries the scopes as well.

    Raises ValueError when they contradict each other: better at the start than at the first login."""

    issuer: str
    client_id: str
    client_secret: str | None = field(default=None, repr=False)
    private_key: dict[str, Any] | str | None = field(default=None, repr=False)
    auth_method: str = "private_key_jwt"
    scopes: tuple[str, ...] = ("openid", "profile")
    assertion_audience: str = ""
    role_claim: str = "meldloket_rol_3d"
    acr_values: tuple[str, ...] = ()
    target_group: str = ""
    clock_skew: int = 300
    timeout: float = 10.0
    connect_timeout: float = 3.0
    metadata_seconds: float = 3600.0
    redirect_uri: str = ""

    def __post_init__(self) -> None:
        if self.auth_method not in AUTH_METHODS:
            raise ValueError(f"auth_method is one of {', '.join(AUTH_METHODS)}, not {self.auth_method!r}")
        if self.auth_method == "private_key_jwt":
            self.signing_key()
        elif not self.client_secret:
            raise ValueError(f"{self.auth_method} of {self.client_id} needs a client secret")
        if "openid" not in self.scopes:
            raise ValueError(f"the scopes of {self.client_id} lack openid")
        if "offline_access" in self.scopes:
            raise ValueError("offline_access is not asked: our session is our own")

    @property
    def audience(self) -> str:
        """`aud` of the client assertion."""
        return self.assertion_audience or self.issuer

    def signing_key(self) -> RSAKey:
        """The private key, with an id (its thumbprint when it has none). Raises ValueError when it is not one."""
        wrong = f"private_key_jwt of {self.client_id} needs a private RSA key (JSON Web Key or PEM)"
        given = self.private_key
        if not given:
            raise ValueError(wrong)
        try:
            if isinstance(given, str) and given.lstrip().startswith("{"):
                given = json.loads(given)
            key = RSAKey.import_key(given)
            if not key.is_private:
                raise ValueError(wrong)
            key.ensure_kid()
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise ValueError(wrong) from error
        return key
