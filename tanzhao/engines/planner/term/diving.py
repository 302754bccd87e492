"""From the fractional plan towards a whole one: fix what is nearly whole, price again, repeat.

Joint groups are fixed first, since each of them decides for many visits.
"""

from collections.abc import Callable

import numpy as np

from tanzhao.engines.planner.term.frame import Bools, Ints
from tanzhao.engines.planner.term.master import Master
from tanzhao.engines.planner.term.relaxing import Relaxation

_WHOLE = 0.999
_PASSES = 2


def dive(relaxed: Relaxation, go_on: Callable[[], bool], *, leave: int, jump: float) -> Ints:
    """Fix items until no more than `leave` are free, a demand breaks, or `go_on` says no.

    Args:
        jump: share of the value above which a rise by one fixing is a demand that breaks; that
            fixing is not kept.
    Returns: [J], the round of each fixed item, -1 for those left free. The master is released.
    """
    frame = relaxed.frame
    rounds = np.full(frame.n_items, -1, dtype=np.int64)
    places = frame.allowed.any(axis=1)
    while go_on():
        free = (rounds < 0) & places
        if free.sum() <= leave:
            break
        _take_whole(relaxed.master, rounds, free)
        free &= rounds < 0
        value = relaxed.master.value
        items = _next_items(relaxed.master, free)
        shares = relaxed.master.shares()[items]
        items, found = items[shares.max(axis=1) > 0], shares.argmax(axis=1)[shares.max(axis=1) > 0]
        if not len(items):
            break
        relaxed.master.fix(items, found)
        _settle(relaxed)
        if relaxed.master.value > value + jump * abs(value):
            break
        rounds[items] = found
    relaxed.master.release()
    return rounds


def _settle(relaxed: Relaxation) -> None:
    """Price again after a fixing, and cut what the rounds could not pack any more."""
    for _ in range(_PASSES):
        master = relaxed.master
        if not master.add(master.price(master.solve(), prove=False)):
            break
    relaxed.master.solve()
    if relaxed.cut(least=0.05):
        relaxed.master.solve()


def _take_whole(master: Master, rounds: Ints, free: Bools) -> None:
    """Fix every item that goes whole to one round, unless its cluster is in pieces."""
    shares = master.shares()
    pieces = master.column_shares()
    torn = np.unique(master.column_cluster[(pieces > 1e-6) & (pieces < _WHOLE)])
    in_pieces = np.zeros(master.frame.n_items, dtype=np.bool_)
    in_pieces[master.placed_item[np.isin(master.column_cluster[master.placed_column], torn)]] = True
    sure = np.flatnonzero(free & ~in_pieces & (shares.max(axis=1) > _WHOLE))
    if len(sure):
        rounds[sure] = shares[sure].argmax(axis=1)
        master.fix(sure, rounds[sure])


def _next_items(master: Master, free: Bools) -> Ints:
    """Items to fix now: one joint group, or the columns that are most nearly whole."""
    joint = master.choices.joint
    joint = joint[free[joint]]
    if len(joint):
        found: Ints = joint[[master.shares()[joint].max(axis=1).argmax()]]
        return found
    columns = master.column_shares()
    is_free = np.zeros(len(columns), dtype=np.bool_)
    is_free[master.placed_column[free[master.placed_item]]] = True
    open_columns = np.flatnonzero(is_free & (columns > 1e-6))
    order = open_columns[np.argsort(-columns[open_columns], kind="stable")]
    clusters = len(np.unique(master.column_cluster[open_columns]))
    chosen = order[: 1 + clusters // 12]
    # Two columns of one cluster exclude each other; the larger share goes first.
    _, first = np.unique(master.column_cluster[chosen], return_index=True)
    mine = np.isin(master.placed_column, chosen[first])
    items = np.unique(master.placed_item[mine])
    return items[free[items]]
