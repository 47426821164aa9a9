"""The two long-running processes of an installation: the web server and the worker."""

from __future__ import annotations

import itertools
import os
import time

import structlog

log = structlog.get_logger("meldloket.worker")

#: Set for the worker processes of `serve`, which end with their parent (runtime.wsgi).
OUR_WORKER = "MELDLOKET_SERVED"


def serve(host: str, port: int, processes: int, threads: int) -> None:
    """Serves the WSGI application until SIGINT or SIGTERM. Sync Django under ASGI measured twenty times slower
    (docs/adr/0003), so granian's WSGI interface it is."""
    from granian import Granian
    from granian.constants import Interfaces

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "meldloket.runtime.settings")
    os.environ[OUR_WORKER] = "1"
    Granian(
        "meldloket.runtime.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=processes,
        # Every thread opens a database connection: the default number would open hundreds.
        blocking_threads=threads,
        backpressure=max(threads * 8, 64),
        respawn_failed_workers=True,
        # A browser that keeps its connection open must not keep a server that was told to stop.
        workers_kill_timeout=8,
        log_enabled=True,
    ).serve()


def work(concurrency: int) -> None:
    """Runs jobs until SIGINT or SIGTERM; the jobs under way are finished first. A database that restarts or is away for a
    while ends procrastinate's worker: a new one takes its place, as long as nobody asked us to stop."""
    from procrastinate.contrib.django import app
    from procrastinate.exceptions import ConnectorException

    pauses = itertools.chain((0.5, 1, 2, 5), itertools.repeat(10))
    while True:
        began = time.monotonic()
        worker = app.with_connector(app.connector.get_worker_connector())  # type: ignore[attr-defined]
        try:
            return worker.run_worker(
                concurrency=concurrency, shutdown_graceful_timeout=20, listen_notify=True, fetch_job_polling_interval=2
            )
        except ConnectorException as error:
            log.warning("worker_lost_database", error=type(error.__cause__ or error).__name__)
        if time.monotonic() - began > 60:  # it ran well: another outage than the one before
            pauses = itertools.chain((0.5, 1, 2, 5), itertools.repeat(10))
        time.sleep(next(pauses))
