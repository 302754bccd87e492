"""Bringing a plan up to the records: newcomers, closed and merged units, what took place."""

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from tanzhao.access.models import User
from tanzhao.audit.trail import record
from tanzhao.audit.verbs import Verb
from tanzhao.engines.planner.reasons import reason
from tanzhao.inspections.models import PlannedRound, PlannedUnit, PlannedVisit, Term, TermPlan
from tanzhao.inspections.planning.history import History, RoundOfRecord, Took, history_of
from tanzhao.inspections.planning.numbers import cluster_of, planned_values
from tanzhao.inspections.planning.pins import gone_pin, lost_pin
from tanzhao.inspections.planning.saying import PIN_ROUND_PASSED, ROUND_PASSED, kept
from tanzhao.inspections.planning.term_instance import Names
from tanzhao.inspections.rules import may_refresh_plan
from tanzhao.inspections.states import PlanState, VisitKind
from tanzhao.kernel.locking import locked
from tanzhao.kernel.verdict import require
from tanzhao.units.models import Unit

BATCH = 500


@dataclass(frozen=True)
class Refreshed:
    """What was changed: units that came in, left, or were merged into another (of those that
    left), visits marked as having taken place, and visits freed from a round that went by
    without them."""

    added: int = 0
    removed: int = 0
    merged: int = 0
    marked: int = 0
    freed: int = 0

    @property
    def any(self) -> bool:
        return any(dataclasses.astuple(self))


def locked_plan(plan_id: UUID, actor: User) -> TermPlan:
    """Take the plan that `actor` may know of, so that nobody else changes it meanwhile.

    Raises: TermPlan.DoesNotExist.
    """
    return locked(TermPlan.objects.visible_to(actor).select_related("term", "run"), plan_id)


@transaction.atomic
def refresh_plan(*, plan_id: UUID, actor: User, at: datetime) -> Refreshed:
    """Bring a plan up to date. Of the plan in force only what has taken place is marked: its units
    are a decision, and newcomers come in by a new plan based on it.

    Raises: TermPlan.DoesNotExist, Refused.
    """
    plan = locked_plan(plan_id, actor)
    require(may_refresh_plan(actor, plan))
    changes = bring_up_to_date(plan)
    if changes.any:
        plan.changed_since = plan.computed_at is not None and plan.state == PlanState.DRAFT
        plan.save(update_fields=["changed_since"])
        details = dataclasses.asdict(changes)
        record(verb=Verb.PLAN_CHANGED, actor=actor, target=plan, at=at, refreshed=details)
    return changes


def mark_in_force(term: Term) -> None:
    """Mark in the plan in force what has taken place, for an action that has just made it so."""
    plans = TermPlan.objects.filter(term=term, state=PlanState.IN_FORCE)
    for plan in plans.select_for_update(of=("self",)).select_related("term"):
        bring_up_to_date(plan)


def bring_up_to_date(plan: TermPlan) -> Refreshed:
    """Change the rows of a locked plan to what the records say."""
    history = history_of(plan.term)
    rounds = _rounds(plan, history)
    is_draft = plan.state == PlanState.DRAFT
    added = _take_newcomers_in(plan) if is_draft else 0
    # Before the closed ones go: those that were inspected stay.
    marked, freed = _mark(plan, history, rounds)
    removed, merged = _leave_out_the_gone(plan) if is_draft else (0, 0)
    return Refreshed(added, removed, merged, marked, freed)


def _rounds(plan: TermPlan, history: History) -> dict[int, PlannedRound]:
    """Give the plan's rounds by number; one that only the records know is made."""
    rounds = {one.number: one for one in plan.rounds.all()}
    for number, known in sorted(history.rounds.items()):
        if number not in rounds:
            rounds[number] = PlannedRound.objects.create(
                plan=plan, number=number, **_as_recorded(plan, known)
            )
        elif rounds[number].month != known.month:
            rounds[number].month = known.month
            rounds[number].save(update_fields=["month"])
    return rounds


def _as_recorded(plan: TermPlan, known: RoundOfRecord) -> dict[str, object]:
    numbers = plan.settings
    return {
        "month": known.month,
        "teams": known.teams or numbers["teams"],
        "people": numbers["people"],
        "days": numbers["days"],
        "most_units": numbers["most_units"],
    }


def _leave_out_the_gone(plan: TermPlan) -> tuple[int, int]:
    """Take out closed units that were not inspected; of those that were, what is still to come.
    What a person had decided about them is kept with the plan."""
    gone = list(plan.units.filter(unit__retired=True).select_related("unit"))
    visits = PlannedVisit.objects.filter(planned__in=gone)
    inspected = set(visits.filter(done=True).values_list("planned_id", flat=True))
    out = [one for one in gone if one.pk not in inspected]
    pinned = visits.filter(pinned=True, done=False).order_by("planned", "kind")
    decided = pinned.select_related("planned__unit__merged_into", "round", "pinned_by")
    if told := [gone_pin(visit, plan.term.first_month) for visit in decided]:
        plan.gone_pins = [*plan.gone_pins, *told]
        plan.save(update_fields=["gone_pins"])
    ahead, _counts = visits.filter(done=False, planned__in=inspected).delete()
    visits.filter(planned__in=[one.pk for one in out]).delete()
    plan.units.filter(pk__in=[one.pk for one in out]).delete()
    if ahead:
        plan.units.filter(pk__in=inspected).update(look_back_effort=0)
    return len(out) + ahead, sum(one.unit.merged_into_id is not None for one in out)


def _take_newcomers_in(plan: TermPlan) -> int:
    known = set(plan.units.values_list("unit_id", flat=True))
    new = list(Unit.objects.filter(retired=False).exclude(pk__in=known).select_related("parent"))
    if not new:
        return 0
    parents = set(
        Unit.objects.filter(parent__isnull=False, retired=False).values_list("parent_id", flat=True)
    )
    planned = [
        PlannedUnit(
            plan=plan,
            unit=unit,
            cluster=cluster_of(unit, has_children=unit.pk in parents),
            **planned_values(plan.settings, unit),
        )
        for unit in new
    ]
    PlannedUnit.objects.bulk_create(planned, batch_size=BATCH)
    PlannedVisit.objects.bulk_create(
        [visit for one in planned for visit in visits_for(one)], batch_size=BATCH
    )
    return len(new)


def visits_for(planned: PlannedUnit) -> list[PlannedVisit]:
    """Make the visits that a planned unit asks for, without a place."""
    kinds = [VisitKind.FIRST, *([VisitKind.LOOK_BACK] if planned.look_back_effort else [])]
    return [PlannedVisit(planned=planned, kind=kind) for kind in kinds]


def _mark(plan: TermPlan, history: History, rounds: dict[int, PlannedRound]) -> tuple[int, int]:
    """Mark what took place, and free what a round under way goes without."""
    took = history.by_unit()
    number_of = {one.pk: number for number, one in rounds.items()}
    marked, freed = [], []
    for unit in plan.units.select_related("unit").prefetch_related(
        "visits__pinned_by", "visits__round"
    ):
        happened = _first_and_look_back(took.get(unit.unit_id, ()))
        for visit in unit.visits.all():
            seen = happened.get(visit.kind)
            number = number_of.get(visit.round_id) if visit.round_id else None
            if seen is not None:
                if not visit.done or (number, visit.team) != (seen.round, seen.team):
                    visit.round, visit.team, visit.done = rounds[seen.round], seen.team, True
                    visit.pinned, visit.pinned_by, visit.why = False, None, []
                    marked.append(visit)
            elif visit.done or number in history.rounds:
                visit.planned = unit
                visit.why = _passed_by(plan, visit, number)
                visit.round = visit.team = visit.pinned_by = None
                visit.pinned = visit.done = False
                freed.append(visit)
    fields = ["round", "team", "done", "pinned", "pinned_by", "why"]
    PlannedVisit.objects.bulk_update([*marked, *freed], fields, batch_size=BATCH)
    return len(marked), len(freed)


def _first_and_look_back(took: Iterable[Took]) -> dict[int, Took]:
    """The first visit of the term is the inspection; the next in another round the look-back."""
    return dict(zip(VisitKind, sorted(took), strict=False))


def _passed_by(plan: TermPlan, visit: PlannedVisit, number: int | None) -> list[dict[str, Any]]:
    if visit.pinned:
        return lost_pin(PIN_ROUND_PASSED, visit, plan.term.first_month)
    names = Names({0: visit.planned.unit.name}, {}, plan.term.first_month)
    return kept([reason(ROUND_PASSED, unit=0, round=number or 0)], names)
