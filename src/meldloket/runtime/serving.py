"""The two long-running processes of an installation: the web server and the worker."""

from __future__ import annotations

import asyncio
import os
import signal

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
    """Runs jobs until SIGINT or SIGTERM; the jobs under way are finished first (a second signal ends at once). A database
    that restarts or is away for a while ends procrastinate's worker: a new one takes its place."""
    asyncio.run(_work(concurrency))


async def _work(concurrency: int) -> None:
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    signals = [number for number in (signal.SIGINT, signal.SIGTERM) if signal.getsignal(number) is not signal.SIG_IGN]

    def stop_once() -> None:
        stop.set()
        for number in signals:
            loop.remove_signal_handler(number)

    for number in signals:
        loop.add_signal_handler(number, stop_once)
    asked = asyncio.create_task(stop.wait())
    pause = 0.5
    while not stop.is_set():
        began = loop.time()
        running = asyncio.create_task(_one_worker(concurrency))
        await asyncio.wait({running, asked}, return_when=asyncio.FIRST_COMPLETED)
        if stop.is_set():
            running.cancel()  # procrastinate takes this as a request to finish
        reason = await _end_of(running)
        if stop.is_set():
            return
        log.warning("worker_lost_database", reason=reason)
        pause = 0.5 if loop.time() - began > 60 else min(pause * 2, 10)  # a new outage, or still the same one
        await asyncio.wait({asked}, timeout=pause)


async def _one_worker(concurrency: int) -> None:
    from asgiref.sync import sync_to_async
    from django.db import close_old_connections
    from procrastinate.contrib.django import app

    # Periodic jobs are deferred through Django's own connection, which nobody else would notice to be broken.
    await sync_to_async(close_old_connections)()

    worker = app.with_connector(app.connector.get_worker_connector())  # type: ignore[attr-defined]
    async with worker.open_async():
        await worker.run_worker_async(
            concurrency=concurrency,
            shutdown_graceful_timeout=20,
            listen_notify=True,
            fetch_job_polling_interval=2,
            install_signal_handlers=False,
        )


async def _end_of(running: asyncio.Task[None]) -> str:
    """Why the worker ended: by itself when its listener fails, or by an error. Raises what is no matter of connections."""
    from procrastinate.exceptions import ConnectorException

    try:
        await running
    except asyncio.CancelledError:
        return "stopped"
    except ConnectorException as error:
        return type(error.__cause__ or error).__name__
    return "listener failed"
