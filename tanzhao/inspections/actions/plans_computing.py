"""Having a plan computed in the background, and taking what the planner gives."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from tanzhao.access.models import User
from tanzhao.audit.trail import record
from tanzhao.audit.verbs import Verb
from tanzhao.documents.actions import (
    Outcome,
    cancel_run,
    carry_out_reading,
    note_progress,
    start_run,
    stop_run,
)
from tanzhao.documents.models import Run
from tanzhao.documents.states import RunKind
from tanzhao.engines.planner import plan_term, replan_term
from tanzhao.engines.planner.search import Limit, Progress
from tanzhao.engines.planner.term.checking import cost_of
from tanzhao.engines.planner.term.problem import FIRST
from tanzhao.engines.planner.term.problem import TermPlan as EnginePlan
from tanzhao.inspections.actions.plans_refreshing import bring_up_to_date, locked_plan
from tanzhao.inspections.models import PlannedVisit, TermPlan
from tanzhao.inspections.planning.judging import judged
from tanzhao.inspections.planning.pins import lost_pin, lost_pins
from tanzhao.inspections.planning.saying import PIN_ROUND_PASSED, kept
from tanzhao.inspections.planning.term_instance import (
    Instance,
    Place,
    engine_plan,
    instance_of,
)
from tanzhao.inspections.rules import may_change_plan, may_stop_computing
from tanzhao.inspections.tasks import compute_term_plan
from tanzhao.kernel.locking import locked
from tanzhao.kernel.verdict import require

if TYPE_CHECKING:
    # A module of a solver, which a page never loads.
    from tanzhao.engines.planner.term.conflicts_counting import Clash
    from tanzhao.engines.planner.term.replanning import TermReplan

BATCH = 500
SECONDS_BETWEEN_NOTES = 1.0


@transaction.atomic
def compute_plan(
    *, plan_id: UUID, seconds: int, actor: User, at: datetime, mend: bool = False
) -> Run:
    """Have a draft computed for at most `seconds` of processor time, brought up to date first.

    Args:
        mend: change as few places as the rules ask for, instead of looking for the best plan.

    Until it is done nobody changes the plan, so that it is computed once at a time.
    Raises: TermPlan.DoesNotExist, Refused.
    """
    plan = locked_plan(plan_id, actor)
    require(may_change_plan(actor, plan))
    bring_up_to_date(plan)
    plan.run = start_run(
        kind=RunKind.TERM_PLAN,
        actor=actor,
        at=at,
        subject_id=plan.pk,
        subject_name=f"{plan.term} {plan}",
    )
    plan.save(update_fields=["run"])
    record(verb=Verb.PLAN_COMPUTED, actor=actor, target=plan, at=at, seconds=seconds, mend=mend)
    transaction.on_commit(partial(compute_term_plan.enqueue, str(plan.run.pk), seconds, mend))
    return plan.run


@transaction.atomic
def stop_computing(*, plan_id: UUID, actor: User, at: datetime) -> TermPlan:
    """Let the computing of a plan end with the best it has.

    Raises: TermPlan.DoesNotExist, Refused.
    """
    plan = TermPlan.objects.visible_to(actor).select_related("run").get(pk=plan_id)
    require(may_stop_computing(actor, plan))
    assert plan.run is not None  # noqa: S101  it is being computed
    stop_run(run_id=plan.run.pk, actor=actor, at=at)
    return plan


@transaction.atomic
def cancel_computing(*, plan_id: UUID, actor: User, at: datetime) -> TermPlan:
    """End the computing of a plan at once and leave its places as they are: what was found by then
    is not taken, even if its worker is still at it.

    Raises: TermPlan.DoesNotExist, Refused.
    """
    plan = locked_plan(plan_id, actor)
    require(may_stop_computing(actor, plan))
    assert plan.run is not None  # noqa: S101  it is being computed
    # A run that has ended refuses its worker's result, and with it the places.
    note = _("%(person)s cancelled the computing. The plan is as it was before.")
    cancel_run(run_id=plan.run.pk, actor=actor, at=at, note=note % {"person": actor})
    return plan


def carry_out_computing(
    *,
    run_id: UUID,
    stopwatch: Callable[[], float],
    clock: Callable[[], datetime],
    seconds: float | None = None,
    steps: int | None = None,
    mend: bool = False,
) -> None:
    """Compute the plan that a run asks for, and put its visits where the planner says.

    Safe to run twice: a run that has ended is left alone. The seed is the number of the plan, so
    that the same plan, records and number of steps give the same places.

    Args:
        stopwatch: processor seconds of this process.
        steps: of the search; None as many as there is time for.
        mend: move as few visits as possible; see compute_plan.
    """
    limit = Limit(seconds=seconds, steps=steps, stopwatch=stopwatch)
    carry_out_reading(
        run_id=run_id, read=partial(_search, limit=limit, clock=clock, mend=mend), clock=clock
    )


@dataclass
class _Watch:
    """Tells the run how far the search is, about once a second, and hears whether to stop."""

    run_id: UUID
    limit: float | None = None
    told: float = -SECONDS_BETWEEN_NOTES
    is_stopped: bool = False

    def tell(self, progress: Progress) -> None:
        if progress.seconds - self.told < SECONDS_BETWEEN_NOTES:
            return
        self.told = progress.seconds
        self.is_stopped = note_progress(
            run_id=self.run_id,
            progress={
                "seconds": round(progress.seconds, 1),
                "limit": self.limit,
                "steps": progress.steps,
                "cost": progress.cost,
                "bound": progress.bound,
            },
        )


def _search(
    run: Run, *, limit: Limit, clock: Callable[[], datetime], mend: bool
) -> Callable[[], Outcome]:
    assert run.subject_id is not None  # noqa: S101  compute_plan names the plan
    plan = TermPlan.objects.select_related("term").get(pk=run.subject_id)
    instance = instance_of(plan, day=timezone.localdate(clock()))
    watch = _Watch(run.pk, limit.seconds)
    limit = replace(limit, stop=lambda: watch.is_stopped)
    if not mend:
        found = plan_term(instance.problem, limit=limit, seed=plan.number, on_progress=watch.tell)
        better = _the_better(instance, found)
        return partial(_take, plan.pk, instance, better, _clashes(instance, better), clock)
    present = engine_plan(instance, cost=plan.cost, bound=plan.bound)
    mended = replan_term(
        instance.problem, present, (), limit=limit, seed=plan.number, on_progress=watch.tell
    )
    clashes = _clashes(instance, mended.plan)
    return partial(_take, plan.pk, instance, mended.plan, clashes, clock, mended)


def _clashes(instance: Instance, found: EnginePlan) -> tuple["Clash", ...]:
    """Give every clash that counting proves, smallest first, since mending one leaves the others;
    if it proves none, the one that the models proved."""
    if not found.conflict:
        return ()
    # Of the solvers' modules, which a page never loads.
    from tanzhao.inspections.planning.clashes import every_clash

    return tuple(every_clash(instance.problem)) or (found.conflict,)


def _the_better(instance: Instance, found: EnginePlan) -> EnginePlan:
    """Keep the places that are there if they break no rule and what was found is worse: a short
    search never spoils a good draft. The bound that was found holds for both."""
    standing = judged(instance)
    cost = cost_of(instance.problem, instance.placed).total
    is_worse = (len(found.unplaced), found.cost) > (standing.left_out, cost)
    if standing.broken or instance.loose or not is_worse:
        return found
    keys = {(visit.unit, visit.visit) for visit in instance.placed}
    return replace(
        found,
        visits=tuple(sorted(instance.placed)),
        cost=cost,
        unplaced=tuple(one for one in found.unplaced if (one.unit, one.visit) not in keys),
        conflict=found.conflict if standing.left_out else (),
    )


def _take(
    plan_id: UUID,
    instance: Instance,
    found: EnginePlan,
    clashes: Sequence["Clash"],
    clock: Callable[[], datetime],
    mended: "TermReplan | None" = None,
) -> Outcome:
    plan = locked(TermPlan.objects.select_related("term"), plan_id)
    _write_places(plan, instance, found)
    # Mended, it is the nearest to what was, and how near to the best was not looked for.
    plan.cost, plan.bound = found.cost, None if mended else found.bound
    plan.conflict = [kept(clash, instance.names) for clash in clashes]
    plan.computed_at, plan.changed_since = clock(), False
    plan.save(update_fields=["cost", "bound", "conflict", "computed_at", "changed_since"])
    result: dict[str, Any] = {
        "next": reverse("inspections:plan", args=[plan.pk]),
        "placed": len(found.visits),
        "unplaced": len(instance.problem.visits) - len(found.visits),
        "cost": found.cost,
        "bound": found.bound,
        "seconds": round(found.seconds, 1),
        "steps": found.steps,
    }
    if mended is not None:
        result |= {"moved": len(mended.moved), "is_fewest": mended.is_fewest}
    return Outcome(result=result)


def _write_places(plan: TermPlan, instance: Instance, found: EnginePlan) -> None:
    rounds = {one.number: one for one in plan.rounds.all()}
    places = instance.places(found.visits)
    why = {(one.unit, one.visit): kept([one.why], instance.names) for one in found.unplaced}
    rows = PlannedVisit.objects.filter(planned__plan=plan, done=False)
    visits = list(rows.select_related("planned__unit", "round", "pinned_by"))
    for visit in visits:
        key = (instance.ids[visit.planned_id], visit.kind)
        place: Place | None = places.get(key)
        told = lost_pins(visit.why)
        if visit.pinned and visit.round and (place is None or place.round != visit.round.number):
            if visit.round.number in instance.problem.round:
                # A person decided it, and a person has to give it up: it waits in its round.
                visit.team, visit.why = None, why.get(key, [])
                continue
            told = lost_pin(PIN_ROUND_PASSED, visit, plan.term.first_month)
            visit.pinned, visit.pinned_by = False, None
        visit.round = rounds[place.round] if place else None
        visit.team = place.team if place else None
        is_asked_for = visit.kind == FIRST or visit.planned_id not in instance.deferred
        waits = why.get(key, visit.why) if place is None and is_asked_for else []
        visit.why = [*told, *(one for one in waits if one not in told)]
    fields = ["round", "team", "why", "pinned", "pinned_by"]
    PlannedVisit.objects.bulk_update(visits, fields, batch_size=BATCH)
