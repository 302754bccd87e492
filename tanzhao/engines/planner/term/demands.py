"""The demands of a term as rows over (block, round): what each round may hold, what is due when.

A block is a set of visits that can only move together: the first visits of a joint group, or a
single visit. A plan is one round for each block; how a round's visits fit its slots is left to
slots.py, of which the rows here hold only what follows by counting.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tanzhao.engines.planner.reasons import Reason, reason
from tanzhao.engines.planner.term.linear import INFINITE
from tanzhao.engines.planner.term.problem import FIRST, LOOK_BACK, Round, TermProblem
from tanzhao.engines.planner.term.slots import Weights

type Visit = tuple[int, int]
type Cell = tuple[int, int]  # index of a block, id of a round

# In a slot of `cap`, visits longer than cap / (part + 1) count 1, longer than twice that 2, and
# so on; a slot holds at most `part` by that count (Fekete and Schepers, 2001).
_PARTS = (1, 2, 3)


@dataclass(frozen=True, slots=True)
class Block:
    """`rounds`: ids, sorted, of the rounds that no rule about a single visit closes to it."""

    index: int
    visits: tuple[Visit, ...]
    rounds: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Demand:
    """`low <= sum of coefficient × (block is in round) <= high`; `what` names it in words."""

    what: Reason
    terms: Sequence[tuple[Cell, float]]
    low: float = -INFINITE
    high: float = INFINITE


@dataclass(frozen=True, slots=True)
class Cut:
    """A round's visits by `weights` are no more than `slots` slots can hold."""

    round: int
    weights: Weights


@dataclass(frozen=True, slots=True)
class NeverTogether:
    """Of these visits at most `most` fit together into the slots of the round."""

    round: int
    visits: frozenset[Visit]
    most: int


@dataclass(frozen=True)
class Grid:
    """A problem cut into blocks."""

    problem: TermProblem
    blocks: tuple[Block, ...]
    block_of: Mapping[Visit, int] = field(default_factory=dict)

    def effort(self, block: Block) -> int:
        return sum(self.problem.unit[unit].effort_of(visit) for unit, visit in block.visits)

    def month_cost(self, block: Block) -> int:
        """What each month of waiting costs for all its visits."""
        return sum(self.problem.unit[unit].weight_of(visit) for unit, visit in block.visits)

    def clusters(self, block: Block) -> frozenset[str]:
        return frozenset(self.problem.unit[unit].cluster for unit, _ in block.visits)


def grid_of(problem: TermProblem) -> Grid:
    """Cut a problem into blocks, groups first, each with the rounds open to it."""
    joint = _joint(problem)
    grouped = {visit for visits in joint for visit in visits}
    single = [(visit,) for visit in problem.visits if visit not in grouped]
    blocks: list[Block] = []
    for visits in [*joint, *single]:
        rounds = set(problem.round)
        for unit, visit in visits:
            rounds &= open_rounds(problem, unit, visit)
        blocks.append(Block(len(blocks), visits, tuple(sorted(rounds))))
    block_of = {visit: block.index for block in blocks for visit in block.visits}
    return Grid(problem, tuple(blocks), block_of)


def _joint(problem: TermProblem) -> list[tuple[Visit, ...]]:
    """The first visits of each joint group; groups that share a unit are one."""
    joint: list[set[Visit]] = []
    for group in problem.groups:
        merged = {(unit, FIRST) for unit in group.units}
        for other in [other for other in joint if other & merged]:
            merged |= other
            joint.remove(other)
        if merged:
            joint.append(merged)
    return [tuple(sorted(visits)) for visits in joint]


def open_rounds(problem: TermProblem, unit_id: int, visit: int) -> set[int]:
    """The rounds that no rule about this visit alone closes, gaps to the other visit left out."""
    return {
        round_.id for round_ in problem.rounds if closed_by(problem, unit_id, visit, round_) is None
    }


def closed_by(problem: TermProblem, unit_id: int, visit: int, round_: Round) -> Reason | None:
    """Say which rule about this visit alone keeps it out of a round; None if none does."""
    unit = problem.unit[unit_id]
    at = {"unit": unit_id, "visit": visit, "round": round_.id}
    if unit.fixed.get(visit, round_.id) != round_.id:
        return reason("fixed", **at, fixed=unit.fixed[visit])
    if round_.id in unit.forbidden:
        return reason("forbidden", **at)
    if unit.effort_of(visit) > round_.team_cap or round_.teams <= 0:
        need, have = unit.effort_of(visit), round_.team_cap if round_.teams > 0 else 0
        return reason("effort_over_slot", **at, need=need, have=have)
    if visit != FIRST:
        return None
    if unit.last_month is not None and round_.month < unit.last_month + problem.gap_last:
        return reason("too_soon", **at, earliest=unit.last_month + problem.gap_last)
    if unit.deadline_month is not None and round_.month >= unit.deadline_month:
        return reason("too_late", **at, deadline=unit.deadline_month)
    return None


def demands(
    grid: Grid, cuts: Sequence[Cut] = (), never: Sequence[NeverTogether] = ()
) -> Iterator[Demand]:
    """Give every demand of the problem, and what is known of how visits fit slots."""
    for block in grid.blocks:
        cells = [((block.index, round_), 1.0) for round_ in block.rounds]
        unit, visit = block.visits[0]
        yield Demand(reason("placed", unit=unit, visit=visit), cells, 1.0, 1.0)
    inside = _inside(grid)
    for round_ in grid.problem.rounds:
        yield from _of_round(grid, round_, inside[round_.id])
    yield from _look_backs(grid)
    yield from _coverage(grid)
    yield from slot_demands(grid, cuts, never)


def slot_demands(
    grid: Grid, cuts: Sequence[Cut], never: Sequence[NeverTogether]
) -> Iterator[Demand]:
    """Give only what is known of how visits fit slots."""
    inside = _inside(grid)
    for cut in cuts:
        yield _packing(grid, grid.problem.round[cut.round], inside[cut.round], cut.weights)
    for clash in never:
        cells = [
            ((block.index, clash.round), float(count))
            for block in inside[clash.round]
            if (count := sum(visit in clash.visits for visit in block.visits))
        ]
        yield Demand(reason("slots", round=clash.round), cells, high=float(clash.most))


def _inside(grid: Grid) -> dict[int, list[Block]]:
    """The blocks that each round is open to."""
    inside: dict[int, list[Block]] = {round_.id: [] for round_ in grid.problem.rounds}
    for block in grid.blocks:
        for round_id in block.rounds:
            inside[round_id].append(block)
    return inside


def _of_round(grid: Grid, round_: Round, blocks: list[Block]) -> Iterator[Demand]:
    at = round_.id

    def total(count: Mapping[int, float], what: Reason, high: float) -> Demand:
        return Demand(what, [((b, at), n) for b, n in count.items() if n], high=high)

    efforts = {block.index: float(grid.effort(block)) for block in blocks}
    what = reason("capacity", round=at, have=round_.capacity)
    yield total(efforts, what, float(round_.capacity))
    counts = {block.index: float(len(block.visits)) for block in blocks}
    most = round_.max_units
    yield total(counts, reason("max_units", round=at, have=most), float(most))
    for skill, most in sorted(round_.skill_cap.items()):
        needing = {
            b.index: float(sum(skill in grid.problem.unit[unit].skills for unit, _ in b.visits))
            for b in blocks
        }
        yield total(needing, reason("skill", round=at, skill=skill, have=most), float(most))
    for part in _PARTS:
        parts = {effort: effort * (part + 1) // (round_.team_cap + 1) for effort in _all(grid)}
        yield _packing(grid, round_, blocks, Weights(parts, part))


def _all(grid: Grid) -> set[int]:
    problem = grid.problem
    return {problem.unit[unit].effort_of(visit) for unit, visit in problem.visits}


def _packing(grid: Grid, round_: Round, blocks: list[Block], weights: Weights) -> Demand:
    # A visit weighs at least what a shorter one does, which could stand in its place.
    lifted: dict[int, int] = {}
    known = sorted(weights.of.items())
    for effort in _all(grid):
        lifted[effort] = max((w for size, w in known if size <= effort), default=0)
    cells = []
    for block in blocks:
        efforts = (grid.problem.unit[unit].effort_of(visit) for unit, visit in block.visits)
        if weight := sum(lifted[effort] for effort in efforts):
            cells.append(((block.index, round_.id), float(weight)))
    have = round_.teams * weights.unit
    return Demand(reason("slots", round=round_.id), cells, high=float(have))


def _look_backs(grid: Grid) -> Iterator[Demand]:
    """A round of one visit of a unit is open only if the other is in a round at the right gap."""
    problem = grid.problem
    for unit in problem.units:
        if (unit.id, LOOK_BACK) not in grid.block_of:
            continue
        first = grid.blocks[grid.block_of[unit.id, FIRST]]
        later = grid.blocks[grid.block_of[unit.id, LOOK_BACK]]
        for one, other, sign in ((first, later, 1), (later, first, -1)):
            for round_id in one.rounds:
                month = problem.round[round_id].month
                fitting = [
                    ((other.index, r), -1.0)
                    for r in other.rounds
                    if _is_gap(problem, sign * (problem.round[r].month - month))
                ]
                if len(fitting) < len(other.rounds):
                    what = reason("look_back", unit=unit.id)
                    yield Demand(what, [((one.index, round_id), 1.0), *fitting], high=0.0)


def _is_gap(problem: TermProblem, months: int) -> bool:
    return problem.gap_min <= months <= problem.gap_max


def _coverage(grid: Grid) -> Iterator[Demand]:
    problem = grid.problem
    for year, need in enumerate(problem.coverage):
        cells = [
            ((block.index, round_id), float(firsts))
            for block in grid.blocks
            if (firsts := sum(visit == FIRST for _, visit in block.visits))
            for round_id in block.rounds
            if problem.round[round_id].year <= year
        ]
        if need > 0:
            yield Demand(reason("coverage", year=year, need=need), cells, low=float(need))
