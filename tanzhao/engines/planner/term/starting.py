"""A first plan, from the fractional one."""

import numpy as np

from tanzhao.engines.planner.search import Limit
from tanzhao.engines.planner.term.board import Board
from tanzhao.engines.planner.term.diving import dive
from tanzhao.engines.planner.term.frame import Floats, Frame
from tanzhao.engines.planner.term.making_room import make_room, suits_exchanges
from tanzhao.engines.planner.term.packing import pack_round
from tanzhao.engines.planner.term.part import Part, PartModel
from tanzhao.engines.planner.term.relaxing import Relaxation, near_options

# A fixing that raises the value by more than this share broke a demand.
_JUMP = 0.02
_NEAR = 400.0
_LEFT_TO_MODEL = 24
_MODEL_ASKS = 45
_MODEL_SECONDS = 2.5
# A large term has models that decide more: what the dive leaves before it breaks anything at all,
# since of so many visits hardly any is in pieces.
_NEAR_OF_MANY = 800.0
_JUMP_OF_MANY, _GAP_OF_MANY = 5e-4, 1.5e-2
_MODEL_SECONDS_OF_MANY = 8.0


def first_board(
    frame: Frame, relaxed: Relaxation, *, limit: Limit, until: float, seed: int
) -> Board:
    """Take what the fractional plan places whole, place the rest by a model, and pack.

    What finds no slot by itself gets one by exchanges; if none does, it has no place on the board.
    """
    shares, dearness = relaxed.shares(), relaxed.dearness()

    def go_on() -> bool:
        return not limit.stop() and limit.stopwatch() < until

    board = Board.empty(frame)
    jump = _JUMP_OF_MANY if frame.is_large else _JUMP
    board.rounds = dive(relaxed, go_on, leave=_LEFT_TO_MODEL, jump=jump)
    drop_wrong_gaps(board)
    is_small = suits_exchanges(frame)
    if not is_small:
        board = _by_model(board, relaxed, shares, dearness, limit=limit, until=until, seed=seed)
    board = packed(board, range(frame.n_rounds), seed=seed)
    if board.missing or board.short:
        board = make_room(board, dearness=dearness, go_on=go_on, seed=seed, gentle=not is_small)
    return board


def _by_model(
    board: Board,
    relaxed: Relaxation,
    shares: Floats,
    dearness: Floats,
    *,
    limit: Limit,
    until: float,
    seed: int,
) -> Board:
    """Place what has no round by an integer model; as it is if none is found."""
    frame = board.frame
    free = np.flatnonzero((board.rounds < 0) & frame.allowed.any(axis=1))
    near = _NEAR_OF_MANY if frame.is_large else _NEAR
    options = near_options(frame, dearness, shares, near)[free]
    part = Part(
        items=free,
        options=options,
        missing_cost=relaxed.master.rows.excess.visit,
        cuts=relaxed.cuts,
    )
    model = PartModel(board, part)
    if limit.seconds is not None:
        most = min(_MODEL_SECONDS, 0.1 * limit.seconds)
        if frame.is_large:
            most = min(_MODEL_SECONDS_OF_MANY, 0.25 * limit.seconds)
        until = min(until, limit.stopwatch() + most)
    gap = _GAP_OF_MANY if frame.is_large else 2e-3
    solved = model.solve(limit=limit, until=until, asks=_MODEL_ASKS, seed=seed, gap=gap)
    return model.board_of(solved) if solved.found else board


def drop_wrong_gaps(board: Board) -> None:
    """Take look-backs from rounds that are not at the right gap after their first visit."""
    frame = board.frame
    for later in np.flatnonzero(frame.follows >= 0).tolist():
        first = int(frame.follows[later])
        a, b = board.rounds[first], board.rounds[later]
        if b >= 0 and (a < 0 or not frame.gap_fits[a, b]):
            board.rounds[later] = -1


def packed(board: Board, rounds: range | list[int], *, seed: int) -> Board:
    """Pack the rounds named; what finds no slot leaves the board."""
    for r in rounds:
        for v in pack_round(board, r, seed=seed).tolist():
            board.take_out(int(board.frame.items[v]))
    return board
