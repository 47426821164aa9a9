"""One client of ACM/IDM, as the people room asks for it (people.ports.IdentityProvider)."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
from authlib.common.security import generate_token
from authlib.oauth2.rfc7636 import create_s256_code_challenge

from meldloket.connectors.acmidm.claims import identity_of
from meldloket.connectors.acmidm.provider import ProviderMetadata, call
from meldloket.connectors.acmidm.settings import AcmIdmSettings
from meldloket.connectors.acmidm.token import IdTokenChecks, TokenEndpoint
from meldloket.people.ports import Audience, Identity, LoginProblem, LoginRequest

_RANDOM = 48  # characters: over 256 bits


class AcmIdm:
    """The citizen client or the staff client. One object serves all threads; `clock`: seconds since 1970.

    Raises ValueError when the staff client asks the national number: it is none of our business."""

    def __init__(
        self,
        audience: Audience,
        settings: AcmIdmSettings,
        *,
        transport: httpx.BaseTransport | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        if audience == "staff" and "rrn" in settings.scopes:
            raise ValueError("the staff client does not ask for the national number (scope rrn)")
        self.audience, self.settings = audience, settings
        timeout = httpx.Timeout(settings.timeout, connect=settings.connect_timeout)
        self._client = httpx.Client(transport=transport, timeout=timeout, follow_redirects=False)
        self._metadata = ProviderMetadata(settings.issuer, self._client, settings.metadata_seconds)
        self._tokens = TokenEndpoint(settings, self._client, self._metadata)
        self._checks = IdTokenChecks(settings, self._metadata, clock)

    def begin(self, redirect_uri: str, *, organisation_code: str = "") -> LoginRequest:
        """Where to send the browser, with fresh state, nonce and PKCE verifier. `organisation_code` (KBO number): staff
        skip the choice of organisation. Raises LoginProblem `provider`."""
        state, nonce, verifier = (generate_token(_RANDOM) for _ in range(3))
        asked = {
            "client_id": self.settings.client_id,
            "redirect_uri": redirect_uri,
            "response_type": "code",
            "scope": " ".join(self.settings.scopes),
            "state": state,
            "nonce": nonce,
            "code_challenge": create_s256_code_challenge(verifier),
            "code_challenge_method": "S256",
        }
        if self.settings.acr_values:
            asked["acr_values"] = " ".join(self.settings.acr_values)
        if hint := self._login_hint(organisation_code):
            asked["login_hint"] = hint
        address = _with_query(self._metadata.endpoint("authorization_endpoint"), asked)
        return LoginRequest(address, state, nonce, verifier)

    def finish(self, code: str, *, redirect_uri: str, nonce: str, code_verifier: str) -> Identity:
        """Exchanges the code, in the callback itself (it lives 30 seconds), and checks everything; the caller has
        compared the state. Raises LoginProblem."""
        if not code:
            raise LoginProblem("token", "the callback carries no code")
        answer = self._tokens.exchange(code, redirect_uri=redirect_uri, code_verifier=code_verifier)
        return identity_of(self.audience, self.settings, self._checks.verify(answer, nonce))

    def logout_url(self, return_to: str, *, state: str = "") -> str:
        """Where to send the browser after our own session has ended; never raises, for logging out always works."""
        return _with_query(self._logout_endpoint(), self._way_back(return_to, state))

    def switch_url(self, return_to: str, *, state: str = "") -> str:
        """The same, but the login stays and the choice of organisation comes again; `return_to` is our login address
        (specs/identity-and-registers 1.9)."""
        return _with_query(f"{self._logout_endpoint()}?switch", self._way_back(return_to, state))

    def check(self) -> str | None:
        """What stands in the way of logging in, in one Dutch sentence; None when all is well. Asks the provider for its
        addresses and keys and, when `redirect_uri` is set, tries the client authentication and the scopes."""
        who = f"ACM/IDM ({self.settings.client_id})"
        try:
            self._metadata.endpoint("token_endpoint")
            self._metadata.keys(fresh=True)
            if not self.settings.redirect_uri:
                return None
            error = self._tokens.knows_us()
            if error == "invalid_client":
                return f"{who}: de dienst aanvaardt onze sleutel of ons geheim niet."
            if error != "invalid_grant":
                return f"{who}: de dienst weigert onze vraag om een token ({error})."
            return self._check_request(who)
        except LoginProblem as problem:
            return f"{who}: de dienst antwoordt niet zoals het hoort ({problem.detail})."

    def _check_request(self, who: str) -> str | None:
        """A scope that is not allowed, or an address that is not registered, shows before anybody logs in."""
        answer = call(self._client, "GET", self.begin(self.settings.redirect_uri).url)
        location = answer.headers.get("location", "")
        if "invalid_scope" in parse_qs(urlsplit(location).query).get("error", []):
            return f"{who}: een van de scopes is niet toegelaten voor deze toepassing."
        if answer.status_code >= 400:
            return f"{who}: de dienst weigert de aanmeldvraag ({answer.status_code}); is het terugkeeradres geregistreerd?"
        return None

    def _login_hint(self, organisation_code: str) -> str:
        """*Gericht aanmelden*. Citizens always come as citizens, also who works for a company; for staff a hint without
        an organisation would not fit a client that is registered on the level of organisations."""
        group = self.settings.target_group
        if not group or (self.audience == "staff" and not organisation_code):
            return ""
        hint = {"cap_hint": group} | ({"code_hint": organisation_code} if organisation_code else {})
        return base64.b64encode(json.dumps(hint, separators=(",", ":")).encode()).decode()

    def _way_back(self, return_to: str, state: str) -> dict[str, str]:
        back = {"client_id": self.settings.client_id, "post_logout_redirect_uri": return_to}
        return {**back, "state": state} if state else back

    def _logout_endpoint(self) -> str:
        try:
            listed = self._metadata.endpoint("end_session_endpoint")
        except LoginProblem:
            listed = ""
        return listed or f"{self._metadata.issuer}/v1/logout"


def _with_query(address: str, fields: dict[str, str]) -> str:
    return f"{address}{'&' if '?' in address else '?'}{urlencode(fields)}"
