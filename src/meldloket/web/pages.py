"""The door of every page: who may open it, said beside the view and checked before anything else happens."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from meldloket.people.models import Account
from meldloket.people.permissions import PERMISSIONS, allows, for_citizens, only_advises
from meldloket.people.roles import Actor

View = Callable[..., HttpResponseBase]


def account_of(request: HttpRequest) -> Account | None:
    """Who is logged in, None for a visitor."""
    user = getattr(request, "user", None)
    return user if isinstance(user, Account) else None


def actor_of(request: HttpRequest) -> Actor:
    """Whoever acts. Only for pages whose permission demands a session."""
    account = account_of(request)
    if account is None:
        raise PermissionDenied
    return account.actor


def page(permission: str, *, methods: tuple[str, ...] = ("GET", "POST")) -> Callable[[View], View]:
    """Declares a view's permission. A visitor is sent to the login and comes back; somebody without the right gets 403 (an
    adviser who guesses the address of some case, request, file or person gets 404); a method that the page does not have
    gets 405. A page about a *case* raises Http404 itself for a stranger to it."""
    if permission not in PERMISSIONS:
        raise KeyError(permission)

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method not in (*methods, "HEAD", "OPTIONS"):
                response = HttpResponse(status=405)
                response["Allow"] = ", ".join(methods)
                return response
            account = account_of(request)
            if not allows(account.actor if account else None, permission):
                if account is None:
                    return to_login(request, citizen=for_citizens(permission))
                if kwargs and only_advises(account.actor):
                    raise Http404
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]
        return guarded

    return decorate


def to_login(request: HttpRequest, *, citizen: bool) -> HttpResponse:
    """To the right login, and back here afterwards. A half-sent form is not lost: the draft is on the server, and the
    page asks again with what was kept."""
    name = "login-citizen" if citizen else "login-staff"
    target = request.get_full_path() if request.method in ("GET", "HEAD") else request.META.get("HTTP_REFERER", "/")
    if not target.startswith("/"):
        target = target.removeprefix(settings.BASE_URL) if target.startswith(settings.BASE_URL + "/") else "/"
    if request.headers.get("HX-Request"):
        response = HttpResponse(status=204)
        response["HX-Redirect"] = f"{reverse(name)}?{urlencode({'terug': target})}"
        return response
    return redirect(f"{reverse(name)}?{urlencode({'terug': target})}")
