"""Addresses that everyone may open."""

from django.urls import path

from meldloket.web.styleguide import styleguide

from . import views

urlpatterns = [
    path("toegankelijkheid/", views.accessibility, name="accessibility"),
    path("privacy/", views.privacy, name="privacy"),
    path("stijlgids/", styleguide, name="styleguide"),
    path("favicon.ico", views.icon, name="favicon"),
    path("taal/", views.language, name="set-language"),
]
