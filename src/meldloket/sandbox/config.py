"""Where each double listens and keeps its things: one object that the runner makes and every double gets."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

#: Offset of each part from the demonstration's base port (the product's own web server has offset 0).
OFFSETS = {
    "control": 1,
    "acmidm": 2,
    "magda": 3,
    "dosis": 4,
    "postbox": 5,
    "smtp": 6,
    "addresses": 7,
    "open311": 8,
    "workorders": 9,
    "minutes": 10,
}

#: Shared by the demonstration's product and the double of the work-order system (Standard Webhooks form).
PARTNER_SECRET = "whsec_bWVsZGxva2V0LXphbmRiYWstcGFydG5lcg=="  # noqa: S105  (a double's secret is no secret)
#: Key of the product at the double of the Open311 system.
OPEN311_KEY = "sandbox-open311-key"

#: Between the product and the double of the minutes package: our key there, its client with us.
MINUTES_KEY = "sandbox-minutes-key"
MINUTES_CLIENT = "notulen"
MINUTES_SECRET = "sandbox-minutes-secret"  # noqa: S105


@dataclass(frozen=True)
class SandboxConfig:
    """`base_port`: the product's port; the doubles take the ones after it. `data_dir` None: everything in memory.
    `product_url`: where the product answers (for links on the doubles' pages and for registered redirect addresses).
    `client_keys`: public JSON Web Keys (as a JWKS dictionary) of the product per double (`acmidm`, `dosis`).
    `dosis_delay`: seconds until an accepted upload is processed."""

    base_port: int = 8000
    data_dir: Path | None = None
    product_url: str = "http://127.0.0.1:8000"
    client_keys: dict[str, dict] = field(default_factory=dict)
    client_secrets: dict[str, str] = field(default_factory=dict)
    dosis_delay: float = 0.0
    partner_secret: str = PARTNER_SECRET  # with which the work-order system and the product sign their calls
    host: str = "127.0.0.1"

    def port(self, part: str) -> int:
        return self.base_port + OFFSETS[part]

    def url(self, part: str) -> str:
        return f"http://{self.host}:{self.port(part)}"

    def store_path(self, part: str) -> Path | None:
        return self.data_dir / f"{part}.sqlite3" if self.data_dir else None
