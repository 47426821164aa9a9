"""The double of MAGDA: GeefPersoon 02.02 and RegistreerInschrijving 02.01 over the citizens of the made-up municipality
(specs/identity-and-registers 2.11)."""

from meldloket.sandbox.magda.app import create_app

__all__ = ["create_app"]
