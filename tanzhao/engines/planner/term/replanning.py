"""Changing a plan of a term as little as life forces: fewest visits moved first, cost second."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from tanzhao.engines.planner.reasons import Reason, reason
from tanzhao.engines.planner.search import Limit, OnProgress, tell_nobody
from tanzhao.engines.planner.term.checking import broken_rules, cost_of
from tanzhao.engines.planner.term.conflicts import find_conflict
from tanzhao.engines.planner.term.demands import Block, Grid, Visit, closed_by, grid_of
from tanzhao.engines.planner.term.problem import Placed, TermPlan, TermProblem
from tanzhao.engines.planner.term.replanning_changes import (
    BadChange,
    CapacityCut,
    Forbidden,
    Pinned,
    RoundDone,
    RoundMoved,
    TermChange,
    UnitAdded,
    UnitChanged,
    UnitGone,
    UnitsMerged,
    Unpinned,
    changed_problem,
    term_changes_from,
)
from tanzhao.engines.planner.term.replanning_kept import kept
from tanzhao.engines.planner.term.replanning_search import Outcome, Search
from tanzhao.engines.planner.term.slots import fit

__all__ = [
    "BadChange",
    "CapacityCut",
    "Forbidden",
    "Moved",
    "Pinned",
    "RoundDone",
    "RoundMoved",
    "TermChange",
    "TermReplan",
    "UnitAdded",
    "UnitChanged",
    "UnitGone",
    "UnitsMerged",
    "Unpinned",
    "replan",
    "term_changes_from",
]


# Where seconds are limited, what the search for a clash may take when none are left.
_LEAST_FOR_CONFLICT = 2.0


@dataclass(frozen=True, slots=True)
class Moved:
    """A visit that is in another round than before, and what would be broken had it stayed."""

    unit: int
    visit: int
    from_round: int
    to_round: int
    why: Reason


@dataclass(frozen=True)
class TermReplan:
    """A plan changed as little as possible.

    Attributes:
        problem: after the changes. plan: for that problem; its `bound` is that of all plans,
            also of those that move more.
        moved: visits whose round changed, sorted. A visit of a new unit is not among them.
        fewest: proven: no plan that keeps every rule moves fewer visits.
        bound: proven: no plan that moves `fewest` visits costs less. 0 if none was proven.
        added: visits that the plan before did not have. dropped: that it had and nobody needs.
        reseated: visits that stay in their round and change their team slot.
    """

    problem: TermProblem
    plan: TermPlan
    moved: tuple[Moved, ...]
    fewest: int
    bound: int
    added: tuple[Placed, ...] = ()
    dropped: tuple[Placed, ...] = ()
    reseated: int = 0

    @property
    def is_fewest(self) -> bool:
        """Whether it is proven that no plan moves fewer visits."""
        return self.plan.is_complete and len(self.moved) <= self.fewest

    @property
    def is_cheapest(self) -> bool:
        """Whether it is proven that no plan that moves so few visits costs less."""
        return self.is_fewest and self.plan.cost <= self.bound


def replan(
    problem: TermProblem,
    plan: TermPlan,
    changes: Sequence[TermChange],
    *,
    limit: Limit | None = None,
    seed: int = 0,
    on_progress: OnProgress | None = None,
) -> TermReplan:
    """Apply `changes` to `problem` and mend `plan` with the fewest moves, then the least cost.

    Decisions that are fixed stay. If no plan keeps every rule, the plan is left as it is but for
    the visits that cannot stay; those without a place are named, with the demands that clash.

    Raises: BadChange.
    """
    limit = limit or Limit()
    began = limit.stopwatch()
    after = changed_problem(problem, plan.visits, changes)
    grid = grid_of(after)
    old = [
        placed
        for placed in plan.visits
        if (placed.unit, placed.visit) in after.visits_set and placed.round in after.round
    ]
    search = Search(grid, old, limit=limit, seed=seed, on_progress=on_progress or tell_nobody)
    outcome = search.run()
    mended = _mended(after, old, outcome, limit, limit.stopwatch() - began)
    before = {(placed.unit, placed.visit): placed for placed in plan.visits}
    now = {(placed.unit, placed.visit): placed for placed in mended.visits}
    return TermReplan(
        problem=after,
        plan=mended,
        moved=_moved(grid, before, now),
        fewest=outcome.fewest,
        bound=outcome.bound,
        added=tuple(placed for visit, placed in sorted(now.items()) if visit not in before),
        dropped=tuple(
            placed for visit, placed in sorted(before.items()) if visit not in after.visits_set
        ),
        reseated=sum(
            visit in before
            and placed.round == before[visit].round
            and placed.team != before[visit].team
            for visit, placed in now.items()
        ),
    )


def _mended(
    problem: TermProblem, old: Sequence[Placed], outcome: Outcome, limit: Limit, seconds: float
) -> TermPlan:
    bound = _least_cost(problem)
    if outcome.visits is not None:
        return TermPlan(outcome.visits, outcome.cost, bound, seconds=seconds, steps=outcome.steps)
    visits, unplaced = kept(problem, old)
    if limit.seconds is not None:
        limit = replace(limit, seconds=max(_LEAST_FOR_CONFLICT, limit.seconds - seconds))
    conflict = find_conflict(problem, limit=limit)
    return TermPlan(
        visits=visits,
        cost=cost_of(problem, visits).total,
        bound=bound,
        unplaced=unplaced,
        conflict=conflict,
        seconds=seconds,
        steps=outcome.steps,
    )


def _least_cost(problem: TermProblem) -> int:
    """What any plan costs at least: every visit as early as its rules allow, clusters once."""
    grid = grid_of(problem)
    total = problem.w_cluster * len({unit.cluster for unit in problem.units})
    for block in grid.blocks:
        months = (problem.round[round_id].month for round_id in block.rounds)
        total += grid.month_cost(block) * min(months, default=0)
    return total


def _moved(
    grid: Grid, before: Mapping[Visit, Placed], now: Mapping[Visit, Placed]
) -> tuple[Moved, ...]:
    moved = []
    for visit, placed in sorted(now.items()):
        if visit in before and before[visit].round != placed.round:
            block = grid.blocks[grid.block_of[visit]]
            why = _why(grid.problem, block, visit, before, now)
            moved.append(Moved(*visit, before[visit].round, placed.round, why))
    return tuple(moved)


def _why(
    problem: TermProblem,
    block: Block,
    visit: Visit,
    before: Mapping[Visit, Placed],
    now: Mapping[Visit, Placed],
) -> Reason:
    """What is broken if the visit, with those it can only move with, is where it was before."""
    at = before[visit].round
    if at in problem.round:
        closed = (closed_by(problem, *other, problem.round[at]) for other in block.visits)
        if (rule := next(filter(None, closed), None)) is not None:
            return rule
    back = {other: before[other] for other in block.visits if other in before}
    visits = list({**now, **back}.values())
    rounds = {placed.round for placed in back.values()}
    # Slots are looked at below: here only what holds whatever slots the visits take.
    for broken in broken_rules(problem, visits):
        if broken.code not in ("slot_overfull", "no_such_team"):
            return broken
    for round_id in sorted(rounds):
        here = [placed for placed in visits if placed.round == round_id]
        efforts = [problem.unit[placed.unit].effort_of(placed.visit) for placed in here]
        round_ = problem.round[round_id]
        if fit(efforts, round_.teams, round_.team_cap).slots is None:
            return reason("no_room", round=round_id, need=sum(efforts), have=round_.capacity)
    return reason("moved_for_others", unit=visit[0], visit=visit[1], round=at)
