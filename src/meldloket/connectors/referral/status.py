"""From the words of other systems to the few that a referral knows, and their moments to ours."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from meldloket.actions.ports import Told

BRUSSELS = ZoneInfo("Europe/Brussels")

#: Open311 in the field (open, investigating, …) and the plain words of a work-order system. What leaves the problem where
#: it is, without doing it, comes back to the team: a person must look.
STATUSES = {
    "open": Told.RECEIVED,
    "new": Told.RECEIVED,
    "received": Told.RECEIVED,
    "submitted": Told.RECEIVED,
    "acknowledged": Told.RECEIVED,
    "accepted": Told.RECEIVED,
    "investigating": Told.IN_PROGRESS,
    "in_progress": Told.IN_PROGRESS,
    "started": Told.IN_PROGRESS,
    "assigned": Told.IN_PROGRESS,
    "planned": Told.IN_PROGRESS,
    "action_scheduled": Told.IN_PROGRESS,
    "internal_referral": Told.IN_PROGRESS,
    "fixed": Told.DONE,
    "closed": Told.DONE,
    "completed": Told.DONE,
    "resolved": Told.DONE,
    "done": Told.DONE,
    "finished": Told.DONE,
    "refused": Told.REFUSED,
    "rejected": Told.REFUSED,
    "no_further_action": Told.REFUSED,
    "not_councils_responsibility": Told.REFUSED,
    "duplicate": Told.REFUSED,
    "note": Told.NOTE,
}


def told_of(word: str, settings: Mapping[str, Any]) -> Told:
    """What a status means. `settings["statuses"]` (their word to ours) goes before the defaults; an unknown word is a note:
    a person reads it, and nothing changes by guessing."""
    plain = _plain(word)
    own = settings.get("statuses")
    for key, value in own.items() if isinstance(own, dict) else ():
        if _plain(str(key)) == plain and value in tuple(Told):
            return Told(value)
    return STATUSES.get(plain, Told.NOTE)


def _plain(word: str) -> str:
    return re.sub(r"[\s\-]+", "_", word.strip().lower())


def moment_of(text: str, now: datetime | None = None, *, zone_needed: bool = False) -> datetime | None:
    """An ISO 8601 moment, aware: without a zone it is Belgian time. A clock that runs ahead counts as now, else everything
    that follows would seem older. None when it is no moment."""
    try:
        found = datetime.fromisoformat(text.strip())
        if zone_needed and found.tzinfo is None:
            return None
        found = found if found.tzinfo else found.replace(tzinfo=BRUSSELS)
        return min(found.astimezone(UTC), now or datetime.now(UTC))
    except (ValueError, OverflowError):
        return None


def since(days: int) -> str:
    """A moment so many days ago, as Open311 writes it."""
    return f"{datetime.now(UTC) - timedelta(days=days):%Y-%m-%dT%H:%M:%SZ}"
