"""The smallest set of demands that cannot hold together, and an elastic model of what is missing.

"Cannot hold" is proven in one of two ways: the linear relaxation of the rounds has no solution,
or, where it has one, the whole-number model has none, rows on how visits fit slots included.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from math import ceil

from tanzhao.engines.planner.reasons import Reason, reason
from tanzhao.engines.planner.search import Limit, tell_nobody
from tanzhao.engines.planner.term.demands import Demand, demands, grid_of
from tanzhao.engines.planner.term.linear import INFINITE, Linear, Status
from tanzhao.engines.planner.term.problem import TermProblem
from tanzhao.engines.planner.term.replanning_model import fewest_model
from tanzhao.engines.planner.term.replanning_search import Search

# A search that ends undecided after so many nodes counts as "not proven impossible".
_NODES = 2_000
# The whole-number model is asked only where it can answer in some seconds.
_EXACT_CELLS = 4_000
_MISSING = 1e-6


@dataclass(frozen=True, slots=True)
class Assumption:
    """A demand that could be given up; `drop` gives the problem without it."""

    what: Reason
    drop: Callable[[TermProblem], TermProblem]


def assumptions(problem: TermProblem) -> list[Assumption]:
    """Every demand of the problem that a person could give up: decisions first, then groups,
    coverage, skills, and last the rules that hold for many units at once."""
    found = [
        Assumption(
            reason("demand_fixed", unit=unit.id, visit=visit, round=round_id),
            partial(_without_pin, unit=unit.id, visit=visit),
        )
        for unit in problem.units
        for visit, round_id in sorted(unit.fixed.items())
    ]
    for group in problem.groups:
        what = reason("demand_group", group=group.id, units=len(group.units))
        found.append(Assumption(what, partial(_without_group, group=group.id)))
    for year, need in enumerate(problem.coverage):
        if need > 0:
            what = reason("demand_coverage", year=year, need=need)
            found.append(Assumption(what, partial(_without_coverage, year=year)))
    for skill in sorted({skill for round_ in problem.rounds for skill in round_.skill_cap}):
        units = sum(skill in unit.skills for unit in problem.units)
        what = reason("demand_skill", skill=skill, units=units)
        found.append(Assumption(what, partial(_without_skill, skill=skill)))
    return [*found, *_of_many_units(problem)]


def _of_many_units(problem: TermProblem) -> list[Assumption]:
    units = problem.units
    counted = (
        ("demand_max_units", len(problem.rounds), _without_max_units),
        ("demand_deadlines", sum(u.deadline_month is not None for u in units), _no_deadlines),
        ("demand_not_befores", sum(u.last_month is not None for u in units), _no_last_months),
        ("demand_forbiddens", sum(bool(u.forbidden) for u in units), _no_forbidden),
        ("demand_look_backs", sum(u.visits > 1 for u in units), _no_gaps),
    )
    return [Assumption(reason(code, units=n), drop) for code, n, drop in counted if n]


def smallest_core(problem: TermProblem, limit: Limit, until: float) -> tuple[Reason, ...] | None:
    """Find demands that cannot hold together, none of which can be left out.

    Verified: without any one of them the rest is no longer proven impossible, by the linear
    relaxation of the rounds, and up to some hundred units also by the whole-number model with
    the slots, of which that is then exact. Capacity, slots and one round for each visit always
    hold.

    Returns: the demands; empty if capacity alone is too little; None if nothing was proven.
    """
    known = assumptions(problem)
    by_rounds = partial(_is_relaxation_empty, limit=limit, until=until)
    exactly = partial(_is_impossible, limit=limit, until=until)
    if by_rounds(problem):
        # Few are left for the exact model, which may need fewer still.
        core = _conflict(problem, known, _conflict(problem, known, known, by_rounds), exactly)
    elif exactly(problem):
        core = _conflict(problem, known, known, exactly)
    else:
        return None
    return tuple(member.what for member in core)


def _conflict(
    problem: TermProblem,
    known: Sequence[Assumption],
    held: Sequence[Assumption],
    is_impossible: Callable[[TermProblem], bool],
) -> list[Assumption]:
    """Leave out half, a quarter, … of the demands as long as the rest is impossible."""
    core, size = list(held), max(1, len(held) // 2)
    kept: set[int] = set()  # known to be needed, by their identity
    while True:
        start = 0
        while start < len(core):
            chunk = core[start : start + size]
            if all(id(member) in kept for member in chunk):
                start += size
                continue
            less = core[:start] + core[start + size :]
            if is_impossible(holding(problem, known, less)):
                core = less
            else:
                if len(chunk) == 1:
                    kept.add(id(chunk[0]))
                start += size
        if size == 1:
            return core
        size = max(1, size // 2)


def holding(
    problem: TermProblem, known: Sequence[Assumption], held: Sequence[Assumption]
) -> TermProblem:
    """Give the problem with only those of the `known` demands that are `held`."""
    keep = {id(member) for member in held}
    for member in known:
        if id(member) not in keep:
            problem = member.drop(problem)
    return problem


def _is_relaxation_empty(problem: TermProblem, *, limit: Limit, until: float) -> bool:
    grid = grid_of(problem)
    model = fewest_model(grid, {}, demands(grid), lambda _: True)
    solved = model.linear.solve(limit=limit, until=until, relaxed=True)
    return solved.status is Status.INFEASIBLE


def _is_impossible(problem: TermProblem, *, limit: Limit, until: float) -> bool:
    grid = grid_of(problem)
    if sum(len(block.rounds) for block in grid.blocks) > _EXACT_CELLS:
        return False
    left = None if until == INFINITE else max(0.0, until - limit.stopwatch())
    bounded = replace(limit, seconds=left, steps=0)
    search = Search(grid, [], limit=bounded, seed=0, on_progress=tell_nobody, nodes=_NODES)
    return search.run().impossible


def missing(problem: TermProblem, limit: Limit, until: float) -> tuple[Reason, ...]:
    """Say how much is missing and where, if rounds and coverage may be overdrawn as little as
    possible. Where several rounds could be overdrawn instead of each other, one way is given."""
    linear = Linear()
    grid = grid_of(problem)
    cells = {
        (block.index, round_id): linear.column(high=INFINITE)
        for block in grid.blocks
        for round_id in block.rounds
    }
    efforts = [problem.unit[unit].effort_of(visit) for unit, visit in problem.visits]
    average = sum(efforts) / max(1, len(efforts))
    overdrawn: list[tuple[int, Demand]] = []
    for demand in demands(grid):
        terms = [(cells[cell], n) for cell, n in demand.terms]
        price = {"capacity": 1.0}.get(demand.what.code, average)
        if demand.what.code in ("capacity", "max_units", "skill", "coverage"):
            slack = linear.column(price, high=INFINITE)
            terms.append((slack, 1.0 if demand.what.code == "coverage" else -1.0))
            overdrawn.append((slack, demand))
        if demand.what.code != "slots":
            linear.row(terms, demand.low, demand.high)
    solved = linear.solve(limit=limit, until=until, relaxed=True)
    if not solved.found:
        return ()
    amounts = [(float(solved.values[slack]), demand) for slack, demand in overdrawn]
    return tuple(_lacking(demand, amount) for amount, demand in amounts if amount > _MISSING)


def _lacking(demand: Demand, amount: float) -> Reason:
    lacks = ceil(amount - _MISSING)
    high = 0 if demand.high == INFINITE else int(demand.high)
    what = demand.what
    match what.code:
        case "capacity":
            round_id = what["round"]
            return reason("lacks_days", round=round_id, need=high + lacks, have=high, missing=lacks)
        case "max_units":
            round_id = what["round"]
            return reason(
                "lacks_units", round=round_id, need=high + lacks, have=high, missing=lacks
            )
        case "skill":
            at = {"round": what["round"], "skill": what["skill"]}
            return reason("lacks_skill_visits", **at, need=high + lacks, have=high, missing=lacks)
        case _:
            need = int(demand.low)
            year = what["year"]
            return reason("lacks_coverage", year=year, need=need, have=need - lacks, missing=lacks)


def _without_pin(problem: TermProblem, *, unit: int, visit: int) -> TermProblem:
    units = (
        replace(u, fixed={v: r for v, r in u.fixed.items() if v != visit}) if u.id == unit else u
        for u in problem.units
    )
    return replace(problem, units=tuple(units))


def _without_group(problem: TermProblem, *, group: int) -> TermProblem:
    return replace(problem, groups=tuple(g for g in problem.groups if g.id != group))


def _without_coverage(problem: TermProblem, *, year: int) -> TermProblem:
    coverage = (0 if y == year else need for y, need in enumerate(problem.coverage))
    return replace(problem, coverage=tuple(coverage))


def _without_skill(problem: TermProblem, *, skill: str) -> TermProblem:
    rounds = (
        replace(r, skill_cap={s: n for s, n in r.skill_cap.items() if s != skill})
        for r in problem.rounds
    )
    return replace(problem, rounds=tuple(rounds))


def _without_max_units(problem: TermProblem) -> TermProblem:
    most = len(problem.visits)
    return replace(problem, rounds=tuple(replace(r, max_units=most) for r in problem.rounds))


def _no_deadlines(problem: TermProblem) -> TermProblem:
    return replace(problem, units=tuple(replace(u, deadline_month=None) for u in problem.units))


def _no_last_months(problem: TermProblem) -> TermProblem:
    return replace(problem, units=tuple(replace(u, last_month=None) for u in problem.units))


def _no_forbidden(problem: TermProblem) -> TermProblem:
    return replace(problem, units=tuple(replace(u, forbidden=frozenset()) for u in problem.units))


def _no_gaps(problem: TermProblem) -> TermProblem:
    months = [round_.month for round_ in problem.rounds]
    return replace(problem, gap_min=min(months) - max(months), gap_max=max(months) - min(months))
