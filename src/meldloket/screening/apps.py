"""Makes this room known to Django and lets it listen to the core."""

from django.apps import AppConfig


class ScreeningConfig(AppConfig):
    name = "meldloket.screening"
    label = "screening"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from meldloket.cases import erasing, events

        from .erasing import erase
        from .learning import learn_from

        events.listen(learn_from)
        erasing.also_erase(erase)
