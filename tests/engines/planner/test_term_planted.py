"""Terms of which a plan is known: what the planner finds is judged from outside."""

import time

import pytest

from tanzhao.engines.planner import plan_term
from tanzhao.engines.planner.search import Limit
from tanzhao.engines.planner.term.exchange import term_plan_document, term_problem_from
from tests.engines.planner.generator import term_instance
from tests.engines.planner.impossible import WAYS, impossible_term
from tests.engines.planner.judge import check_term

FIRST_PLAN = Limit(steps=0)


@pytest.mark.parametrize(
    ("seed", "units", "utilisation"),
    [(11, 40, 0.70), (12, 40, 0.97), (13, 60, 0.90), (15, 110, 0.95)],
)
def test_a_term_with_a_plan_gets_one_that_breaks_no_rule_and_a_bound_that_holds(
    seed, units, utilisation
):
    document, visits = term_instance(seed, units=units, utilisation=utilisation)

    plan = plan_term(term_problem_from(document), limit=FIRST_PLAN)

    planted = check_term(document, {"visits": visits})[1]["total"]
    bad, cost = check_term(document, term_plan_document(plan))
    assert (bad, plan.unplaced, plan.conflict) == ([], (), ())
    assert plan.cost == cost["total"]
    assert 0 < plan.bound <= min(planted, plan.cost)


def test_the_same_seed_and_steps_give_the_same_plan_in_one_process():
    document, _visits = term_instance(16, units=40, utilisation=0.85)
    problem = term_problem_from(document)

    first, again = (plan_term(problem, limit=Limit(steps=1), seed=5) for _ in "ab")

    assert (first.visits, first.bound, first.steps) == (again.visits, again.bound, again.steps)


@pytest.mark.parametrize("how", WAYS)
def test_a_term_without_a_plan_names_demands_that_clash_and_places_the_rest(how):
    document, _visits = term_instance(17, units=60, utilisation=0.80)
    spoilt = impossible_term(document, how)
    limit = Limit(seconds=3, stopwatch=time.process_time)

    plan = plan_term(term_problem_from(spoilt), limit=limit)

    bad, _cost = check_term(spoilt, term_plan_document(plan))
    assert plan.unplaced
    assert plan.conflict
    # Nothing is broken but that some visits are missing, and coverage for want of them.
    assert {text.split()[0] for text in bad} <= {"unplaced", "coverage"}
    assert len(plan.visits) + len(plan.unplaced) == sum(u["visits"] for u in spoilt["units"])


@pytest.mark.parametrize("how", ["deadline", "forbidden", "group_fixed"])
def test_time_is_not_spent_on_what_counting_shows_to_be_impossible(how):
    document, _visits = term_instance(17, units=60, utilisation=0.80)
    limit = Limit(seconds=60, stopwatch=time.process_time)

    plan = plan_term(term_problem_from(impossible_term(document, how)), limit=limit)

    assert plan.conflict
    assert plan.seconds < 30
