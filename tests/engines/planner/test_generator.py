"""The generators themselves: what they plant is good, and every rule bites somewhere."""

import pytest

from tanzhao.engines.planner.term.checking import broken_rules
from tanzhao.engines.planner.term.exchange import placed_from, term_problem_from
from tests.engines.planner.generator import term_instance
from tests.engines.planner.impossible import WAYS, impossible_term
from tests.engines.planner.judge import check_teams, check_term
from tests.engines.planner.teams_generator import teams_instance

SIZES = [(40, 0.70), (40, 0.97), (110, 0.88), (110, 0.97), (300, 0.93), (900, 0.97)]


@pytest.mark.parametrize(("units", "utilisation"), SIZES)
@pytest.mark.parametrize("seed", range(4))
def test_a_planted_term_breaks_no_rule_and_is_as_full_as_asked(units, utilisation, seed):
    document, visits = term_instance(seed, units=units, utilisation=utilisation)

    effort = sum(unit["effort"] + unit.get("effort2", 0) for unit in document["units"])
    room = sum(round_["teams"] * round_["team_cap"] for round_ in document["rounds"])
    assert check_term(document, {"visits": visits})[0] == []
    assert len(document["units"]) == units
    assert effort / room == pytest.approx(utilisation, abs=0.02)
    assert {unit["effort"] % 5 for unit in document["units"]} == {0}


@pytest.mark.parametrize("teams", [2, 6, 12, 36])
@pytest.mark.parametrize("seed", range(4))
def test_planted_teams_break_no_rule(teams, seed):
    document, planted = teams_instance(seed, teams=teams)

    assert check_teams(document, {"teams": planted})[0] == []
    assert [team["id"] for team in planted] == list(range(teams))


def test_the_same_arguments_give_the_same_instance_and_another_seed_another():
    assert term_instance(5, units=60) == term_instance(5, units=60)
    assert term_instance(5, units=60) != term_instance(6, units=60)
    assert teams_instance(5) == teams_instance(5)
    assert teams_instance(5) != teams_instance(6)


def test_every_demand_of_the_format_occurs():
    document, _visits = term_instance(1, units=300, utilisation=0.9)

    units = document["units"]
    demands = ("last_month", "deadline_month", "fixed", "forbidden", "joint", "effort2")
    assert {name: any(unit.get(name) for unit in units) for name in demands} == dict.fromkeys(
        demands, True
    )
    assert len(document["groups"]) == 7
    assert len({unit["county"] for unit in units}) == 3
    assert all(round_["skill_cap"]["law"] < len(units) for round_ in document["rounds"])


@pytest.mark.parametrize("how", WAYS)
def test_a_term_made_impossible_no_longer_takes_its_planted_plan(how):
    document, visits = term_instance(2, units=60)
    problem = term_problem_from(impossible_term(document, how))

    assert broken_rules(problem, placed_from({"visits": visits}))
    assert not broken_rules(term_problem_from(document), placed_from({"visits": visits}))
