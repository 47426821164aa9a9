"""The authorization endpoint: checks what the client asks, lets somebody choose a test person (and an organisation) and
sends the browser back with a code (specs/identity-and-registers 1.3, 1.9)."""

from __future__ import annotations

import base64
import binascii
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from meldloket.sandbox.acmidm import people
from meldloket.sandbox.acmidm.clients import Client
from meldloket.sandbox.acmidm.screens import Screens
from meldloket.sandbox.acmidm.session import LoggedIn, SingleSignOn
from meldloket.sandbox.acmidm.staff import Membership, StaffPersona
from meldloket.sandbox.store import Store

CODE_LIFETIME = 30
_CHALLENGES = ("S256", "plain")
_RESPONSE_MODES = ("query", "fragment", "form_post")
#: A choice on our own page that does not stay in the address when another one is made.
_CHOICES = ("organisatie", "annuleren")


class _SentBack(Exception):
    """The browser returns to the client with this error (RFC 6749, 4.1.2.1)."""

    def __init__(self, error: str, why: str) -> None:
        super().__init__(why)
        self.error, self.why = error, why


@dataclass(frozen=True)
class Asked:
    """A checked authorization request."""

    client: Client
    redirect_uri: str
    scopes: tuple[str, ...]
    nonce: str
    challenge: str
    challenge_method: str
    acr_values: tuple[str, ...]
    organisation_hint: str


class Authorization:
    """`GET` or `POST /op/v1/auth`. `?persona=KEY` (and `&organisatie=CODE`) logs in without the page."""

    def __init__(
        self,
        clients: dict[str, Client],
        store: Store,
        sessions: SingleSignOn,
        screens: Screens,
        clock: Callable[[], float],
    ) -> None:
        self.clients, self.store, self.sessions = clients, store, sessions
        self.screens, self.clock = screens, clock

    async def endpoint(self, request: Request) -> Response:
        source = await request.form() if request.method == "POST" else request.query_params
        params = {name: str(value) for name, value in source.items()}
        client = self.clients.get(params.get("client_id", ""))
        if client is None:
            return self.screens.refusal(request, "Deze toepassing is niet geregistreerd.")
        if params.get("redirect_uri") not in client.redirect_uris:
            return self.screens.refusal(request, "Het adres om naar terug te keren is niet geregistreerd.")
        try:
            if params.get("annuleren"):
                raise _SentBack("access_denied", "the user cancelled")
            return self._log_in(request, _read(params, client), params)
        except _SentBack as refused:
            return self._send_back(request, params, {"error": refused.error, "error_description": refused.why})

    def _log_in(self, request: Request, asked: Asked, params: dict[str, str]) -> Response:
        group = asked.client.target_group
        before = self.sessions.find(request, group)
        key = params.get("persona") or (before.persona if before else "")
        person = people.find_person(group, key)
        if person is None:
            if params.get("persona"):
                return self.screens.refusal(request, "Deze testpersoon bestaat niet of kan zich hier niet aanmelden.")
            return self.screens.choose_person(request, asked.client, _links(params), asked.acr_values)
        membership = None
        if isinstance(person, StaffPersona):
            chosen = params.get("organisatie") or asked.organisation_hint
            known = before.organisation if before and before.persona == person.key else ""
            membership = _membership(person, chosen, known)
            if membership is None:
                answer = self.screens.choose_organisation(request, person, _links({**params, "persona": person.key}))
                self.sessions.remember(request, answer, group, LoggedIn(person.key))
                return answer
        code = self._make_code(asked, person.key, membership)
        answer = self._send_back(request, params, {"code": code})
        self.sessions.remember(request, answer, group, LoggedIn(person.key, membership.code if membership else ""))
        return answer

    def _make_code(self, asked: Asked, persona: str, membership: Membership | None) -> str:
        code = secrets.token_urlsafe(32)
        body = {
            "client_id": asked.client.client_id,
            "redirect_uri": asked.redirect_uri,
            "scopes": asked.scopes,
            "nonce": asked.nonce,
            "challenge": asked.challenge,
            "challenge_method": asked.challenge_method,
            "with_acr": bool(asked.acr_values),
            "persona": persona,
            "organisation": membership.code if membership else "",
            "until": self.clock() + CODE_LIFETIME,
        }
        self.store.put("codes", code, body)
        return code

    def _send_back(self, request: Request, params: dict[str, str], answer: dict[str, str]) -> Response:
        if "state" in params:
            answer = {**answer, "state": params["state"]}
        target, mode = params["redirect_uri"], params.get("response_mode", "query")
        if mode == "form_post":
            return self.screens.form_post(request, target, answer)
        mark = "#" if mode == "fragment" else "&" if "?" in target else "?"
        return RedirectResponse(f"{target}{mark}{urlencode(answer)}", 303)


def _read(params: dict[str, str], client: Client) -> Asked:
    """Raises _SentBack with the error for the client."""
    if params.get("response_type") != "code":
        raise _SentBack("unsupported_response_type", "response_type must be code")
    if params.get("response_mode", "query") not in _RESPONSE_MODES:
        raise _SentBack("invalid_request", "unknown response_mode")
    scopes = tuple(params.get("scope", "").split())
    if "openid" not in scopes or not client.scopes.issuperset(scopes):
        raise _SentBack("invalid_scope", "a scope is not allowed for this client, or openid is missing")
    challenge = params.get("code_challenge", "")
    method = params.get("code_challenge_method", "plain") if challenge else ""
    if challenge and method not in _CHALLENGES:
        raise _SentBack("invalid_request", "unknown code_challenge_method")
    return Asked(
        client=client,
        redirect_uri=params["redirect_uri"],
        scopes=scopes,
        nonce=params.get("nonce", ""),
        challenge=challenge,
        challenge_method=method,
        acr_values=tuple(params.get("acr_values", "").split()),
        organisation_hint=_hint(params.get("login_hint", ""), client),
    )


def _hint(text: str, client: Client) -> str:
    """The organisation that the client asks for, after a check that the target group is the client's."""
    if not text:
        return ""
    try:
        hint: Any = json.loads(base64.b64decode(text, validate=True))
        capacity, organisation = hint["cap_hint"], hint.get("code_hint", "")
    except (binascii.Error, ValueError, KeyError, TypeError, AttributeError) as error:
        raise _SentBack("invalid_request", "login_hint is not base64 of a JSON object with cap_hint") from error
    if capacity != client.target_group:
        raise _SentBack("access_denied", "this client is not open to the target group of login_hint")
    return str(organisation)


def _membership(person: StaffPersona, chosen: str, known: str) -> Membership | None:
    """What was asked or chosen; else what they chose before; else the only one; else None: they have to choose."""
    if len(person.memberships) == 1:
        return person.memberships[0]
    return person.membership(chosen) or person.membership(known)


def _links(params: dict[str, str]) -> Callable[..., str]:
    """Makes addresses of this request with something chosen in it."""

    def link(**chosen: str) -> str:
        kept = {name: value for name, value in params.items() if name not in _CHOICES}
        return f"/op/v1/auth?{urlencode({**kept, **chosen})}"

    return link
