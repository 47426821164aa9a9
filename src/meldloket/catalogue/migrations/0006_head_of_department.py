from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("catalogue", "0005_after_closing"),
    ]

    operations = [
        migrations.AddField(
            model_name="department",
            name="head_email",
            field=models.EmailField(
                blank=True,
                help_text="Krijgt bericht als een soort melding ongewoon stijgt. Leeg: het e-mailadres van de dienst.",
                max_length=254,
                verbose_name="e-mailadres van het diensthoofd",
            ),
        ),
    ]
