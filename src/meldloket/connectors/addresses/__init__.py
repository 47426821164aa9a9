"""Addresses while typing and for a point on the map, from the Flemish geolocation service (docs/connectors/addresses.md).
No keystroke of a citizen leaves the page for a third party: every call goes through here."""

from meldloket.connectors.addresses.client import AddressClient, AddressSettings

__all__ = ["AddressClient", "AddressSettings"]
