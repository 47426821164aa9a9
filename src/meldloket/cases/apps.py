"""Makes this room known to Django."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "meldloket.cases"
    label = "cases"
    default_auto_field = "django.db.models.BigAutoField"
