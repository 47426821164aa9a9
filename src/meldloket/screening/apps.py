"""Makes this room known to Django."""

from django.apps import AppConfig


class ScreeningConfig(AppConfig):
    name = "meldloket.screening"
    label = "screening"
    default_auto_field = "django.db.models.BigAutoField"
