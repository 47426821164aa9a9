"""How every command changes a case: lock the row, look whether somebody was first, change, append events, once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from meldloket.people.roles import Actor

from . import clock, events, lifecycle
from .lifecycle import STATES, NotAllowed
from .models import Case, CaseEvent, Report


class ChangedMeanwhile(Exception):
    """Somebody else changed the case after this person opened it; nothing was written. `events`: what happened since."""

    def __init__(self, case: Case, since: list[CaseEvent]) -> None:
        super().__init__(f"case {case.pk} changed")
        self.case = case
        self.events = since


@contextmanager
def changing(case: Case, *, seen_version: int | None = None) -> Iterator[Case]:
    """Yields the locked, fresh row of `case` with its version already raised, and saves it at the end. `seen_version`: the
    version that the person saw; raises ChangedMeanwhile when it is not the current one."""
    with transaction.atomic():
        fresh = (
            Case.objects.select_for_update(of=("self",)).select_related("category", "department", "handler").get(pk=case.pk)
        )
        if seen_version is not None and seen_version != fresh.version:
            raise ChangedMeanwhile(fresh, list(fresh.events.filter(version__gt=seen_version).order_by("id")))
        fresh.version += 1
        yield fresh
        fresh.save()


def move(
    case: Case,
    command: str,
    by: Actor,
    *,
    text: str = "",
    data: dict | None = None,
    visible_to_reporter: bool = True,
    by_reporter: bool = False,
    report: Report | None = None,
) -> CaseEvent:
    """Makes the transition `command` on a locked case and appends its event, about one `report` when only that reporter
    is concerned. Raises NotAllowed with the reason."""
    if reason := lifecycle.why_not(command, case, by):
        raise NotAllowed(reason)
    row = lifecycle.transition(command)
    before, case.status = case.status, row.target
    # An evaluation comes after the end, and does not move it.
    case.ended_at = (case.ended_at or clock.now()) if STATES[row.target].ended else None
    return events.append(
        case,
        row.event,
        by,
        report=report,
        text=text,
        data=data,
        visible_to_reporter=visible_to_reporter,
        from_status=before,
        by_reporter=by_reporter,
    )
