"""The double of a minutes package: agenda, decision, real signatures, and handing back (specs/decisions 3)."""

from .app import create_app

__all__ = ["create_app"]
