"""Appending what happened, and telling the rooms that listen: messages plans its deliveries here, inside the same
transaction, without the core knowing that messages exist."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from meldloket.people.roles import Actor

from . import clock
from .lifecycle import EventKind
from .models import Case, CaseEvent, Report, Visibility

Listener = Callable[[CaseEvent, Case], None]

_listeners: list[Listener] = []


def listen(listener: Listener) -> None:
    """Registers a room's listener, once, at start (AppConfig.ready)."""
    if listener not in _listeners:
        _listeners.append(listener)


def append(
    case: Case,
    kind: EventKind | str,
    by: Actor,
    *,
    report: Report | None = None,
    text: str = "",
    data: dict[str, Any] | None = None,
    visible_to_reporter: bool = False,
    from_status: str = "",
    by_reporter: bool = False,
) -> CaseEvent:
    """Adds an event to the case's stream and lets every listener act on it. Call inside the command's transaction."""
    event = CaseEvent.objects.create(
        case=case,
        report=report,
        kind=kind,
        at=clock.now(),
        by_id=by.account_id,
        by_name=by.name,
        by_reporter=by_reporter,
        visibility=Visibility.REPORTER if visible_to_reporter else Visibility.INTERNAL,
        text=text,
        data=data or {},
        from_status=from_status,
        to_status=case.status if from_status != case.status else "",
        version=case.version,
    )
    tell(event, case)
    return event


def tell(event: CaseEvent, case: Case) -> None:
    """Lets every listener act on an event that has just been written, in the same transaction."""
    for listener in _listeners:
        listener(event, case)
