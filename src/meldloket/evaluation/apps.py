"""Makes this room known to Django and lets it listen to the core."""

from django.apps import AppConfig


class EvaluationConfig(AppConfig):
    name = "meldloket.evaluation"
    label = "evaluation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from meldloket.cases import erasing, events

        from .erasing import erase
        from .inviting import follow_case

        events.listen(follow_case)
        erasing.also_erase(erase)
