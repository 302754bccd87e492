"""Why this person and not that one: what is said is what the judge would count."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tanzhao.engines.planner import propose_teams
from tanzhao.engines.planner.search import Limit
from tanzhao.engines.planner.teams.codes import Code
from tanzhao.engines.planner.teams.exchange import teams_problem_document, teams_problem_from
from tanzhao.engines.planner.teams.explaining import candidates, why_not_person, why_person
from tanzhao.engines.planner.teams.problem import Role
from tests.engines.planner import generator_teams as rounds
from tests.engines.planner.judge import check_teams, conflicts

SAMPLES = Path(__file__).parents[3] / "packs/samples/planner"
RECUSAL = {
    "works_there": "works there",
    "worked_there": "worked there",
    "kin_works_there": "relative works there",
    "inspected_it_last": "inspected it in the last round",
    "native_township": "native township",
    "own_county": "own county in a cross inspection",
}


@pytest.fixture(scope="module")
def county():
    problem = teams_problem_from(json.loads((SAMPLES / "teams-county-1.json").read_text("utf8")))
    return problem, propose_teams(problem)


def _exchanged(problem, plan, team, candidate):
    """The members of each team after `candidate` takes the seat."""
    members = {made.id: set(made.members) for made in plan.teams}
    members[team] = members[team] - {candidate.out} | {candidate.person}
    if candidate.from_team is not None:
        seat = members[candidate.from_team] - {candidate.person}
        members[candidate.from_team] = seat | {candidate.out}
    return members


def _best_by_judge(document, problem, plan, members):
    """What the judge counts, with leaders and deputies chosen as well as they can be, but kept
    where they stay."""
    old = {made.id: made for made in plan.teams}
    rank = {person.id: person.rank for person in problem.people}
    teams = []
    for team, people in sorted(members.items()):
        was = old[team]
        leads = [was.leader] if was.leader in people else [p for p in people if rank[p] >= 4]
        kinds = {problem.places[unit].kind for unit in problem.team[team].units}
        leads.sort(key=lambda p: (problem.person[p].prev_kind in kinds, p == was.deputy, p))
        leader = leads[0] if leads else -1
        rest = [was.deputy] if was.deputy in people - {leader} else sorted(people - {leader})
        deputy = max(rest, key=lambda p: rank[p])
        teams.append({"id": team, "leader": leader, "deputy": deputy, "members": sorted(people)})
    return check_teams(document, {"teams": teams})


def test_each_candidate_is_what_the_judge_says_of_the_exchange(county):
    problem, plan = county
    document = teams_problem_document(problem)
    team = plan.teams[3]
    seat = team.members[2]
    found = candidates(problem, plan, team.id, seat)
    assert {one.person for one in found} == problem.person.keys() - set(team.members)
    assert any(one.breaks for one in found)
    assert any(not one.breaks for one in found)
    for one in found:
        assert one.out == seat
        members = _exchanged(problem, plan, team.id, one)
        broken, cost = _best_by_judge(document, problem, plan, members)
        assert len(broken) == len(one.breaks), one
        assert cost["total"] - plan.cost == one.cost_change, one


def test_everybody_of_a_prefecture_who_is_not_on_the_team_is_a_candidate():
    problem = rounds.planted(rounds.PREFECTURE, 2).problem
    plan = propose_teams(problem, limit=Limit(steps=0))
    found = candidates(problem, plan, plan.teams[5].id, plan.teams[5].members[0])
    assert len(found) == len(problem.people) - len(plan.teams[5].members)


def test_everybody_excluded_is_excluded_by_the_judges_rule(county):
    problem, plan = county
    clash = conflicts(teams_problem_document(problem))
    for team in plan.teams:
        for person in problem.people:
            codes = [r.code for r in why_not_person(problem, plan, team.id, person.id)]
            told = [RECUSAL[code] for code in codes if code in RECUSAL]
            why = clash[person.id].get(team.id)
            assert told == ([why] if why else [])
            assert ("not_available" in codes) == (person.id not in problem.available)


def test_who_is_excluded_by_nothing_hears_a_cost_or_the_rule_it_would_break(county):
    problem, plan = county
    seated = {p: team.id for team in plan.teams for p in team.members}
    last_words = {"would_cost", "would_save", "would_break"}
    for person in sorted(problem.available):
        told = why_not_person(problem, plan, 0, person)
        codes = [reason.code for reason in told]
        if seated.get(person) == 0:
            assert codes == ["on_this_team"]
        elif not set(codes) & RECUSAL.keys():
            assert codes[-1] in last_words
            assert ("on_other_team" in codes) == (person in seated)
        # The plan is the best there is: no exchange can save anything.
        assert "would_save" not in codes


def test_what_somebody_costs_adds_up_to_what_the_judge_counts_for_seats(county):
    problem, plan = county
    for team in plan.teams:
        said = [
            reason
            for person in team.members
            for reason in why_person(problem, plan, team.id, person)
        ]
        days = sum(r["cost"] for r in said if r.code == "costs_days")
        assert days == sum(problem.person[p].days_year for p in team.members)
        leaders = [r["person"] for r in said if r.code == "leads"]
        assert leaders == [team.leader]


def test_a_person_on_whom_a_demand_hangs_is_said_to_meet_it(county):
    problem, plan = county
    for team in plan.teams:
        for skill, need in problem.team[team.id].need.items():
            holders = [p for p in team.members if skill in problem.person[p].skills]
            for person in holders:
                said = {
                    (r["skill"], r["have"], r["need"])
                    for r in why_person(problem, plan, team.id, person)
                    if r.code == "gives_skill"
                }
                assert (skill, len(holders), need) in said


def test_doing_without_somebody_costs_what_the_best_candidate_costs(county):
    problem, plan = county
    team = plan.teams[1]
    for person in team.members:
        last = why_person(problem, plan, team.id, person)[-1]
        good = [c for c in candidates(problem, plan, team.id, person) if not c.breaks]
        if last.code == "no_replacement":
            assert good == []
        else:
            assert last["cost"] == good[0].cost_change
            assert last["other"] == good[0].person


def test_a_role_asks_for_its_rank(county):
    problem, plan = county
    junior = next(p for p in sorted(problem.available) if problem.person[p].rank < 3)
    told = why_not_person(problem, plan, plan.teams[0].id, junior, Role.LEADER)
    (rank,) = [reason for reason in told if reason.code == "rank_missing"]
    assert (rank["need"], rank["have"]) == (4, problem.person[junior].rank)


def test_every_code_said_is_in_the_list(county):
    problem, plan = county
    said = set()
    for team in plan.teams[:2]:
        for person in problem.people:
            said |= {r.code for r in why_person(problem, plan, team.id, person.id)}
            said |= {r.code for r in why_not_person(problem, plan, team.id, person.id)}
    assert said <= set(Code)


def test_a_vacant_seat_is_filled_without_anybody_leaving():
    problem = rounds.planted(rounds.TINY, 1).problem
    plan = propose_teams(problem)
    team = plan.teams[0]
    gone = next(p for p in team.members if p not in (team.leader, team.deputy))
    vacant = replace(team, members=tuple(p for p in team.members if p != gone))
    teams = replace(plan, teams=(vacant, *plan.teams[1:]))
    back = next(c for c in candidates(problem, teams, team.id) if c.person == gone)
    assert (back.out, back.breaks) == (None, ())
    told = why_not_person(problem, teams, team.id, gone)
    assert [reason.code for reason in told] == [
        "would_cost" if back.cost_change >= 0 else "would_save"
    ]
