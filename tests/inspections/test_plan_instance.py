"""A plan's rows as a problem, and back."""

import datetime as dt
import json

import pytest
from django.utils import translation

from tanzhao.engines.planner.term.checking import broken_rules, cost_of
from tanzhao.engines.planner.term.exchange import placed_from, term_problem_from
from tanzhao.inspections.actions import begin_plan, export_plan, refresh_plan
from tanzhao.inspections.models import PlannedVisit
from tanzhao.inspections.planning.judging import judged, standing_of
from tanzhao.inspections.planning.term_instance import instance_of
from tanzhao.inspections.states import VisitKind
from tanzhao.units.models import Unit, Visit
from tests.factories import TermFactory
from tests.inspections.plan_makers import (
    AT,
    DAY,
    compute,
    greedy,
    make_plan,
    make_planner,
    make_universe,
    visit_of,
)

pytestmark = pytest.mark.django_db


def _unit(instance, name):
    return next(unit for unit in instance.problem.units if instance.names.units[unit.id] == name)


def test_rows_become_units_and_rounds_of_the_format():
    plan = make_plan()
    planned = visit_of(plan, "第0乡镇").planned
    planned.before, planned.not_in, planned.theme = dt.date(2029, 1, 15), [2, 99], "三资"
    planned.save()
    other = visit_of(plan, "第1乡镇").planned
    other.theme = "三资"
    other.save()
    Visit.objects.create(unit=planned.unit, round_number=3, month=dt.date(2025, 3, 1))
    TermFactory(number=15, starts=dt.date(2021, 9, 1), ends=dt.date(2026, 8, 31))

    instance = instance_of(plan, day=DAY)

    town, village = _unit(instance, "第0乡镇"), _unit(instance, "第0乡镇1村")
    assert (town.effort, town.effort2, town.visits, town.risk) == (220, 80, 2, 80)
    assert (town.last_month, town.deadline_month) == (-18, 28)
    assert (town.forbidden, town.skills, town.joint) == ({2}, ("财务",), 0)
    assert (village.visits, village.effort2, village.last_month, village.joint) == (
        1,
        0,
        None,
        None,
    )
    assert town.cluster == village.cluster
    [group] = instance.problem.groups
    assert group.units == (town.id, _unit(instance, "第1乡镇").id)
    first = instance.problem.round[1]
    assert (first.month, first.year, first.teams, first.team_cap) == (1, 0, 5, 320)
    assert (first.skill_cap, first.max_units) == ({"财务": 10, "审计": 3}, 24)
    assert instance.problem.coverage == (4, 10, 15, 21, 26)  # 15, 35, 55, 80, 100 % of 26
    assert instance.names.month(28) == dt.date(2029, 1, 1)


def test_coverage_that_falls_short_is_told_unless_a_first_visit_left_out_says_it_already():
    plan = compute(make_plan())
    plan.settings = {**plan.settings, "coverage": [100, 100, 100, 100, 100]}
    plan.save()
    visits = PlannedVisit.objects.filter(planned__plan=plan)
    back = visits.filter(kind=VisitKind.LOOK_BACK).first()
    first = visits.get(planned=back.planned, kind=VisitKind.FIRST)
    # A unit without a look-back is inspected too late for the first year.
    late = visits.exclude(planned__look_back_effort__gt=0).first()

    visits.filter(pk__in=[first.pk, back.pk]).update(round=None, team=None)
    without = standing_of(plan, day=DAY)
    visits.filter(pk=first.pk).update(round=first.round, team=first.team)
    visits.filter(pk=late.pk).update(round=plan.rounds.get(number=5), team=0)
    with translation.override("en"):
        too_late = standing_of(plan, day=DAY)

    assert (without.left_out, list(without.broken)) == (2, [])
    assert too_late.left_out == 1
    assert any("25" in one and "26" in one for one in too_late.broken)


def test_the_planners_places_come_back_as_rows_and_the_judge_finds_nothing_broken():
    plan = compute(make_plan())

    instance = instance_of(plan, day=DAY)

    found = greedy(instance.problem)
    assert instance.placed == found.visits
    assert broken_rules(instance.problem, instance.placed) == []
    assert cost_of(instance.problem, instance.placed).total == plan.cost
    places = {
        (visit.planned_id, visit.kind): (visit.round.number, visit.team)
        for visit in PlannedVisit.objects.filter(planned__plan=plan).select_related("round")
    }
    by_id = {number: key for key, number in instance.ids.items()}
    assert places == {
        (by_id[unit], kind): (place.round, place.team)
        for (unit, kind), place in instance.places(found.visits).items()
    }


def test_what_leaves_as_files_is_the_same_problem_and_plan():
    plan = compute(make_plan())

    documents = json.loads(json.dumps(export_plan(plan_id=plan.pk, actor=plan.made_by, at=AT)))

    instance = instance_of(plan, day=DAY)
    assert term_problem_from(documents["instance"]) == instance.problem
    assert placed_from(documents["plan"]) == instance.placed
    assert documents["instance"]["names"]["0"] == instance.names.units[0]


@pytest.fixture
def half_done():
    """A plan in the third year of its term: eleven units are inspected, one look-back is done, and
    two units in the first round, at one and the same time far beyond what a team can do."""
    make_universe()
    term = TermFactory(number=15, starts=dt.date(2024, 1, 1), ends=dt.date(2028, 12, 31))
    for number, unit in enumerate(Unit.objects.order_by("name")[:11]):
        month = dt.date(2024, 3, 1) if number < 8 else dt.date(2025, 6, 1)
        Visit.objects.create(unit=unit, round_number=1 if number < 8 else 2, month=month)
    town = Unit.objects.get(name="第0乡镇")
    town.visits.all().delete()
    Visit.objects.create(unit=town, round_number=1, month=dt.date(2024, 3, 1))
    Visit.objects.create(unit=town, round_number=2, month=dt.date(2025, 6, 1))
    return begin_plan(term_id=term.pk, actor=make_planner(), at=AT)


def test_what_took_place_is_fixed_and_holds_no_room_for_more(half_done):
    instance = instance_of(half_done, day=DAY)

    assert instance.settled == {1, 2}
    first = instance.problem.round[1]
    here = [visit for visit in instance.placed if visit.round == 1]
    assert (first.teams, first.max_units) == (1, len(here))
    load = sum(instance.problem.unit[v.unit].effort_of(v.visit) for v in here)
    assert load <= first.team_cap
    assert _unit(instance, "第0乡镇").fixed == {0: 1, 1: 2}
    # Years that are over ask for no more than was done in them; those to come for what they do.
    done = PlannedVisit.objects.filter(planned__plan=half_done, kind=VisitKind.FIRST, done=True)
    by_year = [done.filter(round__month__year__lte=year).count() for year in (2024, 2025)]
    assert instance.problem.coverage[:2] == tuple(
        min(need, was) for need, was in zip((4, 10), by_year, strict=True)
    )
    assert instance.problem.coverage[2:] == (15, 21, 26)


def test_a_plan_goes_on_from_what_took_place_without_moving_it(half_done):
    before = set(
        PlannedVisit.objects.filter(done=True).values_list("planned", "kind", "round__number")
    )

    plan = compute(half_done)

    after = set(
        PlannedVisit.objects.filter(done=True).values_list("planned", "kind", "round__number")
    )
    assert before == after
    standing = judged(instance_of(plan, day=DAY))
    assert (standing.left_out, list(standing.broken)) == (0, [])


def test_a_round_whose_month_has_passed_takes_nobody_and_its_visits_are_said_to_wait():
    plan = compute(make_plan())
    assert PlannedVisit.objects.filter(round__number=1).exists()
    later = dt.date(2026, 11, 3)

    instance = instance_of(plan, day=later)

    assert 1 not in instance.problem.round
    standing = judged(instance)
    assert standing.left_out == 0
    assert len(standing.broken) >= PlannedVisit.objects.filter(round__number=1).count()
    at = dt.datetime(2026, 11, 3, tzinfo=dt.UTC)
    plan = compute(plan, at=at)
    assert not PlannedVisit.objects.filter(planned__plan=plan, round__number=1).exists()


def test_a_closed_unit_that_was_inspected_stays_as_history_and_has_no_look_back_to_come():
    plan = compute(make_plan())
    town = Unit.objects.get(name="第0乡镇")
    Visit.objects.create(unit=town, term_number=16, round_number=1, month=dt.date(2026, 10, 1))
    Unit.objects.filter(pk=town.pk).update(retired=True)

    refresh_plan(plan_id=plan.pk, actor=plan.made_by, at=AT)

    assert visit_of(plan, "第0乡镇").done
    assert not PlannedVisit.objects.filter(planned__unit=town, kind=VisitKind.LOOK_BACK).exists()
    assert _unit(instance_of(plan, day=DAY), "第0乡镇").visits == 1


def test_making_the_problem_costs_the_same_queries_however_many_units(
    django_assert_num_queries,
):
    plan = make_plan()
    with django_assert_num_queries(6):
        instance_of(plan, day=DAY)
