"""Forms in versions, the one invitation that a report gets, and the answers, one row a question (B8.1-B8.5)."""

from __future__ import annotations

import secrets
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models

from meldloket.cases.models import Case, Report
from meldloket.catalogue.models import Category


class EvaluationForm(models.Model):
    """A form that is built (B8.1): for one case, for a category, or the generic one. `draft`: the questions that are being
    worked on, as evaluation.questions reads them; what citizens get is a FormVersion."""

    name = models.CharField("naam", max_length=120)
    category = models.OneToOneField(
        Category, null=True, blank=True, on_delete=models.CASCADE, related_name="evaluation_form"
    )
    case = models.OneToOneField(Case, null=True, blank=True, on_delete=models.CASCADE, related_name="evaluation_form")
    draft: models.JSONField[list[dict[str, Any]]] = models.JSONField(default=list, blank=True)
    version = models.PositiveIntegerField(default=1)  # rises at every change of the draft: of two people, one is told
    changed_at = models.DateTimeField()
    changed_by_name = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                models.Value(1),
                condition=models.Q(category__isnull=True, case__isnull=True),
                name="form_one_generic",
            ),
            models.CheckConstraint(
                condition=models.Q(category__isnull=True) | models.Q(case__isnull=True), name="form_for_one_thing"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class FormVersion(models.Model):
    """Questions as citizens got them; never changed, so that answers keep their meaning."""

    form = models.ForeignKey(EvaluationForm, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    questions: models.JSONField[list[dict[str, Any]]] = models.JSONField()
    published_at = models.DateTimeField()
    published_by_name = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["form", "number"], name="form_version_once")]

    def __str__(self) -> str:
        return f"version {self.number} of form {self.form_id}"


def new_code() -> str:
    """The code in a personal link: 96 bits, so that nobody guesses one."""
    return secrets.token_urlsafe(12)


def new_key() -> int:
    """The random number of an evaluation, by which figures about groups are rounded (people.disclosure)."""
    return secrets.randbelow(2**31)


class Invitation(models.Model):
    """The one time that a reporter is asked to evaluate (wishes.md: never two). `answers` keeps what was filled in so far;
    once it is sent, the answers stand in rows of their own."""

    class State(models.TextChoices):
        PLANNED = "planned", "Gepland"
        SENT = "sent", "Verstuurd"
        BY_PHONE = "by_phone", "Te bellen"
        ANSWERED = "answered", "Ingevuld"
        EXPIRED = "expired", "Niet ingevuld"

    class Processed(models.TextChoices):
        NEW = "new", "Te verwerken"
        ACKNOWLEDGED = "acknowledged", "Kennis genomen"
        ANSWERED = "answered", "Beantwoord"
        ACTION = "action", "Actie gemaakt"
        REPORT = "report", "Nieuwe melding gemaakt"

    report = models.OneToOneField(Report, on_delete=models.CASCADE, related_name="evaluation")
    version = models.ForeignKey(FormVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="invitations")
    code = models.CharField(max_length=24, unique=True, default=new_code)
    key = models.PositiveIntegerField(default=new_key)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PLANNED)
    due = models.DateField()
    sent_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    closes_on = models.DateField(null=True, blank=True)
    answers: models.JSONField[dict[str, Any]] = models.JSONField(default=dict, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    filled_by_name = models.CharField(max_length=300, blank=True)  # of whoever filled it in by phone
    processed = models.CharField(max_length=12, choices=Processed.choices, default=Processed.NEW)
    processed_at = models.DateTimeField(null=True, blank=True)
    processed_by_name = models.CharField(max_length=300, blank=True)
    reply = models.TextField(blank=True)
    follow_up = models.ForeignKey(Case, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        indexes = [
            # What must be sent today.
            models.Index(fields=["due"], name="invitation_planned_idx", condition=models.Q(state="planned")),
            # What must be reminded of, or is over.
            models.Index(
                fields=["closes_on"], name="invitation_sent_idx", condition=models.Q(state__in=["sent", "by_phone"])
            ),
            # What waits for a handler, newest first.
            models.Index(fields=["-id"], name="invitation_new_idx", condition=models.Q(state="answered", processed="new")),
            # Results of a period.
            models.Index(fields=["answered_at"], name="invitation_answered_idx"),
            models.Index(fields=["sent_at"], name="invitation_sent_at_idx"),
        ]

    def __str__(self) -> str:
        return f"invitation of report {self.report_id}"


class Answer(models.Model):
    """The answer to one question. `number`: of a scale (1 to 5); `chosen`: codes of options, yes or no; `text`: words."""

    invitation = models.ForeignKey(Invitation, on_delete=models.CASCADE, related_name="rows")
    question = models.CharField(max_length=40)
    number = models.PositiveSmallIntegerField(null=True, blank=True)
    chosen = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    text = models.TextField(blank=True)
    search = models.GeneratedField(
        expression=SearchVector("text", config="dutch"), output_field=SearchVectorField(), db_persist=True
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["invitation", "question"], name="answer_question_once")]
        # Words in the texts of citizens.
        indexes = [GinIndex(fields=["search"], name="answer_search_idx", condition=~models.Q(text=""))]

    def __str__(self) -> str:
        return f"answer {self.question} of invitation {self.invitation_id}"
