"""From a trusted identity to an account and back: who may come in, in which roles (specs/identity 1.6, 1.7)."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from . import protect
from .models import Account, NationalNumber
from .ports import Identity
from .roles import Role


class NoRights(Exception):
    """A member of staff without any role here; the page tells whom to ask."""


class AccountBackend(BaseBackend):
    """Loads the account of a session. Nobody logs in with a password."""

    def get_user(self, user_id: int) -> Account | None:
        return Account.objects.filter(pk=user_id, is_active=True).first()

    def authenticate(self, request: HttpRequest | None, identity: Identity | None = None, **_: object) -> Account | None:
        return account_for(identity) if identity is not None else None


def account_for(identity: Identity) -> Account:
    """The account of whoever logged in, made or brought up to date; raises NoRights for staff without a known role."""
    if identity.audience == "citizen":
        return _citizen(identity)
    return _staff(identity)


def _citizen(identity: Identity) -> Account:
    number = NationalNumber.of(identity.national_number) if identity.national_number else None
    mark = number.digest if number else protect.digest(f"{identity.issuer}|{identity.subject}")
    account, _ = Account.objects.update_or_create(
        key=f"burger:{mark}",
        defaults={
            "first_name": identity.first_name,
            "last_name": identity.last_name,
            "roles": [Role.CITIZEN],
            "number": number,
            "is_staff_account": False,
        },
    )
    return account


def _staff(identity: Identity) -> Account:
    roles = roles_of(identity)
    if not roles:
        raise NoRights(identity.organisation_code)
    account, _ = Account.objects.update_or_create(
        key=f"{identity.staff_id}@{identity.organisation_code}",
        defaults={
            "first_name": identity.first_name,
            "last_name": identity.last_name,
            "email": identity.email,
            "roles": roles,
            "organisation_code": identity.organisation_code,
            "organisation_name": identity.organisation_name,
            "is_staff_account": True,
        },
    )
    return account


def roles_of(identity: Identity) -> list[str]:
    """Our roles for the role texts of ACM/IDM. An adviser is internal in the municipality's own organisation, external
    in any other; in another organisation nothing but adviser counts, whatever its claims say."""
    own = _own_organisation()
    roles: set[str] = set()
    for text in identity.role_texts:
        role = settings.ROLE_MAP.get(text, "")
        if role == "adviser":
            roles.add(Role.INTERNAL_ADVISER if identity.organisation_code == own else Role.EXTERNAL_ADVISER)
        elif role in Role.values and (not own or identity.organisation_code == own):
            roles.add(role)
    return sorted(roles)


def _own_organisation() -> str:
    return settings.ORGANISATION_CODE
