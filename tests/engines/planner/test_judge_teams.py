"""Our judge of teams against the one given to us, on planted teams and on spoilt ones."""

import random

import pytest

from tanzhao.engines.planner.teams.checking import broken_rules, cost_of
from tanzhao.engines.planner.teams.exchange import composed_from, teams_problem_from
from tests.engines.planner.judge import check_teams
from tests.engines.planner.teams_generator import teams_instance

INSTANCES = {
    (seed, teams): teams_instance(seed, teams=teams)
    for seed, teams in [(1, 3), (2, 6), (3, 12), (4, 24)]
}
TEAMS_RULES = {
    "few_experienced", "few_full_time", "few_men", "few_women", "in_two_teams",
    "inspected_it_last", "kin_works_there", "lacks_skill", "lends_too_many", "native_township",
    "no_deputy", "no_leader", "not_available", "own_county", "team_missing", "unknown_person",
    "worked_there", "works_there", "wrong_size",
}  # fmt: skip


def _replace(dice, document, teams):
    team = dice.choice(teams)
    out = dice.choice(team["members"])
    team["members"][team["members"].index(out)] = dice.choice(document["people"])["id"]


def _exchange(dice, _document, teams):
    one, other = dice.choice(teams)["members"], dice.choice(teams)["members"]
    here, there = dice.randrange(len(one)), dice.randrange(len(other))
    one[here], other[there] = other[there], one[here]


def _other_leader(dice, _document, teams):
    team = dice.choice(teams)
    team[dice.choice(["leader", "deputy"])] = dice.choice(team["members"])


def _too_few(dice, _document, teams):
    members = dice.choice(teams)["members"]
    members.pop(dice.randrange(len(members)))


def _too_many(dice, document, teams):
    dice.choice(teams)["members"].append(dice.choice(document["people"])["id"])


WAYS = (_replace, _replace, _replace, _exchange, _exchange, _other_leader, _too_few, _too_many)


@pytest.mark.parametrize("instance", INSTANCES)
def test_both_judges_find_the_planted_teams_good_and_count_the_same_cost(instance):
    document, teams = INSTANCES[instance]
    problem, plan = teams_problem_from(document), composed_from({"teams": teams})

    bad, cost = check_teams(document, {"teams": teams})

    assert (bad, broken_rules(problem, plan)) == ([], [])
    assert cost_of(problem, plan) == cost["total"]


@pytest.mark.parametrize("instance", INSTANCES)
@pytest.mark.parametrize("seed", range(80))
def test_both_judges_find_as_many_rules_broken_in_spoilt_teams(instance, seed):
    document, teams = INSTANCES[instance]
    dice = random.Random(f"{instance} {seed}")
    spoilt = [{**team, "members": list(team["members"])} for team in teams]
    for _change in range(dice.choice([1, 1, 2, 4, 9])):
        dice.choice(WAYS)(dice, document, spoilt)
    if dice.random() < 0.1:
        spoilt.pop()
    problem, plan = teams_problem_from(document), composed_from({"teams": spoilt})

    bad, cost = check_teams(document, {"teams": spoilt})

    assert len(broken_rules(problem, plan)) == len(bad), bad
    assert cost_of(problem, plan) == cost["total"]


def test_every_rule_is_broken_alone_by_some_spoilt_teams():
    alone = set()
    for document, teams in (teams_instance(seed, teams=12) for seed in (0, 2)):
        problem = teams_problem_from(document)
        # Few changes drawn from all of them break a rule of each kind.
        changes = list(_one_change(document, teams))
        for spoilt in random.Random("alone").sample(changes, len(changes) // 6):
            broken = broken_rules(problem, composed_from({"teams": spoilt}))
            if len(broken) == 1:
                alone.add(broken[0].code)

    assert alone == TEAMS_RULES


def _one_change(document, teams):
    for place, team in enumerate(teams):
        rest = teams[:place] + teams[place + 1 :]
        posts = (team["leader"], team["deputy"])
        yield rest
        for member in team["members"]:
            yield [*rest, {**team, "leader": member}]
            yield [*rest, {**team, "deputy": member}]
            if member in posts:
                continue
            others = [person for person in team["members"] if person != member]
            yield [*rest, {**team, "members": others}]
            for stranger in range(len(document["people"]) + 1):
                yield [*rest, {**team, "members": [*others, stranger]}]
