"""Rounds that no teams can fill: what is said to clash does, and each part of it is necessary."""

from dataclasses import replace

import pytest

from tanzhao.engines.planner import propose_teams
from tanzhao.engines.planner.search import Limit
from tanzhao.engines.planner.teams.checking import broken_rules, conflict_of
from tanzhao.engines.planner.teams.problem import Pin, Role
from tests.engines.planner import generator_teams as rounds
from tests.engines.planner.brute_teams import good_plans

LIMIT = Limit(steps=5)
MINIMA = {
    "full_time_wanted": "min_full",
    "women_wanted": "min_women",
    "men_wanted": "min_men",
    "experienced_wanted": "min_exp",
}


def _fewer(problem, keep, holds):
    """The problem with only `keep` of those available for whom `holds` is so."""
    holders = [p for p in sorted(problem.available) if holds(problem.person[p])]
    return replace(problem, available=problem.available - set(holders[keep:]))


def _teams_of(reason):
    return [int(team) for team in str(reason["teams"]).split(",")]


def _given_up(problem, reason):
    """The problem without one demand of a conflict: of one team, or of one unit that lends."""
    if reason.code == "lends_at_most":
        unit = int(str(reason["units"]).split(",")[0])
        return replace(problem, lend={**problem.lend, unit: 99})
    team_id = _teams_of(reason)[0]
    team = problem.team[team_id]
    if reason.code == "skill_wanted":
        team = replace(team, need={**team.need, reason["skill"]: team.need[reason["skill"]] - 1})
    elif reason.code in MINIMA:
        minimum = MINIMA[reason.code]
        team = replace(team, **{minimum: getattr(team, minimum) - 1})
    else:
        team = replace(team, size=team.size - 1)
    others = [other for other in problem.teams if other.id != team_id]
    return replace(problem, teams=tuple(sorted([*others, team], key=lambda t: t.id)))


def test_one_leader_too_few_is_told_with_numbers_and_the_nearest_plan():
    round_ = rounds.planted(replace(rounds.COUNTY, spare=1.0, recusals=0), 2)
    problem = _fewer(round_.problem, 5, lambda person: person.rank >= 4)
    plan = propose_teams(problem, limit=LIMIT)

    (told,) = plan.conflict
    assert (told.code, told["need"], told["have"]) == ("leaders_wanted", 6, 5)
    assert _teams_of(told) == [0, 1, 2, 3, 4, 5]
    assert [reason.code for reason in plan.breaks] == ["no_leader"]
    assert list(plan.breaks) == broken_rules(problem, plan.teams)


@pytest.mark.parametrize(
    ("code", "holds", "keep"),
    [
        ("skill_wanted", lambda p: "law" in p.skills, -1),
        ("women_wanted", lambda p: p.female, -1),
        ("full_time_wanted", lambda p: p.full, -1),
        ("experienced_wanted", lambda p: p.exp >= 2, -1),
    ],
)
def test_one_holder_too_few_clashes_and_one_demand_less_does_not(code, holds, keep):
    round_ = rounds.planted(replace(rounds.COUNTY, spare=1.5, slack=3, recusals=0), 2)
    problem = round_.problem
    wanted = sum(
        team.need.get("law", 0) if code == "skill_wanted" else getattr(team, MINIMA[code])
        for team in problem.teams
    )
    short = _fewer(problem, wanted + keep, holds)
    (told,) = propose_teams(short, limit=LIMIT).conflict
    assert told.code == code
    assert told["have"] < told["need"] <= wanted
    assert propose_teams(_given_up(short, told), limit=Limit(steps=20)).breaks == ()


@pytest.mark.parametrize("seed", range(5))
def test_each_part_of_a_conflict_is_necessary(seed):
    """Lending limits, recusal and all, in rounds with nobody to spare."""
    shape = replace(rounds.COUNTY, sizes=(4, 5), spare=0.0, recusals=4)
    problem = rounds.planted(shape, seed).problem
    gone = sorted(problem.available)[seed * 3]
    short = replace(problem, available=problem.available - {gone})
    conflict = propose_teams(short, limit=LIMIT).conflict
    assert conflict
    for reason in conflict:
        eased = propose_teams(_given_up(short, reason), limit=LIMIT)
        remaining = {told.code for told in eased.conflict}
        # Another conflict may stand behind this one, but this one has gone.
        assert eased.conflict != conflict, reason
        assert eased.breaks == () or remaining


@pytest.mark.parametrize("seed", range(10))
def test_a_conflict_is_told_if_and_only_if_there_is_no_plan(seed):
    problem = rounds.planted(replace(rounds.TINY, spare=0.0), seed).problem
    for gone in (None, sorted(problem.available)[seed % 5]):
        asked = replace(problem, available=problem.available - {gone})
        plan = propose_teams(asked)
        assert bool(plan.conflict) == (not good_plans(asked)) == bool(plan.breaks)


def test_a_pin_against_a_fact_names_both():
    problem = rounds.planted(rounds.COUNTY, 4).problem
    team, person = next(
        (team, person)
        for team in problem.teams
        for person in problem.people
        if person.id in problem.available and conflict_of(problem, person, team)
    )
    pinned = replace(problem, pinned=(Pin(team.id, person.id, Role.MEMBER),))
    codes = [reason.code for reason in propose_teams(pinned, limit=LIMIT).conflict]
    assert codes == ["pinned_to_team", conflict_of(problem, person, team).code]


def test_a_decision_against_the_only_leader_is_named():
    problem = rounds.planted(rounds.TINY, 3).problem
    team = problem.teams[0].id
    leaders = [p for p in sorted(problem.available) if problem.person[p].rank >= 4]
    fit = [p for p in leaders if not conflict_of(problem, problem.person[p], problem.team[team])]
    barred = replace(problem, barred=frozenset((team, p) for p in fit))
    told = propose_teams(barred).conflict
    assert told[0].code == "leaders_wanted"
    assert [r["person"] for r in told if r.code == "barred_from_team"] == fit


def test_the_nearest_plan_never_trades_recusal_or_people():
    problem = rounds.planted(rounds.COUNTY, 5).problem
    few = replace(problem, available=frozenset(sorted(problem.available)[:30]))
    plan = propose_teams(few, limit=LIMIT)
    never = {"in_two_teams", "not_available", "lends_too_many", "works_there", "worked_there"}
    never |= {"kin_works_there", "inspected_it_last", "native_township", "own_county"}
    assert plan.breaks
    assert not never & {reason.code for reason in plan.breaks}


def test_a_prefecture_short_of_a_leader_is_told():
    problem = rounds.planted(rounds.PREFECTURE, 1).problem
    short = _fewer(problem, len(problem.teams) - 1, lambda person: person.rank >= 4)
    (told,) = propose_teams(short, limit=Limit(steps=0)).conflict
    assert (told.code, told["need"]) == ("leaders_wanted", told["have"] + 1)


def test_a_round_without_teams_or_without_people_has_an_answer():
    problem = rounds.planted(rounds.TINY, 1).problem
    nothing = propose_teams(replace(problem, teams=()))
    assert (nothing.teams, nothing.cost, nothing.breaks) == ((), 0, ())
    nobody = propose_teams(replace(problem, available=frozenset()))
    assert {team.members for team in nobody.teams} == {()}
    assert nobody.conflict
    assert nobody.breaks
