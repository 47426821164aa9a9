"""Facts about cases, one narrow row each, kept up to date by the database itself (docs/adr/0009-facts-in-columns.md); views
that people keep, and files that they asked for."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models.functions import Now

from meldloket.people.models import Account

#: Days are counted from here, so that a date is a small number; NONE: no such day, category, hour …
EPOCH = "2000-01-01"
NONE = -1
NO_PLACE = 2**31 - 1


class Dirty(models.Model):
    """That something about a case changed. Written by triggers in the transaction that changed it, taken away by the
    refresh that counted it: what is here is exactly what the facts do not know yet."""

    case_id = models.BigIntegerField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "insight_dirty"

    def __str__(self) -> str:
        return f"case {self.case_id}"


class Fact(models.Model):
    """What is counted of one case. Days since EPOCH, hours between two moments, places in millionths of a degree; codes by
    their place in the list of Status, Outcome and IntakeChannel. `seq` rises with every refresh, so that a process loads
    only what it does not have; `gone`: the case no longer exists."""

    case_id = models.BigIntegerField(primary_key=True)
    seq = models.BigIntegerField()
    gone = models.BooleanField(default=False)
    complaint = models.BooleanField(default=False)
    suspended = models.BooleanField(default=False)
    reopened = models.BooleanField(default=False)
    dissatisfied = models.BooleanField(default=False)
    received = models.IntegerField(default=NONE)
    weekhour = models.SmallIntegerField(default=NONE)  # Monday 0 h is 0, Sunday 23 h is 167
    ended = models.IntegerField(default=NONE)
    target = models.IntegerField(default=NONE)
    category = models.IntegerField(default=NONE)
    department = models.IntegerField(default=NONE)
    area = models.IntegerField(default=NONE)
    channel = models.SmallIntegerField(default=NONE)
    status = models.SmallIntegerField(default=NONE)
    outcome = models.SmallIntegerField(default=NONE)
    latitude = models.IntegerField(default=NO_PLACE)
    longitude = models.IntegerField(default=NO_PLACE)
    screening_hours = models.SmallIntegerField(default=NONE)
    assessment_hours = models.SmallIntegerField(default=NONE)
    advice_hours = models.SmallIntegerField(default=NONE)
    decision_hours = models.SmallIntegerField(default=NONE)
    execution_hours = models.SmallIntegerField(default=NONE)
    whole_hours = models.SmallIntegerField(default=NONE)
    reports = models.SmallIntegerField(default=0)
    parked = models.SmallIntegerField(default=0)

    class Meta:
        db_table = "insight_fact"
        # What a process does not have yet.
        indexes = [models.Index(fields=["seq"], name="fact_seq_idx")]

    def __str__(self) -> str:
        return f"facts of case {self.case_id}"


class AdviceFact(models.Model):
    """One request for advice: how long the service took. `answered`: day, NONE while it is open."""

    case_id = models.BigIntegerField()
    service = models.IntegerField()
    asked = models.IntegerField()
    due = models.IntegerField()
    answered = models.IntegerField(default=NONE)
    hours = models.SmallIntegerField(default=NONE)

    class Meta:
        db_table = "insight_advice"
        indexes = [models.Index(fields=["case_id"], name="advice_fact_case_idx")]

    def __str__(self) -> str:
        return f"advice about case {self.case_id}"


class TaskFact(models.Model):
    """One open task for one case; a task for several cases stands here several times, with the same number."""

    case_id = models.BigIntegerField()
    task = models.BigIntegerField()
    department = models.IntegerField()
    due = models.IntegerField(default=NONE)
    minutes = models.IntegerField(default=0)

    class Meta:
        db_table = "insight_task"
        indexes = [models.Index(fields=["case_id"], name="task_fact_case_idx")]

    def __str__(self) -> str:
        return f"task {self.task}"


class DecisionFact(models.Model):
    """One decision that the case followed: of which body, how, on which day."""

    case_id = models.BigIntegerField()
    body = models.SmallIntegerField()
    outcome = models.SmallIntegerField()
    day = models.IntegerField()

    class Meta:
        db_table = "insight_decision"
        indexes = [models.Index(fields=["case_id"], name="decision_fact_case_idx")]

    def __str__(self) -> str:
        return f"decision about case {self.case_id}"


class EvaluationFact(models.Model):
    """One evaluation that is over: filled in, or not within its term. `day`: when that was; it never changes, so that what
    a past month says stays said. `score_sum` and `score_count`: of its scales; `key`: of people.disclosure."""

    case_id = models.BigIntegerField()
    day = models.IntegerField()
    answered = models.SmallIntegerField()
    score_sum = models.SmallIntegerField(default=0)
    score_count = models.SmallIntegerField(default=0)
    key = models.BigIntegerField()

    class Meta:
        db_table = "insight_evaluation"
        indexes = [models.Index(fields=["case_id"], name="evaluation_fact_case_idx")]

    def __str__(self) -> str:
        return f"evaluation of case {self.case_id}"


class Overview(models.Model):
    """A helicopter view that somebody keeps: its filters as the address has them; `shared` with colleagues; `mail`: how
    often it is mailed to the `readers`."""

    class Mail(models.TextChoices):
        NEVER = "never", "niet mailen"
        WEEKLY = "weekly", "elke maandag"
        MONTHLY = "monthly", "de eerste van de maand"

    owner = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="overviews")
    name = models.CharField("naam", max_length=80)
    query = models.CharField(max_length=1000)
    shared = models.BooleanField("gedeeld met collega’s", default=False)
    mail = models.CharField("mailen", max_length=8, choices=Mail.choices, default=Mail.NEVER)
    readers = models.ManyToManyField(Account, blank=True, related_name="+")
    mailed_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="overview_name_once")]

    def __str__(self) -> str:
        return self.name


class Export(models.Model):
    """A file that somebody asked for, while it streams: the page reads from here how far it is."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8)  # csv, xlsx, parquet
    query = models.CharField(max_length=1000, blank=True)
    rows = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    begun_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.kind} of {self.rows} rows"


class Rise(models.Model):
    """That a category had unusually many reports in a week, told to its head once."""

    category = models.ForeignKey("catalogue.Category", on_delete=models.CASCADE, related_name="+")
    until = models.DateField()
    count = models.PositiveIntegerField()
    expected = models.FloatField()
    told_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["category", "until"], name="rise_once")]

    def __str__(self) -> str:
        return f"rise of category {self.category_id}"
