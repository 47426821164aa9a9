"""National numbers at rest: encrypted with a key from the environment, found by a keyed hash, never tied to the
web framework's own secret (design.md, "Personal data")."""

from __future__ import annotations

import hashlib
import hmac
import re
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class UnreadableNumber(Exception):
    """None of the configured keys opens the stored number: a key was removed before `meldloket rotate-keys` ran."""


@lru_cache(maxsize=4)
def _box(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key.encode()) for key in keys])


def encrypt(number: str) -> bytes:
    """The encrypted form of a national number, under the first of MELDLOKET_NUMBER_KEYS."""
    return _box(tuple(settings.NUMBER_KEYS)).encrypt(number.encode())


def decrypt(ciphertext: bytes) -> str:
    """The national number again (11 digits). Raises UnreadableNumber."""
    try:
        return _box(tuple(settings.NUMBER_KEYS)).decrypt(bytes(ciphertext)).decode()
    except InvalidToken as error:
        raise UnreadableNumber from error


def rotate(ciphertext: bytes) -> bytes:
    """The same number under the first (newest) key. Raises UnreadableNumber."""
    try:
        return _box(tuple(settings.NUMBER_KEYS)).rotate(bytes(ciphertext))
    except InvalidToken as error:
        raise UnreadableNumber from error


def digest(number: str) -> str:
    """Keyed hash (HMAC-SHA-256, hex) by which a number is found without opening any."""
    return hmac.new(settings.NUMBER_HASH_KEY.encode(), number.encode(), hashlib.sha256).hexdigest()


def normalise(text: str) -> str | None:
    """The 11 digits of a typed national number, None when they are no number: wrong length or check digits
    (specs/identity, chapter 3: the date part says nothing, MAGDA's test numbers have month 61 to 72)."""
    digits = re.sub(r"[\s.\-/]", "", text or "")
    if not re.fullmatch(r"[0-9]{11}", digits):
        return None
    first, check = digits[:9], int(digits[9:])
    if check in (97 - int(first) % 97, 97 - int("2" + first) % 97):
        return digits
    return None
