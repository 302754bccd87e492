"""The term moves to the units, whose coverage is that of a term; its table stays where it is.

In the state only: the table is made, and keeps its name, by inspections/0001.
"""

import uuid

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("units", "0001_initial")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="Term",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("number", models.PositiveIntegerField(unique=True, verbose_name="term")),
                        ("starts", models.DateField(verbose_name="first day")),
                        ("ends", models.DateField(verbose_name="last day")),
                        ("committee", models.CharField(max_length=60, verbose_name="committee")),
                        ("leading_group", models.CharField(max_length=120, verbose_name="leading group")),
                        ("office", models.CharField(max_length=120, verbose_name="inspection office")),
                        ("document_prefix", models.CharField(max_length=20, verbose_name="prefix of document numbers")),
                    ],
                    options={"db_table": "inspections_term", "ordering": ["-number"]},
                ),
            ]
        ),
    ]
