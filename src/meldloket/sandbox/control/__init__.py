"""The start page of the demonstration: the way to every part, and the switches that make the outside world fail.

It turns the doubles' own switches over HTTP, as a test does, so what it shows is what they will do."""

from meldloket.sandbox.control.app import create_app

__all__ = ["create_app"]
