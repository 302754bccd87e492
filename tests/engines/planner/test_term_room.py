"""Full terms: every visit finds a slot, and exchanges between slots count what they do."""

import random

import numpy as np
import pytest

from tanzhao.engines.planner import plan_term
from tanzhao.engines.planner.search import Limit
from tanzhao.engines.planner.term.board import Board
from tanzhao.engines.planner.term.checking import broken_rules
from tanzhao.engines.planner.term.exchange import term_plan_document, term_problem_from
from tanzhao.engines.planner.term.exchanging import Exchanger
from tanzhao.engines.planner.term.frame import frame_of
from tanzhao.engines.planner.term.making_room import (
    bring_group,
    make_room,
    suits_exchanges,
    usual_difference,
)
from tanzhao.engines.planner.term.seating import Seating
from tanzhao.engines.planner.term.seats import FORBIDDEN
from tests.engines.planner.generator import term_instance
from tests.engines.planner.judge import check_term
from tests.engines.planner.tiny_terms import tiny_term


def _planted(seed, **given):
    """A frame and the board of its planted plan."""
    document, visits = term_instance(seed, **given)
    frame = frame_of(term_problem_from(document))
    number = {visit: v for v, visit in enumerate(frame.visits)}
    board = Board.empty(frame)
    for placed in visits:
        v = number[placed["unit"], placed["visit"]]
        board.rounds[frame.items[v]] = placed["round"]
        board.slots[v] = placed["team"]
    return frame, board


def _group_of(frame):
    """A joint group that several rounds allow."""
    return next(
        j for j in range(frame.n_items) if frame.counts[j] > 1 and frame.allowed[j].sum() > 3
    )


def _counted_afresh(seating, board):
    """What the slots of a seating cost, counted one by one from the plan it began with."""
    fresh = Seating(seating.frame)
    fresh.take(board)
    fresh.price_bench(seating.seats.missing_cost[0])
    fresh.hold(seating.seats.at)
    return fresh.cost


def _broken_but_missing(frame, board):
    """Rules broken by what is placed, beyond what is missing and years short for want of it."""
    broken = {rule.code for rule in broken_rules(frame.problem, board.placed())}
    return broken - {"unplaced", "coverage_short"}


@pytest.mark.parametrize(
    ("seed", "units", "utilisation", "evenness"),
    [(2, 110, 0.97, 0.5), (3, 80, 0.97, 1.0), (1, 60, 0.95, 0.0), (4, 40, 0.97, 0.0)],
)
def test_a_full_term_is_packed_before_the_first_step(seed, units, utilisation, evenness):
    document, _visits = term_instance(seed, units=units, utilisation=utilisation, evenness=evenness)

    plan = plan_term(term_problem_from(document), limit=Limit(steps=0))

    bad, cost = check_term(document, term_plan_document(plan))
    assert (bad, plan.unplaced) == ([], ())
    assert plan.cost == cost["total"]


def test_room_is_made_in_an_empty_plan_and_the_same_way_twice():
    frame, _board = _planted(5, units=60, utilisation=0.9)
    dearness = np.where(frame.allowed, frame.costs, np.inf)

    first, again = (
        make_room(Board.empty(frame), dearness=dearness, go_on=lambda: True, seed=3, gentle=False)
        for _ in "ab"
    )

    assert first.rank[0] == 0
    assert broken_rules(frame.problem, first.placed()) == []
    assert first.placed() == again.placed()


def test_a_stopped_search_for_room_leaves_the_plan_as_it_was():
    frame, _board = _planted(5, units=60, utilisation=0.9)
    empty = Board.empty(frame)

    found = make_room(
        empty, dearness=frame.costs.astype(float), go_on=lambda: False, seed=3, gentle=False
    )

    assert found is empty


@pytest.mark.parametrize("seed", range(12))
def test_what_no_round_can_take_does_not_stop_the_rest(seed):
    frame = frame_of(tiny_term(seed))

    found = make_room(
        Board.empty(frame),
        dearness=np.where(frame.allowed, frame.costs, np.inf),
        go_on=lambda: True,
        seed=seed,
        gentle=True,
    )

    # Visits may be left out, but no other rule is broken by those that are placed.
    assert _broken_but_missing(frame, found) == set()


@pytest.mark.parametrize("seed", range(4))
def test_exchanges_keep_the_slots_the_rules_and_the_count_of_the_cost(seed):
    frame, board = _planted(seed, units=60, utilisation=0.93)
    seating = Seating(frame)
    seating.take(board)
    seating.price_bench(2000.0)
    exchanger = Exchanger(seating, seed)
    planted = seating.cost
    heat = usual_difference(frame) / 4

    for crowding in (0.0, 0.1):
        exchanger.run(6000, hot=heat, cold=heat / 4, go_on=lambda: True, crowding=crowding)

        assert seating.cost == pytest.approx(_counted_afresh(seating, board))
        assert seating.seats.room.min() >= 0
        assert _broken_but_missing(frame, seating.board()) == set()

    assert planted == board.cost
    assert exchanger.best is not None
    seating.hold(exchanger.best)
    assert seating.is_full
    assert seating.board().cost == pytest.approx(exchanger.best_cost)
    assert broken_rules(frame.problem, seating.board().placed()) == []


@pytest.mark.parametrize("seed", range(3))
def test_the_price_of_an_exchange_is_what_it_adds(seed):
    frame, board = _planted(seed, units=60, utilisation=0.85)
    seating = Seating(frame)
    seating.take(board)
    seating.price_bench(5000.0)
    dice = random.Random(seed)
    priced = 0
    for _ in range(3000):
        v, w = dice.randrange(len(frame.visits)), dice.randrange(len(frame.visits))
        a, b = seating.slot_of(v), dice.choice([seating.slot_of(w), seating.bench])
        q, r = seating.round_of[a], seating.round_of[b]
        coming = (w,) if b == seating.slot_of(w) else ()
        if q == r:
            continue
        before = seating.cost
        price = seating.price((v,), coming, q, r)
        if price == FORBIDDEN:
            continue
        seating.move(v, b)
        for u in coming:
            seating.move(u, a)
        assert seating.cost - before == pytest.approx(price)
        assert not seating.overfull(q)
        assert not seating.overfull(r)
        priced += 1
    assert priced > 50


def test_a_joint_group_is_brought_to_another_round_whole():
    frame, board = _planted(4, units=80, utilisation=0.9)
    seating = Seating(frame)
    seating.take(board)
    group = _group_of(frame)
    now = int(board.rounds[group])
    other = next(r for r in np.flatnonzero(frame.allowed[group]).tolist() if r != now)

    assert bring_group(seating, group, other)

    found = seating.board()
    assert found.rounds[group] == other
    assert found.missing > 0
    assert _broken_but_missing(frame, found) == set()


def test_a_joint_group_that_finds_no_slots_stays_where_it_was():
    frame, board = _planted(4, units=80, utilisation=0.9)
    seating = Seating(frame)
    seating.take(board)
    group = _group_of(frame)
    other = next(r for r in range(frame.n_rounds) if r != board.rounds[group])
    for slot in seating.slots_in[other]:
        seating.seats.room[slot] -= 10**6  # nothing fits, whoever leaves

    assert not bring_group(seating, group, other)

    after = seating.board()
    assert after.rounds.tolist() == board.rounds.tolist()
    assert after.slots.tolist() == board.slots.tolist()


@pytest.mark.parametrize(
    ("units", "utilisation", "expected"),
    [(110, 0.80, True), (300, 0.90, False), (300, 0.97, True), (500, 0.97, False)],
)
def test_small_terms_and_larger_ones_that_are_full_begin_with_exchanges(
    units, utilisation, expected
):
    frame, _board = _planted(1, units=units, utilisation=utilisation)

    assert suits_exchanges(frame) is expected
