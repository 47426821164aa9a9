"""The minutes package (specs/decisions): handing agenda items over, and checking what comes back signed."""

from .client import MinutesClient, MinutesSettings
from .signatures import PadesChecker, Signatories

__all__ = ["MinutesClient", "MinutesSettings", "PadesChecker", "Signatories"]
