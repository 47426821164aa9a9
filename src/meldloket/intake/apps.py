"""Makes this room known to Django."""

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "meldloket.intake"
    label = "intake"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from meldloket.cases import erasing

        from .erasing import erase

        erasing.also_erase(erase)
