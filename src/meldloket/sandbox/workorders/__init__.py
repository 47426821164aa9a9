"""A double of a contractor with a work-order system: De Kasseilegger takes signed webhooks and calls back."""

from .app import create_app

__all__ = ["create_app"]
