"""The client of the notification component, which fills the bell of Mijn Burgerprofiel (specs/dosis-and-mbp, 5)."""

from meldloket.connectors.mbp.client import MbpChannel, MbpSettings

__all__ = ["MbpChannel", "MbpSettings"]
