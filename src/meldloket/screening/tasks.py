"""The worker's part of learning: what handlers corrected is in the model minutes later."""

from __future__ import annotations

from procrastinate.contrib.django import app

from . import learning


@app.periodic(cron="*/10 * * * *")
@app.task(name="learn", queue="screening", queueing_lock="learn")
def learn(timestamp: int = 0) -> None:
    """Trains anew when there are corrections that the model does not know."""
    learning.relearn()
