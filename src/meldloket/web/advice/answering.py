"""One page for every adviser: what was shared, the form with its draft, the question to the citizen. The office's page and
the personal link differ only in who somebody is and in the frame around it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import structlog
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from meldloket.advice import answering
from meldloket.advice.answering import Adviser, Content
from meldloket.advice.models import AdviceRequest
from meldloket.advice.sharing import shared_case, shared_files
from meldloket.cases import clock
from meldloket.cases.lifecycle import NotAllowed
from meldloket.cases.models import Attachment
from meldloket.web.citizen.files import respond
from meldloket.web.uploads import kept_files

from .forms import AnswerForm, AskForm, MoreTimeForm

log = structlog.get_logger(__name__)
_SAID = {
    "draft": "Uw ontwerp is bewaard. De gemeente ziet het nog niet.",
    "give": "Uw advies is gegeven. Dank u wel.",
    "back": "Uw advies is teruggenomen. U kan een nieuw advies geven.",
    "ask": "Uw vraag is verstuurd naar de melder.",
    "more": "De behandelaar weet dat u meer tijd vraagt, en laat u iets weten.",
}
WRITABLE = (AdviceRequest.State.OPEN, AdviceRequest.State.ANSWERED)
#: Actions whose form is another than that of the advice itself; taking back has none.
_OTHER = ("ask", "more", "back")


def page_of(request: HttpRequest, asked: AdviceRequest, by: Adviser, here: str, frame: str) -> HttpResponse:
    """Shows the request, or does what was sent. `here`: this page's address; `frame`: template to stand in."""
    what = request.POST.get("do", "draft") if request.method == "POST" else ""
    kept = AnswerForm.of(answering.draft_of(asked) or answering.given(asked))
    forms = Forms(
        AnswerForm(request.POST) if what and what not in _OTHER else kept,
        AskForm(request.POST if what == "ask" else None, request=asked),
        MoreTimeForm(request.POST if what == "more" else None),
    )
    if what and _done(request, asked, by, what, forms):
        messages.success(request, _SAID[what])
        return redirect(here)
    return _show(request, asked, forms, here, frame)


@dataclass(frozen=True)
class Forms:
    """The three forms of the page."""

    answer: AnswerForm
    ask: AskForm
    more: MoreTimeForm


def _done(request: HttpRequest, asked: AdviceRequest, by: Adviser, what: str, forms: Forms) -> bool:
    """Does it; a refusal stands in the form, with everything still filled in, and in the log."""
    used: Any = {"ask": forms.ask, "more": forms.more}.get(what, forms.answer)
    if what not in _SAID or (what != "back" and not used.is_valid()):
        return False
    try:
        _do(request, asked, by, what, forms)
    except NotAllowed as refused:
        log.info("advice_refused", request=str(asked.public_id), action=what, reason=refused.reason)
        asked.refresh_from_db(fields=["state", "closed_reason"])
        if what == "back" or asked.state not in WRITABLE:  # the form is not on the page then
            messages.warning(request, refused.reason)
        if what != "back":
            used.add_error(None, refused.reason)
        return False
    return True


def _do(request: HttpRequest, asked: AdviceRequest, by: Adviser, what: str, forms: Forms) -> None:
    if what == "ask":
        data = forms.ask.cleaned_data
        report = forms.ask.reports[data["report"]]
        answering.ask_citizen(asked, by=by, report=report, text=data["text"], due=data["due"])
    elif what == "more":
        answering.ask_more_time(asked, by=by, text=forms.more.cleaned_data["why"])
    elif what == "back":
        answering.take_back(asked, by=by)
    else:
        command = answering.give if what == "give" else answering.save_draft
        command(asked, _content(request, forms.answer), by=by)


def _content(request: HttpRequest, form: AnswerForm) -> Content:
    data = form.cleaned_data
    return Content(
        verdict=data["verdict"],
        reasons=data["reasons"],
        conditions=tuple(data["conditions"].splitlines()),
        file_ids=tuple(kept_files(request)),
    )


def _show(request: HttpRequest, asked: AdviceRequest, forms: Forms, here: str, frame: str) -> HttpResponse:
    draft = answering.draft_of(asked)
    given = answering.given(asked)
    counted = draft or given
    context = {
        "frame": frame,
        "here": here,
        "asked": asked,
        "shared": shared_case(asked),
        "form": forms.answer,
        "ask": forms.ask,
        "more": forms.more,
        "too_late": asked.too_late(clock.today()),
        "draft": draft,
        "given": given,
        "files": list(counted.files.order_by("id")) if counted else [],
        "writable": asked.state in WRITABLE,
        "exchange": [row.question for row in asked.questions.select_related("question__report").order_by("id")],
    }
    failed = bool(forms.answer.errors or forms.ask.errors or forms.more.errors)
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
