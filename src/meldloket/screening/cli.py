"""`meldloket screen`: lets anyone judge the screening on texts of their own, without a database."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator
from typing import Literal, TextIO

from .engine import get_screener

LONGEST_FIELD = 10_000_000


def screen_texts(source: TextIO, fmt: Literal["lines", "csv"] | str, out: TextIO) -> int:
    """Writes one JSON object a text, in the order of the source: `text` and every proposal (`Screening.as_dict`).

    `fmt`: `lines`, one text a line, empty lines skipped; `csv`, a table with a column `text`, whose other columns are
    passed on under `input`. Gives the exit code: 0, or 2 when the source can't be read as said, with a sentence on standard
    error."""
    screener = get_screener()
    try:
        for text, given in _texts(source, fmt):
            row = {"text": text, **({"input": given} if given else {}), **screener.screen(text).as_dict()}
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
    except (ValueError, csv.Error) as problem:
        print(f"The texts can't be read: {problem}", file=sys.stderr)
        return 2
    return 0


def _texts(source: TextIO, fmt: str) -> Iterator[tuple[str, dict[str, str]]]:
    if fmt == "lines":
        for line in source:
            if text := line.strip("\r\n\ufeff"):
                yield text, {}
        return
    if fmt != "csv":
        raise ValueError(f"unknown format {fmt!r}: choose lines or csv.")
    csv.field_size_limit(LONGEST_FIELD)
    first = source.readline().lstrip("\ufeff")
    separator = ";" if first.count(";") > first.count(",") else ","
    names = next(csv.reader([first], delimiter=separator), [])
    if "text" not in names:
        raise ValueError("the first line names no column `text`.")
    for row in csv.DictReader(source, fieldnames=names, delimiter=separator):
        text = row.pop("text") or ""
        yield text, {key: str(value) for key, value in row.items() if key is not None and value}
