"""Before sending: the problem is perhaps known already. The citizen follows that one, with what they wrote added to it, or
reports it apart; nothing of another reporter is shown."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django.core import signing

from meldloket.cases import grouping
from meldloket.cases.lifecycle import NotAllowed
from meldloket.cases.models import Case, Report
from meldloket.catalogue.models import PublicLevel
from meldloket.intake.models import Draft
from meldloket.people.roles import SYSTEM
from meldloket.screening.commands import screen_report
from meldloket.screening.similar import known_problem

from . import words


def look(draft: Draft) -> dict[str, Any] | None:
    """The problem that is probably known already: what, where and since when, in words that are nobody's own."""
    what, where = draft.data["what"], draft.data["where"]
    screened = screen_report(what["text"], chosen_category=what.get("category", ""))
    category = screened.category
    if screened.is_complaint or category is None or category.public_level == PublicLevel.NOTHING:
        return None
    found = known_problem(what["text"], category, where.get("latitude"), where.get("longitude"))
    if found is None or found.case.category is None:
        return None
    return {
        "category": found.case.category,
        "street": found.case.street,
        "since": found.case.submitted_at,
        "headline": words.HEADLINES[found.case.status][0],
        "mark": signing.dumps(found.case.pk, salt="same-problem"),
    }


def join(report: Report, mark: str) -> None:
    """The citizen said before sending that it is the same problem. What can't be joined stays a report of its own."""
    try:
        target = Case.objects.filter(pk=signing.loads(mark, salt="same-problem", max_age=86400)).first()
    except signing.BadSignature:
        return
    if target is not None:
        with suppress(NotAllowed):
            grouping.group(target, report.case, by=SYSTEM, by_reporter=True)
