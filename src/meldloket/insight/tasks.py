"""What the insight room does by the clock: counting what changed, also when nobody looks, and mailing kept views."""

from __future__ import annotations

from procrastinate.contrib.django import app

from . import keeping, mailing


@app.periodic(cron="* * * * *")
@app.task(name="insight_refresh", queue="insight", queueing_lock="insight_refresh")
def refresh(timestamp: int = 0) -> None:
    """Counts again what changed, so that a page never waits for much."""
    keeping.refresh_all()


@app.periodic(cron="30 6 * * *")
@app.task(name="insight_mail", queue="messages", queueing_lock="insight_mail")
def mail(timestamp: int = 0) -> None:
    """Kept views that are due."""
    mailing.send_due()
