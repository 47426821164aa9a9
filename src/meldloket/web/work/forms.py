"""The forms of a task."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms

from meldloket.actions.models import Task
from meldloket.actions.workload import workers_of
from meldloket.catalogue.models import OtherSystem
from meldloket.web.citizen.forms import TidyField
from meldloket.web.office.action_forms import choice
from meldloket.web.office.advice_forms import day_input
from meldloket.web.office.work_forms import departments


class WorkForm(forms.Form):
    """What a worker fills in, on the way or at the end. `key` and `at` are the phone's: sent twice is written once."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    at = forms.DateTimeField(widget=forms.HiddenInput, required=False)
    text = TidyField(
        lines=True,
        max_length=4000,
        required=False,
        label="Wat hebt u gedaan, of waarom kan het niet?",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    minutes = forms.IntegerField(
        label="Gewerkte minuten",
        required=False,
        min_value=0,
        max_value=6000,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={"invalid": "Vul een aantal minuten in, zoals 90."},
    )
    materials = TidyField(
        lines=True, max_length=1000, required=False, label="Gebruikt materiaal", widget=forms.Textarea(attrs={"rows": 2})
    )
    ticked = forms.MultipleChoiceField(label="Controlelijst", required=False, widget=forms.CheckboxSelectMultiple)
    moment = forms.ChoiceField(
        label="De foto’s zijn van",
        choices=(("before", "voor het werk"), ("after", "na het werk")),
        initial="after",
        required=False,
        widget=forms.RadioSelect,
    )
    public = forms.BooleanField(label="De melder mag deze foto’s zien", required=False)

    def __init__(self, *args: Any, task: Task, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].initial = uuid.uuid4()
        if task.checklist:
            choice(self, "ticked").choices = [(str(place), row["text"]) for place, row in enumerate(task.checklist)]
            self.fields["ticked"].initial = [str(place) for place, row in enumerate(task.checklist) if row["done"]]
        else:
            del self.fields["ticked"]


class DivideForm(forms.Form):
    """To whom, by when."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    department = forms.ChoiceField(label="Dienst")
    assignee = forms.ChoiceField(label="Wie", required=False)
    due = forms.DateField(label="Tegen wanneer", required=False, widget=day_input())
    minutes = forms.IntegerField(label="Geschatte tijd (minuten)", min_value=5, max_value=10000)

    def __init__(self, *args: Any, task: Task, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(row.pk): row for row in workers_of(task.department.code)}
        if task.assignee is not None:
            self.people.setdefault(str(task.assignee.pk), task.assignee)
        choice(self, "department").choices = departments()
        choice(self, "assignee").choices = [
            ("", "Niemand: in de lijst van de dienst"),
            *[(key, row.full_name) for key, row in self.people.items()],
        ]
        self.initial = {
            "version": task.version,
            "department": task.department.code,
            "assignee": str(task.assignee_id or ""),
            "due": task.due,
            "minutes": task.planned_minutes,
        }


class SubtaskForm(forms.Form):
    title = TidyField(max_length=150, label="Deeltaak")


class AlsoForm(forms.Form):
    reference = TidyField(
        max_length=20,
        label="Nummer van een andere melding",
        help_text="Eén ronde voor meer meldingen: klaar is klaar voor alle.",
    )


class WhyForm(forms.Form):
    why = TidyField(max_length=300, label="Waarom?")


class ReferForm(forms.Form):
    system = forms.ChoiceField(label="Aan welk systeem")

    def __init__(self, *args: Any, task: Task, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = OtherSystem.objects.filter(active=True).prefetch_related("departments")
        self.systems = {
            row.code: row
            for row in rows
            if not row.departments.all() or task.department_id in [one.pk for one in row.departments.all()]
        }
        choice(self, "system").choices = [(code, row.name) for code, row in self.systems.items()]
