"""Helicopter views that somebody keeps: under a name, shared with colleagues, mailed to them every week or month."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from meldloket.insight import mailing
from meldloket.insight.chosen import Chosen
from meldloket.insight.models import Overview
from meldloket.people.models import Account
from meldloket.people.permissions import PERMISSIONS
from meldloket.web.pages import account_of, page

MOST = 50


def context(account: Account | None, chosen: Chosen) -> dict[str, Any]:
    """What the page shows of kept views: one's own and those that colleagues share, and whom a view can be mailed to."""
    mine = Q(owner=account) | Q(shared=True)
    rows = Overview.objects.filter(mine).select_related("owner").prefetch_related("readers").order_by("name", "pk")[:MOST]
    return {"kept": list(rows), "kept_query": chosen.query(), "mails": Overview.Mail.choices, "colleagues": colleagues()}


def colleagues() -> list[Account]:
    """Everybody who may open the helicopter view."""
    roles = list(PERMISSIONS["insight.view"] or ())
    rows = Account.objects.filter(is_staff_account=True, is_active=True, roles__overlap=roles)
    return list(rows.only("id", "first_name", "last_name").order_by("first_name", "last_name")[:500])


@page("insight.view", methods=("POST",))
def keep(request: HttpRequest) -> HttpResponse:
    """Keeps the filters of the page under a name; the same name again changes that view."""
    account = account_of(request)
    chosen = Chosen.read(QueryDict(request.POST.get("query", "")[:1000]))
    name = " ".join(request.POST.get("name", "").split())[:80]
    back = f"{reverse('insight')}?{chosen.query()}"
    if account is None or not name:
        messages.error(request, "Geef het overzicht een naam.")
        return redirect(back)
    mail = request.POST.get("mail", "")
    readers = [int(row) for row in request.POST.getlist("readers") if row.isdecimal() and len(row) < 12]
    mailing.keep(
        account,
        name,
        chosen,
        shared="shared" in request.POST,
        mail=mail if mail in Overview.Mail.values else Overview.Mail.NEVER,
        readers=[row for row in colleagues() if row.pk in readers],
    )
    messages.success(request, f"Overzicht “{name}” is bewaard.")
    return redirect(back)


@page("insight.view", methods=("POST",))
def forget(request: HttpRequest, view_id: int) -> HttpResponse:
    """Removes one's own view; nobody gets it by mail any more."""
    get_object_or_404(Overview, pk=view_id, owner=account_of(request)).delete()
    messages.success(request, "Het overzicht is verwijderd.")
    return redirect("insight")
