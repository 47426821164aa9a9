"""Plugs the connectors into the ports when Django is ready."""

from django.apps import AppConfig


class RuntimeConfig(AppConfig):
    name = "meldloket.runtime"
    label = "runtime"

    def ready(self) -> None:
        from .wiring import plug

        plug()
