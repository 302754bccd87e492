"""The exact model of replanning: every visit in a round, few visits moved, cost counted."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tanzhao.engines.planner.term.checking import load_bands
from tanzhao.engines.planner.term.demands import (
    Block,
    Cell,
    Cut,
    Demand,
    Grid,
    NeverTogether,
    Visit,
    demands,
    slot_demands,
)
from tanzhao.engines.planner.term.linear import INFINITE, Linear


@dataclass
class Known:
    """The demands of a problem, and what is known of packing so far, which grows as rounds are
    found not to pack."""

    grid: Grid
    demands: list[Demand] = field(init=False)
    learnt: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self.demands = list(demands(self.grid))

    def learn(self, cuts: Sequence[Cut] = (), never: Sequence[NeverTogether] = ()) -> None:
        self.demands += slot_demands(self.grid, cuts, never)
        self.learnt += len(cuts) + len(never)


@dataclass(frozen=True)
class Model:
    """`cells`: column of each (block, round) that is open."""

    linear: Linear
    cells: Mapping[Cell, int]

    def rounds(self, values: NDArray[np.float64]) -> dict[int, int]:
        """Block index to round id, of a solution."""
        return {cell[0]: cell[1] for cell, column in self.cells.items() if values[column] > 0.5}


def changed(block: Block, round_id: int, at: Mapping[Visit, int]) -> int:
    """How many visits change their round if the block goes there; new visits count nothing."""
    return sum(at.get(visit, round_id) != round_id for visit in block.visits)


def fewest_model(
    grid: Grid,
    at: Mapping[Visit, int],
    wanted: Iterable[Demand],
    is_open: Callable[[Cell], bool],
    most_changed: int | None = None,
) -> Model:
    """Minimise the number of visits whose round is not the one in `at`.

    With `most_changed` plans with more are none: to show that none is left takes the solver a
    fraction of the time that it needs to prove a least number.
    """
    linear = Linear()
    # That a cell is no more than 1 follows from the rows. Said again as a bound of the column,
    # it would take the worth of staying from the reduced costs, which close cells by it.
    cells = {
        (block.index, round_id): linear.column(
            float(changed(block, round_id, at)), high=INFINITE, whole=True
        )
        for block in grid.blocks
        for round_id in block.rounds
        if is_open((block.index, round_id))
    }
    _add_demands(linear, cells, wanted)
    if most_changed is not None:
        _add_most_changed(grid, linear, cells, at, most_changed)
    return Model(linear, cells)


def cost_model(
    grid: Grid,
    at: Mapping[Visit, int],
    wanted: Iterable[Demand],
    is_open: Callable[[Cell], bool],
    most_changed: int,
) -> Model:
    """Minimise the cost of a plan that changes the round of at most `most_changed` visits."""
    linear, cells = Linear(), {}
    for block in grid.blocks:
        for round_id in block.rounds:
            if is_open((block.index, round_id)):
                cost = grid.month_cost(block) * grid.problem.round[round_id].month
                cells[block.index, round_id] = linear.column(float(cost), whole=True)
    _add_demands(linear, cells, wanted)
    _add_most_changed(grid, linear, cells, at, most_changed)
    _add_openings(grid, linear, cells)
    _add_balance(grid, linear, cells)
    return Model(linear, cells)


def _add_demands(linear: Linear, cells: Mapping[Cell, int], wanted: Iterable[Demand]) -> None:
    for demand in wanted:
        terms = [(cells[cell], n) for cell, n in demand.terms if cell in cells]
        # A row without terms still refuses if what it asks is more than nothing.
        if terms or demand.low > 0 or demand.high < 0:
            linear.row(terms, demand.low, demand.high)


def _add_most_changed(
    grid: Grid,
    linear: Linear,
    cells: Mapping[Cell, int],
    at: Mapping[Visit, int],
    most_changed: int,
) -> None:
    moves = [
        (column, float(count))
        for (index, round_id), column in cells.items()
        if (count := changed(grid.blocks[index], round_id, at))
    ]
    if moves:
        linear.row(moves, high=float(most_changed))


def _add_openings(grid: Grid, linear: Linear, cells: Mapping[Cell, int]) -> None:
    """A cluster is opened in a round by any of its visits there."""
    visitors: dict[tuple[str, int], list[int]] = {}
    for (index, round_id), column in cells.items():
        for cluster in grid.clusters(grid.blocks[index]):
            visitors.setdefault((cluster, round_id), []).append(column)
    for columns in visitors.values():
        opened = linear.column(float(grid.problem.w_cluster))
        for column in columns:
            linear.row([(column, 1.0), (opened, -1.0)], high=0.0)


def _add_balance(grid: Grid, linear: Linear, cells: Mapping[Cell, int]) -> None:
    loads: dict[int, list[tuple[int, float]]] = {r.id: [] for r in grid.problem.rounds}
    for (index, round_id), column in cells.items():
        loads[round_id].append((column, float(grid.effort(grid.blocks[index]))))
    for round_id, (low, high) in load_bands(grid.problem).items():
        weight = float(grid.problem.w_balance)
        over = linear.column(weight, 0.0, INFINITE)
        under = linear.column(weight, 0.0, INFINITE)
        linear.row([*loads[round_id], (over, -1.0)], high=float(high))
        linear.row([*loads[round_id], (under, 1.0)], low=float(low))
