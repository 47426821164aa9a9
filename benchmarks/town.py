"""A town with many cases, made from the real distribution of ../shared/data: categories, places and hours are those of
Assen's reports; days are Stuttgart's (Assen's public map shows one summer only), laid over the five years up to today.

Every case follows a road through cases.lifecycle: its events are planned from the first to the last, and what has not
happened yet today is left out, so that status, outcome, terms and all that hangs on a case agree with its events.
`fill(cases)` needs a product with its catalogue (benchmarks.common.product)."""

from __future__ import annotations

import csv
import gzip
import time
from datetime import date, timedelta
from pathlib import Path

DATA = Path(__file__).parents[2] / "shared" / "data"
REPORTS, ARRIVALS = DATA / "assen-reports.csv", DATA / "stuttgart-arrivals.csv.gz"
BATCH = 100_000
ROADS = Path(__file__).with_name("town.sql")


def present() -> bool:
    """Whether the real reports are there to draw from."""
    return REPORTS.exists() and ARRIVALS.exists()


def fill(cases: int, handler: int) -> tuple[float, float]:
    """Makes so many cases that `handler` (an account) handles; gives the seconds that the rows took, and the counting of
    their facts."""
    from django.db import connection, transaction

    from meldloket.evaluation.models import FormVersion
    from meldloket.insight import keeping

    started = time.perf_counter()
    found = {**_samples(), "cases": cases, "handler": handler, "form": FormVersion.objects.values_list("pk").first()}
    found["form"] = found["form"] and found["form"][0]
    steps = ROADS.read_text(encoding="utf-8").split("-- step: ")[1:]
    for first in range(1, cases + 1, BATCH):
        found |= {"first": first, "last": min(cases, first + BATCH - 1)}
        with transaction.atomic(), connection.cursor() as cursor:
            # As a restore of a backup does: no triggers, and a rebuild afterwards.
            cursor.execute("SET LOCAL session_replication_role = replica; SET LOCAL work_mem = '256MB'")
            cursor.execute("SELECT setseed(%s)", [1 / first])  # the same town every time
            for step in steps:
                name, _, statement = step.partition("\n")
                begun = time.perf_counter()
                for part in statement.split(";"):
                    cursor.execute(part, found)
                if cases > BATCH and first == 1:
                    print(f"  {name}: {time.perf_counter() - begun:.1f} s for the first {found['last']:,}", flush=True)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE sample, day, service")
        cursor.execute("VACUUM (ANALYZE)")
    made = time.perf_counter()
    keeping.rebuild()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")
    return made - started, time.perf_counter() - made


def _samples() -> dict[str, int]:
    """The real reports and days as rows to draw from, in our categories and areas; gives how many there are of each."""
    from django.db import connection

    from meldloket.catalogue.models import AdviceService

    services = list(AdviceService.objects.order_by("pk").values_list("pk", flat=True))
    rows, days = _reports(), _days()
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE sample (id serial PRIMARY KEY, category int, department int, area int, latitude float8, "
            "longitude float8, days int, clock time); CREATE TEMP TABLE day (id serial PRIMARY KEY, day date); "
            "CREATE TEMP TABLE service (id serial PRIMARY KEY, service int)"
        )
        columns = "category, department, area, latitude, longitude, days, clock"
        for table, names, filling in (
            ("sample", columns, rows),
            ("day", "day", [(day,) for day in days]),
            ("service", "service", [(service,) for service in services]),
        ):
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in filling:
                    copy.write_row(row)
        cursor.execute("ANALYZE sample; ANALYZE day")
    return {"samples": len(rows), "days": len(days), "services": len(services)}


def _reports() -> list[tuple[object, ...]]:
    """Assen's reports: category, department, area, place and hour, each district laid upon one of our areas."""
    from meldloket.catalogue.models import Area, Category
    from meldloket.runtime.demo_assen import CODES

    categories = {row.code: row for row in Category.objects.all()}
    areas = list(Area.objects.order_by("pk"))
    with REPORTS.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    districts = sorted({row["district"] for row in rows})
    middle = {name: _mean([row for row in rows if row["district"] == name]) for name in districts}
    found: list[tuple[object, ...]] = []
    for row in rows:
        category = categories.get(CODES.get((row["category"], row["subcategory"]), ""))
        if category is None:
            continue
        area = areas[districts.index(row["district"]) % len(areas)]
        base, (north, east) = middle[row["district"]], _centre(area.geometry)
        latitude = north + (float(row["latitude"]) - base[0]) * 0.6
        longitude = east + (float(row["longitude"]) - base[1]) * 0.6
        place = (area.pk, latitude, longitude)
        found.append((category.pk, category.department_id, *place, category.target_days, row["created_at"][11:19]))
    return found


def _days() -> list[date]:
    """The days of Stuttgart's reports from 2021 to 2025, in order, moved by whole years of 52 weeks so that the last of
    them is not long ago; none lies in the future."""
    with gzip.open(ARRIVALS, "rt", encoding="utf-8", newline="") as stream:
        days = [date.fromisoformat(row["first_seen_at"][:10]) for row in csv.DictReader(stream)]
    today = date.today()
    moved = timedelta(weeks=52 * max(0, today.year - max(days).year))
    return sorted(day + moved for day in days if day.year >= 2021 and day + moved < today)


def _mean(rows: list[dict[str, str]]) -> tuple[float, float]:
    return (
        sum(float(row["latitude"]) for row in rows) / len(rows),
        sum(float(row["longitude"]) for row in rows) / len(rows),
    )


def _centre(geometry: dict) -> tuple[float, float]:
    from shapely.geometry import shape

    point = shape(geometry).representative_point()
    return point.y, point.x
