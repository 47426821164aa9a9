"""The doubles of other software, running, and the systems as the product's adapters need them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from meldloket.actions.ports import System
from meldloket.connectors.minutes import MinutesClient, MinutesSettings
from meldloket.sandbox import minutes, open311, workorders
from meldloket.sandbox.config import MINUTES_CLIENT, MINUTES_KEY, OPEN311_KEY, PARTNER_SECRET, SandboxConfig
from support.doubles import free_base_port, serve


@dataclass(frozen=True)
class RunningPartner:
    """Where a double answers, and what a test asks of it."""

    url: str

    def state(self) -> dict[str, Any]:
        return httpx.get(f"{self.url}/_double/state").raise_for_status().json()

    def fault(self, **fields: Any) -> None:
        httpx.put(f"{self.url}/_double/faults", json=fields).raise_for_status()

    def clear(self) -> None:
        httpx.delete(f"{self.url}/_double/faults").raise_for_status()
        httpx.delete(f"{self.url}/_double/state").raise_for_status()

    def answer(self, path: str, **form: str) -> httpx.Response:
        """What a person of the partner does on its page."""
        return httpx.post(f"{self.url}{path}", data=form)


@contextmanager
def running_operator() -> Iterator[tuple[RunningPartner, System]]:
    with serve(open311.create_app(SandboxConfig(base_port=free_base_port()))) as url:
        settings = {"service_code": "LAMP", "jurisdiction_id": "leiestroom.example", "updates": True}
        yield (
            RunningPartner(url),
            System("leiestroom", "Netbeheer Leiestroom", f"{url}/georeport/v2", secret=OPEN311_KEY, settings=settings),
        )


@contextmanager
def running_contractor() -> Iterator[tuple[RunningPartner, System]]:
    with serve(workorders.create_app(SandboxConfig(base_port=free_base_port()))) as url:
        yield (
            RunningPartner(url),
            System("kasseilegger", "De Kasseilegger", f"{url}/hooks/meldloket", secret=PARTNER_SECRET),
        )


@contextmanager
def running_minutes(product_url: str) -> Iterator[tuple[RunningPartner, MinutesClient, Any]]:
    """The minutes package, the product's client for it, and the authority whose certificates sign there."""
    config = SandboxConfig(base_port=free_base_port(), product_url=product_url)
    app = minutes.create_app(config)
    with serve(app) as url:
        client = MinutesClient(MinutesSettings(url, MINUTES_KEY, MINUTES_CLIENT))
        yield RunningPartner(url), client, app.state.authority
