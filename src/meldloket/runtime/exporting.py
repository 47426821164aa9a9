"""Exports in a process of their own: a million rows then cost the web server neither memory nor the time of its pages."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from typing import BinaryIO

from django.http import QueryDict

from meldloket.cases import clock
from meldloket.insight.chosen import Chosen
from meldloket.insight.exports import ports
from meldloket.insight.exports.taking import Taking
from meldloket.insight.models import Export

PIECE = 1 << 18  # bytes that are handed on at a time
SECONDS_TO_END = 5.0


class Apart:
    """The bytes that another process makes, as it makes them. When nobody reads any more, also because this process died,
    it finds its pipe closed and ends."""

    def __init__(self, export: Export, chosen: Chosen) -> None:
        self.export = export
        command = [sys.executable, "-m", "meldloket.runtime", "export-file", str(export.key)]
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)  # noqa: S603
        assert self.process.stdout is not None  # noqa: S101  (a pipe was asked for)
        self.out = self.process.stdout

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        piece = self.out.read1(PIECE)  # type: ignore[attr-defined]  # a BufferedReader
        if piece:
            return bytes(piece)
        if self.process.wait():
            # Breaks the download off: half a file must not look like a whole one.
            raise RuntimeError(f"an export ended with code {self.process.returncode}")
        raise StopIteration

    def close(self) -> None:
        self.out.close()
        try:
            self.process.wait(SECONDS_TO_END)  # it finds its pipe closed
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        left = Export.objects.filter(pk=self.export.pk, finished_at=None)  # it was killed
        left.update(stopped=True, finished_at=clock.now())


def plug() -> None:
    """From now on this process lets another make its exports."""
    ports.plugged.maker = Apart


def write(key: str, out: BinaryIO) -> bool:
    """What the other process does: writes the file of an export that was begun. False when nobody reads any more."""
    export = Export.objects.select_related("owner").get(key=key, finished_at=None)
    taking = Taking(export, Chosen.read(QueryDict(export.query)))
    try:
        for piece in taking:
            out.write(piece)
        out.flush()
    except BrokenPipeError:
        return False
    finally:
        taking.close()
    return True
