"""A double of a network operator that speaks Open311 GeoReport v2: Netbeheer Leiestroom."""

from .app import create_app

__all__ = ["create_app"]
