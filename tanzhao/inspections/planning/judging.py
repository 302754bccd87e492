"""What stands against a plan: every rule of the planner asked again, without a solver."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from tanzhao.engines.planner.reasons import Reason, reason
from tanzhao.engines.planner.term.checking import broken_rules
from tanzhao.inspections.models import TermPlan
from tanzhao.inspections.planning.look_backs import STANDS_TOO_LATE
from tanzhao.inspections.planning.saying import NO_TEAM_YET, ROUND_PASSED, kept, said
from tanzhao.inspections.planning.term_instance import Instance, instance_of
from tanzhao.inspections.states import VisitKind


@dataclass(frozen=True)
class Standing:
    """`left_out`: visits without a round; `broken`: all else, as whole sentences."""

    left_out: int
    broken: Sequence[str]

    @property
    def is_complete(self) -> bool:
        return not self.left_out and not self.broken


def standing_of(plan: TermPlan, *, day: dt.date) -> Standing:
    """Judge `plan` as it stands on `day`."""
    return judged(instance_of(plan, day=day))


def judged(instance: Instance) -> Standing:
    """Judge a plan by its instance. Coverage that falls short only because first visits are left
    out, or have no team yet, is said with them, not a second time."""
    left_out, uncovered, broken = 0, 0, []
    for one in broken_rules(instance.problem, instance.placed):
        if one.code == "unplaced":
            key = (int(one["unit"]), int(one["visit"]))
            uncovered += key[1] == VisitKind.FIRST
            if key not in instance.loose:
                left_out += 1
                continue
            one = _loose(one, instance)
        broken.append(one)
    broken = [one for one in broken if not _is_excused(one, uncovered)]
    broken.extend(
        reason(STANDS_TOO_LATE, unit=one.why["unit"], round=one.round)
        for one in instance.deferred.values()
        if one.round is not None
    )
    return Standing(left_out, said(kept(broken, instance.names)))


def _is_excused(one: Reason, uncovered: int) -> bool:
    if one.code != "coverage_short":
        return False
    return int(one["need"]) - int(one["have"]) <= uncovered


def _loose(one: Reason, instance: Instance) -> Reason:
    unit, visit = int(one["unit"]), int(one["visit"])
    round_id = instance.loose[unit, visit]
    code = NO_TEAM_YET if round_id in instance.problem.round else ROUND_PASSED
    return reason(code, unit=unit, round=round_id)
