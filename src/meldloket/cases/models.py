"""The core: a case with its reports, the events that people read, what was attached and what was asked."""

from __future__ import annotations

import uuid
from typing import Any

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models

from meldloket.catalogue.models import Area, Category, Department
from meldloket.people.models import Account, Reporter

from .lifecycle import STATES, EventKind, Outcome, Status


class Urgency(models.TextChoices):
    """How soon somebody must look."""

    NORMAL = "normal", "Gewoon"
    HIGH = "high", "Dringend"
    URGENT = "urgent", "Zeer dringend"


class IntakeChannel(models.TextChoices):
    """The way in which a report came (B1.1)."""

    WEB = "web", "Website"
    DESK = "desk", "Loket"
    PHONE = "phone", "Telefoon"
    LINK = "link", "Persoonlijke link"
    API = "api", "Ander systeem"
    IMPORT = "import", "Overgenomen"


@pghistory.track(
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
    exclude=["search"],
    model_name="CaseHistory",
    obj_field=pghistory.ObjForeignKey(related_name="history"),
)
class Case(models.Model):
    """One problem, from the first report to its end. `version` rises at every change, so that the second of two handlers
    is told what changed. Dates of terms are working days of the municipality (cases.terms)."""

    status = models.CharField(max_length=20, choices=Status.choices, default=Status.SUBMITTED)
    title = models.CharField(max_length=200)
    summary = models.TextField(blank=True)  # the first report's text, for search and lists
    reference = models.CharField(max_length=20, unique=True)  # of the first report
    category = models.ForeignKey(Category, null=True, blank=True, on_delete=models.PROTECT)
    department = models.ForeignKey(Department, null=True, blank=True, on_delete=models.PROTECT)
    handler = models.ForeignKey(Account, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    area = models.ForeignKey(Area, null=True, blank=True, on_delete=models.SET_NULL)
    urgency = models.CharField(max_length=10, choices=Urgency.choices, default=Urgency.NORMAL)
    channel = models.CharField(max_length=10, choices=IntakeChannel.choices, default=IntakeChannel.WEB)
    is_complaint = models.BooleanField(default=False)
    waiting_for_reporter = models.BooleanField(default=False)
    inadmissible_reason = models.CharField(max_length=30, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)  # of the newest closing
    street = models.CharField(max_length=200, blank=True)
    place_label = models.CharField(max_length=300, blank=True)
    latitude = models.FloatField(null=True, blank=True)  # WGS84 degrees
    longitude = models.FloatField(null=True, blank=True)
    competent_authority = models.CharField(max_length=200, blank=True)  # when the place is not the municipality's
    submitted_at = models.DateTimeField()
    target_date = models.DateField(null=True, blank=True)
    final_date = models.DateField(null=True, blank=True)
    suspended_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    search = models.GeneratedField(
        expression=SearchVector("title", "summary", "street", config="dutch"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    class Meta:
        indexes = [
            # The office list, newest first, narrowed by each filter; keyset on -id.
            models.Index(fields=["status", "-id"], name="case_status_idx"),
            models.Index(fields=["category", "-id"], name="case_category_idx"),
            models.Index(fields=["department", "status", "-id"], name="case_department_idx"),
            models.Index(fields=["area", "-id"], name="case_area_idx"),
            models.Index(fields=["channel", "-id"], name="case_channel_idx"),
            # "My work": a handler's own cases by term; also the routing's count of open work.
            models.Index(fields=["handler", "status", "target_date"], name="case_handler_idx"),
            # Overdue and due soon, over the open cases only.
            models.Index(
                fields=["target_date", "id"], name="case_open_term_idx", condition=models.Q(ended_at__isnull=True)
            ),
            # Nearby (Open311): a box of a few hundred metres.
            models.Index(fields=["latitude", "longitude"], name="case_place_idx"),
            # Similar ones, at every case page and before a citizen sends: the open cases alone, a small part of all.
            models.Index(
                fields=["latitude", "longitude"], name="case_open_place_idx", condition=models.Q(ended_at__isnull=True)
            ),
            # Words in Dutch.
            GinIndex(fields=["search"], name="case_search_idx"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(status__in=Status.values), name="case_status_known"),
            models.CheckConstraint(
                condition=models.Q(latitude__isnull=True) | models.Q(latitude__range=(-90, 90)), name="case_latitude"
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def ended(self) -> bool:
        return STATES[self.status].ended


@pghistory.track(
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
    model_name="ReportHistory",
    obj_field=pghistory.ObjForeignKey(related_name="history"),
)
class Report(models.Model):
    """What one reporter sent in. Every reporter keeps an own reference, DOSIS case and messages, also when a handler
    groups several reports in one case. `submission_key` makes sending twice one report."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="reports")
    reference = models.CharField(max_length=20, unique=True)  # MLD-2026-000123
    reporter = models.OneToOneField(Reporter, null=True, blank=True, on_delete=models.SET_NULL, related_name="report")
    submission_key = models.UUIDField(unique=True)
    text = models.TextField()
    observed = models.CharField(max_length=200, blank=True)  # when it was seen, in the citizen's words or a date
    answers: models.JSONField[list[dict[str, Any]]] = models.JSONField(default=list, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    place_label = models.CharField(max_length=300, blank=True)
    channel = models.CharField(max_length=10, choices=IntakeChannel.choices, default=IntakeChannel.WEB)
    registered_by = models.ForeignKey(Account, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    language = models.CharField(max_length=2, default="nl")
    submitted_at = models.DateTimeField()
    dosis_changed_at = models.DateTimeField(null=True, blank=True)  # last WijzigingsDatum; it must rise

    class Meta:
        # The newest reports, for other systems that follow us (Open311).
        indexes = [models.Index(fields=["-submitted_at", "-id"], name="report_newest_idx")]

    def __str__(self) -> str:
        return self.reference


class Visibility(models.TextChoices):
    """Who may read an event or a file."""

    INTERNAL = "internal", "intern"
    REPORTER = "reporter", "ook de melder"


class CaseEvent(models.Model):
    """Something that happened to a case, for people to read: who, when, what. `data` holds what templates and later steps
    need, never personal data of the reporter. `report` names the reporter concerned, None means all of them."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="events")
    report = models.ForeignKey(Report, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=40, choices=EventKind.choices)
    at = models.DateTimeField()
    by = models.ForeignKey(Account, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField(max_length=300, blank=True)
    by_reporter = models.BooleanField(default=False)
    visibility = models.CharField(max_length=10, choices=Visibility.choices, default=Visibility.INTERNAL)
    text = models.TextField(blank=True)
    data: models.JSONField[dict[str, Any]] = models.JSONField(default=dict, blank=True)
    from_status = models.CharField(max_length=20, blank=True)
    to_status = models.CharField(max_length=20, blank=True)
    version = models.PositiveIntegerField(default=1)  # the case's version after this event

    class Meta:
        indexes = [
            # The stream of one case, oldest first.
            models.Index(fields=["case", "id"], name="event_case_idx"),
            # What changed since a moment, for other systems that follow us (Open311's updated_after).
            models.Index(fields=["at"], name="event_public_idx", condition=models.Q(visibility="reporter")),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of case {self.case_id}"


class ReporterQuestion(models.Model):
    """A question of the handler to one reporter, with a term; the citizen answers in the system (B2.2)."""

    class State(models.TextChoices):
        OPEN = "open", "Open"
        ANSWERED = "answered", "Beantwoord"
        CLOSED = "closed", "Afgesloten zonder antwoord"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="questions")
    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="questions")
    asked_by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_by_name = models.CharField(max_length=300, blank=True)
    asked_for = models.CharField(max_length=120, blank=True)  # the advising service, when it is theirs (B3.3)
    asked_at = models.DateTimeField()
    text = models.TextField()
    due = models.DateField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    reminded_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(blank=True)

    class Meta:
        indexes = [
            # Reminders: the open questions by term, once a day.
            models.Index(fields=["due"], name="question_open_idx", condition=models.Q(state="open")),
        ]

    def __str__(self) -> str:
        return f"question {self.pk}"


class Attachment(models.Model):
    """A photo or document, cleaned before it was stored (intake.files). `file` is a name in the storage; nobody reads it
    but through a page that checks the right to."""

    class Kind(models.TextChoices):
        PHOTO = "photo", "Foto"
        DOCUMENT = "document", "Document"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(Case, null=True, blank=True, on_delete=models.CASCADE, related_name="attachments")
    report = models.ForeignKey(Report, null=True, blank=True, on_delete=models.CASCADE, related_name="attachments")
    question = models.ForeignKey(
        ReporterQuestion, null=True, blank=True, on_delete=models.SET_NULL, related_name="attachments"
    )
    kind = models.CharField(max_length=10, choices=Kind.choices)
    name = models.CharField(max_length=200)  # as the citizen called it, made safe
    content_type = models.CharField(max_length=60)
    size = models.PositiveIntegerField()  # bytes, as stored
    sha256 = models.CharField(max_length=64)
    file = models.FileField(upload_to="attachments/%Y/%m/", max_length=200)
    thumbnail = models.FileField(upload_to="thumbnails/%Y/%m/", max_length=200, blank=True)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    added_at = models.DateTimeField()
    added_by_reporter = models.BooleanField(default=True)
    visibility = models.CharField(max_length=10, choices=Visibility.choices, default=Visibility.REPORTER)

    class Meta:
        indexes = [models.Index(fields=["case", "id"], name="attachment_case_idx")]

    def __str__(self) -> str:
        return f"attachment {self.public_id}"


class ContactVerification(models.Model):
    """A new address or number that the citizen gave, waiting for the code that was sent to it."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="verifications")
    channel = models.CharField(max_length=10)  # email or sms
    value = models.CharField(max_length=254)
    replaced = models.BooleanField(default=False)  # the old value, kept so that it can be warned
    attempts = models.PositiveSmallIntegerField(default=0)
    expires_at = models.DateTimeField()
    verified_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"verification {self.pk}"


class Closing(models.Model):
    """One time that a case was closed (B7.1). It stays when the case is reopened, so that the history tells how often and
    in which words we thought that we were ready. `photos`: of the result, public by the choice of who took them."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="closings")
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    text = models.TextField()
    photos = models.ManyToManyField(Attachment, blank=True, related_name="closings")
    closed_at = models.DateTimeField()
    closed_by = models.ForeignKey(Account, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    closed_by_name = models.CharField(max_length=300, blank=True)
    react_until = models.DateField()
    reopened_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        # The newest closing of a case, on its page and on the citizen's.
        indexes = [models.Index(fields=["case", "-id"], name="closing_case_idx")]

    def __str__(self) -> str:
        return f"closing of case {self.case_id}"


class Reaction(models.Model):
    """A reporter says that they are not satisfied with how it ended; one per closing and reporter, until somebody deals
    with it (wishes.md)."""

    class State(models.TextChoices):
        OPEN = "open", "Te behandelen"
        ANSWERED = "answered", "Beantwoord"
        REOPENED = "reopened", "Melding heropend"

    closing = models.ForeignKey(Closing, on_delete=models.CASCADE, related_name="reactions")
    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="reactions")
    text = models.TextField()
    at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by_name = models.CharField(max_length=300, blank=True)
    answer = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["closing", "report"], name="reaction_once")]
        # "My work": the reactions that wait.
        indexes = [models.Index(fields=["closing"], name="reaction_open_idx", condition=models.Q(state="open"))]

    def __str__(self) -> str:
        return f"reaction {self.pk}"


class StandardText(models.Model):
    """A text that a handler starts from: why not admissible, a question, how it ended (B1.7, B7.1). Placeholders in
    braces. `reason`: of a refusal, or the outcome of a closing."""

    class Use(models.TextChoices):
        ADMISSIBLE = "admissible", "Ontvankelijk"
        INADMISSIBLE = "inadmissible", "Niet ontvankelijk"
        QUESTION = "question", "Vraag aan de melder"
        CLOSING = "closing", "Afsluiten"

    use = models.CharField("waarvoor", max_length=20, choices=Use.choices)
    reason = models.CharField("reden", max_length=30, blank=True)
    title = models.CharField("titel", max_length=120)
    body = models.TextField("tekst")
    category = models.ForeignKey(Category, null=True, blank=True, on_delete=models.CASCADE, verbose_name="categorie")
    active = models.BooleanField("actief", default=True)

    class Meta:
        ordering = ["use", "title"]

    def __str__(self) -> str:
        return self.title


class SavedView(models.Model):
    """A filter of the list of cases under a name; `shared` with colleagues or one's own."""

    owner = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="saved_views")
    name = models.CharField("naam", max_length=80)
    query = models.CharField(max_length=1000)  # the address bar's query string
    shared = models.BooleanField("gedeeld met collega's", default=False)
    departments = ArrayField(models.CharField(max_length=60), default=list, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="view_name_once")]

    def __str__(self) -> str:
        return self.name
