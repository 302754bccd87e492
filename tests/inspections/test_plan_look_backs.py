"""A look-back that the rest of a term cannot hold belongs to the next term, and says why."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import translation

from tanzhao.access.table import Role
from tanzhao.inspections.actions import (
    add_planned_round,
    approve_plan,
    pin_visit,
    propose_plan,
    refresh_plan,
)
from tanzhao.inspections.models import PlannedRound, TermPlan
from tanzhao.inspections.planning.judging import standing_of
from tanzhao.inspections.planning.term_instance import instance_of
from tanzhao.inspections.queries.plan_clashes import clashes_of
from tanzhao.inspections.queries.plans import left_to, plan_summary
from tanzhao.inspections.states import VisitKind
from tanzhao.kernel.clock import today
from tests.factories import EngagementFactory, RoundFactory, TeamFactory, TermFactory, UserFactory
from tests.inspections.plan_makers import AT, DAY, compute, make_plan, make_term_ahead, visit_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def _late_plan(**how):
    """A plan with the last three rounds of the term only: seven months from first to last."""
    plan = make_plan(UserFactory(role=Role.STAFF, language="en"), **how)
    last = plan.rounds.order_by("-number").values_list("pk", flat=True)[:3]
    plan.rounds.exclude(pk__in=list(last)).delete()
    plan.settings = {**plan.settings, "coverage": [0, 0, 0, 0, 100]}
    plan.save()
    return plan


def _wanted(plan):
    return {str(unit) for unit in plan.units.filter(look_back_effort__gt=0)}


def test_a_plan_begun_late_is_possible_and_lists_each_look_back_with_its_reason():
    plan = _late_plan()

    plan = compute(plan, planner=None, steps=2)

    found = plan_summary(plan, today=DAY)
    assert (plan.conflict, list(found.unplaced), list(found.broken)) == ([], [], [])
    assert found.placed == found.visits == 26
    assert {str(one.planned) for one in found.deferred} == _wanted(plan)
    assert len(found.deferred) == 4
    (why,) = found.deferred[0].why
    assert why == (
        f"The first visit of {found.deferred[0].planned} can be in October 2030 at the earliest;"
        " its look-back has to follow by 12 to 36 months, and no round still to come is so far from"
        " a round open to the first visit."
    )
    propose_plan(plan_id=plan.pk, actor=plan.made_by, at=AT)


def test_a_round_added_in_time_makes_them_demands_again():
    plan = _late_plan()
    first = plan.rounds.order_by("number").first()
    later = dt.date(first.month.year - 1, first.month.month, 1)

    add_planned_round(
        plan_id=plan.pk, number=1, month=later, teams=5, people=8, days=40, most_units=24,
        actor=plan.made_by, at=AT,
    )  # fmt: skip

    instance = instance_of(plan, day=DAY)
    assert instance.deferred == {}
    assert sum(visit for _unit, visit in instance.problem.visits) == len(_wanted(plan))


def test_what_took_place_too_late_and_what_is_pinned_too_late_say_so():
    plan = make_plan()
    opened = RoundFactory(
        term=plan.term, number=13, starts=dt.date(2030, 10, 3), ends=dt.date(2030, 12, 3)
    )
    done = visit_of(plan, "第0乡镇", VisitKind.LOOK_BACK).planned
    EngagementFactory(team=TeamFactory(round=opened, number=1), unit=done.unit)
    refresh_plan(plan_id=plan.pk, actor=plan.made_by, at=AT)
    pinned = visit_of(plan, "第3县直部门", VisitKind.LOOK_BACK).planned
    pin_visit(
        plan_id=plan.pk, unit_id=pinned.unit_id, kind=VisitKind.FIRST, round_number=14,
        actor=plan.made_by, at=AT,
    )  # fmt: skip

    found = {one.planned: one.why for one in plan_summary(plan, today=DAY).deferred}
    took_place = (
        "第0乡镇 was inspected in October 2030; its look-back is due from October 2031 to"
        " October 2033, and no round still to come begins in that time."
    )
    is_pinned = (
        "The first visit of 第3县直部门 is pinned to March 2031; its look-back is due from"
        " March 2032 to March 2034, and no round of this term begins in that time."
    )

    assert found == {
        done: [took_place],
        pinned: [is_pinned],
    }


def test_what_a_person_decided_about_the_look_back_itself_stays_a_demand(client):
    plan = _late_plan(term=make_term_ahead())
    name = min(_wanted(plan))
    unit = plan.units.get(unit__name=name)
    last = plan.rounds.order_by("-number").first()
    pin_visit(
        plan_id=plan.pk, unit_id=unit.unit_id, kind=VisitKind.LOOK_BACK,
        round_number=last.number, actor=plan.made_by, at=AT,
    )  # fmt: skip

    assert unit.pk not in instance_of(plan, day=DAY).deferred
    plan = compute(plan, planner=None, seconds=5)

    (clash,) = clashes_of(plan)
    assert name in clash.what
    client.force_login(plan.made_by)
    page = client.get(reverse("inspections:plan", args=[plan.pk])).content.decode()
    assert clash.what in page
    assert "Every visit has its place." not in page


def test_one_that_only_lacks_an_allowed_round_stays_a_demand():
    plan = make_plan()
    name = min(_wanted(plan))
    unit = plan.units.get(unit__name=name)
    unit.not_in = [one.number for one in plan.rounds.all() if one.number > 1]
    unit.save()

    assert instance_of(plan, day=DAY).deferred == {}
    (clash,) = clashes_of(compute(plan, planner=None, seconds=5))
    assert name in clash.what
    assert "look-back" in clash.what


def test_a_look_back_that_stands_where_it_cannot_be_is_told_and_leaves_the_round():
    plan = compute(make_plan(), planner=None, steps=2)
    visit = visit_of(plan, "第0乡镇", VisitKind.LOOK_BACK)
    assert visit.round
    last = plan.rounds.order_by("-number").first()
    pin_visit(
        plan_id=plan.pk, unit_id=visit.planned.unit_id, kind=VisitKind.FIRST,
        round_number=last.number, actor=plan.made_by, at=AT,
    )  # fmt: skip

    told = (
        f"The look-back of 第0乡镇 stands in round {visit.round.number} and is not possible in this"
        " term any more. It leaves the round when the plan is computed again."
    )
    assert told in standing_of(plan, day=DAY).broken
    plan = compute(TermPlan.objects.get(pk=plan.pk), planner=None, steps=2)

    assert visit_of(plan, "第0乡镇", VisitKind.LOOK_BACK).round is None
    standing = standing_of(plan, day=DAY)
    assert (standing.left_out, list(standing.broken)) == (0, [])


def test_the_pages_count_them_and_lead_to_each(client):
    plan = compute(_late_plan(term=make_term_ahead()), planner=None, steps=0)
    client.force_login(plan.made_by)

    def page(name, *keys, query=""):
        answer = client.get(reverse(f"inspections:{name}", args=[plan.pk, *keys]) + query)
        return " ".join(answer.content.decode().split())

    picture = page("plan")
    assert 'Look-backs not possible in this term <span class="count">4</span>' in picture
    assert "all 4 look-backs, each with its reason" in picture
    assert "<b>26 <small>/ 26</small></b>" in picture
    listed = page("plan_units", query="?show=next_term")
    assert {name for name in map(str, plan.units.all()) if f"<b>{name}</b>" in listed} == (
        _wanted(plan)
    )
    assert "No visit of this plan is like that" in page("plan_units", query="?show=unplaced")
    unit = plan.units.get(unit__name="第0乡镇")
    assert "Not possible in this term; it belongs to the next" in page("planned_unit", unit.unit_id)


def test_the_page_of_the_next_term_leads_to_what_was_left_to_it(client):
    plan = compute(_late_plan(term=make_term_ahead()), planner=None, steps=0)
    ends = plan.term.ends
    following = TermFactory(
        number=17, starts=ends + dt.timedelta(days=1), ends=ends + dt.timedelta(days=1800)
    )
    assert left_to(following, today=today()) is None
    propose_plan(plan_id=plan.pk, actor=plan.made_by, at=AT)
    approve_plan(plan_id=plan.pk, actor=UserFactory(role=Role.LEADING_GROUP), at=AT)
    client.force_login(plan.made_by)

    page = client.get(reverse("inspections:term", args=[following.pk])).content.decode()

    assert left_to(following, today=today()) == (plan, 4)
    assert "4 look-backs of Term 16 were not possible there and belong to this term" in page
    assert reverse("inspections:plan_units", args=[plan.pk]) + "?show=next_term" in page
    own = client.get(reverse("inspections:term", args=[plan.term_id])).content.decode()
    assert "left-to-it" not in own
    assert PlannedRound.objects.filter(plan=plan).count() == 3
