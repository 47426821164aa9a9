"""Where the bytes of an export are made: in the process that asks, unless runtime plugs in something else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from meldloket.insight.chosen import Chosen
from meldloket.insight.models import Export

from .taking import Taking


class Pieces(Protocol):
    """The bytes of a file that was begun. Whoever sends them calls `close` at the end, also when the reader went away."""

    def __iter__(self) -> Iterator[bytes]: ...

    def __next__(self) -> bytes: ...

    def close(self) -> None:
        """Ends it wherever it is."""


@dataclass
class Plugged:
    """`maker`: gives the bytes of an export that was begun, with the filters that were chosen."""

    maker: Callable[[Export, Chosen], Pieces] = Taking


plugged = Plugged()
