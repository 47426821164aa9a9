"""Is it alive, is it ready, how much goes on: for a load balancer and for monitoring. Never personal data."""

from __future__ import annotations

from django.db import DatabaseError, connection
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, JsonResponse
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest

from meldloket.messages.models import Delivery
from meldloket.web.pages import page


@page("public", methods=("GET",))
def alive(request: HttpRequest) -> JsonResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


@page("public", methods=("GET",))
def ready(request: HttpRequest) -> JsonResponse:
    """The process answers and the database does too; 503 otherwise."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"status": "database unreachable"}, status=503)
    return JsonResponse({"status": "ok"})


@page("public", methods=("GET",))
def metrics(request: HttpRequest) -> HttpResponse:
    """Deliveries by channel and state, in Prometheus's form."""
    registry = CollectorRegistry()
    gauge = Gauge("meldloket_deliveries", "Deliveries not yet delivered", ["channel", "state"], registry=registry)
    unfinished = Delivery.objects.filter(state__in=["waiting", "sending", "parked"])
    for row in unfinished.values("channel", "state").annotate(n=Count("id")):
        gauge.labels(row["channel"], row["state"]).set(row["n"])
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
