"""Each rule binds somewhere: leave it out of the problem, and the cheapest teams break it.

So a rule that were missing from the model would show as a broken rule in test_teams_proposing,
which proposes for the same kind of rounds and has them judged with all rules.
"""

from dataclasses import replace

import pytest

from tanzhao.engines.planner import propose_teams
from tanzhao.engines.planner.search import Limit
from tanzhao.engines.planner.teams.checking import broken_rules, conflict_of
from tanzhao.engines.planner.teams.problem import Composed, Pin, Role
from tests.engines.planner import generator_teams as rounds

ROUND = replace(rounds.COUNTY, sizes=(5, 6), recusals=4, cross=0.5, counties=3)
TWIN = 100_000  # added to the id of a person who is there a second time


def _people(problem, **changes):
    return replace(problem, people=tuple(replace(p, **changes) for p in problem.people))


def _teams(problem, **changes):
    return replace(problem, teams=tuple(replace(team, **changes) for team in problem.teams))


def _twice(problem):
    twins = tuple(replace(person, id=person.id + TWIN) for person in problem.people)
    available = problem.available | {person + TWIN for person in problem.available}
    return replace(problem, people=problem.people + twins, available=available)


def _free_of_pins(problem):
    return replace(problem, pinned=(), barred=frozenset())


WITHOUT = {
    "wrong_size": lambda p: replace(p, teams=tuple(replace(t, size=t.size - 1) for t in p.teams)),
    "no_leader": lambda p: _people(p, rank=5),
    "no_deputy": lambda p: _people(p, rank=5),
    "lacks_skill": lambda p: _teams(p, need={}),
    "few_full_time": lambda p: _teams(p, min_full=0),
    "few_women": lambda p: _teams(p, min_women=0),
    "few_men": lambda p: _teams(p, min_men=0),
    "few_experienced": lambda p: _teams(p, min_exp=0),
    "in_two_teams": _twice,
    "not_available": lambda p: replace(p, available=frozenset(p.person)),
    "lends_too_many": lambda p: replace(p, lend={}),
    "works_there": lambda p: replace(_people(p, home=None), lend={}),
    "worked_there": lambda p: replace(p, recuse_years=0),
    "kin_works_there": lambda p: _people(p, relatives=frozenset()),
    "inspected_it_last": lambda p: _people(p, prev_units=frozenset()),
    "native_township": lambda p: _people(p, native=None),
    "own_county": lambda p: _teams(p, cross=False),
    "pin_missed": _free_of_pins,
    "barred_from_team": _free_of_pins,
}


def _decided(problem):
    """Add decisions against the cheapest plan: one of its people is barred, somebody pinned."""
    plan = propose_teams(problem, limit=Limit(steps=5))
    first, other = plan.teams[:2]
    leaders = [p for p in sorted(problem.available) if problem.person[p].rank >= 4]
    pinned = next(
        p
        for p in leaders
        if p not in first.members and not conflict_of(problem, problem.person[p], problem.team[0])
    )
    barred = min(other.members, key=lambda p: (problem.person[p].rank, p))
    return replace(
        problem,
        pinned=(Pin(first.id, pinned, Role.LEADER),),
        barred=frozenset({(other.id, barred)}),
    )


def _as_one(team):
    """Take the twins of a team for the people they are."""
    members = tuple(sorted(person % TWIN for person in team.members))
    return Composed(team.id, team.leader % TWIN, team.deputy % TWIN, members)


@pytest.mark.parametrize("rule", WITHOUT)
def test_teams_composed_without_a_rule_break_it(rule):
    for seed in range(12):
        problem = rounds.planted(ROUND, seed).problem
        if rule in ("pin_missed", "barred_from_team"):
            problem = _decided(problem)
        plan = propose_teams(WITHOUT[rule](problem), limit=Limit(steps=5))
        broken = broken_rules(problem, map(_as_one, plan.teams))
        if rule in {reason.code for reason in broken}:
            return
    pytest.fail(f"{rule} binds in none of these rounds")


@pytest.mark.parametrize("seed", range(4))
def test_with_every_rule_the_same_rounds_break_none(seed):
    problem = rounds.planted(ROUND, seed).problem
    for asked in (problem, _decided(problem)):
        plan = propose_teams(asked, limit=Limit(steps=15))
        assert broken_rules(asked, plan.teams) == []
