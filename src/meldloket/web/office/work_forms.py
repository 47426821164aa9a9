"""The forms with which a handler determines actions, makes tasks and passes cases on."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Q

from meldloket.actions.commands import Plan, plan_from, proposal_text
from meldloket.actions.models import Action, ActionTemplate
from meldloket.catalogue.current import catalogue
from meldloket.web.citizen.forms import TidyField

from .action_forms import ActionForm, choice
from .advice_forms import day_input


def departments() -> list[tuple[str, str]]:
    return [(row.code, row.name) for row in catalogue().departments if row.active]


class PlanForm(ActionForm):
    """What an action is."""

    title = TidyField(max_length=150, label="Wat gaan wij doen?", required=False)
    description = TidyField(
        lines=True, max_length=3000, required=False, label="Omschrijving", widget=forms.Textarea(attrs={"rows": 3})
    )
    department = forms.ChoiceField(label="Welke dienst")
    why = TidyField(
        lines=True, max_length=2000, required=False, label="Waarom (intern)", widget=forms.Textarea(attrs={"rows": 2})
    )
    cost = forms.DecimalField(
        label="Geschatte kost (euro)",
        required=False,
        min_value=Decimal(0),
        max_digits=10,
        decimal_places=2,
        localize=True,
        error_messages={"invalid": "Vul een bedrag in zoals 1250,50."},
    )
    due = forms.DateField(label="Gepland tegen", required=False, widget=day_input())
    tasks = TidyField(
        lines=True,
        max_length=3000,
        required=False,
        label="Taken, één per regel, in volgorde",
        help_text="Leeg: één taak voor de hele actie.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    public = forms.BooleanField(label="De melder leest deze actie", required=False, initial=True)
    needs_decision = forms.BooleanField(label="Vraagt een besluit van college of raad", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice(self, "department").choices = departments()
        if self.case.department:
            self.fields["department"].initial = self.case.department.code

    def plan(self) -> Plan:
        """The plan as filled in."""
        data = self.cleaned_data
        department = next(row for row in catalogue().departments if row.code == data["department"])
        return Plan(
            title=data["title"],
            department=department,
            description=data["description"],
            why=data["why"],
            cost=data["cost"],
            due=data["due"],
            public=data["public"],
            needs_decision=data["needs_decision"],
            tasks=tuple(data["tasks"].splitlines()),
        )


class AddActionForm(PlanForm):
    """A new action, from a template or freely. What is filled in beside a template goes before it."""

    template = forms.ChoiceField(label="Begin van een sjabloon", required=False)
    field_order = ("version", "template", "title")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = ActionTemplate.objects.filter(Q(category=None) | Q(category=self.case.category_id), active=True)
        self.templates = {str(row.pk): row for row in rows.select_related("department")}
        choice(self, "template").choices = [
            ("", "Geen: ik schrijf het zelf"),
            *[(key, row.title) for key, row in self.templates.items()],
        ]
        self.fields["template"].help_text = "Wat u hieronder leeg laat, komt van het sjabloon."

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not data.get("template") and not data.get("title"):
            self.add_error("title", "Zeg wat er moet gebeuren, of kies een sjabloon.")
        return data

    def plan(self) -> Plan:
        written = super().plan()
        template = self.templates.get(self.cleaned_data["template"])
        if template is None:
            return written
        base = plan_from(template, self.case)
        return Plan(
            title=written.title or base.title,
            department=template.department or written.department,
            description=written.description or base.description,
            why=written.why,
            cost=base.cost if written.cost is None else written.cost,
            due=written.due or base.due,
            public=written.public,
            needs_decision=written.needs_decision or base.needs_decision,
            tasks=written.tasks or base.tasks,
        )


class ChangeActionForm(PlanForm):
    """An action in preparation, as it stands."""

    action = forms.ChoiceField(label="Welke actie")
    field_order = ("version", "action", "title")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["title"].required = True
        rows = self.case.actions.filter(state=Action.State.DRAFT).select_related("department", "case")
        self.actions = {str(row.pk): row for row in rows}
        choice(self, "action").choices = [(key, row.title) for key, row in self.actions.items()]
        wanted = self.actions.get(self.query.get("actie", ""))
        if wanted is not None:
            self.initial = {
                "action": str(wanted.pk),
                "title": wanted.title,
                "description": wanted.description,
                "department": wanted.department.code,
                "why": wanted.why,
                "cost": wanted.cost,
                "due": wanted.due,
                "public": wanted.public,
                "needs_decision": wanted.needs_decision,
                "tasks": "\n".join(wanted.planned_tasks),
            }


class DropActionForm(ActionForm):
    action = forms.ChoiceField(label="Welke actie")
    why = TidyField(required=False, max_length=500, label="Waarom?")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = self.case.actions.filter(state__in=LIVE).select_related("case")
        self.actions = {str(row.pk): row for row in rows}
        choice(self, "action").choices = [(key, row.title) for key, row in self.actions.items()]
        self.fields["action"].initial = self.query.get("actie", "")


#: Actions that can still be given up.
LIVE = (Action.State.DRAFT, Action.State.WAITING, Action.State.RUNNING)


class ProposeForm(ActionForm):
    """The words in which the citizen reads what will be done (B4.5)."""

    text = TidyField(
        lines=True,
        max_length=4000,
        label="Wat de melder leest",
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": "Schrijf in gewone woorden wat er zal gebeuren."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].initial = proposal_text(self.case)


class AddTaskForm(ActionForm):
    title = TidyField(max_length=150, label="Wat moet er gebeuren?")
    description = TidyField(
        lines=True, max_length=3000, required=False, label="Uitleg", widget=forms.Textarea(attrs={"rows": 3})
    )
    department = forms.ChoiceField(label="Welke dienst")
    due = forms.DateField(label="Tegen wanneer", required=False, widget=day_input())
    minutes = forms.IntegerField(label="Geschatte tijd (minuten)", min_value=5, max_value=10000, initial=60)
    checklist = TidyField(
        lines=True,
        max_length=2000,
        required=False,
        label="Controlelijst, één punt per regel",
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice(self, "department").choices = departments()
        if self.case.department:
            self.fields["department"].initial = self.case.department.code


class ReferCaseForm(ActionForm):
    authority = TidyField(max_length=200, label="Aan welke overheid of beheerder")
    text = TidyField(
        lines=True,
        max_length=3000,
        label="Wat de melder leest: waarom, en waar hij of zij het kan opvolgen",
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    how = forms.ChoiceField(
        label="En bij ons?",
        choices=(("close", "Afsluiten als doorgegeven"), ("follow", "Openhouden: wij volgen op")),
        widget=forms.RadioSelect,
        initial="close",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["authority"].initial = self.case.competent_authority
