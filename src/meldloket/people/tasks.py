"""Jobs of this room."""

from __future__ import annotations

from procrastinate.contrib.django import app

from . import api_clients


@app.periodic(cron="41 3 * * *")
@app.task(name="clear_spent_tokens", queue="messages", queueing_lock="clear_spent_tokens")
def clear_spent_tokens(timestamp: int = 0) -> None:
    """Forgets revoked tokens and tallies that have ended by themselves."""
    api_clients.clear_spent()
