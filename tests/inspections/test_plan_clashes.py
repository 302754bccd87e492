"""Every clash of a plan is shown, in words, with what can be done about it."""

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection
from django.urls import reverse
from django.utils import translation

from tanzhao.access.table import Role
from tanzhao.engines.planner.term.codes import Code
from tanzhao.inspections.actions import change_planned_unit, pin_visit
from tanzhao.inspections.models import PlannedRound, TermPlan
from tanzhao.inspections.queries.plan_clashes import STEPS, clashes_of
from tanzhao.inspections.states import VisitKind
from tanzhao.units.models import Unit
from tests.factories import UserFactory
from tests.inspections.plan_makers import AT, compute, make_plan, make_term_ahead

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def _asking(plan, name, **changed):
    unit = Unit.objects.get(name=name)
    planned = plan.units.get(unit=unit)
    kept = ("effort", "weight", "theme", "before", "not_in", "skills")
    values = {field: getattr(planned, field) for field in kept}
    values |= {"look_back": planned.look_back_effort, **changed}
    change_planned_unit(plan_id=plan.pk, unit_id=unit.pk, actor=plan.made_by, at=AT, **values)
    return unit


def _with_three_clashes():
    """A unit due before the first round, one pinned to a round it must not be in, and one that no
    team can do."""
    plan = make_plan(UserFactory(role=Role.STAFF, language="en"), term=make_term_ahead())
    common = {"plan_id": plan.pk, "actor": plan.made_by, "at": AT}
    school = Unit.objects.get(name="第0学校")
    pin_visit(unit_id=school.pk, kind=VisitKind.FIRST, round_number=3, **common)
    # A pin is refused in such a round; the round may be closed to it afterwards.
    _asking(plan, "第0学校", not_in=[3])
    PlannedRound.objects.filter(number=1).delete()
    _asking(plan, "第1学校", before=plan.term.first_month, look_back=0)
    _asking(plan, "第1县直部门", effort=9999, look_back=0)
    return plan


def test_all_clashes_are_kept_smallest_first_and_lead_to_what_makes_them():
    plan = compute(_with_three_clashes(), planner=None, steps=0)

    found = clashes_of(plan)

    whats = {clash.what for clash in found}
    assert {
        "The demands on the first visit of 第1县直部门 leave it no round.",
        "The demands on the first visit of 第1学校 leave it no round.",
    } <= whats
    sizes = [1 + len(clash.demands) for clash in found]
    assert sizes == sorted(sizes)
    late = next(clash for clash in found if "第1学校" in clash.what)
    unit = Unit.objects.get(name="第1学校")
    page = reverse("inspections:planned_unit", args=[plan.pk, unit.pk])
    assert [(step.words, step.address) for step in late.steps] == [
        ("Give 第1学校 a later month", page)
    ]
    assert late.demands == [
        f"The first visit of 第1学校 is due before {plan.term.first_month:%B %Y}."
    ]
    large = next(clash for clash in found if "第1县直部门" in clash.what)
    assert "9999 person-days" in large.demands[0]


def test_the_page_shows_them_until_something_is_changed(client):
    plan = compute(_with_three_clashes(), planner=None, steps=0)
    client.force_login(plan.made_by)
    address = reverse("inspections:plan", args=[plan.pk])

    page = client.get(address).content.decode()

    for clash in clashes_of(plan):
        assert clash.what in page
        assert all(f'href="{step.address}"' in page for step in clash.steps)
        assert all(client.get(step.address).status_code == 200 for step in clash.steps)
    _asking(plan, "第1县直部门", effort=10, look_back=0)
    assert 'id="clashes"' not in client.get(address).content.decode()


def test_a_joint_theme_is_found_by_the_link_that_names_it(client):
    plan = make_plan(UserFactory(role=Role.STAFF, language="en"), term=make_term_ahead())
    plan.rounds.update(most_units=3)
    for number in range(6):
        _asking(plan, f"第{number}县直部门", theme="政法联动")
    plan = compute(plan, planner=None, steps=0)
    client.force_login(plan.made_by)

    joint = next(clash for clash in clashes_of(plan) if "政法联动" in clash.what)

    assert "has 6 units for one round" in joint.what
    assert joint.demands == []
    unit_list, one_round = (client.get(step.address).content.decode() for step in joint.steps)
    assert [f"第{n}县直部门" in unit_list for n in range(6)] == [True] * 6
    assert "第0学校" not in unit_list
    assert "Units at most" in one_round


def test_what_single_units_lack_does_not_hide_what_all_together_lack():
    plan = make_plan()
    plan.rounds.update(most_units=3)
    for number in range(6):
        _asking(plan, f"第{number}县直部门", theme="政法联动")
    _asking(plan, "第1学校", before=plan.term.first_month, look_back=0)

    whats = [clash.what for clash in clashes_of(compute(plan, planner=None, steps=0))]

    assert len(whats) == len(set(whats))
    assert any("第1学校" in what for what in whats)
    assert any("政法联动" in what for what in whats)


def test_every_clash_and_demand_says_what_helps():
    heads = {"no_round_left"}  # helped by its demands alone, which follow it
    wanted = {
        code
        for code in Code
        if code.startswith(("demand_", "group_", "window_", "lacks_", "coverage_", "pins_"))
    }
    wanted -= {Code.GROUP_SPLIT, Code.COVERAGE_SHORT, Code.COVERAGE_UNREACHED}

    assert set(STEPS) == wanted | {Code.NO_LOOK_BACK}
    assert not heads & set(STEPS)


def test_a_plan_computed_before_keeps_its_one_clash():
    plan = make_plan()
    old = [{"code": "demand_max_units", "values": {"units": 9}, "first_month": "2026-09-01",
            "units": {}, "groups": {}}]  # fmt: skip
    TermPlan.objects.update(conflict=old)

    migration = import_module("tanzhao.inspections.migrations.0006_every_clash")
    for _twice in range(2):
        migration._one_becomes_a_list(apps, SimpleNamespace(connection=connection))

    plan.refresh_from_db()
    assert plan.conflict == [old]
    assert [clash.what for clash in clashes_of(plan)] == ["Each round takes only so many visits."]
