"""Makes this room known to Django."""

from django.apps import AppConfig


class MessagesConfig(AppConfig):
    name = "meldloket.messages"
    label = "messaging"  # Django has a "messages" of its own
    default_auto_field = "django.db.models.BigAutoField"
