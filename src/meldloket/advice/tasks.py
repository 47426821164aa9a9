"""Periodic work of this room."""

from __future__ import annotations

from procrastinate.contrib.django import app

from .commands import remind


@app.periodic(cron="15 7 * * *")
@app.task(name="remind_advisers", queue="messages", queueing_lock="remind_advisers")
def remind_advisers(timestamp: int = 0) -> None:
    """Reminds services of terms, and handlers of terms that have passed."""
    remind()
