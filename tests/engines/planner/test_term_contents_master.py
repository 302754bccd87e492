"""The master of contents: its prices stay near those that proved most, and end where they must."""

import numpy as np
import pytest

from tanzhao.engines.planner.search import Limit
from tanzhao.engines.planner.term import contents_master
from tanzhao.engines.planner.term.board import Board
from tanzhao.engines.planner.term.contents_master import ContentsMaster
from tanzhao.engines.planner.term.exchange import term_problem_from
from tanzhao.engines.planner.term.frame import frame_of
from tanzhao.engines.planner.term.planning import plan
from tests.engines.planner.generator import term_instance


@pytest.fixture(scope="module")
def start():
    document, _planted = term_instance(41, units=28, utilisation=0.9)
    problem = term_problem_from(document)
    board, frame = Board.empty(frame_of(problem)), frame_of(problem)
    number = {visit: v for v, visit in enumerate(frame.visits)}
    for placed in plan(problem, limit=Limit(steps=1)).visits:
        board.rounds[frame.items[number[placed.unit, placed.visit]]] = placed.round
    return board


def _settled(start, *, passes=400):
    master = ContentsMaster(start.frame, [])
    master.add_board(start)
    is_settled = master.settle(close=1.0, passes=passes, enough=np.inf, go_on=lambda: True)
    return master, is_settled


def test_prices_asked_for_stay_within_reach_of_those_that_proved_most(monkeypatch, start):
    solve, beyond = ContentsMaster._solve, []

    def noted(master):
        prices = solve(master)
        reach = master._reach / np.array(master._greatest)
        beyond.append(float((np.abs(prices - master.prices) - reach).max()))
        return prices

    monkeypatch.setattr(ContentsMaster, "_solve", noted)

    _settled(start)

    assert len(beyond) > 10
    assert max(beyond) < 1e-4


def test_however_near_prices_are_kept_the_bound_ends_where_it_does_without(monkeypatch, start):
    near, is_near_settled = _settled(start)
    monkeypatch.setattr(contents_master, "_REACH", 1e6)
    monkeypatch.setattr(contents_master, "_LEAST_REACH", 1e6)

    free, is_free_settled = _settled(start)

    assert is_near_settled
    assert is_free_settled
    assert near.bound == pytest.approx(free.bound, abs=2.0)


def test_a_master_that_looks_at_few_nodes_proves_less_and_nothing_wrong(monkeypatch, start):
    monkeypatch.setattr(contents_master, "_MOST_NODES", 0)
    monkeypatch.setattr(contents_master, "_FIRST_NODES", 3)
    few, is_settled = _settled(start, passes=120)
    monkeypatch.undo()

    whole, _ = _settled(start)

    assert is_settled
    assert 0 < few.bound < whole.bound


def test_no_pass_is_counted_in_which_time_ended_before_all_rounds_were_priced(start):
    master = ContentsMaster(start.frame, [])
    master.add_board(start)
    left = iter([True] * 5)

    is_settled = master.settle(close=1.0, passes=10, enough=np.inf, go_on=lambda: next(left, False))

    assert not is_settled
    assert master.bound == -np.inf
