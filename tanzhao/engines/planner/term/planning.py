"""Planning a term: prove a bound, make a first plan from it, then improve the plan."""

from dataclasses import replace
from math import ceil, isfinite

import numpy as np

from tanzhao.engines.planner.reasons import Reason, reason
from tanzhao.engines.planner.search import Limit, OnProgress, Progress, tell_nobody
from tanzhao.engines.planner.term.board import Board
from tanzhao.engines.planner.term.bounding import Bounding, is_small
from tanzhao.engines.planner.term.branching import Tree
from tanzhao.engines.planner.term.conflicts_counting import counted_clashes
from tanzhao.engines.planner.term.frame import Frame, frame_of
from tanzhao.engines.planner.term.improving import Improver
from tanzhao.engines.planner.term.making_room import make_room, suits_exchanges
from tanzhao.engines.planner.term.problem import FIRST, TermPlan, TermProblem, Unplaced
from tanzhao.engines.planner.term.relaxing import Relaxation
from tanzhao.engines.planner.term.starting import first_board

_USUAL_STEPS = 200
# Steps in vain after which a plan with visits left out is given up, when only steps limit it.
_REPAIRS = 150
# Steps that leave as many out after which it is given up, whatever limits it, where counting shows
# that not everything can be placed.
_REPAIRS_OF_CLASH = 12
# Divisions of the tree of joint groups, at most: few where contents of rounds say more soon, and
# its share of limited seconds.
_DIVISIONS, _FEW_DIVISIONS = 150, 20
_SHARE_OF_TREE = 0.35
# After so many steps the bound of a small term is raised by the contents of its rounds.
_STEPS_TO_BOUNDING = 2


def plan(
    problem: TermProblem,
    *,
    limit: Limit | None = None,
    seed: int = 0,
    on_progress: OnProgress | None = None,
) -> TermPlan:
    """Place every visit of a term in a round and a team slot, as cheaply as `limit` allows.

    Args:
        limit: 200 improvement steps if None. A limit of seconds counts from this call.
    Returns: the best plan found and a proven bound; what is left out with its reason, and then
        the smallest set of demands found that cannot hold together. The same seed and the same
        number of steps give the same plan.
    """
    search = _Search(problem, limit or Limit(steps=_USUAL_STEPS), seed, on_progress or tell_nobody)
    search.run()
    return search.answer()


class _Search:
    def __init__(
        self, problem: TermProblem, limit: Limit, seed: int, on_progress: OnProgress
    ) -> None:
        self.problem, self.limit, self.seed = problem, limit, seed
        self._tell = on_progress
        self.began = limit.stopwatch()
        self.until = float("inf") if limit.seconds is None else self.began + limit.seconds
        self.steps = 0
        self._in_vain = 0  # steps since the last that made the plan better
        self.frame: Frame = frame_of(problem)
        self.board = Board.empty(self.frame)
        self.bound = 0
        self._best: int | None = None
        self._bounding: Bounding | None = None

    @property
    def _time_left(self) -> bool:
        return not self.limit.stop() and self.limit.stopwatch() < self.until

    def run(self) -> None:
        if not self.problem.units or not self.problem.rounds:
            return
        relaxed = Relaxation(self.frame)
        while not relaxed.is_done and self._time_left:
            relaxed.advance()
            self._note_bound(relaxed.bound)
        if not isfinite(relaxed.master.value):
            return
        tree = Tree(relaxed)
        self.board = self._first_board(relaxed)
        self._note_board()
        improver = self._improver(relaxed)
        is_first_only = self.limit.steps == 0 and not self.board.missing
        # A small term gains most of what there is in a second, before the bound is raised.
        while improver.is_at_first_cooling and not self._is_over:
            self.steps += 1
            self._step(improver)
        if not tree.are_groups_whole and not is_first_only:
            self._decide_groups(tree, improver)
            if not suits_exchanges(self.frame):
                board = self._first_board(relaxed)
                if board.rank < self.board.rank:
                    self.board = board
                    self._note_board()
                improver = self._improver(relaxed)
        self._improve(improver, relaxed)

    def _first_board(self, relaxed: Relaxation) -> Board:
        return first_board(self.frame, relaxed, limit=self.limit, until=self.until, seed=self.seed)

    def _improver(self, relaxed: Relaxation) -> Improver:
        return Improver(
            self.board,
            dearness=relaxed.dearness(),
            missing_cost=relaxed.master.rows.excess.visit,
            cuts=relaxed.cuts,
            limit=self.limit,
            seed=self.seed,
        )

    def _decide_groups(self, tree: Tree, improver: Improver) -> None:
        """Raise the bound by the tree; between its steps, seek room for visits without a place."""
        until = self.until
        if self.limit.seconds is not None:
            until = self.limit.stopwatch() + _SHARE_OF_TREE * self.limit.seconds
        for _ in range(_FEW_DIVISIONS if is_small(self.frame) else _DIVISIONS):
            if tree.are_groups_whole or not self._time_left or self.limit.stopwatch() > until:
                break
            tree.advance()
            self._note_bound(tree.bound)
            if self.board.missing:
                self._step(improver)
        tree.enter_best()
        self._note_bound(tree.bound)

    def _improve(self, improver: Improver, relaxed: Relaxation) -> None:
        in_vain, as_many, lost = 0, 0, 0
        while self._time_left and not self._is_proven:
            is_repair = self.board.missing > 0
            if is_repair:
                in_vain += 1
                if in_vain > _REPAIRS and self.limit.seconds is None:
                    return
                if lost != self.board.rank[0]:
                    lost, as_many = self.board.rank[0], 0
                as_many += 1
                if as_many == _REPAIRS_OF_CLASH and any(counted_clashes(self.problem)):
                    return
            elif self.limit.steps is not None and self.steps >= self.limit.steps:
                return
            else:
                self.steps += 1
            if not is_repair:
                self._raise_bound(relaxed)
                self._dive(relaxed, improver)
            if self._step(improver):
                in_vain = 0

    @property
    def _is_over(self) -> bool:
        return not self._time_left or self._is_proven or self.steps == self.limit.steps

    def _step(self, improver: Improver) -> bool:
        is_better = improver.step(self.until)
        self._in_vain = 0 if is_better else self._in_vain + 1
        if is_better:
            self.board = improver.board
            self._note_board()
        return is_better

    def _raise_bound(self, relaxed: Relaxation) -> None:
        """Make a step of raising the bound of a small term whose plan is packed."""
        if self.steps < _STEPS_TO_BOUNDING or not is_small(self.frame):
            return
        if self._bounding is None:
            self._bounding = Bounding(relaxed, self.board)
        self._bounding.grant(self._in_vain)
        while self._bounding.is_due and self._time_left:
            self._bounding.advance(enough=self.board.cost, go_on=lambda: self._time_left)
            self._note_bound(self._bounding.bound)

    def _dive(self, relaxed: Relaxation, improver: Improver) -> None:
        """Let a plan made from the bound of a small term be improved."""
        if self._bounding is None or not self._bounding.is_ripe or not self._time_left:
            return
        board = self._bounding.dive(enough=self.board.cost, go_on=lambda: self._time_left)
        if board.missing or board.short:
            board = make_room(
                board,
                dearness=relaxed.dearness(),
                go_on=lambda: self._time_left,
                seed=self.seed + self.steps,
                gentle=True,
            )
        improver.begin_from(board)
        if improver.board is board:
            self.board = board
            self._note_board()

    @property
    def _is_proven(self) -> bool:
        return self.board.rank[0] == 0 and self.board.cost <= self.bound

    def _note_bound(self, bound: float) -> None:
        if not isfinite(bound):
            return
        # A price is a float: what adding them may lose is taken off before rounding up.
        whole = ceil(bound - max(1e-4, 1e-9 * abs(bound)))
        if whole > self.bound:
            self.bound = whole
            self._report()

    def _note_board(self) -> None:
        missing, cost = self.board.rank
        if missing == 0:
            self._best = cost
        self._report()

    def _report(self) -> None:
        seconds = self.limit.stopwatch() - self.began
        self._tell(Progress(seconds, self.steps, self._best, self.bound))

    # --- the answer ----------------------------------------------------------------------------

    def answer(self) -> TermPlan:
        unplaced = self._unplaced()
        conflict: tuple[Reason, ...] = ()
        if unplaced:
            # The finder of conflicts imports this package's models; most plans never need it.
            from tanzhao.engines.planner.term.conflicts import find_conflict

            conflict = find_conflict(self.problem, limit=self._rest())
        cost = self.board.cost
        return TermPlan(
            visits=self.board.placed(),
            cost=cost,
            bound=self.bound if unplaced else min(self.bound, cost),
            unplaced=tuple(unplaced),
            conflict=conflict,
            seconds=self.limit.stopwatch() - self.began,
            steps=self.steps,
        )

    def _rest(self) -> Limit:
        """What the search for a conflict may take: a quarter of what the plan took."""
        if self.limit.seconds is None:
            return self.limit
        return replace(self.limit, seconds=max(2.0, self.limit.seconds / 4))

    def _unplaced(self) -> list[Unplaced]:
        """What has no place; if only coverage is short, the visits that come too late for it."""
        board, frame = self.board, self.frame
        late: set[int] = set()
        if not board.missing and board.short:
            late = self._take_out_late()
        lost = []
        for v, (unit, visit) in enumerate(frame.visits):
            item = int(frame.items[v])
            if board.rounds[item] < 0:
                lost.append(Unplaced(unit, visit, self._why(item, unit, visit, late)))
        return lost

    def _take_out_late(self) -> set[int]:
        """Take out first visits by which a year is short of its coverage, latest first."""
        board, frame = self.board, self.frame
        taken: set[int] = set()
        short = board.short
        order = sorted(
            np.flatnonzero(frame.firsts > 0).tolist(),
            key=lambda j: (frame.firsts[j] > 1, -int(frame.months[board.rounds[j]]), j),
        )
        for j in order:
            if short <= 0:
                break
            board.take_out(j)
            taken.add(j)
            short -= int(frame.firsts[j])
        return taken

    def _why(self, item: int, unit: int, visit: int, late: set[int]) -> Reason:
        frame = self.frame
        if not frame.allowed[item].any():
            return reason("no_round_allowed", unit=unit, visit=visit)
        first = int(frame.follows[item])
        if first in late or item in late:
            return reason("coverage_unreached", unit=unit, visit=visit)
        if visit != FIRST and first >= 0 and self.board.rounds[first] < 0:
            return reason("first_visit_unplaced", unit=unit, visit=visit)
        return reason(
            "no_room_found", unit=unit, visit=visit, rounds=int(frame.allowed[item].sum())
        )
