"""Rounds and plans point to the term where it now stands, beside the units; the table stays."""

import django.db.models.deletion
from django.db import migrations, models


def _say_the_term(apps, _editor):
    """Visits that our own rounds wrote belong to the terms of those rounds."""
    engagements = apps.get_model("inspections", "Engagement").objects
    visits = apps.get_model("units", "Visit").objects.filter(imported=False, term_number=None)
    found = engagements.values_list("unit_id", "round__number", "round__term__number")
    for unit, round_number, term_number in found.order_by("round__starts"):
        visits.filter(unit=unit, round_number=round_number).update(term_number=term_number)


def _leave_it(_apps, _editor):
    pass


class Migration(migrations.Migration):
    dependencies = [("inspections", "0002_planning"), ("units", "0003_visits_of_terms")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    "round",
                    "term",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rounds",
                        to="units.term",
                    ),
                ),
                migrations.AlterField(
                    "termplan",
                    "term",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="plans",
                        to="units.term",
                    ),
                ),
                migrations.DeleteModel("Term"),
            ]
        ),
        migrations.AddField(
            "termplan", "left_out_reason", models.CharField(blank=True, max_length=500)
        ),
        migrations.RunPython(_say_the_term, _leave_it),
    ]
