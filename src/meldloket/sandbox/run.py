"""Runs the whole outside world in one process: every double on its own port, the mail server, and the control page.

The ports are taken before anything starts, so that a port in use is one clear sentence and nothing half-started."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import logging
import signal
import socket
from collections.abc import AsyncIterator, Callable
from typing import Any

import uvicorn

from meldloket.sandbox.config import OFFSETS, SandboxConfig
from meldloket.sandbox.postbox.smtp import start_smtp

#: The doubles that answer over HTTP, in the order in which the control page shows them.
DOUBLES = ("acmidm", "magda", "dosis", "postbox", "addresses", "open311", "workorders", "minutes")
#: Open calls (a double that hangs on purpose) get this long when the sandbox stops.
GRACE_SECONDS = 1


class PortInUse(Exception):
    """Somebody else listens there; the message says it in one sentence."""

    def __init__(self, part: str, port: int) -> None:
        super().__init__(
            f"Port {port}, meant for {part} of the sandbox, is already in use: stop the program that listens there"
            f" or choose another --base-port."
        )
        self.part, self.port = part, port


class _Server(uvicorn.Server):
    """A uvicorn server among several in one process: the runner listens to signals, not each of them."""

    @contextlib.contextmanager
    def capture_signals(self) -> Any:
        yield


def load_app(name: str, config: SandboxConfig) -> Any:
    """The ASGI application of a double, from `create_app` of its package or of the package's module `app`."""
    package = importlib.import_module(f"meldloket.sandbox.{name}")
    if not hasattr(package, "create_app"):
        package = importlib.import_module(f"meldloket.sandbox.{name}.app")
    return package.create_app(config)


def take_ports(config: SandboxConfig) -> dict[str, socket.socket]:
    """A bound socket for every part. Raises PortInUse for the first that is taken, and then holds none."""
    taken: dict[str, socket.socket] = {}
    for part in OFFSETS:
        # Named as TCP, or asyncio leaves Nagle on and every answer waits 40 ms for an acknowledgement.
        sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a restart need not wait for old connections
        try:
            sock.bind((config.host, config.port(part)))
            sock.listen(128)
        except OSError as error:
            for other in (sock, *taken.values()):
                other.close()
            raise PortInUse(part, config.port(part)) from error
        sock.setblocking(False)
        taken[part] = sock
    return taken


async def serve(config: SandboxConfig, *, ready: Callable[[], None] = lambda: None) -> None:
    """Runs until SIGTERM or SIGINT; calls `ready` once, when every part answers.

    Raises PortInUse before anything has started."""
    if config.data_dir:
        config.data_dir.mkdir(parents=True, exist_ok=True)
    sockets = take_ports(config)
    stop = asyncio.Event()
    try:
        apps = {name: load_app(name, config) for name in ("control", *DOUBLES)}
        with _signals(stop):
            async with _mail(config, apps["postbox"], sockets["smtp"]), _http(apps, sockets, stop):
                if not stop.is_set():
                    ready()
                await stop.wait()
    finally:
        for sock in sockets.values():
            sock.close()


@contextlib.contextmanager
def _signals(stop: asyncio.Event) -> Any:
    loop = asyncio.get_running_loop()
    for one in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(one, stop.set)
    try:
        yield
    finally:
        for one in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(one)


@contextlib.asynccontextmanager
async def _mail(config: SandboxConfig, postbox: Any, sock: socket.socket) -> AsyncIterator[None]:
    server = await start_smtp(config, postbox.state.store, postbox.state.faults, sock=sock)
    try:
        yield
    finally:
        server.close()


@contextlib.asynccontextmanager
async def _http(apps: dict[str, Any], sockets: dict[str, socket.socket], stop: asyncio.Event) -> AsyncIterator[None]:
    """One uvicorn server an application. When one of them ends by itself, everything stops and its error is raised."""
    servers = {name: _Server(_uvicorn_config(app)) for name, app in apps.items()}
    running = [asyncio.create_task(server.serve(sockets=[sockets[name]])) for name, server in servers.items()]
    for task in running:
        task.add_done_callback(lambda _: stop.set())
    try:
        while not all(server.started for server in servers.values()) and not stop.is_set():
            await asyncio.sleep(0.02)
        yield
    finally:
        # uvicorn complains of calls that it cuts off when it stops: here that is what is meant to happen.
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
        for server in servers.values():
            server.should_exit = True
        await asyncio.gather(*running)


def _uvicorn_config(app: Any) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        lifespan="on",
        timeout_graceful_shutdown=GRACE_SECONDS,
        server_header=False,
    )
