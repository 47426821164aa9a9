"""Our own token endpoint (OAuth2 client credentials, RFC 6749 section 4.4) and what a token allows: partners with a
system of their own, each for its own service only."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from ninja.security import HttpBearer

from meldloket.people import api_clients
from meldloket.people.models import ApiClient
from meldloket.web.pages import page

SECONDS = 900
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


@csrf_exempt
@page("public", methods=("POST",))
def token(request: HttpRequest) -> HttpResponse:
    """An access token for fifteen minutes. Errors as in RFC 6749 section 5.2."""
    if request.POST.get("grant_type") != "client_credentials":
        return _oauth_error("unsupported_grant_type")
    client = api_clients.by_secret(*_credentials(request))
    if client is None:
        return _oauth_error("invalid_client", 401)
    asked = set(request.POST.get("scope", "").split()) or set(client.scopes)
    if not asked <= set(client.scopes):
        return _oauth_error("invalid_scope")
    scopes = sorted(asked)
    answer = JsonResponse(
        {
            "access_token": signing.dumps({"c": client.pk, "s": scopes}, salt=_SALT),
            "token_type": "Bearer",
            "expires_in": SECONDS,
            "scope": " ".join(scopes),
        }
    )
    answer["Cache-Control"] = "no-store"
    return answer


class Bearer(HttpBearer):
    """Knows a caller by the token; a client that was switched off is out at once. `scope`: what the call needs."""

    def __init__(self, scope: str) -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        try:
            held = signing.loads(token, salt=_SALT, max_age=SECONDS)
        except signing.BadSignature:
            return None
        client = ApiClient.objects.filter(pk=held["c"], active=True, kind=ApiClient.Kind.OAUTH).first()
        if client is None or self.scope not in held["s"] or self.scope not in client.scopes:
            return None
        return Caller(client, frozenset(held["s"]))
