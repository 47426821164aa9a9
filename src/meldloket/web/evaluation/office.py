"""Evaluations in the office: what came in and waits, whom to call, and the four ways to deal with one (B8.4)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from meldloket.actions.commands import Plan
from meldloket.cases import clock
from meldloket.cases.lifecycle import EventKind, NotAllowed
from meldloket.catalogue.current import catalogue
from meldloket.evaluation import answering, processing
from meldloket.evaluation.answering import Incomplete
from meldloket.evaluation.inviting import days_left
from meldloket.evaluation.models import Invitation
from meldloket.evaluation.questions import Answers, Kind, in_language
from meldloket.intake.text import show_number
from meldloket.messages import planning
from meldloket.people.permissions import allows
from meldloket.people.roles import Actor
from meldloket.web.citizen.forms import TidyField
from meldloket.web.office.listing import visible
from meldloket.web.pages import actor_of, page

from .filling import sent, shown

PAGE = 40
State, Processed = Invitation.State, Invitation.Processed


def _all(request: HttpRequest) -> QuerySet[Invitation]:
    """The evaluations of cases that this person may see."""
    rows = Invitation.objects.filter(report__case__in=visible(request))
    return rows.select_related("report__case__category", "report__reporter", "version")


def tabs(actor: Actor, current: str) -> list[dict[str, Any]]:
    """The places within evaluations that this person may go to."""
    places = (
        ("te-verwerken", "Te verwerken", "evaluations", "", "evaluation.process"),
        ("te-bellen", "Te bellen", "evaluations", "?lijst=te-bellen", "evaluation.phone"),
        ("verwerkt", "Verwerkt", "evaluations", "?lijst=verwerkt", "evaluation.process"),
        ("resultaten", "Resultaten", "evaluation-results", "", "evaluation.view"),
        ("formulieren", "Formulieren", "evaluation-forms", "", "evaluation.design"),
    )
    return [
        {"label": label, "name": name, "query": query, "current": slug == current}
        for slug, label, name, query, permission in places
        if allows(actor, permission)
    ]


@page("evaluation.open", methods=("GET",))
def to_process(request: HttpRequest) -> HttpResponse:
    """What waits, newest first; for the desk whom to call; for others the results."""
    actor = actor_of(request)
    if not allows(actor, "evaluation.phone"):
        return redirect("evaluation-results")
    wanted = request.GET.get("lijst", "te-verwerken")
    if wanted not in ("te-verwerken", "te-bellen", "verwerkt") or not allows(actor, "evaluation.process"):
        wanted = "te-verwerken" if allows(actor, "evaluation.process") else "te-bellen"
    rows = _all(request)
    if wanted == "te-bellen":
        rows = rows.filter(state=State.BY_PHONE, closes_on__gte=clock.today())
    else:
        rows = rows.filter(state=State.ANSWERED)
        rows = rows.filter(processed=Processed.NEW) if wanted == "te-verwerken" else rows.exclude(processed=Processed.NEW)
    before = request.GET.get("na", "")
    if before.isdigit() and len(before) < 18:
        rows = rows.filter(pk__lt=int(before))
    found = list(rows.prefetch_related("rows").order_by("-pk")[: PAGE + 1])
    context = {
        "tabs": tabs(actor, wanted),
        "list": wanted,
        "rows": [_line(row) for row in found[:PAGE]],
        "older": found[PAGE - 1].pk if len(found) > PAGE else None,
    }
    return render(request, "evaluation/list.html", context)


def _line(invitation: Invitation) -> dict[str, Any]:
    """One row: the lowest of the scales draws the eye, and the first words say why."""
    answers = list(invitation.rows.all())
    numbers = [row.number for row in answers if row.number is not None]
    words = next((row.text for row in answers if row.text), "")
    return {"invitation": invitation, "case": invitation.report.case, "lowest": min(numbers, default=None), "words": words}


class ProcessForm(forms.Form):
    """What is done with an evaluation; what a choice needs, and no more, must be filled in."""

    how = forms.ChoiceField(
        label="Wat doet u ermee?",
        choices=(
            ("acknowledge", "Kennis nemen: niets meer te doen"),
            ("answer", "Antwoorden aan de melder"),
            ("action", "Melding heropenen met een actie"),
            ("report", "Nieuwe melding maken"),
        ),
        widget=forms.RadioSelect,
        error_messages={"required": "Kies wat u met deze evaluatie doet."},
    )
    text = TidyField(
        lines=True,
        required=False,
        max_length=4000,
        label="Tekst",
        help_text="Bij kennis nemen: een nota voor collega’s. Anders leest de melder dit.",
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    title = TidyField(
        max_length=150, required=False, label="Titel van de actie", help_text="Alleen als u de melding heropent."
    )
    department = forms.ChoiceField(required=False, label="Dienst van de actie")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["department"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "Dienst van de melding"), *((row.code, row.name) for row in catalogue().departments)]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("how") == "action" and not data.get("title"):
            self.add_error("title", "Geef de actie een titel.")
        if data.get("how") in ("answer", "action", "report") and not data.get("text"):
            self.add_error("text", "Schrijf de tekst: de melder leest dit.")
        return data


@page("evaluation.process")
def evaluation(request: HttpRequest, evaluation_id: int) -> HttpResponse:
    """One evaluation: the answers, the case, and what to do with it."""
    found = get_object_or_404(_all(request), pk=evaluation_id, state=State.ANSWERED)
    form = ProcessForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            done = _process(found, actor_of(request), form.cleaned_data)
            messages.success(request, f"Verwerkt: {done.get_processed_display().lower()}.")
            if done.follow_up is not None:
                return redirect("case", reference=done.follow_up.reference)
            return redirect("evaluations")
        except NotAllowed as refused:
            form.add_error(None, refused.reason)
        except planning.MissingPlaceholder as missing:
            form.add_error("text", f"Vul eerst in: {', '.join(missing.names)}. Zo lang kan het bericht niet weg.")
    reporter = found.report.reporter
    context = {
        "evaluation": found,
        "case": found.report.case,
        "answers": answered(found),
        "previews": _previews(found, request.POST),
        "unreachable": not planning.reachable(found.report),
        "telephone": show_number(reporter.mobile) if reporter is not None and reporter.mobile else "",
        "form": form,
        "tabs": tabs(actor_of(request), "te-verwerken" if found.processed == Processed.NEW else "verwerkt"),
    }
    return render(request, "evaluation/detail.html", context, status=422 if form.errors else 200)


#: What the reporter is told of, by what is done with the evaluation; a new report has its own messages.
TOLD = {"answer": EventKind.EVALUATION_ANSWERED, "action": EventKind.REOPENED}


def _previews(found: Invitation, data: Mapping[str, Any]) -> list[planning.Preview]:
    kind = TOLD.get(str(data.get("how", "")))
    if kind is None:
        return []
    return planning.preview(found.report.case, kind, str(data.get("text", "")), found.report)


@page("evaluation.process", methods=("POST",))
def preview(request: HttpRequest, evaluation_id: int) -> HttpResponse:
    """What the reporter will read, while the handler types; nothing is kept."""
    found = get_object_or_404(_all(request), pk=evaluation_id, state=State.ANSWERED)
    return render(request, "office/fragments/previews.html", {"previews": _previews(found, request.POST)})


def _process(found: Invitation, by: Actor, data: dict[str, Any]) -> Invitation:
    if data["how"] == "acknowledge":
        return processing.acknowledge(found, by=by, text=data["text"])
    if data["how"] == "answer":
        return processing.answer(found, by=by, text=data["text"])
    if data["how"] == "report":
        return processing.into_report(found, by=by, text=data["text"])
    chosen = next((row for row in catalogue().departments if row.code == data["department"]), None)
    department = chosen or found.report.case.department
    if department is None:
        raise NotAllowed("Kies de dienst die de actie uitvoert.")
    return processing.into_action(found, Plan(data["title"], department), by=by, text=data["text"])


def answered(invitation: Invitation) -> list[dict[str, Any]]:
    """Question and answer in Dutch words, in the order of the form."""
    rows = {row.question: row for row in invitation.rows.all()}
    lines = []
    for question in answering.questions_of(invitation):
        row = rows.get(question.code)
        if row is None:
            continue
        words = dict(question.choices())
        chosen = ", ".join(words.get(code, code) for code in row.chosen)
        lines.append(
            {
                "label": in_language(question.label, "nl"),
                "number": row.number if question.kind == Kind.SCALE else None,
                "words": row.text or chosen,
            }
        )
    return lines


@page("evaluation.phone")
def by_phone(request: HttpRequest, evaluation_id: int) -> HttpResponse:
    """The desk asks the questions on the phone and fills them in for the citizen."""
    found = get_object_or_404(_all(request).exclude(state=State.PLANNED), pk=evaluation_id)
    if answering.why_not(found):
        messages.warning(request, "Deze evaluatie kan niet (meer) ingevuld worden.")
        return redirect("evaluations")
    reporter = found.report.reporter
    answers: Answers = sent(request.POST) if request.method == "POST" else found.answers
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            answering.submit(found, answers, by=actor_of(request))
            messages.success(request, "De evaluatie is bewaard.")
            return redirect("evaluations")
        except Incomplete as incomplete:
            errors = {question.code: "Stel deze vraag nog." for question in incomplete.questions}
        except NotAllowed as refused:
            messages.error(request, refused.reason)
            return redirect("evaluations")
    context = {
        "evaluation": found,
        "case": found.report.case,
        "telephone": show_number(reporter.mobile) if reporter is not None and reporter.mobile else "",
        "questions": shown(answering.questions_of(found), answers, "nl", errors),
        "errors": bool(errors),
        "days": days_left(found, clock.today()),
        "tabs": tabs(actor_of(request), "te-bellen"),
    }
    return render(request, "evaluation/phone.html", context, status=422 if errors else 200)
