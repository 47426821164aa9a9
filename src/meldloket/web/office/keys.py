"""Machines that may talk with us: an administrator makes their keys, sees which are used, and switches them off. A secret
is shown once, on the page that makes it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from meldloket.catalogue.models import AdviceService, OtherSystem
from meldloket.people import api_clients
from meldloket.people.models import ApiClient
from meldloket.web.citizen.forms import TidyField
from meldloket.web.pages import page

from .action_forms import choice

OPEN311, ADVICE, SYSTEM, MINUTES = "open311", "advice", "system", "minutes"
USES = (
    (OPEN311, "Meldingen insturen en bijwerken (Open311)"),
    (ADVICE, "Adviesvragen ophalen en beantwoorden (partner met een eigen systeem)"),
    (SYSTEM, "Taken afhandelen (ander systeem)"),
    (MINUTES, "Agenda en besluiten teruggeven (notulenpakket)"),
)
SCOPES = {ADVICE: ("advice",), MINUTES: ("decisions",)}


class KeysField(forms.JSONField):
    """JSON that may stay away: an empty field, not the word null."""

    def prepare_value(self, value: Any) -> Any:
        return "" if value is None else super().prepare_value(value)


class KeyForm(forms.Form):
    """A new machine. Whom it speaks for decides what it can reach."""

    name = TidyField(max_length=120, label="Naam", help_text="Bijvoorbeeld de app of de partner.")
    use = forms.ChoiceField(choices=USES, label="Waarvoor", widget=forms.RadioSelect, initial=OPEN311)
    partner = forms.ChoiceField(
        label="Namens wie", required=False, help_text="Voor adviesvragen een adviesdienst, voor taken een ander systeem."
    )
    webhook_url = forms.URLField(
        label="Webhook voor adviesvragen",
        required=False,
        assume_scheme="https",
        help_text="Waar het systeem van de partner bericht krijgt van een vraag. Leeg: het haalt de vragen zelf op.",
    )
    outbound = forms.CharField(
        label="Geheim waarmee wij ons bewijzen",
        required=False,
        max_length=300,
        widget=forms.PasswordInput(render_value=True),
        help_text="De API-sleutel die het andere systeem ons gaf, of een geheim om te ondertekenen (whsec_…). "
        "Leeg bij een webhook: wij maken er een.",
    )

    jwks = KeysField(
        label="Publieke sleutels (JWKS)",
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
        help_text="Voor een partner die zich met een eigen sleutel bewijst (private_key_jwt). Dan is er geen geheim nodig.",
        error_messages={"invalid": "Dit is geen JSON."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.services = dict(AdviceService.objects.filter(active=True).values_list("code", "name"))
        self.systems = {row.code: row for row in OtherSystem.objects.filter(active=True)}
        choice(self, "partner").choices = [
            ("", "Niemand anders"),
            ("Adviesdiensten", [(f"{ADVICE}:{code}", name) for code, name in self.services.items()]),
            ("Andere systemen", [(f"{SYSTEM}:{code}", row.name) for code, row in self.systems.items()]),
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        use, (kind, _, code) = data.get("use"), data.get("partner", "").partition(":")
        if use in (ADVICE, SYSTEM) and kind != use:
            words = "Kies de adviesdienst." if use == ADVICE else "Kies het andere systeem."
            self.add_error("partner", words)
        if use in (OPEN311, MINUTES) and kind:
            self.add_error("partner", "Zo’n sleutel spreekt voor niemand anders.")
        if data.get("webhook_url") and use != ADVICE:
            self.add_error("webhook_url", "Een webhook is er alleen voor adviesvragen.")
        secret = data.get("outbound", "")
        signs = use == ADVICE or (use == SYSTEM and code in self.systems and self.systems[code].adapter == "webhook")
        if secret and signs and not api_clients.is_signing_secret(secret):
            self.add_error("outbound", "Dit moet whsec_ zijn, gevolgd door minstens 24 bytes in base64.")
        if data.get("jwks"):
            self._check_keys(data["jwks"], use)
        data["code"] = code
        return data

    def _check_keys(self, jwks: Any, use: str | None) -> None:
        if use == OPEN311:
            self.add_error("jwks", "Open311 kent alleen een API-sleutel.")
        rows = jwks.get("keys") if isinstance(jwks, dict) else None
        right = isinstance(rows, list) and rows and all(isinstance(row, dict) and "kty" in row for row in rows)
        if not right:
            self.add_error("jwks", "Dit is geen JWKS: een lijst “keys” met sleutels.")
        elif any("d" in row or row["kty"] == "oct" for row in rows or []):
            self.add_error("jwks", "Hier staat een private of geheime sleutel in. Geef alleen de publieke sleutels.")

    def create(self) -> tuple[ApiClient, str, str]:
        """Makes the machine. Gives it, its secret, and the signing secret when we made one."""
        data = self.cleaned_data
        signing = ""
        if data["use"] == ADVICE and data["webhook_url"] and not data["outbound"]:
            signing = api_clients.new_signing_secret()
        client, secret = api_clients.create(
            data["name"],
            ApiClient.Kind.OPEN311 if data["use"] == OPEN311 else ApiClient.Kind.OAUTH,
            scopes=SCOPES.get(data["use"], ()),
            partner=settings.MINUTES_CLIENT if data["use"] == MINUTES else data["code"],
            webhook_url=data["webhook_url"],
            outbound=data["outbound"] or signing,
            jwks=data["jwks"] or None,
        )
        return client, secret, signing


@page("catalogue.edit", methods=("GET",))
def keys(request: HttpRequest) -> HttpResponse:
    """Every machine, what it may do, and when it was last here."""
    names = dict(AdviceService.objects.values_list("code", "name")) | dict(OtherSystem.objects.values_list("code", "name"))
    rows = [{"client": row, "partner": names.get(row.partner, row.partner)} for row in ApiClient.objects.all()[:500]]
    return render(request, "office/manage/keys.html", {"rows": rows})


@page("catalogue.edit")
def new(request: HttpRequest) -> HttpResponse:
    """Makes a machine and shows its secret, this once."""
    form = KeyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        client, secret, signing = form.create()
        answer = render(request, "office/manage/key_made.html", {"client": client, "secret": secret, "signing": signing})
        answer["Cache-Control"] = "no-store"
        return answer
    return render(request, "office/manage/key_new.html", {"form": form}, status=422 if form.errors else 200)


@page("catalogue.edit", methods=("POST",))
def switch(request: HttpRequest, client_id: int) -> HttpResponse:
    """Switches a machine off, or on again."""
    client = get_object_or_404(ApiClient, pk=client_id)
    on = request.POST.get("aan") == "1"
    api_clients.switch(client, on=on)
    messages.success(request, f"{client.name} is {'weer ingeschakeld' if on else 'uitgeschakeld'}.")
    return redirect("manage-keys")


@page("catalogue.edit", methods=("POST",))
def rotate(request: HttpRequest, client_id: int) -> HttpResponse:
    """A new secret, shown this once; the one before works for a day more."""
    client = get_object_or_404(ApiClient, pk=client_id, kind=ApiClient.Kind.OAUTH)
    context = {"client": client, "secret": api_clients.rotate(client), "rotated": True}
    answer = render(request, "office/manage/key_made.html", context)
    answer["Cache-Control"] = "no-store"
    return answer


@page("catalogue.edit", methods=("POST",))
def end_tokens(request: HttpRequest, client_id: int) -> HttpResponse:
    """Every access token of this machine is worth nothing from now on."""
    client = get_object_or_404(ApiClient, pk=client_id, kind=ApiClient.Kind.OAUTH)
    api_clients.end_tokens(client)
    messages.success(request, f"Alle toegangsbewijzen van {client.name} zijn ingetrokken.")
    return redirect("manage-keys")
