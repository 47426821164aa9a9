"""Structured logs with a request's id and a case's reference, never personal data."""

from __future__ import annotations

import logging
import sys
import time
import uuid
from collections.abc import Callable
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse

from . import env

logger = structlog.get_logger("meldloket.request")


def configure() -> None:
    """JSON lines on standard error, for structlog and for the libraries' own loggers."""
    level = getattr(logging, env.text("MELDLOKET_LOG_LEVEL").upper(), logging.INFO)
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso"),
    ]
    structlog.configure(
        processors=[*shared, structlog.processors.format_exc_info, structlog.processors.JSONRenderer()],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(processor=structlog.processors.JSONRenderer(), foreign_pre_chain=shared)
    )
    logging.basicConfig(level=max(level, logging.WARNING), handlers=[handler], force=True)
    for name in ("django.request", "django.security.csrf"):
        logger_of_django = logging.getLogger(name)
        if not any(isinstance(one, RouteInsteadOfAddress) for one in logger_of_django.filters):
            logger_of_django.addFilter(RouteInsteadOfAddress())


class RouteInsteadOfAddress(logging.Filter):
    """Django names the whole address of a refused request; ours can hold a personal link, so the route stands in for it."""

    def filter(self, record: logging.LogRecord) -> bool:
        match = getattr(getattr(record, "request", None), "resolver_match", None)
        if isinstance(record.args, tuple) and len(record.args) > 1 and hasattr(record, "request"):
            record.args = (*record.args[:-1], match.route if match else "(no such address)")
        return True


class RequestLogMiddleware:
    """One line per request: method, route (never the address itself: it can hold what people typed), status, duration."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = uuid.uuid4().hex[:12]
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request=request_id)
        started = time.perf_counter()
        response = self.get_response(request)
        match = request.resolver_match
        logger.info(
            "request",
            method=request.method,
            route=match.route if match else "",
            status=response.status_code,
            ms=round((time.perf_counter() - started) * 1000, 1),
        )
        response["X-Request-Id"] = request_id
        return response
