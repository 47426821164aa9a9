"""A running double of ACM/IDM with the municipality's two clients, for tests that log somebody in."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
from joserfc.jwk import RSAKey

from meldloket.connectors.acmidm import AcmIdm, AcmIdmSettings
from meldloket.people.ports import Audience, Identity, LoginRequest
from meldloket.sandbox.acmidm import create_app
from meldloket.sandbox.config import SandboxConfig
from support.doubles import free_base_port, serve

PRODUCT = "http://127.0.0.1:8000"
SECRETS = {"meldloket-burger": "geheim-van-burgers", "meldloket-medewerker": "geheim+van/medewerkers%"}
CLIENTS: dict[str, dict[str, Any]] = {
    "citizen": {"client_id": "meldloket-burger", "scopes": ("openid", "profile", "rrn"), "target_group": "BUR"},
    "staff": {
        "client_id": "meldloket-medewerker",
        "scopes": ("openid", "profile", "vo", "meldloket"),
        "target_group": "LB",
    },
}


@cache
def private_key(name: str = "acmidm") -> dict[str, Any]:
    """A private JSON Web Key of the tests; every name has its own."""
    return dict(RSAKey.generate_key(2048, {"kid": f"{name}-1"}, private=True).as_dict(private=True))


def callback(audience: str) -> str:
    """The registered address to which a login returns."""
    return f"{PRODUCT}/aanmelden/terug/{'burger' if audience == 'citizen' else 'medewerker'}/"


@dataclass
class Clock:
    """Seconds since 1970 as the double sees them; `ahead` moves it."""

    ahead: float = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead


@dataclass
class RunningAcm:
    """The double, and what a test does with it."""

    url: str
    app: Any
    clock: Clock = field(default_factory=Clock)

    @property
    def issuer(self) -> str:
        return f"{self.url}/op"

    def client(self, audience: Audience, **changed: Any) -> AcmIdm:
        """The product's client for citizens or staff; `changed`: settings that differ."""
        settings = {"issuer": self.issuer, "private_key": private_key(), **CLIENTS[audience], **changed}
        return AcmIdm(audience, AcmIdmSettings(**settings))

    def visit(self, address: str, browser: httpx.Client | None = None, **chosen: str) -> dict[str, str]:
        """Goes where the login sends the browser, with a `persona` chosen; gives the fields of the way back."""
        with browser_of(browser) as visitor:
            answer = visitor.get(address, params={**dict(parse_qsl(urlsplit(address).query)), **chosen})
        assert answer.status_code == 303, answer.text
        return dict(parse_qsl(urlsplit(answer.headers["location"]).query))

    def log_in(self, client: AcmIdm, persona: str, *, organisation_code: str = "", **chosen: str) -> Identity:
        """One whole login. Raises LoginProblem as `finish` does."""
        back = callback(client.audience)
        asked = client.begin(back, organisation_code=organisation_code)
        fields = self.visit(asked.url, persona=persona, **chosen)
        assert fields["state"] == asked.state
        return finish(client, asked, fields["code"])

    def fault(self, special: str, **fields: Any) -> None:
        """Sets one of the double's own faults, for one call."""
        self.app.state.faults.set(mode="special", special=special, count=1, **fields)

    def clear(self) -> None:
        """No faults, and the right time."""
        self.app.state.faults.clear()
        self.clock.ahead = 0.0


def finish(client: AcmIdm, asked: LoginRequest, code: str) -> Identity:
    """The callback, as the login view does it."""
    back = callback(client.audience)
    return client.finish(code, redirect_uri=back, nonce=asked.nonce, code_verifier=asked.code_verifier)


@contextmanager
def browser_of(browser: httpx.Client | None) -> Iterator[httpx.Client]:
    """The given browser, left open, or a fresh one without cookies."""
    if browser is not None:
        yield browser
        return
    with httpx.Client() as fresh:
        yield fresh


@contextmanager
def running_acm() -> Iterator[RunningAcm]:
    """Runs the double on a free port, with the tests' key and secrets registered."""
    public = RSAKey.import_key(private_key()).as_dict(private=False)
    config = SandboxConfig(
        base_port=free_base_port(),
        product_url=PRODUCT,
        client_keys={"acmidm": {"keys": [public]}},
        client_secrets=SECRETS,
    )
    clock = Clock()
    app = create_app(config, clock=clock)
    with serve(app, config.port("acmidm")) as url:
        yield RunningAcm(url, app, clock)
