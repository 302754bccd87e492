"""Pins, rounds and who may change a plan, and when."""

import datetime as dt

import pytest

from tanzhao.access.table import Role
from tanzhao.audit.models import Entry
from tanzhao.inspections.actions import (
    add_planned_round,
    change_planned_round,
    compute_plan,
    pin_visit,
    propose_plan,
    refresh_plan,
    remove_planned_round,
    rename_plan,
    unpin_visit,
)
from tanzhao.inspections.models import PlannedVisit, TermPlan
from tanzhao.inspections.states import VisitKind
from tanzhao.kernel.verdict import Refused
from tanzhao.units.models import Unit, Visit
from tests.factories import UserFactory
from tests.inspections.plan_makers import AT, compute, make_plan, put_in_force, visit_of

pytestmark = pytest.mark.django_db

ROUND = {"month": dt.date(2027, 12, 1), "teams": 3, "people": 8, "days": 40, "most_units": 12}


def _pin(plan, name, number, *, kind=VisitKind.FIRST, actor=None):
    unit = Unit.objects.get(name=name)
    actor = actor or plan.made_by
    return pin_visit(
        plan_id=plan.pk, unit_id=unit.pk, kind=kind, round_number=number, actor=actor, at=AT
    )


def test_a_pin_moves_the_visit_and_the_next_computation_leaves_it_there():
    plan = compute(make_plan())
    assert visit_of(plan, "第1学校").round.number != 9

    pinned = _pin(plan, "第1学校", 9)

    assert (pinned.round.number, pinned.team, pinned.pinned_by) == (9, 1, plan.made_by)
    plan.refresh_from_db()
    assert plan.changed_since
    plan = compute(plan)
    after = visit_of(plan, "第1学校")
    assert (after.round.number, after.pinned) == (9, True)
    assert not plan.changed_since
    unpin_visit(
        plan_id=plan.pk, unit_id=after.planned.unit_id, kind=VisitKind.FIRST,
        actor=plan.made_by, at=AT,
    )  # fmt: skip
    assert not visit_of(plan, "第1学校").pinned
    entry = Entry.objects.filter(verb="plan.changed").earliest("position")
    assert entry.details["after"] == {"round": 9}


def test_a_pin_goes_to_the_team_with_most_room_and_to_none_if_there_is_no_room():
    plan = make_plan()
    change_planned_round(
        plan_id=plan.pk, number=9, actor=plan.made_by, at=AT,
        **(ROUND | {"teams": 2, "people": 6, "month": dt.date(2029, 6, 1)}),
    )  # fmt: skip

    teams = [_pin(plan, f"第{n}县直部门", 9).team for n in range(3)]

    assert teams == [1, 2, None]  # 240 person-days each, 180 for a department


def test_a_pin_is_refused_where_it_cannot_hold():
    plan = compute(make_plan())
    unit = Unit.objects.get(name="第0学校")
    planned = visit_of(plan, "第0学校").planned
    planned.not_in = [4]
    planned.save()

    with pytest.raises(Refused, match="4"):
        _pin(plan, "第0学校", 4)
    Visit.objects.create(unit=unit, term_number=16, round_number=1, month=dt.date(2026, 10, 1))
    refresh_plan(plan_id=plan.pk, actor=plan.made_by, at=AT)
    with pytest.raises(Refused):
        _pin(plan, "第0学校", 5)
    # Round 1 is under way now: nothing more is pinned into it.
    with pytest.raises(Refused):
        _pin(plan, "第1学校", 1)


def test_a_round_is_changed_added_and_removed_and_its_visits_wait_for_another():
    plan = compute(make_plan())
    moved = PlannedVisit.objects.filter(planned__plan=plan, round__number=1).count()
    assert moved > 5

    fewer = change_planned_round(
        plan_id=plan.pk, number=2, actor=plan.made_by, at=AT, **(ROUND | {"teams": 1})
    )
    assert (fewer.teams, fewer.month) == (1, dt.date(2027, 12, 1))
    assert not fewer.visits.filter(team__gt=1).exists()
    new = add_planned_round(plan_id=plan.pk, number=20, actor=plan.made_by, at=AT, **(
        ROUND | {"month": dt.date(2028, 1, 15)}
    ))  # fmt: skip
    assert new.month == dt.date(2028, 1, 1)
    remove_planned_round(plan_id=plan.pk, number=1, actor=plan.made_by, at=AT)

    assert not plan.rounds.filter(number=1).exists()
    assert PlannedVisit.objects.filter(planned__plan=plan, round=None).count() == moved


@pytest.mark.parametrize(
    "values",
    [
        {"number": 3},  # that number is there
        {"number": 30, "month": dt.date(2027, 3, 9)},  # a round begins in that month
        {"number": 30, "month": dt.date(2026, 8, 1)},  # before the term
        {"number": 30, "month": dt.date(2031, 9, 1)},  # after it
    ],
)
def test_a_round_that_does_not_fit_is_not_added(values):
    plan = make_plan()

    with pytest.raises(Refused):
        add_planned_round(plan_id=plan.pk, actor=plan.made_by, at=AT, **(ROUND | values))


def test_a_round_with_history_is_neither_changed_nor_removed():
    plan = make_plan()
    unit = Unit.objects.get(name="第0学校")
    Visit.objects.create(unit=unit, term_number=16, round_number=1, month=dt.date(2026, 10, 1))
    refresh_plan(plan_id=plan.pk, actor=plan.made_by, at=AT)

    with pytest.raises(Refused):
        remove_planned_round(plan_id=plan.pk, number=1, actor=plan.made_by, at=AT)
    with pytest.raises(Refused):
        change_planned_round(plan_id=plan.pk, number=1, actor=plan.made_by, at=AT, **ROUND)


def _every_change(plan, actor):
    """Give one call for each way of changing a plan."""
    common = {"plan_id": plan.pk, "actor": actor, "at": AT}
    unit = Unit.objects.get(name="第0学校")
    visit = {"unit_id": unit.pk, "kind": VisitKind.FIRST}
    return [
        lambda: pin_visit(round_number=5, **visit, **common),
        lambda: unpin_visit(**visit, **common),
        lambda: change_planned_round(number=5, **ROUND, **common),
        lambda: add_planned_round(number=40, **ROUND, **common),
        lambda: remove_planned_round(number=5, **common),
        lambda: rename_plan(title="另一个", **common),
        lambda: compute_plan(seconds=5, **common),
    ]


def _refused(calls, error=Refused):
    for call in calls:
        with pytest.raises(error):
            call()


def test_a_plan_that_is_computed_waits_or_is_in_force_is_changed_by_nobody():
    plan = compute(make_plan())
    before = list(PlannedVisit.objects.order_by("pk").values())
    compute_plan(plan_id=plan.pk, seconds=5, actor=plan.made_by, at=AT)
    entries = Entry.objects.count()

    _refused(_every_change(plan, plan.made_by))

    TermPlan.objects.filter(pk=plan.pk).update(run=None)
    plan.refresh_from_db()
    propose_plan(plan_id=plan.pk, actor=plan.made_by, at=AT)
    _refused(_every_change(plan, plan.made_by))
    plan.state, plan.proposed_by = "draft", None
    plan.save()
    put_in_force(plan)
    _refused(_every_change(plan, plan.made_by))
    assert list(PlannedVisit.objects.order_by("pk").values()) == before
    assert Entry.objects.count() == entries + 3  # proposed twice, approved


def test_who_does_not_know_of_a_draft_learns_nothing_and_who_may_not_plan_is_refused():
    plan = compute(make_plan())

    for role in (Role.LEADING_GROUP, Role.INSPECTOR, Role.SUPERVISOR, Role.SYSTEM_ADMIN):
        _refused(_every_change(plan, UserFactory(role=role)), TermPlan.DoesNotExist)
    propose_plan(plan_id=plan.pk, actor=plan.made_by, at=AT)
    _refused(_every_change(plan, UserFactory(role=Role.LEADING_GROUP)))
