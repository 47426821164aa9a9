"""What an action on a case is, and the small functions that its rows share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from meldloket.cases import lifecycle
from meldloket.cases.models import Case
from meldloket.people.roles import Actor

from . import action_forms as forms


@dataclass(frozen=True)
class Action:
    """One thing that can be done. `tells`: the event of which the citizen hears, empty for what stays inside; `group`: the
    part of the case page where its button stands, empty for the head; `several`:
    also for many cases at once."""

    slug: str
    label: str
    permission: str
    form: type[forms.ActionForm]
    run: Callable[[Case, Actor, Any], object]
    possible: Callable[[Case, Actor], bool]
    tells: str = ""
    primary: bool = False
    danger: bool = False
    group: str = ""
    several: bool = False


def by_lifecycle(*commands: str) -> Callable[[Case, Actor], bool]:
    """Whether one of these transitions is possible."""
    return lambda case, actor: any(lifecycle.why_not(command, case, actor) is None for command in commands)


def is_open(case: Case, actor: Actor) -> bool:
    return not case.ended


def with_text(command: Callable[..., object]) -> Callable[[Case, Actor, Any], object]:
    return lambda case, by, form: command(
        case, by=by, text=form.cleaned_data["text"], seen_version=form.cleaned_data["version"]
    )
