"""The facts of all cases as columns in memory, so that any filter over a million of them answers in tens of milliseconds
(docs/adr/0009-facts-in-columns.md). Every process keeps its own copy and fetches only what it does not have."""

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
#: A filtered answer may be this old; what changed since is fetched before the next one.
FRESH_SECONDS = 5.0
MOST_MARKS = 5_000  # counted while somebody waits; more is the worker's

#: PostgreSQL's binary copy begins and ends with so many bytes.
HEADER, TRAILER = 19, 2

Column = NDArray[Any]


def _fetch(select: str, casts: list[tuple[str, str]], parameters: list[int]) -> list[Column]:
    """The columns that a select of fixed-width values gives, by PostgreSQL's binary copy. `casts`: (name, SQL type)."""
    widths = {"int8": ">i8", "int4": ">i4", "int2": ">i2", "bool": "?"}
    fields: list[tuple[str, str]] = [("fields", ">i2")]
    for name, kind in casts:
        fields += [(f"length_{name}", ">i4"), (name, widths[kind])]
    record = np.dtype(fields)
    parts: list[list[Column]] = [[] for _ in casts]
    blocks: list[bytes] = []  # one a row; joined by many at a time
    with connection.cursor() as cursor, cursor.copy(f"COPY ({select}) TO STDOUT (FORMAT BINARY)", parameters) as copy:
        rest = bytes(copy.read())[HEADER:]
        for block in copy:
            blocks.append(bytes(block))
            if len(blocks) >= 20_000:
                rest = _take(rest + b"".join(blocks), record, casts, parts)
                blocks.clear()
    _take((rest + b"".join(blocks))[:-TRAILER], record, casts, parts)
    return [np.concatenate(found) if found else np.empty(0, "i8") for found in parts]


def _take(data: bytes, record: np.dtype[Any], casts: list[tuple[str, str]], parts: list[list[Column]]) -> bytes:
    """Moves the whole records of `data` into `parts`; gives what is left."""
    whole = len(data) // record.itemsize
    rows = np.frombuffer(data, record, count=whole)
    for place, (name, _) in enumerate(casts):
        parts[place].append(rows[name].astype(rows[name].dtype.newbyteorder("=")))
    return data[whole * record.itemsize :]


def _newest() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(seq), 0) FROM insight_fact")
        return int(cursor.fetchone()[0])


class Store:
    """The columns, one array each, in the order of case_id, and the parts of cases beside them. Use `reading`."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.columns: dict[str, Column] = {name: np.empty(0, kind) for name, (_, kind) in COLUMNS.items()}
        self.parts: dict[str, dict[str, Column]] = {
            table: {name: np.empty(0, "i8") for name in names} for table, names in PARTS.items()
        }
        self.seq = 0
        self.loaded_at = 0.0

    def __getitem__(self, name: str) -> Column:
        return self.columns[name]

    def slots(self, case_ids: Column) -> Column:
        """The places of these cases in the columns."""
        return np.searchsorted(self.columns["case_id"], case_ids)

    def forget(self) -> None:
        """Empties the copy, for tests and after a restore of the database."""
        with self.lock:
            self.__init__()  # type: ignore[misc]

    def load(self) -> int:
        """Fetches what changed since the last time; gives how many cases that were."""
        with self.lock:
            casts = [(name, kind) for name, (kind, _) in COLUMNS.items()]
            selected = ", ".join(f"{name}::{kind}" for name, kind in casts)
            # What is counted again after this moment has a higher seq and comes with the next load, facts and parts alike.
            span = [self.seq, _newest()]
            query = f"SELECT {selected} FROM insight_fact WHERE seq > %s AND seq <= %s ORDER BY case_id"  # noqa: S608
            found = dict(zip(COLUMNS, _fetch(query, casts, span), strict=True))
            changed = found["case_id"]
            if len(changed):
                self._put(found)
                for table, names in PARTS.items():
                    self._put_parts(table, names, changed, span)
            self.seq = span[1]
            self.loaded_at = time.monotonic()
            return len(changed)

    def _put(self, found: dict[str, Column]) -> None:
        ids = self.columns["case_id"]
        places = np.searchsorted(ids, found["case_id"])
        known = places < len(ids)
        known[known] = ids[places[known]] == found["case_id"][known]
        for name, (_, kind) in COLUMNS.items():
            values = found[name].astype(kind)
            self.columns[name][places[known]] = values[known]
            if not known.all():
                self.columns[name] = np.concatenate([self.columns[name], values[~known]])
        ids = self.columns["case_id"]
        if len(ids) > 1 and (np.diff(ids) < 0).any():
            order = np.argsort(ids, kind="stable")
            for name in COLUMNS:
                self.columns[name] = self.columns[name][order]

    def _put_parts(self, table: str, names: tuple[str, ...], changed: Column, span: list[int]) -> None:
        casts = [(name, "int8") for name in names]
        selected = ", ".join(f"p.{name}::int8" for name in names)
        query = (
            f"SELECT {selected} FROM {table} p "  # noqa: S608  (names of our own)
            "JOIN insight_fact f ON f.case_id = p.case_id AND f.seq > %s AND f.seq <= %s AND NOT f.gone"
        )
        fresh = dict(zip(names, _fetch(query, casts, span), strict=True))
        old = self.parts[table]
        stays = ~np.isin(old["case_id"], changed)
        self.parts[table] = {name: np.concatenate([old[name][stays], fresh[name].astype("i8")]) for name in names}


_store = Store()


def forget() -> None:
    """Empties this process's copy."""
    _store.forget()


@contextmanager
def reading(*, now: bool = False) -> Iterator[Store]:
    """The columns, at most FRESH_SECONDS old (`now`: of this moment), locked while they are read."""
    with _store.lock:
        if now or time.monotonic() - _store.loaded_at > FRESH_SECONDS:
            keeping.refresh(MOST_MARKS)
            _store.load()
        yield _store
