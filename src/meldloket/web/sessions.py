"""Sessions end after idle time, shorter for citizens than for staff, and at the latest after four or ten hours
(specs/identity 1.7). What was being filled in is a draft on the server and waits."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from meldloket.people.models import Account

#: The moment of the last request is written at most this often (seconds): a page that only reads stays without a write.
WRITE_EVERY = 60
LONGEST = {True: 10 * 3600, False: 4 * 3600}  # by is_staff_account


def idle_seconds(account: Account) -> int:
    """After how many seconds without a request this account's session ends."""
    return settings.SESSION_STAFF_SECONDS if account.is_staff_account else settings.SESSION_CITIZEN_SECONDS


def touch(request: HttpRequest, *, force: bool = False) -> None:
    """Notes that the person is still there. The page's own polling does not count: it does not call this."""
    now = timezone.now().timestamp()
    if force or now - request.session.get("seen", 0) > WRITE_EVERY:
        request.session["seen"] = now
        request.session.setdefault("since", now)


class SessionAgeMiddleware:
    """Ends a session that was idle too long or lasted too long, before the view runs."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # A visitor without a session cookie costs no query.
        if settings.SESSION_COOKIE_NAME in request.COOKIES and "_auth_user_id" in request.session:
            account = request.user
            if isinstance(account, Account):
                now = timezone.now().timestamp()
                idle = now - request.session.get("seen", now)
                lasted = now - request.session.get("since", now)
                if idle > idle_seconds(account) or lasted > LONGEST[account.is_staff_account]:
                    logout(request)
                elif request.path != "/sessie/":
                    touch(request)
        return self.get_response(request)
