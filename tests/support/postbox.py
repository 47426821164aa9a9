"""A running post box double (SMS gateway, SMTP server, JSON of what arrived) for tests that send something."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from meldloket.sandbox.config import SandboxConfig
from meldloket.sandbox.postbox import create_app
from support.doubles import free_base_port, serve


@dataclass(frozen=True)
class RunningPostbox:
    """Where it answers, and what a test asks of it."""

    url: str
    smtp_port: int

    def messages(self, *, channel: str = "", to: str = "") -> list[dict[str, Any]]:
        """What arrived, in order of arrival."""
        answer = httpx.get(f"{self.url}/_double/messages", params={"channel": channel, "to": to})
        return answer.raise_for_status().json()

    def fault(self, **fields: Any) -> None:
        """Sets a fault switch (fields of meldloket.sandbox.faults.Fault)."""
        httpx.put(f"{self.url}/_double/faults", json=fields).raise_for_status()

    def clear(self) -> None:
        """No post, no faults."""
        httpx.delete(f"{self.url}/_double/messages").raise_for_status()
        httpx.delete(f"{self.url}/_double/faults").raise_for_status()


@contextmanager
def running_postbox(*, tls: ssl.SSLContext | None = None) -> Iterator[RunningPostbox]:
    """Runs the double on free ports; `tls`: its SMTP server offers STARTTLS and a log-in."""
    config = SandboxConfig(base_port=free_base_port())
    with serve(create_app(config, smtp=True, smtp_tls=tls)) as url:
        yield RunningPostbox(url, config.port("smtp"))
