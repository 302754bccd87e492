"""The pages of a plan of a term: what each reader sees there, and what each step does."""

import datetime as dt
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from tanzhao.access.table import Role
from tanzhao.documents.models import Run
from tanzhao.inspections.actions import begin_plan, compute_plan, pin_visit, propose_plan
from tanzhao.inspections.models import PlannedVisit, Round, TermPlan
from tanzhao.inspections.states import PlanState, VisitKind
from tests.factories import (
    TODAY,
    CodeFactory,
    FrameFactory,
    PlannedVisitFactory,
    TermFactory,
    UnitFactory,
    UserFactory,
    contact_of,
)
from tests.inspections.plan_makers import compute, make_universe, visit_of

pytestmark = pytest.mark.django_db


def make_term():
    """Make a term of five years that begins this month, so that all its rounds are to come."""
    first = TODAY.replace(day=1)
    return TermFactory(number=16, starts=first, ends=dt.date(first.year + 5, first.month, 1))


@pytest.fixture
def staff():
    return UserFactory(role=Role.STAFF, language="en", full_name="Zheng")


@pytest.fixture
def draft(staff):
    make_universe()
    return begin_plan(term_id=make_term().pk, actor=staff, at=timezone.now(), title="as we are")


@pytest.fixture
def office(sign_in, staff):
    return sign_in(staff)


@pytest.fixture
def chair(client):
    """A second browser, of somebody who decides."""
    other = type(client)()
    other.force_login(UserFactory(role=Role.LEADING_GROUP, language="en"))
    return other


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
    term = make_term()

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


def test_computing_is_watched_stopped_and_ends_on_the_same_page(office, client, draft, staff):
    office.post(at("compute_plan", draft.pk), {"seconds": "300"})
    run = Run.objects.get()
    assert "The computing begins as soon as a worker is free" in words(
        office.get(at("plan", draft.pk))
    )

    said = {"seconds": 12.4, "limit": 300, "cost": 1010, "bound": 1000}
    Run.objects.filter(pk=run.pk).update(state="running", progress=said)
    part = words(office.get(at("plan_progress", draft.pk), headers={"HX-Request": "true"}))
    assert "at most 1.0% from the best there can be" in part
    assert "12 of 300 seconds" in part
    office.post(at("stop_plan", draft.pk))
    run.refresh_from_db()
    assert run.stop_asked_at is not None
    assert "It ends with the best it has" in words(office.get(at("plan", draft.pk)))

    Run.objects.filter(pk=run.pk).update(state="failed", finished_at=timezone.now(), problem="No.")
    ended = office.get(at("plan_progress", draft.pk), headers={"HX-Request": "true"})
    assert ended.headers["HX-Refresh"] == "true"
    assert "No." in words(office.get(at("plan", draft.pk)))


def test_only_who_began_the_computing_is_offered_to_stop_it(office, draft, staff):
    compute_plan(plan_id=draft.pk, seconds=10, actor=UserFactory(), at=timezone.now())

    assert "Stop and keep the best" not in words(office.get(at("plan", draft.pk)))
    assert office.post(at("stop_plan", draft.pk)).status_code == 404
    assert Run.objects.get().stop_asked_at is None


def test_what_has_no_place_is_shown_with_the_demands_that_clash(office, draft, staff):
    draft.rounds.exclude(number=1).delete()
    computed(draft, staff)

    page = words(office.get(at("plan", draft.pk)))

    assert "These demands cannot hold together:" in page
    unplaced = PlannedVisit.objects.filter(planned__plan=draft, round=None).count()
    assert unplaced > 0
    assert f'<td class="unplaced"><b>{unplaced}</b></td>' in page
    answer = office.post(at("propose_plan", draft.pk))
    assert answer.status_code == 422
    office.post(at("propose_plan", draft.pk), {"reason": "next year"})
    assert "Units are left out because: next year" in words(office.get(at("plan", draft.pk)))


def test_one_proposes_another_approves_and_the_plan_is_in_force(office, chair, draft, staff):
    computed(draft, staff)
    office.post(at("propose_plan", draft.pk))
    director = UserFactory(role=Role.DIRECTOR, language="en")
    TermPlan.objects.filter(pk=draft.pk).update(made_by=director)
    other = type(chair)()
    other.force_login(director)
    refused = other.post(at("approve_plan", draft.pk))
    assert refused.status_code == 422
    assert "Somebody else must approve it." in words(refused)

    assert "Approve the plan" in words(chair.get(at("plan", draft.pk)))
    chair.post(at("approve_plan", draft.pk))

    draft.refresh_from_db()
    assert draft.state == PlanState.IN_FORCE
    assert "Begin a draft from this plan" in words(office.get(at("plan", draft.pk)))
    assert "Begin a draft from this plan" not in words(chair.get(at("plan", draft.pk)))


def test_a_plan_is_returned_only_with_a_reason_which_its_maker_reads(office, chair, draft, staff):
    computed(draft, staff)
    office.post(at("propose_plan", draft.pk))

    assert chair.post(at("return_plan", draft.pk), {"reason": ""}).status_code == 422
    chair.post(at("return_plan", draft.pk), {"reason": "villages first"})

    assert "Returned: villages first" in words(office.get(at("plan", draft.pk)))
    assert "villages first" in words(office.get(reverse("web:workbench")))


def test_a_plan_that_waits_stands_on_the_workbench_of_those_who_approve(
    office, chair, draft, staff
):
    computed(draft, staff)
    assert at("plan", draft.pk) not in words(chair.get(reverse("web:workbench")))

    propose_plan(plan_id=draft.pk, actor=staff, at=timezone.now())

    assert at("plan", draft.pk) in words(chair.get(reverse("web:workbench")))
    assert at("plan", draft.pk) not in words(office.get(reverse("web:workbench")))


def test_a_round_is_opened_from_the_plan_in_force_and_leads_back(office, chair, draft, staff):
    computed(draft, staff)
    form = {"kind": CodeFactory(frame__name="round-kinds", frame__kind="vocabulary").pk}
    form |= {"frame": FrameFactory().pk, "starts": "2027-03-01", "ends": "2027-04-20"}
    assert office.get(at("open_planned_round", draft.pk, 1)).status_code == 422
    office.post(at("propose_plan", draft.pk))
    chair.post(at("approve_plan", draft.pk))
    assert "Open this round" in words(office.get(at("plan", draft.pk)))

    answer = office.post(at("open_planned_round", draft.pk, 1), form)

    opened = Round.objects.get()
    assert answer.url == at("round", opened.pk)
    planned = PlannedVisit.objects.filter(planned__plan=draft, round__number=1)
    assert opened.engagements.count() == planned.count() > 0
    assert f"{at('plan_units', draft.pk)}?round=1" in words(office.get(at("round", opened.pk)))
    assert at("round", opened.pk) in words(office.get(at("plan_rounds", draft.pk)))
    assert office.post(at("open_planned_round", draft.pk, 1), form).status_code == 422


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

    page = words(office.get(at("plan_units", draft.pk), {"show": "pinned"}))
    assert "第0学校" in page
    assert "第0乡镇" not in page
    assert "第0乡镇" in words(office.get(at("plan_units", draft.pk), {"category": "乡镇"}))

    answer = office.get(at("export_plan", draft.pk), {"round": "4", "sort": "weight"})
    rows = list(load_workbook(io.BytesIO(answer.getvalue())).active.values)
    names = [row[0] for row in rows[1:]]
    placed = PlannedVisit.objects.filter(planned__plan=draft, round__number=4)
    assert sorted(names) == sorted(str(one.planned) for one in placed)


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

    assert "1 visit is placed differently" in page
    assert f">Round {before}</td>" in page
    assert ">Round 9</td>" in page
    assert "later" in page


def test_newcomers_to_the_register_are_told_and_taken_in(office, draft):
    assert "came into the register" not in words(office.get(at("plan", draft.pk)))
    UnitFactory(name="新局")

    assert "1 unit came into the register" in words(office.get(at("plan", draft.pk)))
    office.post(at("refresh_plan", draft.pk))

    assert draft.units.filter(unit__name="新局").exists()


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
