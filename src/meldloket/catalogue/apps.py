"""Makes this room known to Django."""

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "meldloket.catalogue"
    label = "catalogue"
    default_auto_field = "django.db.models.BigAutoField"
