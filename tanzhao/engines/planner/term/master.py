"""Column generation over clusters: a proven bound, prices of the rounds, and a fractional plan.

A column is one placement of one cluster (clusters.py). The master keeps what clusters share:
person-days and slots of the rounds, skills, numbers of visits, coverage, and the joint groups,
which it places itself. Every shared demand may be broken at a high price, so that a term that
cannot hold together has prices too; a bound found with them is valid all the same.
"""

import highspy
import numpy as np

from tanzhao.engines.planner.term.clusters import FORBIDDEN, Choice, ClusterChoices
from tanzhao.engines.planner.term.frame import Bools, Floats, Frame, Ints
from tanzhao.engines.planner.term.rows import Rows
from tanzhao.engines.planner.term.worths import Cut

_INF = highspy.kHighsInf


class Master:
    def __init__(self, frame: Frame, cuts: list[Cut]) -> None:
        self.frame, self.cuts = frame, cuts
        self.choices = ClusterChoices(frame)
        self.rows = Rows(frame, self.choices, cuts)
        self.bound = -np.inf
        self.value = np.inf
        self.best_prices = np.zeros(self.rows.count)
        # Columns of clusters, flat: which item goes to which round in which column.
        self.column_cluster = np.empty(0, dtype=np.int64)
        self.column_cost = np.empty(0)
        self.column_opened = np.empty((0, frame.n_rounds), dtype=np.bool_)
        self.placed_column = np.empty(0, dtype=np.int64)
        self.placed_item = np.empty(0, dtype=np.int64)
        self.placed_round = np.empty(0, dtype=np.int64)
        self._known: set[tuple[int, bytes]] = set()
        self.allowed = frame.allowed.copy()
        self._items_of = [np.flatnonzero(self._owner() == c) for c in range(frame.n_clusters)]
        self._later_of: dict[int, list[int]] = {}
        for later in np.flatnonzero(frame.follows >= 0).tolist():
            self._later_of.setdefault(int(frame.follows[later]), []).append(later)
        self._model = self._start_model()

    def _owner(self) -> Ints:
        owner = np.full(self.frame.n_items, -1, dtype=np.int64)
        owner[self.choices.singles] = self.choices.single_cluster
        owner[self.choices.first] = self.choices.pair_cluster
        owner[self.choices.later] = self.choices.pair_cluster
        return owner

    def _start_model(self) -> highspy.Highs:
        model = highspy.Highs()
        model.silent()
        model.setOptionValue("threads", 1)
        model.setOptionValue("presolve", "off")
        rows, n_clusters = self.rows, self.frame.n_clusters
        empty = np.empty(0)
        none = np.empty(0, dtype=np.int32)
        low = np.concatenate([np.ones(n_clusters), rows.low])
        high = np.concatenate([np.ones(n_clusters), rows.high])
        model.addRows(len(low), low, high, 0, none, none, empty)
        slack = rows.slack_columns()
        self._add(
            model, slack.costs, slack.upper, slack.columns, slack.rows + n_clusters, slack.values
        )
        joint = rows.joint_columns()
        # One convexity row for each joint group, after all others.
        self._joint_row = n_clusters + rows.count
        n_joint = len(self.choices.joint)
        model.addRows(n_joint, np.ones(n_joint), np.ones(n_joint), 0, none, none, empty)
        columns = np.concatenate([joint.columns, np.arange(len(joint.costs))])
        at = np.concatenate([joint.rows + n_clusters, self._joint_row + joint.owner])
        values = np.concatenate([joint.values, np.ones(len(joint.costs))])
        self._add(model, joint.costs, np.full(len(joint.costs), _INF), columns, at, values)
        self._first_column = model.getNumCol()
        self._joint = joint
        self._joint_at = len(slack.costs)
        return model

    @staticmethod
    def _add(
        model: highspy.Highs,
        costs: Floats,
        upper: Floats,
        columns: Ints,
        rows: Ints,
        values: Floats,
    ) -> None:
        order = np.argsort(columns, kind="stable")
        starts = np.searchsorted(columns[order], np.arange(len(costs)))
        model.addCols(
            len(costs),
            costs,
            np.zeros(len(costs)),
            upper,
            len(values),
            starts.astype(np.int32),
            rows[order].astype(np.int32),
            values[order].astype(np.float64),
        )

    def with_cuts(self, cuts: list[Cut], *, slack: float = 1e9) -> "Master":
        """Make a master with more cuts, these columns, and what was proven.

        Args:
            slack: columns whose reduced cost is above it are left behind.
        """
        made = Master(self.frame, [*self.cuts, *cuts])
        at, more = self.rows.skill_at, made.rows.count - self.rows.count
        for name in ("best_prices",):
            old = getattr(self, name)
            setattr(made, name, np.concatenate([old[:at], np.zeros(more), old[at:]]))
        made.bound = self.bound
        reduced = np.array(self._model.getSolution().col_dual)[self._first_column :]
        kept = np.flatnonzero(reduced <= slack)
        new_number = np.full(len(self.column_cost), -1, dtype=np.int64)
        new_number[kept] = np.arange(len(kept))
        used = new_number[self.placed_column] >= 0
        made._take(
            self.column_cluster[kept],
            self.column_cost[kept],
            self.column_opened[kept],
            new_number[self.placed_column[used]],
            self.placed_item[used],
            self.placed_round[used],
        )
        made._known = self._known
        made.allowed = self.allowed
        made._shut_wrong()
        made._begin_from(self, kept)
        return made

    def _begin_from(self, old: "Master", kept: Ints) -> None:
        """Start the simplex method where `old` stands; the new cuts hold with their slacks."""
        basis, was = highspy.HighsBasis(), old._model.getBasis()
        if not was.valid:
            return
        more, n = self.rows.count - old.rows.count, self.frame.n_clusters
        at = 2 * self.frame.n_rounds + old.rows.skill_at  # the load rows have three slacks each
        columns, rows = list(was.col_status), list(was.row_status)
        lower = [highspy.HighsBasisStatus.kLower] * more
        basis.col_status = [
            *columns[:at],
            *lower,
            *columns[at : old._first_column],
            *(columns[old._first_column + k] for k in kept.tolist()),
        ]
        at = n + old.rows.skill_at
        basis.row_status = [*rows[:at], *[highspy.HighsBasisStatus.kBasic] * more, *rows[at:]]
        basis.valid = True
        self._model.setBasis(basis)

    # --- one pass ------------------------------------------------------------------------------

    def solve(self) -> Floats:
        """Solve the restricted master; gives prices of the shared rows."""
        self._model.run()
        self.value = self._model.getInfo().objective_function_value
        duals = np.array(self._model.getSolution().row_dual)
        n = self.frame.n_clusters
        return self.rows.clipped(duals[n : n + self.rows.count])

    def price(self, prices: Floats, *, prove: bool) -> Choice:
        """Find the cheapest columns at `prices`; with `prove`, raise `bound` if they do."""
        items, opening = self.rows.prices_of(prices)
        allowed = np.where(self.allowed, items, FORBIDDEN)
        choice = self.choices.cheapest(allowed, opening, prove=prove)
        if prove:
            bound = float(choice.least.sum()) + self.rows.worth_of(prices)
            for j in self.choices.joint:
                bound += float(allowed[j][self.allowed[j]].min())
            if bound > self.bound:
                self.bound, self.best_prices = bound, prices
        return choice

    def add(self, choice: Choice) -> int:
        """Add the columns of `choice` that are new; gives how many."""
        frame, chosen = self.frame, []
        for c in np.flatnonzero(choice.values < FORBIDDEN / 2).tolist():
            key = (c, choice.opened[c].tobytes() + choice.rounds[self._items_of[c]].tobytes())
            if key not in self._known:
                self._known.add(key)
                chosen.append(c)
        if not chosen:
            return 0
        clusters = np.array(chosen, dtype=np.int64)
        counts = np.array([len(self._items_of[c]) for c in chosen])
        items = np.concatenate([self._items_of[c] for c in chosen]).astype(np.int64)
        columns = np.repeat(np.arange(len(chosen)), counts)
        rounds = choice.rounds[items]
        opened = choice.opened[clusters]
        costs = frame.w_cluster * opened.sum(axis=1).astype(np.float64)
        np.add.at(costs, columns, frame.costs[items, rounds])
        self._take(clusters, costs, opened, columns, items, rounds)
        return len(chosen)

    def _take(
        self, clusters: Ints, costs: Floats, opened: Bools, columns: Ints, items: Ints, rounds: Ints
    ) -> None:
        n, n_clusters, first = len(clusters), self.frame.n_clusters, len(self.column_cluster)
        cols, rows, values = self.rows.entries(clusters, opened, columns, items, rounds)
        cols = np.concatenate([np.arange(n), cols])
        rows = np.concatenate([clusters, rows + n_clusters])
        values = np.concatenate([np.ones(n), values])
        self._add(self._model, costs, np.full(n, _INF), cols, rows, values)
        self.column_cluster = np.concatenate([self.column_cluster, clusters])
        self.column_cost = np.concatenate([self.column_cost, costs])
        self.column_opened = np.concatenate([self.column_opened, opened])
        self.placed_column = np.concatenate([self.placed_column, columns + first])
        self.placed_item = np.concatenate([self.placed_item, items])
        self.placed_round = np.concatenate([self.placed_round, rounds])

    # --- fixing --------------------------------------------------------------------------------

    def fix(self, items: Ints, rounds: Ints) -> None:
        """Let items go to one round only. Bounds are not proven any more until `release`."""
        frame = self.frame
        self.allowed[items] = False
        self.allowed[items, rounds] = True
        for first, r in zip(items.tolist(), rounds.tolist(), strict=True):
            for later in self._later_of.get(first, ()):
                kept = self.allowed[later] & frame.gap_fits[r]
                if kept.any():
                    self.allowed[later] = kept
        self._shut_wrong()

    def restrict(self, allowed: Bools, bound: float, prices: Floats) -> None:
        """Allow items these rounds only, [J, R]; `bound`, found with `prices`, holds there."""
        self.release()
        self.allowed = allowed
        self._shut_wrong()
        self.bound, self.best_prices = bound, prices

    def _shut_wrong(self) -> None:
        wrong = ~self.allowed[self.placed_item, self.placed_round]
        self._shut(self._first_column + np.unique(self.placed_column[wrong]))
        joint = self.choices.joint[self._joint.owner]
        self._shut(self._joint_at + np.flatnonzero(~self.allowed[joint, self._joint.round]))

    def release(self) -> None:
        """Undo every fixing."""
        self.allowed = self.frame.allowed.copy()
        n = self._model.getNumCol() - self._joint_at
        at = np.arange(self._joint_at, self._joint_at + n, dtype=np.int32)
        self._model.changeColsBounds(n, at, np.zeros(n), np.full(n, _INF))

    def _shut(self, columns: Ints) -> None:
        n = len(columns)
        self._model.changeColsBounds(n, columns.astype(np.int32), np.zeros(n), np.zeros(n))

    # --- what it found -------------------------------------------------------------------------

    def column_shares(self) -> Floats:
        """[columns], of the last solve."""
        return np.array(self._model.getSolution().col_value)[self._first_column :]

    def shares(self) -> Floats:
        """[J, R], how much of each item goes to each round in the last solve."""
        frame = self.frame
        found = np.zeros((frame.n_items, frame.n_rounds))
        weights = self.column_shares()[self.placed_column]
        np.add.at(found, (self.placed_item, self.placed_round), weights)
        values = np.array(self._model.getSolution().col_value)
        joint = values[self._joint_at : self._joint_at + len(self._joint.costs)]
        np.add.at(found, (self.choices.joint[self._joint.owner], self._joint.round), joint)
        return found
