"""Keeps the calls to the address service few: answers are remembered for a while, and what remains is spread in time
(its limits are not published, so ours are careful)."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any

_MOST_REMEMBERED = 2000


class TokenBucket:
    """At most `per_second` calls a second, with room for one second's worth at once."""

    def __init__(self, per_second: float, clock: Callable[[], float], sleep: Callable[[float], None] = time.sleep) -> None:
        self._per_second = per_second
        self._clock = clock
        self._sleep = sleep
        self._lock = threading.Lock()
        self._tokens = per_second
        self._filled_at = clock()

    def take(self, patience: float) -> bool:
        """Waits at most `patience` seconds for a turn; False when that is not enough (and then takes none)."""
        with self._lock:
            now = self._clock()
            self._tokens = min(self._per_second, self._tokens + (now - self._filled_at) * self._per_second)
            self._filled_at = now
            wait = max(0.0, (1 - self._tokens) / self._per_second)
            if wait > patience:
                return False
            self._tokens -= 1  # a turn in the near future is taken now, so that those after it wait longer
        if wait:
            self._sleep(wait)
        return True


class Remembered:
    """Answers by question for `seconds`, the most recently used ones."""

    def __init__(self, seconds: float, clock: Callable[[], float]) -> None:
        self._seconds = seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: OrderedDict[Hashable, tuple[float, Any]] = OrderedDict()

    def get(self, key: Hashable) -> tuple[bool, Any]:
        """(known, answer): an answer can be None."""
        with self._lock:
            found = self._kept.get(key)
            if found is None or self._clock() >= found[0]:
                self._kept.pop(key, None)
                return False, None
            self._kept.move_to_end(key)
            return True, found[1]

    def put(self, key: Hashable, answer: Any) -> None:
        with self._lock:
            self._kept[key] = (self._clock() + self._seconds, answer)
            self._kept.move_to_end(key)
            if len(self._kept) > _MOST_REMEMBERED:
                self._kept.popitem(last=False)
