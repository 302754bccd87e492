"""Replanning against every plan there is: none moves fewer, none that moves as few is cheaper."""

import random
from dataclasses import replace

import pytest

from tanzhao.engines.planner import replan_term
from tanzhao.engines.planner.term.checking import broken_rules, cost_of
from tanzhao.engines.planner.term.replanning import (
    CapacityCut,
    Forbidden,
    Pinned,
    RoundDone,
    UnitAdded,
    UnitGone,
    UnitsMerged,
)
from tests.engines.planner.tiny_terms import every_plan, plan_of, tiny_term


def _changes(problem, dice):
    unit = dice.choice(problem.units)
    other = dice.choice([one for one in problem.units if one != unit])
    larger = replace(unit, effort=unit.effort + 20)
    return {
        "pin": [Pinned(unit.id, 0, dice.randrange(4))],
        "two pins": [Pinned(unit.id, 0, dice.randrange(4)), Pinned(other.id, 0, 3)],
        "forbid": [Forbidden(unit.id, dice.randrange(4))],
        "cut": [CapacityCut(dice.randrange(4), 1)],
        "new": [UnitAdded(replace(unit, id=9, joint=None, fixed={}))],
        "merge": [UnitsMerged(larger, (unit.id, other.id))],
        "gone": [UnitGone(unit.id)],
        "history": [RoundDone(1), CapacityCut(3, 1)],
    }


def _moves(before, after):
    was = {(placed.unit, placed.visit): placed.round for placed in before}
    return sum(
        was.get((placed.unit, placed.visit), placed.round) != placed.round for placed in after
    )


@pytest.mark.parametrize("seed", range(8))
def test_no_plan_moves_fewer_and_none_that_moves_as_few_costs_less(seed):
    problem = tiny_term(seed)
    plans = list(every_plan(problem))
    if not plans:
        pytest.skip("this term has no plan to begin with")
    dice = random.Random(seed)
    before = dice.choice(plans)

    for kind, changes in _changes(problem, dice).items():
        found = replan_term(problem, plan_of(problem, before), changes)

        ranked = [
            (_moves(before, plan), cost_of(found.problem, plan).total)
            for plan in every_plan(found.problem)
        ]
        if not ranked:
            assert not found.plan.is_complete, kind
            assert found.plan.conflict, kind
            assert not found.is_fewest, kind
            continue
        assert broken_rules(found.problem, found.plan.visits) == [], kind
        assert (len(found.moved), found.plan.cost) == min(ranked), kind
        assert found.fewest == len(found.moved), kind
        assert found.bound == found.plan.cost, kind
        assert _moves(before, found.plan.visits) == len(found.moved), kind
        assert found.plan.bound <= min(cost for _, cost in ranked), kind


def test_enough_of_the_tiny_terms_have_plans_and_enough_changes_move_something():
    moved = 0
    for seed in range(8):
        problem = tiny_term(seed)
        before = next(every_plan(problem), None)
        if before is not None:
            found = replan_term(problem, plan_of(problem, before), [CapacityCut(0, 1)])
            moved += bool(found.moved) and found.is_fewest

    assert moved >= 3
