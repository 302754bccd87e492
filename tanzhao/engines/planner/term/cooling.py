"""Improving a packed plan by exchanges between its slots: warmed up, and cooled down again."""

import random
from collections.abc import Callable
from itertools import pairwise

from tanzhao.engines.planner.term.board import Board
from tanzhao.engines.planner.term.exchanging import Exchanger
from tanzhao.engines.planner.term.frame import Floats
from tanzhao.engines.planner.term.making_room import (
    bring_elsewhere,
    is_full,
    suits_exchanges,
    usual_difference,
)
from tanzhao.engines.planner.term.seating import Seating

# Heats in shares of what a visit's place usually matters.
_HOT, _COLD = 1 / 16, 1 / 70
_WARM = (1 / 40, 1 / 25, 1 / 18)
_CROWDING = 0.1
_BENCH_HEATS = 1000.0
# Exchanges proposed in the first cooling and in each later one, by visits, and at once.
_FIRST_BY_VISIT, _LATER_BY_VISIT = 5000, 2500
# In a full term most exchanges do not fit: it is cooled from hot again, this slowly.
_SLOWLY_BY_VISIT = (10_000, 60_000, 60_000)
_SLOWLY_TO = 1 / 50
_FEW_VISITS = 450
_AT_ONCE, _MOST_LATER = 50_000, 400_000
_STEP_PIECES = 4
# How often a later cooling begins with a joint group in another round.
_WITH_GROUP = 0.3


class Cooling:
    """Cools a plan, the first time `start`; `is_again` if the term's plan was cooled before.

    Each step proposes some exchanges and says whether a cheaper plan was met.
    """

    def __init__(
        self,
        start: Board,
        *,
        dearness: Floats,
        go_on: Callable[[], bool],
        seed: int,
        is_again: bool = False,
    ) -> None:
        self._start = start
        self._frame, self._dearness, self._go_on = start.frame, dearness, go_on
        self._dice = random.Random(f"cooling {seed}")  # noqa: S311 - no secret, a search
        self._seating = Seating(self._frame)
        self._exchanger = Exchanger(self._seating, self._dice)
        self._scale = usual_difference(self._frame)
        self._groups = [
            j
            for j in range(self._frame.n_items)
            if self._frame.counts[j] > 1 and self._frame.allowed[j].sum() > 1
        ]
        self._heats: list[tuple[float, float]] = []  # hot and cold of each piece still to come
        is_slow = is_full(self._frame) and len(self._frame.visits) <= _FEW_VISITS
        self._slow = list(_SLOWLY_BY_VISIT) if is_slow else []
        # A plan of many visits comes from models and is too good for a hot beginning. What is
        # cooled slowly next needs no second quick cooling.
        self.is_first = suits_exchanges(self._frame) and not (is_again and is_slow)

    @property
    def is_long(self) -> bool:
        """Whether a cooling over several steps is under way, or to come."""
        return self.is_first or bool(self._slow)

    def step(self, board: Board, *, start: Board | None = None) -> Board | None:
        """Make some exchanges; a board cheaper than `board`, if one was met.

        The first cooling and slow ones go on over several steps; a later one is a step, and
        begins with `start`, or with `board`.
        """
        if not self._heats:
            self._begin(board, start or board)
        pieces = _STEP_PIECES if self.is_long else len(self._heats)
        for hot, cold in self._heats[:pieces]:
            if not self._go_on():
                break
            self._exchanger.run(_AT_ONCE, hot=hot, cold=cold, crowding=_CROWDING)
        del self._heats[:pieces]
        if not self._heats and self.is_first:
            self.is_first = False
        elif not self._heats and self._slow:
            self._slow.pop(0)
        best = self._exchanger.best
        if best is None or self._exchanger.best_cost >= board.cost:
            return None
        return self._seating.board(best)

    def _begin(self, board: Board, start: Board) -> None:
        visits = len(self._frame.visits)
        cold = _COLD
        if self.is_first:
            hot, proposals = _HOT, _FIRST_BY_VISIT * visits
        elif self._slow:
            hot, cold, proposals = _HOT, _SLOWLY_TO, self._slow[0] * visits
        else:
            hot, proposals = self._dice.choice(_WARM), _LATER_BY_VISIT * visits
            proposals = min(proposals, _MOST_LATER)
        pieces = max(1, round(proposals / _AT_ONCE))
        factor = (cold / hot) ** (1 / pieces)
        heats = [self._scale * hot * factor**piece for piece in range(pieces + 1)]
        self._heats = list(pairwise(heats))
        self._seating.take(self._start if self.is_long else start)
        self._seating.price_bench(_BENCH_HEATS * heats[0])
        self._exchanger.forget(float(board.cost))
        if not self.is_long and self._groups and self._dice.random() < _WITH_GROUP:
            group = self._dice.choice(self._groups)
            bring_elsewhere(self._seating, group, self._dearness, self._dice)
