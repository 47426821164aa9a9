"""The work-order software of a contractor that does not exist, "Aannemer De Kasseilegger": receives signed events, lets a
person accept, refuse, start and finish, and calls back with signed events of its own."""

from meldloket.sandbox.workorders.app import create_app

__all__ = ["create_app"]
