"""What the screening found for each case, what handlers corrected, and the rules by which reports are routed."""

from __future__ import annotations

from typing import Any

from django.db import models

from meldloket.cases.models import Case
from meldloket.catalogue.models import Area, Category, Department
from meldloket.people.models import Account


class ScreeningResult(models.Model):
    """All proposals for one case with their scores and reasons, as they were at submission (B1.5)."""

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="screening")
    proposals: models.JSONField[dict[str, Any]] = models.JSONField()
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"screening of case {self.case_id}"


class Correction(models.Model):
    """A handler said: this text belongs to that category. The model learns from it; the text goes with the case."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="corrections")
    text = models.TextField()
    proposed = models.CharField(max_length=60, blank=True)
    category = models.CharField(max_length=60)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"correction of case {self.case_id}"


class RoutingRule(models.Model):
    """Where a report goes: the first active rule, in `order`, of which every filled-in condition fits. No rule: the
    category's own department. An administrator edits these."""

    order = models.PositiveSmallIntegerField("volgorde", default=100)
    name = models.CharField("naam", max_length=120)
    category = models.ForeignKey(
        Category, null=True, blank=True, on_delete=models.CASCADE, verbose_name="als de categorie is"
    )
    main_category = models.CharField("als de hoofdcategorie is", max_length=120, blank=True)
    area = models.ForeignKey(Area, null=True, blank=True, on_delete=models.CASCADE, verbose_name="als de plaats ligt in")
    words = models.CharField("als de tekst een van deze woorden bevat", max_length=300, blank=True)
    department = models.ForeignKey(Department, on_delete=models.CASCADE, verbose_name="naar dienst")
    handler = models.ForeignKey(
        Account, null=True, blank=True, on_delete=models.SET_NULL, verbose_name="naar behandelaar", related_name="+"
    )
    active = models.BooleanField("actief", default=True)

    class Meta:
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return self.name
