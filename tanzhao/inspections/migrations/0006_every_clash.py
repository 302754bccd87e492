"""A plan keeps every clash and not the smallest alone: a list of clashes, each a list of reasons."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def _one_becomes_a_list(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    plans = apps.get_model("inspections", "TermPlan").objects.using(editor.connection.alias)
    for plan in plans.exclude(conflict=[]):
        if isinstance(plan.conflict[0], dict):
            plan.conflict = [plan.conflict]
            plan.save(update_fields=["conflict"])


def _the_smallest_alone(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    plans = apps.get_model("inspections", "TermPlan").objects.using(editor.connection.alias)
    for plan in plans.exclude(conflict=[]):
        plan.conflict = plan.conflict[0]
        plan.save(update_fields=["conflict"])


class Migration(migrations.Migration):
    dependencies = [("inspections", "0005_alerts")]

    operations = [migrations.RunPython(_one_becomes_a_list, _the_smallest_alone)]
