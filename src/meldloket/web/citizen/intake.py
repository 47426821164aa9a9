"""The form, step by step (B1.2-B1.4): every page works without JavaScript and keeps what was filled in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from meldloket.catalogue.current import catalogue
from meldloket.intake import drafts, invitations
from meldloket.intake.models import Draft
from meldloket.intake.submit import Incomplete, missing_step, submit
from meldloket.people.roles import Role
from meldloket.screening.engine import emergency
from meldloket.web.pages import account_of, page, to_login

from . import known_already, place
from .forms import ContactForm, MeForm, QuestionsForm, WhatForm, WhenForm, WhereForm
from .ownership import find_draft, remember, session_ended, step_url, take_aside
from .steps import BY_KEY, BY_SLUG, STEPS, Step, after, before, progress, questions_of

#: How the register's codes of the neighbouring countries are written in a form; another country keeps its code.
COUNTRIES = {
    "BEL": "België",
    "NLD": "Nederland",
    "FRA": "Frankrijk",
    "DEU": "Duitsland",
    "LUX": "Luxemburg",
    "GBR": "Verenigd Koninkrijk",
}


@page("public", methods=("GET",))
def home(request: HttpRequest) -> HttpResponse:
    """The front door: what you can report, how it goes, and your own reports."""
    known = catalogue()
    main: dict[str, list[Any]] = {}
    for category in known.active_categories:
        main.setdefault(category.main_category, []).append(category)
    return render(request, "citizen/home.html", {"main_categories": main})


@page("public")
def start(request: HttpRequest) -> HttpResponse:
    """Starts a draft, or offers the one that was not finished. Without login only where the municipality allows it."""
    account = account_of(request)
    if account is not None and account.is_staff_account and Role.CITIZEN not in account.roles:
        return redirect("office-home")
    if account is None and not catalogue().municipality.allow_anonymous:
        return to_login(request, citizen=True)
    kept = drafts.unfinished(account) if account else None
    if request.method == "POST" or kept is None:
        draft = drafts.start(account)
        remember(request, draft)
        return redirect(step_url(draft, STEPS[0].slug))
    return render(request, "citizen/resume.html", {"draft": kept, "next": _first_open(kept)})


@page("public", methods=("GET", "POST"))
def by_link(request: HttpRequest) -> HttpResponse:
    """The personal link that the desk sent (B1.1). The token stands behind the # and comes in the form's body."""
    if request.method == "GET":
        return render(request, "citizen/link.html", {})
    try:
        draft = invitations.accept(request.POST.get("token", ""))
    except invitations.LinkNotValid:
        return render(request, "citizen/link.html", {"invalid": True}, status=410)
    remember(request, draft)
    return redirect(step_url(draft, _first_open(draft).slug))


def _first_open(draft: Draft) -> Step:
    missing = missing_step(draft)
    return BY_KEY[missing] if missing else STEPS[-1]


@page("public")
def step(request: HttpRequest, draft_id: UUID, slug: str) -> HttpResponse:
    """One step: shows it, or keeps what was sent and goes on."""
    if slug not in BY_SLUG:
        raise Http404
    if (ended := session_ended(request, draft_id)) is not None:
        return ended
    draft = find_draft(request, draft_id)
    if draft.report is not None:
        return redirect("report-receipt", draft_id=draft.public_id)
    current = BY_SLUG[slug]
    if current.key == "review":
        return review(request, draft)
    form = form_for(request, draft, current)
    if request.method == "POST" and form.is_valid():
        values = place.settle(form.cleaned_data) if current.key == "where" else values_of(form)
        if current.key == "where" and values.get("not_found"):
            form.add_error("address", _("Wij vinden dit adres niet. Kijk het na, of duid de plaats aan op de kaart."))
        else:
            drafts.save_step(draft, current.key, values)
            target = request.POST.get("terug_naar", "")
            return redirect(step_url(draft, target if target in BY_SLUG else after(draft, current).slug))
    context = {**frame(draft, current), "form": form, **extra(request, draft, current)}
    status = 422 if form.is_bound and form.errors else 200
    return render(request, f"citizen/steps/{current.key}.html", context, status=status)


def frame(draft: Draft, current: Step) -> dict[str, Any]:
    """What the page of every step shows around the form."""
    previous = before(draft, current)
    return {
        "draft": draft,
        "step": current,
        "steps": progress(draft, current),
        "back": step_url(draft, previous.slug) if previous else None,
        "autosave": current.key != "files",
    }


def form_for(request: HttpRequest, draft: Draft, current: Step) -> forms.Form:
    """The step's form: bound to what was sent (now, or before the session ended), else filled from the draft."""
    sent: QueryDict | None = request.POST if request.method == "POST" else None
    if sent is None and (aside := take_aside(request, draft)) is not None:
        kept_aside = QueryDict(mutable=True)
        for name, values in aside.items():
            kept_aside.setlist(name, values)
        sent = kept_aside
        messages.info(request, _("Uw sessie was afgelopen. Wat u invulde, staat er nog: kijk het na en ga verder."))
    kept = draft.data.get(current.key, {})
    if current.key == "what":
        return WhatForm(sent, initial=kept)
    if current.key == "where":
        return WhereForm(sent, initial={**kept, "address": kept.get("label", "")})
    if current.key == "when":
        return WhenForm(sent, initial=kept)
    if current.key == "questions":
        return QuestionsForm(sent, questions=questions_of(draft), language=get_language() or "nl", initial=kept)
    if current.key == "me":
        return MeForm(sent, initial=_me(request, draft))
    if current.key == "contact":
        return ContactForm(sent, must_reach=draft.number_id is None, initial=kept)
    return forms.Form(sent)


def _me(request: HttpRequest, draft: Draft) -> dict[str, Any]:
    """What was given, else what the register has, else the name of the login."""
    kept = draft.data.get("me")
    if kept:
        return {**kept, **kept.get("address", {})}
    register = drafts.prefill(draft, actor=account_of(request))
    if register.get("last_name"):
        kept_address = register.get("address") or {}
        address = {key: value for key, value in kept_address.items() if isinstance(value, str)}
        address["country"] = COUNTRIES.get(address.get("country", ""), address.get("country", ""))
        # An address abroad has free lines instead of a street and a number.
        address["street"] = address.get("street") or ", ".join(kept_address.get("lines", []))
        return {"first_name": register["first_name"], "last_name": register["last_name"], **address}
    account = draft.account
    return {"first_name": account.first_name, "last_name": account.last_name} if account else {}


def values_of(form: forms.Form) -> dict[str, Any]:
    """What the draft keeps of a valid form, as JSON can hold it."""
    if isinstance(form, MeForm):
        return form.values()
    data = dict(form.cleaned_data)
    if isinstance(form, WhenForm):
        data["date"] = data["date"].isoformat() if data.get("date") else ""
        data["text"] = ", ".join(part for part in (data["date"], data.get("text", "")) if part)
        if data["choice"] in ("now", "often"):
            data["text"] = data["text"] or str(dict(WhenForm.CHOICES)[data["choice"]])
    # A step without an answer is still a step that was seen.
    return {**data, "seen": True}


def extra(request: HttpRequest, draft: Draft, current: Step) -> dict[str, Any]:
    """What single steps show beside their form."""
    known = catalogue()
    if current.key == "what":
        text = draft.data.get("what", {}).get("text", "")
        return {
            "categories": known.active_categories,
            "chosen": draft.data.get("what", {}).get("category", ""),
            "emergency": emergency(text) if text else None,
        }
    if current.key == "where":
        return {"where": draft.data.get("where", {}), "photo_places": _photo_places(draft)}
    if current.key == "files":
        return {"files": list(draft.files.select_related("attachment"))}
    if current.key == "me":
        return {"register": draft.register}
    if current.key == "contact":
        return {"has_number": draft.number_id is not None}
    return {}


def _photo_places(draft: Draft) -> list[Any]:
    return [kept for kept in draft.files.select_related("attachment") if kept.position]


@page("public", methods=("POST",))
def autosave(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Keeps a half-filled step while the citizen types, so that a closed browser loses nothing. Says when."""
    draft = find_draft(request, draft_id)
    current = BY_SLUG.get(request.POST.get("stap", ""))
    if draft.report is not None or current is None or current.key in ("review", "files", "where"):
        return JsonResponse({"saved": False})
    form = form_for(request, draft, current)
    form.is_valid()
    if form.errors:
        # Half a step is kept beside the step, and only fills the page again: a report is never made from it.
        return JsonResponse({"saved": False})
    drafts.save_step(draft, current.key, values_of(form))
    return JsonResponse({"saved": True})


@page("public", methods=("POST",))
def refresh_register(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Asks the register again: it was down, or the citizen wants their own corrections gone."""
    draft = find_draft(request, draft_id)
    drafts.prefill(draft, actor=account_of(request), again=True)
    drafts.save_step(draft, "me", {})
    return redirect(step_url(draft, "gegevens"))


def review(request: HttpRequest, draft: Draft, *, status: int = 200) -> HttpResponse:
    """Everything once more, each part with a way back, and the button that sends."""
    missing = missing_step(draft)
    if missing is not None:
        messages.warning(request, _("Vul eerst deze stap in."))
        return redirect(step_url(draft, BY_KEY[missing].slug))
    what = draft.data["what"]
    given = draft.data.get("questions", {})
    context = {
        **frame(draft, BY_KEY["review"]),
        "category": catalogue().category(what.get("category", "")),
        "emergency": emergency(what["text"]),
        "answers": [(row.label, given.get(row.code)) for row in questions_of(draft) if given.get(row.code)],
        "files": list(draft.files.select_related("attachment")),
        "known": known_already.look(draft),
    }
    return render(request, "citizen/steps/review.html", context, status=status)


@page("public", methods=("POST",))
def send(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Sends the report; twice gives the same receipt."""
    if (ended := session_ended(request, draft_id)) is not None:
        return ended
    draft = find_draft(request, draft_id)
    try:
        account = account_of(request)
        report, _is_new = submit(draft, by=account.actor if account and draft.registered_by_id == account.pk else None)
        known_already.join(report, request.POST.get("same", ""))
    except Incomplete as missing:
        messages.warning(request, _("Vul eerst deze stap in."))
        return redirect(step_url(draft, BY_KEY[missing.step].slug))
    return redirect("report-receipt", draft_id=draft.public_id)


@page("public", methods=("GET",))
def receipt(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """The reference, what happens now, by when, and how we will be in touch."""
    if (ended := session_ended(request, draft_id)) is not None:
        return ended
    draft = find_draft(request, draft_id)
    if draft.report is None:
        return redirect(step_url(draft, _first_open(draft).slug))
    report = draft.report
    context = {"report": report, "case": report.case, "reporter": report.reporter, "draft": draft}
    return render(request, "citizen/receipt.html", context)
