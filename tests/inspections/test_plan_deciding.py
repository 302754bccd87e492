"""Proposing, approving, returning and discarding plans: four eyes, and every rule judged again."""

import pytest

from tanzhao.access.table import Role
from tanzhao.audit.models import Entry
from tanzhao.inspections.actions import (
    approve_plan,
    begin_plan,
    change_planned_round,
    discard_plan,
    pin_visit,
    propose_plan,
    rename_plan,
    return_plan,
)
from tanzhao.inspections.models import PlannedVisit, TermPlan
from tanzhao.inspections.planning.judging import standing_of
from tanzhao.inspections.states import PlanState, VisitKind
from tanzhao.kernel.verdict import Refused
from tanzhao.units.models import Unit
from tests.factories import UserFactory
from tests.inspections.plan_makers import AT, DAY, compute, make_plan, put_in_force, visit_of

pytestmark = pytest.mark.django_db


def _chair():
    return UserFactory(role=Role.LEADING_GROUP)


def test_a_plan_is_proposed_by_one_and_approved_by_another():
    plan = compute(make_plan())

    proposed = propose_plan(plan_id=plan.pk, actor=plan.made_by, at=AT)
    assert (proposed.state, proposed.proposed_by) == (PlanState.PROPOSED, plan.made_by)
    chair = _chair()
    approved = approve_plan(plan_id=plan.pk, actor=chair, at=AT)

    assert (approved.state, approved.approved_by, approved.approved_at) == (
        PlanState.IN_FORCE, chair, AT,
    )  # fmt: skip
    moves = Entry.objects.filter(verb="plan.moved").order_by("position")
    assert [one.details["after"] for one in moves] == ["proposed", "in_force"]


def test_who_began_changed_or_proposed_it_never_approves_it():
    director = UserFactory(role=Role.DIRECTOR)
    other = UserFactory(role=Role.DIRECTOR)
    plan = compute(make_plan(director))
    rename_plan(plan_id=plan.pk, title="初稿", actor=other, at=AT)
    third = UserFactory(role=Role.STAFF)
    propose_plan(plan_id=plan.pk, actor=third, at=AT)

    for actor in (director, other, third):
        with pytest.raises(Refused):
            approve_plan(plan_id=plan.pk, actor=actor, at=AT)
    assert approve_plan(plan_id=plan.pk, actor=UserFactory(role=Role.DIRECTOR), at=AT)


@pytest.mark.parametrize("role", [Role.INSPECTOR, Role.SUPERVISOR, Role.SYSTEM_ADMIN])
def test_who_may_not_see_plans_cannot_tell_one_that_waits_from_none(role):
    plan = compute(make_plan())
    propose_plan(plan_id=plan.pk, actor=plan.made_by, at=AT)

    with pytest.raises(TermPlan.DoesNotExist):
        approve_plan(plan_id=plan.pk, actor=UserFactory(role=role), at=AT)


def test_the_plan_in_force_gives_way_to_the_next_one():
    first = put_in_force(compute(make_plan()))
    second = begin_plan(term_id=first.term_id, actor=first.made_by, at=AT, based_on=first.pk)

    put_in_force(second)

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == (PlanState.SUPERSEDED, PlanState.IN_FORCE)


def test_a_plan_that_breaks_a_rule_is_neither_proposed_nor_approved():
    plan = compute(make_plan())
    town = Unit.objects.get(name="第0乡镇")
    pin_visit(
        plan_id=plan.pk, unit_id=town.pk, kind=VisitKind.LOOK_BACK, round_number=14,
        actor=plan.made_by, at=AT,
    )  # fmt: skip

    with pytest.raises(Refused, match="第0乡镇"):
        propose_plan(plan_id=plan.pk, actor=plan.made_by, at=AT)

    plan = compute(make_plan_good(plan))
    propose_plan(plan_id=plan.pk, actor=plan.made_by, at=AT)
    # The rows change behind it, as when records do: the judge is asked again at approval.
    plan.rounds.filter(number=1).update(people=2)
    with pytest.raises(Refused):
        approve_plan(plan_id=plan.pk, actor=_chair(), at=AT)


def make_plan_good(plan):
    """Give a copy without the pin."""
    PlannedVisit.objects.filter(planned__plan=plan).update(pinned=False, pinned_by=None)
    return plan


def test_visits_without_a_place_need_a_reason_and_the_approver_sees_it():
    plan = make_plan()
    for number in plan.rounds.values_list("number", flat=True):
        if number > 2:
            plan.rounds.get(number=number).delete()
    for number in (1, 2):
        planned = plan.rounds.get(number=number)
        change_planned_round(
            plan_id=plan.pk, number=number, month=planned.month, teams=2, people=8, days=40,
            most_units=24, actor=plan.made_by, at=AT,
        )  # fmt: skip
    plan = compute(plan)
    standing = standing_of(plan, day=DAY)
    assert standing.left_out > 0
    assert standing.broken == []

    with pytest.raises(Refused):
        propose_plan(plan_id=plan.pk, actor=plan.made_by, at=AT, reason="  ")
    proposed = propose_plan(plan_id=plan.pk, actor=plan.made_by, at=AT, reason="下届另行安排")
    approved = approve_plan(plan_id=plan.pk, actor=_chair(), at=AT)

    assert proposed.left_out_reason == approved.left_out_reason == "下届另行安排"
    entry = Entry.objects.filter(verb="plan.moved").earliest("position")
    assert entry.details["left_out"] == standing.left_out
    visit = visit_of(plan, "第5县直部门")
    assert (visit.round, visit.why[0]["code"]) == (None, "no_round_allowed")


def test_a_plan_that_was_never_computed_is_not_proposed():
    plan = make_plan()

    with pytest.raises(Refused):
        propose_plan(plan_id=plan.pk, actor=plan.made_by, at=AT)


def test_a_plan_is_returned_with_a_reason_and_can_be_changed_again():
    plan = compute(make_plan())
    propose_plan(plan_id=plan.pk, actor=plan.made_by, at=AT)

    with pytest.raises(Refused):
        return_plan(plan_id=plan.pk, reason=" ", actor=_chair(), at=AT)
    returned = return_plan(plan_id=plan.pk, reason="乡镇提前", actor=_chair(), at=AT)

    assert (returned.state, returned.returned_reason) == (PlanState.DRAFT, "乡镇提前")
    rename_plan(plan_id=plan.pk, title="二稿", actor=plan.made_by, at=AT)
    assert propose_plan(plan_id=plan.pk, actor=plan.made_by, at=AT).returned_reason == ""


def test_only_a_draft_is_discarded():
    plan = compute(make_plan())
    other = begin_plan(term_id=plan.term_id, actor=plan.made_by, at=AT, based_on=plan.pk)

    discarded = discard_plan(plan_id=other.pk, actor=plan.made_by, at=AT)
    assert discarded.state == PlanState.DISCARDED
    put_in_force(plan)
    with pytest.raises(Refused):
        discard_plan(plan_id=plan.pk, actor=plan.made_by, at=AT)
