"""The partner without an account (B2.6): a personal link, a one-time code, and then the same page as everyone."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from meldloket.advice import links
from meldloket.advice.answering import Adviser
from meldloket.advice.links import LinkRefused
from meldloket.advice.models import AdviceLink
from meldloket.web.citizen.forms import TidyField
from meldloket.web.pages import page

from . import answering

#: Where the session remembers for which links a code was given.
OPENED = "advice_links"


class CodeForm(forms.Form):
    """The six digits."""

    code = TidyField(
        max_length=12,
        label="Uw code",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
        error_messages={"required": "Vul de code in die wij u stuurden."},
    )


def _refused(request: HttpRequest, reason: str) -> HttpResponse:
    return render(request, "advice/refused.html", {"reason": reason}, status=404)


def _opened(request: HttpRequest, link: AdviceLink) -> bool:
    return link.pk in request.session.get(OPENED, [])


@page("public")
def enter(request: HttpRequest, token: str) -> HttpResponse:
    """The request itself once a code was given in this session, else the page that asks for one."""
    try:
        link = links.find(token)
    except LinkRefused as refused:
        return _refused(request, refused.reason)
    if not _opened(request, link):
        return redirect("advice-link-code", token=token)
    asked = link.request
    here = reverse("advice-link", args=[token])
    return answering.page_of(request, asked, Adviser(asked.service.name), here, "layouts/citizen.html")


@page("public")
def code(request: HttpRequest, token: str) -> HttpResponse:
    """Sends a code on request, and takes it."""
    try:
        link = links.find(token)
    except LinkRefused as refused:
        return _refused(request, refused.reason)
    form = CodeForm(request.POST if request.POST.get("do") == "check" else None)
    if request.method == "POST" and request.POST.get("do") == "send":
        try:
            links.send_code(link)
        except LinkRefused as refused:
            messages.error(request, refused.reason)
        else:
            messages.success(request, f"Wij stuurden een code naar {links.masked_way(link)}.")
        return redirect("advice-link-code", token=token)
    if request.method == "POST" and form.is_valid():
        try:
            links.check_code(link, form.cleaned_data["code"])
        except LinkRefused as refused:
            form.add_error("code", refused.reason)
        else:
            request.session.cycle_key()
            request.session[OPENED] = [*request.session.get(OPENED, []), link.pk][-20:]
            return redirect("advice-link", token=token)
    context = {"form": form, "asked": link.request, "way": links.masked_way(link), "sent": bool(link.code_digest)}
    return render(request, "advice/code.html", context, status=422 if form.errors else 200)


@page("public", methods=("GET",))
def file(request: HttpRequest, token: str, file_id: UUID) -> HttpResponseBase:
    """A file of the request, for whoever gave the code."""
    try:
        link = links.find(token)
    except LinkRefused as refused:
        return _refused(request, refused.reason)
    if not _opened(request, link):
        return redirect("advice-link-code", token=token)
    return answering.file_of(link.request, file_id, small="klein" in request.GET)
