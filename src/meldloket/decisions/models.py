"""What is put before college or council, what the minutes package made of it, and the decision that came back."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import models

from meldloket.actions.models import Action
from meldloket.cases.models import Attachment, Case
from meldloket.catalogue.models import Category


class Body(models.TextChoices):
    """Who decides."""

    COLLEGE = "college", "College van burgemeester en schepenen"
    COUNCIL = "council", "Gemeenteraad"

    @property
    def in_words(self) -> str:
        """As in a sentence: "het college van burgemeester en schepenen"."""
        return f"{'het' if self == Body.COLLEGE else 'de'} {self.label.lower()}"


class CompetenceRule(models.Model):
    """Who is competent, by category and amount; the first rule that fits wins."""

    order = models.PositiveSmallIntegerField("volgorde", default=100)
    category = models.ForeignKey(
        Category, null=True, blank=True, on_delete=models.CASCADE, verbose_name="enkel voor categorie"
    )
    from_cost = models.DecimalField("vanaf (euro)", max_digits=10, decimal_places=2, null=True, blank=True)
    body = models.CharField("wie beslist", max_length=10, choices=Body.choices, default=Body.COLLEGE)
    competence = models.TextField("bevoegdheid")
    active = models.BooleanField("actief", default=True)

    class Meta:
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return f"{self.order} {self.get_body_display()}"


class ProposalTemplate(models.Model):
    """How a proposal begins. `articles`: one a line; {placeholders} are those of `drafting.SAMPLE`."""

    category = models.ForeignKey(
        Category, null=True, blank=True, on_delete=models.CASCADE, verbose_name="enkel voor categorie"
    )
    title = models.CharField("titel", max_length=250)
    legal_ground = models.TextField("juridische grond", blank=True)
    facts = models.TextField("feiten en motivering")
    articles: models.JSONField[list[str]] = models.JSONField("artikels", default=list)
    financial_note = models.TextField("financiële gevolgen", blank=True)
    active = models.BooleanField("actief", default=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.title


class Meeting(models.Model):
    """A meeting of a body, with the moment at which its agenda closes. `uid`: its name in the calendar it came from."""

    body = models.CharField("bestuur", max_length=10, choices=Body.choices)
    held_on = models.DateField("datum")
    closes_at = models.DateTimeField("agenda sluit op")
    cancelled = models.BooleanField("geannuleerd", default=False)
    uid = models.CharField(max_length=255, blank=True)

    class Meta:
        ordering = ["held_on"]
        constraints = [models.UniqueConstraint(fields=["body", "held_on"], name="meeting_once")]

    def __str__(self) -> str:
        return f"{self.body} {self.held_on}"


class Proposal(models.Model):
    """A draft decision about one case (B5.1, B5.2). `version` rises with every change; what was handed over is kept as a
    ProposalVersion. `package`: the API client whose minutes package has it, and who alone may answer."""

    class State(models.TextChoices):
        DRAFT = "draft", "Ontwerp"
        SENDING = "sending", "Wordt overgemaakt"
        RETURNED = "returned", "Teruggekregen"
        CONCEPT = "concept", "Bij het secretariaat"
        SCHEDULED = "scheduled", "Op de agenda"
        ADJOURNED = "adjourned", "Uitgesteld"
        TREATED = "treated", "Behandeld"
        DECIDED = "decided", "Beslist"
        WITHDRAWN = "withdrawn", "Ingetrokken"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="proposals")
    actions = models.ManyToManyField(Action, related_name="proposals")
    body = models.CharField(max_length=10, choices=Body.choices, default=Body.COLLEGE)
    title = models.CharField(max_length=250)
    competence = models.TextField(blank=True)
    legal_ground = models.TextField(blank=True)
    facts = models.TextField(blank=True)
    advices = models.TextField(blank=True)
    articles: models.JSONField[list[str]] = models.JSONField(default=list)
    financial_note = models.TextField(blank=True)
    alderman = models.CharField(max_length=150, blank=True)
    meeting = models.ForeignKey(Meeting, null=True, blank=True, on_delete=models.SET_NULL, related_name="proposals")
    planned_public = models.BooleanField(default=True)
    urgent = models.BooleanField(default=False)
    names_reporter = models.BooleanField(default=False)
    attachments = models.ManyToManyField(Attachment, related_name="proposals", blank=True)
    citizen_text = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    version = models.PositiveIntegerField(default=1)
    package = models.SlugField(max_length=60, blank=True)
    external_reference = models.CharField(max_length=120, blank=True)
    external_uri = models.URLField(max_length=500, blank=True)
    scheduled_on = models.DateField(null=True, blank=True)
    agenda_at = models.DateTimeField(null=True, blank=True)  # of the last thing said about the agenda; older is too late
    problem = models.TextField(blank=True)
    refused_call = models.TextField(blank=True)  # what was wrong with the last call that we could not take
    refused_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True, blank=True)
    added_by_name = models.CharField(max_length=300, blank=True)
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        indexes = [
            # The secretariat's page: what is under way.
            models.Index(fields=["state", "-id"], name="proposal_state_idx"),
            # The secretariat's page: calls that somebody must look at.
            models.Index(fields=["-refused_at"], name="proposal_refused_idx", condition=~models.Q(refused_call="")),
            # The worker: what must be handed over.
            models.Index(fields=["next_attempt_at"], name="proposal_due_idx", condition=models.Q(state="sending")),
        ]

    def __str__(self) -> str:
        return f"proposal {self.pk}"

    @property
    def ended(self) -> bool:
        return self.state in (Proposal.State.DECIDED, Proposal.State.WITHDRAWN)


class ProposalVersion(models.Model):
    """What was handed over, as it was then."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    content: models.JSONField[dict[str, Any]] = models.JSONField()
    handed_at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["proposal", "number"], name="proposal_version_once")]

    def __str__(self) -> str:
        return f"version {self.number} of proposal {self.proposal_id}"


class Decision(models.Model):
    """A decision as the minutes package handed it back (B6.2). `applied_at`: when the case followed it and the citizen was
    told; empty while its signatures are not right. `digest`: of the whole call, by which a repeat is known. `session`: who
    was there and when, as far as the minutes package said (receiving.Session)."""

    class Outcome(models.TextChoices):
        APPROVED = "goedgekeurd", "Goedgekeurd"
        PARTLY = "gedeeltelijk_goedgekeurd", "Gedeeltelijk goedgekeurd"
        REJECTED = "niet_goedgekeurd", "Niet goedgekeurd"

    proposal = models.OneToOneField(Proposal, on_delete=models.CASCADE, related_name="decision")
    outcome = models.CharField(max_length=30, choices=Outcome.choices)
    title = models.CharField(max_length=250, blank=True)
    number = models.CharField(max_length=120)
    uri = models.CharField(max_length=500, blank=True)
    decided_on = models.DateField()
    in_force_on = models.DateField(null=True, blank=True)
    session: models.JSONField[dict[str, Any]] = models.JSONField(default=dict)
    motivation = models.TextField(blank=True)
    articles: models.JSONField[list[dict[str, str]]] = models.JSONField(default=list)
    vote: models.JSONField[dict[str, Any]] = models.JSONField(default=dict)
    signatories: models.JSONField[list[dict[str, str]]] = models.JSONField(default=list)
    document = models.FileField(upload_to="decisions/%Y/%m/", max_length=200, blank=True)
    signatures_valid = models.BooleanField(default=False)
    signature_problem = models.TextField(blank=True)
    digest = models.CharField(max_length=64)
    public_url = models.URLField(max_length=500, blank=True)  # where the minutes package itself published it
    public_on = models.DateField(null=True, blank=True)
    received_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"decision on proposal {self.proposal_id}"


class Publication(models.Model):
    """A decision on its way to the public, or there (B6.5). Nothing is public before somebody looked for personal data
    (`checked_at`); what is public is the copy in `title`, `motivation` and `articles`, never the decision itself.
    `due_on`: the day on which it goes by itself, empty when only a person lets it go."""

    class State(models.TextChoices):
        WAITING = "waiting", "Nog niet gepubliceerd"
        PUBLIC = "public", "Gepubliceerd"
        WITHDRAWN = "withdrawn", "Ingetrokken"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    decision = models.OneToOneField(Decision, on_delete=models.CASCADE, related_name="publication")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    title = models.CharField(max_length=250)
    description = models.CharField(max_length=500)
    motivation = models.TextField()
    articles: models.JSONField[list[dict[str, str]]] = models.JSONField(default=list)
    with_document = models.BooleanField(default=True)
    due_on = models.DateField(null=True, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    checked_by_name = models.CharField(max_length=300, blank=True)
    published_on = models.DateField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_why = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = [
            # The public list of a month, and the feed.
            models.Index(
                fields=["-published_on", "-id"], name="publication_list_idx", condition=~models.Q(state="waiting")
            ),
            # The job that publishes what is due, and the secretariat's list of what waits.
            models.Index(fields=["due_on", "id"], name="publication_due_idx", condition=models.Q(state="waiting")),
        ]

    def __str__(self) -> str:
        return f"publication {self.public_id}"


class PublicationVersion(models.Model):
    """What was public before a correction. The public sees when and why; the text itself stays with the staff, since it may
    have been corrected for what it gave away."""

    publication = models.ForeignKey(Publication, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    content: models.JSONField[dict[str, Any]] = models.JSONField()
    corrected_at = models.DateTimeField()
    corrected_by_name = models.CharField(max_length=300)
    why = models.CharField(max_length=500)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["publication", "number"], name="publication_version_once")]

    def __str__(self) -> str:
        return f"version {self.number} of publication {self.publication_id}"
