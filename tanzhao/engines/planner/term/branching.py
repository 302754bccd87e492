"""Deciding the rounds of the joint groups, by a tree of relaxations.

A joint group fills a third of a round at once. The relaxation may divide it among rounds, which
makes its bound low and its prices false; every other visit is too small to matter as much. A
node of the tree allows each group some of its rounds. The open node with the lowest bound is
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
    """`allowed`: [J, R]. `prices`: of the rows the master had then. `groups`: shares [G, R]."""

    bound: float
    number: int
    allowed: Bools = field(compare=False)
    prices: Floats = field(compare=False)
    groups: Floats = field(compare=False)


class GroupTree:
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
    def is_done(self) -> bool:
        """Whether the cheapest node leaves no group divided."""
        shares = self._open[0].groups
        return bool((shares.max(axis=1, initial=0.0) > _WHOLE).all())

    def advance(self) -> None:
        """Divide the rounds of the group that is most in pieces in the cheapest node."""
        node = heapq.heappop(self._open)
        pieces = (1 - node.groups.max(axis=1)) * self.frame.loads[self._groups]
        k = int(pieces.argmax())
        group, rounds = int(self._groups[k]), np.arange(self.frame.n_rounds)
        early = rounds <= int(node.groups[k] @ rounds)
        for side in (early, ~early):
            allowed = node.allowed.copy()
            allowed[group] &= side
            if allowed[group].any():
                self._visit(node, self._narrowed(allowed, group))

    def enter_best(self) -> None:
        """Bring the master to the cheapest node, to make a plan from it."""
        self._visit(heapq.heappop(self._open), None)

    def _narrowed(self, allowed: Bools, group: int) -> Bools:
        """Take from look-backs the rounds that no round of their group leaves them."""
        fits = self.frame.gap_fits[allowed[group]].any(axis=0)
        for later in np.flatnonzero(self.frame.follows == group):
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
        shares = self.relaxed.shares()[self._groups]
        node = _Node(master.bound, self._number, allowed, master.best_prices.copy(), shares)
        heapq.heappush(self._open, node)
