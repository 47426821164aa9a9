"""One page for every adviser: what was shared, the form with its draft, the question to the citizen. The office's page and
the personal link differ only in who somebody is and in the frame around it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from meldloket.advice import answering
from meldloket.advice.answering import Adviser, Content
from meldloket.advice.models import AdviceRequest
from meldloket.advice.sharing import shared_case, shared_files
from meldloket.cases.lifecycle import NotAllowed
from meldloket.cases.models import Attachment
from meldloket.intake import files as cleaning
from meldloket.web.citizen.files import respond

from .forms import AnswerForm, AskForm

_SAID = {
    "draft": "Uw ontwerp is bewaard. De gemeente ziet het nog niet.",
    "give": "Uw advies is gegeven. Dank u wel.",
    "back": "Uw advies is teruggenomen. U kan een nieuw advies geven.",
    "ask": "Uw vraag is verstuurd naar de melder.",
}


def page_of(request: HttpRequest, asked: AdviceRequest, by: Adviser, here: str, frame: str) -> HttpResponse:
    """Shows the request, or does what was sent. `here`: this page's address; `frame`: template to stand in."""
    form, ask = AnswerForm.of(answering.draft_of(asked) or answering.given(asked)), AskForm(request=asked)
    if request.method == "POST":
        what = request.POST.get("do", "draft")
        if what == "ask":
            ask = AskForm(request.POST, request=asked)
        elif what in ("draft", "give"):
            form = AnswerForm(request.POST)
        if _done(request, asked, by, what, form, ask):
            messages.success(request, _SAID[what])
            return redirect(here)
    return _show(request, asked, form, ask, here, frame)


def _done(request: HttpRequest, asked: AdviceRequest, by: Adviser, what: str, form: AnswerForm, ask: AskForm) -> bool:
    """Does it; a refusal stands in the form, with everything still filled in."""
    used: Any = ask if what == "ask" else form
    if what not in _SAID or (what != "back" and not used.is_valid()):
        return False
    try:
        if what == "ask":
            data = ask.cleaned_data
            report = ask.reports[data["report"]]
            answering.ask_citizen(asked, by=by, report=report, text=data["text"], due=data["due"])
        elif what == "back":
            answering.take_back(asked, by=by)
        else:
            command = answering.give if what == "give" else answering.save_draft
            command(asked, _content(request, form), by=by)
    except NotAllowed as refused:
        if what == "back":
            messages.warning(request, refused.reason)
        else:
            used.add_error(None, refused.reason)
        return False
    return True


def _content(request: HttpRequest, form: AnswerForm) -> Content:
    data = form.cleaned_data
    return Content(
        verdict=data["verdict"],
        reasons=data["reasons"],
        conditions=tuple(data["conditions"].splitlines()),
        file_ids=tuple(_kept_files(request)),
    )


def _kept_files(request: HttpRequest) -> list[int]:
    kept = []
    for sent in request.FILES.getlist("files")[: cleaning.MOST_FILES]:
        try:
            found = cleaning.clean(sent.file, sent.name or "", sent.size or 0)
        except cleaning.FileRefused as refused:
            messages.error(request, f"{cleaning.safe_name(sent.name or '', '')}: {refused.reason}")
            continue
        kept.append(cleaning.keep(found, by_reporter=False).pk)
    return kept


def _show(
    request: HttpRequest, asked: AdviceRequest, form: AnswerForm, ask: AskForm, here: str, frame: str
) -> HttpResponse:
    draft = answering.draft_of(asked)
    given = answering.given(asked)
    counted = draft or given
    context = {
        "frame": frame,
        "here": here,
        "asked": asked,
        "shared": shared_case(asked),
        "form": form,
        "ask": ask,
        "draft": draft,
        "given": given,
        "files": list(counted.files.order_by("id")) if counted else [],
        "writable": asked.state in (AdviceRequest.State.OPEN, AdviceRequest.State.ANSWERED),
        "exchange": [row.question for row in asked.questions.select_related("question__report").order_by("id")],
    }
    failed = bool(form.errors or ask.errors)
    return render(request, "advice/request.html", context, status=422 if failed else 200)


def file_of(asked: AdviceRequest, file_id: UUID, *, small: bool) -> HttpResponseBase:
    """A file that was shared, that came with an answer to the adviser's own question, or that the adviser added. Raises
    Http404 for any other of the case."""
    allowed = {row.pk for row in shared_files(asked)}
    found = Attachment.objects.filter(case=asked.case_id, public_id=file_id).first()
    if found is None:
        raise Http404
    own = asked.answers.filter(files=found).exists()
    answered = found.question_id is not None and asked.questions.filter(question=found.question_id).exists()
    if found.pk not in allowed and not own and not answered:
        raise Http404
    return respond(found, small=small)
