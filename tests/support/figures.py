"""Run as a program, in a process of its own, by tests that kill: `fill N` makes cases with a past, `compare` prints the
figures as the columns have them and as a slow count gives them."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from datetime import timedelta


def fill(count: int) -> None:
    """Cases of which every third is closed; the marks that they leave stay."""
    from meldloket.cases import closing, commands
    from meldloket.cases.models import Case
    from meldloket.people.roles import Role
    from support import factories as make

    categories = list(make.make_catalogue().values())
    handler = make.make_staff(Role.HANDLER, departments=("openbare-werken",))
    for place in range(count):
        case = make.make_case(category=categories[place % len(categories)])
        if place % 3 == 0:
            case = commands.declare_admissible(Case.objects.get(pk=case.pk), by=handler.actor, text="Goed.")
            closing.close(case, by=handler.actor, outcome="done", text="Klaar.")


def compare() -> None:
    from meldloket.cases import clock
    from meldloket.insight import columns
    from meldloket.insight.figures import overview
    from meldloket.insight.scope import Scope
    from support import slow_count
    from support.insight import sorted_flow

    today = clock.today()
    scope = Scope(today - timedelta(days=30), today, complaints=True)
    columns.load()
    with columns.reading() as store:
        fast = sorted_flow(overview(store, scope, today))
    print(json.dumps([asdict(fast), asdict(slow_count.overview(scope, today))], default=str))


if __name__ == "__main__":
    from meldloket.runtime.startup import setup

    setup(need_database=True)
    if sys.argv[1] == "fill":
        fill(int(sys.argv[2]))
    else:
        compare()
