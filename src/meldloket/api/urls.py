"""Addresses for machines: health and metrics."""

from django.urls import include, path

from . import advice, health, tokens

urlpatterns = [
    path("gezondheid/leeft/", health.alive, name="health-alive"),
    path("gezondheid/klaar/", health.ready, name="health-ready"),
    path("metrics", health.metrics, name="metrics"),
    path("api/v1/token", tokens.token, name="api-token"),
    path("api/v1/", include(advice.urls())),
]
