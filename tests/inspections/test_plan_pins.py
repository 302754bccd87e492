"""Pins that cannot hold: none goes silently, whether its round is full, taken out or gone by."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from tanzhao.access.table import Role
from tanzhao.audit.models import Entry
from tanzhao.inspections.actions import (
    approve_plan,
    begin_plan,
    change_planned_round,
    pin_visit,
    propose_plan,
    refresh_plan,
    remove_planned_round,
    unpin_visit,
)
from tanzhao.inspections.models import PlannedVisit
from tanzhao.inspections.planning.judging import standing_of
from tanzhao.inspections.planning.saying import said
from tanzhao.inspections.queries.plans import plan_summary
from tanzhao.inspections.states import VisitKind
from tanzhao.kernel.verdict import Refused
from tanzhao.units.models import Unit, Visit
from tests.factories import UserFactory
from tests.inspections.plan_makers import AT, DAY, compute, make_plan, put_in_force, visit_of

pytestmark = pytest.mark.django_db

SMALL = {"month": dt.date(2029, 6, 1), "teams": 2, "people": 6, "days": 40, "most_units": 12}


def _pin(plan, name, number, kind=VisitKind.FIRST):
    unit = Unit.objects.get(name=name)
    return pin_visit(
        plan_id=plan.pk, unit_id=unit.pk, kind=kind, round_number=number,
        actor=plan.made_by, at=AT,
    )  # fmt: skip


def _unpin(plan, name):
    unit = Unit.objects.get(name=name)
    which = {"plan_id": plan.pk, "unit_id": unit.pk, "kind": VisitKind.FIRST}
    unpin_visit(**which, actor=plan.made_by, at=AT)


@pytest.fixture
def crowded():
    """A plan of whose round 9 two departments fill the teams, and three are pinned there."""
    plan = make_plan()
    change_planned_round(plan_id=plan.pk, number=9, actor=plan.made_by, at=AT, **SMALL)
    for number in range(3):
        _pin(plan, f"第{number}县直部门", 9)
    return plan


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.mark.parametrize("planner", ["stand-in", "real"])
def test_a_pin_without_room_is_kept_by_computing_until_a_person_gives_it_up(crowded, planner):
    chosen = {} if planner == "stand-in" else {"planner": None, "seconds": 5, "steps": 2}
    plan = compute(crowded, **chosen)

    pinned = PlannedVisit.objects.filter(planned__plan=plan, pinned=True)
    assert [(visit.round.number, visit.pinned_by) for visit in pinned] == [(9, plan.made_by)] * 3
    (held,) = [visit for visit in pinned if visit.team is None]
    (told,) = plan_summary(plan, today=DAY).pins
    assert (told.visit, told.is_held, list(told.why)) == (held, True, said(held.why))
    assert told.why
    # It stands against the plan, whatever reason is given for what is left out.
    assert any("no team there yet" in one for one in standing_of(plan, day=DAY).broken)
    # What it lacks in coverage by that is not told a second time.
    assert not any("covered" in one for one in standing_of(plan, day=DAY).broken)
    with pytest.raises(Refused, match="no team there yet"):
        propose_plan(plan_id=plan.pk, actor=plan.made_by, at=AT, reason="later")

    name = held.planned.unit.name
    _unpin(plan, name)
    plan = compute(plan, **chosen)

    assert visit_of(plan, name).round.number != 9
    assert not plan_summary(plan, today=DAY).pins


def test_what_pins_make_impossible_is_mended_by_unpinning(crowded):
    plan = compute(crowded, planner=None, seconds=5, steps=2)

    steps = [step for clash in plan_summary(plan, today=DAY).conflict for step in clash.steps]

    pins = f"{reverse('inspections:plan_units', args=[plan.pk])}?show=pinned&round=9"
    assert (pins, "Unpin one of the visits pinned to round 9") in {
        (step.address, step.words) for step in steps
    }


def test_a_round_taken_out_gives_its_pins_up_and_says_whose_until_somebody_decides():
    plan = compute(make_plan())
    _pin(plan, "第1学校", 9)
    remove_planned_round(plan_id=plan.pk, number=9, actor=plan.made_by, at=AT)

    sentence = (
        f"第1学校 was pinned to round 9 by {plan.made_by}; that round was taken out of the plan."
    )
    visit = visit_of(plan, "第1学校")
    assert (visit.round, visit.pinned, said(visit.why)) == (None, False, [sentence])
    assert Entry.objects.latest("position").details["pins"] == [str(visit)]

    plan = compute(plan)

    # Computing finds it a place, and what became of the pin is told still.
    visit = visit_of(plan, "第1学校")
    assert visit.round is not None
    (told,) = plan_summary(plan, today=DAY).pins
    assert (told.visit, list(told.why), told.is_held) == (visit, [sentence], False)
    assert said(visit_of(_copy(plan), "第1学校").why) == [sentence]
    assert plan_summary(compute(plan), today=DAY).pins
    _unpin(plan, "第1学校")
    assert not plan_summary(plan, today=DAY).pins


def test_a_pin_anew_is_a_new_decision_and_a_plan_in_force_tells_of_no_lost_pins():
    plan = compute(make_plan())
    for name in ("第0学校", "第1学校"):
        _pin(plan, name, 9)
    remove_planned_round(plan_id=plan.pk, number=9, actor=plan.made_by, at=AT)
    _pin(plan, "第0学校", visit_of(plan, "第2县直部门").round.number)

    assert [str(pin.visit.planned) for pin in plan_summary(plan, today=DAY).pins] == ["第1学校"]

    plan = put_in_force(compute(plan, planner=None, seconds=5, steps=2))

    assert not plan_summary(plan, today=DAY).pins
    assert not visit_of(_copy(plan), "第1学校").why


def test_a_round_that_goes_by_gives_its_pins_up_and_says_so():
    plan = compute(make_plan())
    _pin(plan, "第0学校", 1)
    _pin(plan, "第1学校", 2)
    Visit.objects.create(
        unit=Unit.objects.get(name="第2县直部门"),
        term_number=16,
        round_number=1,
        month=plan.rounds.get(number=1).month,
    )
    refresh_plan(plan_id=plan.pk, actor=plan.made_by, at=AT)

    # Round 1 has begun without the one; the month of round 2 then passes with nobody inspected.
    assert [str(pin.visit.planned) for pin in plan_summary(plan, today=DAY).pins] == ["第0学校"]
    later = plan.rounds.get(number=3).month
    plan = compute(plan, at=dt.datetime(later.year, later.month, 1, 9, tzinfo=dt.UTC))

    for name, number in (("第0学校", 1), ("第1学校", 2)):
        visit = visit_of(plan, name)
        assert (visit.pinned, visit.pinned_by) == (False, None)
        assert visit.round.number >= 3
        pinned = f"{name} was pinned to round {number} by {plan.made_by}"
        assert said(visit.why) == [f"{pinned}; that round went by without it."]


def test_a_pin_of_a_unit_that_is_closed_or_merged_is_told_until_somebody_takes_note(
    office, draft, staff
):
    compute(draft, actor=staff, at=timezone.now())
    closed, merged, into = (Unit.objects.get(name=f"第{n}县直部门") for n in (0, 1, 2))
    for unit in (closed, merged):
        values = {"unit": unit.pk, "kind": 0, "round": 9}
        office.post(reverse("inspections:pin", args=[draft.pk]), values)
    Unit.objects.filter(pk__in=[closed.pk, merged.pk]).update(retired=True)
    Unit.objects.filter(pk=merged.pk).update(merged_into=into)
    office.post(reverse("inspections:refresh_plan", args=[draft.pk]))

    draft.refresh_from_db()
    told = [pin.why for pin in plan_summary(draft, today=DAY).gone_pins]
    pinned = "was pinned to round 9 by Zheng; the unit has been"
    assert told == [
        f"第0县直部门 {pinned} closed and has left the plan.",
        f"第1县直部门 {pinned} merged into 第2县直部门 and has left the plan.",
    ]
    # Computing and copying a draft keep it; who decides about the plan reads it.
    compute(draft, actor=staff, at=timezone.now())
    copy = begin_plan(term_id=draft.term_id, actor=staff, at=timezone.now(), based_on=draft.pk)
    address = reverse("inspections:plan", args=[draft.pk])
    for plan in (draft, copy):
        page = words(office.get(reverse("inspections:plan", args=[plan.pk])))
        assert "2 pins went with their units:" in page
        assert told[1] in page
    place = reverse("inspections:planned_unit", args=[draft.pk, into.pk])
    assert f'href="{place}">See where 第2县直部门 goes' in words(office.get(address))

    office.post(reverse("inspections:note_gone_pins", args=[draft.pk]))

    assert "went with" not in words(office.get(address))
    noted = Entry.objects.latest("position").details["gone_pins"]
    assert noted == [{"unit": f"第{n}县直部门", "round": 9} for n in (0, 1)]
    propose_plan(plan_id=copy.pk, actor=staff, at=timezone.now())
    refused = office.post(reverse("inspections:note_gone_pins", args=[copy.pk]))
    assert refused.status_code == 422
    chair = UserFactory(role=Role.LEADING_GROUP)
    copy = approve_plan(plan_id=copy.pk, actor=chair, at=timezone.now())
    assert plan_summary(copy, today=DAY).gone_pins == []


def test_the_pages_say_which_pins_do_not_hold_and_what_removing_a_round_gives_up(
    office, draft, staff
):
    compute(draft, actor=staff, at=timezone.now())
    unit = Unit.objects.get(name="第1学校")
    values = {"unit": unit.pk, "kind": 0, "round": 9}
    office.post(reverse("inspections:pin", args=[draft.pk]), values)

    change = reverse("inspections:change_planned_round", args=[draft.pk, 9])
    assert "these decisions would be given up" not in (page := words(office.get(change)))
    assert "1 of them is pinned to this round by a person" in page
    assert "第1学校" in page
    office.post(reverse("inspections:remove_planned_round", args=[draft.pk, 9]))
    page = words(office.get(reverse("inspections:plan", args=[draft.pk])))
    assert "1 pin does not hold:" in page
    assert "第1学校 was pinned to round 9 by Zheng; that round was taken out of the plan." in page
    assert "Now it has no place." in page

    address = reverse("inspections:planned_unit", args=[draft.pk, unit.pk])
    assert "Leave it to the computing" in words(office.get(address))
    office.post(reverse("inspections:unpin", args=[draft.pk]), {**values, "next": "unit"})
    assert "Leave it to the computing" not in words(office.get(address))
    page = words(office.get(reverse("inspections:plan", args=[draft.pk])))
    assert "does not hold" not in page


def _copy(plan):
    return begin_plan(term_id=plan.term_id, actor=plan.made_by, at=AT, based_on=plan.pk)


def words(page):
    return " ".join(page.content.decode().split())
