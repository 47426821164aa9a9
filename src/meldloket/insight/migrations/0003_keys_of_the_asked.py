"""What evaluations say is masked by the keys of those who were asked: their sum stands with the facts."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("insight", "0002_marks")]
    operations = [
        migrations.AddField("fact", "eval_keys", models.BigIntegerField(default=0)),
        migrations.RunSQL("INSERT INTO insight_dirty (case_id) SELECT id FROM cases_case", migrations.RunSQL.noop),
    ]
