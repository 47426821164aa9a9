"""The double of DOSIS, of its token endpoint and of the notification component, with Mijn Burgerprofiel as its face:
what a municipality uploads is what the citizen of the demonstration sees (specs/dosis-and-mbp, chapter 7)."""

from meldloket.sandbox.dosis.app import create_app

__all__ = ["create_app"]
