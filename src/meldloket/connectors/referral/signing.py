"""Signatures of Standard Webhooks (symmetric, `v1`), both ways. Written here because the specification's own library brings
four packages along for what is one HMAC; checked against the specification's example in
tests/unit/test_referral_signing.py."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime

PREFIX = "whsec_"
#: Seconds that the sender's clock may differ from ours: an older message may be one that was overheard.
TOLERANCE = 300


class WrongSignature(ValueError):
    """A call is not signed, not by the right secret, or not recently. The message is English, for the calling machine."""


def _key(secret: str) -> bytes:
    """The bytes of a secret. Raises ValueError when it is no `whsec_` and base64, or shorter than the specification's
    24 bytes."""
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error as error:
        raise ValueError("the signing secret is not whsec_ and base64") from error
    if len(key) < 24:
        raise ValueError("the signing secret is shorter than 24 bytes")
    return key


def sign(message_id: str, body: bytes, secret: str, *, at: datetime | None = None) -> dict[str, str]:
    """The three headers that go with a body. `at`: aware, now when left out. Raises ValueError for an unusable secret."""
    seconds = str(int((at or datetime.now(UTC)).timestamp()))
    signed = f"{message_id}.{seconds}.".encode() + body
    signature = base64.b64encode(hmac.new(_key(secret), signed, hashlib.sha256).digest()).decode()
    return {"webhook-id": message_id, "webhook-timestamp": seconds, "webhook-signature": f"v1,{signature}"}


def verify(headers: Mapping[str, str], body: bytes, secret: str, *, now: datetime | None = None) -> bytes:
    """The body, when it was signed with this secret within five minutes; the header may hold several signatures (a secret
    that is being replaced). A replay within those minutes is known by the event's id: the room takes it in once.

    Raises WrongSignature."""
    given = {name.lower(): value for name, value in headers.items()}
    message_id, seconds = given.get("webhook-id", ""), given.get("webhook-timestamp", "")
    signatures = given.get("webhook-signature", "")
    if not (message_id and seconds and signatures):
        raise WrongSignature("Missing header: webhook-id, webhook-timestamp and webhook-signature are required.")
    if not (seconds.isascii() and seconds.isdigit() and len(seconds) <= 12):
        raise WrongSignature("webhook-timestamp is not a number of seconds since 1970.")
    age = (now or datetime.now(UTC)).timestamp() - int(seconds)
    if abs(age) > TOLERANCE:
        raise WrongSignature(f"webhook-timestamp is more than {TOLERANCE} seconds away from now.")
    try:
        expected = sign(message_id, body, secret, at=datetime.fromtimestamp(int(seconds), UTC))["webhook-signature"]
    except ValueError as error:
        raise WrongSignature("This partner has no usable signing secret here.") from error
    if not any(hmac.compare_digest(one.encode(), expected.encode()) for one in signatures.split(" ")):
        raise WrongSignature("webhook-signature does not fit the body and the secret.")
    return body
