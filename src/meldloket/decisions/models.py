"""What is put before college or council, what the minutes package made of it, and the decision that came back."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import models

from meldloket.actions.models import Action
from meldloket.cases.models import Case
from meldloket.catalogue.models import Category


class Body(models.TextChoices):
    """Who decides."""

    COLLEGE = "college", "College van burgemeester en schepenen"
    COUNCIL = "council", "Gemeenteraad"


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
    """A meeting of a body, with the moment at which its agenda closes."""

    body = models.CharField("bestuur", max_length=10, choices=Body.choices)
    held_on = models.DateField("datum")
    closes_at = models.DateTimeField("agenda sluit op")
    cancelled = models.BooleanField("geannuleerd", default=False)

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
    citizen_text = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    version = models.PositiveIntegerField(default=1)
    package = models.SlugField(max_length=60, blank=True)
    external_reference = models.CharField(max_length=120, blank=True)
    external_uri = models.URLField(max_length=500, blank=True)
    scheduled_on = models.DateField(null=True, blank=True)
    problem = models.TextField(blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True, blank=True)
    added_by_name = models.CharField(max_length=300, blank=True)
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        indexes = [
            # The secretariat's page: what is under way.
            models.Index(fields=["state", "-id"], name="proposal_state_idx"),
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
    told; empty while its signatures are not right. `digest`: of the whole call, by which a repeat is known."""

    class Outcome(models.TextChoices):
        APPROVED = "goedgekeurd", "Goedgekeurd"
        PARTLY = "gedeeltelijk_goedgekeurd", "Gedeeltelijk goedgekeurd"
        REJECTED = "niet_goedgekeurd", "Niet goedgekeurd"

    proposal = models.OneToOneField(Proposal, on_delete=models.CASCADE, related_name="decision")
    outcome = models.CharField(max_length=30, choices=Outcome.choices)
    number = models.CharField(max_length=120)
    uri = models.CharField(max_length=500, blank=True)
    decided_on = models.DateField()
    motivation = models.TextField(blank=True)
    articles: models.JSONField[list[dict[str, str]]] = models.JSONField(default=list)
    vote: models.JSONField[dict[str, Any]] = models.JSONField(default=dict)
    signatories: models.JSONField[list[dict[str, str]]] = models.JSONField(default=list)
    document = models.FileField(upload_to="decisions/%Y/%m/", max_length=200, blank=True)
    signatures_valid = models.BooleanField(default=False)
    signature_problem = models.TextField(blank=True)
    digest = models.CharField(max_length=64)
    received_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"decision on proposal {self.proposal_id}"
