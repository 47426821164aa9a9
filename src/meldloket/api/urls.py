"""Addresses for machines: health and metrics."""

from django.urls import include, path

from . import advice, callbacks, health, tokens

urlpatterns = [
    path("gezondheid/leeft/", health.alive, name="health-alive"),
    path("gezondheid/klaar/", health.ready, name="health-ready"),
    path("metrics", health.metrics, name="metrics"),
    path("", include("meldloket.api.open311.urls")),
    path("api/v1/token", tokens.token, name="api-token"),
    path("api/v1/taken/<uuid:key>/stand", callbacks.task_status, name="referral-callback"),
    path("api/v1/", include(advice.urls())),
]
