"""The cases of an export, as tables of some thousands of rows. Each is a query of its own over a range of cases, read to
its end before anybody gets it: while a slow network takes in what there is, no transaction and no cursor stands open, and
whoever stops half-way leaves nothing behind."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow as pa
from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction
from pyarrow import csv

from meldloket.cases.access import visible_cases
from meldloket.catalogue.current import catalogue
from meldloket.insight.narrowing import narrowed
from meldloket.insight.scope import Scope
from meldloket.people.roles import Actor

from .fields import FIELDS

BATCH = 5_000
TYPES: dict[str, pa.DataType] = {
    "text": pa.string(),
    "word": pa.string(),
    "whole": pa.int32(),
    "number": pa.float64(),
    "day": pa.date32(),
    "moment": pa.timestamp("s"),
    "flag": pa.bool_(),
}
SCHEMA = pa.schema([pa.field(row.name, TYPES[row.kind], metadata={"betekenis": row.meaning}) for row in FIELDS])

_TEXTS = ("text", "word")
_SELECTED = ", ".join(f"nullif({row.sql}, '')" if row.kind in _TEXTS else row.sql for row in FIELDS)
#: A range of cases with what belongs to them. Of several decisions the newest.
_ROWS = f"""
SELECT {_SELECTED}
FROM insight_fact f
JOIN cases_case c ON c.id = f.case_id
LEFT JOIN catalogue_category k ON k.id = c.category_id
LEFT JOIN catalogue_department d ON d.id = c.department_id
LEFT JOIN catalogue_area a ON a.id = c.area_id
LEFT JOIN (SELECT case_id, count(*) AS asked, count(*) FILTER (WHERE answered >= 0) AS answered FROM insight_advice
    WHERE case_id >= %(low)s AND case_id < %(high)s GROUP BY case_id) v ON v.case_id = f.case_id
LEFT JOIN (SELECT DISTINCT ON (case_id) case_id, outcome FROM insight_decision
    WHERE case_id >= %(low)s AND case_id < %(high)s ORDER BY case_id, day DESC, id DESC) b ON b.case_id = f.case_id
WHERE f.case_id >= %(low)s AND f.case_id < %(high)s AND c.id >= %(low)s AND c.id < %(high)s AND NOT f.gone
"""  # noqa: S608  (names of our own)


def tables(scope: Scope, actor: Actor, *, batch: int = BATCH) -> Iterator[pa.Table]:
    """The cases that came in during the period of `scope` and that `actor` may see, oldest first, in tables of SCHEMA with
    about `batch` rows. A case is in it once, as it is when its turn comes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(case_id), max(case_id) FROM insight_fact")
        first, last = cursor.fetchone()
    lines: list[bytes] = []
    for low in range(first, last + 1, batch) if first is not None else ():
        lines += _lines(scope, actor, low, low + batch)
        if len(lines) >= batch // 2:
            yield _parsed(lines)
            lines = []
    if lines:
        yield _parsed(lines)


def _lines(scope: Scope, actor: Actor, low: int, high: int) -> list[bytes]:
    """The rows of cases `low` to below `high`, as lines of CSV."""
    where, found = narrowed(scope)
    try:
        seen, given = _visible(actor, low, high)
    except EmptyResultSet:  # sees no cases at all
        return []
    found |= {"low": low, "high": high, **{f"seen_{place}": value for place, value in enumerate(given)}}
    query = f"COPY ({_ROWS} {where} AND c.id IN ({seen}) ORDER BY f.case_id) TO STDOUT (FORMAT csv)"
    with transaction.atomic(), connection.cursor() as cursor:
        # Two ranges of the same cases look like few rows to PostgreSQL, which then looks up each by itself: half as fast.
        cursor.execute("SET LOCAL enable_nestloop = off")
        with cursor.copy(query, found) as copy:
            return [bytes(line) for line in copy]


def _visible(actor: Actor, low: int, high: int) -> tuple[str, tuple[Any, ...]]:
    """The rule that says who sees which case (cases.access), as SQL with its parameters by name: seen_0, seen_1 …"""
    cases = visible_cases(actor, catalogue().complaint_departments).filter(pk__gte=low, pk__lt=high)
    text, given = cases.order_by().values("pk").query.sql_with_params()
    return text % tuple(f"%(seen_{place})s" for place in range(len(given))), given


def _parsed(lines: list[bytes]) -> pa.Table:
    data = b"".join(lines)
    return csv.read_csv(
        pa.py_buffer(data),
        read_options=csv.ReadOptions(use_threads=False, column_names=SCHEMA.names, block_size=max(len(data), 1)),
        parse_options=csv.ParseOptions(newlines_in_values=True),
        convert_options=csv.ConvertOptions(
            column_types=SCHEMA,
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
            null_values=[""],
            true_values=["t"],
            false_values=["f"],
        ),  # fmt: skip
    ).cast(SCHEMA)
