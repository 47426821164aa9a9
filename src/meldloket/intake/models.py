"""Drafts: what a citizen filled in, kept at every step, so that nothing is lost when anything fails (B1.4)."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import models

from meldloket.cases.models import Attachment, IntakeChannel, Report
from meldloket.people.models import Account


class Draft(models.Model):
    """A report that is being filled in. `data` holds what was given per step; `register` what MAGDA answered. The owner is
    an account, or (not logged in) whoever holds the session with `session_token`; the address alone opens nothing.
    `public_id` is also the submission key: sending twice makes one report."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    account = models.ForeignKey(Account, null=True, blank=True, on_delete=models.CASCADE, related_name="drafts")
    session_token = models.CharField(max_length=64, blank=True)
    channel = models.CharField(max_length=10, choices=IntakeChannel.choices, default=IntakeChannel.WEB)
    registered_by = models.ForeignKey(Account, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    data: models.JSONField[dict[str, Any]] = models.JSONField(default=dict)
    register: models.JSONField[dict[str, Any]] = models.JSONField(default=dict)
    number = models.ForeignKey("people.NationalNumber", null=True, blank=True, on_delete=models.SET_NULL)
    version = models.PositiveIntegerField(default=1)  # a second tab is told when the first was faster
    report = models.OneToOneField(Report, null=True, blank=True, on_delete=models.SET_NULL, related_name="draft")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        indexes = [
            # "You have an unfinished report", and the daily sweep of old drafts.
            models.Index(fields=["account", "-id"], name="draft_account_idx"),
            models.Index(fields=["updated_at"], name="draft_sweep_idx", condition=models.Q(report=None)),
        ]

    def __str__(self) -> str:
        return f"draft {self.public_id}"


class DraftFile(models.Model):
    """A cleaned upload of a draft. `position`: WGS84 degrees from the photo, offered to the citizen before it is used."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="files")
    attachment = models.OneToOneField(Attachment, on_delete=models.CASCADE, related_name="draft_file")
    position: models.JSONField[dict[str, float]] = models.JSONField(default=dict, blank=True)

    def __str__(self) -> str:
        return f"file of {self.draft_id}"


class Invitation(models.Model):
    """A personal link to the form, sent by the desk (B1.1). Only its digest is kept; it expires and opens one draft."""

    token_digest = models.CharField(max_length=64, unique=True)
    channel = models.CharField(max_length=10)  # email or sms
    sent_by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    note = models.CharField(max_length=300, blank=True)  # what the receptionist already noted down
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    draft = models.OneToOneField(Draft, null=True, blank=True, on_delete=models.SET_NULL)

    def __str__(self) -> str:
        return f"invitation {self.pk}"
