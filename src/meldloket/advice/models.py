"""A request for advice and what becomes of it: versions of the answer, the link for a partner without an account,
questions to the citizen, points that somebody owns."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django.db import models

from meldloket.cases.models import Attachment, Case, ReporterQuestion
from meldloket.catalogue.models import AdviceService
from meldloket.people.models import Account


class Verdict(models.TextChoices):
    """What an adviser says."""

    FAVOURABLE = "favourable", "Gunstig"
    CONDITIONAL = "conditional", "Gunstig met voorwaarden"
    UNFAVOURABLE = "unfavourable", "Ongunstig"
    NOT_COMPETENT = "not_competent", "Niet bevoegd"
    NO_OBJECTION = "no_objection", "Geen bezwaar"


class Share(models.TextChoices):
    """What of a case an adviser may see. The reporter's identity only with a reason."""

    TEXT = "text", "Tekst van de melding"
    PLACE = "place", "Plaats"
    PHOTOS = "photos", "Foto’s en documenten"
    ADVICES = "advices", "Andere adviezen"
    IDENTITY = "identity", "Naam en contactgegevens van de melder"


class AdviceRequest(models.Model):
    """One question of a handler to one service, with a term in working days (B2.5, B2.6)."""

    class State(models.TextChoices):
        OPEN = "open", "Gevraagd"
        ANSWERED = "answered", "Beantwoord"
        WORKED_IN = "worked_in", "Verwerkt"
        WITHDRAWN = "withdrawn", "Ingetrokken"
        SKIPPED = "skipped", "Verdergegaan zonder advies"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="advice_requests")
    service = models.ForeignKey(AdviceService, on_delete=models.PROTECT, related_name="requests")
    question = models.TextField()
    share: models.JSONField[list[str]] = models.JSONField(default=list)
    identity_reason = models.CharField(max_length=300, blank=True)
    asked_by = models.ForeignKey(Account, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    asked_by_name = models.CharField(max_length=300, blank=True)
    asked_at = models.DateTimeField()
    due = models.DateField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    closed_reason = models.CharField(max_length=300, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    overdue_told_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            # A service's list, what is due first; also the API's.
            models.Index(fields=["service", "state", "due", "id"], name="advice_service_idx"),
            # Reminders and the overdue list: the open ones by term.
            models.Index(fields=["due"], name="advice_open_idx", condition=models.Q(state="open")),
        ]

    def __str__(self) -> str:
        return f"advice request {self.pk}"

    def too_late(self, today: date) -> bool:
        """Whether a first answer comes after the term at a service that may not answer then: the handler decides."""
        return self.state == self.State.OPEN and today > self.due and not self.service.takes_late

    def shares(self, what: Share | str) -> bool:
        return str(what) in self.share


class AdviceAnswer(models.Model):
    """One version of an answer. A draft is kept while the adviser writes; what was given is never overwritten, a better
    version comes beside it. `key` makes an answer through the API idempotent."""

    class State(models.TextChoices):
        DRAFT = "draft", "Ontwerp"
        GIVEN = "given", "Gegeven"
        REPLACED = "replaced", "Vervangen"
        WITHDRAWN = "withdrawn", "Ingetrokken"

    request = models.ForeignKey(AdviceRequest, on_delete=models.CASCADE, related_name="answers")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    verdict = models.CharField(max_length=20, choices=Verdict.choices, blank=True)
    reasons = models.TextField(blank=True)
    conditions: models.JSONField[list[str]] = models.JSONField(default=list, blank=True)
    files = models.ManyToManyField(Attachment, blank=True, related_name="+")
    given_by = models.ForeignKey(Account, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    given_by_name = models.CharField(max_length=300, blank=True)
    given_at = models.DateTimeField(null=True, blank=True)
    key = models.CharField(max_length=120, null=True, blank=True, unique=True)  # noqa: DJ001  (null: unique only when set)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["request", "number"], name="answer_number_once"),
            models.UniqueConstraint(fields=["request"], condition=models.Q(state="draft"), name="answer_one_draft"),
            models.UniqueConstraint(fields=["request"], condition=models.Q(state="given"), name="answer_one_given"),
        ]

    def __str__(self) -> str:
        return f"answer {self.number} of request {self.request_id}"


class AdviceLink(models.Model):
    """The personal way in for a partner without an account: one request, for a while, and a one-time code by e-mail or SMS
    at each visit. The token itself is never kept."""

    request = models.ForeignKey(AdviceRequest, on_delete=models.CASCADE, related_name="links")
    token_digest = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    code_digest = models.CharField(max_length=64, blank=True)
    code_expires_at = models.DateTimeField(null=True, blank=True)
    codes_sent = models.PositiveSmallIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return f"link to request {self.request_id}"


class AdviceQuestion(models.Model):
    """A question to the citizen that an adviser asked through the case (B3.3)."""

    question = models.OneToOneField(ReporterQuestion, on_delete=models.CASCADE, related_name="advice")
    request = models.ForeignKey(AdviceRequest, on_delete=models.CASCADE, related_name="questions")

    def __str__(self) -> str:
        return f"question {self.question_id} for request {self.request_id}"


class AdviceSummary(models.Model):
    """How the handler worked the advices in; feeds the decision and the actions (B3.4)."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="advice_summaries")
    text = models.TextField()
    made_by_name = models.CharField(max_length=300, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["case", "-id"], name="advice_summary_idx")]

    def __str__(self) -> str:
        return f"summary of case {self.case_id}"


class AdvicePoint(models.Model):
    """An unfavourable advice is a point that somebody owns until it is settled (wishes.md)."""

    request = models.OneToOneField(AdviceRequest, on_delete=models.CASCADE, related_name="point")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="advice_points")
    text = models.TextField()
    owner = models.ForeignKey(Account, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    opened_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_text = models.TextField(blank=True)
    settled_by_name = models.CharField(max_length=300, blank=True)

    class Meta:
        # "My work": the open points of a handler.
        indexes = [models.Index(fields=["owner"], name="point_open_idx", condition=models.Q(settled_at=None))]

    def __str__(self) -> str:
        return f"point of request {self.request_id}"


def as_dict(answer: AdviceAnswer) -> dict[str, Any]:
    """An answer for machines and events; no names of people."""
    return {
        "number": answer.number,
        "verdict": answer.verdict,
        "reasons": answer.reasons,
        "conditions": answer.conditions,
        "given_at": answer.given_at.isoformat() if answer.given_at else None,
    }
