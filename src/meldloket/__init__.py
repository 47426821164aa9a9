"""Meldloket: a Flemish municipality handles citizens' reports (*meldingen*) as cases, the whole way."""

__version__ = "0.1.0"
