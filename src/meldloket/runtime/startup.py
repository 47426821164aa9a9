"""What every command begins with: Django ready, and the embedded database running when no other is named."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import click

from . import env


def setup(*, need_database: bool = True) -> Any:
    """Makes Django ready; starts the embedded PostgreSQL when no DATABASE_URL is set. Gives the server, or None."""
    from .postgres import Embedded

    server = None
    if need_database and not env.text("DATABASE_URL"):
        server = Embedded(Path(env.text("MELDLOKET_HOME")) / "postgres")
        os.environ["DATABASE_URL"] = server.start()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "meldloket.runtime.settings")
    import django

    from . import logs

    logs.configure()
    django.setup()
    return server


def progress(items: Any, label: str, length: int | None = None) -> Any:
    """Goes through `items` with a progress bar on standard error (nothing where it is no terminal)."""
    with click.progressbar(items, label=label, length=length, file=sys.stderr) as bar:
        yield from bar
