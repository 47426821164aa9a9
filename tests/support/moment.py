"""Two people, or two workers, at the same moment: for tests that run outside a transaction."""

from __future__ import annotations

import threading
from collections.abc import Callable

from django.db import connection


def at_the_same_moment(*works: Callable[[], object]) -> None:
    """Runs everything at once, each in a thread with a connection of its own; fails when one of them does."""
    start = threading.Barrier(len(works))
    problems: list[BaseException] = []

    def run(work: Callable[[], object]) -> None:
        try:
            start.wait(10)
            work()
        except BaseException as problem:  # noqa: BLE001 - shown by the test
            problems.append(problem)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert problems == [] and not any(thread.is_alive() for thread in threads)
