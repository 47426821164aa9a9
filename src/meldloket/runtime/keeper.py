"""Keeps the figures in the memory of a server process fresh, from its start on, so that no visitor waits for them
(docs/adr/0009-facts-in-columns.md)."""

from __future__ import annotations

import threading
import time

import structlog

log = structlog.get_logger(__name__)

#: Shorter than the age at which a visitor would look for news (insight.columns.FRESH_SECONDS).
SECONDS = 3.0


def start() -> None:
    """Begins in the background; the process serves meanwhile."""
    threading.Thread(target=_keep, name="figures", daemon=True).start()


def _keep() -> None:
    from django.db import Error, close_old_connections

    from meldloket.insight import columns

    failing = False
    while True:
        try:
            columns.renew()
            failing = False
        except (Error, OSError) as error:
            # Visitors fetch the news themselves until it works again; one line in the log is enough.
            if not failing:
                log.warning("figures_not_renewed", reason=type(error).__name__)
            failing = True
        close_old_connections()
        time.sleep(SECONDS)
