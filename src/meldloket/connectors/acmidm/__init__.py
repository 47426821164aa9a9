"""Login through ACM/IDM with OpenID Connect, for citizens and for staff (specs/identity-and-registers, chapter 1)."""

from meldloket.connectors.acmidm.client import AcmIdm
from meldloket.connectors.acmidm.settings import AcmIdmSettings

__all__ = ["AcmIdm", "AcmIdmSettings"]
