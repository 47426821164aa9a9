"""Key pairs of the demonstration and of tests: made once per folder, never committed."""

from __future__ import annotations

import json
from pathlib import Path

from joserfc.jwk import RSAKey


def ensure_key(path: Path, name: str) -> dict:
    """The public JSON Web Key (with `kid`) of the private one in `path`, made when it is not there."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        key = RSAKey.generate_key(2048, {"kid": f"{name}-1", "use": "sig", "alg": "RS256"}, private=True)
        path.write_text(json.dumps(key.as_dict(private=True)))
        path.chmod(0o600)
    return RSAKey.import_key(json.loads(path.read_text())).as_dict(private=False)
