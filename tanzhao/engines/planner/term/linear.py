"""Building a linear or integer model row by row, and solving it with HiGHS within a limit."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

import highspy
import numpy as np
from numpy.typing import NDArray

from tanzhao.engines.planner.highs import Rows, interrupt_by
from tanzhao.engines.planner.search import Limit

INFINITE = float("inf")
# What HiGHS seeks solutions by that are models within the model.
_MODELS_WITHIN = (
    "mip_heuristic_run_rens",
    "mip_heuristic_run_rins",
    "mip_heuristic_run_root_reduced_cost",
)


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


class Linear(Rows):
    """A model to be minimised. Columns and rows are numbered from 0 as they are added."""

    @property
    def columns(self) -> int:
        return len(self.costs)

    def column(
        self, cost: float = 0.0, low: float = 0.0, high: float = 1.0, *, whole: bool = False
    ) -> int:
        """Add a column and give its number."""
        self.costs.append(cost)
        self.lower.append(low)
        self.upper.append(high)
        self.is_whole.append(whole)
        return len(self.costs) - 1

    def row(
        self, terms: Iterable[tuple[int, float]], low: float = -INFINITE, high: float = INFINITE
    ) -> int:
        """Add `low <= sum of coefficient * column <= high` and give its number."""
        for index, coefficient in terms:
            self.indices.append(index)
            self.values.append(coefficient)
        self.starts.append(len(self.indices))
        self.row_lower.append(low)
        self.row_upper.append(high)
        return len(self.row_lower) - 1

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
        with_heuristics: bool = True,
    ) -> Solved:
        """Minimise, in one thread.

        Args:
            until: reading of the limit's stopwatch at which the solve ends.
            relaxed: solve as if no column had to be whole, and give reduced costs.
            nodes: of the search tree, at most.
            start: values of the whole columns of a solution to begin with; 0 where not given.
            gap: end when the cost is proven to be within this share of the best.
            with_heuristics: also seek solutions by models within the model, which cannot be
                interrupted and may take some seconds each.
        """
        is_mip = not relaxed and any(self.is_whole)
        options: dict[str, int | float] = {
            "random_seed": seed % 2_147_483_647,
            "mip_max_nodes": nodes,
            "mip_rel_gap": gap,
        }
        if not with_heuristics:
            options |= dict.fromkeys(_MODELS_WITHIN, False) | {"mip_heuristic_effort": 0.0}
        solver = self.loaded(whole=is_mip, options=options)
        if start is not None and not relaxed:
            # The other columns follow: the solver finds their best values.
            whole = [column for column in range(self.columns) if self.is_whole[column]]
            values = np.array([start.get(column, 0.0) for column in whole])
            solver.setSolution(len(whole), np.array(whole, dtype=np.int32), values)
        interrupt_by(solver, lambda: limit.stop() or limit.stopwatch() > until)
        solver.solve()
        return _outcome(solver, is_mip=is_mip)


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
