"""A plan in the making: which round each item has, which slot each visit has, and what it costs."""

from dataclasses import dataclass

import numpy as np

from tanzhao.engines.planner.term.frame import Bools, Floats, Frame, Ints
from tanzhao.engines.planner.term.problem import Placed

NOWHERE = -1


@dataclass
class Board:
    """`rounds`: [J], NOWHERE for an item not placed. `slots`: [V], NOWHERE likewise.

    A board that `is_packed` breaks no rule but coverage, and what its missing visits would keep.
    """

    frame: Frame
    rounds: Ints
    slots: Ints

    @staticmethod
    def empty(frame: Frame) -> "Board":
        return Board(
            frame,
            np.full(frame.n_items, NOWHERE, dtype=np.int64),
            np.full(len(frame.visits), NOWHERE, dtype=np.int64),
        )

    def copy(self) -> "Board":
        return Board(self.frame, self.rounds.copy(), self.slots.copy())

    @property
    def missing(self) -> int:
        """How many visits have no place."""
        return int(self.frame.counts[self.rounds < 0].sum())

    @property
    def short(self) -> int:
        """By how many first visits the years miss their coverage, summed."""
        frame = self.frame
        at = self.rounds >= 0
        years = np.bincount(
            frame.years[self.rounds[at]],
            weights=frame.firsts[at],
            minlength=max(len(frame.problem.coverage), int(frame.years.max(initial=0)) + 1),
        )
        done = np.cumsum(years)[: len(frame.problem.coverage)]
        # Whoever has no place is missing already, and not counted a second time at the end.
        need = np.array(frame.problem.coverage, dtype=np.float64)
        return int(np.maximum(need - done, 0).sum())

    @property
    def loads(self) -> Ints:
        """[R], person-days."""
        return self._summed(self.frame.loads)

    def _summed(self, weights: Ints) -> Ints:
        at = self.rounds >= 0
        return np.bincount(
            self.rounds[at], weights=weights[at], minlength=self.frame.n_rounds
        ).astype(np.int64)

    def opened(self) -> Bools:
        """[C, R], clusters with a visit in the round."""
        frame = self.frame
        opened = np.zeros((frame.n_clusters, frame.n_rounds), dtype=np.bool_)
        rounds = self.rounds[frame.items]
        at = rounds >= 0
        opened[frame.clusters[at], rounds[at]] = True
        return opened

    @property
    def cost(self) -> int:
        """As checking.py counts it, over the visits placed."""
        frame, loads = self.frame, self.loads
        at = np.flatnonzero(self.rounds >= 0)
        waiting = int(frame.costs[at, self.rounds[at]].sum())
        out = np.maximum(loads - frame.high, 0) + np.maximum(frame.low - loads, 0)
        openings = int(self.opened().sum())
        return waiting + frame.w_cluster * openings + frame.w_balance * int(out.sum())

    @property
    def rank(self) -> tuple[int, int]:
        """Lower is better: what is missing first, cost second."""
        return self.missing + self.short, self.cost

    def visits_in(self, round_: int) -> Ints:
        return np.flatnonzero(self.rounds[self.frame.items] == round_)

    def slot_loads(self, round_: int) -> Ints:
        here = self.visits_in(round_)
        here = here[self.slots[here] >= 0]
        return np.bincount(
            self.slots[here],
            weights=self.frame.efforts[here],
            minlength=int(self.frame.teams[round_]),
        ).astype(np.int64)

    def take_out(self, item: int) -> None:
        """Take an item from its round, and the look-backs that may not stay without it."""
        for out in (item, *np.flatnonzero(self.frame.follows == item).tolist()):
            self.rounds[out] = NOWHERE
            self.slots[list(self.frame.members[out])] = NOWHERE

    def items_in_slots(self, chosen: Bools) -> Ints:
        """Items all of whose visits are in slots marked in `chosen`: [R, most slots]."""
        frame = self.frame
        rounds = self.rounds[frame.items]
        inside = (rounds >= 0) & (self.slots >= 0)
        inside[inside] = chosen[rounds[inside], self.slots[inside]]
        whole = np.bincount(frame.items, weights=inside, minlength=frame.n_items)
        return np.flatnonzero(whole == frame.counts)

    def placed(self) -> tuple[Placed, ...]:
        frame = self.frame
        ids = [r.id for r in frame.problem.rounds]
        found = [
            Placed(unit, visit, ids[self.rounds[frame.items[v]]], int(self.slots[v]))
            for v, (unit, visit) in enumerate(frame.visits)
            if self.rounds[frame.items[v]] >= 0
        ]
        return tuple(sorted(found))


def amounts_by_size(frame: Frame, shares: Floats) -> Floats:
    """Visits of each size in each round, [R, S], of fractional `shares` [J, R]."""
    amounts: Floats = shares.T @ frame.of_size
    return amounts
