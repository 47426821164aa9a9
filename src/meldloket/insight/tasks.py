"""What the insight room does by the clock: counting what changed, also when nobody looks, mailing kept views, looking
for unusual rises."""

from __future__ import annotations

from procrastinate.contrib.django import app

from . import keeping, mailing, rises
from .exports import taking
from .opendata import publishing


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


@app.periodic(cron="17 4 * * *")
@app.task(name="insight_forget_exports", queue="messages", queueing_lock="insight_forget_exports")
def forget_exports(timestamp: int = 0) -> None:
    """Forgets how far files of days ago were."""
    taking.forget_old()


@app.periodic(cron="23 4 * * *")
@app.task(name="insight_open_data", queue="insight", queueing_lock="insight_open_data")
def open_data(timestamp: int = 0) -> None:
    """Puts a month in the open data on the night after it is due, and what was missed before."""
    publishing.publish_due()


@app.periodic(cron="30 7 * * *")
@app.task(name="insight_rises", queue="messages", queueing_lock="insight_rises")
def look_for_rises(timestamp: int = 0) -> None:
    """Every morning the seven days up to yesterday: always a whole week, and a rise is told the day after it shows."""
    rises.check()
