"""Opening protected data asks for a purpose and is logged; the log has its page."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from meldloket.people import access as protected_access
from meldloket.people import protect
from meldloket.people.models import AccessLog
from meldloket.web.pages import account_of, page

from .case import find_case

PAGE = 100


@page("protected.open")
def open_number(request: HttpRequest, reference: str) -> HttpResponse:
    """Shows a reporter's national number once, after the purpose was given; nothing of it is kept in the page's address."""
    case = find_case(request, reference)
    report = case.reports.select_related("reporter__number").order_by("id").first()
    number = report.reporter.number if report and report.reporter else None
    account = account_of(request)
    if number is None or account is None or report is None:
        raise Http404
    purpose = request.POST.get("purpose", "")
    context: dict[str, Any] = {"case": case, "purpose": purpose}
    if request.method == "POST":
        try:
            context["number"] = protected_access.open_number(
                number, by=account, purpose=purpose, reference=report.reference
            )
        except protected_access.PurposeMissing:
            context["error"] = "Schrijf waarvoor u het rijksregisternummer nodig hebt."
        except protect.UnreadableNumber:
            messages.error(request, "Het nummer kan niet geopend worden: de sleutel ontbreekt. Meld dit aan de beheerder.")
            return redirect("case", reference=case.reference)
    answer = render(request, "office/number.html", context, status=422 if "error" in context else 200)
    answer["Cache-Control"] = "no-store"
    return answer


@page("access_log.view", methods=("GET",))
def access_log(request: HttpRequest) -> HttpResponse:
    """Who looked up or opened what, about which report, why and when; never the content."""
    rows = AccessLog.objects.defer("subject_ciphertext").order_by("-pk")
    after = request.GET.get("na", "")
    if after.isdigit() and len(after) < 18:
        rows = rows.filter(pk__lt=int(after))
    if action := request.GET.get("actie", "").strip():
        rows = rows.filter(action=action[:40])
    found = list(rows[: PAGE + 1])
    context = {"rows": found[:PAGE], "older": found[PAGE - 1].pk if len(found) > PAGE else None, "action": action}
    return render(request, "office/access_log.html", context)
