"""The calendar of meetings: what is coming, when each agenda closes, and where the dates come from."""

from __future__ import annotations

from datetime import time
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from meldloket.cases import clock
from meldloket.decisions import calendar
from meldloket.decisions.calendar import Closing, NotACalendar
from meldloket.decisions.models import Body, Meeting, Proposal
from meldloket.decisions.ports import MinutesProblem, plugged
from meldloket.people.permissions import allows
from meldloket.people.roles import Role
from meldloket.web.pages import actor_of, page

MOST = 60


class CalendarForm(forms.Form):
    """A calendar of one body, and when its agenda closes."""

    body = forms.ChoiceField(choices=Body.choices, label="Bestuur", widget=forms.RadioSelect)
    days_before = forms.IntegerField(
        min_value=0, max_value=60, initial=6, label="De agenda sluit zoveel dagen voor de zitting"
    )
    at = forms.TimeField(initial=time(12, 0), label="Om", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    file = forms.FileField(
        label="Agenda (.ics)",
        help_text="De uitvoer van een agenda in Outlook, Google of Nextcloud. Herhaalde zittingen tellen mee.",
        error_messages={"required": "Kies een bestand."},
    )


@page("decision.follow")
def meetings(request: HttpRequest) -> HttpResponse:
    """The coming meetings; the secretariat and the administrator take in a calendar or ask the minutes package."""
    may = actor_of(request).has(Role.SECRETARIAT, Role.ADMINISTRATOR)
    form = CalendarForm()
    if request.method == "POST" and may:
        form = CalendarForm(request.POST, request.FILES) if "haal" not in request.POST else form
        if _take_in(request, form):
            return redirect("decision-meetings")
    busy = Count("proposals", filter=~Q(proposals__state__in=[Proposal.State.WITHDRAWN, Proposal.State.DRAFT]))
    rows = Meeting.objects.filter(held_on__gte=clock.today()).annotate(items=busy).order_by("held_on", "body")
    context: dict[str, Any] = {
        "rows": list(rows[:MOST]),
        "form": form,
        "may": may,
        "manages": allows(actor_of(request), "catalogue.edit"),
        "linked": plugged.minutes is not None and not plugged.minutes.by_hand,
        "now": clock.now(),
    }
    return render(request, "decisions/meetings.html", context, status=422 if form.errors else 200)


def _take_in(request: HttpRequest, form: CalendarForm) -> bool:
    """Does what was asked and says what came of it."""
    try:
        if "haal" in request.POST:
            new, changed = calendar.fetch()
        elif form.is_valid():
            data = form.cleaned_data
            content = data["file"].read(calendar.LARGEST + 1)
            closing = Closing(data["days_before"], data["at"])
            new, changed = calendar.import_calendar(content, data["body"], closing, by=actor_of(request))
        else:
            return False
    except NotACalendar as problem:
        form.add_error("file", str(problem))
        return False
    except MinutesProblem as problem:
        messages.error(request, problem.reason)
        return True
    messages.success(request, f"{new} nieuwe zittingen, {changed} gewijzigd.")
    return True
