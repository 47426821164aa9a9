"""Actions that a handler determines, tasks that people carry out (one task may serve several cases), and what was referred
to other software."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import models

from meldloket.cases.models import Attachment, Case
from meldloket.catalogue.models import Category, Department, OtherSystem
from meldloket.people.models import Account


class ActionTemplate(models.Model):
    """What is usually done about a category: an action with its tasks, to start from (B4.1)."""

    category = models.ForeignKey(
        Category, null=True, blank=True, on_delete=models.CASCADE, verbose_name="enkel voor categorie"
    )
    title = models.CharField("titel", max_length=150)
    description = models.TextField("omschrijving", blank=True)
    department = models.ForeignKey(
        Department, null=True, blank=True, on_delete=models.SET_NULL, verbose_name="dienst (leeg: die van de melding)"
    )
    needs_decision = models.BooleanField("vraagt een besluit van college of raad", default=False)
    public = models.BooleanField("de melder leest deze actie", default=True)
    cost = models.DecimalField("geschatte kost (euro)", max_digits=10, decimal_places=2, null=True, blank=True)
    days = models.PositiveSmallIntegerField("geschatte termijn (werkdagen)", default=10)
    tasks: models.JSONField[list[str]] = models.JSONField("taken", default=list, blank=True)
    active = models.BooleanField("actief", default=True)

    class Meta:
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title


class Action(models.Model):
    """Something that will be done about a case: what, by which department, why, at what cost, and whether college or
    council must decide first. `source`: the condition of an advice that it came from, so that one click makes it once."""

    class State(models.TextChoices):
        DRAFT = "draft", "In voorbereiding"
        WAITING = "waiting", "Wacht op besluit"
        RUNNING = "running", "In uitvoering"
        DONE = "done", "Klaar"
        REFUSED = "refused", "Niet goedgekeurd"
        DROPPED = "dropped", "Geschrapt"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="actions")
    title = models.CharField(max_length=150)
    description = models.TextField(blank=True)
    department = models.ForeignKey(Department, on_delete=models.PROTECT)
    why = models.TextField(blank=True)
    cost = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)  # euro
    due = models.DateField(null=True, blank=True)
    public = models.BooleanField(default=True)
    needs_decision = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    source = models.CharField(max_length=60, blank=True)
    planned_tasks: models.JSONField[list[str]] = models.JSONField(default=list, blank=True)
    added_by_name = models.CharField(max_length=300, blank=True)
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["case", "source"], condition=~models.Q(source=""), name="action_source_once")
        ]

    def __str__(self) -> str:
        return f"action {self.pk}"


class Task(models.Model):
    """A piece of work for a person or a team (B4.2, B4.3). It serves one case or several (`parts`); finishing finishes it
    for all. `version` rises at every change: of two people, the second is told."""

    class State(models.TextChoices):
        WAITING = "waiting", "Wacht"
        OPEN = "open", "Te doen"
        IN_PROGRESS = "in_progress", "Bezig"
        BLOCKED = "blocked", "Geblokkeerd"
        REFERRED = "referred", "Bij ander systeem"
        DONE = "done", "Klaar"
        CANCELLED = "cancelled", "Geannuleerd"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField(max_length=150)
    description = models.TextField(blank=True)
    department = models.ForeignKey(Department, on_delete=models.PROTECT)
    assignee = models.ForeignKey(Account, null=True, blank=True, on_delete=models.SET_NULL, related_name="tasks")
    state = models.CharField(max_length=12, choices=State.choices, default=State.OPEN)
    due = models.DateField(null=True, blank=True)
    order = models.PositiveSmallIntegerField(default=0)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.CASCADE, related_name="subtasks")
    after = models.ManyToManyField("self", symmetrical=False, blank=True, related_name="before")
    checklist: models.JSONField[list[dict[str, Any]]] = models.JSONField(default=list, blank=True)  # text, done
    materials = models.TextField(blank=True)
    planned_minutes = models.PositiveIntegerField(default=60)
    minutes = models.PositiveIntegerField(default=0)
    blocked_reason = models.CharField(max_length=300, blank=True)
    result = models.TextField(blank=True)
    place_label = models.CharField(max_length=300, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    added_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["order", "id"]
        indexes = [
            # The board and the list of a team, what is due first.
            models.Index(fields=["department", "state", "due", "id"], name="task_team_idx"),
            # A worker's own list, and the load per person.
            models.Index(fields=["assignee", "state", "due"], name="task_assignee_idx"),
        ]

    def __str__(self) -> str:
        return f"task {self.pk}"

    @property
    def ended(self) -> bool:
        return self.state in (Task.State.DONE, Task.State.CANCELLED)


class TaskPart(models.Model):
    """That a task serves this case, as part of this action."""

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="parts")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="task_parts")
    action = models.ForeignKey(Action, null=True, blank=True, on_delete=models.SET_NULL, related_name="parts")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["task", "case", "action"], name="part_once", nulls_distinct=False)]

    def __str__(self) -> str:
        return f"task {self.task_id} for case {self.case_id}"


class TaskEntry(models.Model):
    """What was written down about a task, each once: `key` comes from the worker's phone, where the entry waits while there
    is no connection."""

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="entries")
    key = models.UUIDField(default=uuid.uuid4, unique=True)
    kind = models.CharField(max_length=20)  # started, blocked, resumed, done, note, assigned, planned, referred, told
    at = models.DateTimeField()  # when it happened, which may be before it reached us
    received_at = models.DateTimeField()
    by = models.ForeignKey(Account, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField(max_length=300, blank=True)
    text = models.TextField(blank=True)
    late = models.BooleanField(default=False)  # came after something newer, and is kept as a note only

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.kind} of task {self.task_id}"


class TaskPhoto(models.Model):
    """A photo of before or after the work; `public` lets the closing message show it."""

    class Moment(models.TextChoices):
        BEFORE = "before", "Voor"
        AFTER = "after", "Na"

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="photos")
    attachment = models.ForeignKey(Attachment, on_delete=models.CASCADE, related_name="task_photos")
    moment = models.CharField(max_length=6, choices=Moment.choices, default=Moment.AFTER)
    public = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"photo of task {self.task_id}"


class Capacity(models.Model):
    """How many hours a week somebody has for tasks; without a row, HOURS_A_WEEK of actions.workload."""

    account = models.OneToOneField(Account, on_delete=models.CASCADE, related_name="capacity", verbose_name="medewerker")
    hours = models.PositiveSmallIntegerField("uren per week", default=38)

    def __str__(self) -> str:
        return f"{self.hours} h of account {self.account_id}"


class Referral(models.Model):
    """A task that is really handled in other software (B4.4), and how it stands there."""

    class State(models.TextChoices):
        WAITING = "waiting", "Wordt doorgegeven"
        SENT = "sent", "Doorgegeven"
        RECEIVED = "received", "Aanvaard"
        IN_PROGRESS = "in_progress", "Bezig"
        DONE = "done", "Klaar"
        REFUSED = "refused", "Geweigerd"
        FAILED = "failed", "Niet doorgegeven"
        RECALLED = "recalled", "Teruggenomen"

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="referrals")
    system = models.ForeignKey(OtherSystem, on_delete=models.PROTECT, related_name="referrals")
    state = models.CharField(max_length=12, choices=State.choices, default=State.WAITING)
    external_id = models.CharField(max_length=120, blank=True)
    external_token = models.CharField(max_length=200, blank=True)
    token_digest = models.CharField(max_length=64, blank=True)  # of the reply link, for partners with nothing
    status = models.CharField(max_length=80, blank=True)  # their own word
    last_at = models.DateTimeField(null=True, blank=True)  # moment of the newest update that counted
    attempts = models.PositiveSmallIntegerField(default=0)
    uncertain = models.BooleanField(default=False)  # an attempt was made of which we do not know the fate
    next_attempt_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=300, blank=True)
    added_by_name = models.CharField(max_length=300, blank=True)
    added_at = models.DateTimeField()

    class Meta:
        indexes = [
            # The worker: what must be handed over or asked after.
            models.Index(
                fields=["next_attempt_at"],
                name="referral_due_idx",
                condition=models.Q(state__in=["waiting", "sent", "received", "in_progress"]),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["task"],
                condition=models.Q(state__in=["waiting", "sent", "received", "in_progress"]),
                name="referral_one_open",
            )
        ]

    def __str__(self) -> str:
        return f"referral {self.key}"


#: Our words for how it stands at the other side (ports.Told).
TOLD_WORDS = {
    "received": "Ontvangen",
    "in_progress": "Bezig",
    "done": "Klaar",
    "refused": "Geweigerd",
    "note": "Opmerking",
}


class ReferralUpdate(models.Model):
    """What the other system said, each once; `fate` tells what we did with it."""

    class Fate(models.TextChoices):
        APPLIED = "applied", "Verwerkt"
        NOTE = "note", "Nota"
        OLDER = "older", "Ouder dan wat we al wisten: bewaard als nota"
        CLOSED = "closed", "Kwam na het einde: bewaard als nota"

    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, related_name="updates")
    key = models.CharField(max_length=160)
    told = models.CharField(max_length=12)
    status = models.CharField(max_length=80, blank=True)
    text = models.TextField(blank=True)
    at = models.DateTimeField()
    received_at = models.DateTimeField()
    fate = models.CharField(max_length=10, choices=Fate.choices)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["referral", "key"], name="update_once")]

    def __str__(self) -> str:
        return f"update {self.key}"

    @property
    def words(self) -> str:
        """How it stands in our words, with their own word when it says more."""
        ours = TOLD_WORDS.get(self.told, self.told)
        own = "" if self.status.lower() in ("", self.told, ours.lower()) else self.status
        return f"{ours} ({own})" if own else ours
