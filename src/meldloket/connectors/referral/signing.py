"""Signatures of the Standard Webhooks specification (version 1, symmetric): who sent this, that nothing was changed, and
that it is no old message sent again."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping

#: Seconds that a message may be old, or ahead of our clock.
TOLERANCE = 300
_PREFIX = "whsec_"


class BadSignature(Exception):
    """The call is not what it says. The text says which part, for the partner's log; never the secret."""


def _key(secret: str) -> bytes:
    try:
        key = base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError("a signing secret is whsec_ and base64") from error
    if len(key) < 24:  # of the specification; an empty one would let anybody sign
        raise ValueError("a signing secret holds at least 24 bytes")
    return key


def sign(secret: str, message_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """The three headers for a body. `secret`: whsec_ and base64; `timestamp`: Unix seconds. Raises ValueError."""
    content = f"{message_id}.{timestamp}.".encode() + body
    mac = base64.b64encode(hmac.new(_key(secret), content, hashlib.sha256).digest()).decode()
    return {"webhook-id": message_id, "webhook-timestamp": str(timestamp), "webhook-signature": f"v1,{mac}"}


def verify(secret: str, headers: Mapping[str, str], body: bytes, now: float) -> str:
    """The message's id when the signature is right and fresh. `headers`: any case. Raises BadSignature."""
    found = {name.lower(): value for name, value in headers.items()}
    message_id, stamp = found.get("webhook-id", ""), found.get("webhook-timestamp", "")
    if not message_id or not (stamp.isascii() and stamp.isdigit()) or len(stamp) > 12:
        raise BadSignature("webhook-id or webhook-timestamp is missing")
    if abs(now - int(stamp)) > TOLERANCE:
        raise BadSignature("webhook-timestamp is too old or too new")
    try:
        expected = sign(secret, message_id, int(stamp), body)["webhook-signature"]
    except ValueError as error:
        raise BadSignature("there is no usable signing secret for you here") from error
    for one in found.get("webhook-signature", "").split():
        if hmac.compare_digest(one.encode(), expected.encode()):
            return message_id
    raise BadSignature("webhook-signature does not fit")
