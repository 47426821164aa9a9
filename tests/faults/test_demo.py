"""The demonstration comes and goes cleanly: a taken port is one sentence, Ctrl-C leaves nothing, and after `kill -9` the
next start recovers with everything that was accepted."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import psutil
import pytest

from support.doubles import free_base_port

pytestmark = pytest.mark.timeout(180)
ROOT = Path(__file__).parents[2]


def demo(home: Path, port: int) -> subprocess.Popen[bytes]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("MELDLOKET_", "DATABASE", "DJANGO"))}
    home.mkdir(exist_ok=True)
    log = (home / "out.log").open("ab")
    command = [
        sys.executable,
        "-m",
        "meldloket.runtime",
        "demo",
        "--port",
        str(port),
        "--home",
        str(home),
        "--reports",
        "3",
    ]
    return subprocess.Popen(command, env={**clean, "PYTHONPATH": str(ROOT / "src")}, stdout=log, stderr=log)


def said(home: Path) -> str:
    return (home / "out.log").read_text()


def wait_until_up(process: subprocess.Popen[bytes], home: Path, times: int = 1) -> None:
    deadline = time.monotonic() + 120
    while said(home).count("Ctrl-C stops everything") < times:
        assert process.poll() is None and time.monotonic() < deadline, said(home)[-2000:]
        time.sleep(0.2)


def of_this_demo(home: Path) -> list[psutil.Process]:
    """Processes that have this folder on their command line or in their environment."""
    found = []
    for process in psutil.process_iter(["cmdline"]):
        try:
            places = [*process.info["cmdline"], process.environ().get("MELDLOKET_HOME", "")]
        except (psutil.Error, TypeError):
            continue
        if process.pid != os.getpid() and any(str(home) in place for place in places):
            found.append(process)
    return found


def stop(process: subprocess.Popen[bytes]) -> int:
    process.send_signal(signal.SIGINT)
    return process.wait(60)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    for folder in (tmp_path.parent, tmp_path):
        folder.chmod(0o755)  # the embedded server runs as another user when we are root
    return tmp_path / "demo"


def test_it_comes_and_goes_and_comes_back(home: Path) -> None:
    port = free_base_port()
    first = demo(home, port)
    try:
        wait_until_up(first, home)
        # A browser that keeps its connection open does not hold it.
        with socket.create_connection(("127.0.0.1", port)) as browser:
            browser.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            assert browser.recv(64).startswith(b"HTTP/1.1 200")
            assert stop(first) == 0
    finally:
        first.kill()
    assert of_this_demo(home) == []
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"http://127.0.0.1:{port}/")

    second = demo(home, port)
    try:
        wait_until_up(second, home, 2)
        second.kill()  # SIGKILL: nobody can tidy up
        second.wait()
        deadline = time.monotonic() + 30
        while [one for one in of_this_demo(home) if "postgres" not in one.name()] and time.monotonic() < deadline:
            time.sleep(0.2)
        assert [one for one in of_this_demo(home) if "postgres" not in one.name()] == []
    finally:
        second.kill()

    third = demo(home, port)
    try:
        wait_until_up(third, home, 3)
        assert httpx.get(f"http://127.0.0.1:{port}/").status_code == 200
        assert stop(third) == 0
    finally:
        third.kill()
    assert of_this_demo(home) == []


def test_a_taken_port_is_one_sentence_and_nothing_is_left(home: Path) -> None:
    port = free_base_port()
    with socket.socket() as other:
        other.bind(("127.0.0.1", port + 4))
        other.listen()
        process = demo(home, port)
        assert process.wait(60) == 3
    assert f"Port {port + 4} on 127.0.0.1 is in use. Choose another with --port." in said(home)
    assert "Traceback" not in said(home)
    assert of_this_demo(home) == []


def test_two_from_one_folder_is_said(home: Path) -> None:
    port = free_base_port()
    first = demo(home, port)
    try:
        wait_until_up(first, home)
        second = demo(home, free_base_port())
        assert second.wait(60) == 3
        assert "A demonstration already runs from" in said(home)
        assert httpx.get(f"http://127.0.0.1:{port}/").status_code == 200
        assert stop(first) == 0
    finally:
        first.kill()
