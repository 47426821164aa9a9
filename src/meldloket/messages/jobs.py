"""Asking the worker to look at what must be delivered; apart from the tasks, so that planning need not know them."""

from __future__ import annotations

from datetime import timedelta

from procrastinate.contrib.django import app
from procrastinate.types import JSONValue


def defer(pairs: set[tuple[int, str]], *, delay: timedelta | None = None) -> None:
    """Jobs for these (report, channel) pairs, in the caller's transaction; with `delay`, not before."""
    jobs: list[dict[str, JSONValue]] = [{"report_id": report, "channel": channel} for report, channel in sorted(pairs)]
    if not jobs:
        return
    wait = {"seconds": int(delay.total_seconds())} if delay else None
    later = app.configure_task("deliver", queue="messages", schedule_in=wait)
    later.batch_defer(*jobs)
