"""The figures of the helicopter view, from the columns: how many came in and where they went, what is late, how long each
step takes, what is waiting with whom. Pure counting; the words and links are the page's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from meldloket.cases.lifecycle import OPEN, Outcome, Status
from meldloket.decisions.models import Body, Decision

from .columns import Column, Store
from .models import NONE
from .satisfaction import Satisfaction, part_of, satisfaction
from .scope import Scope, day_of, number_of

STATUSES: tuple[str, ...] = tuple(Status.values)
OUTCOMES: tuple[str, ...] = tuple(Outcome.values)
DECISIONS: tuple[str, ...] = tuple(Decision.Outcome.values)
BODIES: tuple[str, ...] = tuple(Body.values)
_HANDLED = (STATUSES.index(Status.HANDLED), STATUSES.index(Status.EVALUATED))
#: By the place of a status, and False for none (-1, the last): four times quicker than looking for it in a list.
_IS_OPEN = np.array([*(status in OPEN for status in STATUSES), False])
_IS_HANDLED = np.array([*(place in _HANDLED for place in range(len(STATUSES))), False])

#: Steps of a case, each with the column of its hours.
STEPS = ("screening", "assessment", "advice", "decision", "execution", "whole")

#: Ends of the flow: what became of a case. `open` and how it ended.
ENDS = ("open", *OUTCOMES, "handled", "inadmissible", "referred", "withdrawn")


@dataclass(frozen=True, slots=True)
class Spread:
    """Of how many, the median and the 90th percentile, in hours; None when there are none."""

    count: int
    median: int | None
    p90: int | None


@dataclass(frozen=True, slots=True)
class Headline:
    """The figures that matter; `before` of the period before."""

    received: int
    received_before: int
    open: int
    late: int
    closed: int
    median_hours: int | None
    median_hours_before: int | None
    kept: int  # closed within the promised term, of `promised` that had one
    promised: int
    parked: int


@dataclass(frozen=True, slots=True)
class Bucket:
    """One stretch of the trend: from this day to that."""

    since: date
    until: date
    received: int
    closed: int
    backlog: int  # open at the end of it


@dataclass(frozen=True, slots=True)
class Load:
    """What waits with a department."""

    department: int
    open: int
    late: int
    tasks: int
    late_tasks: int
    hours: float  # planned, of the open tasks


@dataclass(frozen=True, slots=True)
class Turnaround:
    """Advice of one service, asked in the period."""

    service: int
    asked: int
    open: int
    late: int
    spread: Spread


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything on the page, but the map."""

    headline: Headline
    trend: list[Bucket]
    flow: list[tuple[int, int, str, int]]  # category, department, end, how many
    steps: dict[str, Spread]
    loads: list[Load]
    advice: list[Turnaround]
    decisions: list[tuple[str, str, int]]  # body, outcome, how many
    promise: Spread  # hours from receipt to the promised day, of the closed cases
    satisfaction: Satisfaction
    areas: list[tuple[int, int]]  # area, how many


def spread(hours: Column) -> Spread:
    """Median and 90th percentile of whole hours by counting, so that a million costs no sort; below 0 is not known. The
    value at a rank is the smallest for which at least that share lies at or below it."""
    # Of two bytes, unknown ones (-1) are counted at the end and cut off: half the time of leaving them out first.
    counts = np.bincount(hours.view("u2"))[:32768] if hours.dtype == np.int16 else np.bincount(hours[hours >= 0])
    below = np.cumsum(counts)
    count = int(below[-1]) if len(below) else 0
    if not count:
        return Spread(0, None, None)
    at = [int(np.searchsorted(below, -(-count * share // 10))) for share in (5, 9)]
    return Spread(count, at[0], at[1])


def of(store: Store, name: str, wanted: Column) -> Column:
    """A column of the wanted cases (yes or no per case): numpy takes places five times quicker than it takes yes and no."""
    found: Column = store[name].take(np.flatnonzero(wanted))
    return found


def how_many(wanted: Column) -> int:
    """How many yes."""
    return int(np.count_nonzero(wanted))


def is_open(store: Store) -> Column:
    """Which cases are not over."""
    found: Column = _IS_OPEN[store["status"]]
    return found


def is_late(store: Store, today: date) -> Column:
    """Which open cases are past their promised day, while their term runs."""
    target = store["target"]
    late: Column = is_open(store) & ~store["suspended"] & (target >= 0) & (target < number_of(today))
    return late


def open_on(store: Store, day: date) -> Column:
    """Which cases had come in by the end of this day and were not over then."""
    number = number_of(day)
    waiting: Column = (store["received"] <= number) & ((store["ended"] < 0) | (store["ended"] > number))
    return waiting


def handled(store: Store) -> Column:
    """Which cases were dealt with (not: withdrawn, inadmissible, referred)."""
    found: Column = _IS_HANDLED[store["status"]]
    return found


def overview(store: Store, scope: Scope, today: date) -> Overview:
    """All figures of `scope`; `today` says what is late."""
    here = scope.mask(store)
    received, ended = here & scope.during(store, "received"), here & scope.during(store, "ended")
    opened, late = here & is_open(store), here & is_late(store, today)
    closed = ended & handled(store)
    steps = {step: spread(of(store, f"{step}_hours", closed)) for step in STEPS}
    return Overview(
        headline=_headline(store, scope, here, received, opened, late, closed, steps["whole"]),
        trend=trend(store, here, buckets(scope.since, scope.until)),
        flow=_flow(store, received),
        steps=steps,
        loads=_loads(store, here, opened, late, today),
        advice=_advice(store, scope, here, today),
        decisions=_decisions(store, scope, here),
        promise=_promise(store, closed),
        satisfaction=satisfaction(store, here, scope, today),
        areas=_areas(store, received),
    )


def _headline(
    store: Store,
    scope: Scope,
    here: Column,
    received: Column,
    opened: Column,
    late: Column,
    closed: Column,
    whole: Spread,
) -> Headline:
    before = scope.before()
    earlier = here & before.during(store, "ended") & handled(store)
    promised = closed & (store["target"] >= 0)
    kept = promised & (store["ended"] <= store["target"])
    return Headline(
        received=how_many(received),
        received_before=how_many(here & before.during(store, "received")),
        open=how_many(opened),
        late=how_many(late),
        closed=how_many(closed),
        median_hours=whole.median,
        median_hours_before=spread(of(store, "whole_hours", earlier)).median,
        kept=how_many(kept),
        promised=how_many(promised),
        parked=int(of(store, "parked", here).sum()),
    )


def buckets(since: date, until: date) -> list[tuple[date, date]]:
    """The period in days (up to three weeks), weeks from Monday (up to half a year) or months."""
    days = (until - since).days + 1
    if days > 183:
        return months(since, until)
    found, begin = [], since
    while begin <= until:
        end = begin if days <= 21 else begin + timedelta(days=6 - begin.weekday())
        found.append((begin, min(end, until)))
        begin = end + timedelta(days=1)
    return found


def months(since: date, until: date) -> list[tuple[date, date]]:
    """The period in calendar months, the first and last cut off where it begins and ends."""
    found, begin = [], since
    while begin <= until:
        after = (begin.replace(day=1) + timedelta(days=32)).replace(day=1)
        found.append((begin, min(after - timedelta(days=1), until)))
        begin = after
    return found


def trend(store: Store, here: Column, spans: list[tuple[date, date]]) -> list[Bucket]:
    """Received and ended per stretch, and how many were open at its end (a reopened case counts as open all along).
    `spans`: first and last days that follow one another."""
    edges = np.array([number_of(since) for since, _ in spans] + [number_of(spans[-1][1]) + 1])
    received, ended = (of(store, name, here & (store[name] >= 0)) for name in ("received", "ended"))
    size = int(max(edges[-1], received.max(initial=0), ended.max(initial=0))) + 2
    into = np.concatenate([[0], np.cumsum(np.bincount(received, minlength=size))])
    out = np.concatenate([[0], np.cumsum(np.bincount(ended, minlength=size))])
    edges = np.clip(edges, 0, size)
    return [
        Bucket(
            since,
            until,
            received=int(into[edges[place + 1]] - into[edges[place]]),
            closed=int(out[edges[place + 1]] - out[edges[place]]),
            backlog=int(into[edges[place + 1]] - out[edges[place + 1]]),
        )
        for place, (since, until) in enumerate(spans)
    ]


def ends(status: Column, outcome: Column) -> Column:
    """What became of cases with these places in STATUSES and OUTCOMES, as places in ENDS."""
    table = np.full(len(STATUSES), ENDS.index("open"), "i1")
    table[list(_HANDLED)] = ENDS.index("handled")
    for one in (Status.INADMISSIBLE, Status.REFERRED, Status.WITHDRAWN):
        table[STATUSES.index(one)] = ENDS.index(str(one))
    found = table[status]
    told = (found == ENDS.index("handled")) & (outcome >= 0)
    return np.where(told, outcome + 1, found)


def _flow(store: Store, received: Column) -> list[tuple[int, int, str, int]]:
    if not received.any():
        return []
    category, department = of(store, "category", received) + 1, of(store, "department", received) + 1
    wide, high = int(department.max()) + 1, len(ENDS)
    end = ends(of(store, "status", received), of(store, "outcome", received))
    counts = np.bincount((category.astype("i8") * wide + department) * high + end)
    found = []
    for code in np.flatnonzero(counts):
        rest, last = divmod(int(code), high)
        first, middle = divmod(rest, wide)
        found.append((first - 1, middle - 1, ENDS[last], int(counts[code])))
    return found


def _loads(store: Store, here: Column, waiting: Column, late: Column, today: date) -> list[Load]:
    tasks = store.parts["insight_task"]
    rows = np.flatnonzero(part_of(store, waiting, tasks["case_id"]))
    _, first = np.unique(tasks["task"][rows], return_index=True)
    counted = rows[first]
    of_cases, of_tasks = of(store, "department", waiting) + 1, tasks["department"][counted] + 1
    size = int(max(of_cases.max(initial=0), of_tasks.max(initial=0))) + 1
    opened = np.bincount(of_cases, minlength=size)
    overdue = np.bincount(of(store, "department", late) + 1, minlength=size)
    work = np.bincount(of_tasks, minlength=size)
    due = tasks["due"][counted]
    late_work = np.bincount(of_tasks[(due >= 0) & (due < number_of(today))], minlength=size)
    minutes = np.bincount(of_tasks, weights=tasks["minutes"][counted], minlength=size)
    return [
        Load(
            int(place) - 1,
            open=int(opened[place]),
            late=int(overdue[place]),
            tasks=int(work[place]),
            late_tasks=int(late_work[place]),
            hours=round(float(minutes[place]) / 60, 1),
        )
        for place in np.flatnonzero(opened + work)
    ]


def _advice(store: Store, scope: Scope, here: Column, today: date) -> list[Turnaround]:
    part = store.parts["insight_advice"]
    asked = (part["asked"] >= number_of(scope.since)) & (part["asked"] <= number_of(scope.until))
    rows = np.flatnonzero(asked & part_of(store, here, part["case_id"]))
    found = []
    services = part["service"][rows]
    for service in np.unique(services):
        own = rows[services == service]
        waiting = part["answered"][own] == NONE
        day = np.where(waiting, number_of(today), part["answered"][own])
        found.append(
            Turnaround(
                int(service),
                asked=len(own),
                open=int(waiting.sum()),
                late=int((day > part["due"][own]).sum()),
                spread=spread(part["hours"][own]),
            )
        )
    return found


def _decisions(store: Store, scope: Scope, here: Column) -> list[tuple[str, str, int]]:
    part = store.parts["insight_decision"]
    during = (part["day"] >= number_of(scope.since)) & (part["day"] <= number_of(scope.until))
    rows = np.flatnonzero(during & part_of(store, here, part["case_id"]))
    counts = np.bincount(part["body"][rows] * len(DECISIONS) + part["outcome"][rows], minlength=1)
    return [
        (BODIES[code // len(DECISIONS)], DECISIONS[code % len(DECISIONS)], int(counts[code]))
        for code in np.flatnonzero(counts)
    ]


def _promise(store: Store, closed: Column) -> Spread:
    rows = closed & (store["target"] >= 0)
    days = spread(of(store, "target", rows) - of(store, "received", rows))
    hours = [None if found is None else found * 24 for found in (days.median, days.p90)]
    return Spread(days.count, hours[0], hours[1])


def _areas(store: Store, received: Column) -> list[tuple[int, int]]:
    counts = np.bincount(of(store, "area", received) + 1)
    return [(int(place) - 1, int(counts[place])) for place in np.flatnonzero(counts)]


def last_day(store: Store) -> date | None:
    """The newest day on which something came in; None without cases."""
    days = store["received"][~store["gone"]]
    return day_of(int(days.max())) if len(days) else None


def first_day(store: Store) -> date | None:
    """The oldest day on which something came in; None without cases."""
    days = store["received"][~store["gone"] & (store["received"] >= 0)]
    return day_of(int(days.min())) if len(days) else None
