"""Which cases stand behind a figure: the same columns and the same rules as insight.figures, so that a list is never longer
or shorter than the number that led to it (wishes.md: "the same as the list behind them")."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np

from .columns import Column, Store
from .figures import BODIES, DECISIONS, ENDS, STEPS, ends, handled, is_late, is_open, open_on
from .models import NONE
from .scope import Scope, number_of


@dataclass(frozen=True, slots=True)
class Wanted:
    """A figure of the page. `what`: a key of WHATS. What else narrows it, when not None: ids of the catalogue (NONE: the
    cases without one), `end` of ENDS, `day` of a backlog, `step` of STEPS that took `longer` than so many hours, `service`
    of an advice with its `stand` ("open", "late"), `body` and `outcome` of a decision."""

    what: str
    category: int | None = None
    department: int | None = None
    area: int | None = None
    end: str | None = None
    day: date | None = None
    step: str | None = None
    longer: int | None = None
    service: int | None = None
    stand: str | None = None
    body: str | None = None
    outcome: str | None = None


Pick = Callable[[Store, Scope, Column, Wanted, date], Column]


def _received(store: Store, scope: Scope, here: Column, wanted: Wanted, today: date) -> Column:
    return here & scope.during(store, "received")


def _open(store: Store, scope: Scope, here: Column, wanted: Wanted, today: date) -> Column:
    return here & is_open(store)


def _late(store: Store, scope: Scope, here: Column, wanted: Wanted, today: date) -> Column:
    return here & is_late(store, today)


def _ended(store: Store, scope: Scope, here: Column, wanted: Wanted, today: date) -> Column:
    return here & scope.during(store, "ended")


def _closed(store: Store, scope: Scope, here: Column, wanted: Wanted, today: date) -> Column:
    return _ended(store, scope, here, wanted, today) & handled(store)


def _kept(store: Store, scope: Scope, here: Column, wanted: Wanted, today: date) -> Column:
    closed = _closed(store, scope, here, wanted, today)
    return closed & (store["target"] >= 0) & (store["ended"] <= store["target"])


def _missed(store: Store, scope: Scope, here: Column, wanted: Wanted, today: date) -> Column:
    closed = _closed(store, scope, here, wanted, today)
    return closed & (store["target"] >= 0) & (store["ended"] > store["target"])


def _backlog(store: Store, scope: Scope, here: Column, wanted: Wanted, today: date) -> Column:
    return here & open_on(store, wanted.day or scope.until)


def _step(store: Store, scope: Scope, here: Column, wanted: Wanted, today: date) -> Column:
    hours = store[f"{wanted.step if wanted.step in STEPS else 'whole'}_hours"]
    above = wanted.longer if wanted.longer is not None else NONE
    return _closed(store, scope, here, wanted, today) & (hours > above)


def _parked(store: Store, scope: Scope, here: Column, wanted: Wanted, today: date) -> Column:
    return here & (store["parked"] > 0)


def _reopened(store: Store, scope: Scope, here: Column, wanted: Wanted, today: date) -> Column:
    return here & scope.during(store, "received") & store["reopened"]


def _dissatisfied(store: Store, scope: Scope, here: Column, wanted: Wanted, today: date) -> Column:
    return here & scope.during(store, "received") & store["dissatisfied"]


def _of_parts(store: Store, here: Column, case_ids: Column) -> Column:
    """The cases of `here` that have one of these parts."""
    return here & np.isin(store["case_id"], case_ids)


def _tasks(store: Store, scope: Scope, here: Column, wanted: Wanted, today: date) -> Column:
    part = store.parts["insight_task"]
    rows = np.ones(len(part["task"]), "?")
    if wanted.department is not None:
        rows &= part["department"] == wanted.department
    if wanted.stand == "late":
        rows &= (part["due"] >= 0) & (part["due"] < number_of(today))
    return _of_parts(store, here, part["case_id"][rows]) & is_open(store)


def _advice(store: Store, scope: Scope, here: Column, wanted: Wanted, today: date) -> Column:
    part = store.parts["insight_advice"]
    rows = (part["asked"] >= number_of(scope.since)) & (part["asked"] <= number_of(scope.until))
    if wanted.service is not None:
        rows &= part["service"] == wanted.service
    waiting = part["answered"] == NONE
    if wanted.stand == "open":
        rows &= waiting
    elif wanted.stand == "late":
        rows &= np.where(waiting, number_of(today), part["answered"]) > part["due"]
    return _of_parts(store, here, part["case_id"][rows])


def _decisions(store: Store, scope: Scope, here: Column, wanted: Wanted, today: date) -> Column:
    part = store.parts["insight_decision"]
    rows = (part["day"] >= number_of(scope.since)) & (part["day"] <= number_of(scope.until))
    if wanted.body in BODIES:
        rows &= part["body"] == BODIES.index(wanted.body)
    if wanted.outcome in DECISIONS:
        rows &= part["outcome"] == DECISIONS.index(wanted.outcome)
    return _of_parts(store, here, part["case_id"][rows])


#: What can stand behind a figure. Codes stand in addresses, hence in Dutch.
WHATS: dict[str, Pick] = {
    "ontvangen": _received,
    "uitkomst": _received,
    "open": _open,
    "te-laat": _late,
    "beeindigd": _ended,
    "afgehandeld": _closed,
    "op-tijd": _kept,
    "buiten-termijn": _missed,
    "achterstand": _backlog,
    "stap": _step,
    "niet-bezorgd": _parked,
    "heropend": _reopened,
    "niet-tevreden": _dissatisfied,
    "taken": _tasks,
    "advies": _advice,
    "besluit": _decisions,
}


def cases(store: Store, scope: Scope, wanted: Wanted, today: date) -> Column:
    """The ids of the cases behind a figure, lowest first. KeyError for a `what` that is not in WHATS."""
    ids: Column = store["case_id"][chosen(store, scope, wanted, today)]
    return ids


def chosen(store: Store, scope: Scope, wanted: Wanted, today: date) -> Column:
    """Which cases stand behind a figure, yes or no per case. KeyError for a `what` that is not in WHATS."""
    here = scope.mask(store)
    found = WHATS[wanted.what](store, scope, here, wanted, today)
    narrowing = [("category", wanted.category), ("area", wanted.area)]
    if wanted.what != "taken":  # there the department is the task's
        narrowing.append(("department", wanted.department))
    for column, value in narrowing:
        if value is not None:
            found = found & (store[column] == value)
    if wanted.end in ENDS:
        found = found & (ends(store["status"], store["outcome"]) == ENDS.index(wanted.end))
    return found
