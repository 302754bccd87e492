"""Workbooks read and taken in the background."""

from uuid import UUID

from django.tasks import task
from django.utils import timezone

from tanzhao.documents.imports.steps import read_in_background, take_in_background


@task()
def read_units(run_id: str) -> None:
    """Read the workbook of a run. Running it twice reads it once."""
    # Importers call actions, which call tasks, so a task imports its importer here.
    from tanzhao.units.importers import UNITS

    read_in_background(UNITS, run_id=UUID(run_id), clock=timezone.now)


@task()
def take_units(run_id: str) -> None:
    """Take the rows of a workbook that was read and looked at. Running it twice takes them once."""
    from tanzhao.units.importers import UNITS

    take_in_background(UNITS, run_id=UUID(run_id), clock=timezone.now)
