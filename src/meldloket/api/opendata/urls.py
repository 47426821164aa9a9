"""Addresses of the open data; the page about them is web.public."""

from django.urls import path

from . import catalogue, files

urlpatterns = [
    path("open-data/meldingen.csv", files.csv_file, name="open-data-csv"),
    path("open-data/meldingen.geojson", files.geojson_file, name="open-data-geojson"),
    path("open-data/catalogus.<slug:suffix>", catalogue.describe, name="open-data-catalogue"),
]
