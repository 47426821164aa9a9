"""Jobs of this room: handing over, and telling that something was withdrawn."""

from __future__ import annotations

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from . import calendar, commands, publishing


@app.task(name="hand_over_proposal", queue="messages")
def hand_over_proposal(proposal_id: int) -> None:
    """One attempt to hand a proposal over."""
    commands.deliver(proposal_id)


@app.task(name="withdraw_proposal", queue="messages", retry=RetryStrategy(max_attempts=8, exponential_wait=4))
def withdraw_proposal(proposal_id: int) -> None:
    """Tells the minutes package that a proposal is gone."""
    commands.tell_withdrawn(proposal_id)


@app.periodic(cron="* * * * *")
@app.task(name="hand_over_proposals", queue="messages", queueing_lock="hand_over_proposals")
def hand_over_proposals(timestamp: int = 0) -> None:
    """Takes up what waits for another attempt."""
    for proposal_id in commands.due():
        commands.deliver(proposal_id)


@app.periodic(cron="*/5 * * * *")
@app.task(name="publish_decisions", queue="messages", queueing_lock="publish_decisions")
def publish_decisions(timestamp: int = 0) -> None:
    """Makes public what was confirmed and whose day has come."""
    for publication_id in publishing.due():
        publishing.publish(publication_id)


@app.periodic(cron="17 5 * * *")
@app.task(name="fetch_meetings", queue="messages", queueing_lock="fetch_meetings")
def fetch_meetings(timestamp: int = 0) -> None:
    """Takes in the meetings of the minutes package, once a day."""
    calendar.fetch()
