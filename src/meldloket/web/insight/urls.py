"""Addresses of insight, below /kantoor/inzicht/."""

from django.urls import path

from . import behind, export, helicopter, places, policy, views, year

urlpatterns = [
    path("", helicopter.overview_page, name="insight"),
    path("meldingen/", behind.behind_page, name="insight-behind"),
    path("op-de-kaart/", places.map_page, name="insight-map"),
    path("kaart/", places.data, name="insight-places"),
    path("overzichten/bewaren/", views.keep, name="insight-view-keep"),
    path("overzichten/<int:view_id>/verwijderen/", views.forget, name="insight-view-delete"),
    path("meenemen/", export.export_page, name="insight-export"),
    path("meenemen/bestand/", export.export_file, name="insight-export-file"),
    path("meenemen/<uuid:key>/voortgang/", export.export_progress, name="insight-export-progress"),
    path("beleid/", policy.policy_page, name="insight-policy"),
    path("jaarverslag/", year.year_page, name="insight-year"),
]
