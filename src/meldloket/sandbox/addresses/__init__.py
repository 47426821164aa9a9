"""The double of the Flemish address services and base map, over the made-up town of Lindekerke that grows in memory
from one seed (specs/identity-and-registers §4)."""

from meldloket.sandbox.addresses.app import create_app

__all__ = ["create_app"]
