"""What the people room asks of the outside world: an identity provider that tells who logged in (ACM/IDM)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

Audience = Literal["citizen", "staff"]


@dataclass(frozen=True)
class LoginRequest:
    """Where to send the browser, and what to remember in its session until it comes back."""

    url: str
    state: str
    nonce: str
    code_verifier: str


@dataclass(frozen=True)
class Identity:
    """Who logged in (specs/identity, 1.5-1.7). `national_number` only for citizens, can be missing. `role_texts`: the
    role part of each role claim that holds for `organisation_code`, as sent (`Meldloket-dossierbehandelaar`)."""

    audience: Audience
    issuer: str
    subject: str
    first_name: str
    last_name: str
    national_number: str | None = None
    staff_id: str = ""  # vo_id
    organisation_code: str = ""
    organisation_name: str = ""
    email: str = ""
    role_texts: tuple[str, ...] = ()
    assurance: str = ""  # acr, as sent
    claims: dict[str, Any] = field(default_factory=dict, repr=False)


class LoginProblem(Exception):
    """The login can't be trusted or did not finish. `reason`: a code for the page (`state`, `denied`, `provider`,
    `token`, `nonce`, `clock`, `expired`, `target_group`, `assurance`); `detail`: for the log, never personal data."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


class IdentityProvider(Protocol):
    """One client of the provider; there are two, for citizens (BUR) and for staff (LB)."""

    def begin(self, redirect_uri: str, *, organisation_code: str = "") -> LoginRequest: ...

    def finish(self, code: str, *, redirect_uri: str, nonce: str, code_verifier: str) -> Identity:
        """Exchanges the code and checks everything. Raises LoginProblem."""
        ...

    def logout_url(self, return_to: str, *, state: str = "") -> str: ...

    def switch_url(self, return_to: str, *, state: str = "") -> str: ...

    def check(self) -> str | None: ...


@dataclass
class Plugged:
    """The connectors in use, by audience; runtime fills this in at start."""

    providers: dict[Audience, IdentityProvider] = field(default_factory=dict)


plugged = Plugged()
