"""Open311 against the running product: `python benchmarks/open311.py [reports] [cases]`.

POST with two server processes at 4 and 16 clients, every report complete at commit (event, screening, routing, messages
queued); GET of the newest 50 requests with a million cases in the database. Clients share the two cores with the server."""

from __future__ import annotations

import json
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.common import Client, product, report, run  # noqa: E402
from benchmarks.office_list import GENERATE  # noqa: E402
from benchmarks.submissions import TEXTS  # noqa: E402

SERVICE = "voetpad"  # a category without obligatory questions
REPORTS = """
INSERT INTO cases_report (public_id, case_id, reference, submission_key, text, observed, answers, latitude, longitude,
    place_label, channel, language, submitted_at)
SELECT gen_random_uuid(), id, reference, gen_random_uuid(), summary, '', '[]', latitude, longitude, place_label, 'web',
    'nl', submitted_at FROM cases_case WHERE reference LIKE 'GEN-%%'
"""
EVENTS = """
INSERT INTO cases_caseevent (case_id, kind, at, by_name, by_reporter, visibility, text, data, from_status, to_status,
    version)
SELECT id, 'submitted', submitted_at, '', true, 'reporter', '', '{}', '', 'submitted', 1
FROM cases_case WHERE reference LIKE 'GEN-%%'
"""


def main(reports: int = 3000, cases: int = 1_000_000) -> None:
    with product() as base:
        from django.db import connection

        from meldloket.people import api_clients
        from meldloket.people.roles import Role
        from support import factories as make

        for department in ("openbare-werken", "milieu", "groen"):
            for number in range(4):
                make.make_staff(Role.HANDLER, departments=(department,), name=f"Behandelaar {number}")
        key = api_clients.create("benchmark", "open311")[1]
        _check(base, key)
        for clients in (4, 16):
            _post(base, key, clients, reports // clients)
        if not cases:
            return
        handler = make.make_staff(Role.HANDLER)
        with connection.cursor() as cursor:
            cursor.execute(GENERATE, [handler.pk, 1, cases])
            cursor.execute(REPORTS)
            cursor.execute(EVENTS)
            for table in ("cases_case", "cases_report", "cases_caseevent"):
                cursor.execute(f"VACUUM ANALYZE {table}")
        for name, path in (
            ("newest 50", "requests.json?page_size=50"),
            ("open ones near a point", "requests.json?page_size=50&status=open&lat=51.05&long=3.55&radius=200"),
        ):
            _get(base, name, path, cases)


def _check(base: str, key: str) -> None:
    """One report before the threads begin: what goes wrong in a thread is said by nobody."""
    fields = {"api_key": key, "service_code": SERVICE, "lat": "51.05", "long": "3.55", "description": TEXTS[0]}
    status, answer = Client(base, "").request("POST", "/open311/v2/requests.json", fields)
    if status != 201:
        raise SystemExit(f"status {status}: {answer[:300]!r}")


def _post(base: str, key: str, count: int, each: int) -> None:
    """Each client its own connection; the clock stops when the first has sent all of its reports."""
    senders = [Client(base, "") for _ in range(count)]
    times: list[float] = []
    done = threading.Event()

    def send(sender: Client, mark: str) -> None:
        body = {
            "api_key": key,
            "service_code": SERVICE,
            "lat": "51.05",
            "long": "3.55",
            "description": f"{TEXTS[len(mark) % 4]} ({mark})",
            "email": "test@example.org",
        }
        status, answer = sender.request("POST", "/open311/v2/requests.json", body)
        if status != 201 or not json.loads(answer)[0]["service_request_id"]:
            raise SystemExit(f"status {status}: {answer[:300]!r}")

    def all_of(number: int, sender: Client, kind: str, most: int) -> None:
        for place in range(most):
            if done.is_set():
                return
            started = time.perf_counter()
            send(sender, f"{kind}-{count}-{number}-{place}")
            if kind == "timed":
                times.append(time.perf_counter() - started)
        if kind == "timed":
            done.set()

    run(count, [lambda n=n, s=s: all_of(n, s, "warm", 20) for n, s in enumerate(senders)])
    seconds, _ = run(count, [lambda n=n, s=s: all_of(n, s, "timed", each) for n, s in enumerate(senders)])
    report(f"POST requests, {count} clients, 2 server processes", seconds, times)


def _get(base: str, name: str, path: str, cases: int) -> None:
    readers = [Client(base, "") for _ in range(4)]
    for reader in readers:
        status, answer = reader.request("GET", f"/open311/v2/{path}")
        if status != 200 or not json.loads(answer):
            raise SystemExit(f"{path}: {status} {answer[:300]!r}")
    times: list[float] = []

    def read(reader: Client) -> None:
        for _ in range(100):
            started = time.perf_counter()
            reader.request("GET", f"/open311/v2/{path}")
            times.append(time.perf_counter() - started)

    for count in (4, 1):
        times.clear()
        seconds, _ = run(count, [lambda r=r: read(r) for r in readers[:count]])
        report(f"GET {name}, {cases:,} cases, {count} clients", seconds, times)


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
