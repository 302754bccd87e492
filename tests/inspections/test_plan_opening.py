"""Opening rounds from the plan in force."""

import datetime as dt

import pytest

from tanzhao.access.table import Role
from tanzhao.audit.models import Entry
from tanzhao.inspections.actions import (
    begin_plan,
    enter_field,
    open_planned_round,
    refresh_plan,
)
from tanzhao.inspections.models import Engagement, PlannedVisit, Round, TermPlan
from tanzhao.inspections.states import RoundState
from tanzhao.kernel.verdict import Refused
from tanzhao.units.models import Unit
from tests.factories import CodeFactory, FrameFactory, UserFactory, days
from tests.inspections.makers import complete_team
from tests.inspections.plan_makers import AT, compute, make_plan, put_in_force

pytestmark = pytest.mark.django_db


def _open(plan, number=1, *, actor=None):
    return open_planned_round(
        plan_id=plan.pk, number=number, kind=CodeFactory(), frame=FrameFactory(),
        starts=dt.date(2026, 10, 9), ends=dt.date(2026, 12, 9), focus="三资",
        actor=actor or plan.made_by, at=AT,
    )  # fmt: skip


def test_a_round_is_proposed_with_its_teams_and_their_units():
    plan = put_in_force(compute(make_plan()))
    planned = {
        (visit.planned.unit_id, visit.team)
        for visit in PlannedVisit.objects.filter(round__number=1).select_related("planned")
    }

    round_ = _open(plan)

    assert (round_.state, round_.number, round_.term) == (RoundState.PROPOSED, 1, plan.term)
    assert list(round_.teams.values_list("number", flat=True)) == [1, 2, 3, 4, 5]
    engaged = set(Engagement.objects.values_list("unit_id", "team__number"))
    assert engaged == planned
    assert len(engaged) > 5
    # They are under way now, and the plan knows it.
    here = PlannedVisit.objects.filter(round__number=1)
    assert here.filter(done=True).count() == here.count() == len(planned)
    assert Entry.objects.filter(verb="plan.changed").latest("position").details["opened"] == 1


def test_a_second_click_opens_no_second_round():
    plan = put_in_force(compute(make_plan()))
    _open(plan)

    with pytest.raises(Refused):
        _open(plan)

    assert Round.objects.count() == 1


def test_only_the_plan_in_force_opens_rounds_and_only_such_as_have_units():
    draft = compute(make_plan())

    with pytest.raises(Refused):
        _open(draft)
    put_in_force(draft)
    PlannedVisit.objects.filter(round__number=3).update(round=None, team=None)
    with pytest.raises(Refused):
        _open(draft, 3)
    with pytest.raises(Refused):
        _open(draft, actor=UserFactory(role=Role.LEADING_GROUP))
    with pytest.raises(TermPlan.DoesNotExist):
        _open(draft, actor=UserFactory(role=Role.INSPECTOR))
    assert not Round.objects.exists()
    assert not Entry.objects.filter(verb="round.proposed").exists()


def test_a_unit_closed_meanwhile_is_left_out_and_the_rest_is_opened():
    plan = put_in_force(compute(make_plan()))
    gone = Unit.objects.filter(
        pk__in=PlannedVisit.objects.filter(round__number=1).values("planned__unit")
    ).first()
    Unit.objects.filter(pk=gone.pk).update(retired=True)

    round_ = _open(plan)

    assert not round_.engagements.filter(unit=gone).exists()
    assert round_.engagements.exists()


def test_what_a_team_gives_up_goes_back_to_be_planned():
    plan = put_in_force(compute(make_plan()))
    round_ = _open(plan)
    given_up = round_.engagements.first()
    unit = given_up.unit_id
    given_up.delete()

    changes = refresh_plan(plan_id=plan.pk, actor=plan.made_by, at=AT)

    assert (changes.marked, changes.freed) == (0, 1)
    visit = PlannedVisit.objects.get(planned__unit=unit, planned__plan=plan, kind=0)
    assert (visit.round, visit.done, visit.why[0]["code"]) == (None, False, "round_passed")


def test_entering_the_field_marks_the_plan_in_force_and_no_draft():
    plan = put_in_force(compute(make_plan()))
    draft = begin_plan(term_id=plan.term_id, actor=plan.made_by, at=AT, based_on=plan.pk)
    team = complete_team(RoundState.AUTHORISED, term=plan.term, number=2)
    unit = PlannedVisit.objects.filter(
        planned__plan=plan, round__number=2, kind=0
    ).first().planned.unit  # fmt: skip
    team.engagements.update(unit=unit)

    enter_field(
        round_id=team.round_id,
        actor=plan.made_by,
        at=dt.datetime.combine(days(0), dt.time(4), dt.UTC),
    )

    visits = PlannedVisit.objects.filter(planned__unit=unit, kind=0)
    assert visits.get(planned__plan=plan).done
    assert not visits.get(planned__plan=draft).done
