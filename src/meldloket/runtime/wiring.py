"""Which connector serves which port, from the settings; one place, so that a reader sees the whole edge at once."""

from __future__ import annotations


def plug() -> None:
    """Fills the ports. Without an address in the settings a port stays empty and the product goes on without it."""
