"""A tree of relaxations: the rounds of the joint groups are decided, then those of single items.

A joint group fills a third of a round at once. The relaxation may divide it among rounds, which
makes its bound low and its prices false; every other visit is too small to matter as much. A
node of the tree allows each item some of its rounds. The open node with the lowest bound is
divided first, so that this lowest bound holds for all plans.
"""

import heapq
from dataclasses import dataclass, field

import numpy as np

from tanzhao.engines.planner.term.frame import Bools, Floats
from tanzhao.engines.planner.term.relaxing import Relaxation

_WHOLE = 0.99
_CLOSE = 1.5e-4
_MOST_PASSES = 40


@dataclass(order=True)
class _Node:
    """`allowed`: [J, R]. `prices`: of the rows the master had then. `shares`: [J, R]."""

    bound: float
    number: int
    allowed: Bools = field(compare=False)
    prices: Floats = field(compare=False)
    shares: Floats = field(compare=False)


class Tree:
    """Divides the node with the lowest bound at every step; `bound` holds for all plans."""

    def __init__(self, relaxed: Relaxation) -> None:
        self.relaxed, self.frame = relaxed, relaxed.frame
        self._groups = relaxed.master.choices.joint
        self._number = 0
        self._open: list[_Node] = []
        self._keep(relaxed.master.allowed.copy())

    @property
    def bound(self) -> float:
        return self._open[0].bound

    @property
    def are_groups_whole(self) -> bool:
        """Whether the cheapest node leaves no joint group divided."""
        shares = self._open[0].shares[self._groups]
        return bool((shares.max(axis=1, initial=0.0) > _WHOLE).all())

    def advance(self) -> bool:
        """Divide the rounds of the item that is most in pieces in the cheapest node, groups first.

        Returns: False if none is in pieces.
        """
        node, frame = self._open[0], self.frame
        pieces = np.maximum(0, _WHOLE - node.shares.max(axis=1)) * frame.loads
        pieces[~node.allowed.any(axis=1)] = 0
        if pieces[self._groups].any():
            pieces[frame.counts == 1] = 0
        item = int(pieces.argmax())
        if not pieces[item]:
            return False
        heapq.heappop(self._open)
        rounds = np.arange(frame.n_rounds)
        here = np.flatnonzero(node.allowed[item])
        # Both sides must be left with rounds, or the same node would come back.
        middle = min(max(int(node.shares[item] @ rounds), int(here[0])), int(here[-1]) - 1)
        for side in (rounds <= middle, rounds > middle):
            allowed = node.allowed.copy()
            allowed[item] &= side
            self._visit(node, self._narrowed(allowed, item))
        return True

    def enter_best(self) -> None:
        """Bring the master to the cheapest node, to make a plan from it."""
        self._visit(heapq.heappop(self._open), None)

    def _narrowed(self, allowed: Bools, first: int) -> Bools:
        """Take from look-backs the rounds that no round of their first visits leaves them."""
        fits = self.frame.gap_fits[allowed[first]].any(axis=0)
        for later in np.flatnonzero(self.frame.follows == first):
            if (allowed[later] & fits).any():
                allowed[later] &= fits
        return allowed

    def _visit(self, node: _Node, allowed: Bools | None) -> None:
        master = self.relaxed.master
        more = master.rows.count - len(node.prices)
        at = master.rows.skill_at - more
        prices = np.concatenate([node.prices[:at], np.zeros(more), node.prices[at:]])
        master.restrict(node.allowed if allowed is None else allowed, node.bound, prices)
        self.relaxed.settle(close=_CLOSE, passes=_MOST_PASSES)
        self._keep(master.allowed)

    def _keep(self, allowed: Bools) -> None:
        master = self.relaxed.master
        self._number += 1
        prices, shares = master.best_prices.copy(), self.relaxed.shares()
        heapq.heappush(self._open, _Node(master.bound, self._number, allowed, prices, shares))
