"""Column generation over the contents of rounds: a bound that knows what a round can hold.

Where the master of clusters (master.py) divides rounds among clusters, this one divides clusters
among rounds: a column is a whole content of one round (contents.py). Rows of what clusters can do
(hulls.py) and limits of a search tree (bounding.py) are added to it. Every row may be broken at a
high price, so that there are always prices.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import highspy
import numpy as np

from tanzhao.engines.planner.term.board import Board
from tanzhao.engines.planner.term.contents import RoundContents, Tables
from tanzhao.engines.planner.term.contents_rows import INF, SharedRow, shared_rows
from tanzhao.engines.planner.term.frame import Bools, Floats, Frame
from tanzhao.engines.planner.term.making_room import is_full, usual_difference
from tanzhao.engines.planner.term.rows import excess_of
from tanzhao.engines.planner.term.worths import Cut

# How far prices may leave those that proved most, by what they change the price of an item, in
# shares of what a visit's place usually matters: at first, at least, and as good as anywhere.
_REACH, _LEAST_REACH, _ANYWHERE = 1 / 25, 1 / 250, 400.0
# They reach further after a pass that gained this share of what was hoped for, less far after one
# that gained nothing, and much further where all within reach is known.
_GAINED, _FURTHER, _LESS_FAR, _MUCH_FURTHER = 0.5, 2.0, 0.8, 4.0
# How much of the prices that proved most stays in those asked next (Wentges, 1997).
_SMOOTHING = 0.3
# Nodes looked at for the cheapest content of a round: at first, and where nothing new is found
# any more so many times as many, up to the last.
_FIRST_NODES, _MORE_NODES, _MOST_NODES = 30_000, 4, 2_000_000
# A row broken by more, in its own unit, is broken.
_BROKEN = 1e-7
# Contents that keep only totals are priced until this share of the bound is left to gain.
_ROUGHLY = 2e-3
# After columns are added the last solution still holds. In a full term, where they are many, HiGHS
# goes on from it with this method; elsewhere its own choice gives prices that lead further.
_PRIMAL_SIMPLEX = 4

# What a solve takes, in nodes.
_NODES_BY_SOLVE = 150_000

type Column = tuple[int, tuple[int, ...]]  # a round and its content


@dataclass
class _Entries:
    """Coefficients of rows, in coordinates: of items, or of clusters, by round."""

    who: list[int]
    round: list[int]
    row: list[int]
    value: list[float]

    def put(self, row: int, terms: Mapping[tuple[int, int], float]) -> None:
        for (who, round_), value in terms.items():
            self.who.append(who)
            self.round.append(round_)
            self.row.append(row)
            self.value.append(value)

    def priced(self, costs: Floats, prices: Floats) -> Floats:
        """`costs` less what the rows pay: [who, R]."""
        left = costs.copy()
        paid = np.array(self.value) * prices[np.array(self.row, dtype=np.int64)]
        np.subtract.at(left, (np.array(self.who, np.int64), np.array(self.round, np.int64)), paid)
        return left


class ContentsMaster:
    """Prices the rows and raises `bound`, which holds for every plan that keeps all rows.

    Attributes:
        value: of the last solve: `bound` does not rise above it without more rows.
        prices: [rows], that proved `bound`.
        allowed: [J, R], rounds that items may go to.
    """

    def __init__(self, frame: Frame, cuts: list[Cut]) -> None:
        self.frame = frame
        tables = Tables()
        self.rounds = [RoundContents(frame, r, tables) for r in range(frame.n_rounds)]
        self.allowed = frame.allowed
        self.bound, self.value = -np.inf, np.inf
        self._scale = usual_difference(frame)
        self._most_nodes = _FIRST_NODES
        self._reach = _REACH * self._scale
        self._low: list[float] = []
        self._high: list[float] = []
        self._greatest: list[float] = []  # coefficient of each row
        self._slack_at: list[int] = []  # column of the slack upwards; that downwards is the next
        self.prices: Floats = np.empty(0)
        self._of_items = _Entries([], [], [], [])
        self._of_clusters = _Entries([], [], [], [])
        self._items_at: dict[tuple[int, int], list[tuple[int, float]]] = {}
        self._clusters_at: dict[tuple[int, int], list[tuple[int, float]]] = {}
        self._columns: list[Column] = []
        self._column_at: list[int] = []
        self._known: set[Column] = set()
        self._solves = 0
        # A joint group may be worth what all its visits are.
        self._breaking = excess_of(frame).visit * int(frame.counts.max(initial=1))
        self._model = highspy.Highs()
        self._model.silent()
        self._model.setOptionValue("threads", 1)
        self._model.setOptionValue("presolve", "off")
        if is_full(frame):
            self._model.setOptionValue("simplex_strategy", _PRIMAL_SIMPLEX)
        # First one row for each round: it has one content.
        for _ in range(frame.n_rounds):
            self._model.addRow(1.0, 1.0, 0, np.empty(0, dtype=np.int32), np.empty(0))
        for row in shared_rows(frame, cuts, self.rounds):
            self.add_row(row)

    # --- rows and columns ----------------------------------------------------------------------

    def add_row(self, row: SharedRow) -> int:
        """Add what every plan keeps; gives the number of the row."""
        number = len(self._low)
        self._low.append(row.low)
        self._high.append(row.high)
        self.prices = np.append(self.prices, 0.0)
        self._of_items.put(number, row.items)
        self._of_clusters.put(number, row.opened)
        for item, value in row.items.items():
            self._items_at.setdefault(item, []).append((number, value))
        for cluster, value in row.opened.items():
            self._clusters_at.setdefault(cluster, []).append((number, value))
        found = [(at, self._in_row(column, row)) for at, column in self._contents()]
        terms = [(at, value) for at, value in found if value]
        at = self.frame.n_rounds + number
        coefficients = [abs(value) for value in (*row.items.values(), *row.opened.values())]
        self._greatest.append(max(coefficients, default=0.0) or 1.0)
        self._slack_at.append(self._model.getNumCol())
        indices = np.array([column for column, _ in terms], dtype=np.int32)
        values = np.array([value for _, value in terms], dtype=np.float64)
        self._model.addRow(row.low, row.high, len(terms), indices, values)
        for sign in (1.0, -1.0):
            self._model.addCol(
                self._breaking, 0.0, INF, 1, np.array([at], dtype=np.int32), np.array([sign])
            )
        return number

    def _in_row(self, column: Column, row: SharedRow) -> float:
        r, items = column
        total = sum(row.items.get((j, r), 0.0) for j in items)
        if row.opened:
            total += sum(row.opened.get((c, r), 0.0) for c in self._clusters_of(items))
        return total

    def set_limits(self, row: int, low: float, high: float) -> None:
        """Change what a row has to keep. What was proven before needs not hold any more."""
        self._low[row], self._high[row] = low, high
        self._model.changeRowBounds(self.frame.n_rounds + row, low, high)

    def restrict(self, allowed: Bools) -> None:
        """Let items go to these rounds only, [J, R]."""
        if np.array_equal(allowed, self.allowed):
            return
        self.allowed = allowed
        for r, contents in enumerate(self.rounds):
            contents.allow(allowed[:, r])
        for at, (r, items) in self._contents():
            is_open = bool(allowed[list(items), r].all())
            self._model.changeColBounds(at, 0.0, INF if is_open else 0.0)

    def forget(self, prices: Floats) -> None:
        """Prove anew, beginning with `prices`; those of rows added since are 0."""
        self.bound = -np.inf
        self.prices = np.concatenate([prices, np.zeros(len(self._low) - len(prices))])

    def add_board(self, board: Board) -> None:
        """Add the contents of the rounds of a plan, and that every round may be empty."""
        for r in range(self.frame.n_rounds):
            self._add(r, ())
            self._add(r, tuple(np.flatnonzero(board.rounds == r).tolist()))

    def _clusters_of(self, items: tuple[int, ...]) -> set[int]:
        return {c for j in items for c in self.frame.item_clusters[j]}

    def _add(self, r: int, items: tuple[int, ...]) -> bool:
        column = (r, items)
        if column in self._known:
            return False
        self._known.add(column)
        self.rounds[r].note(items)
        frame, n = self.frame, self.frame.n_rounds
        entries = {r: 1.0}
        clusters = self._clusters_of(items)
        for j in items:
            for row, value in self._items_at.get((j, r), ()):
                entries[n + row] = entries.get(n + row, 0.0) + value
        for c in clusters:
            for row, value in self._clusters_at.get((c, r), ()):
                entries[n + row] = entries.get(n + row, 0.0) + value
        cost = float(frame.costs[list(items), r].sum())
        cost += frame.w_cluster * len(clusters) + self.rounds[r].cost_of_load(items)
        rows = np.array(sorted(entries), dtype=np.int32)
        values = np.array([entries[row] for row in sorted(entries)])
        self._column_at.append(self._model.getNumCol())
        self._columns.append(column)
        is_open = not items or bool(self.allowed[list(items), r].all())
        self._model.addCol(cost, 0.0, INF if is_open else 0.0, len(rows), rows, values)
        return True

    @property
    def effort(self) -> int:
        """What all passes took, in nodes that were looked at for contents."""
        return sum(contents.effort for contents in self.rounds) + _NODES_BY_SOLVE * self._solves

    # --- passes --------------------------------------------------------------------------------

    def settle(
        self, *, close: float, passes: int, enough: float, go_on: Callable[[], bool]
    ) -> bool:
        """Price until the bound is within `close` of the value, or is `enough`.

        Returns: False if `passes` or time did not suffice.
        """
        if not np.isfinite(self.bound):
            self._price(self.prices, go_on)
        self._fence_in()
        for _ in range(passes):
            if not go_on():
                return False
            before, prices = self.bound, self._solve()
            if not np.isfinite(self.value):
                return False
            hoped = self.value - before
            if hoped < _ROUGHLY * abs(before) and self._demand_more():
                pass  # what else totals could prove takes longer than to go on without them
            elif hoped < close:
                if self._is_at_fence():
                    self._reach *= _MUCH_FURTHER
                else:
                    return True
            else:
                known = len(self._columns)
                self._price(_SMOOTHING * self.prices + (1 - _SMOOTHING) * prices, go_on)
                if self.bound <= before and len(self._columns) == known:
                    # Smoothed, they would show nothing in the next pass either.
                    self._price(prices, go_on)
                    if self.bound <= before and len(self._columns) == known:
                        if not self._demand_more() and self._most_nodes >= _MOST_NODES:
                            return True
                        self._most_nodes *= _MORE_NODES
                if self.bound >= enough:
                    return True
                if self.bound > before + _GAINED * hoped:
                    self._reach *= _FURTHER
                elif self.bound <= before:
                    self._reach = max(_LEAST_REACH * self._scale, self._reach * _LESS_FAR)
            self._fence_in()
        return False

    def _demand_more(self) -> bool:
        """Let contents keep all demands if they kept only totals so far; says whether it is so."""
        if not any(contents.is_rough for contents in self.rounds):
            return False
        for contents in self.rounds:
            contents.demand_all()
        kept = []
        for at, (r, items) in self._contents():
            if self.rounds[r].keeps(items):
                kept.append((at, (r, items)))
            else:
                self._model.changeColBounds(at, 0.0, 0.0)
        self._column_at = [at for at, _ in kept]
        self._columns = [column for _, column in kept]
        return True

    def _fence_in(self) -> None:
        """Let a row be broken at what keeps prices near those that proved most (Marsten, Hogan
        and Blankenship, 1975): far from them, too few contents are known to say anything."""
        width = self._reach / np.array(self._greatest)
        breaking = np.maximum(self._breaking, np.abs(self.prices))
        highest = np.minimum(self.prices + width, breaking)
        lowest = np.maximum(self.prices - width, -breaking)
        # A row that asks for enough, or for not too much, has a price of one sign.
        is_least, is_most = np.array(self._high) == INF, np.array(self._low) == -INF
        highest[is_least] = np.maximum(highest[is_least], 0.0)
        lowest[is_most] = np.minimum(lowest[is_most], 0.0)
        at = np.array(self._slack_at, dtype=np.int32)
        self._model.changeColsCost(
            2 * len(at), np.concatenate([at, at + 1]), np.concatenate([highest, -lowest])
        )

    def _is_at_fence(self) -> bool:
        """Whether the last solve broke a row at less than the price of breaking it."""
        if self._reach >= _ANYWHERE * self._scale:
            return False
        values = np.array(self._model.getSolution().col_value)
        at = np.array(self._slack_at)
        return bool((np.maximum(values[at], values[at + 1]) > _BROKEN).any())

    def _solve(self) -> Floats:
        """Solve over the columns known; gives prices of the rows."""
        self._model.run()
        self._solves += 1
        is_solved = self._model.getModelStatus() == highspy.HighsModelStatus.kOptimal
        self.value = self._model.getInfo().objective_function_value if is_solved else INF
        if not is_solved:
            return np.zeros(len(self._low))
        duals = np.array(self._model.getSolution().row_dual)[self.frame.n_rounds :]
        low, high = np.array(self._low), np.array(self._high)
        # A price with the wrong sign, by rounding, would prove nothing.
        duals[(low == -INF) & (duals > 0)] = 0
        duals[(high == INF) & (duals < 0)] = 0
        return duals

    def _price(self, prices: Floats, go_on: Callable[[], bool]) -> None:
        """Find the cheapest contents at `prices`, and keep what they prove if all were found."""
        frame = self.frame
        items = self._of_items.priced(frame.costs.astype(np.float64), prices)
        opening = np.full((frame.n_clusters, frame.n_rounds), float(frame.w_cluster))
        opening = self._of_clusters.priced(opening, prices)
        limits = np.where(prices > 0, np.array(self._low), np.array(self._high))
        used = prices != 0
        bound = float((prices[used] * limits[used]).sum())
        for r, contents in enumerate(self.rounds):
            if not go_on():
                return
            found = contents.cheapest(items[:, r], opening[:, r], most=self._most_nodes)
            bound += found.value
            if found.items is not None:
                self._add(r, found.items)
        if bound > self.bound:
            self.bound, self.prices = bound, prices

    def used(self) -> list[Column]:
        """Contents used in the last solve, most used first."""
        values = np.array(self._model.getSolution().col_value)
        shares = [(float(values[at]), column) for at, column in self._contents()]
        shares.sort(key=lambda used: (-round(used[0], 6), used[1]))
        return [column for share, column in shares if share > 1e-6]

    def _contents(self) -> Iterator[tuple[int, Column]]:
        return zip(self._column_at, self._columns, strict=True)

    def point(self) -> tuple[Floats, Floats]:
        """[J, R] and [C, R]: how much of each item is in each round, and how far each cluster is
        open there, in the last solve."""
        frame = self.frame
        values = np.array(self._model.getSolution().col_value)
        shares = np.zeros((frame.n_items, frame.n_rounds))
        opened = np.zeros((frame.n_clusters, frame.n_rounds))
        for at, (r, items) in self._contents():
            if values[at] > 1e-9:
                shares[list(items), r] += values[at]
                opened[sorted(self._clusters_of(items)), r] += values[at]
        return shares, opened
