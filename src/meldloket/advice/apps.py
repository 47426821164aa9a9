"""Makes this room known to Django."""

from django.apps import AppConfig


class AdviceConfig(AppConfig):
    name = "meldloket.advice"
    label = "advice"
    default_auto_field = "django.db.models.BigAutoField"
