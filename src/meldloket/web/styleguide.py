"""The living style guide: every component at once, for whoever builds a page and for the axe and screenshot tests. Shown in
the demonstration and in development only; it knows no real data."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static

from meldloket.web.pages import page

LONG = "Meldingsbehandelingsverantwoordelijkheidsoverdracht"


class SampleForm(forms.Form):
    """One field of every kind."""

    name = forms.CharField(label="Voornaam", widget=forms.TextInput(attrs={"autocomplete": "given-name"}))
    mail = forms.EmailField(label="E-mailadres", help_text="Bijvoorbeeld: naam@voorbeeld.be.", required=False)
    text = forms.CharField(label="Wat wilt u melden?", help_text="In uw eigen woorden.", widget=forms.Textarea)
    day = forms.DateField(label="Welke dag?", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    language = forms.ChoiceField(label="Taal van de berichten", choices=[("nl", "Nederlands"), ("fr", "Français")])
    when = forms.ChoiceField(
        label="Wanneer hebt u het gezien?",
        help_text="Kies wat het best past.",
        choices=[("now", "Het is nu zo"), ("today", "Vandaag"), ("often", "Het gebeurt vaak")],
        widget=forms.RadioSelect,
    )
    agree = forms.BooleanField(label="Stuur mij berichten per e-mail", required=False)


SAMPLES: dict[str, Any] = {
    "long": LONG,
    "tones": ("info", "success", "warning", "error", "emergency"),
    "status_tones": (
        ("neutral", "Ingetrokken"),
        ("info", "In behandeling"),
        ("success", "Afgehandeld"),
        ("warning", "Wacht op de melder"),
        ("error", "Niet bezorgd"),
    ),
    "statuses": (
        ("screening", "Te beoordelen op ontvankelijkheid"),
        ("admissible", "Ontvankelijk"),
        ("awaiting_decision", "Wacht op besluit"),
        ("handled", "Afgehandeld"),
        ("withdrawn", "Ingetrokken"),
    ),
    "steps": [
        {"name": "Wat", "state": "done", "url": "#steps"},
        {"name": "Waar", "state": "done", "url": "#steps"},
        {"name": "Wanneer", "state": "current", "url": ""},
        {"name": "Foto’s en documenten", "state": "todo", "url": ""},
        {"name": "Nakijken", "state": "todo", "url": ""},
    ],
    "progress": [
        {"name": "Ontvangen", "state": "done"},
        {"name": "In behandeling", "state": "current"},
        {"name": "Voorstel en beslissing", "state": "todo"},
        {"name": "Uitvoering", "state": "todo"},
        {"name": "Afgerond", "state": "todo"},
    ],
    "terms": (
        ("nog 12 werkdagen", "ok"),
        ("nog 3 werkdagen", "soon"),
        ("2 werkdagen over tijd", "late"),
        ("termijn staat stil", "still"),
    ),
    "tabs": [
        {"label": "Lijst", "url": "#tabs", "current": True, "count": 24},
        {"label": "Kaart", "url": "#tabs", "current": False, "count": None},
        {"label": "Beide", "url": "#tabs", "current": False, "count": None},
    ],
    "options": [("a", "Ja"), ("b", "Nee", "Dan vragen wij niets meer."), ("c", "Weet ik niet")],
    "facts": [("Dienst", "Openbare werken"), ("Wijk", "Stationsbuurt"), ("Streefdatum", "27/11/2026"), ("Lang", LONG)],
    "links": [("Mijn meldingen", "#"), ("MLD-2026-000123", "")],
    "errors": [{"text": "Vul uw voornaam in.", "href": "#id_name"}],
    "main_categories": (
        "Afval en netheid",
        "Wegen en voetpaden",
        "Verlichting",
        "Water en riolering",
        "Groen",
        "Overlast",
        "Verkeer en parkeren",
        "Voorzieningen",
        "Wonen en bouwen",
        "Veiligheid",
        "Overig",
    ),
    "rows": (
        ("MLD-2026-000123", "Put in de rijweg", "Kerkstraat 12", "In behandeling", "nog 3 werkdagen", "soon"),
        ("MLD-2026-000119", "Lamp brandt niet", "Stationsplein", "Ontvankelijk", "nog 9 werkdagen", "ok"),
        ("MLD-2026-000087", LONG, "Oude Haven 3 bus 12", "Wacht op besluit", "2 werkdagen over tijd", "late"),
    ),
    "day": date(2026, 11, 27),
    "icons": (
        "report",
        "pin",
        "map",
        "target",
        "camera",
        "check",
        "check-circle",
        "warning",
        "info",
        "emergency",
        "clock",
        "pause",
        "calendar",
        "user",
        "users",
        "mail",
        "sms",
        "phone",
        "search",
        "filter",
        "list",
        "home",
        "inbox",
        "task",
        "advice",
        "decision",
        "chart",
        "settings",
        "edit",
        "bell",
        "document",
        "print",
        "download",
        "upload",
        "lock",
        "shield",
        "question",
        "logout",
        "link",
        "note",
        "send",
        "undo",
        "plus",
        "minus",
        "close",
        "menu",
        "chevron-down",
        "chevron-right",
        "chevron-left",
        "arrow-right",
        "lamp",
        "tree",
        "road",
        "bin",
        "water",
        "noise",
        "traffic",
        "building",
        "house",
        "bench",
        "fire",
        "dots",
    ),
    "shades": (
        "primary",
        "primary-strong",
        "primary-soft",
        "accent",
        "ground",
        "paper",
        "sunken",
        "ink",
        "ink-soft",
        "line",
        "line-strong",
        "info",
        "success",
        "warning",
        "error",
        "emergency",
    ),
}


@page("public", methods=("GET",))
def styleguide(request: HttpRequest) -> HttpResponse:
    """The style guide, in the office's look with `?kantoor`. 404 in production."""
    if not (settings.DEBUG or settings.DEMO):
        raise Http404
    office = "kantoor" in request.GET
    context = {
        **SAMPLES,
        "layout": "layouts/office.html" if office else "layouts/citizen.html",
        "office": office,
        "photos": [{"url": static("meldloket/hero.svg"), "alt": "Kaart met een punt", "caption": "foto.jpg"}],
        "form": SampleForm(),
        "wrong": SampleForm({"mail": "geen adres"}, auto_id="wrong_%s"),
    }
    return render(request, "styleguide.html", context)
