-- The steps of benchmarks/town.py, for a batch of cases. What is drawn at random of a case is kept in
-- `made` and `road`, what came of it in `story` and `stand`, so that all its rows agree.

-- step: made
-- What is drawn of a case: category, place and hour of a real report, a day, and numbers that decide its road. Numbers of
-- cases rise with their days. `takes`: from its coming in to its end.
CREATE TEMP TABLE made ON COMMIT DROP AS
SELECT n, nextval('cases_case_id_seq') AS id, s.category, s.department, s.area, s.days,
    s.latitude + (random() - 0.5) * 0.002 AS latitude, s.longitude + (random() - 0.5) * 0.003 AS longitude,
    (d.day + s.clock + (random() * 20 - 10) * interval '1 minute') AT TIME ZONE 'Europe/Brussels' AS at,
    greatest(0.03, -ln(1 - random() * 0.999)) * s.days * interval '1 day' AS takes,
    random() AS fate, random() AS luck, random() AS third, random() AS turn, random() AS mood
FROM generate_series(%(first)s::int, %(last)s::int) n
CROSS JOIN LATERAL (SELECT 1 + floor(random() * %(samples)s)::int + 0 * n AS pick OFFSET 0) p
JOIN sample s ON s.id = p.pick
JOIN day d ON d.id = 1 + floor((n - 1)::float8 / %(cases)s * %(days)s)::int;
CREATE TEMP TABLE road ON COMMIT DROP AS
SELECT *, fate >= 0.12 AS whole, fate >= 0.12 AND luck < 0.15 AS advised, fate >= 0.12 AND third < 0.75 AS acted,
    fate >= 0.12 AND third < 0.04 AS decided, third < 0.004 AS rejected, fate >= 0.12 AND turn < 0.02 AS turned,
    fate >= 0.12 AND turn > 0.74 AS answers, fate >= 0.12 AND luck > 0.15 AND luck < 0.2 AS paused
FROM made

-- step: story
-- Everything that will happen, of which only what has happened: kind, when (share of `takes`, and more after it), the
-- transition that it is, and whether the reporter reads it.
CREATE TEMP TABLE story ON COMMIT DROP AS
SELECT m.id, v.kind, v.place, m.at + v.part * m.takes + v.later AS at, v.source, v.target, v.told
FROM road m CROSS JOIN LATERAL (VALUES
    (1, 'submitted', 0.0, interval '0', '', 'submitted', true, true),
    (2, 'screened', 0.0, interval '0', 'submitted', 'screening', true, true),
    (3, 'routed', 0.0, interval '0', '', '', false, true),
    (4, 'inadmissible', 1.0, interval '0', 'screening', 'inadmissible', true, fate < 0.05),
    (5, 'withdrawn', 1.0, interval '0', 'screening', 'withdrawn', true, fate >= 0.05 AND fate < 0.07),
    (6, 'admissible', 0.1, interval '0', 'screening', 'admissible', true, fate >= 0.07),
    (7, 'referred_closed', 1.0, interval '0', 'admissible', 'referred', true, fate >= 0.07 AND fate < 0.12),
    (8, 'assessment_started', 0.15, interval '0', 'admissible', 'in_assessment', false, whole AND NOT advised),
    (9, 'term_suspended', 0.2, interval '0', '', '', false, paused),
    (10, 'advice_started', 0.2, interval '0', 'admissible', 'in_advice', true, advised),
    (11, 'advice_asked', 0.2, interval '0', '', '', false, advised),
    (12, 'advice_given', 0.38, interval '0', '', '', false, advised),
    (13, 'advice_complete', 0.38, interval '0', '', '', false, advised),
    (14, 'advice_worked_in', 0.4, interval '0', 'in_advice', 'in_assessment', false, advised),
    (15, 'term_resumed', 0.42, interval '0', '', '', false, paused),
    (16, 'action_added', 0.44, interval '0', '', '', false, acted),
    (17, 'actions_proposed', 0.45, interval '0', 'in_assessment', 'actions_proposed', true, acted),
    (18, 'proposal_added', 0.48, interval '0', '', '', false, decided),
    (19, 'awaiting_decision', 0.5, interval '0', 'actions_proposed', 'awaiting_decision', true, decided),
    (20, 'decision_received', 0.6, interval '0', '', '', false, decided),
    (21, 'approved', 0.6, interval '0', 'awaiting_decision', 'approved', true, decided AND NOT rejected),
    (22, 'rejected', 0.6, interval '0', 'awaiting_decision', 'rejected', true, rejected AND decided),
    (23, 'execution_started', 0.62, interval '0', CASE WHEN decided THEN 'approved' ELSE 'actions_proposed' END,
        'in_execution', true, acted AND NOT (rejected AND decided)),
    (24, 'task_done', 0.68, interval '0', '', '', false, acted AND NOT (rejected AND decided)),
    (25, 'closed', 0.7, interval '0', CASE WHEN NOT acted THEN 'in_assessment' WHEN rejected AND decided THEN 'rejected'
        ELSE 'in_execution' END, 'handled', true, turned),
    (26, 'dissatisfied', 0.72, interval '0', '', '', true, turned),
    (27, 'reopened', 0.75, interval '0', 'handled', 'in_assessment', true, turned),
    (28, 'closed', 1.0, interval '0', CASE WHEN turned OR NOT acted THEN 'in_assessment'
        WHEN rejected AND decided THEN 'rejected' ELSE 'in_execution' END, 'handled', true, whole),
    (29, 'evaluation_invited', 1.0, interval '3 days', '', '', true, whole),
    (30, 'evaluation_received', 1.0, interval '3 days 5 hours', 'handled', 'evaluated', true, answers)
) v (place, kind, part, later, source, target, told, there)
WHERE v.there AND m.at + v.part * m.takes + v.later <= now();
CREATE TEMP TABLE stand ON COMMIT DROP AS
SELECT m.*, e.status, e.version, e.steps, e.closed_at, CASE WHEN e.status IN ('handled', 'evaluated') THEN e.closed_at
        WHEN e.status IN ('inadmissible', 'withdrawn', 'referred') THEN m.at + m.takes END AS ended_at,
    CASE WHEN 'term_resumed' <> ALL (e.steps) AND e.status NOT IN ('handled', 'evaluated') THEN e.paused_at END AS paused_at,
    CASE WHEN rejected AND decided THEN 'refused' WHEN acted AND luck < 0.85 THEN 'done' WHEN acted THEN 'planned'
        WHEN luck < 0.6 THEN 'not_found' WHEN luck < 0.85 THEN 'not_ours' ELSE 'refused' END AS outcome
FROM road m JOIN (
    SELECT id, (array_agg(target ORDER BY place DESC) FILTER (WHERE target <> ''))[1] AS status, count(*) AS version,
        array_agg(kind) AS steps, max(at) FILTER (WHERE kind = 'closed') AS closed_at,
        max(at) FILTER (WHERE kind = 'term_suspended') AS paused_at
    FROM story GROUP BY id
) e ON e.id = m.id;
CREATE INDEX ON stand (id);
ANALYZE stand

-- step: cases
-- A reopened case begins its terms anew.
INSERT INTO cases_case (id, status, title, summary, reference, category_id, department_id, handler_id, area_id, urgency,
    channel, is_complaint, waiting_for_reporter, inadmissible_reason, outcome, street, place_label, latitude,
    longitude, competent_authority, submitted_at, target_date, final_date, suspended_at, version, ended_at)
SELECT id, status, 'Melding ' || n, (ARRAY['Er zit een put in de weg', 'De lamp brandt niet', 'Afval naast de glasbol',
        'Tak boven het voetpad'])[1 + n %% 4],
    'BEN-' || lpad(n::text, 9, '0'), category, department, %(handler)s, area, 'normal',
    (ARRAY['web', 'web', 'web', 'desk', 'phone', 'api'])[1 + floor(mood * 6)::int], luck > 0.99, false,
    CASE WHEN status = 'inadmissible' THEN 'double' ELSE '' END,
    CASE WHEN status IN ('handled', 'evaluated') THEN outcome ELSE '' END, 'Straat ' || n %% 400,
    'Straat ' || n %% 400 || ' 12, 9999 Lindekerke', latitude, longitude,
    CASE WHEN status = 'referred' THEN 'Agentschap Wegen en Verkeer' ELSE '' END, at,
    (CASE WHEN 'reopened' = ANY (steps) THEN at + 0.75 * takes ELSE at END)::date + (days * 1.4)::int,
    (CASE WHEN 'reopened' = ANY (steps) THEN at + 0.75 * takes ELSE at END)::date + (days * 2.8)::int, paused_at, version,
    ended_at
FROM stand

-- step: reports
-- One case in twelve has more than one reporter.
CREATE TEMP TABLE told ON COMMIT DROP AS
SELECT nextval('cases_report_id_seq') AS report, s.id, n, k, s.at + k * 0.02 * takes AS at, status, steps, closed_at, mood,
    s.answers, s.latitude, s.longitude, s.luck
FROM stand s CROSS JOIN LATERAL generate_series(0, CASE WHEN mood < 0.08 THEN 1 + floor(mood * 37)::int ELSE 0 END) k
WHERE s.at + k * 0.02 * takes <= now() AND (k = 0 OR 'admissible' = ANY (steps));
INSERT INTO cases_report (id, public_id, case_id, reference, submission_key, text, observed, answers, latitude, longitude,
    place_label, channel, language, submitted_at)
SELECT report, gen_random_uuid(), id, 'BEN-' || lpad(n::text, 9, '0') || CASE WHEN k > 0 THEN '-' || k ELSE '' END,
    gen_random_uuid(), 'Er zit een put in de weg.', '', '[]', latitude, longitude, 'Straat ' || n %% 400,
    (ARRAY['web', 'web', 'web', 'desk', 'phone', 'api'])[1 + floor(mood * 6)::int], 'nl', at FROM told

-- step: events
INSERT INTO cases_caseevent (case_id, report_id, kind, at, by_name, by_reporter, visibility, text, data, from_status,
    to_status, version)
SELECT id, report, kind, at, '', kind IN ('submitted', 'withdrawn', 'dissatisfied', 'evaluation_received'),
    CASE WHEN seen THEN 'reporter' ELSE 'internal' END, '', '{}', source, target, place
FROM (
    SELECT s.id, CASE WHEN kind IN ('dissatisfied', 'evaluation_invited', 'evaluation_received') THEN t.report END AS report,
        kind, s.at, s.told AS seen, source, target, row_number() OVER (PARTITION BY s.id ORDER BY s.place) AS place
    FROM story s JOIN told t ON t.id = s.id AND t.k = 0
    UNION ALL
    SELECT id, report, 'grouped', at, true, '', '', 3 FROM told WHERE k > 0
) e ORDER BY at, place

-- step: closings
INSERT INTO cases_closing (case_id, outcome, text, closed_at, closed_by_name, react_until, reopened_at)
SELECT s.id, CASE WHEN s.place = 25 THEN 'done' ELSE m.outcome END, 'Wij hebben gedaan wat wij beloofden.', s.at, '',
    s.at::date + 14, CASE WHEN s.place = 25 AND 'reopened' = ANY (m.steps) THEN m.at + 0.75 * m.takes END
FROM story s JOIN stand m ON m.id = s.id WHERE s.kind = 'closed' ORDER BY s.at;
INSERT INTO cases_reaction (closing_id, report_id, text, at, state, settled_at, settled_by_name, answer)
SELECT c.id, t.report, 'De put is er nog.', s.at, CASE WHEN c.reopened_at IS NULL THEN 'open' ELSE 'reopened' END,
    c.reopened_at, '', ''
FROM story s JOIN told t ON t.id = s.id AND t.k = 0 JOIN cases_closing c ON c.case_id = s.id AND c.closed_at < s.at
WHERE s.kind = 'dissatisfied'

-- step: advices
WITH asked AS (
    INSERT INTO advice_advicerequest (public_id, case_id, service_id, question, share, identity_reason, asked_by_name,
        asked_at, due, state, closed_reason, answered_at)
    SELECT gen_random_uuid(), s.id, v.service, 'Wat vindt u?', '["text"]', '', '', s.at + 0.2 * takes,
        (s.at + 0.2 * takes)::date + 14,
        CASE WHEN 'advice_worked_in' = ANY (steps) THEN 'worked_in' WHEN 'advice_given' = ANY (steps) THEN 'answered'
            ELSE 'open' END,
        '', CASE WHEN 'advice_given' = ANY (steps) THEN s.at + 0.38 * takes END
    FROM stand s JOIN service v ON v.id = 1 + floor(mood * %(services)s)::int
        OR (turn > 0.9 AND v.id = 1 + floor(turn * %(services)s)::int)
    WHERE 'advice_asked' = ANY (steps) RETURNING id, answered_at
)
INSERT INTO advice_adviceanswer (request_id, number, state, verdict, reasons, conditions, given_by_name, given_at)
SELECT id, 1, 'given', 'favourable', 'Geen bezwaar.', '[]', '', answered_at FROM asked WHERE answered_at IS NOT NULL

-- step: actions
INSERT INTO actions_action (public_id, case_id, title, description, department_id, why, public, needs_decision, state,
    source, planned_tasks, added_by_name, added_at)
SELECT gen_random_uuid(), id, 'Herstellen', '', department, '', true, decided,
    CASE WHEN 'rejected' = ANY (steps) THEN 'refused' WHEN 'task_done' = ANY (steps) THEN 'done'
        WHEN 'execution_started' = ANY (steps) THEN 'running' WHEN 'awaiting_decision' = ANY (steps) THEN 'waiting'
        ELSE 'draft' END, '', '[]', '', at + 0.44 * takes
FROM stand WHERE 'action_added' = ANY (steps)

-- step: tasks
WITH wanted AS (
    SELECT s.*, a.id AS action, nextval('actions_task_id_seq') AS task
    FROM stand s JOIN actions_action a ON a.case_id = s.id WHERE 'execution_started' = ANY (steps)
), kept AS (
    INSERT INTO actions_task (id, public_id, title, description, department_id, state, due, "order", checklist, materials,
        planned_minutes, minutes, blocked_reason, result, place_label, done_at, added_at, version)
    SELECT task, gen_random_uuid(), 'Herstellen', '', department,
        CASE WHEN 'task_done' = ANY (steps) THEN 'done' WHEN luck < 0.3 THEN 'in_progress' ELSE 'open' END,
        (at + 0.62 * takes)::date + 10, 0, '[]', '', 60 + (n %% 8) * 30, CASE WHEN 'task_done' = ANY (steps) THEN 60 ELSE 0 END,
        '', '', '', CASE WHEN 'task_done' = ANY (steps) THEN at + 0.68 * takes END, at + 0.62 * takes, 1 FROM wanted
)
INSERT INTO actions_taskpart (task_id, case_id, action_id) SELECT task, id, action FROM wanted

-- step: decisions
WITH wanted AS (
    SELECT s.*, nextval('decisions_proposal_id_seq') AS proposal, a.id AS action
    FROM stand s JOIN actions_action a ON a.case_id = s.id WHERE 'proposal_added' = ANY (steps)
), kept AS (
    INSERT INTO decisions_proposal (id, public_id, case_id, body, title, competence, legal_ground, facts, advices, articles,
        financial_note, alderman, planned_public, urgent, names_reporter, citizen_text, state, version, package,
        external_reference, external_uri, problem, refused_call, attempts, added_by_name, added_at)
    SELECT proposal, gen_random_uuid(), id, CASE WHEN mood < 0.8 THEN 'college' ELSE 'council' END, 'Besluit', '', '', '', '',
        '[]', '', '', true, false, false, '', CASE WHEN 'decision_received' = ANY (steps) THEN 'decided'
        WHEN 'awaiting_decision' = ANY (steps) THEN 'concept' ELSE 'draft' END, 1, '', '', '', '', '', 0, '',
        at + 0.48 * takes FROM wanted
), linked AS (
    INSERT INTO decisions_proposal_actions (proposal_id, action_id) SELECT proposal, action FROM wanted
)
INSERT INTO decisions_decision (proposal_id, outcome, title, number, uri, decided_on, session, motivation, articles, vote,
    signatories, document, signatures_valid, signature_problem, digest, public_url, received_at, applied_at)
SELECT proposal, CASE WHEN rejected THEN 'niet_goedgekeurd' ELSE 'goedgekeurd' END, '', n::text, '',
    (at + 0.6 * takes)::date, '{}', '', '[]', '{}', '[]', '', true, '', '', '', at + 0.6 * takes, at + 0.6 * takes
FROM wanted WHERE 'decision_received' = ANY (steps)

-- step: evaluations
-- Each reporter of a closed case is asked once, three days later, and the first of a case may have answered.
WITH wanted AS (
    SELECT *, nextval('evaluation_invitation_id_seq') AS invitation, k = 0 AND status = 'evaluated' AS answered,
        'evaluation_invited' = ANY (steps) AS sent
    FROM told WHERE status IN ('handled', 'evaluated')
), kept AS (
    INSERT INTO evaluation_invitation (id, report_id, version_id, code, key, state, due, sent_at, closes_on, answers,
        answered_at, filled_by_name, processed, processed_by_name, reply)
    SELECT invitation, report, CASE WHEN sent THEN %(form)s::bigint END, 'b' || report,
        floor(random() * 2147483647)::int, CASE WHEN answered THEN 'answered' WHEN NOT sent THEN 'planned'
        WHEN closed_at::date + 33 < current_date THEN 'expired' ELSE 'sent' END, closed_at::date + 3,
        CASE WHEN sent THEN closed_at + interval '3 days' END, CASE WHEN sent THEN closed_at::date + 33 END, '{}',
        CASE WHEN answered THEN closed_at + interval '3 days 5 hours' END, '',
        CASE WHEN answered AND closed_at < now() - interval '20 days' THEN 'acknowledged' ELSE 'new' END, '', '' FROM wanted
)
INSERT INTO evaluation_answer (invitation_id, question, number, chosen, text)
SELECT invitation, question, number, chosen, text
FROM wanted CROSS JOIN LATERAL (VALUES
    ('overall', least(5, 1 + floor(sqrt(luck) * 5)::int), '{}'::text[], ''),
    ('solved', NULL, ARRAY[CASE WHEN luck > 0.3 THEN 'yes' ELSE 'no' END], ''),
    ('remark', NULL, '{}'::text[], CASE WHEN mood > 0.7 THEN 'Snel opgelost, dank u wel.' ELSE '' END)
) a (question, number, chosen, text)
WHERE answered AND (question <> 'remark' OR text <> '')

-- step: parked messages
INSERT INTO messaging_delivery (key, report_id, channel, language, subject, text, payload, state, attempts, planned_at,
    next_attempt_at, provider_reference, problem, problem_details)
SELECT gen_random_uuid(), report, 'email', 'nl', 'Uw melding', '', '{}', 'parked', 5, at, at, '', 'Het adres bestaat niet.',
    '[]'
FROM told WHERE mood > 0.99
