"""Uploads looked at by ClamAV."""

from .clamd import Clamd

__all__ = ["Clamd"]
