"""The scanner of uploads, against a daemon that speaks clamd's protocol on a real socket."""

from __future__ import annotations

import io
import socketserver
import struct
import threading
from collections.abc import Iterator

import pytest

from meldloket.connectors.scanner import Clamd
from meldloket.intake import files, ports

# The industry's test file, in two halves so that no scanner takes this source for it.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-" + b"ANTIVIRUS-TEST-FILE!$H+H*"


class Daemon(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        command = self._until_null()
        if command == b"zPING":
            self.request.sendall(b"PONG\0")
            return
        content = b""
        while size := struct.unpack("!I", self._exactly(4))[0]:
            content += self._exactly(size)
        if b"too large" in content:
            self.request.sendall(b"INSTREAM size limit exceeded. ERROR\0")
        elif EICAR in content:
            self.request.sendall(b"stream: Eicar-Test-Signature FOUND\0")
        else:
            self.request.sendall(b"stream: OK\0")

    def _until_null(self) -> bytes:
        read = b""
        while not read.endswith(b"\0"):
            read += self._exactly(1)
        return read[:-1]

    def _exactly(self, size: int) -> bytes:
        read = b""
        while len(read) < size:
            piece = self.request.recv(size - len(read))
            assert piece, "the client hung up"
            read += piece
        return read


@pytest.fixture
def daemon() -> Iterator[str]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Daemon) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def test_clean_infected_and_unable(daemon: str) -> None:
    scanner = Clamd(daemon, seconds=2)
    assert scanner.check() is None
    assert scanner.scan(b"") is None
    assert scanner.scan(b"a" * 200_000) is None
    assert scanner.scan(b"a" * 100_000 + EICAR) == "Eicar-Test-Signature"
    with pytest.raises(OSError, match="size limit"):
        scanner.scan(b"too large")


def test_an_upload_with_a_virus_is_refused_and_a_silent_scanner_says_so(
    daemon: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ports.plugged, "scan", Clamd(daemon, seconds=2))
    infected = b"%PDF-1.7\n" + EICAR + b"\n%%EOF"
    with pytest.raises(files.FileRefused, match="virus"):
        files.clean(io.BytesIO(infected), "brief.pdf", len(infected))
    monkeypatch.setattr(ports.plugged, "scan", Clamd("127.0.0.1:9", seconds=0.2))
    with pytest.raises(files.FileRefused, match="nakijken op virussen"):
        files.clean(io.BytesIO(b"%PDF-1.7\n%%EOF"), "brief.pdf", 15)
    assert "does not answer" in (Clamd("127.0.0.1:9", seconds=0.2).check() or "")
