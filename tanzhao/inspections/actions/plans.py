"""Beginning plans of a term, and taking them from draft to being in force."""

import datetime as dt
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from tanzhao.access.models import User
from tanzhao.audit.trail import record
from tanzhao.audit.verbs import Verb
from tanzhao.inspections.actions.plans_refreshing import bring_up_to_date, locked_plan
from tanzhao.inspections.models import PlannedRound, PlannedUnit, PlannedVisit, Term, TermPlan
from tanzhao.inspections.planning.history import History, history_of
from tanzhao.inspections.planning.judging import standing_of
from tanzhao.inspections.planning.numbers import months_of_rounds, planning_numbers
from tanzhao.inspections.planning.pins import lost_pins
from tanzhao.inspections.queries.plans import plan_makers
from tanzhao.inspections.rules import (
    may_approve_plan,
    may_begin_plan,
    may_change_plan,
    may_discard_plan,
    may_propose_plan,
    may_return_plan,
)
from tanzhao.inspections.states import PlanState
from tanzhao.kernel.verdict import require

BATCH = 500


@transaction.atomic
def begin_plan(
    *,
    term_id: UUID,
    actor: User,
    at: datetime,
    title: str = "",
    based_on: UUID | None = None,
) -> TermPlan:
    """Begin a plan of a term: a copy of another one, or rounds and units from the office's
    planning pack and the records. Either is brought up to date; what is new has no place yet.

    Raises: Term.DoesNotExist, TermPlan.DoesNotExist (the basis), Refused.
    """
    require(may_begin_plan(actor))
    # Locked so that two people cannot both take the number.
    term = Term.objects.select_for_update().get(pk=term_id)
    basis = TermPlan.objects.visible_to(actor).get(pk=based_on, term=term) if based_on else None
    highest = term.plans.aggregate(highest=Max("number"))["highest"] or 0
    plan = TermPlan.objects.create(
        term=term,
        number=highest + 1,
        title=title.strip(),
        based_on=basis,
        settings=basis.settings if basis else dict(planning_numbers()),
        made_by=actor,
        made_at=at,
    )
    day = timezone.localdate(at)
    if basis:
        _copy(basis, plan)
    else:
        _lay_out_rounds(plan, history_of(term), day)
    record(
        verb=Verb.PLAN_BEGUN,
        actor=actor,
        target=plan,
        at=at,
        term=term.number,
        based_on=basis.number if basis else None,
    )
    if bring_up_to_date(plan).any:
        plan.changed_since = plan.computed_at is not None
        plan.save(update_fields=["changed_since"])
    return plan


@transaction.atomic
def rename_plan(*, plan_id: UUID, title: str, actor: User, at: datetime) -> TermPlan:
    """Say what a draft tries out.

    Raises: TermPlan.DoesNotExist, Refused.
    """
    plan = locked_plan(plan_id, actor)
    require(may_change_plan(actor, plan))
    before, plan.title = plan.title, title.strip()
    plan.save(update_fields=["title"])
    record(verb=Verb.PLAN_CHANGED, actor=actor, target=plan, at=at, before={"title": before})
    return plan


@transaction.atomic
def propose_plan(*, plan_id: UUID, actor: User, at: datetime, reason: str = "") -> TermPlan:
    """Put a draft forward for approval, every rule judged again.

    Args:
        reason: why visits without a place may be left out; needed if there are any.
    Raises: TermPlan.DoesNotExist, Refused with what stands against it.
    """
    plan = locked_plan(plan_id, actor)
    standing = standing_of(plan, day=timezone.localdate(at))
    require(
        may_propose_plan(
            actor, plan, left_out=standing.left_out, reason=reason, broken=standing.broken
        )
    )
    plan.left_out_reason = reason.strip() if standing.left_out else ""
    plan.returned_reason = ""
    plan.proposed_by, plan.proposed_at = actor, at
    details = {"left_out": standing.left_out, "reason": plan.left_out_reason}
    _move(plan, PlanState.PROPOSED, actor, at, details if standing.left_out else {})
    return plan


@transaction.atomic
def approve_plan(*, plan_id: UUID, actor: User, at: datetime) -> TermPlan:
    """Put a proposed plan into force; the one in force until now is superseded.

    Every rule is judged again by the records as they are. Whoever made or proposed it never may.
    Raises: TermPlan.DoesNotExist, Refused.
    """
    plan = locked_plan(plan_id, actor)
    # One order for everybody: first the plan, then its term, then the plan it replaces.
    Term.objects.select_for_update().get(pk=plan.term_id)
    standing = standing_of(plan, day=timezone.localdate(at))
    require(
        may_approve_plan(
            actor,
            plan,
            has_made=plan_makers(plan, actor),
            left_out=standing.left_out,
            broken=standing.broken,
        )
    )
    for former in TermPlan.objects.filter(term=plan.term_id, state=PlanState.IN_FORCE):
        _move(former, PlanState.SUPERSEDED, actor, at, {"by": plan.number})
    plan.approved_by, plan.approved_at = actor, at
    _move(plan, PlanState.IN_FORCE, actor, at)
    return plan


@transaction.atomic
def return_plan(*, plan_id: UUID, reason: str, actor: User, at: datetime) -> TermPlan:
    """Send a proposed plan back to be put right.

    Raises: TermPlan.DoesNotExist, Refused.
    """
    plan = locked_plan(plan_id, actor)
    require(may_return_plan(actor, plan, reason=reason))
    plan.returned_reason = reason.strip()
    _move(plan, PlanState.DRAFT, actor, at, {"reason": plan.returned_reason})
    return plan


@transaction.atomic
def discard_plan(*, plan_id: UUID, actor: User, at: datetime) -> TermPlan:
    """Set a draft aside. It is kept and can be looked at.

    Raises: TermPlan.DoesNotExist, Refused.
    """
    plan = locked_plan(plan_id, actor)
    require(may_discard_plan(actor, plan))
    _move(plan, PlanState.DISCARDED, actor, at)
    return plan


def _move(
    plan: TermPlan,
    to: PlanState,
    actor: User,
    at: datetime,
    details: Mapping[str, Any] | None = None,
) -> None:
    before, plan.state = plan.state, to
    plan.save()
    record(
        verb=Verb.PLAN_MOVED,
        actor=actor,
        target=plan,
        at=at,
        before=before,
        after=to.value,
        **(details or {}),
    )


def _lay_out_rounds(plan: TermPlan, history: History, day: dt.date) -> None:
    """Make the rounds still to come; those with history are made when it is brought in."""
    numbers = plan.settings
    first = max(history.rounds, default=0) + 1
    known = max((one.month for one in history.rounds.values()), default=None)
    after = max(known, day.replace(day=1)) if known else day.replace(day=1)
    months = months_of_rounds(numbers, plan.term, after=after)
    PlannedRound.objects.bulk_create(
        PlannedRound(
            plan=plan,
            number=number,
            month=month,
            teams=numbers["teams"],
            people=numbers["people"],
            days=numbers["days"],
            most_units=numbers["most_units"],
        )
        for number, month in enumerate(months, first)
    )


def _copy(basis: TermPlan, plan: TermPlan) -> None:
    """Copy rounds, units and visits; what the planner said of the basis holds for the copy."""
    rounds, units = {}, {}
    for planned in basis.rounds.all():
        old = planned.pk
        planned.pk, planned.plan, planned._state.adding = _new(PlannedRound), plan, True
        rounds[old] = planned
    for unit in basis.units.all():
        old = unit.pk
        unit.pk, unit.plan, unit._state.adding = _new(PlannedUnit), plan, True
        units[old] = unit
    visits = list(PlannedVisit.objects.filter(planned__plan=basis))
    for visit in visits:
        visit.pk, visit._state.adding = _new(PlannedVisit), True
        visit.planned = units[visit.planned_id]
        visit.round = rounds[visit.round_id] if visit.round_id else None
        if basis.state != PlanState.DRAFT:
            # The places of what was put forward are a decision; which pins it gave up is history.
            visit.why = [one for one in visit.why if one not in lost_pins(visit.why)]
    PlannedRound.objects.bulk_create(rounds.values(), batch_size=BATCH)
    PlannedUnit.objects.bulk_create(units.values(), batch_size=BATCH)
    PlannedVisit.objects.bulk_create(visits, batch_size=BATCH)
    plan.gone_pins = basis.gone_pins if basis.state == PlanState.DRAFT else []
    plan.cost, plan.bound, plan.conflict = basis.cost, basis.bound, basis.conflict
    plan.computed_at, plan.changed_since = basis.computed_at, basis.changed_since
    plan.save()


def _new(model: type[PlannedRound | PlannedUnit | PlannedVisit]) -> UUID:
    key: UUID = model._meta.pk.get_default()
    return key
