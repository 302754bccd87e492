"""Workbooks read and taken in the background."""

from uuid import UUID

from django.tasks import task
from django.utils import timezone

from tanzhao.documents.imports.steps import read_in_background, take_in_background


@task()
def read_inspectors(run_id: str) -> None:
    """Read the workbook of a run. Running it twice reads it once."""
    # Importers call actions, which call tasks, so a task imports its importer here.
    from tanzhao.inspectors.importers import INSPECTORS

    read_in_background(INSPECTORS, run_id=UUID(run_id), clock=timezone.now)


@task()
def take_inspectors(run_id: str) -> None:
    """Take the rows of a workbook that was read and looked at. Running it twice takes them once."""
    from tanzhao.inspectors.importers import INSPECTORS

    take_in_background(INSPECTORS, run_id=UUID(run_id), clock=timezone.now)
