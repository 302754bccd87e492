"""A plan with few moves, found by exchanges: what the proof of the fewest begins from.

Every visit starts in the round and slot it had; those that cannot stay wait on the bench. To be
elsewhere costs a visit 1, and nothing else costs anything, so that the exchanges of annealing
(exchanging.py) count moves. What comes out is packed.
"""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from tanzhao.engines.planner.term.board import Board
from tanzhao.engines.planner.term.demands import Visit
from tanzhao.engines.planner.term.exchanging import Exchanger
from tanzhao.engines.planner.term.frame import Floats, Frame, frame_of
from tanzhao.engines.planner.term.making_room import bring_elsewhere, bring_somewhere, relieve
from tanzhao.engines.planner.term.packing import pack_round
from tanzhao.engines.planner.term.problem import Placed, TermProblem
from tanzhao.engines.planner.term.seating import Seating
from tanzhao.engines.planner.term.starting import drop_wrong_gaps

# Heats in moves: at 0.2 one exchange of a hundred may move a visit more, at 1 every third.
_SEEKING = (0.2, 0.35, 0.5, 0.7, 1.0)
_ROUNDS_OF_SEEKING = 4
_HOT, _COOLED = 0.35, 0.1
_COOLINGS = 3
_IN_CHAINS = 0.2
_CROWDING = 0.1
_BENCH = 1000.0
_BY_VISIT, _LEAST, _MOST = 5000, 300_000, 3_000_000


def few_moves(
    problem: TermProblem,
    old: Sequence[Placed],
    *,
    fewest: int,
    go_on: Callable[[], bool],
    seed: int,
    effort: int = 1,
) -> tuple[Placed, ...] | None:
    """Place and seat every visit, as few as possible in another round than in `old`.

    Args:
        fewest: no plan moves fewer visits; one that moves so many ends the search.
        go_on: asked between some hundred thousand exchanges. effort: so many times as many.
    Returns: None if no plan was found that keeps every rule; that proves nothing.
    """
    frame = frame_of(replace(problem, w_cluster=0, w_balance=0))
    if not frame.allowed.any(axis=1).all():
        return None
    home = {(placed.unit, placed.visit): placed for placed in old}
    seating = Seating(frame)
    seating.take(_as_it_was(frame, home, seed))
    relieve(seating)
    moves = _moves(frame, home)
    seating.price_moves(moves)
    dice = random.Random(f"moves {seed}")  # noqa: S311 - no secret, a search
    dearness = _dearness(frame, moves)
    for j in range(frame.n_items):
        if frame.counts[j] > 1 and seating.slot_of(frame.members[j][0]) == seating.bench:
            bring_somewhere(seating, j, dearness[j])
    exchanger = Exchanger(seating, seed)
    proposals = min(_MOST, max(_LEAST, _BY_VISIT * len(frame.visits)))
    groups = [j for j in range(frame.n_items) if frame.counts[j] > 1]

    def with_group_elsewhere() -> None:
        if groups:
            bring_elsewhere(seating, dice.choice(groups), dearness, dice)

    if not _seek(seating, exchanger, proposals, go_on, with_group_elsewhere):
        return None
    for _ in range(effort * _COOLINGS):
        if exchanger.best_cost <= fewest or not go_on():
            break
        seating.price_bench(_BENCH)
        exchanger.run(proposals, hot=_HOT, cold=_COOLED, go_on=go_on, in_chains=_IN_CHAINS)
    return seating.board(exchanger.best).placed()


def _as_it_was(frame: Frame, home: Mapping[Visit, Placed], seed: int) -> Board:
    """The old plan as far as single visits may stay, their slots no fuller than they can be."""
    board = Board.empty(frame)
    number = {round_.id: r for r, round_ in enumerate(frame.problem.rounds)}
    for j, members in enumerate(frame.members):
        were = [home.get(frame.visits[v]) for v in members]
        rounds = {number.get(placed.round, -1) if placed else -1 for placed in were}
        r = rounds.pop()
        if not rounds and r >= 0 and frame.allowed[j, r]:
            board.rounds[j] = r
            board.slots[list(members)] = [placed.team for placed in were if placed]
    drop_wrong_gaps(board)
    for r in range(frame.n_rounds):
        for v in pack_round(board, r, seed=seed, exact=False).tolist():
            board.take_out(int(frame.items[v]))
    return board


def _moves(frame: Frame, home: Mapping[Visit, Placed]) -> Floats:
    """[V, R], 1 where a visit is not at home. A visit without a home is at home everywhere."""
    ids = [round_.id for round_ in frame.problem.rounds]
    moves = np.zeros((len(frame.visits), frame.n_rounds))
    for v, visit in enumerate(frame.visits):
        if visit in home:
            moves[v] = [float(home[visit].round != r) for r in ids]
    return moves


def _dearness(frame: Frame, moves: Floats) -> Floats:
    """[J, R], how many visits of an item move there; infinite where it may not go."""
    total = np.zeros((frame.n_items, frame.n_rounds))
    np.add.at(total, frame.items, moves)
    dearness: Floats = np.where(frame.allowed, total, np.inf)
    return dearness


def _seek(
    seating: Seating,
    exchanger: Exchanger,
    proposals: int,
    go_on: Callable[[], bool],
    with_group_elsewhere: Callable[[], None],
) -> bool:
    """Warm the plan up, more and more, until every visit has a slot; then again with a joint
    group elsewhere."""
    for turn, heat in enumerate(_SEEKING * _ROUNDS_OF_SEEKING):
        if seating.is_full or not go_on():
            break
        if turn and heat == _SEEKING[0]:
            with_group_elsewhere()
        seating.price_bench(_BENCH * heat)
        exchanger.run(
            proposals, hot=heat, cold=heat, go_on=go_on, crowding=_CROWDING, until_full=True
        )
    if seating.is_full:
        exchanger.best, exchanger.best_cost = seating.seats.at.copy(), seating.cost
    return seating.is_full
