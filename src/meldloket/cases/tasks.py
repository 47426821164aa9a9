"""What runs every night in the core."""

from __future__ import annotations

from procrastinate.contrib.django import app

from . import erasing


@app.periodic(cron="10 2 * * *")
@app.task(name="erase_personal_data", queue="messages", queueing_lock="erase_personal_data")
def erase_personal_data(timestamp: int = 0) -> None:
    """Erases the personal data of cases whose term is over."""
    erasing.erase_due()
