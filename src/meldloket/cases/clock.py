"""The one clock of the product: tests move it, everything asks it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from django.utils import timezone

_now: Callable[[], datetime] = timezone.now


def now() -> datetime:
    """The moment, aware, in UTC."""
    return _now()


def today() -> date:
    """The day in the municipality's time zone (Europe/Brussels)."""
    return timezone.localtime(now()).date()


def set_clock(source: Callable[[], datetime] | None) -> Callable[[], datetime]:
    """Puts another clock in place (tests, the demonstration's past); None puts the real one back. Gives the one before."""
    global _now
    before, _now = _now, source or timezone.now
    return before
