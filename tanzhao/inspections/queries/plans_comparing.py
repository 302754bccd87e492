"""Two plans side by side: what stands elsewhere, and what it comes to."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from tanzhao.inspections.models import PlannedVisit, TermPlan
from tanzhao.inspections.queries.plans import PlanSummary, plan_summary
from tanzhao.inspections.states import VisitKind
from tanzhao.units.models import Unit


@dataclass(frozen=True)
class Move:
    """A visit that stands in another round: None where it has none, or the plan knows no such
    visit."""

    unit: Unit
    kind: VisitKind
    before: int | None
    after: int | None


@dataclass(frozen=True)
class Comparison:
    """`before` and `after` are the two plans summed up; `moves` in the order of the units; `same`
    visits stand in the same round."""

    before: PlanSummary
    after: PlanSummary
    moves: Sequence[Move]
    same: int


def compare_plans(before: TermPlan, after: TermPlan, *, today: dt.date) -> Comparison:
    """Lay two plans of a term side by side."""
    old, new = _rounds(before), _rounds(after)
    units: Mapping[UUID, Unit] = {unit.pk: unit for unit, _round in [*old.values(), *new.values()]}
    moves = []
    for unit, kind in sorted(old.keys() | new.keys(), key=lambda key: _order(units[key[0]], key)):
        was, is_now = (place.get((unit, kind), (None, None))[1] for place in (old, new))
        if was != is_now:
            moves.append(Move(units[unit], VisitKind(kind), was, is_now))
    return Comparison(
        before=plan_summary(before, today=today),
        after=plan_summary(after, today=today),
        moves=moves,
        same=len(old.keys() & new.keys())
        - sum(old[key][1] != new[key][1] for key in old.keys() & new.keys()),
    )


def _rounds(plan: TermPlan) -> dict[tuple[UUID, int], tuple[Unit, int | None]]:
    visits = PlannedVisit.objects.filter(planned__plan=plan).select_related(
        "planned__unit", "round"
    )
    return {
        (one.planned.unit_id, one.kind): (one.planned.unit, one.round.number if one.round else None)
        for one in visits
    }


def _order(unit: Unit, key: tuple[UUID, int]) -> tuple[int, str, str, int]:
    return unit.position, unit.name, str(key[0]), key[1]
