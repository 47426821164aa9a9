"""Pages that every public service owes its visitors: accessibility, privacy, and the choice of language."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.utils.http import url_has_allowed_host_and_scheme

from meldloket.web.pages import page


@page("public", methods=("GET",))
def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement."""
    return render(request, "public/accessibility.html")


@page("public", methods=("GET",))
def privacy(request: HttpRequest) -> HttpResponse:
    """What is done with personal data, in plain words."""
    return render(request, "public/privacy.html")


@page("public", methods=("GET",))
def icon(request: HttpRequest) -> HttpResponse:
    """Browsers ask for this address by themselves, whatever the page says."""
    return redirect(static("meldloket/favicon.svg"), permanent=True)


@page("public", methods=("POST",))
def language(request: HttpRequest) -> HttpResponse:
    """Another language for the pages; kept in a cookie, so that it also holds before logging in."""
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts=None) or not target.startswith("/"):
        target = "/"
    answer = redirect(target)
    code = request.POST.get("language", "")
    if code in dict(settings.LANGUAGES):
        answer.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            code,
            max_age=365 * 24 * 3600,
            samesite="Lax",
            secure=settings.HTTPS,
            httponly=True,
        )
    return answer
