"""What has been found out about other rounds for the visits of a unit in a plan."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from tanzhao.documents.models import Run
from tanzhao.documents.states import ENDED, RunKind, RunState
from tanzhao.inspections.models import PlannedVisit
from tanzhao.inspections.planning.moves import RoundMoves, basis_of, moves_said
from tanzhao.inspections.planning.term_instance import Instance


@dataclass(frozen=True)
class Answer:
    """What is known of one visit.

    Attributes:
        is_open: it is being found out; `looked_at` of `of` rounds so far, 0 of 0 before it began.
        is_stale: the plan has changed since it was found out, and it is no longer shown.
        problem: why it could not be found out.
        rounds: number of a round to what it would take.
    """

    is_open: bool = False
    looked_at: int = 0
    of: int = 0
    is_stale: bool = False
    problem: str = ""
    rounds: Mapping[int, RoundMoves] = field(default_factory=dict)

    @property
    def is_known(self) -> bool:
        return not (self.is_open or self.is_stale or self.problem)


def answers_about(visits: Iterable[PlannedVisit], instance: Instance) -> dict[UUID, Answer]:
    """Give what the latest question about each visit came to; visits nobody asked about are left
    out."""
    keys = [visit.pk for visit in visits]
    runs = Run.objects.filter(kind=RunKind.VISIT_MOVES, subject_id__in=keys)
    latest: dict[UUID, Run] = {}
    for run in runs.order_by("started_at", "pk"):
        if run.subject_id:
            latest[run.subject_id] = run
    basis = basis_of(instance) if latest else ""
    return {key: _answer(run, basis) for key, run in latest.items()}


def _answer(run: Run, basis: str) -> Answer:
    state, said = RunState(run.state), run.progress
    if state not in ENDED:
        return Answer(is_open=True, looked_at=said.get("looked_at", 0), of=said.get("of", 0))
    if state == RunState.FAILED:
        return Answer(problem=run.problem)
    result: dict[str, Any] = run.result
    if result.get("basis") != basis:
        return Answer(is_stale=True)
    return Answer(rounds=moves_said(result))
