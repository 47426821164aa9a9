"""A running double of DOSIS and of the notification component, with the clients that talk to it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from joserfc.jwk import RSAKey

from meldloket.connectors.dosis import ApiSettings, DosisChannel, DosisSettings
from meldloket.connectors.dosis.client import complete
from meldloket.connectors.dosis.token import TokenSettings, TokenSource
from meldloket.connectors.mbp import MbpChannel, MbpSettings
from meldloket.messages.dosis_body import CaseSnapshot, dosis_body, mbp_bundle
from meldloket.messages.ports import DeliveryProblem, Outgoing
from meldloket.sandbox.config import SandboxConfig
from meldloket.sandbox.dosis import create_app
from support.doubles import serve

TOKEN = "/authorization/ws/oauth/v2/token"
SOURCE = "urn://lindekerke/meldingen"
#: Test numbers of the specification: a month raised by 60, of nobody.
SOMEBODY, SOMEBODY_ELSE = "31612199733", "62680599650"
SNAPSHOT = CaseSnapshot(
    bron=SOURCE,
    dossier_number="MLD-2026-000123",
    title="Melding: verzakt voetpad, Molenstraat",
    changed_at=datetime(2026, 3, 4, 9, 15, tzinfo=UTC),
    code="Ontvankelijk",
    phase="Behandeling",
    detail="Uw melding is ontvankelijk. De dienst Openbaar Domein behandelt ze.",
    action=None,
    deep_link="https://meldingen.lindekerke.example/mijn/MLD-2026-000123",
    product="12345",
    manager={"name": "Meldpunt Lindekerke", "department": "Openbaar Domein", "email": "meldingen@lindekerke.example"},
)


@cache
def private_key(name: str = "dosis-1") -> dict[str, Any]:
    """A private key with this `kid`; made once, because that takes a moment."""
    return RSAKey.generate_key(2048, {"kid": name, "use": "sig", "alg": "RS256"}).as_dict(private=True)


@cache
def public_keys() -> dict[str, Any]:
    """What was uploaded at Digitaal Vlaanderen."""
    return {"keys": [RSAKey.import_key(private_key()).as_dict(private=False)]}


@dataclass
class Clock:
    """Of the double and of the clients at once: real time plus what the test added."""

    offset: timedelta = field(default_factory=timedelta)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.offset

    def seconds(self) -> float:
        return self.now().timestamp()

    def advance(self, **delta: float) -> None:
        self.offset += timedelta(**delta)


@dataclass
class RunningDosis:
    """Where it answers, and what a test asks of it."""

    url: str
    clock: Clock
    http: httpx.Client

    def state(self) -> dict[str, Any]:
        return self.http.get("/_double/state").raise_for_status().json()

    def uploads(self) -> list[dict[str, Any]]:
        return self.state()["uploads"]

    def notifications(self) -> list[dict[str, Any]]:
        return self.state()["notifications"]

    def fault(self, **fields: Any) -> None:
        """Sets a fault switch (fields of meldloket.sandbox.faults.Fault)."""
        self.http.put("/_double/faults", json=fields).raise_for_status()

    def special(self, name: str, count: int | None = 1) -> None:
        self.fault(mode="special", special=name, count=count)

    def notifies(self, notifies: bool) -> None:
        self.http.put("/_double/settings", json={"notifies": notifies}).raise_for_status()

    def reset(self) -> None:
        """Nothing kept, no faults, the clock on time."""
        self.http.delete("/_double/faults").raise_for_status()
        self.http.delete("/_double/state").raise_for_status()
        self.clock.offset = timedelta()

    def api(self, timeout: float = 5.0, **token: Any) -> ApiSettings:
        """How to get in; `token` replaces parts of the token settings."""
        good = TokenSettings(f"{self.url}{TOKEN}", "meldloket-dosis", private_key(), timeout=timeout)
        return ApiSettings(self.url, replace(good, **token), timeout)

    def channel(self, timeout: float = 5.0, transport: httpx.BaseTransport | None = None, **token: Any) -> DosisChannel:
        settings = DosisSettings(self.api(timeout, **token), SOURCE)
        return DosisChannel(settings, transport, self.clock.seconds)

    def mbp(self, timeout: float = 5.0, transport: httpx.BaseTransport | None = None, **token: Any) -> MbpChannel:
        return MbpChannel(MbpSettings(self.api(timeout, **token)), transport, self.clock.seconds)

    def token(self) -> str:
        """A good token, for raw calls."""
        return TokenSource(self.api().token, self.http, self.clock.seconds).get()


@contextmanager
def running_dosis(delay: float = 0.0) -> Iterator[RunningDosis]:
    """Runs the double on a free port. `delay`: seconds until an upload is processed."""
    clock = Clock()
    config = SandboxConfig(client_keys={"dosis": public_keys()}, dosis_delay=delay)
    with serve(create_app(config, clock.now)) as url, httpx.Client(base_url=url) as http:
        yield RunningDosis(url, clock, http)


def upload(recipient: str = SOMEBODY, delivery_id: UUID | None = None, **changes: Any) -> Outgoing:
    """A message for DOSIS; `changes` to the snapshot."""
    payload = dosis_body(replace(SNAPSHOT, **changes))
    return Outgoing(delivery_id or uuid4(), "dosis", "MLD-2026-000123", recipient, payload=payload)


def bundle(recipient: str = SOMEBODY, delivery_id: UUID | None = None, **changes: Any) -> Outgoing:
    """A message for Mijn Burgerprofiel; `changes` to the snapshot."""
    payload = mbp_bundle(replace(SNAPSHOT, **changes), brand="LINDEKERKE", notified_at=datetime.now(UTC))
    return Outgoing(delivery_id or uuid4(), "mbp", "MLD-2026-000123", recipient, payload=payload)


def whole_body(**changes: Any) -> dict[str, Any]:
    """A body as it goes over the line, to break in a test."""
    return complete(upload(**changes))


def problem(channel: DosisChannel | MbpChannel, message: Outgoing) -> DeliveryProblem:
    """The problem that delivering this message meets; never with the national number in it."""
    with pytest.raises(DeliveryProblem) as caught:
        channel.deliver(message)
    assert SOMEBODY not in caught.value.reason + str(caught.value.details)
    return caught.value


def kind(found: DeliveryProblem) -> str:
    """What the delivery worker does with it, in one word: retry, park, stop (the channel) or superseded."""
    if found.superseded:
        return "superseded"
    if found.stop_channel:
        return "stop"
    return "retry" if found.retry else "park"


def canned(*answers: httpx.Response | Exception) -> tuple[DosisChannel, list[httpx.Request]]:
    """A channel to which the other side gives these answers in turn, tokens apart; and what was asked."""
    asked: list[httpx.Request] = []
    left = list(answers)

    def handle(request: httpx.Request) -> httpx.Response:
        if request.url.path == TOKEN:
            return httpx.Response(200, json={"access_token": str(uuid4()), "token_type": "bearer", "expires_in": 36000})
        asked.append(request)
        answer = left.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    token = TokenSettings(f"https://dosis.example{TOKEN}", "meldloket-dosis", private_key())
    settings = DosisSettings(ApiSettings("https://dosis.example", token), SOURCE)
    return DosisChannel(settings, httpx.MockTransport(handle)), asked
