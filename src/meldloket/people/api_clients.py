"""Machines that talk with us: making them, knowing them by their secret, and the secrets that we use towards them."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

from django.db.models import F
from django.utils import timezone

from . import protect
from .models import ApiClient, SpentToken, Tally

#: How precise "last used" is: a write at every call would cost more than it tells.
LAST_USED_SECONDS = 300

#: How long a good key is believed without asking the database again.
KEPT_SECONDS = 10.0
SIGNING = "whsec_"
#: How long a secret still works after a new one was made.
ROTATION = timedelta(hours=24)
_kept: dict[tuple[str, str], tuple[float, ApiClient]] = {}


def digest(secret: str) -> str:
    """What the database keeps of a secret. The secret is 32 random bytes, so that a fast hash is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


def new_signing_secret() -> str:
    """A secret for signing webhooks (Standard Webhooks): whsec_ and 32 random bytes in base64."""
    return SIGNING + base64.b64encode(secrets.token_bytes(32)).decode()


def is_signing_secret(text: str) -> bool:
    """Whether webhooks can be signed with it: whsec_ and at least 24 bytes in base64."""
    try:
        return text.startswith(SIGNING) and len(base64.b64decode(text.removeprefix(SIGNING), validate=True)) >= 24
    except (binascii.Error, ValueError):
        return False


def create(
    name: str,
    kind: str,
    *,
    client_id: str = "",
    scopes: tuple[str, ...] = (),
    partner: str = "",
    webhook_url: str = "",
    outbound: str = "",
    secret: str = "",
    jwks: dict[str, Any] | None = None,
) -> tuple[ApiClient, str]:
    """A new client and its secret, which is shown once and never again. `outbound`: what we prove ourselves with to it;
    `jwks`: its public keys, when it signs assertions."""
    secret = secret or secrets.token_urlsafe(32)
    client = ApiClient.objects.create(
        client_id=client_id or f"{kind}-{secrets.token_hex(6)}",
        name=name,
        kind=kind,
        secret_digest=digest(secret),
        scopes=list(scopes),
        partner=partner,
        webhook_url=webhook_url,
        outbound=protect.encrypt(outbound) if outbound else b"",
        jwks=jwks or {},
    )
    return client, secret


def by_key(key: str, kind: str) -> ApiClient | None:
    """The active client of this kind that has this secret (API keys). None for a wrong one. A key that is switched off
    elsewhere still works for KEPT_SECONDS in this process."""
    if not key:
        return None
    mark = (digest(key), kind)
    at, found = _kept.get(mark, (0.0, None))
    if found is None or monotonic() - at > KEPT_SECONDS:
        found = _used(ApiClient.objects.filter(secret_digest=mark[0], kind=kind, active=True).first())
        if found is None:
            _kept.pop(mark, None)
        else:
            _kept[mark] = (monotonic(), found)
    return found


def switch(client: ApiClient, *, on: bool) -> None:
    """Lets the client in again, or no more: at once in this process, within KEPT_SECONDS in the others."""
    ApiClient.objects.filter(pk=client.pk).update(active=on)
    forget()


def forget() -> None:
    """What is kept of keys in this process."""
    _kept.clear()


def by_secret(client_id: str, secret: str) -> ApiClient | None:
    """The active OAuth2 client with this id and secret, or with the one before during a rotation. None when either is
    wrong."""
    found = ApiClient.objects.filter(client_id=client_id, kind=ApiClient.Kind.OAUTH, active=True).first()
    if found is None:
        return None
    known = [found.secret_digest]
    if found.previous_digest and found.previous_until is not None and found.previous_until > timezone.now():
        known.append(found.previous_digest)
    if not any(hmac.compare_digest(one, digest(secret)) for one in known):
        return None
    return _used(found)


def by_assertion(client_id: str) -> ApiClient | None:
    """The active OAuth2 client that proves itself with a key of its own (private_key_jwt). Its signature is not looked at
    here."""
    found = ApiClient.objects.filter(client_id=client_id, kind=ApiClient.Kind.OAUTH, active=True).first()
    return _used(found) if found is not None and found.jwks.get("keys") else None


def rotate(client: ApiClient) -> str:
    """A new secret, shown once. The one before works for ROTATION more, so that the partner can change over."""
    secret, now = secrets.token_urlsafe(32), timezone.now()
    ApiClient.objects.filter(pk=client.pk).update(
        secret_digest=digest(secret), previous_digest=client.secret_digest, previous_until=now + ROTATION
    )
    forget()
    return secret


def end_tokens(client: ApiClient) -> None:
    """Every access token that this client holds is worth nothing from now on, and so is a secret that was rotated out."""
    ApiClient.objects.filter(pk=client.pk).update(tokens_from=timezone.now(), previous_digest="", previous_until=None)


def spend(mark: str, until: datetime) -> bool:
    """Notes that a token or assertion may not be used (again). False when it was noted before."""
    return SpentToken.objects.get_or_create(digest=digest(mark), defaults={"until": until})[1]


def is_spent(mark: str) -> bool:
    """Whether this token was revoked."""
    return SpentToken.objects.filter(digest=digest(mark)).exists()


def tried(who: str) -> int:
    """Counts one more try of `who` in this minute; gives how many that makes."""
    minute = timezone.now().replace(second=0, microsecond=0)
    key = digest(who)
    Tally.objects.bulk_create([Tally(key=key, minute=minute)], ignore_conflicts=True)
    Tally.objects.filter(key=key, minute=minute).update(count=F("count") + 1)
    return Tally.objects.get(key=key, minute=minute).count


def clear_spent() -> None:
    """Forgets what has ended by itself."""
    now = timezone.now()
    SpentToken.objects.filter(until__lt=now).delete()
    Tally.objects.filter(minute__lt=now - timedelta(hours=1)).delete()


def outbound_of(partner: str) -> str:
    """The secret that proves us to this partner; empty when there is none."""
    found = ApiClient.objects.filter(partner=partner, active=True).exclude(outbound=b"").first()
    return protect.decrypt(bytes(found.outbound)) if found else ""


def webhook_of(partner: str) -> tuple[str, str] | None:
    """Where this partner's system wants to be told, and the secret that signs it; None when it does not."""
    found = ApiClient.objects.filter(partner=partner, active=True).exclude(webhook_url="").order_by("id").first()
    if found is None:
        return None
    return found.webhook_url, protect.decrypt(bytes(found.outbound)) if found.outbound else ""


def _used(client: ApiClient | None) -> ApiClient | None:
    if client is not None:
        now = timezone.now()
        if client.last_used_at is None or (now - client.last_used_at).total_seconds() > LAST_USED_SECONDS:
            ApiClient.objects.filter(pk=client.pk).update(last_used_at=now)
    return client
