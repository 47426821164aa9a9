"""ClamAV's daemon over TCP: the file goes in chunks, one line comes back. The protocol is a handful of lines, and the
libraries for it on the registry have stood still for years."""

from __future__ import annotations

import socket
import struct
from dataclasses import dataclass

CHUNK = 64 * 1024
LONGEST_ANSWER = 4096


@dataclass(frozen=True)
class Clamd:
    """`address`: host:port. `seconds`: how long a connection or an answer may take."""

    address: str
    seconds: float = 10.0

    def scan(self, content: bytes) -> str | None:
        """The name of what was found, None when clean. Raises OSError when clamd does not answer or says it can't scan."""
        with self._connect() as line:
            line.sendall(b"zINSTREAM\0")
            for start in range(0, len(content), CHUNK):
                piece = content[start : start + CHUNK]
                line.sendall(struct.pack("!I", len(piece)) + piece)
            line.sendall(struct.pack("!I", 0))
            answer = self._answer(line)
        if answer.endswith("FOUND"):
            return answer.removeprefix("stream:").removesuffix("FOUND").strip() or "?"
        if answer.endswith("OK"):
            return None
        raise OSError(f"clamd could not scan: {answer[:200]}")

    def check(self) -> str | None:
        """None when clamd answers, else one sentence for `meldloket check`."""
        try:
            with self._connect() as line:
                line.sendall(b"zPING\0")
                answer = self._answer(line)
        except OSError as problem:
            return f"clamd at {self.address} does not answer ({type(problem).__name__}); uploads are refused meanwhile"
        return None if answer == "PONG" else f"clamd at {self.address} answered {answer[:40]!r} to PING"

    def _connect(self) -> socket.socket:
        host, _, port = self.address.rpartition(":")
        return socket.create_connection((host, int(port)), timeout=self.seconds)

    @staticmethod
    def _answer(line: socket.socket) -> str:
        read = b""
        while not read.endswith(b"\0") and len(read) < LONGEST_ANSWER and (piece := line.recv(1024)):
            read += piece
        return read.rstrip(b"\0\n").decode("utf-8", "replace")
