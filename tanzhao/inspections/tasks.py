"""Work that inspections do in the background."""

import time
from uuid import UUID

from django.tasks import task
from django.utils import timezone


@task()
def compute_term_plan(run_id: str, seconds: int, mend: bool = False) -> None:
    """Compute the plan of a term that a run asks for. Running it twice computes it once.

    `seconds` are those of this process's processor: a wall clock lies on a busy office PC.
    """
    from tanzhao.inspections.actions.plans_computing import carry_out_computing

    carry_out_computing(
        run_id=UUID(run_id),
        seconds=seconds,
        mend=mend,
        stopwatch=time.process_time,
        clock=timezone.now,
    )


@task()
def explain_visit(run_id: str) -> None:
    """Find out what would have to move for a visit to be in each other round. Running it twice
    finds it out once."""
    from tanzhao.inspections.actions.plans_explaining import carry_out_explaining

    carry_out_explaining(run_id=UUID(run_id), stopwatch=time.process_time, clock=timezone.now)


@task()
def compute_proposal(run_id: str) -> None:
    """Compute the teams of a round that a run asks for. Running it twice computes them once."""
    from tanzhao.inspections.actions.proposals_computing import carry_out_proposing

    carry_out_proposing(run_id=UUID(run_id), stopwatch=time.process_time, clock=timezone.now)
