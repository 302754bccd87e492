"""Looking near first: the nearest cells prove nothing, and the answer is the same."""

import pytest

from tanzhao.engines.planner import replan_term
from tanzhao.engines.planner.search import Limit
from tanzhao.engines.planner.term import replanning_search
from tanzhao.engines.planner.term.checking import broken_rules, cost_of
from tanzhao.engines.planner.term.demands import demands, grid_of
from tanzhao.engines.planner.term.exchange import placed_from, term_problem_from
from tanzhao.engines.planner.term.linear import Status
from tanzhao.engines.planner.term.problem import TermPlan
from tanzhao.engines.planner.term.replanning import CapacityCut, changed_problem
from tanzhao.engines.planner.term.replanning_model import fewest_model
from tests.engines.planner.generator import term_instance

CHANGES = [CapacityCut(3, 1)]


@pytest.fixture(scope="module")
def county():
    document, visits = term_instance(5, units=60, utilisation=0.75)
    problem, placed = term_problem_from(document), placed_from({"visits": visits})
    return problem, TermPlan(placed, cost_of(problem, placed).total, 0)


@pytest.mark.parametrize("near", [(), (0,), (1, 3)], ids=["all", "none", "some"])
def test_where_the_search_looks_first_changes_nothing_in_what_is_proven(county, monkeypatch, near):
    problem, plan = county
    usual = replan_term(problem, plan, CHANGES, limit=Limit(steps=0))
    monkeypatch.setattr(replanning_search, "_NEAR", near)

    found = replan_term(problem, plan, CHANGES, limit=Limit(steps=0))

    assert usual.moved
    assert found.is_fewest
    assert (len(found.moved), found.fewest) == (len(usual.moved), usual.fewest)
    assert broken_rules(found.problem, found.plan.visits) == []


def test_one_move_less_than_the_fewest_is_shown_to_be_impossible_by_totals(county):
    problem, plan = county
    moved = len(replan_term(problem, plan, CHANGES, limit=Limit(steps=0)).moved)
    grid = grid_of(changed_problem(problem, plan.visits, CHANGES))
    at = {(placed.unit, placed.visit): placed.round for placed in plan.visits}

    def status(most):
        model = fewest_model(grid, at, demands(grid), lambda _: True, most)
        return model.linear.solve(limit=Limit()).status

    assert status(moved) is Status.OPTIMAL
    assert status(moved - 1) is Status.INFEASIBLE
