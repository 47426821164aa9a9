"""Housekeeping of what was never sent."""

from __future__ import annotations

from procrastinate.contrib.django import app

from . import drafts


@app.periodic(cron="20 3 * * *")
@app.task(name="sweep_drafts", queue="intake", queueing_lock="sweep_drafts")
def sweep_drafts(timestamp: int = 0) -> None:
    """Removes drafts that were left alone too long, and their files."""
    drafts.sweep()
