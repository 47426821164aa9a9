"""Makes this room known to Django."""

from django.apps import AppConfig


class ActionsConfig(AppConfig):
    name = "meldloket.actions"
    label = "actions"
    default_auto_field = "django.db.models.BigAutoField"
