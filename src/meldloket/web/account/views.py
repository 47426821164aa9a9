"""Logging in and out with ACM/IDM (B1.2), for citizens and staff through the same client (specs/identity, chapter 1)."""

from __future__ import annotations

import hmac
from typing import Any

import structlog
from django.conf import settings
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from meldloket.people import one_time as links
from meldloket.people.login import NoRights, account_for
from meldloket.people.models import Account
from meldloket.people.ports import Audience, LoginProblem, plugged
from meldloket.web.pages import account_of, page
from meldloket.web.sessions import idle_seconds, touch

log = structlog.get_logger("meldloket.login")
BACKEND = "meldloket.people.login.AccountBackend"
#: Logins that can be under way at once in one browser (tabs); older ones are forgotten.
PENDING = 5


class Elsewhere(HttpResponseRedirect):
    """A redirect to the identity provider."""

    allowed_schemes = ["https", "http"]


def safe_target(target: str | None, audience: str) -> str:
    """Where to go after logging in: an address of our own, else the home of whoever logs in."""
    if target and url_has_allowed_host_and_scheme(target, allowed_hosts=None) and target.startswith("/"):
        return target
    return reverse("my-reports") if audience == "citizen" else reverse("office-home")


@page("public", methods=("GET",))
def choose(request: HttpRequest) -> HttpResponse:
    """The two doors: citizens and staff."""
    return render(request, "account/choose.html", {"terug": request.GET.get("terug", "")})


@page("public", methods=("GET",))
def begin(request: HttpRequest, audience: Audience) -> HttpResponse:
    """Sends the browser to ACM/IDM; state, nonce and verifier stay in the session until it comes back."""
    target = safe_target(request.GET.get("terug"), audience)
    account = account_of(request)
    if account is not None and account.is_staff_account == (audience == "staff"):
        return redirect(target)
    provider = plugged.providers.get(audience)
    if provider is None:
        return problem(request, "provider", audience, 503)
    try:
        asked = provider.begin(_callback(audience))
    except LoginProblem as error:
        log.warning("login_begin_failed", reason=error.reason, detail=error.detail)
        return problem(request, error.reason, audience, 503)
    pending: dict[str, Any] = request.session.get("logins", {})
    pending[asked.state] = {
        "audience": audience,
        "nonce": asked.nonce,
        "verifier": asked.code_verifier,
        "target": target,
    }
    request.session["logins"] = dict(list(pending.items())[-PENDING:])
    return Elsewhere(asked.url)


def _callback(audience: Audience) -> str:
    return settings.BASE_URL + reverse("callback-citizen" if audience == "citizen" else "callback-staff")


@page("public", methods=("GET",))
def come_back(request: HttpRequest, audience: Audience) -> HttpResponse:
    """Back from ACM/IDM: checks that this browser asked, exchanges the code, opens a session under a new id."""
    state = request.GET.get("state", "")
    pending = request.session.get("logins", {})
    known = next((key for key in pending if hmac.compare_digest(key.encode(), state.encode())), None)
    if known is None or pending[known]["audience"] != audience:
        return problem(request, "state", audience, 400)
    asked = pending.pop(known)
    request.session["logins"] = pending
    if "error" in request.GET:
        return problem(request, "denied", audience, 403)
    try:
        identity = plugged.providers[audience].finish(
            request.GET.get("code", ""),
            redirect_uri=_callback(audience),
            nonce=asked["nonce"],
            code_verifier=asked["verifier"],
        )
        account = account_for(identity)
    except LoginProblem as error:
        log.warning("login_failed", reason=error.reason, detail=error.detail)
        return problem(request, error.reason, audience, 403)
    except NoRights:
        log.info("login_without_role", organisation=identity.organisation_code)
        return render(request, "account/no_rights.html", {"organisation": identity.organisation_name}, status=403)
    open_session(request, account)
    return redirect(asked["target"])


def open_session(request: HttpRequest, account: Account) -> None:
    """A fresh session for this account; what an anonymous visitor was filling in stays theirs."""
    drafts = request.session.get("drafts", [])
    if account_of(request) is not None:
        logout(request)
    login(request, account, backend=BACKEND)
    request.session["drafts"] = drafts
    touch(request, force=True)
    log.info("logged_in", account=str(account.public_id), staff=account.is_staff_account)


def problem(request: HttpRequest, reason: str, audience: str, status: int) -> HttpResponse:
    """A page that says what happened in plain words and offers to try again."""
    return render(request, "account/problem.html", {"reason": reason, "audience": audience}, status=status)


@page("public", methods=("GET", "POST"))
def one_time(request: HttpRequest) -> HttpResponse:
    """The first administrator's link. The token stands behind the # and reaches us in the form's body only, so that it
    never lands in a log."""
    if request.method == "POST":
        account = links.use(request.POST.get("token", ""))
        if account is None:
            return render(request, "account/one_time.html", {"invalid": True}, status=403)
        open_session(request, account)
        return redirect("office-home")
    return render(request, "account/one_time.html", {})


@page("session", methods=("POST",))
def log_out(request: HttpRequest) -> HttpResponse:
    """Ends our session and then the one at ACM/IDM."""
    account = account_of(request)
    provider = plugged.providers.get("staff" if account and account.is_staff_account else "citizen")
    logout(request)
    done = settings.BASE_URL + reverse("logged-out")
    if provider is None:
        return redirect(done)
    return Elsewhere(provider.logout_url(done))


@page("session", methods=("POST",))
def switch(request: HttpRequest) -> HttpResponse:
    """Another organisation or capacity: our session ends, the login at ACM/IDM stays."""
    account = account_of(request)
    staff = bool(account and account.is_staff_account)
    provider = plugged.providers.get("staff" if staff else "citizen")
    logout(request)
    back = settings.BASE_URL + reverse("login-staff" if staff else "login-citizen")
    return Elsewhere(provider.switch_url(back)) if provider else redirect(back)


@page("public", methods=("GET",))
def logged_out(request: HttpRequest) -> HttpResponse:
    """What a person sees after logging out, or after the session ended."""
    return render(request, "account/logged_out.html", {"idle": "tijd" in request.GET})


@page("public", methods=("GET", "POST"))
def session(request: HttpRequest) -> JsonResponse:
    """For the warning before the session ends: how many seconds are left; POST keeps it open."""
    account = account_of(request)
    if account is None:
        return JsonResponse({"seconds": 0})
    if request.method == "POST":
        touch(request, force=True)
    left = idle_seconds(account) - (timezone.now().timestamp() - request.session.get("seen", 0))
    return JsonResponse({"seconds": max(0, int(left))})
