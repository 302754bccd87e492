"""Who is needed for what, and what changes, held to the planner's own judge. No database."""

import random
from dataclasses import asdict

import pytest

from tanzhao.engines.planner.teams.checking import broken_rules, cost_of_team
from tanzhao.engines.planner.teams.problem import (
    Composed,
    Person,
    Place,
    Team,
    TeamsProblem,
    Weights,
)
from tanzhao.inspections.planning import seating
from tanzhao.inspections.planning.swaps import Swaps
from tanzhao.inspections.states import TeamRole

LEADER, DEPUTY, LIAISON, MEMBER = TeamRole
CODES = {
    "unmet_leader": "no_leader", "unmet_deputy": "no_deputy", "unmet_skill": "lacks_skill",
    "unmet_full_time": "few_full_time", "unmet_women": "few_women", "unmet_men": "few_men",
    "unmet_experienced": "few_experienced", "unmet_size": "wrong_size",
}  # fmt: skip


def made_problem(seed, people=24):
    """Make two teams with demands and people at random; some of them are barred."""
    dice = random.Random(seed)
    skills = ["财务", "审计", "文字综合"]
    persons = tuple(
        Person(
            id=number, full=dice.random() < 0.4, home=dice.choice([None, 90, 91, 92]),
            female=dice.random() < 0.5, rank=dice.randint(1, 4), exp=dice.randint(0, 4),
            skills=frozenset(dice.sample(skills, dice.randint(0, 2))),
            days_year=dice.randint(0, 90), prev_team=dice.choice([None, 1, 2]),
            prev_kind=dice.choice([None, "乡镇"]), county=dice.randint(0, 2),
        )
        for number in range(people)
    )  # fmt: skip
    teams = tuple(
        Team(id=number, units=(number,), size=5, need={"财务": 1, "审计": 1}, min_full=2,
             min_women=2, min_men=1, min_exp=2)
        for number in (1, 2)
    )  # fmt: skip
    return TeamsProblem(
        teams=teams, people=persons, available=frozenset(range(people)), lend={90: 2, 91: 2},
        places={n: Place(n, kind="乡镇", area=0, county=0) for n in (1, 2)}, recuse_years=0,
        weights=Weights(), barred=frozenset({(1, 20), (2, 21)}),
    )  # fmt: skip


def seats_at_random(seed):
    numbers = random.Random(seed).sample(range(20), 10)
    roles = [LEADER, DEPUTY, LIAISON, MEMBER, MEMBER]
    return {
        1: dict(zip(numbers[:5], roles, strict=True)),
        2: dict(zip(numbers[5:], roles, strict=True)),
    }


@pytest.mark.parametrize("seed", range(40))
def test_what_is_unmet_and_what_a_team_weighs_is_what_the_judge_says(seed):
    problem, seats = made_problem(seed), seats_at_random(seed)
    composed = [seating.composed_of(team, people) for team, people in seats.items()]

    unmet = seating.unmet_of(problem, seats)

    judged = {
        (one["team"], one.code, dict(one.values).get("skill", ""))
        for one in broken_rules(problem, composed)
        if one.code in CODES.values()
    }
    assert {
        (team, CODES[one.code], dict(one.values).get("skill", ""))
        for team, found in unmet.items()
        for one in found
    } == judged
    for team in problem.teams:
        parts = seating.parts_of(problem, team, seats[team.id])
        one = seating.composed_of(team.id, seats[team.id])
        assert parts.weighed(problem.weights) == cost_of_team(problem, team, one)


@pytest.mark.parametrize("seed", range(20))
def test_a_swap_says_exactly_what_is_different_afterwards(seed):
    problem, seats = made_problem(seed), seats_at_random(seed)
    out = next(iter(seats[1]))
    before, weight = seating.unmet_of(problem, seats)[1], _weight(problem, seats)

    for one in Swaps(problem, seats).candidates(team=1, out=out):
        people = {one.into if p == out else p: role for p, role in seats[1].items()}
        after = seats | {1: people}
        unmet = seating.unmet_of(problem, after)[1]
        lost = [r for r in one.lost if r.code != "unmet_lending"]
        assert one.cost == _weight(problem, after) - weight
        assert one.cost == sum(
            by * getattr(problem.weights, name) for name, by in asdict(one.difference).items()
        )
        assert {_key(r) for r in lost} >= {_key(r) for r in unmet} - {_key(r) for r in before}
        assert {_key(r) for r in one.gained} >= {_key(r) for r in before} - {_key(r) for r in unmet}
        assert not {_key(r) for r in one.gained} & {_key(r) for r in lost}


def test_candidates_are_free_not_kept_off_and_come_by_consequences():
    problem, seats = made_problem(3), seats_at_random(3)
    out = next(iter(seats[1]))

    found = Swaps(problem, seats).candidates(team=1, out=out)

    seated = {p for people in seats.values() for p in people}
    assert {one.into for one in found} == set(range(24)) - seated - {20}
    assert found == sorted(found, key=lambda one: one.order)
    heads = [any(r.code in {"unmet_leader", "unmet_deputy"} for r in one.lost) for one in found]
    assert heads == sorted(heads)


def test_a_person_is_there_for_what_would_be_missing_without_them_and_is_told_who_else_could():
    team = Team(id=1, units=(1,), size=4, need={"审计": 1})
    people = (
        Person(1, rank=4, skills=frozenset({"审计"})),
        Person(2, rank=3),
        Person(3),
        Person(4),
        Person(5, rank=4),
        Person(6, skills=frozenset({"审计"})),
    )
    problem = TeamsProblem(
        teams=(team,), people=people, available=frozenset(range(1, 7)), lend={},
        places={1: Place(1, "乡镇", 0, 0)}, recuse_years=0, weights=Weights(),
        barred=frozenset({(1, 6)}),
    )  # fmt: skip
    seats = {1: {1: LEADER, 2: DEPUTY, 3: MEMBER, 4: MEMBER}}

    why = {p: seating.why_here(problem, seats, team, p) for p in (1, 3)}

    assert [(r.code, r["free"]) for r in why[1]] == [("needed_leader", 1), ("needed_skill", 0)]
    assert [(r.code, r["free"]) for r in why[3]] == [("fills_team", 1)]


@pytest.mark.parametrize("seed", range(10))
def test_the_nearest_place_is_the_least_change_of_all_places(seed):
    problem, seats = made_problem(seed), seats_at_random(seed)
    swaps = Swaps(problem, seats)

    for person in seating.free_people(problem, seats):
        places = [
            swaps.swap(team=team, out=out, into=person.id)
            for team, people in seats.items()
            if (team, person.id) not in problem.barred
            for out in people
        ]
        assert swaps.nearest_place(person.id) == min(places, key=lambda one: one.order)


def test_the_nearest_place_takes_nobody_away_whom_the_office_keeps():
    problem, seats = made_problem(5), seats_at_random(5)
    person = next(p.id for p in seating.free_people(problem, seats) if p.id not in {20, 21})

    best = Swaps(problem, seats).nearest_place(person, kept=())
    assert best is not None
    second = Swaps(problem, seats).nearest_place(person, kept=[best.out])

    assert second is not None
    assert second.out != best.out
    assert best.order < second.order
    everybody = [p for people in seats.values() for p in people]
    assert Swaps(problem, seats).nearest_place(person, kept=everybody) is None


def test_roles_are_given_once_and_whoever_is_kept_keeps_theirs():
    people = (
        Person(1, rank=4), Person(2, rank=3), Person(3, rank=4), Person(4, full=True),
        Person(5, full=True, skills=frozenset({"文字综合"})), Person(6),
    )  # fmt: skip
    problem = TeamsProblem(
        teams=(Team(id=1, units=(), size=6),), people=people, available=frozenset(range(1, 7)),
        lend={}, places={}, recuse_years=0, weights=Weights(),
    )  # fmt: skip
    plan = [Composed(1, leader=3, deputy=1, members=(1, 2, 3, 4, 5, 6))]
    given = {"liaison_skills": ["文字综合"]}

    free = seating.with_roles(problem, plan, kept={}, **given)
    kept = {1: (1, LEADER), 2: (1, DEPUTY), 4: (1, MEMBER)}
    stay = seating.with_roles(problem, plan, kept=kept, **given)

    assert free == {1: {3: LEADER, 1: DEPUTY, 5: LIAISON, 2: MEMBER, 4: MEMBER, 6: MEMBER}}
    assert stay == {1: {1: LEADER, 2: DEPUTY, 5: LIAISON, 3: MEMBER, 4: MEMBER, 6: MEMBER}}
    assert list(stay[1].values()) == [LEADER, DEPUTY, LIAISON, MEMBER, MEMBER, MEMBER]


def test_a_liaison_becomes_deputy_only_where_no_member_of_the_grade_is_left():
    def given(rank_of_member):
        people = (Person(1, rank=4), Person(2, rank=3), Person(3, rank=rank_of_member))
        problem = TeamsProblem(
            teams=(Team(id=1, units=(), size=3),), people=people, available=frozenset({1, 2, 3}),
            lend={}, places={}, recuse_years=0, weights=Weights(),
        )  # fmt: skip
        kept = {1: (1, LEADER), 2: (1, LIAISON)}
        plan = [Composed(1, leader=1, deputy=2, members=(1, 2, 3))]
        return seating.with_roles(problem, plan, kept=kept, liaison_skills=[])[1]

    assert given(rank_of_member=3) == {1: LEADER, 2: LIAISON, 3: DEPUTY}
    assert given(rank_of_member=1) == {1: LEADER, 2: DEPUTY, 3: LIAISON}


def _weight(problem, seats):
    return sum(
        cost_of_team(problem, team, seating.composed_of(team.id, seats[team.id]))
        for team in problem.teams
    )


def _key(one):
    return (one.code, dict(one.values).get("skill", ""))
