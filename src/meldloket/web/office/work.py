"""One click on the case page that makes an action of an adviser's condition."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from meldloket.actions.commands import Plan, add_action
from meldloket.advice.models import AdviceAnswer
from meldloket.cases.lifecycle import NotAllowed
from meldloket.people.permissions import allows
from meldloket.web.pages import actor_of, page

from .case import find_case
from .case_parts import condition_source


@page("case.view", methods=("POST",))
def from_condition(request: HttpRequest, reference: str, answer_id: int, place: int) -> HttpResponse:
    """The condition becomes an action in preparation; a second click changes nothing (B3.4)."""
    case = find_case(request, reference)
    if not allows(actor_of(request), "case.handle"):
        raise PermissionDenied
    answer = AdviceAnswer.objects.filter(pk=answer_id, request__case=case).select_related("request__service").first()
    if answer is None or place >= len(answer.conditions):
        raise Http404
    if case.department is None:
        messages.warning(request, "Wijs de melding eerst aan een dienst toe.")
        return redirect("case", reference=case.reference)
    text = answer.conditions[place]
    plan = Plan(
        title=text[:150],
        description=text if len(text) > 150 else "",
        department=case.department,
        why=f"Voorwaarde in het advies van {answer.request.service.name}",
    )
    try:
        add_action(case, plan, by=actor_of(request), source=condition_source(answer, place))
    except NotAllowed as refused:
        messages.warning(request, refused.reason)
    else:
        messages.success(request, "De voorwaarde staat nu bij de acties.")
    return redirect("case", reference=case.reference)
