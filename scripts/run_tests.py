"""All that proves the product, in order of speed: style, types, house rules, then pytest room by room with times."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

BIN = Path(sys.executable).parent
LINT = [
    ("style", [str(BIN / "ruff"), "check", "--no-cache", "src", "tests", "scripts", "benchmarks"]),
    ("format", [str(BIN / "ruff"), "format", "--no-cache", "--check", "-q", "src", "tests", "scripts", "benchmarks"]),
    ("types", [str(BIN / "mypy")]),
    ("house rules", [str(BIN / "lint-imports")]),
]
SUITES = [
    # Two at a time, each with a database of its own. Not the contracts: many of theirs bear one name, and would run once.
    ("unit and domain", ["-n", "2", "--dist", "loadfile", "tests/unit", "tests/domain"]),
    ("contracts", ["tests/contracts"]),
    ("journeys", ["tests/journeys"]),
    ("faults", ["tests/faults"]),
]


def main(arguments: list[str]) -> int:
    """Runs everything, also after a failure, and gives 1 when anything failed."""
    failed = [name for name, command in LINT if not _run(name, command)]
    if "--only-lint" not in arguments:
        for name, chosen in SUITES:
            if not _run(name, [sys.executable, "-m", "pytest", "-q", *chosen, *arguments]):
                failed.append(name)
    print(f"\nFailed: {', '.join(failed)}" if failed else "\nAll good.", flush=True)
    return 1 if failed else 0


def _run(name: str, command: list[str]) -> bool:
    print(f"\n== {name}", flush=True)
    started = time.monotonic()
    ok = subprocess.run(command, check=False).returncode == 0  # noqa: S603
    print(f"-- {name}: {'ok' if ok else 'FAILED'} in {time.monotonic() - started:.0f} s", flush=True)
    return ok


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
