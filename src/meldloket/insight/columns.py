"""The facts of all cases as columns in memory, so that any filter over a million of them answers in tens of milliseconds
(docs/adr/0009-facts-in-columns.md). Every process keeps its own copy and fetches only what it does not have.

A copy that somebody reads never changes: news makes a new one beside it, so that nobody waits for another's figures."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from . import keeping
from .models import NONE

#: Name → (SQL cast, type in memory) in the order in which they are fetched. All of a fixed width and never null, so that
#: PostgreSQL's binary copy is an array of equal records.
COLUMNS: dict[str, tuple[str, str]] = {
    "case_id": ("int8", "i8"),
    "gone": ("bool", "?"),
    "complaint": ("bool", "?"),
    "suspended": ("bool", "?"),
    "reopened": ("bool", "?"),
    "dissatisfied": ("bool", "?"),
    "received": ("int2", "i2"),
    "weekhour": ("int2", "i2"),
    "ended": ("int2", "i2"),
    "target": ("int2", "i2"),
    "category": ("int4", "i4"),
    "department": ("int4", "i4"),
    "area": ("int4", "i4"),
    "channel": ("int2", "i1"),
    "status": ("int2", "i1"),
    "outcome": ("int2", "i1"),
    "latitude": ("int4", "i4"),
    "longitude": ("int4", "i4"),
    "screening_hours": ("int2", "i2"),
    "assessment_hours": ("int2", "i2"),
    "advice_hours": ("int2", "i2"),
    "decision_hours": ("int2", "i2"),
    "execution_hours": ("int2", "i2"),
    "whole_hours": ("int2", "i2"),
    "reports": ("int2", "i2"),
    "parked": ("int2", "i2"),
}
PARTS: dict[str, dict[str, tuple[str, str]]] = {
    "insight_advice": {
        "case_id": ("int8", "i8"),
        "service": ("int4", "i4"),
        "asked": ("int2", "i2"),
        "due": ("int2", "i2"),
        "answered": ("int2", "i2"),
        "hours": ("int2", "i2"),
    },
    "insight_task": {
        "case_id": ("int8", "i8"),
        "task": ("int8", "i8"),
        "department": ("int4", "i4"),
        "due": ("int2", "i2"),
        "minutes": ("int4", "i4"),
    },
    "insight_decision": {
        "case_id": ("int8", "i8"),
        "body": ("int2", "i2"),
        "outcome": ("int2", "i2"),
        "day": ("int2", "i2"),
    },
    "insight_evaluation": {
        "case_id": ("int8", "i8"),
        "day": ("int2", "i2"),
        "answered": ("int2", "i1"),
        "score_sum": ("int2", "i2"),
        "score_count": ("int2", "i2"),
        "key": ("int8", "i8"),
    },
}
#: A copy is used for so long before a visitor looks for news; runtime.keeper is there before. Who comes while another does
#: so reads what there is …
FRESH_SECONDS = 5.0
#: … unless it is older than this: then they wait too.
STALE_SECONDS = 20.0
MOST_MARKS = 5_000  # counted by whoever needs the figures of this very moment, and by the keeper at once
FEW_MARKS = 500  # counted while a visitor waits

#: PostgreSQL's binary copy begins and ends with so many bytes.
HEADER, TRAILER = 19, 2
MOST = 32_767  # of two bytes

Column = NDArray[Any]


def _fetch(source: str, columns: dict[str, tuple[str, str]], span: list[int], order: str = "") -> dict[str, Column]:
    """The columns of a table by PostgreSQL's binary copy, straight into arrays of the right length: a million small pieces
    would leave the process's memory full of holes. `source`: what stands after FROM, with the table as t; `columns`: name →
    (SQL type, type in memory)."""
    widths = {"int8": ">i8", "int4": ">i4", "int2": ">i2", "bool": "?"}
    fields: list[tuple[str, str]] = [("fields", ">i2")]
    for name, (kind, _) in columns.items():
        fields += [(f"length_{name}", ">i4"), (name, widths[kind])]
    record = np.dtype(fields)
    # A day that somebody set in the next century is the last one that fits.
    selected = ", ".join(
        f"least(t.{name}, {MOST})::int2" if kind == "int2" else f"t.{name}::{kind}" for name, (kind, _) in columns.items()
    )
    connection.ensure_connection()
    # psycopg's own cursor: the one that Django puts around it for debugging copies without parameters only.
    with connection.connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {source}", span)  # noqa: S608  (names of our own)
        (count,) = cursor.fetchone()
        made = {name: np.empty(count, kind) for name, (_, kind) in columns.items()}
        done = 0
        copied = f"COPY (SELECT {selected} FROM {source} {order}) TO STDOUT (FORMAT BINARY)"  # noqa: S608
        with cursor.copy(copied, span) as copy:
            for data in _blocks(copy, record.itemsize):
                rows = np.frombuffer(data, record)
                for name in columns:
                    if done + len(rows) > len(made[name]):  # more came since they were counted
                        made[name] = _with_room(made[name], done + len(rows))
                    made[name][done : done + len(rows)] = rows[name]
                done += len(rows)
    return {name: column[:done] for name, column in made.items()}


def _blocks(copy: Any, size: int) -> Iterator[bytes]:
    """The whole records of a binary copy, thousands at a time; PostgreSQL sends them one by one."""
    waiting = [bytes(copy.read())[HEADER:]]
    for row in copy:
        waiting.append(bytes(row))
        if len(waiting) >= 20_000:
            data = b"".join(waiting)
            whole = len(data) - len(data) % size
            yield data[:whole]
            waiting = [data[whole:]]
    yield b"".join(waiting)[:-TRAILER]


def _with_room(column: Column, size: int) -> Column:
    """A copy with room for so many values, and some more."""
    made: Column = np.empty(size + size // 16 + 1024, column.dtype)
    made[: len(column)] = column
    return made


def _newest() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(seq), 0) FROM insight_fact")
        return int(cursor.fetchone()[0])


def _find(ids: Column, case_ids: Column) -> Column:
    """The place of each of these cases in `ids`, which rise; NONE for one that is not there."""
    if not len(ids):
        return np.full(len(case_ids), NONE, "i4")
    places = np.minimum(np.searchsorted(ids, case_ids), len(ids) - 1)
    return np.where(ids[places] == case_ids, places, NONE).astype("i4")


class Store:
    """The columns, one array each, in the order of case_id, and the parts of cases beside them. Use `reading`; read
    only. `room`: the arrays that the columns are the beginning of; only the newest store may write behind it."""

    def __init__(
        self,
        columns: dict[str, Column],
        parts: dict[str, dict[str, Column]],
        seq: int,
        room: dict[str, Column] | None = None,
        places: dict[str, Column] | None = None,
    ) -> None:
        self.columns = columns
        self.parts = parts
        self.seq = seq
        self.room = room or columns
        #: Table of parts → the place of each one's case.
        self.places = places or {table: _find(columns["case_id"], found["case_id"]) for table, found in parts.items()}

    @classmethod
    def empty(cls) -> Store:
        def none(columns: dict[str, tuple[str, str]]) -> dict[str, Column]:
            return {name: np.empty(0, kind) for name, (_, kind) in columns.items()}

        return cls(none(COLUMNS), {table: none(names) for table, names in PARTS.items()}, 0)

    def __getitem__(self, name: str) -> Column:
        return self.columns[name]

    def slots(self, case_ids: Column) -> Column:
        """The places of these cases in the columns, NONE for one that is not there. Of a whole column of parts they are
        known already."""
        for table, found in self.parts.items():
            if found["case_id"] is case_ids:
                return self.places[table]
        return _find(self.columns["case_id"], case_ids)

    def renewed(self) -> Store:
        """A copy with what changed since this one; itself when nothing did. What did not change is shared by both."""
        # What is counted again after this moment has a higher seq and comes with the next load, facts and parts alike.
        span = [self.seq, _newest()]
        if span[0] == span[1]:
            return self
        found = _fetch("insight_fact t WHERE seq > %s AND seq <= %s", COLUMNS, span, "ORDER BY case_id")
        ids, fresh = self.columns["case_id"], found["case_id"]
        places = _find(ids, fresh)
        known = places >= 0
        if len(ids) and not (fresh[~known] > ids[-1]).all():
            return self._sorted_anew(found, places, span)
        room = {name: self._with(name, found[name], places, known) for name in COLUMNS}
        size = len(ids) + int((~known).sum())
        columns = {name: column[:size] for name, column in room.items()}
        parts, where = {}, {}
        for table in PARTS:
            parts[table], stayed = self._parts_with(table, places[known], span)
            came = parts[table]["case_id"][int(stayed.sum()) :]
            where[table] = np.concatenate([self.places[table][stayed], _find(columns["case_id"], came)])
        return Store(columns, parts, span[1], room, where)

    def _with(self, name: str, found: Column, places: Column, known: Column) -> Column:
        """A column with these values, and room behind them; itself when the cases that it knows have the same."""
        column, made, size = self.columns[name], self.room[name], len(self.columns[name]) + int((~known).sum())
        if not len(column):
            return found
        changed = bool((column[places[known]] != found[known]).any())
        if changed or len(made) < size:
            made = _with_room(column, size)
            made[places[known]] = found[known]
        made[len(column) : size] = found[~known]
        return made

    def _parts_with(self, table: str, changed: Column, span: list[int]) -> tuple[dict[str, Column], Column]:
        """The parts of a table, those of changed cases read again and put last; and which of the old ones stayed."""
        source = f"{table} t JOIN insight_fact f ON f.case_id = t.case_id AND f.seq > %s AND f.seq <= %s AND NOT f.gone"
        fresh, old = _fetch(source, PARTS[table], span), self.parts[table]
        again = np.zeros(len(self.columns["case_id"]) + 1, "?")  # one more, for the parts of what is gone
        again[changed] = True
        stayed: Column = ~again[self.places[table]]
        if stayed.all() and not len(fresh["case_id"]):
            return old, stayed
        return {name: np.concatenate([old[name][stayed], fresh[name]]) for name in PARTS[table]}, stayed

    def _sorted_anew(self, found: dict[str, Column], places: Column, span: list[int]) -> Store:
        """When a case came in after one with a higher number: everything in its place again."""
        known = places >= 0
        made = {name: np.concatenate([self.columns[name], found[name][~known]]) for name in COLUMNS}
        for name, column in made.items():
            column[places[known]] = found[name][known]
        order = np.argsort(made["case_id"], kind="stable")
        parts = {table: self._parts_with(table, places[known], span)[0] for table in PARTS}
        return Store({name: column[order] for name, column in made.items()}, parts, span[1])


_turn = threading.Lock()  # of whoever fetches news
_store = Store.empty()
_loaded_at = float("-inf")


def forget() -> None:
    """Empties this process's copy, for tests and after a restore of the database."""
    global _store, _loaded_at
    with _turn:
        _store, _loaded_at = Store.empty(), float("-inf")


def load() -> None:
    """Fetches what was counted since the last time."""
    with _turn:
        _load()


def _load() -> None:
    global _store, _loaded_at
    begun = time.monotonic()
    _store = _store.renewed()
    _loaded_at = begun


def renew() -> None:
    """Counts what changed, unless another process is at it, and fetches it. Nobody who reads waits for it."""
    keeping.refresh(MOST_MARKS, wait=False)
    load()


def _renew_for_visitor() -> None:
    """Makes the copy fresh enough for a page. Of many who ask at once one does the work; the others read what there is, as
    long as that is not too old."""
    age = time.monotonic() - _loaded_at
    if age <= FRESH_SECONDS or not _turn.acquire(blocking=age > STALE_SECONDS):
        return
    try:
        if time.monotonic() - _loaded_at > FRESH_SECONDS:
            keeping.refresh(FEW_MARKS, wait=False)
            _load()
    finally:
        _turn.release()


@contextmanager
def reading(*, now: bool = False) -> Iterator[Store]:
    """The columns, some seconds old (`now`: of this moment, for MOST_MARKS changes at most)."""
    if now:
        keeping.refresh(MOST_MARKS)
        load()
    else:
        _renew_for_visitor()
    yield _store
