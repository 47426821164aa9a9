"""Runs an ASGI application over real HTTP in a thread, so that a connector is tested against a server that answers."""

from __future__ import annotations

import itertools
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import uvicorn

HOST = "127.0.0.1"
_SPAN = 11  # the product and its doubles: base .. base + 10 (meldloket.sandbox.config.OFFSETS)
_START = 45.0  # seconds: the machine may be busy
# Below the ephemeral range (32768), else an outgoing connection takes a port between looking and listening. Each test
# process begins elsewhere, so that two of them do not look at the same ports.
_candidates = itertools.cycle(range(10000 + os.getpid() % 1900 * _SPAN, 10000 + 2000 * _SPAN, _SPAN))


def free_base_port() -> int:
    """A base port for SandboxConfig: the port and the ten after it are free now. Never the same twice in a process.

    Raises RuntimeError when there is none."""
    for base in itertools.islice(_candidates, 2000):
        with ExitStack() as stack:
            try:
                for port in range(base, base + _SPAN):
                    stack.enter_context(socket.socket()).bind((HOST, port))
            except OSError:
                continue
            return base
    raise RuntimeError("no eleven free ports in a row")


@contextmanager
def serve(app: Callable[..., Any], port: int = 0) -> Iterator[str]:
    """Serves the application on 127.0.0.1 until the end of the block; yields its base URL, without slash at the end.

    `port`: pass `config.port("…")` when the application names its own address; 0 takes any free one. Raises
    RuntimeError when it does not start, OSError when the port is taken."""
    # Named as TCP, or asyncio leaves Nagle on and every answer waits 40 ms for an acknowledgement.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((HOST, port))
        config = uvicorn.Config(app, log_level="warning", lifespan="auto", timeout_graceful_shutdown=1)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        try:
            _wait_until_started(server, thread)
            yield f"http://{HOST}:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(timeout=10)


def _wait_until_started(server: uvicorn.Server, thread: threading.Thread) -> None:
    deadline = time.monotonic() + _START
    while not server.started:
        if not thread.is_alive() or time.monotonic() > deadline:
            raise RuntimeError("the double did not start")
        time.sleep(0.01)
