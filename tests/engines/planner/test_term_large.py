"""Large terms: their relaxation begins near its prices, and their rounds are packed exactly."""

import time

import numpy as np
import pytest

from tanzhao.engines.planner import plan_term
from tanzhao.engines.planner.search import Limit
from tanzhao.engines.planner.term import frame as frames
from tanzhao.engines.planner.term.board import Board
from tanzhao.engines.planner.term.exchange import term_plan_document, term_problem_from
from tanzhao.engines.planner.term.frame import frame_of
from tanzhao.engines.planner.term.packing import pack_round
from tanzhao.engines.planner.term.relaxing import Relaxation
from tests.engines.planner.generator import term_instance
from tests.engines.planner.judge import check_term

SIZES = [(250, 0.93, 3), (250, 0.85, 4)]


@pytest.fixture
def as_large(monkeypatch):
    """Treat every term as one of thousands of items."""
    monkeypatch.setattr(frames, "_MANY_ITEMS", 0)


@pytest.mark.parametrize(("units", "utilisation", "seed"), SIZES)
@pytest.mark.usefixtures("as_large")
def test_a_plan_made_as_those_of_large_terms_breaks_no_rule(units, utilisation, seed):
    document, planted = term_instance(seed, units=units, utilisation=utilisation)
    _, cost_planted = check_term(document, {"visits": planted})
    limit = Limit(steps=3, seconds=60, stopwatch=time.process_time)
    plan = plan_term(term_problem_from(document), limit=limit)
    assert not plan.unplaced
    broken, cost = check_term(document, term_plan_document(plan))
    assert not broken
    assert cost["total"] == plan.cost
    assert plan.bound <= min(plan.cost, cost_planted["total"])
    assert plan.gap < 0.1


def test_first_prices_prove_a_bound_near_the_final_one(monkeypatch):
    document, _ = term_instance(3, units=250, utilisation=0.97)
    frame = frame_of(term_problem_from(document))
    usual = Relaxation(frame)
    usual.solve(lambda: True)
    monkeypatch.setattr(frames, "_MANY_ITEMS", 0)
    near = Relaxation(frame)
    assert 0.8 * usual.bound < near.bound <= usual.master.value
    near.solve(lambda: True)
    assert near.bound == pytest.approx(usual.bound, rel=5e-3)


def test_a_round_of_many_slots_without_any_room_to_spare_is_packed():
    document, planted = term_instance(5, units=2500, utilisation=0.995, evenness=1.0)
    problem = term_problem_from(document)
    frame = frame_of(problem)
    number = {visit: v for v, visit in enumerate(frame.visits)}
    rounds = {r.id: at for at, r in enumerate(problem.rounds)}
    board = Board.empty(frame)
    for row in planted:
        item = frame.items[number[row["unit"], row["visit"]]]
        board.rounds[item] = rounds[row["round"]]
    assert (board.rounds >= 0).all()
    for r in np.flatnonzero(frame.teams).tolist():
        assert not len(pack_round(board, r, seed=0))
        assert (board.slot_loads(r) <= frame.caps[r]).all()
