"""The filters of the pages in the database: for what is read from tables and not from the columns in memory."""

from __future__ import annotations

from typing import Any

from django.db import connection

from . import columns, keeping
from .scope import Scope, number_of


def count(scope: Scope) -> int:
    """How many cases came in during the period of this scope; counts first what changed. Not from the columns in memory
    (insight.columns): a process that only makes files does without them."""
    keeping.refresh(columns.MOST_MARKS)
    where, found = narrowed(scope)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM insight_fact f WHERE NOT f.gone {where}", found)  # noqa: S608
        return int(cursor.fetchone()[0])


def narrowed(scope: Scope) -> tuple[str, dict[str, Any]]:
    """The filters of `scope` as conditions on facts f, with their parameters."""
    found: dict[str, Any] = {"since": number_of(scope.since), "until": number_of(scope.until)}
    parts = ["f.received >= %(since)s", "f.received <= %(until)s"]
    if not scope.complaints:
        parts.append("NOT f.complaint")
    if scope.categories is not None:
        parts.append("f.category = ANY(%(categories)s)")
        found["categories"] = sorted(scope.categories)
    for name in ("area", "department", "channel"):
        if (value := getattr(scope, name)) is not None:
            parts.append(f"f.{name} = %({name})s")
            found[name] = value
    return " ".join(f"AND {part}" for part in parts), found
