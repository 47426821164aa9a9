"""Makes this room known to Django."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "meldloket.web"
    label = "web"
    default_auto_field = "django.db.models.BigAutoField"
