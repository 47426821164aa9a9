"""One action on several cases at once, with everything that will be sent shown before: each case in a transaction of its
own, so that one that can't does not hold up the others."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from meldloket.cases import grouping
from meldloket.cases.change import ChangedMeanwhile
from meldloket.cases.lifecycle import NotAllowed
from meldloket.cases.models import Case
from meldloket.messages import planning
from meldloket.people.permissions import allows
from meldloket.people.roles import Actor
from meldloket.web.pages import actor_of, page

from . import action_forms as forms
from .action_kinds import Action
from .actions import dates_of, words_of
from .listing import visible
from .several import BY_SLUG, INTO, IntoForm

MOST = 100
NOTHING_CHOSEN = "Kies eerst een of meer meldingen en wat u ermee wilt doen."


@dataclass
class Line:
    """One case of the choice: what hinders it (empty: nothing), and what its reporters will read."""

    case: Case
    problem: str = ""
    previews: list[planning.Preview] = field(default_factory=list)


@dataclass
class Outgoing:
    """What the action would send: how many messages per channel, one of each to read, and a mark by which the page knows
    that just this was shown."""

    counts: list[tuple[str, int]]
    samples: list[planning.Preview]
    missing: list[str]
    seen: str


def _chosen(request: HttpRequest) -> list[Case]:
    """The chosen cases that this person may see, the oldest first; others are left out without a word."""
    values = request.POST if request.method == "POST" else request.GET
    cases = (
        visible(request)
        .filter(reference__in=values.getlist("melding")[:MOST])
        .select_related("category", "department", "handler")
        .prefetch_related("advice_requests__answers", "advice_points", "actions", "reports__reporter")
    )
    return list(cases.order_by("pk"))


def _wanted(request: HttpRequest) -> Action | None:
    values = request.POST if request.method == "POST" else request.GET
    wanted = BY_SLUG.get(values.get("actie", ""))
    if wanted is not None and not allows(actor_of(request), wanted.permission):
        raise PermissionDenied
    return wanted


def _form(request: HttpRequest, wanted: Action, cases: list[Case]) -> forms.ActionForm:
    """The action's own form; the version that it wants is that of each case, kept beside it."""
    data = {**request.POST.dict(), "version": "0"} if request.method == "POST" else None
    form = wanted.form(data, case=cases[0])
    if isinstance(form, IntoForm):
        form.among(cases)
    return form


def _lines(wanted: Action, actor: Actor, cases: list[Case], form: forms.ActionForm) -> list[Line]:
    into = form.target() if isinstance(form, IntoForm) else None
    lines = []
    for case in cases:
        if into is not None and into.pk == case.pk:
            lines.append(Line(case))
            continue
        problem = "" if wanted.possible(case, actor) else "Dat kan nu niet bij deze melding."
        if into is not None and not problem:
            problem = grouping.why_not_group(into, case) or ""
        line = Line(case, problem)
        if wanted.tells and not problem:
            text, dates = words_of(form), dates_of(form)
            for report in case.reports.all():
                line.previews += planning.preview(into or case, wanted.tells, text, report, dates)
        lines.append(line)
    return lines


def _outgoing(wanted: Action, form: forms.ActionForm, lines: list[Line]) -> Outgoing:
    every = [preview for line in lines for preview in line.previews]
    counts = Counter(preview.label for preview in every)
    samples = {preview.label: preview for preview in reversed(every)}
    missing = sorted({name for preview in every for name in preview.missing} - {"{tekst}"})
    said = [wanted.slug, *(f"{name}={form[name].value()}" for name in form.fields if name != "version")]
    said += [line.case.reference for line in lines]
    seen = hashlib.sha256("\n".join(said).encode("utf-8", "replace")).hexdigest()[:20]
    return Outgoing(sorted(counts.items()), [samples[label] for label in sorted(samples)], missing, seen)


@page("case.view")
def several(request: HttpRequest) -> HttpResponse:
    """Opens an action for the chosen cases, or does it for those where it can be done. Nothing is sent that was not shown
    on the page first: words that changed since are shown again."""
    wanted, cases = _wanted(request), _chosen(request)
    if wanted is None or len(cases) < (2 if wanted is INTO else 1):
        words = "Kies minstens twee meldingen om samen te voegen." if wanted is INTO else NOTHING_CHOSEN
        messages.warning(request, words)
        return redirect(request.session.get("list", reverse("case-list")))
    actor, form = actor_of(request), _form(request, wanted, cases)
    lines = _lines(wanted, actor, cases, form)
    outgoing = _outgoing(wanted, form, lines)
    again = False
    if request.method == "POST" and form.is_valid():
        again = bool(wanted.tells) and request.POST.get("gezien") != outgoing.seen
        if not again:
            request.session["bulk"] = _run(request, wanted, actor, lines, form)
            return redirect("case-bulk-result")
    versions = {row.reference: request.POST.get(f"versie-{row.reference}", str(row.version)) for row in cases}
    context = {
        "action": wanted,
        "form": form,
        "lines": [(line, versions[line.case.reference]) for line in lines],
        "count": sum(not line.problem for line in lines),
        "outgoing": outgoing,
        "again": again,
        "texts": form.standard_texts() if isinstance(form, forms.ForCitizen) else [],
        "back": request.session.get("list", reverse("case-list")),
    }
    return render(request, "office/bulk.html", context, status=422 if form.errors or again else 200)


def _run(request: HttpRequest, wanted: Action, actor: Actor, lines: list[Line], form: forms.ActionForm) -> dict[str, Any]:
    """Does it, case by case. Gives what became of each, for the page after this one."""
    into = form.target() if isinstance(form, IntoForm) else None
    rows = []
    for line in lines:
        case, why = line.case, line.problem
        if into is not None and into.pk == case.pk:
            continue
        if not why:
            seen = request.POST.get(f"versie-{case.reference}", "")
            why = _one(wanted, case, actor, form, int(seen) if seen.isdigit() and len(seen) < 9 else 0)
        rows.append({"reference": case.reference, "title": case.title, "problem": why})
    return {"label": wanted.label, "rows": rows}


def _one(wanted: Action, case: Case, actor: Actor, form: forms.ActionForm, seen: int) -> str:
    """Why it was not done; empty when it was."""
    if seen != case.version:
        return "Deze melding is intussen gewijzigd. Er is niets verstuurd of overschreven."
    form.case = case
    form.cleaned_data["version"] = seen
    try:
        wanted.run(case, actor, form)
    except ChangedMeanwhile:
        return "Deze melding is intussen gewijzigd. Er is niets verstuurd of overschreven."
    except NotAllowed as refused:
        return refused.reason
    except planning.MissingPlaceholder as missing:
        return f"Niet verstuurd: {', '.join(missing.names)} is nog niet ingevuld."
    return ""


@page("case.view", methods=("POST",))
def preview(request: HttpRequest) -> HttpResponse:
    """What will be sent alone, while somebody types; nothing is kept."""
    wanted, cases = _wanted(request), _chosen(request)
    if wanted is None or not cases:
        return HttpResponse(status=422)
    form = _form(request, wanted, cases)
    outgoing = _outgoing(wanted, form, _lines(wanted, actor_of(request), cases, form))
    return render(request, "office/fragments/outgoing.html", {"outgoing": outgoing})


@page("case.view", methods=("GET",))
def result(request: HttpRequest) -> HttpResponse:
    """What became of each case of the last action on several."""
    done = request.session.get("bulk")
    if not done:
        return redirect("case-list")
    good = [row for row in done["rows"] if not row["problem"]]
    bad = [row for row in done["rows"] if row["problem"]]
    back = request.session.get("list", reverse("case-list"))
    return render(request, "office/bulk_result.html", {"label": done["label"], "good": good, "bad": bad, "back": back})
