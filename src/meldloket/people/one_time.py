"""The way in for a first administrator, before ACM/IDM is connected or when it does not answer: a link that works once."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from .models import Account, OneTimeLogin
from .roles import Role

VALID_FOR = timedelta(hours=1)


def make_administrator(name: str, email: str) -> str:
    """Makes (or finds) a local administrator and gives the link. Only the token's digest is kept."""
    first, _, last = name.strip().partition(" ")
    account, _ = Account.objects.update_or_create(
        key=f"lokaal:{email.lower()}",
        defaults={
            "first_name": first,
            "last_name": last,
            "email": email,
            "is_staff_account": True,
            "roles": [Role.ADMINISTRATOR],
            "organisation_code": settings.ORGANISATION_CODE,
        },
    )
    token = secrets.token_urlsafe(32)
    OneTimeLogin.objects.create(account=account, token_digest=_digest(token), expires_at=timezone.now() + VALID_FOR)
    return f"{settings.BASE_URL}/aanmelden/eenmalig/#{token}"


def use(token: str) -> Account | None:
    """The account of a link that was not used yet and is not too old; uses it up."""
    with transaction.atomic():
        found = (
            OneTimeLogin.objects.select_for_update()
            .select_related("account")
            .filter(token_digest=_digest(token), used_at=None, expires_at__gt=timezone.now())
            .first()
        )
        if found is None:
            return None
        found.used_at = timezone.now()
        found.save(update_fields=["used_at"])
        return found.account


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
