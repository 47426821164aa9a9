"""Addresses of insight, below /kantoor/inzicht/."""

from django.urls import path

from . import behind, helicopter, places, views

urlpatterns = [
    path("", helicopter.overview_page, name="insight"),
    path("meldingen/", behind.behind_page, name="insight-behind"),
    path("op-de-kaart/", places.map_page, name="insight-map"),
    path("kaart/", places.data, name="insight-places"),
    path("overzichten/bewaren/", views.keep, name="insight-view-keep"),
    path("overzichten/<int:view_id>/verwijderen/", views.forget, name="insight-view-delete"),
]
