"""Desk and phone (B1.1): the receptionist registers for somebody, with or without national number, or sends a link."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.validators import validate_email
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from meldloket.cases.models import IntakeChannel, Report
from meldloket.intake import drafts, invitations
from meldloket.intake.text import mobile_number
from meldloket.messages import direct
from meldloket.people import protect
from meldloket.web.citizen.forms import TidyField
from meldloket.web.pages import account_of, page

PURPOSES = (
    "Registratie van een melding op vraag van de burger aan het loket",
    "Registratie van een melding op vraag van de burger aan de telefoon",
)


class DeskForm(forms.Form):
    """For whom, and how they reached us."""

    channel = forms.ChoiceField(
        choices=((IntakeChannel.PHONE, "Telefoon"), (IntakeChannel.DESK, "Loket")),
        label="Hoe nam de burger contact op?",
        widget=forms.RadioSelect,
        initial=IntakeChannel.PHONE,
    )
    number = TidyField(
        required=False,
        max_length=20,
        label="Rijksregisternummer",
        help_text="Niet verplicht. Wij vullen naam en adres in, en de burger volgt de melding in Mijn Burgerprofiel.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )
    purpose = TidyField(required=False, max_length=200, label="Waarvoor zoekt u de gegevens op?")

    def clean_number(self) -> str:
        typed: str = self.cleaned_data["number"]
        if not typed:
            return ""
        number = protect.normalise(typed)
        if number is None:
            raise forms.ValidationError("Dit is geen geldig rijksregisternummer. Kijk de elf cijfers na.")
        return number

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("number") and len(data.get("purpose", "")) < 5:
            self.add_error("purpose", "Schrijf waarvoor u de gegevens opzoekt: dat komt in het inzagelog.")
        return data


@page("desk.register")
def start(request: HttpRequest) -> HttpResponse:
    """Starts a report on behalf of a citizen; the look-up in the register is logged with its purpose."""
    account = account_of(request)
    form = DeskForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and account is not None:
        data = form.cleaned_data
        draft = drafts.start(None, channel=data["channel"], registered_by=account)
        if data["number"]:
            drafts.set_person(draft, data["number"])
            drafts.prefill(draft, actor=account, purpose=data["purpose"])
        return redirect("report-step", draft_id=draft.public_id, slug="wat")
    context = {"form": form, "link_form": LinkForm(), "purposes": PURPOSES, "recent": _recent(account)}
    return render(request, "office/desk.html", context, status=422 if form.errors else 200)


def _recent(account: Any) -> list[Any]:
    """What this receptionist registered lately."""
    return list(Report.objects.filter(registered_by=account).select_related("case").order_by("-id")[:8])


class LinkForm(forms.Form):
    """Where the personal link goes."""

    to = TidyField(max_length=254, label="E-mailadres of gsm-nummer van de burger")
    note = TidyField(
        lines=True,
        required=False,
        max_length=300,
        label="Wat u al weet over de melding (staat al ingevuld)",
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        to = data.get("to", "")
        if "@" in to:
            try:
                validate_email(to)
            except forms.ValidationError:
                self.add_error("to", "Vul een e-mailadres in zoals naam@voorbeeld.be.")
            data["channel"] = "email"
        elif to:
            data["to"], data["channel"] = mobile_number(to) or "", "sms"
            if not data["to"]:
                self.add_error("to", "Vul een e-mailadres of een gsm-nummer in, zoals 0470 12 34 56.")
        return data


@page("desk.register", methods=("POST",))
def send_link(request: HttpRequest) -> HttpResponse:
    """Sends the citizen a personal link to the form, which works for a week."""
    account = account_of(request)
    form = LinkForm(request.POST)
    if form.is_valid() and account is not None:
        data = form.cleaned_data
        _, token = invitations.invite(by=account, channel=data["channel"], note=data["note"])
        problem = direct.send_invitation(data["channel"], data["to"], reverse("report-link") + f"#{token}")
        if problem is None:
            messages.success(request, "De link is verstuurd. Ze werkt zeven dagen.")
            return redirect("desk-start")
        form.add_error("to", problem)
    context = {"form": DeskForm(), "link_form": form, "purposes": PURPOSES, "recent": _recent(account)}
    return render(request, "office/desk.html", context, status=422)
