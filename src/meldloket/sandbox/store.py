"""What a double remembers: named collections of JSON documents in one SQLite file (or in memory), so that a
restarted demonstration finds its post and its cases again."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any


class Store:
    """Documents by (collection, key), in order of first writing. `path` None: in memory."""

    def __init__(self, path: Path | None = None) -> None:
        self._lock = threading.Lock()
        self._db = sqlite3.connect(str(path) if path else ":memory:", check_same_thread=False, isolation_level=None)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=OFF")
        self._db.execute(
            "CREATE TABLE IF NOT EXISTS documents (number INTEGER PRIMARY KEY AUTOINCREMENT,"
            " collection TEXT NOT NULL, key TEXT NOT NULL, body TEXT NOT NULL, UNIQUE (collection, key))"
        )

    def put(self, collection: str, key: str, body: Any) -> None:
        """Writes a document; an existing key keeps its place in the order."""
        with self._lock:
            self._db.execute(
                "INSERT INTO documents (collection, key, body) VALUES (?, ?, ?)"
                " ON CONFLICT (collection, key) DO UPDATE SET body = excluded.body",
                (collection, key, json.dumps(body, ensure_ascii=False)),
            )

    def get(self, collection: str, key: str) -> Any | None:
        with self._lock:
            row = self._db.execute(
                "SELECT body FROM documents WHERE collection = ? AND key = ?", (collection, key)
            ).fetchone()
        return json.loads(row[0]) if row else None

    def delete(self, collection: str, key: str) -> bool:
        with self._lock:
            return (
                self._db.execute("DELETE FROM documents WHERE collection = ? AND key = ?", (collection, key)).rowcount > 0
            )

    def items(self, collection: str) -> Iterator[tuple[str, Any]]:
        """(key, document) in order of first writing."""
        with self._lock:
            rows = self._db.execute(
                "SELECT key, body FROM documents WHERE collection = ? ORDER BY number", (collection,)
            ).fetchall()
        return ((key, json.loads(body)) for key, body in rows)

    def clear(self) -> None:
        with self._lock:
            self._db.execute("DELETE FROM documents")

    def close(self) -> None:
        self._db.close()
