"""The relaxed program of a round: a bound, the worth of every seat, and a plan by diving.

Rows for crowds are made only when a relaxed solution has one; nearly none is ever needed.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import highspy
import numpy as np

from tanzhao.engines.planner.teams.problem import Composed
from tanzhao.engines.planner.teams.program import INFINITE, Values, interrupt_by
from tanzhao.engines.planner.teams.seating import Crowd, Seating
from tanzhao.engines.planner.teams.watch import Watch

_WHOLE = 1e-6
# Columns worth more than this are left out of a dive; the bound does not rest on them.
_WORTH_DIVING = 20.0
# Share of the undecided seats that one step of a dive decides.
_DECIDED_AT_ONCE = 10


@dataclass(frozen=True)
class Relaxed:
    """A relaxed solution.

    Attributes:
        cost: of it, no whole solution has less.
        values: of the columns. worths: reduced costs of the columns of seats: what choosing that
            person for that team adds to the cost at least.
        missing: people missing of demands, all together.
    """

    cost: float
    values: Values
    worths: Values
    missing: float


class Relaxation:
    """The relaxed program, kept warm between solves."""

    def __init__(self, seating: Seating, watch: Watch) -> None:
        self._seating, self._watch = seating, watch
        self._solver = seating.program.solver(whole=False)
        interrupt_by(self._solver, watch)
        self._crowds: list[Crowd] = list(seating.crowds)
        self._pairs = list(seating.pairs)
        self._missing = np.array(sorted(seating.missing), dtype=np.int64)

    def solve(self) -> Relaxed | None:
        """Solve to the end; None if the watch interrupts."""
        while True:
            self._solver.run()
            if self._solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
                return None
            solution = self._solver.getSolution()
            values = np.array(solution.col_value)
            seen = [c for c in self._crowds if values[list(c.columns)].sum() > 1 + _WHOLE]
            if not seen:
                return Relaxed(
                    cost=float(self._solver.getInfo().objective_function_value),
                    values=values,
                    worths=np.array(solution.col_dual)[: len(self._pairs)],
                    missing=float(values[self._missing].sum()),
                )
            self._add(seen)

    def dive(self, relaxed: Relaxed) -> list[Composed] | None:
        """Decide seats step by step, solving again after each; None if the watch interrupts.

        The relaxation is spent afterwards.
        """
        self._leave_out(relaxed.worths > _WORTH_DIVING)
        decided: set[int] = set()
        while True:
            step = self.solve()
            if step is None:
                return None
            chosen = self._to_decide(step.values[: len(self._pairs)], decided)
            if not chosen:
                return self._composed(step.values)
            decided |= set(chosen)
            ones = np.ones(len(chosen))
            at = np.array(chosen, dtype=np.int32)
            self._solver.changeColsBounds(len(chosen), at, ones, ones)

    def _to_decide(self, seats: Values, decided: set[int]) -> list[int]:
        whole = [c for c in np.flatnonzero(seats > 1 - _WHOLE).tolist() if c not in decided]
        open_ones = np.flatnonzero((seats > _WHOLE) & (seats <= 1 - _WHOLE))
        if not len(open_ones):
            return []
        order = open_ones[np.argsort(-seats[open_ones], kind="stable")].tolist()
        chosen: list[int] = []
        touched: set[tuple[str, int]] = set()
        for column in order:
            person, team = self._pairs[column]
            enough = len(chosen) >= max(3, len(order) // _DECIDED_AT_ONCE)
            if enough or (chosen and seats[column] < 0.5):
                break
            if ("person", person) not in touched and ("team", team) not in touched:
                touched |= {("person", person), ("team", team)}
                chosen.append(column)
        return whole + chosen

    def _composed(self, values: Values) -> list[Composed]:
        kept = Seating(self._seating.facts, self._seating.teams, pairs=self._pairs)
        return kept.composed(values)

    def _add(self, crowds: Sequence[Crowd]) -> None:
        added = set(map(id, crowds))
        self._crowds = [crowd for crowd in self._crowds if id(crowd) not in added]
        first, many = self._solver.getNumCol(), len(crowds)
        none, nothing = np.zeros(0, dtype=np.int32), np.zeros(0)
        costs = np.array([float(crowd.cost) for crowd in crowds])
        self._solver.addCols(
            many,
            costs,
            np.zeros(many),
            np.full(many, INFINITE),
            0,
            np.zeros(many, dtype=np.int32),
            none,
            nothing,
        )
        starts: list[int] = []
        columns: list[int] = []
        values: list[float] = []
        for index, crowd in enumerate(crowds):
            starts.append(len(columns))
            columns += [*crowd.columns, first + index]
            values += [1.0] * len(crowd.columns) + [-1.0]
        self._solver.addRows(
            many,
            np.full(many, -INFINITE),
            np.ones(many),
            len(columns),
            np.array(starts, dtype=np.int32),
            np.array(columns, dtype=np.int32),
            np.array(values),
        )

    def _leave_out(self, unwanted: "np.ndarray[tuple[int], np.dtype[np.bool_]]") -> None:
        gone = np.flatnonzero(unwanted).astype(np.int32)
        if not len(gone):
            return
        self._solver.deleteCols(len(gone), gone)
        number = np.cumsum(~unwanted) - 1
        is_kept = ~unwanted
        self._pairs = [pair for pair, kept in zip(self._pairs, is_kept, strict=True) if kept]
        self._missing = self._missing - len(gone)
        thinned = [
            Crowd(tuple(int(number[c]) for c in crowd.columns if is_kept[c]), crowd.cost)
            for crowd in self._crowds
        ]
        self._crowds = [crowd for crowd in thinned if len(crowd.columns) > 1]
