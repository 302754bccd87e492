"""Building a linear or integer model row by row, and solving it with HiGHS within a limit."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

import highspy
import numpy as np
from numpy.typing import NDArray

from tanzhao.engines.planner.search import Limit

INFINITE = float("inf")

# HiGHS measures this by the wall clock; it only guards against a solver that never asks
# whether it should stop. Nodes and the caller's stopwatch are what ends a solve.
_SAFETY_SECONDS = 3600.0


class Status(StrEnum):
    OPTIMAL = "optimal"
    INFEASIBLE = "infeasible"
    STOPPED = "stopped"


@dataclass(frozen=True)
class Solved:
    """What a solve found.

    Attributes:
        values: of the columns; empty if no solution was found.
        objective: of `values`. bound: proven: no solution has less; minus infinity if none.
        reduced: reduced costs of the columns, of a linear model only.
    """

    status: Status
    values: NDArray[np.float64]
    objective: float
    bound: float
    reduced: NDArray[np.float64]

    @property
    def found(self) -> bool:
        return len(self.values) > 0


class Linear:
    """A model to be minimised. Columns and rows are numbered from 0 as they are added."""

    def __init__(self) -> None:
        self._costs: list[float] = []
        self._low: list[float] = []
        self._high: list[float] = []
        self._whole: list[bool] = []
        self._row_low: list[float] = []
        self._row_high: list[float] = []
        self._starts: list[int] = [0]
        self._indices: list[int] = []
        self._coefficients: list[float] = []

    @property
    def columns(self) -> int:
        return len(self._costs)

    def column(
        self, cost: float = 0.0, low: float = 0.0, high: float = 1.0, *, whole: bool = False
    ) -> int:
        """Add a column and give its number."""
        self._costs.append(cost)
        self._low.append(low)
        self._high.append(high)
        self._whole.append(whole)
        return len(self._costs) - 1

    def row(
        self, terms: Iterable[tuple[int, float]], low: float = -INFINITE, high: float = INFINITE
    ) -> int:
        """Add `low <= sum of coefficient * column <= high` and give its number."""
        for index, coefficient in terms:
            self._indices.append(index)
            self._coefficients.append(coefficient)
        self._starts.append(len(self._indices))
        self._row_low.append(low)
        self._row_high.append(high)
        return len(self._row_low) - 1

    def solve(
        self,
        *,
        limit: Limit,
        until: float = INFINITE,
        relaxed: bool = False,
        nodes: int = 2_000_000,
        seed: int = 0,
        start: Mapping[int, float] | None = None,
        gap: float = 0.0,
    ) -> Solved:
        """Minimise, in one thread.

        Args:
            until: reading of the limit's stopwatch at which the solve ends.
            relaxed: solve as if no column had to be whole, and give reduced costs.
            nodes: of the search tree, at most.
            start: values of the whole columns of a solution to begin with; 0 where not given.
            gap: end when the cost is proven to be within this share of the best.
        """
        solver = self._solver(relaxed=relaxed, nodes=nodes, seed=seed, gap=gap)
        if start is not None and not relaxed:
            # The other columns follow: the solver finds their best values.
            whole = [column for column in range(self.columns) if self._whole[column]]
            values = np.array([start.get(column, 0.0) for column in whole])
            solver.setSolution(len(whole), np.array(whole, dtype=np.int32), values)
        _interrupt_by(solver, limit, until)
        solver.solve()
        return _outcome(solver, is_mip=not relaxed and any(self._whole))

    def _solver(self, *, relaxed: bool, nodes: int, seed: int, gap: float) -> highspy.Highs:
        solver = highspy.Highs()
        solver.silent()
        for name, value in (
            ("threads", 1),
            ("parallel", "off"),
            ("random_seed", seed % 2_147_483_647),
            ("mip_max_nodes", nodes),
            ("mip_rel_gap", gap),
            ("time_limit", _SAFETY_SECONDS),
        ):
            solver.setOptionValue(name, value)
        solver.passModel(self._model(relaxed=relaxed))
        return solver

    def _model(self, *, relaxed: bool) -> highspy.HighsLp:
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = len(self._costs), len(self._row_low)
        model.col_cost_ = np.array(self._costs)
        model.col_lower_, model.col_upper_ = np.array(self._low), np.array(self._high)
        model.row_lower_, model.row_upper_ = np.array(self._row_low), np.array(self._row_high)
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = np.array(self._starts, dtype=np.int32)
        model.a_matrix_.index_ = np.array(self._indices, dtype=np.int32)
        model.a_matrix_.value_ = np.array(self._coefficients)
        if not relaxed and any(self._whole):
            kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
            model.integrality_ = [kinds[whole] for whole in self._whole]
        return model


def _interrupt_by(solver: highspy.Highs, limit: Limit, until: float) -> None:
    def ask(event: highspy.highs.HighsCallbackEvent) -> None:
        if limit.stop() or limit.stopwatch() > until:
            event.interrupt()

    solver.cbMipInterrupt += ask
    solver.cbSimplexInterrupt += ask


def _outcome(solver: highspy.Highs, *, is_mip: bool) -> Solved:
    ended, info = solver.getModelStatus(), solver.getInfo()
    status = Status.STOPPED
    if ended == highspy.HighsModelStatus.kOptimal:
        status = Status.OPTIMAL
    elif ended == highspy.HighsModelStatus.kInfeasible:
        status = Status.INFEASIBLE
    found = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    if not is_mip and status is not Status.OPTIMAL:
        found = False
    solution = solver.getSolution()
    objective = float(info.objective_function_value) if found else INFINITE
    bound = objective if status is Status.OPTIMAL else -INFINITE
    if is_mip and status is not Status.INFEASIBLE:
        bound = float(info.mip_dual_bound)
    nothing = np.empty(0)
    return Solved(
        status=status,
        values=np.array(solution.col_value) if found else nothing,
        objective=objective,
        bound=bound,
        reduced=np.array(solution.col_dual) if found and not is_mip else nothing,
    )
