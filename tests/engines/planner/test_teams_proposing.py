"""Teams as proposed: no rule broken by the judge, bounds that hold, and the same plan again."""

import json
from dataclasses import fields, replace
from pathlib import Path

import pytest

from tanzhao.engines.planner import propose_teams
from tanzhao.engines.planner.search import Limit
from tanzhao.engines.planner.teams.exchange import (
    teams_plan_document,
    teams_problem_document,
    teams_problem_from,
)
from tanzhao.engines.planner.teams.problem import Weights
from tests.engines.planner import generator_teams as rounds
from tests.engines.planner.brute_teams import cheapest
from tests.engines.planner.judge import check_teams

SAMPLES = Path(__file__).parents[3] / "packs/samples/planner"
TIGHT = replace(rounds.COUNTY, sizes=(4, 6, 8), spare=0.02, recusals=4)
SMALL = rounds.Shape(teams=14, counties=3, sizes=(5, 7), spare=0.1, cross=0.3)


def judged(problem, plan):
    broken, cost = check_teams(teams_problem_document(problem), teams_plan_document(plan))
    return broken, cost["total"]


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("shape", [rounds.COUNTY, TIGHT], ids=["county", "tight"])
def test_no_rule_is_broken_and_the_bound_is_below_the_planted_plan(shape, seed):
    round_ = rounds.planted(shape, seed)
    plan = propose_teams(round_.problem, limit=Limit(steps=30), seed=seed)

    assert judged(round_.problem, plan) == ([], plan.cost)
    assert plan.breaks == plan.conflict == ()
    assert 0 < plan.bound <= plan.cost
    planted = {
        "teams": [
            {"id": t.id, "leader": t.leader, "deputy": t.deputy, "members": t.members}
            for t in round_.teams
        ]
    }
    broken, cost = check_teams(teams_problem_document(round_.problem), planted)
    assert broken == []
    assert plan.bound <= cost["total"]
    assert plan.cost <= cost["total"]


@pytest.mark.parametrize("seed", [106, 118])
def test_with_nobody_to_spare_a_plan_is_found_where_small_steps_find_none(seed):
    shape = rounds.Shape(teams=12, counties=4, sizes=(4, 6), spare=0, recusals=6, cross=0.6)
    problem = rounds.planted(shape, seed).problem
    plan = propose_teams(problem, limit=Limit(steps=0))
    assert judged(problem, plan) == ([], plan.cost)


def test_a_larger_round_with_cross_teams_comes_near_its_bound():
    problem = rounds.planted(SMALL, 1).problem
    plan = propose_teams(problem, limit=Limit(steps=25))
    assert judged(problem, plan) == ([], plan.cost)
    assert plan.gap < 0.02


@pytest.mark.parametrize("seed", range(12))
def test_the_best_of_a_tiny_round_is_found_and_proven(seed):
    problem = rounds.planted(rounds.TINY, seed).problem
    plan = propose_teams(problem, seed=seed)
    best, _ = cheapest(problem)
    assert (plan.cost, plan.bound) == (best, best)


def test_the_county_sample_is_proven_in_the_first_steps():
    problem = teams_problem_from(json.loads((SAMPLES / "teams-county-1.json").read_text("utf8")))
    plan = propose_teams(problem, limit=Limit(steps=3))
    assert judged(problem, plan) == ([], plan.cost)
    assert plan.cost == plan.bound == 1169


def test_an_office_that_weighs_everything_heavily_gets_the_same_teams_for_their_cost():
    problem = rounds.planted(TIGHT, 1).problem
    scaled = Weights(*(100 * getattr(problem.weights, f.name) for f in fields(Weights)))
    plan = propose_teams(replace(problem, weights=scaled), limit=Limit(steps=30))
    plain = propose_teams(problem)
    assert plan.breaks == ()
    assert plain.bound == plain.cost
    assert plan.bound <= 100 * plain.cost <= plan.cost
    assert plan.gap < 0.02


def test_the_prefecture_sample_is_within_half_a_per_cent_after_few_steps():
    document = json.loads((SAMPLES / "teams-prefecture-1.json").read_text("utf8"))
    problem = teams_problem_from(document)
    plan = propose_teams(problem, limit=Limit(steps=15))
    assert check_teams(document, teams_plan_document(plan))[0] == []
    assert plan.gap <= 0.005


def test_same_seed_same_plan():
    problem = rounds.planted(SMALL, 2).problem
    first = propose_teams(problem, limit=Limit(steps=6), seed=3)
    again = propose_teams(problem, limit=Limit(steps=6), seed=3)
    assert first == again
    shuffled = replace(problem, people=problem.people[::-1], teams=problem.teams[::-1])
    assert set(propose_teams(problem, limit=Limit(steps=0)).teams) == set(
        propose_teams(shuffled, limit=Limit(steps=0)).teams
    )


def test_of_two_equal_people_the_one_with_fewer_days_is_taken():
    round_ = rounds.planted(rounds.COUNTY, 3)
    problem = round_.problem
    taken = propose_teams(problem)
    team = taken.teams[0]
    worked = next(one for one in team.members if problem.person[one].days_year > 10)
    # A twin in all but the load of this year, and not on the way by the lending limit.
    lender = problem.person[worked].home
    twin = replace(problem.person[worked], id=9999, days_year=problem.person[worked].days_year - 5)
    lend = dict(problem.lend) if lender is None else {**problem.lend, lender: 1}
    with_twin = replace(
        problem,
        people=(*problem.people, twin),
        available=problem.available | {twin.id},
        lend=lend,
    )
    seats = {one for team in propose_teams(with_twin).teams for one in team.members}
    assert twin.id in seats


def test_who_asks_to_stop_gets_a_plan_at_once():
    problem = rounds.planted(SMALL, 4).problem
    plan = propose_teams(problem, limit=Limit(stop=lambda: True))
    assert [team.id for team in plan.teams] == [team.id for team in problem.teams]
    assert plan.steps == 0
    assert plan.cost == judged(problem, plan)[1]
    assert plan.bound <= plan.cost


def test_whoever_stops_during_the_dive_gets_what_was_decided_filled_up():
    problem = rounds.planted(rounds.PREFECTURE, 1).problem
    asked = iter(range(10_000))
    stopped = propose_teams(problem, limit=Limit(stop=lambda: next(asked) > 3500))
    drafted = propose_teams(problem, limit=Limit(stop=lambda: True))
    assert judged(problem, stopped)[1] == stopped.cost
    assert [len(team.members) for team in stopped.teams] == [8] * 36
    assert stopped.cost < drafted.cost
    assert stopped.steps == 0


def test_progress_tells_falling_costs_and_rising_bounds():
    told = []
    problem = rounds.planted(SMALL, 5).problem
    plan = propose_teams(problem, limit=Limit(steps=10), on_progress=told.append)
    costs = [progress.cost for progress in told if progress.cost is not None]
    bounds = [progress.bound for progress in told]
    assert costs == sorted(costs, reverse=True)
    assert bounds == sorted(bounds)
    assert (costs[-1], bounds[-1]) == (plan.cost, plan.bound)
