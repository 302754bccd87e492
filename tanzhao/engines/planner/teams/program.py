"""A linear or whole-number program built row by row, and HiGHS to solve it.

One thread, a fixed seed, and work bounded by nodes or iterations, so that the same program has
the same answer everywhere; the caller's watch may interrupt it between iterations.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray

from tanzhao.engines.planner.teams.watch import Watch

type Values = NDArray[np.float64]
type Indices = NDArray[np.int64]

INFINITE = highspy.kHighsInf
# By the wall clock, and only against a solver that does not ask whether to go on.
_SAFETY_SECONDS = 3600.0


class Program:
    """Columns and rows of a program that minimises; numbered from 0 as they are added."""

    def __init__(self) -> None:
        self.costs: list[float] = []
        self.lower: list[float] = []
        self.upper: list[float] = []
        self.is_whole: list[bool] = []
        self._row_lower: list[float] = []
        self._row_upper: list[float] = []
        self._starts: list[int] = [0]
        self._columns: list[int] = []
        self._values: list[float] = []

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
        self._columns += columns
        self._values += values if values is not None else [1.0] * len(columns)
        self._starts.append(len(self._columns))
        self._row_lower.append(lower)
        self._row_upper.append(upper)
        return len(self._row_lower) - 1

    def priced(self, row_prices: Values) -> Values:
        """The reduced costs of all columns under prices of the rows."""
        rows = np.repeat(np.arange(len(self._row_lower)), np.diff(self._starts))
        worth = np.array(self._values) * row_prices[rows]
        paid = np.bincount(self._columns, worth, minlength=len(self.costs))
        return np.asarray(np.array(self.costs) - paid, dtype=np.float64)

    def entries_of(self, columns: Indices) -> tuple[list[list[int]], list[list[float]]]:
        """The rows, and the values in them, of some columns."""
        rows = np.repeat(np.arange(len(self._row_lower)), np.diff(self._starts))
        at = np.array(self._columns)
        wanted = np.isin(at, columns)
        found: dict[int, tuple[list[int], list[float]]] = {int(c): ([], []) for c in columns}
        values = np.array(self._values)[wanted].tolist()
        for column, row, value in zip(
            at[wanted].tolist(), rows[wanted].tolist(), values, strict=True
        ):
            found[column][0].append(row)
            found[column][1].append(value)
        return [found[int(c)][0] for c in columns], [found[int(c)][1] for c in columns]

    def solver(self, *, whole: bool) -> highspy.Highs:
        """Load the program; `whole` False leaves out that columns must be whole."""
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = len(self.costs), len(self._row_lower)
        lp.col_cost_ = np.array(self.costs, dtype=np.float64)
        lp.col_lower_ = np.array(self.lower, dtype=np.float64)
        lp.col_upper_ = np.array(self.upper, dtype=np.float64)
        lp.row_lower_ = np.array(self._row_lower, dtype=np.float64)
        lp.row_upper_ = np.array(self._row_upper, dtype=np.float64)
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_ = np.array(self._starts, dtype=np.int32)
        lp.a_matrix_.index_ = np.array(self._columns, dtype=np.int32)
        lp.a_matrix_.value_ = np.array(self._values, dtype=np.float64)
        if whole:
            kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
            lp.integrality_ = [kinds[is_whole] for is_whole in self.is_whole]
        solver = highspy.Highs()
        for name, value in (
            ("output_flag", False),
            ("threads", 1),
            ("parallel", "off"),
            ("time_limit", _SAFETY_SECONDS),
            ("mip_rel_gap", 0.0),
            # Costs are whole, so a bound this close proves the best.
            ("mip_abs_gap", 0.99),
        ):
            solver.setOptionValue(name, value)
        solver.passModel(lp)
        return solver


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
    interrupt_by(solver, watch)
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


def interrupt_by(solver: highspy.Highs, watch: Watch) -> None:
    """Let the watch end what `solver` does."""

    def ask(event: highspy.highs.HighsCallbackEvent) -> None:
        if watch.is_over():
            event.interrupt()

    solver.cbMipInterrupt += ask
    solver.cbSimplexInterrupt += ask
