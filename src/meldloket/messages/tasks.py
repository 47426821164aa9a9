"""Jobs of the worker: small, idempotent, and only saying "look there"; what must happen stands in the rows."""

from __future__ import annotations

from procrastinate.contrib.django import app

from meldloket.cases import conversation

from . import delivering, notices
from .jobs import defer


@app.task(name="deliver", queue="messages")
def deliver(report_id: int, channel: str) -> None:
    """Delivers what waits for one report and channel."""
    delivering.drain(report_id, channel)


@app.periodic(cron="* * * * *")
@app.task(name="sweep", queue="messages", queueing_lock="sweep")
def sweep(timestamp: int = 0) -> None:
    """Defers everything that is due and has lost its job: after an outage, a killed worker, a restored backup."""
    defer(delivering.due())
    for notice_id in notices.due():
        notices.send(notice_id)


@app.task(name="send_notice", queue="messages")
def send_notice(notice_id: int) -> None:
    """Sends one message to an adviser, partner or colleague."""
    notices.send(notice_id)


@app.periodic(cron="*/5 * * * *")
@app.task(name="try_stopped_channels", queue="messages", queueing_lock="try_stopped_channels")
def try_stopped_channels(timestamp: int = 0) -> None:
    """Lets channels go on that were stopped and answer again."""
    delivering.try_stopped_channels()


@app.periodic(cron="* * * * *")
@app.task(name="ask_results", queue="messages", queueing_lock="ask_results")
def ask_results(timestamp: int = 0) -> None:
    """Asks DOSIS what became of uploads."""
    delivering.ask_results()


@app.periodic(cron="0 8 * * *")
@app.task(name="remind", queue="messages", queueing_lock="remind")
def remind(timestamp: int = 0) -> None:
    """Reminds citizens of questions that are due soon."""
    conversation.remind_due_questions()


@app.periodic(cron="*/2 * * * *")
@app.task(name="put_back_stalled", queue="messages", queueing_lock="put_back_stalled", pass_context=True)
async def put_back_stalled(context, timestamp: int = 0) -> None:  # type: ignore[no-untyped-def]
    """Puts jobs of workers that died back in the queue: procrastinate leaves them `doing` by design."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=60):
        await manager.retry_job(job)
