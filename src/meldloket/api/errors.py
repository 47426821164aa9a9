"""Errors of the machine interfaces in the form of RFC 9457, so that a partner's software can act on them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from meldloket.web.pages import page

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def problem(status: int, title: str, detail: str = "", **more: Any) -> HttpResponse:
    """A problem document. `title` says what kind of thing is wrong, `detail` what to do about this one."""
    body = {"type": "about:blank", "title": title, "status": status, **({"detail": detail} if detail else {}), **more}
    return JsonResponse(body, status=status, content_type="application/problem+json")


def use_problems(api: NinjaAPI) -> None:
    """Every error of this API becomes a problem document; what was sent is never repeated in it."""

    @api.exception_handler(ValidationError)
    def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
        places = [{"at": ".".join(str(part) for part in row["loc"]), "why": row["msg"]} for row in error.errors]
        return problem(422, "The request is not valid", "Mend the fields named in errors.", errors=places)

    @api.exception_handler(AuthenticationError)
    def unknown(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
        answer = problem(401, "No valid access token", "Get one at /api/v1/token and send it as Bearer.")
        answer["WWW-Authenticate"] = "Bearer"
        return answer

    @api.exception_handler(RequestDataTooBig)
    def too_large(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
        return problem(413, "The request is too large", f"At most {settings.DATA_UPLOAD_MAX_MEMORY_SIZE} bytes.")

    @api.exception_handler(HttpError)
    def refused(request: HttpRequest, error: HttpError) -> HttpResponse:
        return problem(error.status_code, str(error))


@csrf_exempt
@page("public", methods=METHODS)
def nothing_here(request: HttpRequest, rest: str) -> HttpResponse:
    """An address that does not exist, said to a machine in its own form."""
    return problem(404, "There is nothing at this address", "The calls that exist are described at /api/v1/openapi.json.")
