"""Teams after changes: as few seats as can be, held against every plan of tiny rounds."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tanzhao.engines.planner import propose_teams, replan_teams
from tanzhao.engines.planner.search import Limit
from tanzhao.engines.planner.teams.changes import (
    LateRecusal,
    LendingChanged,
    PersonBarred,
    PersonGone,
    PersonJoined,
    SeatPinned,
    UnitAdded,
    UnitRemoved,
    UnknownHere,
    applied,
)
from tanzhao.engines.planner.teams.checking import broken_rules, cost_of
from tanzhao.engines.planner.teams.exchange import (
    teams_plan_document,
    teams_problem_document,
    teams_problem_from,
)
from tanzhao.engines.planner.teams.problem import Person, Place, Role
from tests.engines.planner import generator_teams as rounds
from tests.engines.planner.brute_teams import good_plans
from tests.engines.planner.judge import check_teams

SAMPLES = Path(__file__).parents[3] / "packs/samples/planner"
LIMIT = Limit(steps=10)


def _changed_seats(before, after):
    old = {team.id: set(team.members) for team in before}
    return sum(len(set(team.members) - old[team.id]) for team in after)


def _keeps_roles(before, plan):
    """Whoever leads, or is deputy, and is still there stays so."""
    old = {team.id: team for team in before}
    return all(
        old[team.id].leader == team.leader or old[team.id].leader not in team.members
        for team in plan
    )


def _least(problem, before):
    """Fewest changed seats of any plan, and the least cost of plans with so few."""
    counted = [(_changed_seats(before, plan), plan) for plan in good_plans(problem)]
    if not counted:
        return None
    fewest = min(changes for changes, _ in counted)
    few = [plan for changes, plan in counted if changes == fewest]
    return fewest, min(cost_of(problem, plan) for plan in few if _keeps_roles(before, plan))


def _changes_of(problem, plan, seed):
    """One change of each kind, drawn by the seed."""
    first, other = plan.teams
    free = sorted(problem.available - set(first.members) - set(other.members))
    leader = next(p for p in sorted(problem.available) if problem.person[p].rank >= 4)
    member = first.members[seed % len(first.members)]
    unit = problem.team[first.id].units[0]
    return {
        "gone": [PersonGone(member)],
        "two gone": [PersonGone(member), PersonGone(other.leader)],
        "kin": [LateRecusal(member, unit)],
        "pinned": [SeatPinned(first.id, free[seed % len(free)])],
        "moved": [SeatPinned(first.id, other.members[0])],
        "leader": [SeatPinned(first.id, leader, Role.LEADER)],
        "barred": [PersonBarred(first.id, member)],
        "unit": [UnitAdded(first.id, Place(999, "town", problem.person[member].native or 0, 0))],
        "no unit": [UnitRemoved(first.id, unit)],
        "joined": [PersonGone(member), PersonJoined(Person(id=900, full=True, rank=5, exp=3))],
    }


@pytest.mark.parametrize("seed", range(6))
def test_no_plan_of_a_tiny_round_changes_fewer_seats_or_costs_less(seed):
    problem = rounds.planted(replace(rounds.TINY, sizes=(3,)), seed).problem
    plan = propose_teams(problem)
    for name, changes in _changes_of(problem, plan, seed).items():
        done = replan_teams(problem, plan, changes, limit=LIMIT)
        asked = applied(problem, changes)
        assert done.problem == asked
        least = _least(asked, plan.teams)
        if least is None:
            assert done.plan.conflict, name
            assert done.plan.breaks, name
            continue
        assert broken_rules(asked, done.plan.teams) == [], name
        assert (len(done.changed), done.plan.cost) == least, name
        assert done.fewest == least[0], name
        assert done.least_cost <= least[1], name
        assert done.plan.bound <= min(cost_of(asked, good) for good in good_plans(asked)), name


@pytest.fixture(scope="module")
def county():
    problem = teams_problem_from(json.loads((SAMPLES / "teams-county-1.json").read_text("utf8")))
    return problem, propose_teams(problem)


def test_each_person_of_the_county_is_replaced_with_one_change_where_one_is_possible(county):
    problem, plan = county
    for person in sorted(p for team in plan.teams for p in team.members)[::4]:
        done = replan_teams(problem, plan, [PersonGone(person)], limit=LIMIT)
        judged = check_teams(teams_problem_document(done.problem), teams_plan_document(done.plan))
        assert judged == ([], {"total": done.plan.cost})
        assert len(done.changed) == done.fewest
        (change, *_) = [change for change in done.changed if change.out == person]
        assert change.reasons[0].code == "not_available"


def test_one_person_of_a_prefecture_is_replaced_by_as_few_as_possible():
    problem = rounds.planted(rounds.PREFECTURE, 1).problem
    plan = propose_teams(problem, limit=Limit(steps=0))
    done = []
    for team in plan.teams[:8]:
        done.append(replan_teams(problem, plan, [PersonGone(team.members[2])], limit=LIMIT))
    assert all(len(one.changed) == one.fewest for one in done)
    assert sum(len(one.changed) == 1 for one in done) >= 6


def test_a_late_declaration_names_itself_as_the_reason(county):
    problem, plan = county
    team = plan.teams[2]
    unit = problem.team[team.id].units[0]
    done = replan_teams(problem, plan, [LateRecusal(team.members[1], unit)])
    (change,) = done.changed
    assert (change.team, change.out) == (team.id, team.members[1])
    assert [reason.code for reason in change.reasons] == ["kin_works_there"]
    assert change.reasons[0]["unit"] == unit


def test_a_pinned_person_moves_and_both_teams_say_why(county):
    problem, plan = county
    here, there = plan.teams[0], plan.teams[1]
    moves = there.members[0]
    done = replan_teams(problem, plan, [SeatPinned(here.id, moves)])
    codes = {reason.code for change in done.changed for reason in change.reasons}
    assert {"pinned_to_team", "moved_to_team"} <= codes
    assert len(done.changed) == done.fewest == 2
    assert moves in done.plan.teams[0].members
    assert broken_rules(done.problem, done.plan.teams) == []


def test_a_lower_lending_limit_sends_home_as_many_as_it_must(county):
    problem, plan = county
    homes = [problem.person[p].home for team in plan.teams for p in team.members]
    home = next(home for home in homes if home is not None)
    done = replan_teams(problem, plan, [LendingChanged(home, 0)])
    lent = [h for h in homes if h == home]
    assert len(done.changed) >= len(lent)
    assert broken_rules(done.problem, done.plan.teams) == []
    codes = [reason.code for change in done.changed for reason in change.reasons]
    assert codes.count("lends_too_many") == len(lent)


def test_nothing_changes_where_nothing_must(county):
    problem, plan = county
    free = sorted(problem.available - {p for team in plan.teams for p in team.members})
    done = replan_teams(problem, plan, [PersonGone(free[0])])
    assert done.changed == ()
    assert done.plan.teams == plan.teams


def test_a_leader_stays_leader_even_where_another_would_cost_less(county):
    problem, plan = county
    team = plan.teams[0]
    kind = problem.places[problem.team[team.id].units[0]].kind
    people = tuple(replace(p, prev_kind=kind) if p.id == team.leader else p for p in problem.people)
    gone = next(p for p in team.members if p not in (team.leader, team.deputy))
    done = replan_teams(replace(problem, people=people), plan, [PersonGone(gone)])
    assert done.plan.teams[0].leader == team.leader
    assert done.plan.cost == cost_of(done.problem, done.plan.teams)


def test_decisions_are_written_and_read(county):
    problem, plan = county
    pinned = SeatPinned(0, plan.teams[0].members[1], Role.DEPUTY)
    decided = applied(problem, [pinned, PersonBarred(1, problem.people[0].id)])
    assert decided.pinned
    assert decided.barred
    assert teams_problem_from(teams_problem_document(decided)) == decided


def test_a_change_of_somebody_unknown_is_refused(county):
    problem, plan = county
    with pytest.raises(UnknownHere):
        replan_teams(problem, plan, [PersonGone(12345)])
    with pytest.raises(UnknownHere):
        replan_teams(problem, plan, [SeatPinned(99, problem.people[0].id)])
