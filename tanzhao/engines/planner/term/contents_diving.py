"""A plan from the contents of rounds: the one that the bound likes most, round by round.

The fractional plan of the master of contents is rounded by deciding one round after the other:
of the contents used most, the first that fits its slots. The rest is priced anew for a few passes
in between, so that later rounds are filled with what is left.
"""

from collections.abc import Callable

import numpy as np

from tanzhao.engines.planner.term.board import NOWHERE, Board
from tanzhao.engines.planner.term.contents_master import Column, ContentsMaster
from tanzhao.engines.planner.term.frame import Bools, Frame, Ints
from tanzhao.engines.planner.term.slots import fit
from tanzhao.engines.planner.term.starting import drop_wrong_gaps

_PASSES, _CLOSE = 8, 40.0
_FIT_NODES = 200


def dive(master: ContentsMaster, *, go_on: Callable[[], bool]) -> Board:
    """Decide round after round, beginning with the last solve of `master`.

    Returns: a packed board, in which visits may be missing. The master is left with the rounds
        decided: its caller restricts it anew.
    """
    frame = master.frame
    board, allowed = Board.empty(frame), master.allowed.copy()
    left = set(range(frame.n_rounds))
    while left and go_on():
        found = _most_used(master, left, allowed)
        if found is None:
            break
        (r, items), visits, slots = found
        left.discard(r)
        board.rounds[list(items)] = r
        board.slots[visits] = slots
        _decide(frame, allowed, r, items)
        master.restrict(allowed.copy())
        master.forget(master.prices)
        master.settle(close=_CLOSE, passes=_PASSES, enough=np.inf, go_on=go_on)
    drop_wrong_gaps(board)
    board.slots[board.rounds[frame.items] < 0] = NOWHERE
    return board


def _most_used(
    master: ContentsMaster, left: set[int], allowed: Bools
) -> tuple[Column, Ints, Ints] | None:
    """The content of a round of `left` that is used most and fits the slots, its visits, and a
    slot for each."""
    frame = master.frame
    for r, items in master.used():
        if r not in left or not allowed[list(items), r].all() or not _keeps_rules(frame, r, items):
            continue
        visits = np.flatnonzero(np.isin(frame.items, items))
        efforts = frame.efforts[visits].tolist()
        slots = fit(efforts, int(frame.teams[r]), int(frame.caps[r]), nodes=_FIT_NODES).slots
        if slots is not None:
            return (r, items), visits, np.array(slots, dtype=np.int64)
    return None


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
