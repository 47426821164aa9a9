"""Shows what the client makes of stored answers, so that anyone can judge the reading without a connection."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any, TextIO

from meldloket.connectors.magda import answers


def read_answer(content: bytes) -> dict[str, Any]:
    """One answer of GeefPersoon as the form would get it: first_name, all_first_names, last_name, address, why_not, hints,
    codes. Raises `answers.Unreadable`."""
    answer = answers.person(answers.parse(content), asked=None)
    kept = ("first_name", "all_first_names", "last_name", "address", "why_not", "hints", "codes")
    return {name: value for name, value in asdict(answer).items() if name in kept}


def magda_read(paths: Iterable[Path], out: TextIO) -> int:
    """Writes one JSON object a file, with `file` in front and `error` where a file is no answer. Gives the exit code: 0,
    or 1 when a file could not be read."""
    failed = False
    for path in paths:
        try:
            result: dict[str, Any] = read_answer(path.read_bytes())
        except OSError as error:
            result, failed = {"error": f"can't be opened: {error.strerror}"}, True
        except answers.Unreadable as error:
            result, failed = {"error": f"no answer of MAGDA: {error.why}"}, True
        out.write(json.dumps({"file": path.name, **result}, ensure_ascii=False) + "\n")
    return 1 if failed else 0
