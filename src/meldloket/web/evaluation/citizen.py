"""The citizen evaluates (B8.3): by the personal link in the message, or from "Mijn meldingen"; in a minute, on a phone,
also without JavaScript. What was filled in is kept, and sent once."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from meldloket.cases import clock
from meldloket.cases.lifecycle import NotAllowed
from meldloket.evaluation import answering
from meldloket.evaluation.answering import Incomplete
from meldloket.evaluation.inviting import days_left
from meldloket.evaluation.models import Invitation
from meldloket.evaluation.questions import Answers
from meldloket.web.pages import page

from .filling import sent, shown


def _invited(code: str) -> Invitation:
    rows = Invitation.objects.exclude(state=Invitation.State.PLANNED)
    return get_object_or_404(rows.select_related("version", "report__case__category"), code=code)


def _language(request: HttpRequest, invitation: Invitation) -> str:
    """What the visitor chose; else the language in which they reported."""
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
    return translation.get_language() or "nl" if chosen else invitation.report.language


@never_cache
@page("public")
def fill(request: HttpRequest, code: str) -> HttpResponse:
    """Shows the questions, and takes the answers once."""
    invitation = _invited(code)
    with translation.override(_language(request, invitation)):
        request.LANGUAGE_CODE = translation.get_language()
        if reason := answering.why_not(invitation):
            done = invitation.state == Invitation.State.ANSWERED
            return render(request, "evaluation/ended.html", {"reason": _(reason), "done": done})
        if request.method != "POST":
            return _form(request, invitation, invitation.answers)
        answers = sent(request.POST)
        try:
            answering.submit(invitation, answers)
        except Incomplete as incomplete:
            missing = {question.code: _("Beantwoord deze vraag.") for question in incomplete.questions}
            return _form(request, invitation, answers, missing)
        except NotAllowed as refused:
            return render(request, "evaluation/ended.html", {"reason": _(refused.reason), "done": False})
    return redirect("evaluation-fill", code=code)


def _form(
    request: HttpRequest, invitation: Invitation, answers: Answers, errors: dict[str, str] | None = None
) -> HttpResponse:
    language = translation.get_language() or "nl"
    case = invitation.report.case
    context = {
        "invitation": invitation,
        "reference": invitation.report.reference,
        "category": case.category,
        "questions": shown(answering.questions_of(invitation), answers, language, errors),
        "errors": bool(errors),
        "keeps": reverse("evaluation-keep", args=[invitation.code]),
        "days": days_left(invitation, clock.today()),
        "by_phone": False,
    }
    return render(request, "evaluation/fill.html", context, status=422 if errors else 200)


@page("public", methods=("POST",))
def keep(request: HttpRequest, code: str) -> JsonResponse:
    """Keeps what was filled in so far."""
    try:
        answering.keep(_invited(code), sent(request.POST))
    except NotAllowed:
        return JsonResponse({"saved": False})
    return JsonResponse({"saved": True})
