"""Columns in memory made by a test, without a database, for figures that only count."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

import numpy as np

from meldloket.insight.columns import COLUMNS, PARTS, Store
from meldloket.insight.figures import STATUSES
from meldloket.insight.models import NO_PLACE, NONE
from meldloket.insight.scope import number_of

EMPTY = {"latitude": NO_PLACE, "longitude": NO_PLACE, "reports": 1, "parked": 0}


def store_of(rows: list[dict[str, Any]], evaluations: list[dict[str, int]] | None = None) -> Store:
    """A store with these cases (columns that a row does not name are NONE or False) and evaluations."""
    rows = [{"case_id": at, **row} for at, row in enumerate(rows, 1)]
    columns = {
        name: np.array([row.get(name, False if kind == "?" else EMPTY.get(name, NONE)) for row in rows], kind)
        for name, (_, kind) in COLUMNS.items()
    }
    found: dict[str, list[dict[str, int]]] = {"insight_evaluation": evaluations or []}
    parts = {
        table: {name: np.array([row[name] for row in found.get(table, [])], kind) for name, (_, kind) in names.items()}
        for table, names in PARTS.items()
    }
    return Store(columns, parts, seq=1)


def random_cases(seed: int, count: int, since: date, days: int) -> list[dict[str, Any]]:
    """Cases with everything that can differ."""
    chance = random.Random(seed)
    rows = []
    for _ in range(count):
        received = number_of(since) + chance.randrange(days)
        status = chance.choice(STATUSES)
        ended = status in ("handled", "evaluated", "inadmissible", "withdrawn", "referred")
        took = chance.randrange(60) if ended else NONE
        placed = chance.random() < 0.9
        rows.append(
            {
                "received": received,
                "weekhour": chance.randrange(168),
                "ended": received + took if ended else NONE,
                "target": chance.choice([NONE, received + chance.randrange(5, 40)]),
                "category": chance.choice([NONE, 1, 2, 3, 4, 4, 4]),
                "area": chance.choice([NONE, 1, 2, 3]),
                "department": chance.choice([1, 2]),
                "channel": chance.randrange(3),
                "status": STATUSES.index(status),
                "gone": chance.random() < 0.05,
                "complaint": chance.random() < 0.05,
                "reopened": chance.random() < 0.1,
                "latitude": 51_050_000 + chance.randrange(-900, 900) if placed else NO_PLACE,
                "longitude": 3_550_000 + chance.randrange(-1400, 1400) if placed else NO_PLACE,
                "whole_hours": took * 24 + chance.randrange(24) if status in ("handled", "evaluated") else NONE,
                "advice_hours": chance.choice([NONE, NONE, 5]),
            }
        )
    return rows
