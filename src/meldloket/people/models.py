"""Accounts, personal data of reporters, and the log of every opening of protected data.

Personal data stand apart from the case, so that erasing them is deleting rows and the case stays for statistics.
"""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

import pgtrigger
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models

from . import protect
from .roles import Actor, Role


class NationalNumber(models.Model):
    """A citizen's national number: `digest` finds it, `ciphertext` holds it (people.protect)."""

    digest = models.CharField(max_length=64, unique=True)
    ciphertext = models.BinaryField()
    registered_until = models.DateField(null=True, blank=True)  # end of the registration in MAGDA's repertory

    def __str__(self) -> str:
        return f"national number {self.digest[:8]}…"

    @classmethod
    def of(cls, number: str) -> NationalNumber:
        """The row of this number (11 digits), made when it is new."""
        found, _ = cls.objects.get_or_create(
            digest=protect.digest(number), defaults={"ciphertext": protect.encrypt(number)}
        )
        return found

    def open(self) -> str:
        """The number itself. The caller logs why (people.access.open_number)."""
        return protect.decrypt(bytes(self.ciphertext))


class AccountManager(BaseUserManager["Account"]):
    """Accounts come from the identity provider; there are no passwords."""

    def get_by_natural_key(self, username: str | None) -> Account:
        return self.get(key=username)


class Account(AbstractBaseUser):
    """Someone who logged in, in one capacity. A person who works for two organisations has two accounts, so that rights
    never leak from one to the other. `key`: `burger:<digest of the number, or of issuer and subject>` for citizens,
    `<vo_id>@<organisation code>` for staff (specs/identity 1.7)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    key = models.CharField(max_length=200, unique=True)
    is_staff_account = models.BooleanField(default=False)
    first_name = models.CharField(max_length=200, blank=True)
    last_name = models.CharField(max_length=200, blank=True)
    email = models.EmailField(blank=True)
    roles = ArrayField(models.CharField(max_length=30, choices=Role.choices), default=list)
    organisation_code = models.CharField(max_length=40, blank=True)
    organisation_name = models.CharField(max_length=200, blank=True)
    departments = ArrayField(models.CharField(max_length=60), default=list, blank=True)  # codes of the catalogue
    number = models.ForeignKey(NationalNumber, null=True, blank=True, on_delete=models.SET_NULL)
    language = models.CharField(max_length=2, default="nl")
    is_active = models.BooleanField(default=True)
    absent_until = models.DateField(null=True, blank=True)  # no new work is routed to whoever is away
    created_at = models.DateTimeField(auto_now_add=True)
    password = None  # type: ignore[assignment]

    USERNAME_FIELD = "key"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = AccountManager()

    class Meta:
        indexes = [
            # Routing asks for the active handlers of a department: few rows, but asked at every report.
            models.Index(fields=["is_staff_account", "is_active"], name="account_staff_idx"),
        ]

    def __str__(self) -> str:
        return self.key if self.is_staff_account else f"citizen {self.public_id}"

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def actor(self) -> Actor:
        """This account as whoever does something."""
        return Actor(
            account_id=self.pk,
            name=self.full_name,
            roles=frozenset(self.roles),
            organisation_code=self.organisation_code,
            departments=frozenset(self.departments),
        )


class Reporter(models.Model):
    """The personal data of one report: what the register had and what the citizen gave, side by side (B1.3), and how to
    reach them. Addresses are JSON with street, number, box, postcode, municipality, country, lines."""

    account = models.ForeignKey(Account, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    number = models.ForeignKey(NationalNumber, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    first_name = models.CharField(max_length=200, blank=True)
    last_name = models.CharField(max_length=200, blank=True)
    address: models.JSONField[dict[str, Any]] = models.JSONField(default=dict, blank=True)
    register_first_name = models.CharField(max_length=200, blank=True)
    register_last_name = models.CharField(max_length=200, blank=True)
    register_address: models.JSONField[dict[str, Any]] = models.JSONField(default=dict, blank=True)
    register_fetched_at = models.DateTimeField(null=True, blank=True)
    email = models.EmailField(max_length=254, blank=True)
    email_verified_at = models.DateTimeField(null=True, blank=True)
    mobile = models.CharField(max_length=20, blank=True)  # E.164
    mobile_verified_at = models.DateTimeField(null=True, blank=True)
    language = models.CharField(max_length=2, default="nl")
    wants_email = models.BooleanField(default=True)
    wants_sms = models.BooleanField(default=False)
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            # "My reports" of a citizen who logged in.
            models.Index(fields=["account"], name="reporter_account_idx"),
            models.Index(fields=["number"], name="reporter_number_idx"),
        ]

    def __str__(self) -> str:
        return f"reporter {self.pk}"

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


class AccessLog(models.Model):
    """Proof of every look-up in a register and every opening of protected data: who, about whom, why, when; never the
    content (specs/identity 2.8). Rows can only be added: a trigger refuses the rest."""

    at = models.DateTimeField(db_index=True)
    actor = models.ForeignKey(Account, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    actor_name = models.CharField(max_length=300, blank=True)
    action = models.CharField(max_length=40)  # look_up, open_number, open_contact, …
    purpose = models.CharField(max_length=300)
    subject_digest = models.CharField(max_length=64, blank=True, db_index=True)
    subject_ciphertext = models.BinaryField(default=bytes, blank=True)
    report_reference = models.CharField(max_length=40, blank=True)
    call_reference = models.CharField(max_length=40, blank=True)
    service = models.CharField(max_length=60, blank=True)
    outcome = models.CharField(max_length=20)  # succeeded, failed, unanswered, refused
    codes = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    milliseconds = models.PositiveIntegerField(default=0)

    class Meta:
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Delete | pgtrigger.Update)]

    def __str__(self) -> str:
        return f"{self.action} {self.at:%Y-%m-%d %H:%M}"


class OneTimeLogin(models.Model):
    """A personal link for the first administrator, made by `meldloket create-admin`; works once, for an hour."""

    token_digest = models.CharField(max_length=64, unique=True)
    account = models.ForeignKey(Account, on_delete=models.CASCADE)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"one-time login of account {self.account_id}"


class ApiClient(models.Model):
    """A machine that talks with us. `secret_digest` proves it to us (API key, client secret); `outbound` is what proves us
    to it (its API key, or the secret with which we sign webhooks), encrypted. `partner`: code of the advice service or
    other system that it speaks for; it can touch nothing of another. `jwks`: public keys with which it signs assertions
    (private_key_jwt) instead of sending a secret. After a rotation the previous secret works until `previous_until`; tokens
    given before `tokens_from` are worth nothing."""

    class Kind(models.TextChoices):
        OPEN311 = "open311", "Open311 (API-sleutel)"
        OAUTH = "oauth", "OAuth2 (client credentials)"

    client_id = models.CharField("client-id", max_length=80, unique=True)
    name = models.CharField("naam", max_length=120)
    kind = models.CharField("soort", max_length=10, choices=Kind.choices)
    secret_digest = models.CharField(max_length=64, unique=True)
    scopes = ArrayField(models.CharField(max_length=40), default=list, blank=True, verbose_name="rechten")
    partner = models.SlugField("partner", max_length=60, blank=True)
    webhook_url = models.URLField("webhook", blank=True)
    outbound = models.BinaryField(default=bytes, blank=True)
    jwks: models.JSONField[dict[str, Any]] = models.JSONField("publieke sleutels (JWKS)", default=dict, blank=True)
    previous_digest = models.CharField(max_length=64, blank=True)
    previous_until = models.DateTimeField(null=True, blank=True)
    tokens_from = models.DateTimeField(null=True, blank=True)
    active = models.BooleanField("actief", default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.client_id


class SpentToken(models.Model):
    """An access token that was revoked, or an assertion that was used: by its digest, until it would have ended anyway."""

    digest = models.CharField(max_length=64, unique=True)
    until = models.DateTimeField(db_index=True)  # the nightly clearing reads by it

    def __str__(self) -> str:
        return f"spent {self.pk}"


class Tally(models.Model):
    """How often something was tried in one minute, by the digest of who tried: what the token endpoint limits by."""

    key = models.CharField(max_length=64)
    minute = models.DateTimeField(db_index=True)  # the nightly clearing reads by it
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "minute"], name="tally_once")]

    def __str__(self) -> str:
        return f"tally {self.pk}"
