"""The exchange format: what is written is read again, and garbage is told by its field."""

import copy
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tanzhao.engines.planner.fields import BadInstance
from tanzhao.engines.planner.teams import checking as teams_checking
from tanzhao.engines.planner.teams.exchange import (
    composed_from,
    teams_plan_document,
    teams_problem_document,
    teams_problem_from,
)
from tanzhao.engines.planner.teams.problem import TeamsPlan
from tanzhao.engines.planner.term import checking as term_checking
from tanzhao.engines.planner.term.exchange import (
    placed_from,
    term_plan_document,
    term_problem_document,
    term_problem_from,
)
from tanzhao.engines.planner.term.problem import TermPlan
from tests.engines.planner.generator import term_instance
from tests.engines.planner.teams_generator import teams_instance

SAMPLES = Path(__file__).parents[3] / "packs/samples/planner"
TERM, TERM_VISITS = term_instance(1, units=40, look_backs=0.3)
TEAMS, TEAMS_MADE = teams_instance(1, teams=4)
KEYS = st.sampled_from(["0", "1", "x", "id", "²", "--1", "", "9" * 30])
# What other JSON may stand where something else belongs.
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 5)
    | st.integers()
    | st.floats()
    | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["0", "1", "x", "id", "²", "--1"]), inner, max_size=3)
    ),
    max_leaves=5,
)


def sample(name):
    return json.loads((SAMPLES / name).read_text("utf-8"))


@pytest.mark.parametrize("name", sorted(p.name for p in SAMPLES.glob("term-*.json")))
def test_a_sample_term_written_and_read_again_is_the_same(name):
    problem = term_problem_from(sample(name))

    document = json.loads(json.dumps(term_problem_document(problem)))

    assert term_problem_from(document) == problem
    assert len(problem.units) == len(sample(name)["units"])


@pytest.mark.parametrize("name", sorted(p.name for p in SAMPLES.glob("teams-*.json")))
def test_a_sample_round_written_and_read_again_is_the_same(name):
    problem = teams_problem_from(sample(name))

    document = json.loads(json.dumps(teams_problem_document(problem)))

    assert teams_problem_from(document) == problem
    assert len(problem.people) == len(sample(name)["people"])


def test_no_field_of_a_sample_is_lost_that_a_rule_or_the_cost_asks_about():
    term = term_problem_document(term_problem_from(sample("term-county-1.json")))
    teams = teams_problem_document(teams_problem_from(sample("teams-county-1.json")))

    for name, written in [("term-county-1.json", term), ("teams-county-1.json", teams)]:
        rest = {
            key: value
            for key, value in sample(name).items()
            if key in written and key not in ("units", "teams", "people", "available")
        }
        assert {key: written[key] for key in rest} == rest
    for number, unit in enumerate(sample("term-county-1.json")["units"]):
        assert term["units"][number] == unit
    for number, person in enumerate(sample("teams-county-1.json")["people"]):
        written = teams["people"][number]
        assert {key: _unordered(written[key]) for key in written} == {
            key: _unordered(value) for key, value in person.items()
        }


def test_a_plan_written_and_read_again_is_the_same():
    visits = placed_from({"visits": TERM_VISITS})
    made = composed_from({"teams": TEAMS_MADE})
    term = term_plan_document(TermPlan(visits, cost=7, bound=5, seconds=1.234, steps=3))
    teams = teams_plan_document(TeamsPlan(made, cost=7, bound=5, seconds=1.234, steps=3))

    assert placed_from(json.loads(json.dumps(term))) == visits
    assert composed_from(json.loads(json.dumps(teams))) == made
    assert (term["cost"], term["bound"], term["seconds"]) == (7, 5, 1.23)
    assert (teams["cost"], teams["bound"], teams["seconds"]) == (7, 5, 1.23)


@pytest.mark.parametrize(
    ("where", "change"),
    [
        ("units[3].effort", lambda d: d["units"][3].update(effort="many")),
        ("units[3].effort", lambda d: d["units"][3].pop("effort")),
        ("units[0].visits", lambda d: d["units"][0].update(visits=3)),
        ("units[0].fixed", lambda d: d["units"][0].update(fixed={"2": 1})),
        ("rounds[2].teams", lambda d: d["rounds"][2].update(teams=-1)),
        ("rounds[2].month", lambda d: d["rounds"][2].update(month=1.5)),
        ("instance.coverage", lambda d: d.update(coverage="all")),
        ("instance.gap_min", lambda d: d.pop("gap_min")),
        ("instance.units", lambda d: d["units"].append(d["units"][0])),
        ("instance.rounds", lambda d: d["rounds"].append(d["rounds"][0])),
        ("instance.groups", lambda d: d.update(groups=[{"id": 0, "units": [10_000]}])),
        ("groups[0].units", lambda d: d.update(groups=[{"id": 0}])),
        ("units[id 0].fixed", lambda d: d["units"][0].update(fixed={"0": 99})),
        ("instance.band", lambda d: d.update(band=float("nan"))),
        ("rounds[0].team_cap", lambda d: d["rounds"][0].update(team_cap=10**12)),
        ("units[5]", lambda d: d["units"].__setitem__(5, 7)),
    ],
)
def test_a_term_with_one_wrong_field_is_refused_and_the_field_named(where, change):
    spoilt = copy.deepcopy(TERM)
    change(spoilt)

    with pytest.raises(BadInstance) as refusal:
        term_problem_from(spoilt)

    assert refusal.value.where == where


@pytest.mark.parametrize(
    ("where", "change"),
    [
        ("people[3].rank", lambda d: d["people"][3].update(rank=None)),
        ("people[3].past", lambda d: d["people"][3].update(past=[[1]])),
        ("people[3].skills", lambda d: d["people"][3].update(skills=[1])),
        ("teams[1].size", lambda d: d["teams"][1].update(size=0)),
        ("teams[id 1].units", lambda d: d["teams"][1].update(units=[12345])),
        ("instance.available", lambda d: d.update(available=[12345])),
        ("instance.lend", lambda d: d.update(lend={"nobody": 1})),
        ("instance.lend", lambda d: d.update(lend={"--1": 1})),
        ("instance.units", lambda d: d["units"].update(x={"kind": "dept"})),
        ("w.days", lambda d: d["w"].pop("days")),
        ("instance.recuse_years", lambda d: d.pop("recuse_years")),
    ],
)
def test_a_round_with_one_wrong_field_is_refused_and_the_field_named(where, change):
    spoilt = copy.deepcopy(TEAMS)
    change(spoilt)

    with pytest.raises(BadInstance) as refusal:
        teams_problem_from(spoilt)

    assert refusal.value.where == where


@settings(max_examples=400, deadline=None, derandomize=True)
@given(st.data())
def test_garbage_in_a_term_is_refused_or_read_but_never_a_traceback(data):
    spoilt = _spoilt(data, TERM)
    visits = _spoilt(data, {"visits": TERM_VISITS[:5]})

    try:
        problem = term_problem_from(spoilt)
        plan = placed_from(visits)
    except BadInstance as refusal:
        assert refusal.where
        assert refusal.wanted
    else:
        # Whatever is taken can be judged.
        term_checking.broken_rules(problem, plan)
        term_checking.cost_of(problem, plan)


@settings(max_examples=400, deadline=None, derandomize=True)
@given(st.data())
def test_garbage_in_a_round_is_refused_or_read_but_never_a_traceback(data):
    spoilt = _spoilt(data, TEAMS)
    teams = _spoilt(data, {"teams": TEAMS_MADE})

    try:
        problem = teams_problem_from(spoilt)
        plan = composed_from(teams)
    except BadInstance as refusal:
        assert refusal.where
        assert refusal.wanted
    else:
        teams_checking.broken_rules(problem, plan)
        teams_checking.cost_of(problem, plan)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(JSON)
def test_any_other_document_is_refused(document):
    for read in (term_problem_from, teams_problem_from, placed_from, composed_from):
        if not (isinstance(document, dict) and ("visits" in document or "teams" in document)):
            with pytest.raises(BadInstance):
                read(document)


def _unordered(value):
    return sorted(map(repr, value)) if isinstance(value, list) else value


def _spoilt(data, document):
    """Replace or remove values somewhere in a copy of `document`."""
    spoilt = copy.deepcopy(document)
    for _change in range(data.draw(st.integers(0, 3))):
        inside = spoilt
        while True:
            keys = list(inside) if isinstance(inside, dict) else list(range(len(inside)))
            if not keys:
                break
            key = data.draw(st.sampled_from(keys))
            deeper = inside[key]
            if isinstance(deeper, dict | list) and deeper and data.draw(st.integers(0, 5)):
                inside = deeper
                continue
            if isinstance(inside, dict) and data.draw(st.booleans()):
                inside[data.draw(KEYS)] = inside.pop(key)
            elif data.draw(st.booleans()):
                inside[key] = data.draw(JSON)
            else:
                del inside[key]
            break
    return spoilt
