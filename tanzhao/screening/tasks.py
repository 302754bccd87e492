"""Work that screening does in the background."""

import time
from uuid import UUID

from django.tasks import task
from django.utils import timezone


@task()
def load_data_set(run_id: str) -> None:
    """Read the files of a data set. Running it twice loads them once."""
    from tanzhao.screening.actions.loading import carry_out_loading

    carry_out_loading(run_id=UUID(run_id), stopwatch=time.monotonic, clock=timezone.now)


@task()
def try_rule(run_id: str) -> None:
    """Try a draft of a rule. Running it twice tries it once."""
    from tanzhao.screening.actions.trying import carry_out_trial

    carry_out_trial(run_id=UUID(run_id), stopwatch=time.monotonic, clock=timezone.now)


@task()
def run_comparison(run_id: str) -> None:
    """Make an approved comparison. Running it twice makes it once."""
    from tanzhao.screening.actions.comparing import carry_out_comparison

    carry_out_comparison(run_id=UUID(run_id), stopwatch=time.monotonic, clock=timezone.now)
