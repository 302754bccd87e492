"""Having it found out, in the background, what would have to move for a visit to be elsewhere."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from tanzhao.access.models import User
from tanzhao.documents.actions import Outcome, carry_out_reading, note_progress, start_run
from tanzhao.documents.models import Run
from tanzhao.documents.states import ENDED, RunKind
from tanzhao.engines.planner import explain
from tanzhao.engines.planner.explaining import Option, WhyNotRound, WhyRound
from tanzhao.engines.planner.search import Limit
from tanzhao.inspections.actions.plans_refreshing import locked_plan
from tanzhao.inspections.models import PlannedVisit
from tanzhao.inspections.planning.choices import without_pin
from tanzhao.inspections.planning.judging import judged
from tanzhao.inspections.planning.moves import (
    basis_of,
    is_open_question,
    kept_option,
    searched,
)
from tanzhao.inspections.planning.term_instance import engine_plan, instance_of
from tanzhao.inspections.rules import may_ask_what_moves
from tanzhao.inspections.states import VisitKind
from tanzhao.inspections.tasks import explain_visit
from tanzhao.kernel.verdict import require

# Processor seconds for all rounds together; a county needs about two.
SECONDS = 30.0


@transaction.atomic
def ask_what_moves(
    *, plan_id: UUID, unit_id: UUID, kind: VisitKind, actor: User, at: datetime
) -> Run:
    """Have it found out what would have to move for a visit to be in each other round. Asking
    while it is being found out is asking once.

    Raises: TermPlan.DoesNotExist, PlannedVisit.DoesNotExist, Refused.
    """
    plan = locked_plan(plan_id, actor)
    visits = PlannedVisit.objects.filter(planned__plan=plan, planned__unit=unit_id, kind=kind)
    visit = visits.select_related("planned__unit", "round").get()
    standing = judged(instance_of(plan, day=timezone.localdate(at)))
    require(may_ask_what_moves(actor, plan, visit, is_complete=standing.is_complete))
    asked = Run.objects.filter(kind=RunKind.VISIT_MOVES, subject_id=visit.pk).exclude(
        state__in=ENDED
    )
    if under_way := asked.first():
        return under_way
    run = start_run(
        kind=RunKind.VISIT_MOVES,
        actor=actor,
        at=at,
        subject_id=visit.pk,
        subject_name=f"{plan} {visit.planned.unit}",
    )
    transaction.on_commit(partial(explain_visit.enqueue, str(run.pk)))
    return run


def carry_out_explaining(
    *, run_id: UUID, stopwatch: Callable[[], float], clock: Callable[[], datetime]
) -> None:
    """Find out what a run asks for, and keep the answer with it. Safe to run twice."""
    read = partial(_find_out, limit=Limit(seconds=SECONDS, stopwatch=stopwatch), clock=clock)
    carry_out_reading(run_id=run_id, read=read, clock=clock)


def _find_out(run: Run, *, limit: Limit, clock: Callable[[], datetime]) -> Callable[[], Outcome]:
    assert run.subject_id is not None  # noqa: S101  ask_what_moves names the visit
    visit = PlannedVisit.objects.select_related("planned__plan__term").get(pk=run.subject_id)
    plan = visit.planned.plan
    instance = instance_of(plan, day=timezone.localdate(clock()))
    unit = instance.ids[visit.planned_id]
    problem = without_pin(instance.problem, (unit, visit.kind))
    present = engine_plan(instance, cost=plan.cost, bound=plan.bound)
    until = limit.stopwatch() + (limit.seconds or 0)

    def left() -> Limit:
        seconds = max(0.0, until - limit.stopwatch())
        return Limit(seconds=seconds, stopwatch=limit.stopwatch)

    def search(round_id: int) -> Option:
        question = WhyNotRound(unit, visit.kind, round_id)
        return explain(problem, present, question, limit=left()).options[0]

    at_once = Limit(seconds=0.0, stopwatch=limit.stopwatch)
    alone = explain(problem, present, WhyRound(unit, visit.kind), limit=at_once).options
    wanted = sum(map(is_open_question, alone))
    rounds: dict[str, Any] = {}
    for before, found in searched(list(alone), search, lambda: limit.stopwatch() >= until):
        rounds[str(found.round)] = kept_option(found, before, instance)
        note_progress(run_id=run.pk, progress={"looked_at": len(rounds), "of": wanted})
    page = reverse("inspections:planned_unit", args=[plan.pk, visit.planned.unit_id])
    result = {"next": page, "basis": basis_of(instance), "rounds": rounds}
    return lambda: Outcome(result=result)
