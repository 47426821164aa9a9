"""Where other software tells us how it stands with a task that we referred to it (B4.4): signed, once, in any order."""

from __future__ import annotations

import time
from uuid import UUID

import structlog
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from meldloket.actions import referring
from meldloket.actions.models import Referral
from meldloket.connectors.referral.signing import BadSignature, verify
from meldloket.connectors.referral.webhook import BadEvent, read_status
from meldloket.people import api_clients
from meldloket.web.pages import page

from .errors import problem

log = structlog.get_logger(__name__)
MOST_BYTES = 64 * 1024


@csrf_exempt
@page("public", methods=("POST", "PUT"))
def task_status(request: HttpRequest, key: UUID) -> HttpResponse:
    """Takes one CloudEvent. 200 with what we did with it (also the second time), 401 for a wrong signature, 404 for a
    task that is not the caller's, 422 for an event that we can't read."""
    referral = Referral.objects.select_related("task__department", "system").filter(key=key).first()
    secret = api_clients.outbound_of(referral.system.code) if referral else ""
    if referral is None or not secret:
        log.warning("callback_refused", key=str(key), reason="no such task")
        return problem(404, "There is no such task for you")
    length = request.headers.get("Content-Length") or "0"
    if not (length.isascii() and length.isdigit()) or int(length[:12]) > MOST_BYTES:
        return problem(413, "The event is too large", f"At most {MOST_BYTES} bytes.")
    try:
        verify(secret, request.headers, request.body, time.time())
        update = read_status(request.body, key, referral.system.settings)
    except BadSignature as refused:
        log.warning("callback_refused", key=str(key), reason=str(refused))
        return problem(401, "The signature is not right", str(refused))
    except BadEvent as refused:
        log.warning("callback_refused", key=str(key), reason=str(refused))
        return problem(422, "The event can't be read", str(refused))
    row = referring.receive(referral, update)
    return JsonResponse({"fate": row.fate, "state": Referral.objects.values_list("state", flat=True).get(pk=referral.pk)})
