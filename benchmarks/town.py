"""A town with many cases, made from the real distribution of ../shared/data/assen-reports.csv: category, district and place,
season, day and hour of real reports, spread over five years, each with events, and some with advices, actions, tasks,
decisions, evaluations and parked messages. `fill(cases)` needs a product (benchmarks.common.product)."""

from __future__ import annotations

import csv
import time
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "shared" / "data" / "assen-reports.csv"
BATCH = 100_000

#: (table, SQL) in the order in which they are filled. Random numbers of a case are kept in `made`, so that its parts agree.
STEPS: tuple[tuple[str, str], ...] = (
    (
        "made",
        """
        CREATE TEMP TABLE made AS
        SELECT n, s.category, s.department, s.area, s.latitude + (random() - 0.5) * 0.002 AS latitude,
            s.longitude + (random() - 0.5) * 0.003 AS longitude, s.days, a.at, random() AS fate, random() AS luck,
            random() AS third, -ln(1 - random() * 0.999) AS slow
        FROM generate_series(%(first)s::int, %(last)s::int) n
        CROSS JOIN LATERAL (SELECT 1 + floor(random() * %(samples)s)::int + 0 * n AS pick OFFSET 0) p
        JOIN sample s ON s.id = p.pick
        CROSS JOIN LATERAL (SELECT s.at - floor(random() * 5 + 0 * n) * interval '52 weeks'
            + (random() * 20 - 10) * interval '1 minute' AS at OFFSET 0) a
        """,
    ),
    ("index", "CREATE INDEX ON made (n); ANALYZE made"),
    (
        "cases",
        """
        INSERT INTO cases_case (status, title, summary, reference, category_id, department_id, handler_id, area_id, urgency,
            channel, is_complaint, waiting_for_reporter, inadmissible_reason, outcome, street, place_label, latitude,
            longitude, competent_authority, submitted_at, target_date, final_date, version, ended_at)
        SELECT CASE WHEN open THEN (ARRAY['screening','admissible','in_assessment','in_advice','in_execution'])[1 + floor(luck * 5)]
                WHEN fate < 0.05 THEN 'inadmissible' WHEN fate < 0.07 THEN 'withdrawn' WHEN fate < 0.12 THEN 'referred'
                WHEN fate < 0.30 AND third < 0.8 THEN 'evaluated' ELSE 'handled' END,
            'Melding ' || n, (ARRAY['Er zit een put in de weg','De lamp brandt niet','Afval naast de glasbol',
                'Tak boven het voetpad'])[1 + n %% 4],
            'BEN-' || lpad(n::text, 9, '0'), category, department, %(handler)s, area, 'normal',
            (ARRAY['web','web','web','desk','phone','api'])[1 + floor(third * 6)], luck > 0.99, false, '',
            CASE WHEN open OR fate < 0.12 THEN '' WHEN luck < 0.7 THEN 'done' WHEN luck < 0.8 THEN 'planned'
                WHEN luck < 0.9 THEN 'not_found' WHEN luck < 0.95 THEN 'not_ours' ELSE 'refused' END,
            'Straat ' || n %% 400, 'Straat ' || n %% 400 || ' 12, 9999 Lindekerke', latitude, longitude, '', at,
            at::date + (days * 1.4)::int, at::date + (days * 2.8)::int, 5,
            CASE WHEN NOT open THEN at + ends END
        FROM made CROSS JOIN LATERAL (SELECT slow * days * interval '1 day' AS ends) e
        CROSS JOIN LATERAL (SELECT at + ends > now() AS open) o
        """,
    ),
    ("match", "CREATE TEMP TABLE c AS SELECT m.*, k.id, k.status, k.ended_at FROM made m "
     "JOIN cases_case k ON k.reference = 'BEN-' || lpad(m.n::text, 9, '0'); CREATE INDEX ON c (id); ANALYZE c"),
    (
        "reports",
        """
        INSERT INTO cases_report (public_id, case_id, reference, submission_key, text, observed, answers, latitude, longitude,
            place_label, channel, language, submitted_at)
        SELECT gen_random_uuid(), id, 'BEN-' || lpad(n::text, 9, '0'), gen_random_uuid(), 'Er zit een put in de weg.', '',
            '[]', latitude, longitude, 'Straat ' || n %% 400, 'web', 'nl', at FROM c
        """,
    ),
    (
        "events",
        """
        INSERT INTO cases_caseevent (case_id, kind, at, by_name, by_reporter, visibility, text, data, from_status, to_status,
            version)
        SELECT id, kind, at + part * least(coalesce(ended_at, now()) - at, slow * days * interval '1 day'), '', false,
            'reporter', '', '{}', '', '', version
        FROM c CROSS JOIN LATERAL (VALUES ('submitted', 0, 1, true), ('screened', 0.001, 2, true), ('routed', 0.001, 2, true),
            (CASE WHEN status = 'inadmissible' THEN 'inadmissible' ELSE 'admissible' END, 0.1, 3,
                status NOT IN ('screening', 'withdrawn')),
            ('advice_started', 0.2, 4, luck < 0.15 AND status NOT IN ('screening', 'inadmissible')),
            ('advice_worked_in', 0.4, 5, luck < 0.15 AND status IN ('handled', 'evaluated')),
            ('actions_proposed', 0.45, 6, luck < 0.7 AND status IN ('in_execution', 'handled', 'evaluated')),
            ('awaiting_decision', 0.5, 7, luck < 0.03 AND status IN ('handled', 'evaluated')),
            ('approved', 0.55, 8, luck < 0.03 AND status IN ('handled', 'evaluated')),
            ('execution_started', 0.6, 9, luck < 0.7 AND status IN ('in_execution', 'handled', 'evaluated')),
            ('closed', 1, 10, status IN ('handled', 'evaluated')),
            ('evaluation_received', 1, 11, status = 'evaluated')) v (kind, part, version, there)
        WHERE there
        """,
    ),
    (
        "advices",
        """
        INSERT INTO advice_advicerequest (public_id, case_id, service_id, question, share, identity_reason, asked_by_name,
            asked_at, due, state, closed_reason, answered_at)
        SELECT gen_random_uuid(), id, s.service, 'Wat vindt u?', '["text"]', '', '', at + slow * days * interval '5 hours',
            (at + slow * days * interval '5 hours')::date + 14, CASE WHEN ended_at IS NULL THEN 'open' ELSE 'worked_in' END,
            '', CASE WHEN ended_at IS NOT NULL THEN at + slow * days * interval '10 hours' END
        FROM c JOIN service s ON s.place = (SELECT count(*) FROM service) * third - 0.5 OR s.place = floor(
            (SELECT count(*) FROM service) * third)
        WHERE luck < 0.15 AND status NOT IN ('screening', 'inadmissible')
        """,
    ),
    (
        "actions",
        """
        INSERT INTO actions_action (public_id, case_id, title, description, department_id, why, public, needs_decision, state,
            source, planned_tasks, added_by_name, added_at)
        SELECT gen_random_uuid(), id, 'Herstellen', '', department, '', true, luck < 0.03,
            CASE WHEN ended_at IS NULL THEN 'running' ELSE 'done' END, '', '[]', '', at
        FROM c WHERE luck < 0.7 AND status IN ('in_execution', 'handled', 'evaluated')
        """,
    ),
    (
        "tasks",
        """
        WITH wanted AS (SELECT c.*, a.id AS action, nextval('actions_task_id_seq') AS task
            FROM c JOIN actions_action a ON a.case_id = c.id),
        kept AS (INSERT INTO actions_task (id, public_id, title, description, department_id, state, due, "order", checklist,
            materials, planned_minutes, minutes, blocked_reason, result, place_label, added_at, version)
            SELECT task, gen_random_uuid(), 'Herstellen', '', department, CASE WHEN ended_at IS NULL THEN 'open' ELSE 'done' END,
                at::date + 10, 0, '[]', '', 60 + (n %% 8) * 30, 60, '', '', '', at, 1 FROM wanted)
        INSERT INTO actions_taskpart (task_id, case_id, action_id) SELECT task, id, action FROM wanted
        """,
    ),
    (
        "decisions",
        """
        WITH wanted AS (SELECT c.*, nextval('decisions_proposal_id_seq') AS proposal FROM c
            WHERE luck < 0.03 AND status IN ('handled', 'evaluated')),
        kept AS (INSERT INTO decisions_proposal (id, public_id, case_id, body, title, competence, legal_ground, facts, advices,
            articles, financial_note, alderman, planned_public, urgent, names_reporter, citizen_text, state, version, package,
            external_reference, external_uri, problem, refused_call, attempts, added_by_name, added_at)
            SELECT proposal, gen_random_uuid(), id, CASE WHEN third < 0.8 THEN 'college' ELSE 'council' END, 'Besluit', '', '',
                '', '', '[]', '', '', true, false, false, '', 'decided', 1, '', '', '', '', '', 0, '', at FROM wanted)
        INSERT INTO decisions_decision (proposal_id, outcome, title, number, uri, decided_on, session, motivation, articles,
            vote, signatories, document, signatures_valid, signature_problem, digest, public_url, received_at, applied_at)
        SELECT proposal, CASE WHEN third < 0.9 THEN 'goedgekeurd' ELSE 'niet_goedgekeurd' END, '', n::text, '',
            (at + slow * days * interval '13 hours')::date, '{}', '', '[]', '{}', '[]', '', true, '', '', '',
            at + slow * days * interval '13 hours', at + slow * days * interval '13 hours' FROM wanted
        """,
    ),
    (
        "evaluations",
        """
        WITH wanted AS (SELECT c.*, r.id AS report, nextval('evaluation_invitation_id_seq') AS invitation
            FROM c JOIN cases_report r ON r.case_id = c.id
            WHERE status = 'evaluated' OR (status = 'handled' AND third < 0.6)),
        kept AS (INSERT INTO evaluation_invitation (id, report_id, version_id, code, key, state, due, sent_at, closes_on,
            answers, answered_at, filled_by_name, processed, processed_by_name, reply)
            SELECT invitation, report, %(form)s, 'b' || n, floor(random() * 2147483647)::int,
                CASE WHEN status = 'evaluated' THEN 'answered' ELSE 'expired' END, ended_at::date + 3,
                ended_at + interval '3 days', ended_at::date + 33, '{}',
                CASE WHEN status = 'evaluated' THEN ended_at + interval '4 days' END, '', 'acknowledged', '', '' FROM wanted)
        INSERT INTO evaluation_answer (invitation_id, question, number, chosen, text)
        SELECT invitation, 'overall', 1 + floor(sqrt(luck) * 5)::int, '{}', '' FROM wanted WHERE status = 'evaluated'
        """,
    ),
    (
        "parked messages",
        """
        INSERT INTO messaging_delivery (key, report_id, channel, language, subject, text, payload, state, attempts, planned_at,
            next_attempt_at, provider_reference, problem, problem_details)
        SELECT gen_random_uuid(), r.id, 'email', 'nl', 'Uw melding', '', '{}', 'parked', 5, at, at, '',
            'Het adres bestaat niet.', '[]'
        FROM c JOIN cases_report r ON r.case_id = c.id WHERE third > 0.998
        """,
    ),
    ("done", "DROP TABLE c, made"),
)


def fill(cases: int, handler: int, form: int) -> float:
    """Makes so many cases; gives the seconds that it took, with the counting of their facts."""
    from django.db import connection, transaction

    from meldloket.insight import keeping

    started = time.perf_counter()
    samples = _samples()
    for first in range(1, cases + 1, BATCH):
        found = {
            "first": first, "last": min(cases, first + BATCH - 1), "samples": samples, "handler": handler, "form": form,
        }  # fmt: skip
        with transaction.atomic(), connection.cursor() as cursor:
            # As a restore of a backup does: no triggers, and a rebuild afterwards.
            cursor.execute("SET LOCAL session_replication_role = replica; SET LOCAL work_mem = '256MB'")
            for name, statement in STEPS:
                begun = time.perf_counter()
                for part in statement.split(";"):
                    cursor.execute(part, found)
                if first == 1:
                    print(f"  {name}: {time.perf_counter() - begun:.1f} s for the first {found['last']:,}", flush=True)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")
    made = time.perf_counter() - started
    begun = time.perf_counter()
    keeping.rebuild()
    print(f"  facts rebuilt from nothing: {time.perf_counter() - begun:.0f} s")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")
    return made + time.perf_counter() - begun


def _samples() -> int:
    """The real reports as rows to draw from, in our categories and areas."""
    from django.db import connection

    from meldloket.catalogue.models import AdviceService, Area, Category
    from meldloket.runtime.demo_assen import CODES

    categories = {row.code: row for row in Category.objects.all()}
    areas = list(Area.objects.order_by("pk"))
    corners = [_centre(area.geometry) for area in areas]
    with SOURCE.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    districts = sorted({row["district"] for row in rows})
    middle = {name: _mean([row for row in rows if row["district"] == name]) for name in districts}
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE sample (id serial PRIMARY KEY, category int, department int, area int, latitude float8, "
            "longitude float8, days int, at timestamptz); CREATE TEMP TABLE service (place int, service int)"
        )
        for place, service in enumerate(AdviceService.objects.order_by("pk")):
            cursor.execute("INSERT INTO service VALUES (%s, %s)", [place, service.pk])
        with cursor.copy("COPY sample (category, department, area, latitude, longitude, days, at) FROM STDIN") as copy:
            count = 0
            for row in rows:
                category = categories.get(CODES.get((row["category"], row["subcategory"]), ""))
                if category is None:
                    continue
                place = districts.index(row["district"]) % len(areas) if areas else 0
                north, east = corners[place] if areas else (51.05, 3.55)
                base = middle[row["district"]]
                latitude = north + (float(row["latitude"]) - base[0]) * 0.6
                longitude = east + (float(row["longitude"]) - base[1]) * 0.6
                copy.write_row(
                    (category.pk, category.department_id, areas[place].pk if areas else None, latitude, longitude,
                     category.target_days, row["created_at"])  # fmt: skip
                )
                count += 1
    return count


def _mean(rows: list[dict[str, str]]) -> tuple[float, float]:
    return (
        sum(float(row["latitude"]) for row in rows) / len(rows),
        sum(float(row["longitude"]) for row in rows) / len(rows),
    )


def _centre(geometry: dict) -> tuple[float, float]:
    from shapely.geometry import shape

    point = shape(geometry).representative_point()
    return point.y, point.x
