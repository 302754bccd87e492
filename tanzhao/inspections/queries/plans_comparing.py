"""Two plans side by side: what stands elsewhere, and what it comes to."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from tanzhao.inspections.models import PlannedRound, PlannedVisit, TermPlan
from tanzhao.inspections.queries.plans import PlanSummary, plan_summary
from tanzhao.inspections.states import VisitKind
from tanzhao.units.models import Unit


@dataclass(frozen=True)
class Move:
    """A visit that stands in another round: None where it has none, or the plan knows no such
    visit. `months`: by how many it is later, less than 0 if earlier; None if it has not both.
    `is_new`, `is_gone`: only the one plan knows the unit."""

    unit: Unit
    kind: VisitKind
    before: int | None
    after: int | None
    months: int | None = None
    is_new: bool = False
    is_gone: bool = False


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
    known, kept = ({unit for unit, _kind in place} for place in (old, new))
    moves = []
    for unit, kind in sorted(old.keys() | new.keys(), key=lambda key: _order(units[key[0]], key)):
        was, is_now = (place.get((unit, kind), (None, None))[1] for place in (old, new))
        if _number(was) != _number(is_now):
            months = _months(was, is_now) if was and is_now else None
            moves.append(
                Move(
                    unit=units[unit],
                    kind=VisitKind(kind),
                    before=_number(was),
                    after=_number(is_now),
                    months=months,
                    is_new=unit not in known,
                    is_gone=unit not in kept,
                )
            )
    return Comparison(
        before=plan_summary(before, today=today),
        after=plan_summary(after, today=today),
        moves=moves,
        same=len(old.keys() & new.keys())
        - sum(_number(old[key][1]) != _number(new[key][1]) for key in old.keys() & new.keys()),
    )


def _number(planned: PlannedRound | None) -> int | None:
    return planned.number if planned else None


def _months(was: PlannedRound, is_now: PlannedRound) -> int:
    years = is_now.month.year - was.month.year
    return 12 * years + is_now.month.month - was.month.month


def _rounds(plan: TermPlan) -> dict[tuple[UUID, int], tuple[Unit, PlannedRound | None]]:
    visits = PlannedVisit.objects.filter(planned__plan=plan).select_related(
        "planned__unit", "round"
    )
    return {(one.planned.unit_id, one.kind): (one.planned.unit, one.round) for one in visits}


def _order(unit: Unit, key: tuple[UUID, int]) -> tuple[int, str, str, int]:
    return unit.position, unit.name, str(key[0]), key[1]
