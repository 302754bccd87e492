"""Which pins of a plan do not hold, told to whoever decides about them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tanzhao.inspections.models import PlannedUnit, PlannedVisit, TermPlan
from tanzhao.inspections.planning.pins import lost_pins
from tanzhao.inspections.planning.saying import said
from tanzhao.inspections.states import PlanState

OPEN = frozenset({PlanState.DRAFT, PlanState.PROPOSED})


@dataclass(frozen=True)
class TroubledPin:
    """A pin that does not hold, and why. `is_held`: the visit is pinned still, and its round has
    no place for it; else the pin was given up."""

    visit: PlannedVisit
    why: Sequence[str]
    is_held: bool


def troubled_pins(plan: TermPlan, visits: Iterable[PlannedVisit]) -> list[TroubledPin]:
    """Give the pins of a plan that do not hold, those that still stand first. Once a plan has
    been approved its places are the decision, and nothing is told.

    Args:
        visits: of `plan`, with unit and round at hand.
    """
    if plan.state not in OPEN:
        return []
    found = []
    for visit in visits:
        if lost := lost_pins(visit.why):
            found.append(TroubledPin(visit, said(lost), is_held=False))
        elif plan.computed_at and not plan.changed_since and is_without_place(visit):
            found.append(TroubledPin(visit, said(visit.why), is_held=True))
    return sorted(found, key=lambda pin: not pin.is_held)


@dataclass(frozen=True)
class GonePin:
    """A pin that went with its unit. `into`: the planned unit that it was merged into, if any."""

    why: str
    into: PlannedUnit | None


def gone_pins(plan: TermPlan) -> list[GonePin]:
    """Give the pins of a plan that went with a closed or merged unit, until they are noted or the
    plan is approved."""
    if plan.state not in OPEN or not plan.gone_pins:
        return []
    wanted = [one["into_id"] for one in plan.gone_pins if "into_id" in one]
    found = plan.units.filter(unit__in=wanted).select_related("unit")
    successors = {str(one.unit_id): one for one in found}
    return [
        GonePin(sentence, successors.get(one.get("into_id", "")))
        for one, sentence in zip(plan.gone_pins, said(plan.gone_pins), strict=True)
    ]


def is_without_place(visit: PlannedVisit) -> bool:
    """Say whether a visit is pinned to a round of which no team has it."""
    return visit.pinned and not visit.done and visit.team is None
