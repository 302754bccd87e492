"""Work done in the background: workbooks read and taken, texts compared."""

import time
from uuid import UUID

from django.tasks import task
from django.utils import timezone

from tanzhao.documents.imports.steps import read_in_background, take_in_background


@task()
def read_ledger(run_id: str) -> None:
    """Read the workbook of a run. Running it twice reads it once."""
    # Importers call actions, which call tasks, so a task imports its importer here.
    from tanzhao.rectification.importers import LEDGER

    read_in_background(LEDGER, run_id=UUID(run_id), clock=timezone.now)


@task()
def take_ledger(run_id: str) -> None:
    """Take the rows of a workbook that was read and looked at. Running it twice takes them once."""
    from tanzhao.rectification.importers import LEDGER

    take_in_background(LEDGER, run_id=UUID(run_id), clock=timezone.now)


@task()
def compare_step(step_id: str) -> None:
    """Compare what a step brought with all that was handed in. Doing it twice does it once."""
    from tanzhao.rectification.actions.scanning import compare_what_came

    compare_what_came(step_id=UUID(step_id), clock=timezone.now)


@task()
def scan_round(run_id: str) -> None:
    """Compare all texts of a round. Doing it twice adds only what is new."""
    from tanzhao.rectification.actions.scanning import carry_out_scan

    carry_out_scan(run_id=UUID(run_id), stopwatch=time.monotonic, clock=timezone.now)


@task()
def read_wording(wording_id: str) -> None:
    """Read the file of a template or allowed wording, so that its page shows what was read."""
    from tanzhao.rectification.actions.wordings import read_kept_wording

    read_kept_wording(wording_id=UUID(wording_id), clock=timezone.now)
