"""The policy page, the yearly report and the look for rises at many cases: `python benchmarks/policy.py [cases]` (1,000,000
unless told).

Prints, in this process, how long the figures of the page take for several filters and periods, those of a year with its
PDF, and a look for rises; and the pages' p50 and p95 over HTTP."""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks import town  # noqa: E402
from benchmarks.common import Client, product, report, run, session_for  # noqa: E402


def timed(name: str, work: Callable[[], object], times: int = 5) -> None:
    found = []
    for _ in range(times):
        begun = time.perf_counter()
        work()
        found.append((time.perf_counter() - begun) * 1000)
    print(f"  {name}: median {statistics.median(found):.0f} ms, slowest {max(found):.0f} ms", flush=True)


def in_process() -> None:
    """The figures alone, without the page around them."""
    from meldloket.cases import clock
    from meldloket.insight import columns, hotspots, reporters, rises, seasons, together, yearly
    from meldloket.insight.comparing import same_last_year
    from meldloket.insight.scope import Scope
    from meldloket.web.insight import year as paper
    from meldloket.web.insight.policy import read_policy

    today = clock.today()
    year, whole = Scope(date(2026, 1, 1), date(2026, 12, 31)), Scope(date(2021, 1, 1), date(2026, 12, 31))
    with columns.reading(now=True) as store:
        print(f"{len(store['case_id']):,} cases")
        timed("compare: periods, categories, areas", lambda: _compare(store, year, today))
        timed("season", lambda: seasons.season(store, year, today))
        timed("places again and again", lambda: hotspots.spots(store, year))
        timed("places again and again, six years", lambda: hotspots.spots(store, whole))
        timed("what goes together", lambda: together.together(store, year, today))
        timed("look for rises", lambda: rises.rising(store, today))
    works = Scope(year.since, year.until, department=1)
    for name, scope in (("a year", year), ("six years", whole), ("a department", works)):
        timed(f"whole page of {name}", lambda scope=scope: read_policy(scope, same_last_year(scope)))
    timed("separate reporters per area", lambda: reporters.per_area(year))
    with columns.reading() as store:
        timed("a year's figures", lambda: yearly.count(store, 2025, today))
        counted = yearly.count(store, 2025, today)
    timed("the report in words", lambda: paper.report_of(counted))
    report_2025 = paper.report_of(counted)
    timed("the report as PDF", lambda: paper.paper(report_2025), 3)


def _compare(store: object, scope: object, today: date) -> None:
    from meldloket.insight import comparing

    both = comparing.Compared(store, scope, comparing.same_last_year(scope), today)  # type: ignore[arg-type]
    both.in_all(), both.per("category"), both.per("area")


def over_http(base: str, session: str) -> None:
    paths = [
        f"/kantoor/inzicht/beleid/?{part}"
        for part in ("", "van=2024-01-01&tot=2024-12-31", "dienst=openbare-werken", "wijk=molenwijk&met=vorige")
    ]
    paths.append("/kantoor/inzicht/jaarverslag/?jaar=2025")
    for path in paths:
        client = Client(base, session)
        client.request("GET", path)  # each process fetches its columns once

        def one(client: Client = client, path: str = path) -> None:
            status, _ = client.request("GET", path)
            assert status == 200, (path, status)

        one()
        report(path, *run(1, [one] * 12))


def main(cases: int = 1_000_000) -> None:
    with product() as base:
        from meldloket.evaluation.models import FormVersion
        from meldloket.people.roles import Role
        from support import factories as make

        handler = make.make_staff(Role.HANDLER, Role.POLICY_OFFICER, departments=("openbare-werken",))
        form = FormVersion.objects.order_by("pk").first()
        seconds = town.fill(cases, handler.pk, form.pk if form else 0)
        print(f"{cases:,} cases made in {seconds:.0f} s", flush=True)
        in_process()
        over_http(base, session_for(handler))


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
