"""Fitting visits into slots, against every way to do so; and keeping who sits where."""

import random
from collections import Counter

import pytest

from tanzhao.engines.planner.term.problem import Round, TermProblem, Unit
from tanzhao.engines.planner.term.replanning_slots import seat
from tanzhao.engines.planner.term.slots import fit


def _fits(efforts, room):
    if not efforts:
        return True
    first, *rest = efforts
    tried = set()
    for slot, left in enumerate(room):
        if first <= left and left not in tried:
            tried.add(left)
            if _fits(rest, [*room[:slot], left - first, *room[slot + 1 :]]):
                return True
    return False


@pytest.mark.parametrize("seed", range(6))
def test_visits_fit_exactly_when_some_way_to_seat_them_exists(seed):
    dice = random.Random(seed)
    kinds = Counter()
    for _ in range(25):
        slots = dice.randint(1, 4)
        efforts = []
        while sum(efforts) < 90 * slots:
            efforts.append(5 * dice.randint(3, 14))
        expected = _fits(sorted(efforts, reverse=True), [100] * slots)

        found = fit(efforts, slots, 100)

        kinds[expected] += 1
        assert (found.slots is not None) == expected
        assert found.is_refused != expected
        if found.slots is not None:
            loads = Counter()
            for slot, effort in zip(found.slots, efforts, strict=True):
                loads[slot] += effort
            assert max(loads.values()) <= 100
            assert set(found.slots) <= set(range(slots))
        if found.proof is not None:
            weighed = sum(found.proof.of[effort] for effort in efforts)
            assert weighed > slots * found.proof.unit

    assert min(kinds[True], kinds[False]) >= 2


def test_no_slot_holds_more_than_the_unit_of_a_proof():
    efforts = [55, 55, 55, 40, 40, 40, 30]
    proof = fit(efforts, 3, 100).proof
    assert proof is not None

    sizes = sorted(set(efforts))
    stack = [((), 0)]
    while stack:
        taken, total = stack.pop()
        assert sum(proof.of[size] for size in taken) <= proof.unit
        stack += [
            ((*taken, size), total + size)
            for size in sizes
            if total + size <= 100 and (not taken or size >= taken[-1])
        ]


def test_who_can_keep_the_slot_keeps_it():
    units = tuple(Unit(u, "dept", "a", effort, 1) for u, effort in enumerate((60, 30, 70, 20, 10)))
    round_ = Round(id=0, year=0, month=0, teams=2, team_cap=100, max_units=9)
    term = TermProblem(units, (round_,), (), 24, 12, 36, (), 400, 8, 0.05)
    old = {(0, 0): 1, (1, 0): 1, (2, 0): 0}

    with_one_more = seat(term, round_, [(0, 0), (1, 0), (2, 0), (3, 0)], old)
    with_all = seat(term, round_, [(0, 0), (1, 0), (2, 0), (3, 0), (4, 0)], old)

    assert with_one_more.slot_of == {**old, (3, 0): 0}
    assert with_all.slot_of is not None
    assert {visit: with_all.slot_of[visit] for visit in old} == old


def test_a_slot_that_is_gone_is_left():
    units = tuple(Unit(u, "dept", "a", 50, 1) for u in range(2))
    round_ = Round(id=0, year=0, month=0, teams=1, team_cap=100, max_units=9)
    term = TermProblem(units, (round_,), (), 24, 12, 36, (), 400, 8, 0.05)

    assert seat(term, round_, [(0, 0), (1, 0)], {(0, 0): 0, (1, 0): 1}).slot_of == {
        (0, 0): 0,
        (1, 0): 0,
    }
    refused = seat(term, round_, [(0, 0), (1, 0), (1, 0)], {})
    assert refused.slot_of is None
    assert refused.fit.is_refused
