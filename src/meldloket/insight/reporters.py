"""How many separate people reported, per area: a count of reports alone lets one keen reporter lead a ranking (wishes.md).
Who they are is not in the facts, so this one figure is counted in the tables, as long as that is quick."""

from __future__ import annotations

from typing import Any

from django.db import connection

from meldloket.cases.models import IntakeChannel
from meldloket.people import disclosure

from .models import NONE
from .scope import Scope

MOST_REPORTS = 100_000  # more in a period are not counted while somebody waits
LEAST_KNOWN = 0.8  # where fewer reports have a reporter who is still known, the number would mislead

#: One person: an account, else a national number, else an address or phone; nothing once the personal data are erased.
_WHO = (
    "coalesce('a' || p.account_id::text, 'n' || p.number_id::text, 'e' || lower(nullif(p.email, '')), "
    "'m' || nullif(p.mobile, ''))"
)
_COUNT = f"""
SELECT coalesce(c.area_id, {NONE}), count(*), count({_WHO}), count(DISTINCT {_WHO}), sum(r.id)
FROM cases_report r JOIN cases_case c ON c.id = r.case_id LEFT JOIN people_reporter p ON p.id = r.reporter_id
WHERE r.submitted_at >= %(since)s::date::timestamp AT TIME ZONE %(zone)s
  AND r.submitted_at < (%(until)s::date + 1)::timestamp AT TIME ZONE %(zone)s
  AND (%(complaints)s OR NOT c.is_complaint)
  AND (%(categories)s::int[] IS NULL OR c.category_id = ANY(%(categories)s))
  AND (%(department)s::int IS NULL OR c.department_id = %(department)s)
  AND (%(area)s::int IS NULL OR c.area_id = %(area)s)
  AND (%(channel)s::text IS NULL OR c.channel = %(channel)s)
GROUP BY 1
"""  # noqa: S608  (names of our own)


def per_area(scope: Scope, zone: str) -> dict[int, int]:
    """Area id (NONE: outside them) → people, rounded and masked by people.disclosure; an area of which too little is known
    is left out. Nothing for a scope with a box. `zone`: the time zone of days."""
    if scope.within is not None:
        return {}
    found: dict[str, Any] = {
        "since": scope.since,
        "until": scope.until,
        "zone": zone,
        "complaints": scope.complaints,
        "categories": sorted(scope.categories) if scope.categories is not None else None,
        "department": scope.department,
        "area": scope.area,
        "channel": list(IntakeChannel.values)[scope.channel] if scope.channel is not None else None,
    }
    people: dict[int, int] = {}
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, found)
        for area, reports, known, separate, keys in cursor.fetchall():
            shown = disclosure.masked(separate, int(keys), "reporters") if known >= LEAST_KNOWN * reports else None
            if shown is not None:
                people[area] = shown
    return people
