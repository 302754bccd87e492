"""Beginning plans, and bringing them up to what the records say."""

import datetime as dt

import pytest

from tanzhao.access.table import Role
from tanzhao.audit.models import Entry
from tanzhao.inspections.actions import begin_plan, change_planned_unit, pin_visit, refresh_plan
from tanzhao.inspections.models import PlannedVisit, TermPlan
from tanzhao.inspections.queries.plans import newcomers_of
from tanzhao.inspections.states import PlanState, VisitKind
from tanzhao.kernel.verdict import Refused
from tanzhao.units.models import Unit, Visit
from tests.factories import (
    EngagementFactory,
    RoundFactory,
    TeamFactory,
    TermFactory,
    UnitFactory,
    UserFactory,
)
from tests.inspections.plan_makers import (
    AT,
    compute,
    make_plan,
    make_planner,
    make_term,
    make_universe,
    put_in_force,
    visit_of,
)

pytestmark = pytest.mark.django_db


def test_a_plan_begins_with_the_numbers_of_the_pack_and_every_unit_without_a_place():
    plan = make_plan()

    assert (plan.number, plan.state, plan.cost) == (1, PlanState.DRAFT, None)
    rounds = list(plan.rounds.values_list("number", "month", "teams", "people", "days"))
    assert rounds[0] == (1, dt.date(2026, 10, 1), 5, 8, 40)
    assert [month for _number, month, *_ in rounds] == [
        dt.date(year, month, 1)
        for year in range(2026, 2032)
        for month in (3, 6, 10)
        if dt.date(2026, 9, 1) <= dt.date(year, month, 1) <= dt.date(2031, 7, 6)
    ]
    assert plan.units.count() == Unit.objects.count() == 26
    town, village = (visit_of(plan, name).planned for name in ("第0乡镇", "第0乡镇0村"))
    assert (town.effort, town.look_back_effort, town.weight) == (220, 80, 80)
    assert (village.effort, village.look_back_effort, village.weight) == (40, 0, 10)
    # They travel together; a department travels with its system.
    assert town.cluster == village.cluster == "第0乡镇"
    assert visit_of(plan, "第0县直部门").planned.cluster == "综合"
    assert visit_of(plan, "第0乡镇", VisitKind.LOOK_BACK).round is None
    assert not PlannedVisit.objects.filter(planned=village, kind=VisitKind.LOOK_BACK).exists()
    assert Entry.objects.filter(verb="plan.begun", target_id=plan.pk).count() == 1


@pytest.mark.parametrize("role", [Role.LEADING_GROUP, Role.SUPERVISOR, Role.SYSTEM_ADMIN])
def test_only_the_office_begins_a_plan(role):
    term = make_term()

    with pytest.raises(Refused):
        begin_plan(term_id=term.pk, actor=UserFactory(role=role), at=AT)

    assert not TermPlan.objects.exists()
    assert not Entry.objects.exists()


def test_a_plan_based_on_another_is_its_copy_and_changing_it_leaves_the_other_alone():
    base = compute(make_plan())
    actor = make_planner()

    draft = begin_plan(term_id=base.term_id, actor=actor, at=AT, title="少一个组", based_on=base.pk)

    assert (draft.number, draft.based_on, draft.cost, draft.title) == (
        2, base, base.cost, "少一个组",
    )  # fmt: skip
    assert not draft.changed_since

    def rows(plan):
        visits = PlannedVisit.objects.filter(planned__plan=plan)
        names = ("planned__unit", "kind", "round__number", "team", "planned__effort")
        return sorted(visits.values_list(*names))

    before = rows(base)
    assert rows(draft) == before
    town = Unit.objects.get(name="第1乡镇")
    pin_visit(
        plan_id=draft.pk, unit_id=town.pk, kind=VisitKind.FIRST, round_number=9, actor=actor, at=AT
    )
    assert rows(base) == before != rows(draft)


def test_what_took_place_is_in_the_plan_from_the_beginning():
    make_universe()
    term = TermFactory(number=15, starts=dt.date(2024, 9, 1), ends=dt.date(2029, 8, 31))
    town, village = (Unit.objects.get(name=name) for name in ("第0乡镇", "第0乡镇0村"))
    Visit.objects.create(unit=town, round_number=2, month=dt.date(2025, 3, 1))
    Visit.objects.create(unit=town, round_number=4, month=dt.date(2026, 5, 1))
    round_ = RoundFactory(term=term, number=5, starts=dt.date(2026, 5, 20))
    team = TeamFactory(round=round_, number=1)
    EngagementFactory(team=team, unit=village)

    plan = begin_plan(term_id=term.pk, actor=make_planner(), at=AT)

    assert list(plan.rounds.values_list("number", flat=True))[:4] == [2, 4, 5, 6]
    assert plan.rounds.get(number=6).month == dt.date(2026, 10, 1)
    first, second = visit_of(plan, "第0乡镇"), visit_of(plan, "第0乡镇", VisitKind.LOOK_BACK)
    assert (first.done, first.round.number, first.team) == (True, 2, None)
    assert (second.done, second.round.number) == (True, 4)
    under_way = visit_of(plan, "第0乡镇0村")
    assert (under_way.done, under_way.round.number, under_way.team) == (True, 5, 1)


def test_newcomers_come_in_closed_and_merged_units_go_and_the_plan_must_be_computed_again():
    plan = compute(make_plan())
    new = UnitFactory(name="县数据局", category="县直部门", priority="高")
    closed, merged, into = (Unit.objects.get(name=f"第{n}县直部门") for n in range(3))
    Unit.objects.filter(pk=closed.pk).update(retired=True)
    Unit.objects.filter(pk=merged.pk).update(retired=True, merged_into=into)

    found = newcomers_of(plan)
    assert (found.new, {one.unit for one in found.gone}) == ([new], {closed, merged})
    assert list(found.merged.values()) == [into]
    changes = refresh_plan(plan_id=plan.pk, actor=plan.made_by, at=AT)

    assert (changes.added, changes.removed, changes.merged) == (1, 2, 1)
    assert visit_of(plan, "县数据局").round is None
    assert not plan.units.filter(unit__in=[closed, merged]).exists()
    plan.refresh_from_db()
    assert plan.changed_since
    assert not newcomers_of(plan)
    assert refresh_plan(plan_id=plan.pk, actor=plan.made_by, at=AT).any is False


def test_a_round_that_went_by_without_a_unit_gives_it_back():
    plan = compute(make_plan())
    here = list(PlannedVisit.objects.filter(planned__plan=plan, round__number=1))
    assert len(here) > 1
    round_ = RoundFactory(term=plan.term, number=1, starts=dt.date(2026, 10, 9))
    team = TeamFactory(round=round_, number=3)
    EngagementFactory(team=team, unit=here[0].planned.unit)

    changes = refresh_plan(plan_id=plan.pk, actor=plan.made_by, at=AT)

    assert (changes.marked, changes.freed) == (1, len(here) - 1)
    here[0].refresh_from_db()
    assert (here[0].done, here[0].team, here[0].round.number) == (True, 3, 1)
    for visit in here[1:]:
        visit.refresh_from_db()
        assert (visit.done, visit.round, visit.why[0]["code"]) == (False, None, "round_passed")


def test_of_the_plan_in_force_only_what_took_place_is_marked():
    plan = put_in_force(compute(make_plan()))
    UnitFactory(name="县数据局", category="县直部门")
    unit = Unit.objects.get(name="第0乡镇")
    Visit.objects.create(unit=unit, term_number=16, round_number=2, month=dt.date(2027, 3, 1))

    changes = refresh_plan(plan_id=plan.pk, actor=make_planner(), at=AT)

    assert (changes.added, changes.removed) == (0, 0)
    assert changes.marked == 1
    assert visit_of(plan, "第0乡镇").done
    assert not plan.units.filter(unit__name="县数据局").exists()
    plan.refresh_from_db()
    assert (plan.state, plan.changed_since) == (PlanState.IN_FORCE, False)


def test_a_changed_unit_is_asked_for_what_was_filled_in():
    plan = make_plan()
    unit = Unit.objects.get(name="第1县直部门")

    def change(**values):
        asked = {"effort": 150, "look_back": False, "weight": 20} | values
        return change_planned_unit(
            plan_id=plan.pk, unit_id=unit.pk, actor=plan.made_by, at=AT, **asked
        )

    asked = change(look_back=True, theme="民生", not_in=[3, 2, 3], skills=["财务"])
    assert (asked.effort, asked.look_back_effort, asked.weight) == (150, 60, 20)
    assert (asked.theme, asked.not_in, asked.skills) == ("民生", [2, 3], ["财务"])
    assert asked.visits.count() == 2
    assert change(look_back=25, before=dt.date(2028, 5, 1)).look_back_effort == 25
    assert change(look_back=False).visits.count() == 1
    entries = Entry.objects.filter(verb="plan.changed", target_id=plan.pk)
    assert entries.latest("position").details["before"]["look_back_effort"] == 25
