"""Our judge of terms against the one given to us, on planted plans and on spoilt ones."""

import random

import pytest

from tanzhao.engines.planner.term.checking import broken_rules, cost_of
from tanzhao.engines.planner.term.exchange import placed_from, term_problem_from
from tanzhao.engines.planner.term.problem import Placed
from tests.engines.planner.generator import term_instance
from tests.engines.planner.judge import check_term

INSTANCES = {
    (seed, units): term_instance(seed, units=units, utilisation=utilisation)
    for seed, units, utilisation in [
        (1, 40, 0.75), (2, 60, 0.90), (3, 110, 0.80), (4, 110, 0.97), (5, 300, 0.88),
    ]
}  # fmt: skip
TERM_RULES = {
    "coverage_short", "fixed", "forbidden", "group_split", "look_back_gap", "no_such_team",
    "placed_twice", "skill_short", "slot_overfull", "too_late", "too_many_units", "too_soon",
    "unknown_visit", "unplaced",
}  # fmt: skip


def _move(dice, document, visits):
    dice.choice(visits)["round"] = dice.choice(document["rounds"])["id"]


def _change_slot(dice, document, visits):
    visit = dice.choice(visits)
    visit["team"] = dice.randrange(document["rounds"][visit["round"]]["teams"])


def _drop(dice, _document, visits):
    visits.pop(dice.randrange(len(visits)))


def _swap(dice, _document, visits):
    one, other = dice.sample(visits, 2)
    for name in ("round", "team"):
        one[name], other[name] = other[name], one[name]


def _place_twice(dice, document, visits):
    visits.append(dict(dice.choice(visits)))


def _no_such_team(dice, document, visits):
    visit = dice.choice(visits)
    visit["team"] = dice.choice([-1, document["rounds"][visit["round"]]["teams"]])


WAYS = (_move, _move, _move, _change_slot, _swap, _swap, _drop, _place_twice, _no_such_team)


@pytest.mark.parametrize("instance", INSTANCES)
def test_both_judges_find_the_planted_plan_good_and_count_the_same_cost(instance):
    document, visits = INSTANCES[instance]
    problem, plan = term_problem_from(document), placed_from({"visits": visits})

    bad, cost = check_term(document, {"visits": visits})
    ours = cost_of(problem, plan)

    assert (bad, broken_rules(problem, plan)) == ([], [])
    assert cost == {
        "total": ours.total,
        "risk": ours.risk,
        "openings": ours.openings,
        "balance": ours.balance,
    }


@pytest.mark.parametrize("instance", INSTANCES)
@pytest.mark.parametrize("seed", range(80))
def test_both_judges_find_as_many_rules_broken_in_a_spoilt_plan(instance, seed):
    document, visits = INSTANCES[instance]
    dice = random.Random(f"{instance} {seed}")
    spoilt = [dict(visit) for visit in visits]
    for _change in range(dice.choice([1, 1, 2, 3, 8])):
        dice.choice(WAYS)(dice, document, spoilt)
    problem = term_problem_from(document)

    bad, cost = check_term(document, {"visits": spoilt})
    # In the order written: of two placements of one visit both judges keep the last.
    plan = [Placed(**visit) for visit in spoilt]

    assert len(broken_rules(problem, plan)) == len(bad), bad
    assert cost_of(problem, plan).total == cost["total"]


def test_every_rule_is_broken_alone_by_some_spoilt_plan():
    # Half empty, so that a visit can move without bursting a slot.
    roomy = [term_instance(seed, units=110, utilisation=0.5) for seed in range(3)]

    alone = set().union(*(_rules_broken_alone(document, visits) for document, visits in roomy))

    assert alone == TERM_RULES


def _rules_broken_alone(document, visits):
    """Codes of the rules that one change of the planted plan breaks, and no other rule with it."""
    problem = term_problem_from(document)
    alone = set()
    for spoilt in _one_change(document, visits):
        broken = broken_rules(problem, [Placed(**visit) for visit in spoilt])
        if len(broken) == 1:
            alone.add(broken[0].code)
    return alone


def _one_change(document, visits):
    units = {unit["id"]: unit for unit in document["units"]}
    load = {(r["id"], team): 0 for r in document["rounds"] for team in range(r["teams"])}
    for visit in visits:
        unit = units[visit["unit"]]
        load[visit["round"], visit["team"]] += unit[("effort", "effort2")[visit["visit"]]]
    yield [*visits, {**visits[0], "unit": len(units)}]
    for place, visit in enumerate(visits):
        rest, unit = visits[:place] + visits[place + 1 :], units[visit["unit"]]
        is_special = (
            unit["fixed"] or unit["forbidden"] or "joint" in unit or "law" in unit["skills"]
        )
        if place % 8 and not is_special:
            continue
        yield rest
        yield [*visits, visit]
        yield [*rest, {**visit, "team": -1}]
        for round_ in document["rounds"]:
            slots = sorted(range(round_["teams"]), key=lambda team: load[round_["id"], team])
            for team in (slots[0], slots[-1]):
                yield [*rest, {**visit, "round": round_["id"], "team": team}]
