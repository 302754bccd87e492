"""Raising the bound of a small term: contents of rounds, placements of clusters, then a tree.

First the master of contents is priced to the end, then rows of the clusters' placements are added
while they help. What is still divided is decided by a tree: the rounds of a joint group, or in how
many rounds up to some month a cluster is opened. The open node with the lowest bound is divided
first; that lowest bound holds for all plans.
"""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from math import floor

import numpy as np

from tanzhao.engines.planner.term.board import Board, amounts_by_size
from tanzhao.engines.planner.term.contents_diving import dive
from tanzhao.engines.planner.term.contents_master import ContentsMaster
from tanzhao.engines.planner.term.contents_rows import SharedRow
from tanzhao.engines.planner.term.frame import Bools, Floats, Frame, Ints
from tanzhao.engines.planner.term.hulls import ClusterHulls
from tanzhao.engines.planner.term.making_room import is_full
from tanzhao.engines.planner.term.relaxing import Relaxation

# Small terms have so many items.
_MOST_ITEMS = 160
# Passes of pricing in one step, so that plans are improved in between.
_PASSES = 5
# A bound so near the value of its master, in units of cost, is as good as that: some 0.003 % of
# what a county's plan costs. A node of the tree needs less, as it is divided further.
_CLOSE, _CLOSE_IN_TREE = 3.0, 6.0
_MOST_ROUNDS_OF_ROWS = 14
# Rows are sought again while they raise the bound by this share of it.
_WORTHWHILE = 1e-4
_LEAST_OF_SLOT = 0.01
_WHOLE = 0.99
_PASSES_OF_NODE = 40
# What a step of improving a plan takes, in nodes looked at for contents; steps in vain after which
# as much again is granted, and how often at most.
_EFFORT_BY_STEP = 1_100_000
_IN_VAIN, _MOST_MORE = 8, 5
# Steps of raising the bound between two plans made from it.
_STEPS_PER_DIVE = 6


@dataclass(order=True)
class _Node:
    """`allowed`: [J, R]. `limits`: of rows of openings. `prices`: that proved the bound.

    `shares`, `opened`: the fractional plan it ended with.
    """

    bound: float
    number: int
    allowed: Bools = field(compare=False)
    limits: dict[int, tuple[float, float]] = field(compare=False)
    prices: Floats = field(compare=False)
    shares: Floats = field(compare=False)
    opened: Floats = field(compare=False)


def is_small(frame: Frame) -> bool:
    """Whether a term is so small that its bound can be raised beyond that of clusters."""
    return frame.n_items <= _MOST_ITEMS and bool(frame.allowed.any(axis=1).all())


class Bounding:
    """Raises `bound` step by step. It holds for every plan that places all visits."""

    def __init__(self, relaxed: Relaxation, board: Board) -> None:
        self.frame = relaxed.frame
        self.master = ContentsMaster(self.frame, relaxed.cuts)
        self.master.add_board(board)
        self._hulls = ClusterHulls(self.frame, relaxed.master.choices)
        self._relaxed = relaxed
        self._groups = np.flatnonzero(self.frame.counts > 1)
        self._weights = np.zeros(self.frame.n_clusters)
        np.add.at(self._weights, self.frame.clusters, 1.0)
        self.master.forget(self._first_prices(relaxed))
        self.bound = -np.inf
        self.is_done = not all(contents.is_small for contents in self.master.rounds)
        self._is_priced = False
        self._rounds_of_rows, self._since_dive = 0, _STEPS_PER_DIVE
        self._open: list[_Node] = []
        self._number = 0
        self._granted = 0
        self._row_of: dict[tuple[int, int], int] = {}

    @property
    def is_ripe(self) -> bool:
        """Whether the fractional plan is worth a dive: priced to the end, and again after so many
        steps. In a full term what a dive leaves for the last rounds never fits them."""
        if is_full(self.frame):
            return False
        return self._is_priced and not self.is_done and self._since_dive >= _STEPS_PER_DIVE

    def dive(self, *, enough: float, go_on: Callable[[], bool]) -> Board:
        """Make a plan from the cheapest node of the tree, cheaper than `enough` if that can be;
        visits may be missing in it."""
        self._since_dive = 0
        master = self.master
        proven, allowed = master.prices, master.allowed
        if self._open:
            node = self._open[0]
            self._enter(node, node.allowed, node.limits)
            master.settle(close=_CLOSE, passes=_PASSES, enough=np.inf, go_on=go_on)
            proven, allowed = node.prices, node.allowed
        board = dive(master, enough=enough, go_on=go_on)
        # Back to where the rows or the tree go on.
        master.restrict(allowed)
        master.forget(proven)
        master.settle(close=_CLOSE, passes=_PASSES_OF_NODE, enough=np.inf, go_on=go_on)
        return board

    @property
    def is_due(self) -> bool:
        """Whether raising the bound took less than was granted."""
        return not self.is_done and self.master.effort < self._granted

    def grant(self, in_vain: int) -> None:
        """Grant what is due for a step of improving a plan: as much as that took, and more when
        improving has been in vain for some steps. Counted, not timed, so that the same steps give
        the same plan."""
        self._granted += _EFFORT_BY_STEP * (1 + min(_MOST_MORE, in_vain // _IN_VAIN))

    def _first_prices(self, relaxed: Relaxation) -> Floats:
        """Prices to begin with, from those of the master of clusters: what an item pays there in
        its cheapest round, with its share of its clusters' openings; coverage and worths as there.
        """
        master, frame = relaxed.master, self.frame
        rows, best = master.rows, master.best_prices.copy()
        # This master has no rows yet for links of openings and for the clusters' gaps.
        best[rows.opening_at :] = 0.0
        costs, _ = rows.prices_of(best)
        prices = self.master.prices.copy()
        least = np.where(frame.allowed, costs, np.inf).min(axis=1)
        shares = self._shares_of_openings(relaxed.shares())
        prices[: frame.n_items] = least + shares
        coverage = best[rows.coverage_at : rows.opening_at]
        prices[frame.n_items : frame.n_items + len(coverage)] = coverage
        return prices

    def _shares_of_openings(self, shares: Floats) -> Floats:
        """[J], what the openings that a fractional plan needs cost each item."""
        frame = self.frame
        opened = np.zeros((frame.n_clusters, frame.n_rounds))
        for j, clusters in enumerate(frame.item_clusters):
            for c in clusters:
                opened[c] = np.maximum(opened[c], shares[j])
        each = frame.w_cluster * opened.sum(axis=1) / np.maximum(self._weights, 1)
        paid = np.zeros(frame.n_items)
        np.add.at(paid, frame.items, each[frame.clusters])
        return paid

    def advance(self, *, enough: float, go_on: Callable[[], bool]) -> None:
        """Make one step; sets `is_done` when no other would help.

        Args:
            enough: cost of a plan known: no higher bound is needed.
            go_on: asked between passes.
        """
        self._since_dive += 1
        if not self._is_priced:
            self._is_priced = self._settle(_CLOSE, _PASSES, enough, go_on)
        elif self._rounds_of_rows < _MOST_ROUNDS_OF_ROWS:
            self._add_rows(enough, go_on)
        else:
            self._divide(enough, go_on)
        if self.bound >= enough or not np.isfinite(self.master.value):
            self.is_done = True

    def _settle(self, close: float, passes: int, enough: float, go_on: Callable[[], bool]) -> bool:
        is_settled = self.master.settle(close=close, passes=passes, enough=enough, go_on=go_on)
        if not self._open:
            self.bound = max(self.bound, self.master.bound)
        return is_settled

    # --- rows of clusters ----------------------------------------------------------------------

    def _add_rows(self, enough: float, go_on: Callable[[], bool]) -> None:
        before = self.bound
        self._rounds_of_rows += 1
        if self._rounds_of_rows == 1:
            master = self._relaxed.master
            rows = self._hulls.rows_at(*master.rows.prices_of(master.best_prices))
        else:
            rows = self._hulls.broken(*self.master.point(), go_on=go_on)
            rows += self._worth_rows()
        for row in rows:
            self.master.add_row(row)
        self._settle(_CLOSE, _PASSES_OF_NODE, enough, go_on)
        is_worthwhile = self.bound - before > _WORTHWHILE * abs(self.bound)
        if self._rounds_of_rows > 2 and not is_worthwhile:
            self._rounds_of_rows = _MOST_ROUNDS_OF_ROWS

    def _worth_rows(self) -> list[SharedRow]:
        """Worths of efforts that the fractional plan breaks."""
        frame, rows = self.frame, []
        amounts = amounts_by_size(frame, self.master.point()[0])
        for r in np.flatnonzero(frame.teams).tolist():
            maker = self._relaxed.makers.get(int(frame.caps[r]))
            if maker is None:
                continue
            need, worth = maker.slots_needed(amounts[r])
            if need > frame.teams[r] + _LEAST_OF_SLOT:
                worths = frame.of_size @ worth.values
                may = np.flatnonzero(frame.allowed[:, r] & (worths > 0)).tolist()
                terms = {(j, r): float(worths[j]) for j in may}
                rows.append(SharedRow(terms, high=float(frame.teams[r])))
        return rows

    # --- the tree ------------------------------------------------------------------------------

    def _divide(self, enough: float, go_on: Callable[[], bool]) -> None:
        if not self._open:
            self._keep(self.master.allowed, {}, self.bound)
        node = self._open[0]
        sides = self._sides_of(node)
        if not sides:
            self.is_done = True
            return
        made = []
        for allowed, limits in sides:
            self._enter(node, allowed, limits)
            self.master.settle(
                close=_CLOSE_IN_TREE, passes=_PASSES_OF_NODE, enough=enough, go_on=go_on
            )
            if not go_on():
                return
            made.append((allowed, limits, max(node.bound, self.master.bound)))
            self._keep(*made[-1])
        self._open.remove(node)
        heapq.heapify(self._open)
        self.bound = max(self.bound, self._open[0].bound)

    def _enter(self, node: _Node, allowed: Bools, limits: dict[int, tuple[float, float]]) -> None:
        self.master.restrict(allowed)
        for row in self._row_of.values():
            self.master.set_limits(row, *limits.get(row, (0.0, float(self.frame.n_rounds))))
        self.master.forget(node.prices)

    def _keep(self, allowed: Bools, limits: dict[int, tuple[float, float]], bound: float) -> None:
        self._number += 1
        point = self.master.point()
        prices = self.master.prices.copy()
        heapq.heappush(self._open, _Node(bound, self._number, allowed, limits, prices, *point))

    def _sides_of(self, node: _Node) -> list[tuple[Bools, dict[int, tuple[float, float]]]]:
        """Both sides of what is most divided in a node: a group first, then a cluster's openings,
        then any item. Empty if nothing is."""
        item = self._divided(node, self._groups)
        if item < 0:
            cluster, last, many = self._divided_cluster(node)
            if cluster >= 0:
                row = self._row_for(cluster, last)
                low, high = node.limits.get(row, (0.0, float(self.frame.n_rounds)))
                fewer, more = (low, float(many)), (many + 1.0, high)
                return [(node.allowed, node.limits | {row: limits}) for limits in (fewer, more)]
            item = self._divided(node, np.arange(self.frame.n_items))
        if item < 0:
            return []
        rounds = np.arange(self.frame.n_rounds)
        here = np.flatnonzero(node.allowed[item])
        middle = min(max(int(node.shares[item] @ rounds), int(here[0])), int(here[-1]) - 1)
        sides = []
        for side in (rounds <= middle, rounds > middle):
            allowed = node.allowed.copy()
            allowed[item] &= side
            sides.append((allowed, node.limits))
        return sides

    def _divided(self, node: _Node, items: Ints) -> int:
        """The item in most pieces, by its load; -1 if none is in pieces."""
        shares = node.shares[items]
        pieces = np.maximum(0.0, _WHOLE - shares.max(axis=1, initial=0.0))
        pieces *= self.frame.loads[items] * (node.allowed[items].sum(axis=1) > 1)
        return int(items[pieces.argmax()]) if pieces.any() else -1

    def _divided_cluster(self, node: _Node) -> tuple[int, int, int]:
        """A cluster, a round, and the number of openings up to it of which the node has between
        that and one more, as near the middle as any; -1 if none is divided."""
        so_far = node.opened.cumsum(axis=1)
        parts = so_far - np.floor(so_far + 1e-6)
        score = np.minimum(parts, 1 - parts)
        score[score < 1 - _WHOLE] = 0
        score *= np.log1p(self._weights)[:, None]
        at = int(score.argmax())
        cluster, last = divmod(at, self.frame.n_rounds)
        if score.flat[at] <= 0:
            return -1, -1, -1
        return cluster, last, floor(float(so_far[cluster, last]) + 1e-6)

    def _row_for(self, cluster: int, last: int) -> int:
        """The row that counts the openings of a cluster up to a round."""
        if (cluster, last) not in self._row_of:
            opened = {(cluster, r): 1.0 for r in range(last + 1)}
            row = SharedRow({}, opened, low=0.0, high=float(self.frame.n_rounds))
            self._row_of[cluster, last] = self.master.add_row(row)
        return self._row_of[cluster, last]
