"""Addresses of insight, below /kantoor/inzicht/."""

from django.urls import path

from . import helicopter

urlpatterns = [
    path("", helicopter.overview_page, name="insight"),
]
