"""Our own token endpoint (OAuth2 client credentials, RFC 6749 section 4.4) and what a token allows: partners with a
system of their own, each for its own service only."""

from __future__ import annotations

import base64
import binascii
import secrets
from dataclasses import dataclass
from datetime import timedelta
from time import time
from typing import Any

from django.core import signing
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from ninja.security import HttpBearer

from meldloket.people import api_clients
from meldloket.people.models import ApiClient
from meldloket.web.pages import page

from . import assertions

SECONDS = 900
#: Tokens that a client may ask for in a minute, and wrong tries from one address.
A_MINUTE, WRONG_A_MINUTE = 120, 20
_SALT = "access-token"


@dataclass(frozen=True)
class Caller:
    """Who calls: the client, and what this token allows."""

    client: ApiClient
    scopes: frozenset[str]


def _oauth_error(code: str, status: int = 400) -> HttpResponse:
    answer = JsonResponse({"error": code}, status=status)
    answer["Cache-Control"] = "no-store"
    if status == 401:
        answer["WWW-Authenticate"] = 'Basic realm="meldloket"'
    return answer


def _credentials(request: HttpRequest) -> tuple[str, str]:
    """Client id and secret, from the header (Basic) or the form."""
    kind, _, value = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() == "basic":
        try:
            name, _, secret = base64.b64decode(value, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return "", ""
        return name, secret
    return request.POST.get("client_id", ""), request.POST.get("client_secret", "")


def _client(request: HttpRequest) -> ApiClient | None:
    """Who asks, by its secret or by what it signed."""
    if request.POST.get("client_assertion_type") == assertions.KIND:
        return assertions.client_of(request.POST.get("client_assertion", ""))
    return api_clients.by_secret(*_credentials(request))


def _too_many(who: str, most: int) -> HttpResponse | None:
    """What a caller gets that tries too often."""
    if api_clients.tried(who) <= most:
        return None
    answer = _oauth_error("too_many_requests", 429)
    answer["Retry-After"] = "60"
    return answer


def _unknown(request: HttpRequest) -> HttpResponse:
    """What somebody gets whom we do not know; guessing is counted by address."""
    refused = _too_many(f"wrong:{request.META.get('REMOTE_ADDR', '')}", WRONG_A_MINUTE)
    return refused or _oauth_error("invalid_client", 401)


@csrf_exempt
@page("public", methods=("POST",))
def token(request: HttpRequest) -> HttpResponse:
    """An access token for fifteen minutes. Errors as in RFC 6749 section 5.2; 429 for whoever guesses, or asks for each
    call anew."""
    if request.POST.get("grant_type") != "client_credentials":
        return _oauth_error("unsupported_grant_type")
    client = _client(request)
    if client is None:
        return _unknown(request)
    if refused := _too_many(f"client:{client.pk}", A_MINUTE):
        return refused
    asked = set(request.POST.get("scope", "").split()) or set(client.scopes)
    if not asked <= set(client.scopes):
        return _oauth_error("invalid_scope")
    scopes = sorted(asked)
    answer = JsonResponse(
        {
            "access_token": _made(client, scopes),
            "token_type": "Bearer",
            "expires_in": SECONDS,
            "scope": " ".join(scopes),
        }
    )
    answer["Cache-Control"] = "no-store"
    return answer


def _made(client: ApiClient, scopes: list[str]) -> str:
    held = {"c": client.pk, "s": scopes, "i": time(), "n": secrets.token_hex(4)}
    return signing.dumps(held, salt=_SALT)


@csrf_exempt
@page("public", methods=("POST",))
def revoke(request: HttpRequest) -> HttpResponse:
    """A client gives back an access token before it ends (RFC 7009). What is no token of this client is left alone."""
    client = _client(request)
    if client is None:
        return _unknown(request)
    given = request.POST.get("token", "")
    held = _held(given)
    if held is not None and held["c"] == client.pk:
        api_clients.spend(given, timezone.now() + timedelta(seconds=SECONDS))
    return HttpResponse(status=200)


def _held(token: str) -> dict[str, Any] | None:
    """What one of our tokens says, while it lasts."""
    try:
        held: dict[str, Any] = signing.loads(token, salt=_SALT, max_age=SECONDS)
    except signing.BadSignature:
        return None
    return held


class Bearer(HttpBearer):
    """Knows a caller by the token; a client that was switched off is out at once. `scope`: what the call needs."""

    def __init__(self, scope: str) -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        held = _held(token)
        if held is None or api_clients.is_spent(token):
            return None
        client = ApiClient.objects.filter(pk=held["c"], active=True, kind=ApiClient.Kind.OAUTH).first()
        if client is None or self.scope not in held["s"] or self.scope not in client.scopes:
            return None
        if client.tokens_from is not None and held["i"] < client.tokens_from.timestamp():
            return None
        return Caller(client, frozenset(held["s"]))
