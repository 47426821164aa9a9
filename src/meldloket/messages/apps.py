"""Makes this room known to Django and lets it listen to the core."""

from django.apps import AppConfig


class MessagesConfig(AppConfig):
    name = "meldloket.messages"
    label = "messaging"  # Django has a "messages" of its own
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from meldloket.cases import erasing, events

        from .erasing import erase
        from .planning import plan
        from .staff import tell_staff

        events.listen(plan)
        events.listen(tell_staff)
        erasing.also_erase(erase)
