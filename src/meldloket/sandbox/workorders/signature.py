"""Standard Webhooks with one shared secret, as a partner would write it from the specification: the product has its own."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping

#: Shared with the municipality. Only of the sandbox.
SIGNING_KEY = "whsec_c2FuZGJveC1rYXNzZWlsZWdnZXItZ2VoZWltLTAx"
TOLERANCE = 5 * 60


def signature(message_id: str, seconds: int, body: bytes, secret: str = SIGNING_KEY) -> str:
    key = base64.b64decode(secret.split("_", 1)[1])
    digest = hmac.digest(key, b".".join((message_id.encode(), str(seconds).encode(), body)), hashlib.sha256)
    return "v1," + base64.b64encode(digest).decode()


def problem(headers: Mapping[str, str], body: bytes, now: float) -> str:
    """Why a call can't be trusted; empty when it can. `headers`: names in lower case."""
    message_id, given = headers.get("webhook-id", ""), headers.get("webhook-signature", "")
    try:
        seconds = int(headers.get("webhook-timestamp", ""))
    except ValueError:
        return "webhook-timestamp is missing or not a number"
    if not message_id or not given:
        return "webhook-id or webhook-signature is missing"
    if abs(now - seconds) > TOLERANCE:
        return "webhook-timestamp is too far from now"
    right = signature(message_id, seconds, body).encode()
    fine = any(hmac.compare_digest(one.encode(), right) for one in given.split())
    return "" if fine else "webhook-signature is wrong"
