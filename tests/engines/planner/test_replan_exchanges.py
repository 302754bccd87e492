"""Few moves by exchanges: a plan that keeps every rule where the models find none in time."""

import pytest

from tanzhao.engines.planner import replan_term
from tanzhao.engines.planner.search import Limit
from tanzhao.engines.planner.term import replanning_search
from tanzhao.engines.planner.term.checking import broken_rules, cost_of
from tanzhao.engines.planner.term.exchange import placed_from, term_problem_from
from tanzhao.engines.planner.term.problem import TermPlan
from tanzhao.engines.planner.term.replanning import CapacityCut, Pinned, changed_problem
from tanzhao.engines.planner.term.replanning_exchanges import few_moves
from tests.engines.planner.generator import term_instance


def _always() -> bool:
    return True


def _moved(plan, visits):
    before = {(placed.unit, placed.visit): placed.round for placed in plan.visits}
    return sum(before[placed.unit, placed.visit] != placed.round for placed in visits)


@pytest.fixture(scope="module")
def county():
    document, visits = term_instance(5, units=60, utilisation=0.75)
    problem, placed = term_problem_from(document), placed_from({"visits": visits})
    return problem, TermPlan(placed, cost_of(problem, placed).total, 0)


def test_nothing_moves_where_nothing_has_to(county):
    problem, plan = county

    visits = few_moves(problem, plan.visits, fewest=0, go_on=_always, seed=0)

    assert visits == plan.visits


@pytest.mark.parametrize("seed", range(3))
def test_a_round_that_loses_a_team_is_mended_with_few_moves_and_no_rule_broken(county, seed):
    problem, plan = county
    after = changed_problem(problem, plan.visits, [CapacityCut(3, 1)])
    fewest = replan_term(problem, plan, [CapacityCut(3, 1)], limit=Limit(steps=0)).fewest

    visits = few_moves(after, plan.visits, fewest=0, go_on=_always, seed=seed)

    assert visits is not None
    assert broken_rules(after, visits) == []
    assert fewest <= _moved(plan, visits) <= fewest + 2


def test_a_joint_group_moves_as_a_whole_when_one_of_it_is_pinned(county):
    problem, plan = county
    group = problem.groups[0]
    here = next(placed.round for placed in plan.visits if placed.unit == group.units[0])
    found = {}
    for round_ in problem.rounds[3:8]:
        after = changed_problem(problem, plan.visits, [Pinned(group.units[0], 0, round_.id)])
        visits = few_moves(after, plan.visits, fewest=0, go_on=_always, seed=1)
        if round_.id != here and visits is not None:
            found[round_.id] = after, visits

    assert found
    for round_id, (after, visits) in found.items():
        assert broken_rules(after, visits) == []
        rounds = {p.round for p in visits if p.unit in group.units and p.visit == 0}
        assert rounds == {round_id}


def test_whoever_stops_it_gets_nothing_and_what_cannot_fit_is_not_found(county):
    problem, plan = county
    cut = [CapacityCut(round_.id, round_.teams - 1) for round_ in problem.rounds]
    after = changed_problem(problem, plan.visits, cut)

    assert few_moves(after, plan.visits, fewest=0, go_on=_always, seed=0) is None
    after = changed_problem(problem, plan.visits, [CapacityCut(3, 1)])
    assert few_moves(after, plan.visits, fewest=0, go_on=lambda: False, seed=0) is None


def test_where_the_models_find_nothing_their_answer_is_given(county, monkeypatch):
    """The models end at once, as in a term too full for them; the plan and its bound are there."""
    problem, plan = county
    changes = [CapacityCut(3, 1)]
    usual = replan_term(problem, plan, changes, limit=Limit(steps=0))
    monkeypatch.setattr(replanning_search, "_NODES_NEAR", 0)
    search = replanning_search.Search.__init__
    monkeypatch.setattr(
        replanning_search.Search, "__init__", lambda self, *a, **k: search(self, *a, **k, nodes=0)
    )

    found = replan_term(problem, plan, changes, limit=Limit(steps=0))

    assert found.plan.is_complete
    assert broken_rules(found.problem, found.plan.visits) == []
    assert 0 < found.fewest <= usual.fewest <= len(found.moved)
