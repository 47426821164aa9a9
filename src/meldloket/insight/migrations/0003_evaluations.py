"""Evaluations stand beside the facts one by one, by the day on which they were over: what a past month says never changes."""

from django.db import migrations, models

COLUMNS = ("asked", "answered", "score_sum", "score_count")


class Migration(migrations.Migration):
    dependencies = [("insight", "0002_marks")]
    operations = [
        migrations.CreateModel(
            name="EvaluationFact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("case_id", models.BigIntegerField()),
                ("day", models.IntegerField()),
                ("answered", models.SmallIntegerField()),
                ("score_sum", models.SmallIntegerField(default=0)),
                ("score_count", models.SmallIntegerField(default=0)),
                ("key", models.BigIntegerField()),
            ],
            options={
                "db_table": "insight_evaluation",
                "indexes": [models.Index(fields=["case_id"], name="evaluation_fact_case_idx")],
            },
        ),
        *(migrations.RemoveField("fact", column) for column in COLUMNS),
        migrations.RunSQL("INSERT INTO insight_dirty (case_id) SELECT id FROM cases_case", migrations.RunSQL.noop),
    ]
