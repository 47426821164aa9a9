"""The office's list and case page with many cases: `python benchmarks/office_list.py [cases]`.

Prints rate, p50 and p95 of the list at 4 concurrent users with different filters, and the queries of each page at two
sizes: the number must not depend on how many cases there are."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.common import Client, product, report, run, session_for  # noqa: E402

FILTERS = (
    "",
    "?status=open",
    "?dienst=openbare-werken",
    "?categorie=wegdek&status=screening",
    "?termijn=te-laat",
    "?q=put+kerkstraat",
    "?behandelaar=ik",
    "?wijk=molenwijk",
    "?kanaal=web&status=open",
)

GENERATE = """
INSERT INTO cases_case (status, title, summary, reference, category_id, department_id, handler_id, area_id, urgency,
    channel,
    is_complaint, waiting_for_reporter, inadmissible_reason,
    street, place_label, latitude, longitude, competent_authority,
    submitted_at, target_date, final_date, version, ended_at)
SELECT (ARRAY['screening','admissible','in_assessment','inadmissible','withdrawn'])[1 + n %% 5],
    'Melding ' || n || ' in de ' || (ARRAY['Kerkstraat','Molenstraat','Stationsstraat','Lindelaan'])[1 + n %% 4],
    (ARRAY['Er zit een put in de weg','De lamp brandt niet','Afval naast de glasbol',
        'Tak boven het voetpad'])[1 + n %% 4],
    'GEN-2026-' || lpad(n::text, 7, '0'), c.id, c.department_id,
    CASE WHEN n %% 3 = 0 THEN %s END, a.id, 'normal', 'web', false, false, '',
    (ARRAY['Kerkstraat','Molenstraat','Stationsstraat','Lindelaan'])[1 + n %% 4], 'ergens', 51.03 + (n %% 400) * 0.0001,
    3.52 + (n %% 600) * 0.0001, '', now() - (n || ' minutes')::interval, current_date + (n %% 40) - 20,
    current_date + 30, 1,
    CASE WHEN n %% 5 IN (3, 4) THEN now() END
FROM generate_series(%s::int, %s::int) n
JOIN LATERAL (SELECT id, department_id FROM catalogue_category ORDER BY id OFFSET (n %% 40) LIMIT 1) c ON true
LEFT JOIN LATERAL (SELECT id FROM catalogue_area ORDER BY id OFFSET (n %% 6) LIMIT 1) a ON true
"""


def main(cases: int = 100_000) -> None:
    with product() as base:
        from django.db import connection

        from meldloket.people.roles import Role
        from support import factories as make

        handler = make.make_staff(Role.HANDLER, departments=("openbare-werken",))
        report_row = make.submit_report(make.make_citizen())
        with connection.cursor() as cursor:
            cursor.execute(GENERATE, [handler.pk, 1, 1000])
        _queries(handler, report_row.reference, "1,000 cases")
        with connection.cursor() as cursor:
            cursor.execute(GENERATE, [handler.pk, 1001, cases])
            cursor.execute("VACUUM ANALYZE cases_case")
        _queries(handler, report_row.reference, f"{cases:,} cases")
        clients = [Client(base, session_for(handler)) for _ in range(4)]
        for client in clients:
            for query in FILTERS:
                status, body = client.request("GET", f"/kantoor/meldingen/{query}")
                if status != 200:
                    raise SystemExit(f"{query}: {status} {body[:300]!r}")
        times: list[float] = []

        def browse(client: Client) -> None:
            work = [lambda q=q: client.request("GET", f"/kantoor/meldingen/{q}") for _ in range(12) for q in FILTERS]
            times.extend(run(1, work)[1])

        seconds, _ = run(4, [lambda client=client: browse(client) for client in clients])
        report(f"list of {cases:,} cases, 4 users, mixed filters", seconds, times)
        for query in FILTERS:
            seconds, single = run(1, [lambda q=query: clients[0].request("GET", f"/kantoor/meldingen/{q}")] * 20)
            report(f"  one user {query or '(no filter)'}", seconds, single)
        seconds, times = run(1, [lambda: clients[0].request("GET", f"/kantoor/meldingen/{report_row.reference}/")] * 40)
        report("case page, one user", seconds, times)


def _queries(handler: object, reference: str, size: str) -> None:
    from django.db import connection
    from django.test import Client as InProcess
    from django.test.utils import CaptureQueriesContext

    client = InProcess()
    client.force_login(handler)  # type: ignore[arg-type]
    for name, path in (
        ("list", "/kantoor/meldingen/"),
        ("case", f"/kantoor/meldingen/{reference}/"),
        ("my work", "/kantoor/"),
    ):
        client.get(path, headers={"host": "127.0.0.1"})
        with CaptureQueriesContext(connection) as captured:
            client.get(path, headers={"host": "127.0.0.1"})
        print(f"queries of the {name} page at {size}: {len(captured)}")


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
