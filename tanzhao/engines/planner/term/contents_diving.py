"""A plan from the contents of rounds: the one that the bound likes most, round by round.

The fractional plan of the master of contents is rounded by deciding one round after the other:
of the contents used most, the first that fits its slots. The rest is priced anew for a few passes
in between, so that later rounds are filled with what is left.
"""

from collections.abc import Callable

import numpy as np

from tanzhao.engines.planner.term.board import NOWHERE, Board
from tanzhao.engines.planner.term.contents_master import Column, ContentsMaster
from tanzhao.engines.planner.term.contents_rows import INF
from tanzhao.engines.planner.term.frame import Bools, Frame, Ints
from tanzhao.engines.planner.term.slots import fit
from tanzhao.engines.planner.term.starting import drop_wrong_gaps

_PASSES, _CLOSE = 8, 40.0
_FIT_NODES = 200
# Contents tried, before one is decided that leaves no cheaper plan than the one known.
_TRIES = 4


def dive(master: ContentsMaster, *, enough: float, go_on: Callable[[], bool]) -> Board:
    """Decide round after round, beginning with the last solve of `master`.

    Args:
        enough: cost of a plan known. What leaves no cheaper one is not decided, if anything else
            can be.
    Returns: a packed board, in which visits may be missing. The master is left with the rounds
        decided: its caller restricts it anew.
    """
    frame = master.frame
    board, allowed = Board.empty(frame), master.allowed.copy()
    left = set(range(frame.n_rounds))
    while left and go_on():
        choices = _most_used(master, left, allowed)
        if not choices:
            break
        prices, least = master.prices, INF
        for place, (r, items) in enumerate(choices):
            narrowed = allowed.copy()
            _decide(frame, narrowed, r, items)
            master.restrict(narrowed)
            master.forget(prices)
            master.settle(close=_CLOSE, passes=_PASSES, enough=enough, go_on=go_on)
            if master.bound < least:
                least, chosen, decided = master.bound, place, narrowed
            if master.bound < enough:
                break
        r, items = choices[chosen]
        if chosen != place:
            master.restrict(decided)
            master.forget(prices)
            master.settle(close=_CLOSE, passes=_PASSES, enough=INF, go_on=go_on)
        left.discard(r)
        allowed = decided
        board.rounds[list(items)] = r
        visits = _visits(frame, items)
        board.slots[visits] = np.array(_slots(frame, r, visits), dtype=np.int64)
    drop_wrong_gaps(board)
    board.slots[board.rounds[frame.items] < 0] = NOWHERE
    return board


def _most_used(master: ContentsMaster, left: set[int], allowed: Bools) -> list[Column]:
    """The contents of rounds of `left` that are used most, of those that fit the slots."""
    frame, found = master.frame, []
    for r, items in master.used():
        if r not in left or not allowed[list(items), r].all() or not _keeps_rules(frame, r, items):
            continue
        if _slots(frame, r, _visits(frame, items)) is not None:
            found.append((r, items))
        if len(found) == _TRIES:
            break
    return found


def _visits(frame: Frame, items: tuple[int, ...]) -> Ints:
    return np.flatnonzero(np.isin(frame.items, items))


def _slots(frame: Frame, r: int, visits: Ints) -> tuple[int, ...] | None:
    """A slot of the round for each visit; None if none was found."""
    efforts = frame.efforts[visits].tolist()
    return fit(efforts, int(frame.teams[r]), int(frame.caps[r]), nodes=_FIT_NODES).slots


def _keeps_rules(frame: Frame, r: int, items: tuple[int, ...]) -> bool:
    """Whether a content keeps what the master may break at a price, or a content need not know."""
    chosen = list(items)
    has_skills = (frame.skills[chosen].sum(axis=0) <= frame.skill_caps[:, r]).all()
    return bool(has_skills) and int(frame.counts[chosen].sum()) <= frame.max_units[r]


def _decide(frame: Frame, allowed: Bools, r: int, items: tuple[int, ...]) -> None:
    """Let a round hold these items and no others, and their look-backs keep the gap, in place."""
    chosen = list(items)
    allowed[chosen] = False
    allowed[:, r] = False
    allowed[chosen, r] = True
    for later in np.flatnonzero(frame.follows >= 0).tolist():
        # Who is left without a round by this stays out of the plan.
        first = int(frame.follows[later])
        if first in items:
            allowed[later] &= frame.gap_fits[r]
        if later in items:
            allowed[first] &= frame.gap_fits[:, r]
