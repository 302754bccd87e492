"""Questions about persons reach the teams engine, and those it cannot answer are refused."""

import pytest

from tanzhao.engines.planner import explain
from tanzhao.engines.planner.explaining import (
    BadQuestion,
    WhyImpossible,
    WhyNotPerson,
    WhyPerson,
    WhyRound,
)
from tanzhao.engines.planner.teams.problem import (
    Composed,
    Person,
    Place,
    Team,
    TeamsPlan,
    TeamsProblem,
    Weights,
)

PEOPLE = (
    Person(0, rank=4, skills=frozenset({"law"})),
    Person(1, rank=3),
    Person(2, rank=4, home=9),
    Person(3, rank=4),
)
ROUND = TeamsProblem(
    teams=(Team(0, units=(9,), size=2, need={"law": 1}),),
    people=PEOPLE,
    available=frozenset({0, 1, 2}),
    lend={},
    places={9: Place(9, "dept", 0, 0)},
    recuse_years=5,
    weights=Weights(),
)
PLAN = TeamsPlan((Composed(0, 0, 1, (0, 1)),), 0, 0)


def test_why_somebody_is_on_a_team_and_why_not():
    on = explain(ROUND, PLAN, WhyPerson(0, 0))
    recused = explain(ROUND, PLAN, WhyNotPerson(0, 2))
    away = explain(ROUND, PLAN, WhyNotPerson(0, 3))

    assert {"leads", "gives_skill"} <= {one.code for one in on.reasons}
    assert [one.code for one in recused.reasons] == ["works_there"]
    assert "not_available" in {one.code for one in away.reasons}
    assert on.options == recused.options == ()


def test_a_question_about_nobody_or_about_rounds_is_refused():
    for question in (WhyPerson(0, 9), WhyNotPerson(9, 0), WhyRound(9)):
        with pytest.raises(BadQuestion):
            explain(ROUND, PLAN, question)
    with pytest.raises(BadQuestion):
        explain(ROUND, None, WhyPerson(0, 0))


def test_clashing_demands_of_teams_are_those_of_the_proposal():
    nobody = TeamsProblem(ROUND.teams, PEOPLE, frozenset({1}), {}, ROUND.places, 5, ROUND.weights)

    assert explain(nobody, None, WhyImpossible()).reasons
    assert explain(ROUND, None, WhyImpossible()).reasons == ()
