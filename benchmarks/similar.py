"""Which open cases may be the same problem, in a database of a million: `python benchmarks/similar.py [cases] [open]`.

Asked at every case page and before a citizen sends. Prints p50 and p95 of the query with its scoring at random places."""

from __future__ import annotations

import random
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.common import product  # noqa: E402
from benchmarks.office_list import GENERATE  # noqa: E402
from benchmarks.submissions import TEXTS  # noqa: E402


def main(cases: int = 1_000_000, still_open: int = 20_000) -> None:
    with product():
        from django.db import connection

        from meldloket.cases.models import Case
        from meldloket.catalogue.models import Category
        from meldloket.people.roles import Role
        from meldloket.screening.similar import known_problem, similar
        from support import factories as make

        handler = make.make_staff(Role.HANDLER)
        with connection.cursor() as cursor:
            cursor.execute(GENERATE, [handler.pk, 1, cases])
            cursor.execute("UPDATE cases_case SET ended_at = now() WHERE id %% %s <> 0", [cases // still_open])
            cursor.execute("VACUUM ANALYZE cases_case")
        category = Category.objects.get(code="wegdek")
        chance = random.Random(311)
        places = [(51.03 + chance.random() * 0.04, 3.52 + chance.random() * 0.06) for _ in range(300)]
        for name, ask in (
            ("similar cases on a case page", lambda lat, lon, text: similar(Case.objects.all(), lat, lon, text, category)),
            ("known problem before sending", lambda lat, lon, text: known_problem(text, category, lat, lon)),
        ):
            times = []
            for number, (latitude, longitude) in enumerate(places):
                started = time.perf_counter()
                ask(latitude, longitude, TEXTS[number % len(TEXTS)])
                times.append((time.perf_counter() - started) * 1000)
            spread = statistics.quantiles(times, n=20)
            print(f"{name}, {cases:,} cases of which {still_open:,} open: p50 {spread[9]:.1f} ms, p95 {spread[18]:.1f} ms")
        with connection.cursor() as cursor:
            latitude, longitude = places[0]
            rows = Case.objects.filter(
                ended_at=None,
                latitude__range=(latitude - 0.00225, latitude + 0.00225),
                longitude__range=(longitude - 0.0036, longitude + 0.0036),
            ).order_by("-pk")[:200]
            print(rows.explain(analyze=True).split("\n")[0])


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
