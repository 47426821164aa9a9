"""`python -m meldloket.sandbox`: the outside world in one command. Writes one line, `sandbox ready`, when it answers.

Exit codes: 0 stopped by a signal, 2 wrong arguments or a port in use, 1 anything else."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from pathlib import Path
from typing import Any

from meldloket.sandbox.config import SandboxConfig
from meldloket.sandbox.run import PortInUse, serve


def main(arguments: list[str] | None = None) -> int:
    """Reads the arguments, runs until it is stopped, returns the exit code."""
    chosen = _parser().parse_args(arguments)
    config = SandboxConfig(
        base_port=chosen.base_port,
        data_dir=chosen.data_dir,
        product_url=(chosen.product_url or f"http://127.0.0.1:{chosen.base_port}").rstrip("/"),
        client_keys=chosen.client_keys,
        client_secrets=chosen.client_secrets,
        dosis_delay=chosen.dosis_delay,
    )
    try:
        asyncio.run(serve(config, ready=lambda: print("sandbox ready", flush=True)))
    except PortInUse as problem:
        print(problem, file=sys.stderr)
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m meldloket.sandbox", description="The doubles of the outside world")
    parser.add_argument("--base-port", type=int, default=8000, help="the product's port; the doubles take the next ones")
    parser.add_argument("--data-dir", type=Path, help="where the doubles keep their things (default: in memory)")
    parser.add_argument("--product-url", help="where the product answers (default: this machine, the base port)")
    parser.add_argument(
        "--client-keys", type=_json_file, default={}, metavar="FILE", help="JSON: the product's public keys by double"
    )
    parser.add_argument(
        "--client-secrets", type=_json_file, default={}, metavar="FILE", help="JSON: the product's secrets by double"
    )
    parser.add_argument("--dosis-delay", type=float, default=0.0, metavar="SECONDS", help="until an upload is processed")
    return parser


def _json_file(name: str) -> dict[str, Any]:
    try:
        content = json.loads(Path(name).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise argparse.ArgumentTypeError(f"{name} cannot be read as JSON: {error}") from error
    if not isinstance(content, dict):
        raise argparse.ArgumentTypeError(f"{name} does not hold a JSON object")
    return content


if __name__ == "__main__":
    sys.exit(main())
