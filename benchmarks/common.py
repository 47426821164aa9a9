"""A running product to measure: its own database, two server processes, no worker and no doubles in the way.

The channels are configured (so that deliveries are planned as in production) but nothing is sent: no worker runs."""

from __future__ import annotations

import http.client
import os
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]

from meldloket.runtime import keys  # noqa: E402
from meldloket.runtime.demo import environment  # noqa: E402
from meldloket.runtime.postgres import Embedded  # noqa: E402
from meldloket.runtime.processes import Children, answers  # noqa: E402
from support.doubles import free_base_port  # noqa: E402


@contextmanager
def product(processes: int = 2, kept: Path | None = None, **more: str) -> Iterator[str]:
    """Base URL of a product with an empty catalogue-loaded database; Django is ready in this process too. `kept`: a folder
    whose database stays for the next time. `more`: settings beside those of the demonstration."""
    home = kept or Path(tempfile.mkdtemp(prefix="meldloket-bench-"))
    home.mkdir(exist_ok=True)
    home.chmod(0o755)
    server = Embedded(home / "postgres")
    port = free_base_port()
    settings = {**environment(port, home), "DATABASE_URL": server.start(), "MELDLOKET_LOG_LEVEL": "ERROR", **more}
    os.environ.update(settings)
    keys.ensure_key(home / "keys" / "acmidm.json", "acmidm")
    keys.ensure_key(home / "keys" / "dosis.json", "dosis")
    from meldloket.runtime.startup import setup

    setup(need_database=False)
    from django.core.management import call_command

    from meldloket.runtime import loading

    call_command("migrate", verbosity=0, interactive=False)
    loading.load(None, overwrite=False, progress=lambda items, *_: items)
    children = Children(home / "logs")
    try:
        program = [sys.executable, "-m", "meldloket.runtime", "serve", "--port", str(port)]
        children.start("web", [*program, "--processes", str(processes)], settings)
        children.wait_for("web", lambda: answers(f"http://127.0.0.1:{port}/gezondheid/klaar/"))
        yield f"http://127.0.0.1:{port}"
        print_memory(children.running["web"].pid)
    finally:
        from django.db import connections

        connections.close_all()
        children.stop()
        server.stop()


def print_memory(parent: int) -> None:
    """Resident memory of the server's processes, in MB."""
    import psutil

    sizes = [process.memory_info().rss / 1e6 for process in psutil.Process(parent).children(recursive=True)]
    print("memory per server process: " + ", ".join(f"{size:.0f} MB" for size in sizes if size > 40))


class Client:
    """One keep-alive connection of a browser with its cookies."""

    def __init__(self, base: str, session: str) -> None:
        self.connection = http.client.HTTPConnection(base.removeprefix("http://"))
        self.cookies = {"meldloket": session, "csrftoken": "a" * 32}

    def request(self, method: str, path: str, fields: dict[str, str] | None = None) -> tuple[int, bytes]:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        body = None
        if fields is not None:
            body = urlencode({**fields, "csrfmiddlewaretoken": "a" * 32})
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        return answer.status, answer.read()


def session_for(account: object) -> str:
    """The key of a session in which this account is logged in."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    store = SessionStore()
    store[SESSION_KEY] = str(account.pk)  # type: ignore[attr-defined]
    store[BACKEND_SESSION_KEY] = "meldloket.people.login.AccountBackend"
    store[HASH_SESSION_KEY] = account.get_session_auth_hash()  # type: ignore[attr-defined]
    store["seen"] = store["since"] = time.time()
    store.create()
    return str(store.session_key)


def run(clients: int, work: list[Callable[[], None]]) -> tuple[float, list[float]]:
    """Does all of `work` with so many threads; gives the seconds in all and per piece."""
    waiting = iter(work)
    lock = threading.Lock()
    times: list[float] = []

    def one() -> None:
        while True:
            with lock:
                piece = next(waiting, None)
            if piece is None:
                return
            started = time.perf_counter()
            piece()
            times.append(time.perf_counter() - started)

    threads = [threading.Thread(target=one) for _ in range(clients)]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.perf_counter() - started, times


def report(name: str, seconds: float, times: list[float]) -> None:
    """One line: rate, p50 and p95."""
    ordered = sorted(times)
    p95 = ordered[int(len(ordered) * 0.95)] * 1000
    print(f"{name}: {len(times) / seconds:.0f}/s, p50 {statistics.median(times) * 1000:.1f} ms, p95 {p95:.1f} ms")
