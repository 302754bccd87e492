"""The pages of a plan of a term: what each reader sees there, and what is changed on them."""

import datetime as dt
import io
import json
import zipfile

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from tanzhao.access.table import Role
from tanzhao.audit.models import Entry
from tanzhao.inspections.actions import begin_plan, pin_visit
from tanzhao.inspections.models import PlannedRound, PlannedVisit, TermPlan
from tanzhao.inspections.states import VisitKind
from tanzhao.inspections.views import plans_compare
from tanzhao.units.models import Unit, Visit
from tests.factories import (
    TODAY,
    PlannedVisitFactory,
    UnitFactory,
    UserFactory,
    contact_of,
)
from tests.inspections.plan_makers import (
    compute,
    make_term_ahead,
    make_universe,
    put_in_force,
    visit_of,
)

pytestmark = pytest.mark.django_db


def words(page):
    return " ".join(page.content.decode().split())


def at(name, *keys):
    return reverse(f"inspections:{name}", args=keys)


def computed(plan, staff):
    return compute(plan, actor=staff, at=timezone.now())


def test_without_a_term_the_page_says_how_to_open_one(office):
    assert "No term is open yet" in words(office.get(at("terms")))


def test_a_plan_is_begun_on_the_page_of_its_term(office):
    make_universe()
    term = make_term_ahead()

    assert office.get(at("terms")).url == at("term", term.pk)
    page = words(office.get(at("term", term.pk)))
    assert "<b>0%</b><span>0/26" in page
    assert "To inspect all by then" in page
    office.post(at("begin_plan", term.pk), {"title": "one more team"})

    plan = TermPlan.objects.get()
    visits = PlannedVisit.objects.filter(planned__plan=plan).count()
    assert visits > plan.units.count() == 26  # some are looked back at
    page = words(office.get(at("plan", plan.pk)))
    assert "Plan 1 · one more team" in page
    assert "Let the program look for the best places." in page
    assert f"<b>0 <small>/ {visits}</small></b>" in page


def test_a_draft_is_the_offices_own_until_it_is_put_forward(office, chair, draft, staff):
    computed(draft, staff)
    assert chair.get(at("plan", draft.pk)).status_code == 404

    office.post(at("propose_plan", draft.pk))

    assert chair.get(at("plan", draft.pk)).status_code == 200


def test_who_has_no_part_in_planning_sees_no_plan(client, draft):
    others = [UserFactory(role=role) for role in (Role.INSPECTOR, Role.SUPERVISOR)]
    for reader in (*others, contact_of(UnitFactory()), UserFactory(role=Role.SYSTEM_ADMIN)):
        client.force_login(reader)

        for name in ("plan", "plan_units", "plan_rounds", "compare_plans", "export_plan"):
            assert client.get(at(name, draft.pk)).status_code == 403
        assert client.get(at("terms")).status_code == 403


def test_a_visit_is_moved_on_the_picture_and_held_there(office, draft, staff):
    computed(draft, staff)
    visit = visit_of(draft, "第0县直部门")
    values = {"unit": visit.planned.unit_id, "kind": 0, "round": 5}

    part = office.post(at("pin", draft.pk), values, headers={"HX-Request": "true"})

    visit = visit_of(draft, "第0县直部门")
    assert (visit.round.number, visit.pinned, visit.pinned_by) == (5, True, staff)
    text = words(part)
    assert text.startswith('<div id="plan-area">')
    assert "第0县直部门 · pinned" in text
    assert "Something was changed after the last computing." in text
    office.post(at("unpin", draft.pk), values)
    assert not visit_of(draft, "第0县直部门").pinned


def test_a_plan_that_is_no_draft_is_not_changed_and_says_so(office, draft, staff):
    computed(draft, staff)
    visit = visit_of(draft, "第0县直部门")
    office.post(at("propose_plan", draft.pk))

    answer = office.post(
        at("pin", draft.pk), {"unit": visit.planned.unit_id, "kind": 0, "round": 5}
    )

    assert answer.status_code == 422
    assert "Have it returned before it is changed." in words(answer)
    assert not visit_of(draft, "第0县直部门").pinned
    assert 'data-moving="no"' in words(office.get(at("plan", draft.pk)))


def test_made_up_visits_and_rounds_are_not_found(office, draft):
    visit = visit_of(draft, "第0县直部门")
    known = {"unit": visit.planned.unit_id, "kind": 0, "round": 5}

    assert office.post(at("pin", draft.pk), {**known, "round": 99}).status_code == 404
    assert office.post(at("pin", draft.pk), {**known, "unit": draft.pk}).status_code == 404
    assert office.post(at("pin", draft.pk), {**known, "kind": 7}).status_code == 422
    assert office.get(at("planned_unit", draft.pk, draft.pk)).status_code == 404


def test_the_rounds_of_a_draft_are_changed_added_and_taken_out(office, draft):
    first = draft.rounds.order_by("number").first()
    values = {"month": first.month.isoformat(), "teams": 3, "people": 6, "days": 20}
    office.post(at("change_planned_round", draft.pk, 1), {**values, "most_units": 9})
    first.refresh_from_db()
    assert (first.teams, first.people, first.days, first.most_units) == (3, 6, 20, 9)
    assert f"0 / {3 * 6 * 20}" in words(office.get(at("plan_rounds", draft.pk)))

    taken = office.post(at("add_planned_round", draft.pk), {**values, "most_units": 9})
    assert taken.status_code == 422
    assert "in this month" in words(taken)
    months = set(draft.rounds.values_list("month", flat=True))
    free = next(m for n in range(40, 900, 31) if (m := _month(n)) not in months)
    office.post(
        at("add_planned_round", draft.pk), {**values, "month": free.isoformat(), "most_units": 9}
    )
    added = draft.rounds.get(month=free)
    office.post(at("remove_planned_round", draft.pk, added.number))
    assert not draft.rounds.filter(month=free).exists()


def _month(days):
    return (TODAY + dt.timedelta(days=days)).replace(day=1)


def test_what_a_draft_asks_of_a_unit_is_changed_on_its_page(office, draft, staff):
    computed(draft, staff)
    visit = visit_of(draft, "第0县直部门")
    address = at("planned_unit", draft.pk, visit.planned.unit_id)
    values = {"effort": 90, "look_back_effort": 0, "weight": 77, "not_in": ["1", "2"]}

    assert office.post(address, {**values, "weight": 200}).status_code == 422
    office.post(address, {**values, "theme": "grain", "before": _month(400).isoformat()})

    planned = visit_of(draft, "第0县直部门").planned
    assert (planned.effort, planned.look_back_effort, planned.weight) == (90, 0, 77)
    assert (planned.theme, planned.not_in, planned.before) == ("grain", [1, 2], _month(400))


def test_the_page_of_a_unit_says_what_else_was_possible(office, draft, staff):
    computed(draft, staff)
    visit = visit_of(draft, "第0县直部门")
    pin_visit(
        plan_id=draft.pk, unit_id=visit.planned.unit_id, kind=VisitKind.FIRST, round_number=2,
        actor=staff, at=timezone.now(),
    )  # fmt: skip

    page = words(office.get(at("planned_unit", draft.pk, visit.planned.unit_id)))

    assert "Zheng pinned it there" in page
    assert page.count("<b>here</b>") == 1
    assert "Why there, and what else was possible" in page


def test_the_list_is_narrowed_sorted_and_exported_as_it_is_shown(office, draft, staff):
    computed(draft, staff)
    visit = visit_of(draft, "第0学校")
    pin_visit(
        plan_id=draft.pk, unit_id=visit.planned.unit_id, kind=VisitKind.FIRST, round_number=4,
        actor=staff, at=timezone.now(),
    )  # fmt: skip

    back = {"unit": visit.planned.unit_id, "kind": 0, "round": 4, "next": "units"}
    answer = office.post(at("pin", draft.pk), {**back, "query": "category=学校&sort=round"})
    assert answer.url == at("plan_units", draft.pk) + "?category=%E5%AD%A6%E6%A0%A1&sort=round"

    page = words(office.get(at("plan_units", draft.pk), {"show": "pinned"}))
    assert "第0学校" in page
    assert "第0乡镇" not in page
    assert "第0乡镇" in words(office.get(at("plan_units", draft.pk), {"category": "乡镇"}))

    answer = office.get(at("export_plan", draft.pk), {"round": "4", "sort": "weight"})
    rows = list(load_workbook(io.BytesIO(answer.getvalue())).active.values)
    names = [row[0] for row in rows[1:]]
    placed = PlannedVisit.objects.filter(planned__plan=draft, round__number=4)
    assert sorted(names) == sorted(str(one.planned) for one in placed)
    entry = Entry.objects.filter(verb="list.exported").latest("pk")
    assert entry.details == {"list": "visits", "rows": len(names)}


def test_a_draft_is_renamed_and_taken_out_as_a_file_by_the_office_alone(office, chair, draft):
    office.post(at("rename_plan", draft.pk), {"title": "two more teams"})
    assert "Plan 1 · two more teams" in words(office.get(at("plan", draft.pk)))

    answer = office.get(at("plan_file", draft.pk))

    with zipfile.ZipFile(io.BytesIO(answer.content)) as package:
        instance, plan = (json.loads(package.read(f"{n}.json")) for n in ("instance", "plan"))
    assert len(instance["units"]) == draft.units.count()
    assert plan == {"visits": []}
    assert chair.get(at("plan_file", draft.pk)).status_code == 403


def test_two_plans_are_compared_visit_by_visit(office, draft, staff):
    computed(draft, staff)
    other = begin_plan(
        term_id=draft.term_id, actor=staff, at=timezone.now(), title="school later",
        based_on=draft.pk,
    )  # fmt: skip
    assert "Every visit is in the same round in both" in words(
        office.get(at("compare_plans", other.pk))
    )
    visit = visit_of(other, "第0学校")
    before = visit.round.number
    pin_visit(
        plan_id=other.pk, unit_id=visit.planned.unit_id, kind=VisitKind.FIRST, round_number=9,
        actor=staff, at=timezone.now(),
    )  # fmt: skip

    page = words(office.get(at("compare_plans", other.pk), {"with": str(draft.pk)}))
    # How many are covered is said of how many.
    assert page.count("26<small>/26</small>") >= 2

    assert "1 visit is placed differently" in page
    assert f">Round {before}</td>" in page
    assert ">Round 9</td>" in page
    assert "later" in page
    assert "later <span" in page
    only = {"with": str(draft.pk), "change": "earlier"}
    page = words(office.get(at("compare_plans", other.pk), only))
    assert "No visit differs in that way" in page
    assert "1 visit is placed differently" in page


def test_what_differs_is_listed_page_by_page_the_farthest_first(office, draft, staff, monkeypatch):
    monkeypatch.setattr(plans_compare, "SHOWN", 2)
    computed(draft, staff)
    other = begin_plan(
        term_id=draft.term_id, actor=staff, at=timezone.now(), based_on=draft.pk
    )  # fmt: skip
    names = [f"第{n}县直部门" for n in range(3)]
    for number, name in enumerate(names):
        pin_visit(
            plan_id=other.pk, unit_id=visit_of(other, name).planned.unit_id, kind=VisitKind.FIRST,
            round_number=number + 8, actor=staff, at=timezone.now(),
        )  # fmt: skip
    address, asked = at("compare_plans", other.pk), {"with": str(draft.pk), "sort": "far"}

    first = office.get(address, asked)
    second = office.get(address, {**asked, "after": first.context["page"].after})

    lines = [*first.context["page"].rows, *second.context["page"].rows]
    assert (len(first.context["page"].rows), first.context["total"]) == (2, 3)
    assert sorted(str(line.move.unit) for line in lines) == names
    far = [line.move.months for line in lines]
    assert far == sorted(far, reverse=True)
    assert "2 shown of 3" in words(first)
    assert "Next page" in words(first)
    assert "Next page" not in words(second)
    none = office.get(address, {**asked, "category": "学校"})
    assert none.status_code == 200
    for made_up in ("-1", "99999999999", "²", "x"):
        assert office.get(address, {**asked, "after": made_up}).context["page"].rows == lines[:2]


def test_earlier_and_later_go_by_the_month_and_each_count_opens_what_it_counts(
    office, draft, staff
):
    computed(draft, staff)
    other = begin_plan(
        term_id=draft.term_id, actor=staff, at=timezone.now(), based_on=draft.pk
    )  # fmt: skip
    rounds = list(other.rounds.order_by("month"))
    nearer, held = rounds[-2].month, rounds[0]
    names = [visit.planned.unit.name for visit in held.visits.filter(kind=VisitKind.FIRST)[:2]]
    PlannedRound.objects.create(
        plan=other, number=99, month=nearer, teams=9, people=9, days=99, most_units=99
    )
    rounds[-2].delete()  # its visits are without a place, and those below stand a month of it
    to_last = {"round_number": rounds[-1].number, "actor": staff, "at": timezone.now()}
    for plan, values in ((draft, to_last), (other, {**to_last, "round_number": 99})):
        pin_visit(
            plan_id=plan.pk, unit_id=visit_of(plan, names[0]).planned.unit_id,
            kind=VisitKind.FIRST, **values,
        )  # fmt: skip
    same = {**to_last, "round_number": rounds[-2].number}
    for plan, values in ((draft, same), (other, {**same, "round_number": 99})):
        pin_visit(
            plan_id=plan.pk, unit_id=visit_of(plan, names[1]).planned.unit_id,
            kind=VisitKind.FIRST, **values,
        )  # fmt: skip
    address, asked = at("compare_plans", other.pk), {"with": str(draft.pk)}

    page = office.get(address, {**asked, "sort": "far"})

    lines = {line.move.unit.name: line for line in page.context["page"].rows}
    assert (lines[names[0]].change, lines[names[1]].change) == ("earlier", "same")
    assert lines[names[0]].how_far
    assert not lines[names[1]].how_far
    assert page.context["page"].rows[-1] == lines[names[1]]  # it does not move at all in time
    for count in page.context["counted"]:
        listed = office.get(address, {**asked, "change": count["change"]})
        assert listed.context["total"] == count["n"]


def test_newcomers_to_the_register_are_told_and_taken_in(office, draft):
    assert "came into the register" not in words(office.get(at("plan", draft.pk)))
    UnitFactory(name="新局")

    closed, school = (Unit.objects.get(name=name) for name in ("第0学校", "第1学校"))
    Unit.objects.filter(pk=closed.pk).update(retired=True, merged_into=school)
    page = words(office.get(at("plan", draft.pk)))
    assert "1 unit came into the register" in page
    assert "1 of the plan was closed or merged" in page
    assert ">新局</a>" in page
    assert page.index(">第0学校</a> →") < page.index(">第1学校</a></li>")
    office.post(at("refresh_plan", draft.pk))

    assert draft.units.filter(unit__name="新局").exists()


def test_what_took_place_without_the_plan_knowing_is_told_and_marked(office, chair, draft, staff):
    first = draft.rounds.order_by("number").first()
    unit = Unit.objects.get(name="第0学校")
    put_in_force(computed(draft, staff), at=timezone.now())
    sentence = "1 visit took place, or is under way, that the plan does not show yet."
    assert sentence not in words(office.get(at("plan", draft.pk)))
    Visit.objects.create(
        unit=unit, term_number=draft.term.number, round_number=1, month=first.month
    )  # fmt: skip

    assert sentence in words(office.get(at("plan", draft.pk)))
    assert sentence not in words(chair.get(at("plan", draft.pk)))  # who cannot mark them
    office.post(at("refresh_plan", draft.pk))

    visit = visit_of(draft, "第0学校")
    assert (visit.done, visit.round.number) == (True, 1)
    assert sentence not in words(office.get(at("plan", draft.pk)))


@pytest.mark.parametrize("name", ["plan", "plan_units", "plan_rounds", "compare_plans"])
def test_the_number_of_queries_does_not_grow_with_the_units(office, draft, staff, name):
    computed(draft, staff)
    begin_plan(term_id=draft.term_id, actor=staff, at=timezone.now(), based_on=draft.pk)

    def count():
        with CaptureQueriesContext(connection, ) as captured:  # fmt: skip
            assert office.get(at(name, draft.pk)).status_code == 200
        return len(captured)

    before = count()
    first = draft.rounds.get(number=1)
    for _ in range(5):
        PlannedVisitFactory(planned__plan=draft, round=first, team=1)
    assert count() == before
