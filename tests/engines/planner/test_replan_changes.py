"""What life does to a term, applied to a problem, and read from a document."""

from dataclasses import replace

import pytest

from tanzhao.engines.planner import replan_term
from tanzhao.engines.planner.fields import BadInstance
from tanzhao.engines.planner.term.checking import broken_rules
from tanzhao.engines.planner.term.problem import Group, Placed, Round, TermProblem, Unit
from tanzhao.engines.planner.term.replanning import (
    BadChange,
    CapacityCut,
    Forbidden,
    Pinned,
    RoundDone,
    RoundMoved,
    UnitAdded,
    UnitChanged,
    UnitGone,
    UnitsMerged,
    Unpinned,
    term_changes_from,
)
from tanzhao.engines.planner.term.replanning_changes import changed_problem
from tests.engines.planner.tiny_terms import plan_of

UNITS = tuple(Unit(unit, "dept", "a", 40, 10, joint=0 if unit < 2 else None) for unit in range(5))
ROUNDS = tuple(
    Round(id=number, year=number, month=12 * number, teams=2, team_cap=100, max_units=9)
    for number in range(3)
)
TERM = TermProblem(UNITS, ROUNDS, (Group(0, (0, 1)),), 24, 12, 36, (2, 4, 5), 400, 8, 0.05)
VISITS = tuple(
    Placed(unit, 0, round_id, slot)
    for unit, (round_id, slot) in enumerate([(0, 0), (0, 0), (1, 0), (1, 0), (2, 0)])
)


def _after(*changes):
    return changed_problem(TERM, VISITS, changes)


def test_decisions_are_made_and_unmade():
    assert _after(Pinned(2, 0, 1)).unit[2].fixed == {0: 1}
    assert _after(Pinned(2, 0, 1), Unpinned(2, 0)) == TERM
    assert _after(Forbidden(2, 0), Forbidden(2, 1)).unit[2].forbidden == {0, 1}


def test_rounds_lose_teams_and_move():
    assert _after(CapacityCut(1, 1)).round[1].teams == 1
    assert _after(CapacityCut(1, 5)).round[1].teams == 0
    moved = _after(RoundMoved(1, 25)).round[1]
    assert (moved.month, moved.year) == (25, 2)
    assert _after(RoundMoved(1, 25, 1)).round[1].year == 1


def test_history_stays_and_takes_no_more():
    done = _after(RoundDone(1))

    assert {unit.id: dict(unit.fixed) for unit in done.units} == {
        0: {0: 0}, 1: {0: 0}, 2: {0: 1}, 3: {0: 1}, 4: {}
    }  # fmt: skip
    assert [round_.max_units for round_ in done.rounds] == [2, 2, 9]
    assert broken_rules(done, VISITS) == []


def test_a_new_unit_has_to_be_covered_by_the_end():
    joined = _after(UnitAdded(Unit(7, "dept", "a", 30, 5, joint=0)))

    assert joined.coverage == (2, 4, 6)
    assert joined.groups == (Group(0, (0, 1, 7)),)
    assert [unit.id for unit in joined.units] == [0, 1, 2, 3, 4, 7]


def test_a_unit_that_goes_takes_what_it_counted_for():
    gone = _after(UnitGone(2))

    assert gone.coverage == (2, 3, 4)
    assert broken_rules(gone, [placed for placed in VISITS if placed.unit != 2]) == []
    assert _after(UnitGone(0), UnitGone(1)).groups == ()


def test_merged_units_are_one_that_may_keep_its_place():
    into = replace(UNITS[2], effort=60)
    kept = _after(UnitsMerged(into, (2, 3)))
    new = _after(UnitsMerged(replace(into, id=9), (2, 3)))

    assert [unit.id for unit in kept.units] == [0, 1, 2, 4]
    assert kept.unit[2].effort == 60
    assert kept.coverage == (2, 3, 4)
    assert [unit.id for unit in new.units] == [0, 1, 4, 9]
    assert new.coverage == (2, 2, 4)


def test_a_unit_that_changes_its_theme_changes_its_group():
    left = _after(UnitChanged(replace(UNITS[0], joint=None, effort=50)))

    assert left.groups == (Group(0, (1,)),)
    assert left.unit[0].effort == 50


@pytest.mark.parametrize(
    "change",
    [
        Pinned(9, 0, 1), Pinned(1, 1, 1), Pinned(1, 0, 7), Unpinned(9, 0), Forbidden(1, 9),
        CapacityCut(9, 1), RoundMoved(9, 1), RoundDone(9), UnitGone(9), UnitAdded(UNITS[0]),
        UnitChanged(replace(UNITS[0], id=9)), UnitsMerged(UNITS[0], (0, 9)),
        UnitsMerged(UNITS[0], (1, 2)),
    ],
    ids=str,
)  # fmt: skip
def test_a_change_of_what_is_not_there_is_refused(change):
    with pytest.raises(BadChange):
        _after(change)


def test_changes_are_read_from_a_document():
    unit = {"id": 9, "kind": "dept", "cluster": "a", "effort": 40, "risk": 10, "visits": 1}
    rows = [
        {"change": "pinned", "unit": 1, "visit": 0, "round": 2},
        {"change": "unpinned", "unit": 1},
        {"change": "forbidden", "unit": 1, "round": 2},
        {"change": "capacity_cut", "round": 2, "teams": 1},
        {"change": "round_moved", "round": 2, "month": 30},
        {"change": "round_done", "round": 0},
        {"change": "unit_added", "unit": unit},
        {"change": "unit_changed", "unit": unit},
        {"change": "unit_gone", "unit": 3},
        {"change": "units_merged", "into": unit, "gone": [2, 3]},
    ]
    made = Unit(9, "dept", "a", 40, 10)

    assert term_changes_from({"changes": rows}) == (
        Pinned(1, 0, 2), Unpinned(1, 0), Forbidden(1, 2), CapacityCut(2, 1),
        RoundMoved(2, 30), RoundDone(0), UnitAdded(made), UnitChanged(made), UnitGone(3),
        UnitsMerged(made, (2, 3)),
    )  # fmt: skip
    with pytest.raises(BadInstance):
        term_changes_from({"changes": [{"change": "painted"}]})


def test_what_was_added_dropped_and_moved_is_told():
    changes = [UnitGone(4), UnitAdded(Unit(7, "dept", "a", 40, 10)), Pinned(2, 0, 2)]

    found = replan_term(TERM, plan_of(TERM, VISITS), changes)

    assert [placed.unit for placed in found.dropped] == [4]
    assert [placed.unit for placed in found.added] == [7]
    told = [(m.unit, m.from_round, m.to_round, m.why.code) for m in found.moved]
    assert told == [(2, 1, 2, "fixed")]
    assert found.is_fewest
    assert found.is_cheapest


def test_where_no_plan_is_left_the_others_stay_and_the_clash_is_named():
    found = replan_term(TERM, plan_of(TERM, VISITS), [Pinned(0, 0, 1), Pinned(1, 0, 2)])

    assert not found.plan.is_complete
    assert {placed.unit for placed in found.plan.visits} >= {2, 3, 4}
    assert [lost.why.code for lost in found.plan.unplaced] == ["group_split"]
    assert found.plan.conflict[0].code == "group_apart"
    assert not found.is_fewest
