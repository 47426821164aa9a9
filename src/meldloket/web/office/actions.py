"""Opening and doing an action on a case (action_table): the form beside the case, what will be sent, and nothing lost."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_date

from meldloket.cases.change import ChangedMeanwhile
from meldloket.cases.lifecycle import NotAllowed
from meldloket.cases.models import Case, Report
from meldloket.intake.text import show_number
from meldloket.messages import planning
from meldloket.people.permissions import allows
from meldloket.people.roles import Actor
from meldloket.web.pages import actor_of, page

from . import action_forms as forms
from .action_table import BY_SLUG, Action
from .case import LANGUAGE_NAMES, find_case, show


def _find(request: HttpRequest, reference: str, slug: str) -> tuple[Case, Action]:
    if slug not in BY_SLUG:
        raise Http404
    case = find_case(request, reference)
    wanted = BY_SLUG[slug]
    if not allows(actor_of(request), wanted.permission):
        raise PermissionDenied
    return case, wanted


@page("case.view")
def action(request: HttpRequest, reference: str, slug: str) -> HttpResponse:
    """Opens an action beside the case, or does it. What the person typed is never lost: a refusal shows it again."""
    case, wanted = _find(request, reference, slug)
    actor = actor_of(request)
    if not wanted.possible(case, actor):
        messages.warning(request, "Dat kan nu niet (meer) bij deze melding.")
        return redirect("case", reference=case.reference)
    form = wanted.form(request.POST or None, case=case, query=request.GET)
    changed: list[Any] = []
    if request.method == "POST" and form.is_valid():
        try:
            wanted.run(case, actor, form)
        except ChangedMeanwhile as meanwhile:
            changed = meanwhile.events
            case = find_case(request, reference)
            form = wanted.form({**request.POST.dict(), "version": case.version}, case=case)
        except NotAllowed as refused:
            form.add_error(None, refused.reason)
        except planning.MissingPlaceholder as missing:
            form.add_error(None, f"Vul eerst in: {', '.join(missing.names)}. Zo lang kan het bericht niet weg.")
        else:
            messages.success(request, f"{wanted.label}: gedaan.")
            return redirect("case", reference=case.reference)
    panel = {
        "action": wanted,
        "form": form,
        "changed": changed,
        "previews": previews(case, wanted, form),
        "also": also(case, wanted, form, actor),
        "obstacles": form.obstacles(),
        "texts": form.standard_texts() if isinstance(form, forms.ForCitizen) else [],
    }
    return show(request, case, status=422 if form.errors or changed else 200, panel=panel)


def previews(case: Case, wanted: Action, form: forms.ActionForm) -> list[Any]:
    """What the citizen will read, per channel, with the text as it stands in the form now."""
    if not wanted.tells or form.too_early():
        return []
    report = next(iter(told_by(case, form)), None)
    data = {**dates_of(form), **form.event_data()}
    return planning.preview(case, wanted.tells, words_of(form), report, data) if report else []


def told_by(case: Case, form: forms.ActionForm) -> list[Report]:
    """Whoever will be told: the one whom the form is about, else every reporter of the case."""
    if told := getattr(form, "told", None):
        one = told()
        return [one] if one else []
    return list(case.reports.select_related("reporter").order_by("id"))


def also(case: Case, wanted: Action, form: forms.ActionForm, actor: Actor) -> list[str]:
    """What the preview for one reporter does not tell, in Dutch sentences: who else gets it, who reads another language,
    and who can't be reached and must be called."""
    if not wanted.tells:
        return []
    reports = told_by(case, form)
    lines = []
    if len(reports) > 1:
        others = len(reports) - 1
        lines.append(f"Ook {others} andere melder{'s krijgen' if others > 1 else ' krijgt'} dit, via de eigen kanalen.")
    for report in reports:
        reporter = report.reporter
        if reporter is None or reporter.erased_at is not None:
            continue
        if not planning.reachable(report):
            call = f" Bel {show_number(reporter.mobile)}." if reporter.mobile and allows(actor, "reporter.contact") else ""
            lines.append(f"De melder van {report.reference} krijgt geen bericht: wij hebben geen adres.{call}")
        elif reporter.language != "nl" and {"text", "why"} & set(form.fields):
            name = LANGUAGE_NAMES.get(reporter.language, reporter.language)
            lines.append(f"De melder van {report.reference} leest {name}. Wat u zelf schrijft, vertalen wij niet.")
    return lines


def words_of(form: forms.ActionForm) -> str:
    """The words for the citizen as they stand in the form now."""
    return next((str(form[name].value() or "") for name in ("text", "why") if name in form.fields), "")


def dates_of(form: forms.ActionForm) -> dict[str, str]:
    """The days in the form that messages mention, by the event's names for them."""
    return {key: _day(form[name].value()) for key, name in (("due", "due"), ("to", "target")) if name in form.fields}


def _day(value: Any) -> str:
    """The ISO form of a date as it stands in a form, half typed perhaps; else empty."""
    try:
        found = value if isinstance(value, date) else parse_date(str(value or ""))
    except ValueError:  # 31 February
        found = None
    return found.isoformat() if found else ""


@page("case.view", methods=("POST",))
def preview(request: HttpRequest, reference: str, slug: str) -> HttpResponse:
    """The previews alone, while the handler types; nothing is kept."""
    case, wanted = _find(request, reference, slug)
    form = wanted.form(request.POST, case=case)
    context = {"previews": previews(case, wanted, form), "too_early": form.too_early()}
    return render(request, "office/fragments/previews.html", context)
