"""The minutes package (specs/decisions): handing agenda items over, and checking what comes back signed."""

from .client import MinutesClient, MinutesSettings
from .download import DownloadPackage
from .signatures import PadesChecker, Signatories

__all__ = ["DownloadPackage", "MinutesClient", "MinutesSettings", "PadesChecker", "Signatories"]
