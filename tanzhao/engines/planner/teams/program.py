"""A linear or whole-number program built row by row, and HiGHS to solve it.

One thread, a fixed seed, and work bounded by nodes or iterations, so that the same program has
the same answer everywhere; the caller's watch may interrupt it between iterations.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray

from tanzhao.engines.planner.highs import Rows, interrupt_by
from tanzhao.engines.planner.teams.watch import Watch

type Values = NDArray[np.float64]
type Indices = NDArray[np.int64]

INFINITE = highspy.kHighsInf


class Program(Rows):
    """Columns and rows of a program that minimises; numbered from 0 as they are added."""

    def column(self, cost: float, upper: float, *, lower: float = 0.0, whole: bool = False) -> int:
        self.costs.append(cost)
        self.lower.append(lower)
        self.upper.append(upper)
        self.is_whole.append(whole)
        return len(self.costs) - 1

    def row(
        self,
        lower: float,
        upper: float,
        columns: Sequence[int],
        values: Sequence[float] | None = None,
    ) -> int:
        """Demand lower <= sum of value × column <= upper; each value is 1 if none are given."""
        self.indices += columns
        self.values += values if values is not None else [1.0] * len(columns)
        self.starts.append(len(self.indices))
        self.row_lower.append(lower)
        self.row_upper.append(upper)
        return len(self.row_lower) - 1

    def priced(self, row_prices: Values) -> Values:
        """The reduced costs of all columns under prices of the rows."""
        rows = np.repeat(np.arange(len(self.row_lower)), np.diff(self.starts))
        worth = np.array(self.values) * row_prices[rows]
        paid = np.bincount(self.indices, worth, minlength=len(self.costs))
        return np.asarray(np.array(self.costs) - paid, dtype=np.float64)

    def entries_of(self, columns: Indices) -> tuple[list[list[int]], list[list[float]]]:
        """The rows, and the values in them, of some columns."""
        rows = np.repeat(np.arange(len(self.row_lower)), np.diff(self.starts))
        at = np.array(self.indices)
        wanted = np.isin(at, columns)
        found: dict[int, tuple[list[int], list[float]]] = {int(c): ([], []) for c in columns}
        values = np.array(self.values)[wanted].tolist()
        for column, row, value in zip(
            at[wanted].tolist(), rows[wanted].tolist(), values, strict=True
        ):
            found[column][0].append(row)
            found[column][1].append(value)
        return [found[int(c)][0] for c in columns], [found[int(c)][1] for c in columns]

    def solver(self, *, whole: bool) -> highspy.Highs:
        """Load the program; `whole` False leaves out that columns must be whole."""
        # Costs are whole, so a bound within one of the cost proves the best.
        return self.loaded(whole=whole, options={"mip_rel_gap": 0.0, "mip_abs_gap": 0.99})


@dataclass(frozen=True)
class Answer:
    """What a search for whole numbers gave.

    Attributes:
        values: of the columns, None if nothing was found.
        bound: no solution costs less; minus infinity if nothing is proven.
        is_proven: `values` is the best, or there is proven to be nothing.
    """

    values: Values | None
    bound: float
    is_proven: bool


def solve_whole(
    program: Program, *, watch: Watch, nodes: int, seed: int = 0, known: Values | None = None
) -> Answer:
    """Minimise over whole numbers, with at most `nodes` of the search tree.

    `known` is a solution to begin with; the answer is never worse.
    """
    solver = program.solver(whole=True)
    solver.setOptionValue("mip_max_nodes", nodes)
    solver.setOptionValue("random_seed", seed)
    if known is not None:
        start = highspy.HighsSolution()
        start.col_value = known.tolist()
        solver.setSolution(start)
    interrupt_by(solver, watch.is_over)
    solver.run()
    status, info = solver.getModelStatus(), solver.getInfo()
    feasible = highspy.SolutionStatus.kSolutionStatusFeasible
    found = info.primal_solution_status == feasible
    return Answer(
        values=np.array(solver.getSolution().col_value) if found else None,
        bound=float(info.mip_dual_bound),
        is_proven=status
        in (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kInfeasible),
    )
