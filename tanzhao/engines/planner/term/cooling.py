"""Improving a packed plan by exchanges between its slots: warmed up, and cooled down again.

One cooling after the other, of many lengths and heats, begins with the plan that the last ended
with, sometimes with a joint group or a cluster in another round. A plan a little dearer is at times
taken as the next beginning; after some coolings it is the cheapest again.
"""

import random
from collections.abc import Callable
from math import exp

from tanzhao.engines.planner.term.board import Board
from tanzhao.engines.planner.term.exchanging import Exchanger
from tanzhao.engines.planner.term.frame import Floats
from tanzhao.engines.planner.term.making_room import (
    bring_cluster,
    bring_elsewhere,
    suits_exchanges,
    usual_difference,
)
from tanzhao.engines.planner.term.seating import Seating

# Heats in shares of what a visit's place usually matters. A plan of many visits comes from models
# and is too good for a hot beginning.
_HOT, _COLD = 1 / 16, 1 / 70
_WARM = (1 / 30, 1 / 24, 1 / 20, 1 / 16)
_WARM_OF_MANY = (1 / 40, 1 / 30, 1 / 20)
# Exchanges proposed in the first cooling by visits, in a later one, and how often so many: each
# length takes about as much time.
_FIRST_BY_VISIT, _MOST_FIRST = 20_000, 8_000_000
_LENGTHS, _HOW_OFTEN = (400_000, 1_000_000, 4_000_000, 16_000_000), (10, 16, 4, 1)
# A step makes at least so many.
_STEP = 4_000_000
_CROWDING = 0.1
_IN_CHAINS = (0.0, 0.0, 0.1)
_BENCH_HEATS = 1000.0
# How often a later cooling begins with a joint group, or with a cluster of a round, in another
# round.
_WITH_GROUP = 0.5
_WITH_CLUSTER = 0.5
# The heat, in the same shares, at which a dearer plan is the next beginning, and for how many
# steps at most.
_OUTER_HEAT = 1 / 50
_STEPS_ASTRAY = 30


class Cooling:
    """Cools a plan, `start` at first. Each step says whether a cheaper plan was met."""

    def __init__(
        self, start: Board, *, dearness: Floats, go_on: Callable[[], bool], seed: int
    ) -> None:
        self._frame, self._dearness, self._go_on = start.frame, dearness, go_on
        self._dice = random.Random(f"cooling {seed}")  # noqa: S311 - no secret, a search
        self._seating = Seating(self._frame)
        self._exchanger = Exchanger(self._seating, seed)
        self._scale = usual_difference(self._frame)
        self._groups = [
            j
            for j in range(self._frame.n_items)
            if self._frame.counts[j] > 1 and self._frame.allowed[j].sum() > 1
        ]
        self._now = self._best = start
        self._astray = 0  # steps since it began with the cheapest plan
        self.is_first = suits_exchanges(self._frame)
        self._warm = _WARM if self.is_first else _WARM_OF_MANY

    def step(self, board: Board, *, start: Board | None = None) -> Board | None:
        """Make some coolings; a board cheaper than `board`, if one was met.

        The first begins with `start`, if given.
        """
        is_from_elsewhere = board is not self._best
        self._best = board
        self._astray += 1
        if start is not None:
            self._now = start
        elif is_from_elsewhere or self._now.missing or self._astray > _STEPS_ASTRAY:
            self._now, self._astray = board, 0
        left = _STEP
        while left > 0 and self._go_on():
            proposals, found = self._cool()
            left -= proposals
            if found is not None and self._is_next(found):
                self._now = found
            if found is not None and found.cost < self._best.cost:
                self._best, self._astray = found, 0
        return self._best if self._best is not board else None

    def _is_next(self, found: Board) -> bool:
        dearer = found.cost - self._now.cost
        return (
            self._now.missing > 0
            or dearer <= 0
            or self._dice.random() < exp(-dearer / (_OUTER_HEAT * self._scale))
        )

    def _disturb(self) -> None:
        """Bring now and then a joint group, or the visits of a cluster, into another round: one
        exchange after the other would hardly lead there."""
        if self._groups and self._dice.random() < _WITH_GROUP:
            group = self._dice.choice(self._groups)
            bring_elsewhere(self._seating, group, self._dearness, self._dice)
        if self._dice.random() < _WITH_CLUSTER:
            bring_cluster(self._seating, self._dice)

    def _cool(self) -> tuple[int, Board | None]:
        """Cool once; gives the exchanges proposed, and the cheapest full plan met."""
        if self.is_first:
            hot = _HOT
            proposals = min(_MOST_FIRST, _FIRST_BY_VISIT * len(self._frame.visits))
        else:
            hot = self._dice.choice(self._warm)
            proposals = self._dice.choices(_LENGTHS, _HOW_OFTEN)[0]
        self._seating.take(self._now)
        self._seating.price_bench(_BENCH_HEATS * hot * self._scale)
        self._exchanger.forget()
        if not self.is_first:
            self._disturb()
        self._exchanger.run(
            proposals,
            hot=hot * self._scale,
            cold=_COLD * self._scale,
            go_on=self._go_on,
            crowding=_CROWDING,
            in_chains=self._dice.choice(_IN_CHAINS),
        )
        self.is_first = False
        best = self._exchanger.best
        return proposals, self._seating.board(best) if best is not None else None
