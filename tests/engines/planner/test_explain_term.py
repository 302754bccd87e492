"""Why a visit is in its round: every option against the judge, and against every plan there is."""

import random
from dataclasses import replace

import pytest

from tanzhao.engines.planner import explain
from tanzhao.engines.planner.explaining import (
    BadQuestion,
    WhyImpossible,
    WhyNotPerson,
    WhyNotRound,
    WhyRound,
)
from tanzhao.engines.planner.search import Limit
from tanzhao.engines.planner.term.checking import cost_of
from tanzhao.engines.planner.term.codes import VALUES, Code
from tanzhao.engines.planner.term.problem import Group, Round, TermPlan, TermProblem, Unit
from tests.engines.planner.tiny_terms import every_plan, plan_of, tiny_term


def _best_with(problem, before, visit, round_id):
    """Fewest other visits moved, then least cost, of all plans that have the visit there."""
    was = {(placed.unit, placed.visit): placed.round for placed in before}
    ranked = []
    for plan in every_plan(problem):
        now = {(placed.unit, placed.visit): placed.round for placed in plan}
        if now[visit] == round_id:
            others = sum(now[v] != was[v] for v in now if v != visit)
            ranked.append((others, cost_of(problem, plan).total))
    return min(ranked, default=None)


@pytest.mark.parametrize("seed", range(3))
def test_every_option_moves_the_fewest_others_and_costs_what_it_says(seed):
    problem = tiny_term(seed)
    plans = list(every_plan(problem))
    if not plans:
        pytest.skip("this term has no plan to begin with")
    before = random.Random(seed).choice(plans)
    plan = plan_of(problem, before)

    for unit, visit in problem.visits[:3]:
        answer = explain(problem, plan, WhyRound(unit, visit))

        here = next(p.round for p in before if (p.unit, p.visit) == (unit, visit))
        assert [option.round for option in answer.options] == sorted(set(problem.round) - {here})
        for option in answer.options:
            best = _best_with(problem, before, (unit, visit), option.round)
            if best is None:
                assert option.cost_change is None
                assert option.why
            else:
                assert (len(option.moves), plan.cost + option.cost_change) == best
        for one in answer.reasons:
            assert tuple(name for name, _ in one.values) == VALUES[Code(one.code)]


UNITS = (
    Unit(0, "dept", "a", 60, 10, deadline_month=20),
    Unit(1, "dept", "a", 60, 20, joint=0),
    Unit(2, "dept", "b", 30, 30, joint=0, forbidden=frozenset({2})),
    Unit(3, "dept", "b", 40, 5),
)
ROUNDS = tuple(
    Round(id=number, year=number, month=12 * number, teams=1 + (number == 1), team_cap=100,
          max_units=9)
    for number in range(3)
)  # fmt: skip
TERM = TermProblem(UNITS, ROUNDS, (Group(0, (1, 2)),), 24, 12, 36, (), 400, 0, 0.05)
PLAN = plan_of(TERM, next(plan for plan in every_plan(TERM) if [p.round for p in plan] == [
    0, 1, 1, 1,
]))  # fmt: skip


def test_a_closed_round_is_told_by_its_rule():
    late = explain(TERM, PLAN, WhyNotRound(0, 0, 2))
    with_group = explain(TERM, PLAN, WhyNotRound(1, 0, 2))

    assert [(one.code, one["unit"]) for one in late.reasons] == [("too_late", 0)]
    assert [(one.code, one["unit"]) for one in with_group.reasons] == [
        ("goes_with_group", 1),
        ("forbidden", 2),
    ]


def test_an_open_round_is_told_by_its_cost_and_by_what_has_to_move():
    alone = explain(TERM, PLAN, WhyNotRound(3, 0, 0))
    chain = explain(TERM, PLAN, WhyNotRound(1, 0, 0))

    # Unit 3 would open its cluster in round 0 and wait 12 months less; 2 stays in round 1.
    assert alone.reasons[0].code == "round_would_cost"
    assert (alone.reasons[0]["cost"], alone.reasons[0]["moves"]) == (400 - 5 * 12, 0)
    moved = {(one["unit"], one["round"], one["to_round"]) for one in chain.options[0].moves}
    assert moved == {(0, 0, 1), (2, 1, 0)}
    assert {one.code for one in chain.options[0].why} == {"no_room"}


def test_what_holds_of_a_visit_where_it_is_is_told():
    answer = explain(TERM, PLAN, WhyRound(2))

    told = {one.code: dict(one.values) for one in answer.reasons}
    assert told["is_joint"] == {"unit": 2, "group": 0, "others": 1}
    assert (told["rounds_open"]["have"], told["rounds_open"]["need"]) == (2, 3)
    assert told["waiting_costs"]["cost"] == 30 * 12
    assert told["travels_with"]["others"] == 1
    assert "is_decided" not in told
    fixed = replace(TERM, units=(UNITS[0], UNITS[1], UNITS[2], replace(UNITS[3], fixed={0: 1})))
    decided = explain(fixed, PLAN, WhyRound(3))
    assert decided.reasons[0].code == "is_decided"
    assert {option.why[0].code for option in decided.options} == {"fixed"}


def test_what_was_not_searched_in_time_is_said_to_be_so():
    answer = explain(TERM, PLAN, WhyNotRound(1, 0, 0), limit=Limit(seconds=0.0))

    assert answer.options[0].cost_change is None
    assert {one.code for one in answer.reasons} == {"no_room", "not_searched"}


def test_demands_that_clash_are_told_and_a_question_beside_the_matter_is_refused():
    apart = replace(TERM, units=(UNITS[0], replace(UNITS[1], fixed={0: 2}), *UNITS[2:]))

    assert explain(apart, None, WhyImpossible()).reasons[0].code == "group_apart"
    assert explain(TERM, PLAN, WhyImpossible()).reasons == ()
    for question in (WhyRound(9), WhyNotRound(0, 0, 9), WhyNotPerson(0, 0)):
        with pytest.raises(BadQuestion):
            explain(TERM, PLAN, question)
    with pytest.raises(BadQuestion):
        explain(TERM, None, WhyRound(0))


def test_a_visit_without_a_place_is_told_why():
    placed = tuple(placed for placed in PLAN.visits if placed.unit != 3)

    answer = explain(TERM, TermPlan(placed, 0, 0), WhyRound(3))

    assert [one.code for one in answer.reasons] == ["unplaced"]
