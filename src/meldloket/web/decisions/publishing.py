"""The secretariat looks a decision over and makes it public, corrects it, or takes it off the website (B6.5)."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from meldloket.cases import clock
from meldloket.cases.lifecycle import NotAllowed
from meldloket.decisions import publishing
from meldloket.decisions.models import Publication
from meldloket.decisions.publishing import Words
from meldloket.web.citizen.forms import TidyField
from meldloket.web.pages import actor_of, page

_NUMBERED = re.compile(r"^\s*(?:artikel\s+)?([0-9]{1,3}(?:[a-z]|bis|ter)?)[.:)]\s+(.*)$", re.IGNORECASE)


def _area(label: str, rows: int, **more: Any) -> TidyField:
    return TidyField(lines=True, max_length=50_000, label=label, widget=forms.Textarea(attrs={"rows": rows}), **more)


class PublicationForm(forms.Form):
    """The words that go public. The signed document is never changed: it goes along or stays inside."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    title = TidyField(max_length=250, label="Titel", widget=forms.Textarea(attrs={"rows": 3}))
    description = TidyField(max_length=500, label="Korte beschrijving", widget=forms.Textarea(attrs={"rows": 3}))
    motivation = _area("Feiten en motivering", 8)
    articles = _area("Artikels", 6, required=False, help_text="Eén artikel per regel, met het nummer vooraan: “1. Tekst”.")
    with_document = forms.BooleanField(required=False, label="Het ondertekende document (pdf) staat erbij")
    why = TidyField(max_length=500, label="Waarom verbetert u dit? Iedereen kan dit lezen.")
    checked = forms.BooleanField(
        label="Ik heb de tekst en het document nagelezen: er staan geen persoonsgegevens in die er niet in horen",
        error_messages={"required": "Lees de tekst en het document na, en vink dit aan."},
    )

    def __init__(self, *args: Any, correcting: bool, has_document: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not correcting:
            del self.fields["why"]
        if not has_document:
            del self.fields["with_document"]
        self.fields["articles"].says_optional = False  # type: ignore[attr-defined]

    def clean_articles(self) -> tuple[tuple[str, str], ...]:
        """The articles; a line without a number goes on with the one before."""
        found: list[tuple[str, str]] = []
        for line in self.cleaned_data["articles"].splitlines():
            match = _NUMBERED.match(line)
            if match:
                found.append((match[1], match[2].strip()))
            elif line.strip() and found:
                found[-1] = (found[-1][0], f"{found[-1][1]}\n{line.strip()}")
            elif line.strip():
                raise forms.ValidationError("Zet het nummer vooraan, bijvoorbeeld “1. Het college keurt goed.”")
        return tuple(found)

    def words(self) -> Words:
        data = self.cleaned_data
        return Words(
            title=data["title"],
            description=data["description"],
            motivation=data["motivation"],
            articles=data["articles"],
            with_document=data.get("with_document", False),
        )


class WhyForm(forms.Form):
    why = TidyField(
        max_length=500,
        label="Waarom trekt u het in? Iedereen kan dit lezen.",
        error_messages={"required": "Zeg waarom."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = "id_withdraw_%s"  # the other form on the page also asks why


def _find(public_id: UUID) -> Publication:
    rows = Publication.objects.select_related("decision__proposal__case").prefetch_related("versions")
    return get_object_or_404(rows, public_id=public_id)


def _form(found: Publication, data: Any = None) -> PublicationForm:
    words = publishing.words_of(found)
    initial = {
        "version": found.version,
        "title": words.title,
        "description": words.description,
        "motivation": words.motivation,
        "articles": "\n".join(f"{number}. {text}" for number, text in words.articles),
        "with_document": words.with_document,
    }
    correcting = found.state == Publication.State.PUBLIC
    return PublicationForm(data, initial=initial, correcting=correcting, has_document=bool(found.decision.document))


@page("decision.publish")
def publication(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What the check found, the words as they will be public, and the ways on: on its day, now, or better."""
    found = _find(public_id)
    form = _form(found, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            said = _keep(request, found, form)
        except NotAllowed as refused:
            form.add_error(None, refused.reason)
        else:
            messages.success(request, said)
            return redirect("publication", public_id=found.public_id)
    return _show(request, found, form)


def _keep(request: HttpRequest, found: Publication, form: PublicationForm) -> str:
    """Does what was asked; gives what to say."""
    if found.state == Publication.State.PUBLIC:
        version, why = form.cleaned_data["version"], form.cleaned_data["why"]
        publishing.correct(found, form.words(), by=actor_of(request), why=why, seen_version=version)
        return "De verbetering staat online, met uw reden erbij."
    at_once = request.POST.get("wanneer") == "nu"
    kept = publishing.confirm(found, form.words(), by=actor_of(request), at_once=at_once)
    if kept.state == Publication.State.PUBLIC:
        return "Het besluit staat online. De melder krijgt bericht."
    return f"In orde. Het besluit komt online op {kept.due_on:%d/%m/%Y}."


def _show(request: HttpRequest, found: Publication, form: PublicationForm, **used: Any) -> HttpResponse:
    words = form.words() if form.is_bound and form.is_valid() else publishing.words_of(found)
    failed = bool(form.errors) or any(one.errors for one in used.values())
    context = {
        "row": found,
        "decision": found.decision,
        "proposal": found.decision.proposal,
        "form": form,
        "why_form": WhyForm(),
        "check": publishing.check(found, words),
        "address": publishing.address(found),
        "today": clock.today(),
        **used,
    }
    return render(request, "decisions/publication.html", context, status=422 if failed else 200)


@page("decision.publish", methods=("POST",))
def withdraw(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Takes it off the website; its address says so."""
    found = _find(public_id)
    form = WhyForm(request.POST)
    if form.is_valid():
        try:
            publishing.withdraw(found, by=actor_of(request), why=form.cleaned_data["why"])
        except NotAllowed as refused:
            form.add_error(None, refused.reason)
        else:
            messages.success(request, "Het besluit staat niet meer online. Het adres zegt dat het ingetrokken is.")
            return redirect("publication", public_id=found.public_id)
    return _show(request, found, _form(found), why_form=form)
