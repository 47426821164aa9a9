"""Building the questionnaire (B8.1): generic, for a category or for one case; questions with four languages, choices and
conditions; a preview as the citizen sees it; and versions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation

from meldloket.cases.lifecycle import NotAllowed
from meldloket.cases.models import Case
from meldloket.catalogue.current import catalogue
from meldloket.evaluation import building
from meldloket.evaluation.models import EvaluationForm
from meldloket.evaluation.questions import (
    KIND_NAMES,
    LANGUAGES,
    Question,
    When,
    in_language,
    problems,
    read,
    untranslated,
)
from meldloket.web.office.listing import visible
from meldloket.web.pages import actor_of, page

from .filling import shown
from .forms import LANGUAGE_NAMES, NewForm, QuestionForm
from .office import tabs


def _forms(request: HttpRequest) -> list[EvaluationForm]:
    """The forms, those for one case only when this person may see that case."""
    rows = EvaluationForm.objects.select_related("category", "case").prefetch_related("versions")
    seen = set(visible(request).filter(evaluation_form__isnull=False).values_list("pk", flat=True))
    return [row for row in rows if row.case_id is None or row.case_id in seen]


def _form(request: HttpRequest, form_id: int) -> EvaluationForm:
    found = get_object_or_404(EvaluationForm.objects.select_related("category", "case"), pk=form_id)
    if found.case_id is not None and not visible(request).filter(pk=found.case_id).exists():
        raise Http404
    return found


@page("evaluation.design", methods=("GET",))
def overview(request: HttpRequest) -> HttpResponse:
    """All forms, and a new one."""
    case = visible(request).filter(reference=request.GET.get("melding", "")).first()
    context = {
        "tabs": tabs(actor_of(request), "formulieren"),
        "forms": _forms(request),
        "form": NewForm(initial={"reference": case.reference if case else ""}),
    }
    return render(request, "evaluation/forms.html", context)


@page("evaluation.design", methods=("POST",))
def new(request: HttpRequest) -> HttpResponse:
    """Begins a form from the generic one."""
    form = NewForm(request.POST)
    case: Case | None = None
    if form.is_valid():
        category = catalogue().category(form.cleaned_data["category"])
        if reference := form.cleaned_data["reference"]:
            case = visible(request).filter(reference=reference).first()
            if case is None:
                form.add_error("reference", "Deze melding bestaat niet, of u mag ze niet zien.")
        if not form.errors:
            category = None if case else category
            if building.form_for(category, case) is not None:
                messages.info(request, "Hiervoor bestaat al een formulier. U kan het hieronder wijzigen.")
            name = form.cleaned_data["name"]
            made = building.new_form(name, by=actor_of(request), category=category, case=case)
            return redirect("evaluation-form", form_id=made.pk)
    context = {"tabs": tabs(actor_of(request), "formulieren"), "forms": _forms(request), "form": form}
    return render(request, "evaluation/forms.html", context, status=422)


@page("evaluation.design", methods=("GET",))
def form_page(request: HttpRequest, form_id: int) -> HttpResponse:
    """The draft: its questions, what is still wrong, and the versions that went out."""
    form = _form(request, form_id)
    questions = read(form.draft)
    versions = list(form.versions.all())
    context = {
        "tabs": tabs(actor_of(request), "formulieren"),
        "form": form,
        "questions": [_line(question, questions) for question in questions],
        "problems": problems(questions),
        "untranslated": [LANGUAGE_NAMES[code] for code in untranslated(questions)],
        "versions": versions,
        "changed": not versions or versions[0].questions != form.draft,
    }
    return render(request, "evaluation/form.html", context)


def _line(question: Question, questions: list[Question]) -> dict[str, Any]:
    when = ""
    if question.when is not None:
        asked = next((row for row in questions if row.code == question.when.question), None)
        words = dict(asked.choices()) if asked else {}
        chosen = " of ".join(words.get(value, value) for value in question.when.values)
        label = in_language(asked.label, "nl") if asked else question.when.question
        when = f"Alleen bij “{label}”: {chosen}"
    return {
        "question": question,
        "label": in_language(question.label, "nl") or question.code,
        "kind": KIND_NAMES[question.kind],
        "options": ", ".join(in_language(option.label, "nl") for option in question.options),
        "when": when,
    }


def _saved(request: HttpRequest, form: EvaluationForm, change: Callable[[list[Question]], None]) -> bool:
    """Changes the draft; says what is wrong when somebody else was first."""
    version = request.POST.get("version", "")
    try:
        seen = int(version) if version.isdigit() and len(version) < 9 else None
        with building.drafting(form, by=actor_of(request), seen_version=seen) as draft:
            change(draft)
    except NotAllowed as refused:
        messages.error(request, refused.reason)
        return False
    return True


@page("evaluation.design")
def question(request: HttpRequest, form_id: int, question_code: str = "") -> HttpResponse:
    """Adds or changes one question."""
    form = _form(request, form_id)
    questions = read(form.draft)
    place = next((index for index, row in enumerate(questions) if row.code == question_code), None)
    if question_code and place is None:
        raise Http404
    before = questions if place is None else questions[:place]
    current = questions[place] if place is not None else None
    posted = QuestionForm(request.POST or None, question=current, before=before)
    if request.method == "POST" and posted.is_valid():
        made = posted.made({row.code for row in questions})

        def change(draft: list[Question]) -> None:
            if place is None:
                draft.append(made)
            else:
                draft[place] = made

        if _saved(request, form, change):
            messages.success(request, "De vraag is bewaard. Ze gaat mee zodra u het formulier publiceert.")
            return redirect("evaluation-form", form_id=form.pk)
    context = {
        "tabs": tabs(actor_of(request), "formulieren"),
        "form": posted,
        "evaluation_form": form,
        "question": current,
        "version": request.POST.get("version", form.version),
    }
    return render(request, "evaluation/question.html", context, status=422 if posted.errors else 200)


@page("evaluation.design", methods=("POST",))
def move(request: HttpRequest, form_id: int, question_code: str) -> HttpResponse:
    """Moves a question up or down, or takes it out; conditions on what is gone are taken out with it."""
    form = _form(request, form_id)
    what = request.POST.get("doe", "")

    def change(draft: list[Question]) -> None:
        place = next((index for index, row in enumerate(draft) if row.code == question_code), None)
        if place is None:
            return
        if what == "weg":
            del draft[place]
        other = place + {"op": -1, "neer": 1}.get(what, 0)
        if what in ("op", "neer") and 0 <= other < len(draft):
            draft[place], draft[other] = draft[other], draft[place]
        draft[:] = _without_lost_conditions(draft)

    _saved(request, form, change)
    return redirect("evaluation-form", form_id=form.pk)


def _without_lost_conditions(draft: list[Question]) -> list[Question]:
    """Every question without a condition on one that no longer stands before it."""
    kept: list[Question] = []
    for row in draft:
        when: When | None = row.when
        known = when is None or any(earlier.code == when.question for earlier in kept)
        kept.append(row if known else replace(row, when=None))
    return kept


@page("evaluation.design", methods=("GET",))
def preview(request: HttpRequest, form_id: int) -> HttpResponse:
    """The draft as a citizen sees it, in a language of choice; nothing is sent."""
    form = _form(request, form_id)
    language = request.GET.get("taal", "nl")
    language = language if language in LANGUAGES else "nl"
    with translation.override(language):
        context = {
            "tabs": tabs(actor_of(request), "formulieren"),
            "form": form,
            "language": language,
            "languages": LANGUAGE_NAMES.items(),
            "questions": shown(read(form.draft), {}, language),
        }
        return render(request, "evaluation/preview.html", context)


@page("evaluation.design", methods=("POST",))
def publish(request: HttpRequest, form_id: int) -> HttpResponse:
    """Makes a version of the draft; who was invited before keeps theirs."""
    form = _form(request, form_id)
    version = request.POST.get("version", "")
    try:
        seen = int(version) if version.isdigit() and len(version) < 9 else None
        made = building.publish(form, by=actor_of(request), seen_version=seen)
        messages.success(request, f"Versie {made.number} is gepubliceerd: melders krijgen vanaf nu deze vragen.")
    except NotAllowed as refused:
        messages.error(request, refused.reason)
    return redirect("evaluation-form", form_id=form.pk)
