"""Administration: lists and forms of what a municipality configures (manage_kinds), and trying it out."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db import models
from django.db.models import ProtectedError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from meldloket.catalogue import current
from meldloket.intake.text import tidy
from meldloket.messages import planning
from meldloket.messages.models import MessageTemplate
from meldloket.messages.templates import TemplateProblem, check_template
from meldloket.people.models import Account
from meldloket.people.roles import Role
from meldloket.screening.commands import screen_report
from meldloket.web.pages import page

from .action_forms import choice
from .manage_kinds import KINDS, TEMPLATE_WORDS, Kind

SEARCHABLE = 20  # rows from which a list gets a search field
BY_SLUG = {kind.slug: kind for kind in KINDS}


def _kind(slug: str) -> Kind:
    if slug not in BY_SLUG:
        raise Http404
    return BY_SLUG[slug]


def _rows(kind: Kind) -> models.QuerySet[Any]:
    rows = kind.model._default_manager.all()
    related = [name for name in kind.shown if isinstance(_field(kind, name), models.ForeignKey)]
    if kind.model is Account:
        rows = rows.filter(is_staff_account=True).order_by("first_name", "last_name")
    return rows.select_related(*related) if related else rows


def _field(kind: Kind, name: str) -> Any:
    return next((field for field in kind.model._meta.get_fields() if field.name == name), None)


@page("catalogue.edit", methods=("GET",))
def index(request: HttpRequest) -> HttpResponse:
    """What can be administered."""
    return render(request, "office/manage/index.html", {"kinds": KINDS})


@page("catalogue.edit", methods=("GET",))
def rows(request: HttpRequest, kind: str) -> HttpResponse:
    """The rows of one kind."""
    wanted = _kind(kind)
    columns = [_label(wanted, name) for name in wanted.shown]
    everything = [{"row": row, "cells": [_cell(row, name) for name in wanted.shown]} for row in _rows(wanted)[:1000]]
    words = tidy(request.GET.get("zoek", "")[:100], lines=False).casefold().split()
    found = [item for item in everything if all(word in " ".join(item["cells"]).casefold() for word in words)]
    context = {
        "kind": wanted,
        "columns": columns,
        "rows": found,
        "asked": " ".join(words),
        "searchable": len(everything) > 20,
    }
    return render(request, "office/manage/list.html", context)


def _label(kind: Kind, name: str) -> str:
    field = _field(kind, name)
    return str(field.verbose_name) if field is not None else {"full_name": "naam"}.get(name, name)


def _cell(row: Any, name: str) -> str:
    show = getattr(row, f"get_{name}_display", None)
    value = show() if show else getattr(row, name)
    if isinstance(row, MessageTemplate):
        value = TEMPLATE_WORDS.get(name, {}).get(value, value)
    if isinstance(value, Account):
        value = value.full_name
    if isinstance(value, bool):
        return "ja" if value else "nee"
    return ", ".join(value) if isinstance(value, list) else str(value) if value is not None else ""


class Lines(forms.CharField):
    """A list of short texts, one a line."""

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        return [line.strip()[:150] for line in (super().clean(value) or "").splitlines() if line.strip()]


def _form(kind: Kind, row: Any, data: Any) -> forms.ModelForm:
    """The form of one row, with the checks that its kind needs."""

    class RowForm(forms.ModelForm):
        class Meta:
            model = kind.model
            fields = kind.fields

        def clean(self) -> dict[str, Any]:
            cleaned = {
                name: tidy(value) if isinstance(value, str) else value for name, value in (super().clean() or {}).items()
            }
            if kind.model is MessageTemplate and not self.errors:
                try:
                    check_template(cleaned["event"], cleaned["channel"], cleaned["subject"], cleaned["body"])
                except TemplateProblem as problem:
                    raise forms.ValidationError(problem.reasons) from None
            return cleaned

    form = RowForm(data, instance=row)
    if kind.model is MessageTemplate:
        for name, words in TEMPLATE_WORDS.items():
            label = _label(kind, name).capitalize()
            form.fields[name] = forms.ChoiceField(choices=list(words.items()), label=label, initial=form.initial.get(name))
    if "handler" in form.fields:
        handlers = Account.objects.filter(is_staff_account=True, roles__contains=[Role.HANDLER])
        chooser = forms.ModelChoiceField(handlers, required=False, label="naar behandelaar")
        chooser.label_from_instance = lambda account: account.full_name  # type: ignore[assignment,method-assign]
        form.fields["handler"] = chooser
    if "account" in form.fields:
        people = Account.objects.filter(is_staff_account=True).order_by("first_name", "last_name")
        person = forms.ModelChoiceField(people, label="medewerker")
        person.label_from_instance = lambda account: account.full_name  # type: ignore[assignment,method-assign]
        form.fields["account"] = person
    if "tasks" in form.fields:
        form.fields["tasks"] = Lines(required=False, label="taken, één per regel", widget=forms.Textarea(attrs={"rows": 4}))
    if "articles" in form.fields:
        form.fields["articles"] = Lines(
            required=False, label="artikels, één per regel", widget=forms.Textarea(attrs={"rows": 5})
        )
    for field in form.fields.values():
        if isinstance(field, forms.DateTimeField):
            field.widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        elif isinstance(field, forms.DateField):
            field.widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    if kind.model is Account:
        choices = [(row.code, row.name) for row in current.catalogue().departments]
        form.fields["departments"] = forms.MultipleChoiceField(
            choices=choices, required=False, label="diensten", widget=forms.CheckboxSelectMultiple
        )
        form.fields["absent_until"].label = "afwezig tot en met"
    return form


@page("catalogue.edit")
def edit(request: HttpRequest, kind: str, row_id: int | None = None) -> HttpResponse:
    """Adds or changes one row."""
    wanted = _kind(kind)
    if row_id is None and wanted.fixed:
        raise Http404
    row = get_object_or_404(_rows(wanted), pk=row_id) if row_id else None
    form = _form(wanted, row, request.POST or None)
    if request.method == "POST" and form.is_valid():
        form.save()
        current.forget()
        planning.forget_templates()
        messages.success(request, "Bewaard.")
        return redirect("manage-list", kind=kind)
    context = {"kind": wanted, "row": row, "form": form}
    return render(request, "office/manage/edit.html", context, status=422 if form.errors else 200)


@page("catalogue.edit", methods=("POST",))
def delete(request: HttpRequest, kind: str, row_id: int) -> HttpResponse:
    """Removes a row that nothing refers to; what is in use is switched off instead."""
    wanted = _kind(kind)
    if wanted.fixed:
        raise Http404
    row = get_object_or_404(_rows(wanted), pk=row_id)
    try:
        row.delete()
        messages.success(request, "Verwijderd.")
    except ProtectedError:
        messages.error(request, "Dit is in gebruik. Zet het op niet actief in plaats van het te verwijderen.")
    current.forget()
    planning.forget_templates()
    return redirect("manage-list", kind=kind)


@page("catalogue.edit")
def template_preview(request: HttpRequest, template_id: int) -> HttpResponse:
    """What a citizen would read, with made-up values; of what is in the form when it was sent, else of what is kept."""
    row = get_object_or_404(MessageTemplate, pk=template_id)
    subject = request.POST.get("subject", row.subject)
    body = request.POST.get("body", row.body)
    shown = planning.sample(row.event, row.channel, row.language, subject, body)
    return render(request, "office/fragments/previews.html", {"previews": [shown]})


class TryForm(forms.Form):
    """A text to send through screening and routing without keeping anything."""

    text = forms.CharField(max_length=5000, widget=forms.Textarea(attrs={"rows": 4}), label="Tekst van een melding")
    area = forms.ChoiceField(required=False, label="Wijk")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice(self, "area").choices = [("", "Onbekend"), *[(str(row.pk), row.name) for row in current.catalogue().areas]]


@page("catalogue.edit")
def try_routing(request: HttpRequest) -> HttpResponse:
    """The test screen: which category, which rule, which department and handler, and why (wishes.md)."""
    form = TryForm(request.POST or None)
    result = None
    if request.method == "POST" and form.is_valid():
        area = form.cleaned_data["area"]
        result = screen_report(form.cleaned_data["text"], area_id=int(area) if area.isdigit() else None)
    return render(request, "office/manage/try.html", {"form": form, "result": result})
