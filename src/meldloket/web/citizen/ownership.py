"""Whose draft is it: the one place that opens drafts for pages. Anyone else gets 404, an ended session the login, and
what an ended session sent is kept aside until its owner is back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from meldloket.intake import drafts
from meldloket.intake.models import Draft
from meldloket.web.pages import account_of, to_login

ASIDE = "unsent"
MOST_ASIDE = 60_000  # characters of form data kept for somebody whose session ended


def tokens(request: HttpRequest) -> list[str]:
    """The session tokens of drafts that a visitor started without logging in."""
    return list(request.session.get("drafts", []))


def remember(request: HttpRequest, draft: Draft) -> None:
    """This session holds the draft."""
    if draft.session_token:
        request.session["drafts"] = [*tokens(request), draft.session_token][-10:]


def find_draft(request: HttpRequest, draft_id: UUID) -> Draft:
    """The draft of whoever asks. Raises Http404 for anyone else."""
    found = drafts.find(draft_id, account_of(request), tokens(request))
    if found is None:
        raise Http404
    return found


def session_ended(request: HttpRequest, draft_id: UUID) -> HttpResponse | None:
    """For a visitor whose session ended: keeps what was sent and gives the way to the login. None when there is somebody
    logged in (who then gets the draft or 404)."""
    if account_of(request) is not None or drafts.find(draft_id, None, tokens(request)) is not None:
        return None
    if request.method == "POST":
        set_aside(request, draft_id)
    return to_login(request, citizen=True)


def set_aside(request: HttpRequest, draft_id: UUID) -> None:
    """Keeps the sent fields in the session, under the address of the page."""
    fields = {name: values for name, values in request.POST.lists() if name != "csrfmiddlewaretoken"}
    if sum(len(value) for values in fields.values() for value in values) <= MOST_ASIDE:
        request.session[ASIDE] = {"draft": str(draft_id), "path": request.path, "fields": fields}


def take_aside(request: HttpRequest, draft: Draft) -> dict[str, Any] | None:
    """What was set aside for this page, once."""
    kept = request.session.get(ASIDE)
    if kept and kept["draft"] == str(draft.public_id) and kept["path"] == request.path:
        del request.session[ASIDE]
        return dict(kept["fields"])
    return None


def step_url(draft: Draft, slug: str) -> str:
    return reverse("report-step", args=[draft.public_id, slug])
