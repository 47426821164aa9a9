"""The database itself writes down which cases changed, in the transaction that changes them: a fact can be late, never
forgotten, whoever writes and whatever is killed (docs/adr/0009-facts-in-columns.md)."""

from django.db import migrations

#: Table → how to find its cases among the rows that `moved`.
WATCHED = {
    "cases_case": "SELECT id FROM moved",
    "cases_caseevent": "SELECT case_id FROM moved",
    "cases_report": "SELECT case_id FROM moved",
    "advice_advicerequest": "SELECT case_id FROM moved",
    "actions_taskpart": "SELECT case_id FROM moved",
    "actions_task": "SELECT p.case_id FROM moved m JOIN actions_taskpart p ON p.task_id = m.id",
    "decisions_decision": "SELECT p.case_id FROM moved m JOIN decisions_proposal p ON p.id = m.proposal_id",
    "evaluation_invitation": "SELECT r.case_id FROM moved m JOIN cases_report r ON r.id = m.report_id",
    "evaluation_answer": (
        "SELECT r.case_id FROM moved m JOIN evaluation_invitation i ON i.id = m.invitation_id "
        "JOIN cases_report r ON r.id = i.report_id"
    ),
    "messaging_delivery": (
        "SELECT r.case_id FROM moved m JOIN cases_report r ON r.id = m.report_id WHERE m.state = 'parked'"
    ),
}

FUNCTION = """
CREATE FUNCTION insight_mark() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE 'INSERT INTO insight_dirty (case_id) SELECT DISTINCT found.id FROM (' || TG_ARGV[0]
        || ') AS found (id) WHERE found.id IS NOT NULL';
    RETURN NULL;
END $$;
CREATE SEQUENCE insight_seq;
"""


def triggers() -> list[str]:
    """One trigger per table and event: transition tables allow no more. An update marks both the case that a row left and
    the one that it came to; of messages, only those that are parked or were."""
    made = []
    for table, cases in WATCHED.items():
        both = cases.replace("FROM moved", "FROM (TABLE moved UNION ALL TABLE before) AS")
        both = both if " m " in cases else f"{both} m"
        for event, tables, found in (
            ("INSERT", "NEW TABLE AS moved", cases),
            ("UPDATE", "OLD TABLE AS before NEW TABLE AS moved", both),
            ("DELETE", "OLD TABLE AS moved", cases),
        ):
            text = found.replace("'", "''")
            made.append(
                f"CREATE TRIGGER insight_{event.lower()} AFTER {event} ON {table} REFERENCING {tables} "
                f"FOR EACH STATEMENT EXECUTE FUNCTION insight_mark('{text}')"
            )
    return made


class Migration(migrations.Migration):
    dependencies = [
        ("insight", "0001_initial"),
        ("cases", "0009_closing"),
        ("advice", "0001_initial"),
        ("actions", "0002_photos_of_a_closing"),
        ("decisions", "0003_exchange"),
        ("messaging", "0002_notice"),
        ("evaluation", "0001_initial"),
    ]
    operations = [
        migrations.RunSQL(
            [FUNCTION, *triggers()],
            [
                *(
                    f"DROP TRIGGER insight_{event} ON {table}"
                    for table in WATCHED
                    for event in ("insert", "update", "delete")
                ),
                "DROP FUNCTION insight_mark(); DROP SEQUENCE insight_seq",
            ],
        ),
        # Whatever is there already is counted at the first refresh.
        migrations.RunSQL("INSERT INTO insight_dirty (case_id) SELECT id FROM cases_case", "DELETE FROM insight_dirty"),
    ]
