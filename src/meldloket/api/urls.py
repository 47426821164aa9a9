"""Addresses for machines: health and metrics."""

from django.urls import path

from . import health

urlpatterns = [
    path("gezondheid/leeft/", health.alive, name="health-alive"),
    path("gezondheid/klaar/", health.ready, name="health-ready"),
    path("metrics", health.metrics, name="metrics"),
]
