"""The client of MAGDA: name and address from the national register, for who reports (specs/identity-and-registers 2)."""

from meldloket.connectors.magda.client import Magda, MagdaSettings

__all__ = ["Magda", "MagdaSettings"]
