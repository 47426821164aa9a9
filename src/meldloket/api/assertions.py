"""A client that proves itself with a signed assertion instead of a secret (private_key_jwt, RFC 7523 section 2.2)."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from meldloket.people import api_clients
from meldloket.people.models import ApiClient

KIND = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ALGORITHMS = ["RS256", "PS256", "ES256", "ES384", "EdDSA", "Ed25519"]
#: An assertion is for now: it may not live longer than this, in seconds, and clocks may differ a little.
LIFETIME, LEEWAY = 600, 30
LONGEST = 10_000


def keys_of(document: dict[str, Any]) -> KeySet:
    """The public keys of a JWKS. Raises ValueError when it holds none, a private one, or a secret one."""
    rows = document.get("keys") if isinstance(document, dict) else None
    if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
        raise ValueError("no keys")
    if any(row.get("kty") not in ("RSA", "EC", "OKP") or "d" in row for row in rows):
        raise ValueError("only public keys")
    try:
        return KeySet.import_key_set({"keys": rows})
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise ValueError("unreadable keys") from error


def client_of(assertion: str) -> ApiClient | None:
    """The client that signed this for us, once. None for anything else."""
    if not assertion or len(assertion) > LONGEST:
        return None
    try:
        name = _claimed(assertion)
        client = api_clients.by_assertion(name)
        if client is None:
            return None
        claims = jwt.decode(assertion, keys_of(client.jwks), algorithms=ALGORITHMS).claims
    except (JoseError, ValueError, KeyError, TypeError):
        return None
    return client if _right(claims, client) else None


def _claimed(assertion: str) -> str:
    """Whom the assertion says it is of, before anything is believed of it."""
    claims = json.loads(jws.extract_compact(assertion.encode()).payload)
    return str(claims.get("sub", "")) if isinstance(claims, dict) else ""


def _right(claims: dict[str, Any], client: ApiClient) -> bool:
    """Issuer, subject, audience, time, and that it was not used before."""
    now = datetime.now(UTC).timestamp()
    audience = claims.get("aud")
    meant = audience if isinstance(audience, list) else [audience]
    ours = {settings.BASE_URL, f"{settings.BASE_URL}/", settings.BASE_URL + reverse("api-token")}
    ends, began = claims.get("exp"), claims.get("nbf", claims.get("iat", now))
    if claims.get("iss") != client.client_id or claims.get("sub") != client.client_id or not ours & set(map(str, meant)):
        return False
    if not isinstance(ends, int | float) or not isinstance(began, int | float):
        return False
    if not now - LEEWAY < ends <= now + LIFETIME + LEEWAY or began > now + LEEWAY:
        return False
    once = claims.get("jti")
    if not isinstance(once, str) or not once:
        return False
    return api_clients.spend(f"{client.client_id}:{once}", datetime.fromtimestamp(ends + LEEWAY, UTC))
