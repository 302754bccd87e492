"""Every clash of a plan that counting proves. Loads a solver's modules: for the worker only."""

from dataclasses import replace

from tanzhao.engines.planner.term.codes import Code
from tanzhao.engines.planner.term.conflicts_counting import Clash, counted_clashes
from tanzhao.engines.planner.term.problem import TermProblem

_OF_ONE_UNIT = frozenset({Code.NO_ROUND_LEFT, Code.NO_LOOK_BACK})
# Fewer units can be covered once some are left out: that would be no clash of the plan.
_COVERAGE = frozenset({Code.COVERAGE_UNITS, Code.COVERAGE_CAPACITY})


def every_clash(problem: TermProblem) -> list[Clash]:
    """Give what counting proves, the fewest demands first.

    Where single units or groups have no round, the engine counts no further; what is short
    without them is short with them too, and is given as well.
    """
    found = dict.fromkeys(counted_clashes(problem))
    heads = [clash[0] for clash in found]
    units = {head["unit"] for head in heads if head.code in _OF_ONE_UNIT}
    groups = {head["group"] for head in heads if head.code == Code.GROUP_APART}
    if units or groups:
        rest = counted_clashes(_without(problem, units, groups))
        found |= dict.fromkeys(clash for clash in rest if clash[0].code not in _COVERAGE)
    return sorted(found, key=len)


def _without(problem: TermProblem, units: set[int | str], groups: set[int | str]) -> TermProblem:
    left = [
        replace(group, units=tuple(unit for unit in group.units if unit not in units))
        for group in problem.groups
        if group.id not in groups
    ]
    return replace(
        problem,
        units=tuple(unit for unit in problem.units if unit.id not in units),
        groups=tuple(group for group in left if group.units),
    )
