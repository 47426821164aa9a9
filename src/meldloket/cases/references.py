"""References that people can say over the phone: MLD-2026-000123, counted per year by a sequence in the database, so that
two submissions never wait for each other."""

from __future__ import annotations

import re

from django.db import connection

PREFIX = "MLD"
_PATTERN = re.compile(r"^\s*(?:MLD[\s-]*)?(\d{4})[\s-]+(\d{1,9})\s*$", re.IGNORECASE)
_NUMBER = re.compile(r"^\s*(?:MLD[\s-]*)?0*(\d{1,9})\s*$", re.IGNORECASE)


def next_reference(year: int) -> str:
    """The next free reference of `year`. A rolled-back submission leaves a gap, which does no harm."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT next_report_number(%s)", [year])
        (number,) = cursor.fetchone()
    return f"{PREFIX}-{year}-{number:06d}"


def parse_reference(text: str) -> str | None:
    """What a person typed as a reference, in its full form: `mld 2026 123` gives MLD-2026-000123; None when it is none."""
    if match := _PATTERN.match(text or ""):
        return f"{PREFIX}-{match[1]}-{int(match[2]):06d}"
    return None


def parse_number(text: str) -> str | None:
    """The six digits at the end of a reference when only a number was typed (`123`), else None."""
    if match := _NUMBER.match(text or ""):
        return f"{int(match[1]):06d}"
    return None
