"""A plan made from contents breaks no rule, whatever the contents and the master let pass."""

import numpy as np
import pytest

from tanzhao.engines.planner.term import contents
from tanzhao.engines.planner.term.checking import broken_rules
from tanzhao.engines.planner.term.contents_diving import dive
from tanzhao.engines.planner.term.contents_master import ContentsMaster
from tanzhao.engines.planner.term.exchange import term_problem_from
from tanzhao.engines.planner.term.frame import frame_of
from tests.engines.planner.generator import term_instance
from tests.engines.planner.tiny_terms import tiny_term

TINY = [tiny_term(seed) for seed in range(40)]
PLACEABLE = [seed for seed, term in enumerate(TINY) if frame_of(term).allowed.any(axis=1).all()]


def _dived(master):
    def go_on():
        return True

    master.settle(close=1.0, passes=40, enough=np.inf, go_on=go_on)
    return dive(master, enough=np.inf, go_on=go_on)


def _broken(problem, board):
    lacking = {"unplaced", "coverage_short"} if board.missing else {"coverage_short"}
    return {rule.code for rule in broken_rules(problem, board.placed())} - lacking


@pytest.mark.parametrize("seed", range(8))
def test_skills_and_numbers_that_contents_do_not_count_are_kept_all_the_same(monkeypatch, seed):
    monkeypatch.setattr(contents, "_MOST_TOTALS", 0)
    document, _planted = term_instance(seed, units=24, utilisation=0.9, rounds=6)
    problem = term_problem_from(document)
    master = ContentsMaster(frame_of(problem), [])

    board = _dived(master)

    assert not any(round_.counts_visits for round_ in master.rounds)
    assert _broken(problem, board) == set()


def test_a_look_back_without_a_round_at_the_right_gap_is_left_out():
    tried = 0
    for seed in PLACEABLE:
        frame = frame_of(TINY[seed])
        later = int(np.flatnonzero(frame.follows >= 0)[0])
        first = int(frame.follows[later])
        for r in np.flatnonzero(frame.allowed[first]).tolist():
            wrong = frame.allowed[later] & ~frame.gap_fits[r]
            if not wrong.any():
                continue
            tried += 1
            allowed = frame.allowed.copy()
            allowed[first] = np.arange(frame.n_rounds) == r
            allowed[later] = wrong
            master = ContentsMaster(frame, [])
            master.restrict(allowed)

            board = _dived(master)

            assert _broken(TINY[seed], board) == set()
            assert board.rounds[later] < 0
    assert tried > 20
