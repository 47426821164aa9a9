"""Tables as the bytes of a file, piece by piece: CSV for a Belgian spreadsheet, Parquet for analysts (Excel: workbook)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv, parquet

from . import workbook
from .drain import Drain
from .fields import FIELDS
from .formula import BREAK, DISARMED, FORMULA
from .reading import SCHEMA

BOM = b"\xef\xbb\xbf"


def _disarmed(texts: pa.ChunkedArray) -> pa.ChunkedArray:
    """formula.disarmed of a whole column; most have nothing of the kind."""
    for pattern, replacement in ((BREAK, " "), (FORMULA, DISARMED)):
        if pc.any(pc.match_substring_regex(texts, pattern)).as_py():
            texts = pc.replace_substring_regex(texts, pattern, replacement)
    return texts


def _for_csv(kind: str, values: pa.ChunkedArray) -> pa.ChunkedArray:
    if kind in ("text", "word"):
        return _disarmed(values)
    if kind == "number":
        return pc.replace_substring(pc.cast(values, pa.string()), ".", ",")
    if kind == "day":
        return pc.strftime(values, "%d/%m/%Y")
    if kind == "moment":
        return pc.strftime(values, "%d/%m/%Y %H:%M:%S")
    if kind == "flag":
        return pc.if_else(values, "ja", "nee")
    return values


def as_csv(tables: Iterable[pa.Table]) -> Iterator[bytes]:
    """CSV that a Belgian Excel opens by a double click: UTF-8 with a byte order mark, semicolons, decimal commas, dates as
    31/12/2026, and nothing in it that a spreadsheet would carry out."""
    options = csv.WriteOptions(include_header=False, delimiter=";")
    yield BOM + (";".join(f'"{row.name}"' for row in FIELDS) + "\n").encode()
    for table in tables:
        columns = [_for_csv(row.kind, column) for row, column in zip(FIELDS, table.columns, strict=True)]
        out = pa.BufferOutputStream()
        csv.write_csv(pa.table(columns, names=SCHEMA.names), out, options)
        yield out.getvalue().to_pybytes()


def as_parquet(tables: Iterable[pa.Table]) -> Iterator[bytes]:
    """Parquet with real types: one row group per table, meanings of the columns in the schema."""
    drain = Drain()
    with parquet.ParquetWriter(drain, SCHEMA, compression="snappy") as writer:
        for table in tables:
            writer.write_table(table)
            yield drain.take()
    yield drain.take()


WRITERS: dict[str, Callable[[Iterable[pa.Table]], Iterator[bytes]]] = {
    "csv": as_csv,
    "xlsx": workbook.as_xlsx,
    "parquet": as_parquet,
}
