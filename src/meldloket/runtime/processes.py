"""Starting several processes that live and die together: ports are checked first, children end with their parent even
when that is killed, and every one is awaited at the end."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import httpx


class PortInUse(Exception):
    """Somebody else listens on a port that we need; the text says which and what to do."""


class DidNotStart(Exception):
    """A child ended or did not answer in time; the text holds the end of what it said."""


def check_ports(host: str, ports: Iterable[int]) -> None:
    """Raises PortInUse, naming the first port that is taken."""
    for port in ports:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError:
                raise PortInUse(f"Port {port} on {host} is in use. Choose another with --port.") from None


def die_with_parent(with_signal: int = signal.SIGTERM) -> None:
    """Asks Linux to send a signal to this process when its parent dies, however that happens. Elsewhere: nothing."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL("libc.so.6", use_errno=True).prctl(1, with_signal)


def _begin_child() -> None:
    die_with_parent()
    # Ctrl-C goes to the parent alone, which then stops its children in order.
    signal.signal(signal.SIGINT, signal.SIG_IGN)


class Children:
    """The processes of one run. `log_folder` gets what each writes."""

    def __init__(self, log_folder: Path) -> None:
        self.log_folder = log_folder
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        log_folder.mkdir(parents=True, exist_ok=True)

    def start(self, name: str, command: list[str], environment: dict[str, str]) -> subprocess.Popen[bytes]:
        """Starts `command` with exactly `environment` beside our own."""
        log = (self.log_folder / f"{name}.log").open("ab")
        process = subprocess.Popen(  # noqa: S603
            command,
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            preexec_fn=_begin_child,  # noqa: PLW1509
            start_new_session=True,  # so that what a child started itself can be ended with it
        )
        log.close()
        self.running[name] = process
        return process

    def wait_for(self, name: str, ready: Callable[[], bool], seconds: float = 60) -> None:
        """Waits until `ready()`; raises DidNotStart when the child ends first or the time is over."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self.running[name].poll() is not None:
                raise DidNotStart(f"{name} stopped at once:\n{self.tail(name)}")
            if ready():
                return
            time.sleep(0.1)
        raise DidNotStart(f"{name} did not answer within {seconds:.0f} s:\n{self.tail(name)}")

    def tail(self, name: str, lines: int = 12) -> str:
        """The end of what a child wrote."""
        with contextlib.suppress(OSError):
            text = (self.log_folder / f"{name}.log").read_text(errors="replace")
            return "\n".join(text.splitlines()[-lines:])
        return ""

    def ended(self) -> str | None:
        """Name of a child that ended, None while all run."""
        return next((name for name, process in self.running.items() if process.poll() is not None), None)

    def stop(self, seconds: float = 15) -> None:
        """Asks all to end, last started first; kills what does not listen."""
        for process in reversed(list(self.running.values())):
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
        deadline = time.monotonic() + seconds
        for process in self.running.values():
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)  # workers that outlived it
        self.running.clear()


def answers(url: str) -> bool:
    """True when an HTTP GET of `url` gives 200."""
    try:
        return httpx.get(url, timeout=2, trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False
