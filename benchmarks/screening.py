"""How good, how fast and how large the screening is: `python benchmarks/screening.py [texts]`.

Prints training time and size, time per text, and the share of right categories on the held-out texts of tests/unit/data.
Where ../shared is present, also on real reports in German and English that were mapped to our categories: their share of
right answers beside what the model thought of its chances, which is what OTHERS_WRITE in screening/model.py is set by."""

from __future__ import annotations

import csv
import gzip
import itertools
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "src")]

from meldloket.screening.engine import Screener  # noqa: E402
from meldloket.screening.learnset import own_examples  # noqa: E402
from meldloket.screening.model import train  # noqa: E402

HELD_OUT = ROOT / "tests" / "unit" / "data"
SHARED = ROOT.parent / "shared" / "data"


def main(most: int = 4000) -> None:
    examples = own_examples()
    started = time.perf_counter()
    model = train(examples)
    seconds = time.perf_counter() - started
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.npz"
        model.save(path)
        started = time.perf_counter()
        type(model).load(path)
        print(
            f"trained on {len(examples)} examples in {seconds:.1f} s, loaded in {time.perf_counter() - started:.2f} s,"
            f" {path.stat().st_size / 1e6:.1f} MB on disk"
        )
        screener = Screener(Path(folder))
        screener.screen("warm")
        for name in ("screening_texts", "screening_hard"):
            with (HELD_OUT / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
                _show(screener, name, [(row["text"], set(row["category"].split("|"))) for row in csv.DictReader(stream)])
        for name in ("konstanz-reports-de", "london-reports-en"):
            source = SHARED / f"{name}.csv.gz"
            if source.exists():
                rows = list(_real(source))
                random.Random(1).shuffle(rows)  # noqa: S311  (a sample)
                _show(screener, name, list(itertools.islice(rows, most)))
            else:
                print(f"{name}: not on this machine, left out")


def _real(path: Path) -> Iterator[tuple[str, set[str]]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            text = f"{row.get('title', '')} {row['text']}".strip()
            if row["code"] and len(text) > 15:
                yield text, {row["code"]}


def _show(screener: Screener, name: str, rows: list[tuple[str, set[str]]]) -> None:
    rows = [row for row in rows if row[1] - {""}]
    first = third = 0
    chances, times = [], []
    for text, right in rows:
        started = time.perf_counter()
        found = screener.screen(text).categories
        times.append((time.perf_counter() - started) * 1000)
        codes = [one.code for one in found]
        first += bool(set(codes[:1]) & right)
        third += bool(set(codes) & right)
        chances.append(found[0].score if found else 0.0)
    times.sort()
    right, near, thought = first / len(rows), third / len(rows), statistics.mean(chances)
    middle, p95 = times[len(times) // 2], times[int(len(times) * 0.95)]
    print(f"{name}: {len(rows)} texts, right at once {right:.0%} (the model thought {thought:.0%}), among three {near:.0%}")
    print(f"  per text p50 {middle:.2f} ms, p95 {p95:.2f} ms")


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
