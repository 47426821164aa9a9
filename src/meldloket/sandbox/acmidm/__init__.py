"""The double of ACM/IDM, the identity provider of the Flemish government for citizens and staff: an OpenID provider that
checks what the real one checks (specs/identity-and-registers, chapter 1)."""

from meldloket.sandbox.acmidm.app import create_app

__all__ = ["create_app"]
