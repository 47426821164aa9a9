"""What runs every morning: invitations, the one reminder, and the end of the term."""

from __future__ import annotations

from procrastinate.contrib.django import app

from . import inviting


@app.periodic(cron="0 9 * * *")
@app.task(name="evaluations", queue="messages", queueing_lock="evaluations")
def evaluations(timestamp: int = 0) -> None:
    """Sends what is due, reminds once, ends what is over."""
    inviting.expire()
    inviting.send_due()
    inviting.remind_due()
