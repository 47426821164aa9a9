"""How many separate people reported, per area: a count of reports alone lets one keen reporter lead a ranking (wishes.md).
Who they are is not in the facts, so this one figure is counted in the tables, as long as that is quick."""

from __future__ import annotations

from django.db import connection

from meldloket.people import disclosure

from .narrowing import narrowed
from .scope import Scope

MOST_REPORTS = 100_000  # more in a period are not counted while somebody waits
LEAST_KNOWN = 0.8  # where fewer reports have a reporter who is still known, the number would mislead

#: One person: an account, else a national number, else an address or phone; nothing once the personal data are erased.
_WHO = (
    "coalesce('a' || p.account_id::text, 'n' || p.number_id::text, 'e' || lower(nullif(p.email, '')), "
    "'m' || nullif(p.mobile, ''))"
)
_COUNT = f"""
SELECT f.area, count(*), count({_WHO}), count(DISTINCT {_WHO}), sum(r.id)
FROM insight_fact f JOIN cases_report r ON r.case_id = f.case_id LEFT JOIN people_reporter p ON p.id = r.reporter_id
WHERE NOT f.gone
"""  # noqa: S608  (names of our own)


def per_area(scope: Scope) -> dict[int, int]:
    """Area id (NONE: outside them) → people who reported the cases of `scope` that came in during its period, rounded and
    masked by people.disclosure; an area of which too little is known is left out. Nothing for a scope with a box."""
    if scope.within is not None:
        return {}
    where, found = narrowed(scope)
    people: dict[int, int] = {}
    with connection.cursor() as cursor:
        cursor.execute(f"{_COUNT} {where} GROUP BY 1", found)
        for area, reports, known, separate, keys in cursor.fetchall():
            shown = disclosure.masked(separate, int(keys), "reporters") if known >= LEAST_KNOWN * reports else None
            if shown is not None:
                people[area] = shown
    return people
