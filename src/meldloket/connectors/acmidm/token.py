"""From code to verified claims: the token request with our proof of who we are, and every check on the ID token
(specs/identity-and-registers 1.4, 1.5). Signing, PKCE and claim checks are those of Authlib and joserfc."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import httpx
from authlib.oauth2.auth import ClientAuth
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from authlib.oidc.core import CodeIDToken
from joserfc import jws, jwt
from joserfc.errors import BadSignatureError, ExpiredTokenError, JoseError
from joserfc.jwk import RSAKey

from meldloket.connectors.acmidm.provider import ProviderMetadata, call, json_object
from meldloket.connectors.acmidm.settings import AcmIdmSettings
from meldloket.people.ports import LoginProblem

ASSERTION_SECONDS = 60
_ALGORITHMS = ["RS256"]
#: Errors of the token endpoint (RFC 6749, 5.2) that trying again can mend: the code lives 30 seconds.
_CODE_IS_OVER = "invalid_grant"


@dataclass(frozen=True)
class TokenAnswer:
    """What the token endpoint gave. `access_token` is opaque and only serves to check `at_hash`."""

    id_token: str = field(repr=False)
    access_token: str = field(repr=False)


class TokenEndpoint:
    """Exchanges codes for one client."""

    def __init__(self, settings: AcmIdmSettings, client: httpx.Client, metadata: ProviderMetadata) -> None:
        self.settings, self.metadata = settings, metadata
        self._client = client
        self._key = settings.signing_key() if settings.auth_method == "private_key_jwt" else None

    def exchange(self, code: str, *, redirect_uri: str, code_verifier: str) -> TokenAnswer:
        """Redeems the code, once: it is never tried again, for a code works only once.

        Raises LoginProblem: `expired` when the code is over or not ours, `provider` when the endpoint fails or does not
        know us."""
        fields = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "code_verifier": code_verifier,
        }
        answer = self.post(fields)
        if answer.status_code >= 500:
            raise LoginProblem("provider", f"the token endpoint answers {answer.status_code}")
        body = json_object(answer)
        if answer.status_code != 200:
            error = _error_code(body)
            raise LoginProblem("expired" if error == _CODE_IS_OVER else "provider", f"the token endpoint says {error}")
        id_token, access_token = body.get("id_token"), body.get("access_token")
        if not isinstance(id_token, str) or not isinstance(access_token, str):
            raise LoginProblem("token", "the answer lacks an ID token or an access token")
        return TokenAnswer(id_token, access_token)

    def knows_us(self) -> str:
        """Error code for a made-up code: `invalid_grant` when the endpoint accepts our client authentication."""
        fields = {"grant_type": "authorization_code", "code": "check", "redirect_uri": self.settings.redirect_uri}
        return _error_code(json_object(self.post(fields)))

    def post(self, fields: dict[str, str]) -> httpx.Response:
        """One form to the token endpoint, with client authentication."""
        auth = ClientAuth(self.settings.client_id, self._key or self.settings.client_secret, self._auth_method())
        uri, headers, body = auth.prepare(
            "POST",
            self.metadata.endpoint("token_endpoint"),
            {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"},
            urlencode(fields),
        )
        return call(self._client, "POST", uri, headers=headers, content=body)

    def _auth_method(self) -> str | PrivateKeyJWT:
        if self._key is None:
            return self.settings.auth_method
        now = int(time.time())
        # A server whose clock is allowed to be ahead must still find it valid.
        ends = now + ASSERTION_SECONDS + self.settings.clock_skew
        # One object a request: Authlib keeps the `jti` that it made in the claims it was given.
        claims = {"aud": self.settings.audience, "iat": now, "exp": ends}
        return PrivateKeyJWT(claims=claims, headers={"kid": self._key.kid})


class IdTokenChecks:
    """Verifies ID tokens for one client. `clock`: seconds since 1970."""

    def __init__(
        self, settings: AcmIdmSettings, metadata: ProviderMetadata, clock: Callable[[], float] = time.time
    ) -> None:
        self.settings, self.metadata, self.clock = settings, metadata, clock

    def verify(self, answer: TokenAnswer, nonce: str) -> dict[str, Any]:
        """The claims, when signature, issuer, audience, authorised party, times, nonce, `at_hash` and level are right.

        Raises LoginProblem: `token`, `nonce`, `clock`, `expired`, `assurance`, or `provider` without keys."""
        token = self._signed(answer.id_token)
        claims = CodeIDToken(
            token.claims,
            token.header,
            options={
                "iss": {"essential": True, "value": self.metadata.issuer},
                "aud": {"essential": True, "value": self.settings.client_id},
                "sub": {"essential": True},
            },
            params={"client_id": self.settings.client_id, "nonce": nonce, "access_token": answer.access_token},
        )
        if not nonce:
            raise LoginProblem("nonce", "no nonce was sent")
        self._check_times(token.claims)
        try:
            claims.validate(now=int(self.clock()), leeway=self.settings.clock_skew)
        except ExpiredTokenError:
            raise LoginProblem("expired", "the ID token has expired") from None
        except JoseError as error:
            raise self._problem(error) from None
        self._check_level(claims.get("acr"))
        return dict(token.claims)

    def _check_times(self, claims: dict[str, Any]) -> None:
        """Both times are numbers, and the token was not made in what is the future here."""
        issued, ends = claims.get("iat"), claims.get("exp")
        if not _is_number(issued) or not _is_number(ends):
            raise LoginProblem("token", "iat or exp is missing or no number")
        ahead = float(issued) - self.clock()  # type: ignore[arg-type]  # a number, see above
        if ahead > self.settings.clock_skew:
            raise LoginProblem("clock", f"the provider's clock is {int(ahead)} s ahead of ours")

    def _check_level(self, acr: Any) -> None:
        wanted = self.settings.acr_values
        if wanted and acr not in wanted:
            raise LoginProblem("assurance", "acr is not among the levels demanded" if acr else "acr is missing")

    def _problem(self, error: JoseError) -> LoginProblem:
        """Names the claim that is wrong, never its value."""
        claim = getattr(error, "claim", "") or ""
        reason = "nonce" if claim == "nonce" else "token"
        return LoginProblem(reason, f"{type(error).__name__} {claim}".strip())

    def _signed(self, text: str) -> jwt.Token:
        """The token, when one of the provider's keys signed it. An unknown key means that the provider may have
        changed its keys since we looked: look once more."""
        for fresh in (False, True):
            for key in _candidates(text, self.metadata.keys(fresh=fresh)):
                try:
                    return jwt.decode(text, key, algorithms=_ALGORITHMS)
                except BadSignatureError:
                    continue
                except (JoseError, ValueError) as error:
                    raise LoginProblem("token", f"the ID token is not readable: {type(error).__name__}") from None
        raise LoginProblem("token", "no key of the provider fits the signature")


def _candidates(text: str, keys: list[RSAKey]) -> list[RSAKey]:
    """The key that the header names; every key when it names none. Raises LoginProblem for what is not a JWT."""
    try:
        kid = jws.extract_compact(text.encode()).headers().get("kid")
    except (JoseError, ValueError) as error:
        raise LoginProblem("token", f"the ID token is not readable: {type(error).__name__}") from None
    return [key for key in keys if kid is None or key.kid == kid]


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _error_code(body: dict[str, Any]) -> str:
    """The error code of RFC 6749: a word from the standard, never the description, which may hold anything."""
    code = body.get("error")
    return code[:40] if isinstance(code, str) and code.replace("_", "").isalnum() else "an unknown error"
