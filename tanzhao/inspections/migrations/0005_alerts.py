"""An alert keeps its reasons as values, and the program how far it has looked at the teams."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("inspections", "0004_basis_of_a_proposal")]

    operations = [
        migrations.RemoveField("teamalert", "sentences"),
        migrations.AddField("teamalert", "standings", models.JSONField(default=list)),
        migrations.AddField("teamalert", "about", models.CharField(blank=True, max_length=200)),
        migrations.AlterField("teamalert", "cause", models.CharField(max_length=60)),
        migrations.CreateModel(
            name="TeamsLookedAt",
            fields=[
                (
                    "id",
                    models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False),
                ),
                ("position", models.PositiveBigIntegerField(default=0)),
                ("rules", models.CharField(blank=True, max_length=120)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("id", 1)), name="teams_looked_at_is_one_row"
                    )
                ],
            },
        ),
    ]
