"""Terms spoilt by one demand: the clash is named, with its numbers, and is as small as can be."""

import random
from collections import Counter
from dataclasses import replace
from itertools import combinations

import pytest

from tanzhao.engines.planner.reasons import reason
from tanzhao.engines.planner.search import Limit
from tanzhao.engines.planner.term.codes import VALUES, Code
from tanzhao.engines.planner.term.conflicts import find_conflict, find_conflicts
from tanzhao.engines.planner.term.conflicts_core import assumptions, holding, smallest_core
from tanzhao.engines.planner.term.conflicts_counting import counted_clashes
from tanzhao.engines.planner.term.exchange import term_problem_from
from tanzhao.engines.planner.term.linear import INFINITE
from tanzhao.engines.planner.term.problem import Group, Round, TermProblem, Unit
from tests.engines.planner.generator import term_instance
from tests.engines.planner.impossible import WAYS, impossible_term
from tests.engines.planner.tiny_terms import every_plan, tiny_term

NAMED = {
    "capacity": {"window_days"},
    "deadline": {"no_round_left"},
    "forbidden": {"no_round_left"},
    "look_back": {"no_look_back"},
    "group_fixed": {"group_apart", "no_round_left", "no_look_back"},
    "group_size": {"group_over_capacity", "group_apart", "group_over_units"},
    "skill": {"window_skill"},
    "max_units": {"window_units"},
    "coverage": {"coverage_units", "coverage_capacity"},
    "slot": {"no_round_left"},
}


@pytest.mark.parametrize("how", sorted(WAYS))
@pytest.mark.parametrize("seed", [1, 2])
def test_each_way_to_spoil_a_term_is_named(how, seed):
    document, _ = term_instance(seed, units=110, utilisation=0.85)
    spoilt = term_problem_from(impossible_term(document, how, seed=seed))

    clash = find_conflict(spoilt)

    assert clash[0].code in NAMED[how]
    for one in clash:
        assert tuple(name for name, _ in one.values) == VALUES[Code(one.code)]


@pytest.mark.parametrize(("units", "utilisation"), [(40, 0.75), (110, 0.97), (300, 0.95)])
def test_counting_shows_no_clash_in_a_term_that_has_a_plan(units, utilisation):
    for seed in range(4):
        document, _ = term_instance(seed, units=units, utilisation=utilisation)

        assert list(counted_clashes(term_problem_from(document))) == []


def _term(units, rounds, **more):
    rules = {"gap_last": 24, "gap_min": 12, "gap_max": 36, "coverage": (), "groups": ()}
    costs = {"w_cluster": 400, "w_balance": 8, "band": 0.05}
    return TermProblem(tuple(units), tuple(rounds), **{**rules, **costs, **more})


def _unit(unit, effort, **more):
    return Unit(id=unit, kind="dept", cluster="a", effort=effort, risk=10, **more)


def _round(number, *, teams=1, cap=100, most=9, **more):
    return Round(
        id=number, year=number, month=12 * number, teams=teams, team_cap=cap, max_units=most, **more
    )


def test_numbers_of_a_short_window_are_what_is_needed_and_what_there_is():
    late = [_unit(unit, 60, deadline_month=24) for unit in range(4)]
    term = _term([*late, _unit(9, 60)], [_round(0), _round(1), _round(2, teams=3)])

    clashes = find_conflicts(term)

    window = {"first": 0, "last": 1, "visits": 4, "pins": 0}
    assert clashes == (
        (reason("window_days", **window, need=240, have=200, missing=40),),
        (reason("window_long", **window, half=50, need=4, have=2, missing=2),),
    )


def test_numbers_of_coverage_are_how_many_can_be_done_by_then():
    units = [_unit(unit, 40 + unit) for unit in range(6)]
    term = _term(units, [_round(0), _round(1, teams=4)], coverage=(3, 6))

    assert find_conflict(term) == (
        reason("coverage_capacity", year=0, need=3, have=2, missing=1, days=100),
    )


def test_only_the_demands_that_close_every_round_are_named():
    rounds = [_round(number, teams=2) for number in range(3)]
    free = _unit(0, 50, forbidden=frozenset({2}))
    stuck = _unit(1, 50, last_month=-1, deadline_month=20, forbidden=frozenset({0}))

    assert find_conflict(_term([free, stuck], rounds)) == (
        reason("no_round_left", unit=1, visit=0),
        reason("demand_not_before", unit=1, earliest=23),
        reason("demand_deadline", unit=1, deadline=20),
    )


def test_a_joint_group_and_the_pins_that_pull_it_apart_are_named():
    rounds = [_round(number, teams=2) for number in range(3)]
    units = [_unit(0, 50, fixed={0: 0}), _unit(1, 50), _unit(2, 50, fixed={0: 1})]
    apart = _term(units, rounds, groups=(Group(5, (0, 1, 2)),))

    assert find_conflict(apart) == (
        reason("group_apart", group=5),
        reason("demand_fixed", unit=0, visit=0, round=0),
        reason("demand_fixed", unit=2, visit=0, round=1),
    )
    assert find_conflict(replace(apart, groups=())) == ()


def test_pins_that_share_no_team_are_named_and_no_others():
    pins = [_unit(unit, effort, fixed={0: 0}) for unit, effort in enumerate((60, 55, 50, 5))]
    rounds = [_round(0, teams=2), _round(1, teams=2)]

    clash = find_conflict(_term(pins, rounds))

    assert clash[0]["need"] <= clash[0]["have"]
    assert clash == (
        reason("pins_over_slots", round=0, need=165, have=200, teams=2, slot=100),
        *(reason("demand_fixed", unit=unit, visit=0, round=0) for unit in range(3)),
    )


def test_a_core_of_tiny_terms_is_impossible_and_needs_each_of_its_members():
    """Against every plan of the term with only those demands, and with one of them left out."""
    sizes = Counter()
    for seed in range(24):
        term = _pressed(seed)
        core = smallest_core(term, Limit(), INFINITE)
        assert (core is None) == _has_plan(term)
        if core is not None:
            sizes[len(core)] += 1
            known = assumptions(term)
            members = [member for member in known if member.what in core]
            assert not _has_plan(holding(term, known, members))
            for less in combinations(members, len(members) - 1):
                assert _has_plan(holding(term, known, less))

    assert len(sizes) >= 3
    assert sizes.total() < 24


def _pressed(seed):
    """A tiny term with three decisions and much to be covered early."""
    dice, term = random.Random(seed), tiny_term(seed)
    pinned = {unit: dice.randrange(4) for unit in dice.sample(range(5), 3)}
    units = (
        replace(unit, fixed={0: pinned[unit.id]}) if unit.id in pinned else unit
        for unit in term.units
    )
    return replace(term, units=tuple(units), coverage=(2, 4, 0, 5))


def _has_plan(term):
    return next(every_plan(term), None) is not None


def test_what_is_missing_is_told_beside_the_demands_that_clash():
    # Counting sees nothing: each pair of rounds has room, but the groups need the same round.
    units = [_unit(0, 60), _unit(1, 60), _unit(2, 60), _unit(3, 60)]
    rounds = [_round(0, teams=2), _round(1, teams=1), _round(2, teams=1)]
    groups = (Group(0, (0, 1)), Group(1, (2, 3)))

    clash = find_conflict(_term(units, rounds, groups=groups))

    assert {one.code for one in clash} >= {"demand_group"}
    assert [one["group"] for one in clash if one.code == "demand_group"] == [0, 1]
    assert find_conflict(_term(units, rounds, groups=groups[:1])) == ()
