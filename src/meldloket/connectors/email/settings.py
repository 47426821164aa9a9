"""The settings of the mail relay and of the letterhead: everything that differs between two municipalities."""

from __future__ import annotations

from dataclasses import dataclass, field
from email.errors import MessageError
from email.headerregistry import Address


@dataclass(frozen=True)
class EmailSettings:
    """`host`, `port`: the relay. `starttls`: demand encryption (no fall-back to plain text); `ca_file`: certificates to
    trust instead of the system's. `username` empty: no log-in. `from_address`, `from_name`: who the citizen sees.
    `reply_to`: where an answer goes; may hold `{reference}` (e.g. `meldingen+{reference}@lindekerke.be`).
    `bounce_address`: envelope sender, where a non-delivery goes; may hold `{delivery_id}`; empty: `from_address`.
    `domain`: right part of the Message-ID; empty: the domain of `from_address`. `timeout`: seconds, per step.

    Raises ValueError when an address is not one: better at the start than at the first message."""

    host: str
    from_address: str
    port: int = 25
    from_name: str = ""
    reply_to: str = ""
    bounce_address: str = ""
    domain: str = ""
    username: str = ""
    password: str = field(default="", repr=False)
    starttls: bool = False
    ca_file: str = ""
    timeout: float = 20.0

    def __post_init__(self) -> None:
        for name in ("from_address", "reply_to", "bounce_address"):
            value = getattr(self, name)
            try:
                valid = Address(addr_spec=value).addr_spec == value and "@" in value and value.isascii()
            except (ValueError, IndexError, MessageError):
                valid = name != "from_address" and not value
            if not valid:
                raise ValueError(f"{name} is not an e-mail address: {value!r}")

    @property
    def message_id_domain(self) -> str:
        return self.domain or self.from_address.rpartition("@")[2]
