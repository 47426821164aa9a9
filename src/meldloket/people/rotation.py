"""Putting every national number under a new key, in small steps that can be stopped and repeated."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from .models import NationalNumber
from .protect import rotate

STEP = 500


def rotate_all(progress: Callable[..., Any]) -> int:
    """Encrypts all numbers with the newest key and gives how many. `progress(items, label, length)` shows how far it is.
    Raises UnreadableNumber when a key that is still needed was taken away: nothing of that step is written then."""
    total = NationalNumber.objects.count()
    done = 0
    for batch in progress(_batches(), "Rotating keys", max(1, -(-total // STEP))):
        for row in batch:
            row.ciphertext = rotate(bytes(row.ciphertext))
        NationalNumber.objects.bulk_update(batch, ["ciphertext"])
        done += len(batch)
    return done


def _batches() -> Iterator[list[NationalNumber]]:
    last = 0
    while batch := list(NationalNumber.objects.filter(pk__gt=last).order_by("pk")[:STEP]):
        last = batch[-1].pk
        yield batch
