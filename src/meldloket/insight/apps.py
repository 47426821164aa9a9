"""Django app of the insight room."""

from __future__ import annotations

from django.apps import AppConfig


class InsightConfig(AppConfig):
    """Counts what happened: the helicopter view, policy, exports and open data."""

    name = "meldloket.insight"
    verbose_name = "Inzicht"
    default_auto_field = "django.db.models.BigAutoField"
