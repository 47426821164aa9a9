"""An Open311 system of a network operator that does not exist, "Netbeheer Leiestroom": GeoReport v2 for machines, and a
page on which a person plays the operator."""

from meldloket.sandbox.open311.app import create_app

__all__ = ["create_app"]
