"""The helicopter view at many cases: `python benchmarks/helicopter.py [cases]` (1,000,000 unless told).

Prints how long the generator took, p50 and p95 of the page's data and of the map for many filters, the time from a change
to the figure, the first paint in a browser, and rows a second and memory of the exports."""

from __future__ import annotations

import itertools
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks import town  # noqa: E402
from benchmarks.common import Client, product, report, run, session_for  # noqa: E402


def filters() -> list[str]:
    """Address parts: each filter, and mixtures of them."""
    parts = [
        ("", "van=2024-01-01&tot=2024-12-31", "van=2022-01-01", "van=2026-10-01"),
        ("", "categorie=straatverlichting", "hoofdcategorie=Afval"),
        ("", "dienst=openbare-werken"),
        ("", "wijk=molenwijk"),
        ("", "kanaal=desk"),
    ]
    return ["&".join(part for part in chosen if part) for chosen in itertools.product(*parts)]


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


def in_process() -> None:
    """The figures alone, without the page around them."""
    import resource
    import time
    from datetime import date

    from meldloket.insight import columns, figures
    from meldloket.insight.scope import Scope

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    begun = time.perf_counter()
    with columns.reading(now=True) as store:
        after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"columns of {len(store['case_id']):,} cases loaded in {time.perf_counter() - begun:.1f} s, "
              f"{after - before:.0f} MB at most")  # fmt: skip
        for scope in (
            Scope(date(2021, 1, 1), date(2026, 12, 31)),
            Scope(date(2026, 1, 1), date(2026, 12, 31), department=1),
        ):
            begun = time.perf_counter()
            figures.overview(store, scope, date(2026, 11, 24))
            print(f"  figures: {(time.perf_counter() - begun) * 1000:.0f} ms")


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
