"""Changing a draft by hand: pins, its rounds, and what it asks of a unit."""

import datetime as dt
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q, Sum

from tanzhao.access.models import User
from tanzhao.audit.trail import record
from tanzhao.audit.verbs import Verb
from tanzhao.inspections.actions.plans_refreshing import locked_plan
from tanzhao.inspections.models import PlannedRound, PlannedUnit, PlannedVisit, TermPlan
from tanzhao.inspections.planning.numbers import usual_look_back
from tanzhao.inspections.planning.pins import lost_pin, lost_pins
from tanzhao.inspections.planning.saying import PIN_ROUND_GONE
from tanzhao.inspections.rules import (
    may_change_plan,
    may_change_planned_round,
    may_pin,
    may_remove_round,
)
from tanzhao.inspections.states import VisitKind
from tanzhao.kernel.verdict import require


@transaction.atomic
def pin_visit(
    *,
    plan_id: UUID,
    unit_id: UUID,
    kind: VisitKind,
    round_number: int,
    actor: User,
    at: datetime,
) -> PlannedVisit:
    """Put a visit into a round and hold it there, with the team that has most room for it; with
    none until it is computed if nobody has.

    Raises: TermPlan.DoesNotExist, PlannedVisit.DoesNotExist, PlannedRound.DoesNotExist, Refused.
    """
    plan, visit = _locked_visit(plan_id, unit_id, kind, actor)
    to = plan.rounds.get(number=round_number)
    is_open = not to.visits.filter(done=True).exists()
    require(may_pin(actor, plan, visit, to, is_open=is_open))
    before = visit.round.number if visit.round else None
    if before != round_number:
        visit.round, visit.team = to, _team_with_room(to, visit)
    visit.why = []
    visit.pinned, visit.pinned_by = True, actor
    visit.save()
    _changed(
        plan,
        actor,
        at,
        pinned=_name(visit),
        before={"round": before},
        after={"round": round_number},
    )
    return visit


@transaction.atomic
def unpin_visit(
    *, plan_id: UUID, unit_id: UUID, kind: VisitKind, actor: User, at: datetime
) -> PlannedVisit:
    """Let the planner move a visit again. It stays where it is until then. That a former pin was
    given up is told no longer.

    Raises: TermPlan.DoesNotExist, PlannedVisit.DoesNotExist, Refused.
    """
    plan, visit = _locked_visit(plan_id, unit_id, kind, actor)
    require(may_change_plan(actor, plan))
    lost = lost_pins(visit.why)
    if visit.pinned or lost:
        visit.pinned, visit.pinned_by = False, None
        visit.why = [one for one in visit.why if one not in lost]
        visit.save(update_fields=["pinned", "pinned_by", "why"])
        _changed(plan, actor, at, unpinned=_name(visit))
    return visit


@transaction.atomic
def note_gone_pins(*, plan_id: UUID, actor: User, at: datetime) -> TermPlan:
    """Take note that pins of a draft went with their units. They are told no longer, but the trail
    keeps them.

    Raises: TermPlan.DoesNotExist, Refused.
    """
    plan = locked_plan(plan_id, actor)
    require(may_change_plan(actor, plan))
    if plan.gone_pins:
        noted, plan.gone_pins = plan.gone_pins, []
        plan.save(update_fields=["gone_pins"])
        told = [{"unit": one["units"]["0"], "round": one["values"]["round"]} for one in noted]
        record(verb=Verb.PLAN_CHANGED, actor=actor, target=plan, at=at, gone_pins=told)
    return plan


@transaction.atomic
def change_planned_round(
    *,
    plan_id: UUID,
    number: int,
    month: dt.date,
    teams: int,
    people: int,
    days: int,
    most_units: int,
    actor: User,
    at: datetime,
) -> PlannedRound:
    """Change when a round of a draft begins and how much it can do. Its visits stay; those of a
    team it no longer has are without a team until it is computed.

    Raises: TermPlan.DoesNotExist, PlannedRound.DoesNotExist, Refused.
    """
    plan = locked_plan(plan_id, actor)
    planned = plan.rounds.get(number=number)
    done = planned.visits.filter(done=True).count()
    first = month.replace(day=1)
    taken = plan.rounds.filter(month=first).exclude(pk=planned.pk).exists()
    require(may_change_planned_round(actor, plan, month=first, done=done, is_taken=taken))
    before = _numbers(planned)
    planned.month, planned.teams, planned.people = first, teams, people
    planned.days, planned.most_units = days, most_units
    planned.save()
    planned.visits.filter(team__gt=teams).update(team=None)
    _changed(plan, actor, at, round=number, before=before, after=_numbers(planned))
    return planned


@transaction.atomic
def add_planned_round(
    *,
    plan_id: UUID,
    number: int,
    month: dt.date,
    teams: int,
    people: int,
    days: int,
    most_units: int,
    actor: User,
    at: datetime,
) -> PlannedRound:
    """Add a round to a draft.

    Raises: TermPlan.DoesNotExist, Refused.
    """
    plan = locked_plan(plan_id, actor)
    first = month.replace(day=1)
    taken = plan.rounds.filter(Q(number=number) | Q(month=first)).exists()
    require(may_change_planned_round(actor, plan, month=first, done=0, is_taken=taken))
    planned = PlannedRound.objects.create(
        plan=plan,
        number=number,
        month=first,
        teams=teams,
        people=people,
        days=days,
        most_units=most_units,
    )
    _changed(plan, actor, at, round=number, after=_numbers(planned))
    return planned


@transaction.atomic
def remove_planned_round(*, plan_id: UUID, number: int, actor: User, at: datetime) -> None:
    """Take a round out of a draft; its visits are left without a place, and pins to it are given
    up, which is kept with their visits.

    Raises: TermPlan.DoesNotExist, PlannedRound.DoesNotExist, Refused.
    """
    plan = locked_plan(plan_id, actor)
    planned = plan.rounds.get(number=number)
    done = planned.visits.filter(done=True).count()
    require(may_remove_round(actor, plan, planned, done=done))
    before = _numbers(planned)
    pinned = list(planned.visits.filter(pinned=True).select_related("planned__unit", "pinned_by"))
    planned.visits.update(round=None, team=None, pinned=False, pinned_by=None, why=[])
    for visit in pinned:
        visit.why = lost_pin(PIN_ROUND_GONE, visit, plan.term.first_month)
    PlannedVisit.objects.bulk_update(pinned, ["why"])
    planned.delete()
    _changed(plan, actor, at, round=number, before=before, pins=[_name(one) for one in pinned])


@transaction.atomic
def change_planned_unit(
    *,
    plan_id: UUID,
    unit_id: UUID,
    effort: int,
    look_back: bool | int,
    weight: int,
    actor: User,
    at: datetime,
    theme: str = "",
    before: dt.date | None = None,
    not_in: Sequence[int] = (),
    skills: Sequence[str] = (),
) -> PlannedUnit:
    """Change what a draft asks of a unit.

    Args:
        effort: person-days.
        look_back: its person-days; True for as many as its kind usually has, False or 0 for none.
        weight: 1 to 100, what a month of waiting costs.
        theme: units of one theme are inspected in one round.
        before: the inspection is in a month before that of this day.
        not_in: numbers of rounds.
    Raises: TermPlan.DoesNotExist, PlannedUnit.DoesNotExist, Refused.
    """
    plan = locked_plan(plan_id, actor)
    planned = plan.units.select_related("unit").get(unit=unit_id)
    require(may_change_plan(actor, plan))
    was = _asked(planned)
    if look_back is True:
        look_back = planned.look_back_effort or usual_look_back(plan.settings, planned.unit)
    planned.effort, planned.look_back_effort, planned.weight = effort, int(look_back), weight
    planned.theme, planned.before = theme.strip(), before
    planned.not_in = sorted(set(not_in))
    planned.skills = list(dict.fromkeys(skills))
    planned.save()
    second = planned.visits.filter(kind=VisitKind.LOOK_BACK)
    if planned.look_back_effort and not second.exists():
        PlannedVisit.objects.create(planned=planned, kind=VisitKind.LOOK_BACK)
    elif not planned.look_back_effort:
        second.filter(done=False).delete()
    _changed(plan, actor, at, unit=str(planned.unit), before=was, after=_asked(planned))
    return planned


def _locked_visit(
    plan_id: UUID, unit_id: UUID, kind: VisitKind, actor: User
) -> tuple[TermPlan, PlannedVisit]:
    plan = locked_plan(plan_id, actor)
    visits = PlannedVisit.objects.filter(planned__plan=plan, kind=kind)
    return plan, visits.select_related("planned__unit", "round").get(planned__unit=unit_id)


def _team_with_room(to: PlannedRound, visit: PlannedVisit) -> int | None:
    """The team with most person-days left, if that is enough; the first of equals."""
    effort = {
        VisitKind.FIRST: Sum("planned__effort", filter=Q(kind=VisitKind.FIRST), default=0),
        VisitKind.LOOK_BACK: Sum(
            "planned__look_back_effort", filter=Q(kind=VisitKind.LOOK_BACK), default=0
        ),
    }
    others = to.visits.exclude(pk=visit.pk).exclude(team=None).order_by().values("team")
    loads = {
        row["team"]: row["first"] + row["second"]
        for row in others.annotate(
            first=effort[VisitKind.FIRST], second=effort[VisitKind.LOOK_BACK]
        )
    }
    idlest = min(range(1, to.teams + 1), key=lambda team: (loads.get(team, 0), team), default=None)
    if idlest is None or loads.get(idlest, 0) + visit.effort > to.team_capacity:
        return None
    return idlest


def _numbers(planned: PlannedRound) -> dict[str, Any]:
    names = ("teams", "people", "days", "most_units")
    return {"month": planned.month.isoformat(), **{name: getattr(planned, name) for name in names}}


def _asked(planned: PlannedUnit) -> dict[str, Any]:
    names = ("effort", "look_back_effort", "weight", "theme", "not_in", "skills")
    before = planned.before.isoformat() if planned.before else None
    return {**{name: getattr(planned, name) for name in names}, "before": before}


def _name(visit: PlannedVisit) -> str:
    return str(visit)


def _changed(plan: TermPlan, actor: User, at: datetime, **details: Any) -> None:
    if plan.computed_at is not None and not plan.changed_since:
        plan.changed_since = True
        plan.save(update_fields=["changed_since"])
    record(verb=Verb.PLAN_CHANGED, actor=actor, target=plan, at=at, **details)
