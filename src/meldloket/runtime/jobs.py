"""The jobs that the worker does by the clock, for an administrator who does not want to wait for it."""

from __future__ import annotations

from datetime import UTC, datetime

from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued


class NoSuchJob(Exception):
    """There is no job of that name."""


def jobs() -> list[tuple[str, str]]:
    """(name, cron line in UTC) of every job, by name."""
    rows = app.periodic_registry.periodic_tasks.values()
    return sorted((row.task.name, row.cron) for row in rows)


def start(name: str) -> bool:
    """Puts the job in the queue; False when it waited there already. Raises NoSuchJob."""
    row = next((row for row in app.periodic_registry.periodic_tasks.values() if row.task.name == name), None)
    if row is None:
        raise NoSuchJob(f"There is no job {name!r}. Choose from: {', '.join(known for known, _ in jobs())}.")
    try:
        row.task.defer(timestamp=int(datetime.now(UTC).timestamp()))
    except AlreadyEnqueued:
        return False
    return True
