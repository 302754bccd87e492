"""The tree of joint groups: its bound holds for every plan, and says more than one relaxation."""

import pytest

from tanzhao.engines.planner.term.branching import Tree
from tanzhao.engines.planner.term.checking import cost_of
from tanzhao.engines.planner.term.exchange import term_problem_from
from tanzhao.engines.planner.term.frame import frame_of
from tanzhao.engines.planner.term.relaxing import Relaxation
from tests.engines.planner.generator import term_instance
from tests.engines.planner.judge import check_term
from tests.engines.planner.tiny_terms import every_plan, tiny_term

TINY = [tiny_term(seed) for seed in range(60)]


def _tree(problem, divisions):
    relaxed = Relaxation(frame_of(problem))
    relaxed.solve(lambda: True)
    tree = Tree(relaxed)
    bounds = [tree.bound]
    while not tree.are_groups_whole and len(bounds) <= divisions:
        tree.advance()
        bounds.append(tree.bound)
    return tree, bounds


@pytest.mark.parametrize("seed", [seed for seed, term in enumerate(TINY) if term.groups])
def test_no_plan_of_a_tiny_term_costs_less_than_the_tree_says(seed):
    costs = [cost_of(TINY[seed], visits).total for visits in every_plan(TINY[seed])]

    tree, bounds = _tree(TINY[seed], 20)

    assert tree.are_groups_whole
    assert bounds == sorted(bounds)
    assert not costs or bounds[-1] <= min(costs) + 1e-6


def test_the_bound_rises_by_deciding_groups_and_stays_below_the_planted_plan():
    document, visits = term_instance(21, units=150, utilisation=0.90, joint=3)
    problem = term_problem_from(document)

    tree, bounds = _tree(problem, 40)

    planted = check_term(document, {"visits": visits})[1]["total"]
    assert bounds[0] + 20 < bounds[-1] <= planted
    assert tree.are_groups_whole
