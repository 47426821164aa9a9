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
    "seq": ("int8", "i8"),
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
    "asked": ("int2", "i2"),
    "answered": ("int2", "i2"),
    "score_sum": ("int2", "i2"),
    "score_count": ("int2", "i2"),
    "eval_keys": ("int8", "i8"),
}
PARTS: dict[str, tuple[str, ...]] = {
    "insight_advice": ("case_id", "service", "asked", "due", "answered", "hours"),
    "insight_task": ("case_id", "task", "department", "due", "minutes"),
    "insight_decision": ("case_id", "body", "outcome", "day"),
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

Column = NDArray[Any]


def _fetch(select: str, columns: dict[str, tuple[str, str]], parameters: list[int]) -> dict[str, Column]:
    """The columns that a select of fixed-width values gives, by PostgreSQL's binary copy. `columns`: name → (SQL type,
    type in memory), in the order of the select."""
    widths = {"int8": ">i8", "int4": ">i4", "int2": ">i2", "bool": "?"}
    fields: list[tuple[str, str]] = [("fields", ">i2")]
    for name, (kind, _) in columns.items():
        fields += [(f"length_{name}", ">i4"), (name, widths[kind])]
    record = np.dtype(fields)
    parts: dict[str, list[Column]] = {name: [] for name in columns}

    def take(data: bytes) -> bytes:
        """Moves the whole records of `data` into `parts`; gives what is left."""
        rows = np.frombuffer(data, record, count=len(data) // record.itemsize)
        for name, (_, kind) in columns.items():
            parts[name].append(rows[name].astype(kind))
        return data[rows.nbytes :]

    blocks: list[bytes] = []  # one a row; joined by many at a time
    connection.ensure_connection()
    # psycopg's own cursor: the one that Django puts around it for debugging copies without parameters only.
    with (
        connection.connection.cursor() as cursor,
        cursor.copy(f"COPY ({select}) TO STDOUT (FORMAT BINARY)", parameters) as copy,
    ):
        rest = bytes(copy.read())[HEADER:]
        for block in copy:
            blocks.append(bytes(block))
            if len(blocks) >= 20_000:
                rest = take(rest + b"".join(blocks))
                blocks.clear()
    take((rest + b"".join(blocks))[:-TRAILER])
    return {name: np.concatenate(parts.pop(name)) for name in columns}


def _newest() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(seq), 0) FROM insight_fact")
        return int(cursor.fetchone()[0])


class Store:
    """The columns, one array each, in the order of case_id, and the parts of cases beside them. Use `reading`; read
    only."""

    def __init__(self, columns: dict[str, Column], parts: dict[str, dict[str, Column]], seq: int) -> None:
        self.columns = columns
        self.parts = parts
        self.seq = seq
        #: Table of parts → the place of each one's case in the columns, NONE for a case that is not there.
        self.slots = {table: self._slots(found["case_id"]) for table, found in parts.items()}

    @classmethod
    def empty(cls) -> Store:
        columns: dict[str, Column] = {name: np.empty(0, kind) for name, (_, kind) in COLUMNS.items()}
        return cls(columns, {table: {name: np.empty(0, "i8") for name in names} for table, names in PARTS.items()}, 0)

    def __getitem__(self, name: str) -> Column:
        return self.columns[name]

    def _slots(self, case_ids: Column) -> Column:
        ids = self.columns["case_id"]
        if not len(ids):
            return np.full(len(case_ids), NONE)
        places = np.minimum(np.searchsorted(ids, case_ids), len(ids) - 1)
        return np.where(ids[places] == case_ids, places, NONE)

    def of_parts(self, table: str, wanted: Column) -> Column:
        """Which parts belong to a case that is `wanted` (one value a case)."""
        found: Column = np.append(wanted, np.False_)[self.slots[table]]  # NONE: the last one
        return found

    def renewed(self) -> Store:
        """A copy with what changed since this one; itself when nothing did."""
        # What is counted again after this moment has a higher seq and comes with the next load, facts and parts alike.
        span = [self.seq, _newest()]
        if span[0] == span[1]:
            return self
        selected = ", ".join(f"{name}::{kind}" for name, (kind, _) in COLUMNS.items())
        query = f"SELECT {selected} FROM insight_fact WHERE seq > %s AND seq <= %s ORDER BY case_id"  # noqa: S608
        found = _fetch(query, COLUMNS, span)
        parts = {table: self._parts_with(table, names, found["case_id"], span) for table, names in PARTS.items()}
        return Store(self._columns_with(found), parts, span[1])

    def _columns_with(self, found: dict[str, Column]) -> dict[str, Column]:
        ids, fresh = self.columns["case_id"], found["case_id"]
        if not len(ids):
            return found
        places = np.searchsorted(ids, fresh)
        known = places < len(ids)
        known[known] = ids[places[known]] == fresh[known]
        made = {}
        for name in COLUMNS:
            made[name] = np.concatenate([self.columns[name], found[name][~known]])
            made[name][places[known]] = found[name][known]
        if (np.diff(made["case_id"]) < 0).any():
            order = np.argsort(made["case_id"], kind="stable")
            made = {name: column[order] for name, column in made.items()}
        return made

    def _parts_with(self, table: str, names: tuple[str, ...], changed: Column, span: list[int]) -> dict[str, Column]:
        selected = ", ".join(f"p.{name}::int8" for name in names)
        query = (
            f"SELECT {selected} FROM {table} p "  # noqa: S608  (names of our own)
            "JOIN insight_fact f ON f.case_id = p.case_id AND f.seq > %s AND f.seq <= %s AND NOT f.gone"
        )
        fresh = _fetch(query, dict.fromkeys(names, ("int8", "i8")), span)
        old = self.parts[table]
        stays = ~np.isin(old["case_id"], changed)
        return {name: np.concatenate([old[name][stays], fresh[name]]) for name in names}


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
