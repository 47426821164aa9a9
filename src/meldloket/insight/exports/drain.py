"""Where writers write when their bytes go straight on to somebody else."""

from __future__ import annotations

import io
from typing import Any


class Drain(io.RawIOBase):
    """A file without a place to go back to; `take` gives what was written since the last time."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        """Keeps a copy of `data` (anything with bytes); gives its length."""
        self._pieces.append(bytes(data))
        return len(self._pieces[-1])

    def take(self) -> bytes:
        """Everything written since the last time."""
        taken, self._pieces = b"".join(self._pieces), []
        return taken
