"""What the pages of plans and terms show, each figure with its denominator."""

import datetime as dt

import pytest

from tanzhao.inspections.actions import begin_plan, change_planned_unit, pin_visit, refresh_plan
from tanzhao.inspections.models import PlannedVisit
from tanzhao.inspections.queries.plans import page_of_plan, plan_in_force, plan_rows, plan_summary
from tanzhao.inspections.queries.plans_comparing import Move, compare_plans
from tanzhao.inspections.queries.terms import coverage_of_term, forecast
from tanzhao.inspections.states import VisitKind
from tanzhao.units.models import Unit, Visit
from tests.factories import (
    EngagementFactory,
    RoundFactory,
    TeamFactory,
    TermFactory,
    UnitFactory,
)
from tests.inspections.plan_makers import (
    AT,
    DAY,
    compute,
    make_plan,
    make_universe,
    put_in_force,
    visit_of,
)

pytestmark = pytest.mark.django_db


def test_a_summary_adds_up():
    plan = compute(make_plan())
    pin_visit(
        plan_id=plan.pk, unit_id=Unit.objects.get(name="第1学校").pk, kind=VisitKind.FIRST,
        round_number=9, actor=plan.made_by, at=AT,
    )  # fmt: skip

    found = plan_summary(plan, today=DAY)

    visits = PlannedVisit.objects.filter(planned__plan=plan)
    assert (found.units, found.visits, found.placed) == (26, visits.count(), visits.count())
    assert sum(one.units for one in found.rounds) == found.placed
    assert sum(one.load for one in found.rounds) == sum(visit.effort for visit in visits)
    assert [one.pinned for one in found.rounds if one.pinned] == [1]
    ninth = next(one for one in found.rounds if one.number == 9)
    assert (ninth.first, ninth.capacity, ninth.most_units) == (1, 1600, 24)
    assert ninth.is_overfull is False
    assert 0 <= ninth.low < ninth.high <= ninth.capacity
    last = found.years[-1]
    assert (last.expected, last.required, last.total) == (26, 26, 26)
    assert [year.required for year in found.years] == [4, 10, 15, 21, 26]
    assert found.years[0].first == dt.date(2026, 9, 1)
    assert found.years[0].last == dt.date(2027, 8, 1)
    assert {kind.kind: (kind.planned, kind.total) for kind in found.kinds} == {
        "村（社区）": (15, 15), "县直部门": (6, 6), "乡镇": (3, 3), "学校": (2, 2),
    }  # fmt: skip
    looked_back = visits.filter(kind=VisitKind.LOOK_BACK).count()
    assert found.look_backs.total == looked_back > 0
    assert found.gap == pytest.approx(100 * (plan.cost - plan.bound) / plan.bound)
    assert (found.unplaced, found.conflict, found.broken) == ([], [], [])


def test_what_has_no_place_is_said_in_words():
    plan = make_plan()
    plan.rounds.exclude(number__in=[1, 2]).delete()
    plan.rounds.update(teams=1)

    found = plan_summary(compute(plan), today=DAY)

    assert found.unplaced
    assert any(one.planned.unit.name in one.why[0] for one in found.unplaced)
    assert found.conflict
    assert found.placed + len(found.unplaced) == found.visits
    kinds = {kind.kind: kind for kind in found.kinds}
    assert sum(kind.unplaced for kind in kinds.values()) == sum(
        one.kind == VisitKind.FIRST for one in found.unplaced
    )


def test_a_round_that_passed_is_late_and_one_that_runs_is_settled():
    plan = compute(make_plan())
    unit = Unit.objects.get(name="第0学校")
    opened = RoundFactory(
        term=plan.term, number=2, starts=dt.date(2027, 3, 3), ends=dt.date(2027, 5, 3)
    )
    EngagementFactory(team=TeamFactory(round=opened, number=1), unit=unit)
    refresh_plan(plan_id=plan.pk, actor=plan.made_by, at=AT)

    first, second, third, *_ = plan_summary(plan, today=dt.date(2027, 3, 20)).rounds

    assert (first.is_late, first.is_settled) == (True, False)
    assert (second.is_late, second.is_settled, second.done) == (False, True, 1)
    assert (second.opened, third.opened) == (opened, None)
    assert not third.is_late


def test_rows_are_narrowed_and_paged():
    plan = compute(make_plan())
    pin_visit(
        plan_id=plan.pk, unit_id=Unit.objects.get(name="第0学校").pk, kind=VisitKind.FIRST,
        round_number=9, actor=plan.made_by, at=AT,
    )  # fmt: skip

    def names(**asked):
        return [row.unit.name for row in plan_rows(plan, **asked)]

    assert len(names()) == 26
    assert names(kind="学校") == ["第0学校", "第1学校"]
    assert names(pinned=True) == names(round_number=9) == ["第0学校"]
    assert names(unplaced=True) == []
    assert names(system="综合", words="第2") == ["第2乡镇", "第2县直部门"]
    first = page_of_plan(plan_rows(plan), size=20)
    second = page_of_plan(plan_rows(plan), size=20, after=first.after)
    assert [len(first.rows), len(second.rows), second.after] == [20, 6, ""]


def test_two_plans_differ_where_a_visit_stands_elsewhere():
    base = compute(make_plan())
    draft = begin_plan(term_id=base.term_id, actor=base.made_by, at=AT, based_on=base.pk)
    unit = Unit.objects.get(name="第1学校")
    before = visit_of(base, unit.name).round
    common = {"plan_id": draft.pk, "actor": base.made_by, "at": AT}
    pin_visit(unit_id=unit.pk, kind=VisitKind.FIRST, round_number=9, **common)
    town = Unit.objects.get(name="第0乡镇")
    look_back = visit_of(base, town.name, VisitKind.LOOK_BACK).round.number
    change_planned_unit(unit_id=town.pk, effort=220, look_back=False, weight=80, **common)

    found = compare_plans(base, draft, today=DAY)

    assert sorted(found.moves, key=lambda move: move.unit.name) == [
        Move(town, VisitKind.LOOK_BACK, look_back, None),
        Move(
            unit,
            VisitKind.FIRST,
            before.number,
            9,
            months=_months(before, draft.rounds.get(number=9)),
        ),
    ]
    assert found.same == found.before.visits - 2
    assert (found.before.visits, found.after.visits) == (found.before.visits, found.same + 1)
    assert compare_plans(base, base, today=DAY).moves == []


def test_a_unit_that_only_one_of_two_plans_knows_is_told_as_such():
    base = compute(make_plan())
    closed = Unit.objects.get(name="第1学校")
    closed.retired = True
    closed.save()
    new = UnitFactory(name="县数据局", category="县直部门")
    draft = begin_plan(term_id=base.term_id, actor=base.made_by, at=AT, based_on=base.pk)
    draft = compute(draft)

    moves = {move.unit: move for move in compare_plans(base, draft, today=DAY).moves}

    assert (moves[closed].is_gone, moves[closed].is_new, moves[closed].after) == (True, False, None)
    assert (moves[new].is_new, moves[new].is_gone, moves[new].before) == (True, False, None)
    assert all(move.months for unit, move in moves.items() if unit not in {closed, new})


def _months(was, is_now):
    return 12 * (is_now.month.year - was.month.year) + is_now.month.month - was.month.month


def test_pages_cost_the_same_queries_however_many_units(django_assert_num_queries):
    small = compute(make_plan())
    UnitFactory.create_batch(9, category="县直部门")
    large = compute(begin_plan(term_id=small.term_id, actor=small.made_by, at=AT))

    for plan in (small, large):
        plan.refresh_from_db()
        with django_assert_num_queries(10):
            plan_summary(plan, today=DAY)


@pytest.fixture
def third_year():
    """A term in its third year: 8 of 26 units inspected in three rounds, two under way."""
    make_universe()
    term = TermFactory(number=15, starts=dt.date(2024, 1, 1), ends=dt.date(2028, 12, 31))
    months = {1: dt.date(2024, 3, 1), 2: dt.date(2025, 1, 1), 3: dt.date(2025, 7, 1)}
    units = list(Unit.objects.order_by("name"))
    for place, unit in enumerate(units[:8]):
        number = 1 + place % 3
        Visit.objects.create(unit=unit, round_number=number, month=months[number])
    # Twice inspected is inspected once.
    Visit.objects.create(unit=units[0], round_number=3, month=months[3])
    team = TeamFactory(round=RoundFactory(term=term, number=4, starts=dt.date(2026, 5, 20)))
    for unit in units[8:10]:
        EngagementFactory(team=team, unit=unit)
    return term


def test_coverage_of_a_term_counts_units_once_and_leaves_closed_ones_out(third_year):
    found = coverage_of_term(third_year)

    assert (found.total, found.done, found.under_way) == (26, 8, 2)
    assert [year.done for year in found.years] == [3, 8, 8, 8, 8]
    assert [year.required for year in found.years] == [4, 10, 15, 21, 26]
    assert sum(kind.total for kind in found.kinds) == 26
    assert found.years[0].is_short
    Unit.objects.filter(visits__round_number=1).update(retired=True)
    again = coverage_of_term(third_year)
    assert (again.total, again.done) == (23, 5)


def test_a_forecast_goes_on_at_the_pace_of_the_last_three_rounds(third_year):
    # 8 units from March 2024 to June 2026, 28 months; 30 more months to the end of 2028.
    found = forecast(third_year, DAY)

    assert (list(found.rounds), found.units, found.months) == ([1, 2, 3], 8, 28)
    assert found.pace == pytest.approx(8 / 28)
    assert (found.months_left, found.by_end) == (30, 8 + 8)
    assert found.needed == pytest.approx(18 / 30)
    assert found.covered_in == dt.date(2031, 9, 1)  # 18 units, 63 months on


def test_a_forecast_before_the_first_round_and_after_the_end_promises_nothing(third_year):
    later = TermFactory(number=16, starts=dt.date(2029, 1, 1), ends=dt.date(2033, 12, 31))

    nothing = forecast(later, dt.date(2029, 2, 1))
    assert (nothing.pace, nothing.by_end, nothing.covered_in) == (None, None, None)
    assert nothing.needed == pytest.approx(26 / 58)
    over = forecast(third_year, dt.date(2029, 3, 1))
    assert (over.months_left, over.needed, over.by_end) == (0, None, 8)


def test_the_plan_in_force_is_found():
    plan = compute(make_plan())
    assert plan_in_force(plan.term_id) is None
    put_in_force(plan)
    assert plan_in_force(plan.term_id) == plan
