"""Comparing in the background: what one step brought, and all texts of a round on demand."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import transaction
from django.urls import reverse

from tanzhao.access.models import User
from tanzhao.documents.actions import Outcome, carry_out_reading, start_run, stop_run
from tanzhao.documents.models import Run
from tanzhao.documents.states import RunKind
from tanzhao.inspections.models import Round
from tanzhao.kernel.locking import locked
from tanzhao.kernel.verdict import require
from tanzhao.rectification import tasks
from tanzhao.rectification.actions.comparing import compare_writings
from tanzhao.rectification.actions.writings import note_writings
from tanzhao.rectification.models import Writing
from tanzhao.rectification.queries.scans import (
    latest_scan,
    scan_facts,
    steps_not_noted,
    writings_of_round,
)
from tanzhao.rectification.rules.likeness import may_scan, may_stop_scan
from tanzhao.screening.watching import Watch


def compare_what_came(*, step_id: UUID, clock: Callable[[], datetime]) -> None:
    """Compare the words and files of one step with all that was handed in.

    Doing it twice, or after a worker was killed, asks each question once.
    """
    writings = Writing.objects.filter(step=step_id)
    compare_writings(
        writings=list(writings.select_related("step", "piece__file", "item")), clock=clock
    )


@transaction.atomic
def scan_round(*, round_id: UUID, actor: User, at: datetime) -> Run:
    """Have all texts of a round compared, in the background.

    Raises:
        Round.DoesNotExist: there is none, or the actor may not know of it.
        Refused: the actor may not, it is being done already, or there is nothing to compare.
    """
    round_ = locked(Round.objects.visible_to(actor), round_id)
    require(may_scan(actor, **scan_facts(round_)))
    run = start_run(
        kind=RunKind.LIKENESS_SCAN,
        actor=actor,
        at=at,
        subject_id=round_.pk,
        subject_name=str(round_),
    )
    transaction.on_commit(partial(tasks.scan_round.enqueue, str(run.pk)))
    return run


@transaction.atomic
def stop_scan(*, round_id: UUID, actor: User, at: datetime) -> Run:
    """Ask the comparing of a round to end with what it has found so far.

    Raises: Round.DoesNotExist, Refused.
    """
    round_ = locked(Round.objects.visible_to(actor), round_id)
    run = latest_scan(round_)
    require(may_stop_scan(actor, run))
    assert run is not None  # noqa: S101  the rule has seen to it
    return stop_run(run_id=run.pk, actor=actor, at=at)


def carry_out_scan(
    *, run_id: UUID, stopwatch: Callable[[], float], clock: Callable[[], datetime]
) -> None:
    """Compare all texts of the round that a run names. What is found stays found whenever it
    ends; doing it again adds only what is new.

    Args:
        stopwatch: seconds, for telling the page how far it is. clock: the time.
    """
    round_id = Run.objects.get(pk=run_id).subject_id
    carry_out_reading(
        run_id=run_id,
        read=partial(_scan, stopwatch=stopwatch, clock=clock),
        clock=clock,
        go_back=reverse("rectification:round_likeness", args=[round_id]),
    )


def _scan(
    run: Run, *, stopwatch: Callable[[], float], clock: Callable[[], datetime]
) -> Callable[[], Outcome]:
    assert run.subject_id is not None  # noqa: S101  scan_round names the round
    round_ = Round.objects.get(pk=run.subject_id)
    watch = Watch(run.pk, stopwatch)

    def note(stage: str, done: int, of: int) -> bool:
        watch.note({"stage": stage, "done": done, "of": of})
        return watch.is_stopped()

    note_writings(steps=steps_not_noted(round_))
    tally = compare_writings(
        writings=list(writings_of_round(round_)), clock=clock, watch=note, again=True
    )
    address = reverse("rectification:round_likeness", args=[round_.pk])
    result = {"next": address, "stopped": watch.is_stopped(), **asdict(tally)}
    return lambda: Outcome(result=result)
