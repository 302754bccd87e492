"""Replanning is the same again with the same seed, can be stopped, and tells how far it is."""

import pytest

from tanzhao.engines.planner import replan_term
from tanzhao.engines.planner.search import Limit
from tanzhao.engines.planner.term.checking import broken_rules, cost_of
from tanzhao.engines.planner.term.exchange import placed_from, term_problem_from
from tanzhao.engines.planner.term.problem import TermPlan
from tanzhao.engines.planner.term.replanning import CapacityCut, Pinned
from tests.engines.planner.generator import term_instance


@pytest.fixture(scope="module")
def county():
    document, visits = term_instance(5, units=60, utilisation=0.75)
    problem, placed = term_problem_from(document), placed_from({"visits": visits})
    return problem, TermPlan(placed, cost_of(problem, placed).total, 0)


def test_the_same_seed_and_steps_give_the_same_plan(county):
    problem, plan = county
    changes = [CapacityCut(3, 1)]

    once = replan_term(problem, plan, changes, limit=Limit(steps=3), seed=7)
    again = replan_term(problem, plan, changes, limit=Limit(steps=3), seed=7)

    assert once == again
    assert broken_rules(once.problem, once.plan.visits) == []


def test_without_steps_the_fewest_moves_are_proven_and_the_cost_is_not(county):
    problem, plan = county
    changes = [CapacityCut(3, 1)]

    quick = replan_term(problem, plan, changes, limit=Limit(steps=0))
    whole = replan_term(problem, plan, changes)

    assert quick.is_fewest
    assert (quick.plan.steps, quick.bound, quick.is_cheapest) == (0, 0, False)
    assert len(quick.moved) == len(whole.moved)
    assert whole.is_cheapest
    assert whole.plan.cost <= quick.plan.cost


def test_progress_is_told_and_whoever_stops_it_gets_what_can_stay(county):
    problem, plan = county
    free = next(unit for unit in problem.units if not unit.fixed and unit.joint is None)
    here = next(placed.round for placed in plan.visits if placed.unit == free.id)
    pin = [Pinned(free.id, 0, here)]
    told = []

    found = replan_term(problem, plan, pin, on_progress=told.append)
    stopped = replan_term(problem, plan, pin, limit=Limit(stop=lambda: True))

    assert [one.cost for one in told][-1] == found.plan.cost == plan.cost
    assert found.moved == ()
    assert found.reseated == 0
    assert stopped.fewest == 0
    assert stopped.plan.visits == plan.visits
