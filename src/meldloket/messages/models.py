"""The words in which citizens are told things, and every single telling with its fate."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import models

from meldloket.cases.models import CaseEvent, Report
from meldloket.catalogue.models import Category


class MessageTemplate(models.Model):
    """What a citizen reads for an event, per channel and language; a category can have its own. Placeholders in braces,
    e.g. {referentie}; the list is in messages.placeholders."""

    event = models.CharField("gebeurtenis", max_length=40)
    channel = models.CharField("kanaal", max_length=10)  # email, sms, dosis (short line in Mijn Burgerprofiel)
    language = models.CharField("taal", max_length=2, default="nl")
    category = models.ForeignKey(
        Category, null=True, blank=True, on_delete=models.CASCADE, verbose_name="enkel voor categorie"
    )
    subject = models.CharField("onderwerp", max_length=200, blank=True)
    body = models.TextField("tekst")
    active = models.BooleanField("actief", default=True)

    class Meta:
        ordering = ["event", "channel", "language"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "channel", "language", "category"], name="template_once", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.channel} {self.language}"


class Delivery(models.Model):
    """One message for one reporter through one channel (the shape of OSLO's Notificatiebericht). Order per report and
    channel is the order of `id`. `key` is the UploadId, bundle Id, SMS reference or Message-ID: a repeat is recognised."""

    class State(models.TextChoices):
        WAITING = "waiting", "Wacht"
        SENDING = "sending", "Wordt verstuurd"
        DELIVERED = "delivered", "Bezorgd"
        PARKED = "parked", "Niet bezorgd"
        SUPERSEDED = "superseded", "Ingehaald"

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="deliveries")
    event = models.ForeignKey(CaseEvent, null=True, on_delete=models.CASCADE, related_name="deliveries")
    channel = models.CharField(max_length=10)
    language = models.CharField(max_length=2, default="nl")
    subject = models.CharField(max_length=255, blank=True)
    text = models.TextField(blank=True)
    payload: models.JSONField[dict[str, Any]] = models.JSONField(default=dict, blank=True)
    recipient_override = models.ForeignKey(  # a code for a new address, a warning for the old one
        "cases.ContactVerification", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    planned_at = models.DateTimeField()
    next_attempt_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True, blank=True)
    handed_over_at = models.DateTimeField(null=True, blank=True)  # the moment after which a repeat could tell twice
    delivered_at = models.DateTimeField(null=True, blank=True)
    processed_at = models.DateTimeField(null=True, blank=True)  # DOSIS: seen by the citizen's counters
    provider_reference = models.CharField(max_length=200, blank=True)
    problem = models.CharField(max_length=500, blank=True)  # Dutch, for staff, no personal data
    problem_details: models.JSONField[list[dict[str, Any]]] = models.JSONField(default=list, blank=True)

    class Meta:
        indexes = [
            # The worker: what is due.
            models.Index(
                fields=["next_attempt_at"],
                name="delivery_due_idx",
                condition=models.Q(state__in=["waiting", "sending"]),
            ),
            # Order per report and channel, and the case page's list.
            models.Index(fields=["report", "channel", "id"], name="delivery_order_idx"),
            # The page of parked deliveries, newest first.
            models.Index(fields=["-id"], name="delivery_parked_idx", condition=models.Q(state="parked")),
            # Asking DOSIS whether it processed what it took.
            models.Index(
                fields=["delivered_at"],
                name="delivery_unprocessed_idx",
                condition=models.Q(channel="dosis", state="delivered", processed_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.key}"


class ChannelStop(models.Model):
    """A channel that nothing gets through until somebody mends its configuration (401, 403). Staff start it again."""

    channel = models.CharField(max_length=10, unique=True)
    reason = models.CharField(max_length=300)
    since = models.DateTimeField()

    def __str__(self) -> str:
        return self.channel


class Notice(models.Model):
    """A message to somebody who is no reporter: a member of staff, an adviser, a partner. `once` makes the same reason one
    message. The text is blotted out once it went: it may hold a personal link."""

    class State(models.TextChoices):
        WAITING = "waiting", "Wacht"
        SENT = "sent", "Verstuurd"
        PARKED = "parked", "Niet verstuurd"

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    once = models.CharField(max_length=120, unique=True)
    channel = models.CharField(max_length=10)  # email, sms, or webhook
    recipient = models.CharField(max_length=254)  # an address, a number, or the partner's code
    subject = models.CharField(max_length=255, blank=True)
    text = models.TextField(blank=True)
    link = models.CharField(max_length=500, blank=True)
    link_label = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    planned_at = models.DateTimeField()
    next_attempt_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=300, blank=True)

    class Meta:
        # The worker: what is due.
        indexes = [
            models.Index(fields=["next_attempt_at"], name="notice_due_idx", condition=models.Q(state="waiting")),
        ]

    def __str__(self) -> str:
        return f"notice {self.once}"
