"""The client of DOSIS: its token, its uploads, and what it says of them afterwards (specs/dosis-and-mbp, 2 and 3)."""

from meldloket.connectors.dosis.calls import ApiSettings
from meldloket.connectors.dosis.client import DosisChannel, DosisSettings

__all__ = ["ApiSettings", "DosisChannel", "DosisSettings"]
