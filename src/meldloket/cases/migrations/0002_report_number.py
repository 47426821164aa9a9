"""Report numbers come from one sequence per year, made when the year's first report comes in."""

from django.db import migrations

CREATE = """
CREATE FUNCTION next_report_number(report_year integer) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    sequence_name text := format('report_number_%s', report_year);
BEGIN
    RETURN nextval(sequence_name);
EXCEPTION WHEN undefined_table THEN
    -- Two first reports of a year at once: the second waits here and finds the sequence made.
    PERFORM pg_advisory_xact_lock(hashtext(sequence_name));
    EXECUTE format('CREATE SEQUENCE IF NOT EXISTS %I', sequence_name);
    RETURN nextval(sequence_name);
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial")]
    operations = [migrations.RunSQL(CREATE, "DROP FUNCTION next_report_number(integer)")]
