"""What a round visits of a cluster is brought into another round, and no rule is broken by it."""

import random

import numpy as np

from tanzhao.engines.planner.search import Limit
from tanzhao.engines.planner.term.board import Board
from tanzhao.engines.planner.term.exchange import term_problem_from
from tanzhao.engines.planner.term.frame import frame_of
from tanzhao.engines.planner.term.making_room import bring_cluster
from tanzhao.engines.planner.term.planning import plan
from tanzhao.engines.planner.term.seating import Seating
from tests.engines.planner.generator import term_instance


def _full_seating():
    document, _planted = term_instance(7, units=40, utilisation=0.9)
    problem = term_problem_from(document)
    frame = frame_of(problem)
    round_of = {r.id: n for n, r in enumerate(problem.rounds)}
    number = {visit: v for v, visit in enumerate(frame.visits)}
    board = Board.empty(frame)
    for placed in plan(problem, limit=Limit(steps=2)).visits:
        v = number[placed.unit, placed.visit]
        board.rounds[frame.items[v]] = round_of[placed.round]
        board.slots[v] = placed.team
    seating = Seating(frame)
    seating.take(board)
    return seating


def test_visits_of_a_cluster_go_to_another_round_and_every_slot_still_holds_its_visits():
    seating, dice = _full_seating(), random.Random(3)
    frame, before = seating.frame, seating.seats.at.copy()
    held = np.flatnonzero(seating.held)

    for _ in range(20):
        bring_cluster(seating, dice)

        assert (seating.seats.room[:-1] >= 0).all()
        assert not any(seating.overfull(r) for r in range(frame.n_rounds))
        for v in range(len(frame.visits)):
            slot = seating.slot_of(v)
            assert slot == seating.bench or seating.seats.may[v, seating.round_of[slot]]
    after = seating.seats.at
    assert (after != before).any()
    assert (after[held] == before[held]).all()


def test_where_nothing_is_placed_nothing_is_brought_anywhere():
    seating = _full_seating()
    seating.clear()
    before = seating.seats.at.copy()

    bring_cluster(seating, random.Random(3))

    assert (seating.seats.at == before).all()
