"""The picture of a plan, and what else was possible for a visit: arranged from rows alone."""

import datetime as dt
from urllib.parse import quote

import pytest
from django.urls import reverse

from tanzhao.inspections.models import PlannedVisit
from tanzhao.inspections.planning.choices import choices_of
from tanzhao.inspections.planning.saying import kept
from tanzhao.inspections.planning.term_instance import instance_of
from tanzhao.inspections.states import PlanState, VisitKind
from tanzhao.inspections.views.plans_picture import WAITING_SHOWN, is_late, picture_of
from tests.factories import (
    PlannedRoundFactory,
    PlannedUnitFactory,
    PlannedVisitFactory,
    RoundFactory,
    TermFactory,
    TermPlanFactory,
)

pytestmark = pytest.mark.django_db
DAY = dt.date(2027, 5, 15)


@pytest.fixture
def plan():
    """A term of two years from January 2027, of which 10 and then all units are asked for."""
    term = TermFactory(number=16, starts=dt.date(2027, 1, 1), ends=dt.date(2028, 12, 31))
    plan = TermPlanFactory(term=term, state=PlanState.DRAFT)
    plan.settings = {**plan.settings, "coverage": [50, 100]}
    plan.save()
    return plan


def add_round(plan, number, month, **values):
    return PlannedRoundFactory(plan=plan, number=number, month=month, **values)


def add_visit(plan, round_=None, *, kind=VisitKind.FIRST, unit=None, **values):
    unit = unit or PlannedUnitFactory(plan=plan, **values)
    return PlannedVisitFactory(planned=unit, kind=kind, round=round_, team=1 if round_ else None)


def picture(plan, **opened):
    visits = PlannedVisit.objects.filter(planned__plan=plan).select_related(
        "planned__unit", "round"
    )
    rounds = list(plan.rounds.all())
    return picture_of(plan, rounds, list(visits), opened=opened.get("opened", {}), on_day=DAY)


def test_a_column_sums_what_is_loaded_and_a_row_covers_its_kind_year_by_year(plan):
    first = add_round(plan, 1, dt.date(2027, 10, 1), teams=2, people=5, days=10)
    later = add_round(plan, 2, dt.date(2028, 3, 1))
    unit = add_visit(plan, first, unit__category="学校", effort=30, look_back_effort=12).planned
    add_visit(plan, later, kind=VisitKind.LOOK_BACK, unit=unit)
    add_visit(plan, later, unit__category="医院", effort=50)
    add_visit(plan, unit__category="医院")

    made = picture(plan)

    assert [(c.effort, c.capacity, c.units, c.covered) for c in made.columns] == [
        (30, 100, 1, 1),
        (62, 100, 2, 2),
    ]
    assert (made.total, made.visits, made.placed, made.covered) == (3, 4, 3, 2)
    assert [(y.number, y.covered, y.needed, y.is_short) for y in made.years] == [
        (1, 1, 2, True),
        (2, 2, 3, True),
    ]
    shares = {kind.label: [(s.covered, s.of) for s in kind.shares] for kind in made.kinds}
    assert shares == {"学校": [(1, 1), (1, 1)], "医院": [(0, 2), (1, 2)]}
    assert [cell.visit.planned.unit.category for cell in made.unplaced] == ["医院"]


def test_a_round_is_over_by_person_days_or_by_units_unless_it_has_begun(plan):
    add_visit(plan, add_round(plan, 1, dt.date(2027, 6, 1), teams=1, people=2, days=5), effort=11)
    add_visit(plan, add_round(plan, 2, dt.date(2027, 7, 1), most_units=0), effort=1)
    add_visit(plan, add_round(plan, 3, dt.date(2027, 8, 1)), effort=1)
    held = add_round(plan, 4, dt.date(2027, 9, 1), teams=1, people=1, days=1)
    PlannedVisit.objects.filter(pk=add_visit(plan, held, effort=90).pk).update(done=True)

    made = picture(plan, opened={3: RoundFactory(term=plan.term, number=3)})

    assert [column.is_over for column in made.columns] == [True, True, False, False]
    assert [column.is_closed for column in made.columns] == [False, False, True, True]


@pytest.mark.parametrize(
    ("month", "before", "done", "late"),
    [
        (dt.date(2027, 5, 1), None, False, False),
        (dt.date(2027, 4, 1), None, False, True),
        (dt.date(2027, 4, 1), None, True, False),
        (dt.date(2027, 9, 1), dt.date(2027, 9, 1), False, True),
        (dt.date(2027, 8, 1), dt.date(2027, 9, 1), False, False),
        (None, dt.date(2027, 6, 1), False, False),
        (None, dt.date(2027, 5, 1), False, True),
    ],
)
def test_late_is_what_was_passed_over_or_comes_after_its_deadline(plan, month, before, done, late):
    round_ = add_round(plan, 1, month) if month else None
    visit = add_visit(plan, round_, before=before)
    visit.done = done

    assert is_late(visit, DAY.replace(day=1)) is late


def test_a_visit_is_tried_in_every_round_and_what_stands_against_it_is_said(plan):
    early = add_round(plan, 1, dt.date(2027, 6, 1), teams=1, people=5, days=10)
    full = add_round(plan, 2, dt.date(2027, 10, 1), teams=1, people=5, days=10)
    free = add_round(plan, 3, dt.date(2028, 3, 1), teams=1, people=5, days=10)
    visit = add_visit(plan, early, effort=30, weight=10, cluster="甲")
    add_visit(plan, full, effort=40, weight=10, cluster="乙")
    PlannedUnitFactory(plan=plan)
    plan.settings = {**plan.settings, "coverage": [0, 0], "balance_weight": 0}
    instance = instance_of(plan, day=DAY)
    key = (instance.ids[visit.planned_id], VisitKind.FIRST)

    here, crowded, possible = choices_of(instance, key, [1, 2, 3])

    assert (here.is_here, here.cost, here.against) == (True, 0, [])
    assert [one["code"] for one in kept(crowded.against, instance.names)] == ["slot_overfull"]
    assert (crowded.load, crowded.capacity, crowded.percent) == (70, 50, 140)
    # Nine months later, at a weight of 10; the area is opened once either way.
    assert (possible.against, possible.cost) == ([], 90)
    assert free.visits.count() == 0


def test_a_pin_does_not_speak_against_the_other_rounds(plan):
    early = add_round(plan, 1, dt.date(2027, 6, 1))
    add_round(plan, 2, dt.date(2027, 10, 1))
    visit = add_visit(plan, early, not_in=[2])
    PlannedVisit.objects.update(pinned=True)
    plan.settings = {**plan.settings, "coverage": [0, 0]}
    instance = instance_of(plan, day=DAY)

    _here, other = choices_of(instance, (instance.ids[visit.planned_id], 0), [1, 2])

    assert [one.code for one in other.against] == ["forbidden"]


def test_what_waits_for_a_round_keeps_to_its_column_the_most_important_shown(plan):
    for weight in range(WAITING_SHOWN + 3):
        add_visit(plan, unit__category="村（社区）", weight=weight + 1)
    add_visit(plan, unit__category="医院", weight=1)

    few, many = picture(plan).kinds

    assert (len(few.waiting_shown), few.waiting_more) == (1, 0)
    assert (len(many.waiting), many.waiting_more) == (WAITING_SHOWN + 3, 3)
    weights = [cell.visit.planned.weight for cell in many.waiting_shown]
    assert weights == list(range(WAITING_SHOWN + 3, 3, -1))


def test_the_board_links_what_it_does_not_show_to_the_list_of_its_kind(office, draft):
    waiting = PlannedVisit.objects.filter(planned__plan=draft, round=None)
    villages = waiting.filter(planned__unit__category="村（社区）").count()
    for _ in range(WAITING_SHOWN + 2 - villages):
        add_visit(draft, unit__category="村（社区）")

    page = office.get(reverse("inspections:plan", args=[draft.pk])).content.decode()

    address = reverse("inspections:plan_units", args=[draft.pk])
    query = f"?show=unplaced&amp;category={quote('村（社区）')}"
    assert f'href="{address}{query}">and 2 more</a>' in page
    listed = office.get(f"{address}{query}".replace("&amp;", "&")).context["total"]
    assert listed == WAITING_SHOWN + 2
    assert page.count("data-visit=") == waiting.count() - 2
