"""Makes this room known to Django."""

from django.apps import AppConfig


class AdviceConfig(AppConfig):
    name = "meldloket.advice"
    label = "advice"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from meldloket.cases import closing, grouping

        from .access import open_parts, why_not_emptied

        grouping.ask_before_emptying(why_not_emptied)
        closing.ask_before_closing(open_parts)
