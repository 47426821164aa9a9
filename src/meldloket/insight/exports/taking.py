"""Taking a file along: who asked for what is written down before the first byte, how far it is can be read meanwhile, and
whoever stops half-way leaves nothing open."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from meldloket.cases import clock
from meldloket.insight.chosen import Chosen
from meldloket.insight.models import Export
from meldloket.insight.narrowing import count
from meldloket.people.access import log_access
from meldloket.people.models import Account
from meldloket.people.permissions import allows

from .kinds import KINDS

#: How long it can be read that somebody took a file along; the access log keeps it longer.
KEPT = timedelta(days=2)


def begin(kind: str, chosen: Chosen, *, by: Account, key: uuid.UUID | None = None) -> Export:
    """Writes down that `by` takes along the cases of `chosen` as `kind` (of KINDS), in the access log too; `key`: under
    which the page asks how far it is. Raises KeyError for an unknown kind, PermissionError without the right to export."""
    if not allows(by.actor, "insight.export"):
        raise PermissionError("insight.export")
    label = KINDS[kind].label
    rows = count(chosen.scope(by.actor))
    narrowed = "; ".join(f"{name} {words}" for name, words in chosen.in_words())
    purpose = f"{rows} meldingen als {label}, ontvangen van {chosen.since:%d/%m/%Y} tot {chosen.until:%d/%m/%Y}"
    values = {"owner": by, "kind": kind, "query": chosen.query()[:1000], "rows": rows, "begun_at": clock.now()}
    with transaction.atomic():
        log_access(by=by, action="export", purpose=f"{purpose}; {narrowed}" if narrowed else purpose)
        try:
            with transaction.atomic():
                return Export.objects.create(key=key or uuid.uuid4(), **values)
        except IntegrityError:  # the form was sent twice: a file of its own, and progress of the first
            return Export.objects.create(**values)


class Taking:
    """The bytes of a file that was begun. Whoever sends them calls `close` at the end, also when the reader went away:
    that is written down, and nothing stays open."""

    def __init__(self, export: Export, chosen: Chosen) -> None:
        from .files import WRITERS  # brings pyarrow (kinds)
        from .reading import tables

        self.export = export
        self._done = 0
        self._closed = False
        self._tables = tables(chosen.scope(export.owner.actor), export.owner.actor)
        self._pieces = WRITERS[export.kind](self._counted())

    def _counted(self) -> Iterator[Any]:
        for table in self._tables:
            yield table
            self._done += table.num_rows
            # Its own small transaction, between two queries.
            Export.objects.filter(pk=self.export.pk).update(done=self._done)

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        try:
            piece = next(self._pieces)
        except StopIteration:
            self._end(stopped=False)
            raise
        except Exception:
            self._end(stopped=True)
            raise
        return piece

    def close(self) -> None:
        """Ends it wherever it is; once is enough and twice does no harm."""
        self._pieces.close()  # type: ignore[attr-defined]
        self._tables.close()  # type: ignore[attr-defined]
        self._end(stopped=True)

    def _end(self, *, stopped: bool) -> None:
        if not self._closed:
            self._closed = True
            Export.objects.filter(pk=self.export.pk).update(done=self._done, stopped=stopped, finished_at=clock.now())


def filename(kind: str, at: datetime) -> str:
    """How the file is called: when it was made, and nothing about anybody."""
    return f"meldingen-{at:%Y-%m-%d-%H%M}.{kind}"


def forget_old() -> int:
    """Removes what was written down of files longer than KEPT ago; gives how many."""
    removed, _ = Export.objects.filter(begun_at__lt=clock.now() - KEPT).delete()
    return removed
