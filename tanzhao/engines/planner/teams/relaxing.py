"""The relaxed program of a round: a bound, the worth of every seat, and a plan by diving.

Rows for crowds are made only when a relaxed solution has one; nearly none is ever needed. Of a
large round only promising seats are in the program at first; the others are priced, and put in
as long as one could make it cheaper, so the bound holds for all.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray

from tanzhao.engines.planner.highs import interrupt_by
from tanzhao.engines.planner.teams.problem import Composed
from tanzhao.engines.planner.teams.program import INFINITE, Indices, Values
from tanzhao.engines.planner.teams.seating import Crowd, Seating
from tanzhao.engines.planner.teams.watch import Watch

_WHOLE = 1e-6
# Columns worth more than this are left out of a dive; the bound does not rest on them.
_WORTH_DIVING = 20.0
# One step of a dive decides this part of the undecided seats.
_DECIDED_AT_ONCE = 10
# Rounds with more seats to choose from than this begin with the promising ones.
_SIFTED_FROM = 25_000
_PROMISING_FOR_TEAM, _PROMISING_FOR_DEMAND, _PROMISING_FOR_PERSON = 120, 30, 4
_PUT_IN_AT_ONCE = 4000
_CHEAPER = 1e-6
_DUAL, _PRIMAL = 1, 4


@dataclass(frozen=True)
class Relaxed:
    """A relaxed solution.

    Attributes:
        cost: of it, no whole solution has less.
        worths: reduced costs of the columns of seats: what choosing that person for that team
            adds to the cost at least.
        missing: people missing of demands, all together.
    """

    cost: float
    worths: Values
    missing: float


class Relaxation:
    """The relaxed program, kept warm between solves.

    The columns of the solver are those of the program that are in, in the order of `_inside`;
    what a crowd costs is a column of the solver alone, there -1.
    """

    def __init__(self, seating: Seating, watch: Watch) -> None:
        self._seating = seating
        self._program = seating.program
        self._solver = self._program.solver(whole=False)
        interrupt_by(self._solver, watch.is_over)
        self._crowds: list[Crowd] = list(seating.crowds)
        self._crowd_rows: list[tuple[int, Crowd]] = []
        self._inside: Indices = np.arange(len(self._program.costs))
        self._seats = len(seating.pairs)
        if self._seats > _SIFTED_FROM:
            self._leave_out(~_promising(seating))

    def solve(self) -> Relaxed | None:
        """Solve to the end; None if the watch interrupts."""
        while True:
            values = self._solved()
            if values is None:
                return None
            worths = self._worths()
            cheaper = np.flatnonzero(worths < -_CHEAPER)
            outside = cheaper[~np.isin(cheaper, self._inside)]
            if not len(outside):
                break
            best = outside[np.argsort(worths[outside], kind="stable")][:_PUT_IN_AT_ONCE]
            self._put_in(np.sort(best))
            # What was put in leaves the solution feasible, which the primal method goes on from.
            self._solver.setOptionValue("simplex_strategy", _PRIMAL)
        self._solver.setOptionValue("simplex_strategy", _DUAL)
        missing = np.array(sorted(self._seating.missing), dtype=np.int64)
        return Relaxed(
            cost=float(self._solver.getInfo().objective_function_value),
            worths=worths,
            missing=float(values[missing].sum()),
        )

    def dive(self, relaxed: Relaxed) -> list[Composed]:
        """Decide seats step by step, solving again after each.

        The relaxation is spent afterwards.
        Returns: teams; only with the members decided until then, if the watch interrupts.
        """
        self._leave_out(relaxed.worths > _WORTH_DIVING)
        decided: set[int] = set()
        while True:
            values = self._solved()
            if values is None:
                values = np.zeros(len(self._program.costs))
                values[sorted(decided)] = 1.0
                return self._seating.composed(values)
            chosen = self._to_decide(values[: self._seats], decided)
            if not chosen:
                return self._seating.composed(values)
            decided |= set(chosen)
            ones = np.ones(len(chosen))
            at = np.flatnonzero(np.isin(self._inside, chosen)).astype(np.int32)
            self._solver.changeColsBounds(len(chosen), at, ones, ones)

    def _solved(self) -> Values | None:
        """Values of the columns of the program, with no crowd that is not paid for."""
        while True:
            self._solver.run()
            if self._solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
                return None
            values = np.zeros(len(self._program.costs))
            known = self._inside >= 0
            values[self._inside[known]] = np.array(self._solver.getSolution().col_value)[known]
            seen = [c for c in self._crowds if values[list(c.columns)].sum() > 1 + _WHOLE]
            if not seen:
                return values
            self._add(seen)

    def _worths(self) -> Values:
        """Reduced costs of all seats, of those that are not in as well."""
        prices = np.array(self._solver.getSolution().row_dual)
        worths = self._program.priced(prices)
        for row, crowd in self._crowd_rows:
            worths[list(crowd.columns)] -= prices[row]
        return np.asarray(worths[: self._seats], dtype=np.float64)

    def _to_decide(self, seats: Values, decided: set[int]) -> list[int]:
        whole = [c for c in np.flatnonzero(seats > 1 - _WHOLE).tolist() if c not in decided]
        open_ones = np.flatnonzero((seats > _WHOLE) & (seats <= 1 - _WHOLE))
        if not len(open_ones):
            return []
        order = open_ones[np.argsort(-seats[open_ones], kind="stable")].tolist()
        chosen: list[int] = []
        touched: set[tuple[str, int]] = set()
        for column in order:
            person, team = self._seating.pairs[column]
            enough = len(chosen) >= max(3, len(order) // _DECIDED_AT_ONCE)
            if enough or (chosen and seats[column] < 0.5):
                break
            if ("person", person) not in touched and ("team", team) not in touched:
                touched |= {("person", person), ("team", team)}
                chosen.append(column)
        return whole + chosen

    def _add(self, crowds: Sequence[Crowd]) -> None:
        """Make rows of crowds: whoever is one too many costs."""
        added = set(map(id, crowds))
        self._crowds = [crowd for crowd in self._crowds if id(crowd) not in added]
        costs = [float(crowd.cost) for crowd in crowds]
        nothing: list[list[int]] = [[] for _ in crowds]
        first = len(self._inside)
        self._add_columns(costs, nothing, [[] for _ in crowds], upper=INFINITE)
        self._inside = np.concatenate([self._inside, np.full(len(crowds), -1)])
        position = {int(c): at for at, c in enumerate(self._inside.tolist()) if c >= 0}
        for index, crowd in enumerate(crowds):
            columns = [position[c] for c in crowd.columns if c in position]
            self._crowd_rows.append((self._solver.getNumRow(), crowd))
            at = np.array([*columns, first + index], dtype=np.int32)
            values = np.array([1.0] * len(columns) + [-1.0])
            self._solver.addRow(-INFINITE, 1.0, len(at), at, values)

    def _put_in(self, columns: Indices) -> None:
        rows, values = self._program.entries_of(columns)
        for row, crowd in self._crowd_rows:
            of_crowd = set(crowd.columns)
            for index, column in enumerate(columns.tolist()):
                if column in of_crowd:
                    rows[index].append(row)
                    values[index].append(1.0)
        costs = [self._program.costs[column] for column in columns.tolist()]
        self._add_columns(costs, rows, values, upper=1.0)
        self._inside = np.concatenate([self._inside, columns])

    def _add_columns(
        self,
        costs: Sequence[float],
        rows: Sequence[Sequence[int]],
        values: Sequence[Sequence[float]],
        *,
        upper: float,
    ) -> None:
        many = len(costs)
        flat_rows = [row for column in rows for row in column]
        flat_values = [value for column in values for value in column]
        starts = np.cumsum([0, *(len(column) for column in rows)])[:-1]
        self._solver.addCols(
            many,
            np.array(costs),
            np.zeros(many),
            np.full(many, upper),
            len(flat_rows),
            starts.astype(np.int32),
            np.array(flat_rows, dtype=np.int32),
            np.array(flat_values, dtype=np.float64),
        )

    def _leave_out(self, unwanted: NDArray[np.bool_]) -> None:
        """Take seats out of the solver; `unwanted` is by column of the program."""
        is_seat = (self._inside >= 0) & (self._inside < self._seats)
        gone = np.zeros(len(self._inside), dtype=np.bool_)
        gone[is_seat] = unwanted[self._inside[is_seat]]
        at = np.flatnonzero(gone).astype(np.int32)
        if len(at):
            self._solver.deleteCols(len(at), at)
            self._inside = self._inside[~gone]


def _promising(seating: Seating) -> NDArray[np.bool_]:
    """The seats with which to begin: the cheapest for each team, for each of its demands, and for
    each person."""
    facts = seating.facts
    wanted = np.zeros(len(seating.pairs), dtype=np.bool_)
    for team in seating.teams:
        eligible = facts.eligible[team.id]
        order = sorted(eligible, key=lambda one: (eligible[one], one))
        chosen = order[:_PROMISING_FOR_TEAM]
        for demand in facts.demands[team.id]:
            able = (one for one in order if demand.met_by(facts.problem.person[one]))
            chosen += [one for one, _ in zip(able, range(_PROMISING_FOR_DEMAND), strict=False)]
        columns = [seating.columns.get((one, team.id), -1) for one in chosen]
        wanted[[column for column in columns if column >= 0]] = True
    offered: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
    for column, (one, team_id) in enumerate(seating.pairs):
        # Of teams at equal cost not always the same, so that everybody can be used.
        mixed = (one * 7919 + team_id * 104_729) % 1000
        offered[one].append((facts.eligible[team_id][one], mixed, column))
    for seats in offered.values():
        wanted[[column for _, _, column in sorted(seats)[:_PROMISING_FOR_PERSON]]] = True
    return wanted
