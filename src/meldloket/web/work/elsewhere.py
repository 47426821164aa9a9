"""What partners open who have no account: the page on which they answer a referred task, and the photos they were sent."""

from __future__ import annotations

import uuid

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from meldloket.actions import referring
from meldloket.actions.ports import Told, Update
from meldloket.cases import clock
from meldloket.web.citizen.files import respond
from meldloket.web.citizen.forms import TidyField
from meldloket.web.pages import page


class ReplyForm(forms.Form):
    """How it stands."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    told = forms.ChoiceField(
        label="Hoe staat het ermee?",
        choices=(
            (Told.RECEIVED, "Wij doen het"),
            (Told.IN_PROGRESS, "Wij zijn bezig"),
            (Told.DONE, "Het is klaar"),
            (Told.REFUSED, "Dit is niet voor ons"),
            (Told.NOTE, "Enkel een opmerking"),
        ),
        widget=forms.RadioSelect,
        error_messages={"required": "Kies hoe het ermee staat."},
    )
    text = TidyField(
        lines=True, max_length=2000, required=False, label="Toelichting", widget=forms.Textarea(attrs={"rows": 4})
    )

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        if not text and self.data.get("told") in (Told.REFUSED, Told.NOTE):
            raise forms.ValidationError("Schrijf waarom, of wat u wil zeggen.")
        return text


@page("public")
def reply(request: HttpRequest, token: str) -> HttpResponse:
    """A partner with nothing but e-mail answers here; each answer counts once."""
    referral = referring.by_token(token)
    if referral is None:
        raise Http404
    form = ReplyForm(request.POST or None, initial={"key": uuid.uuid4()})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        told = Told(data["told"])
        label = dict(form.fields["told"].choices)[told]  # type: ignore[attr-defined]
        referring.receive(
            referral, Update(key=str(data["key"]), told=told, at=clock.now(), status=label, text=data["text"])
        )
        messages.success(request, "Bedankt, de gemeente leest uw antwoord.")
        return redirect("referral-reply", token=token)
    context = {
        "referral": referral,
        "order": referring.order_of(referral),
        "form": form,
        "open": referral.state in referring.OPEN,
        "token": token,
    }
    return render(request, "work/reply.html", context, status=422 if form.errors else 200)


@page("public", methods=("GET",))
def photo(request: HttpRequest, token: str) -> HttpResponseBase:
    """A photo for whoever holds its link, while the referral is open."""
    found = referring.photo_by_token(token)
    if found is None:
        raise Http404
    return respond(found)
