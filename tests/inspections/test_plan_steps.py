"""The steps of a plan on its page: computed, put forward, approved, its rounds opened."""

import pytest
from django.urls import reverse
from django.utils import timezone

from tanzhao.access.table import Role
from tanzhao.audit.models import Entry
from tanzhao.audit.verbs import Verb
from tanzhao.documents.models import Run
from tanzhao.documents.states import RunState
from tanzhao.inspections.actions import compute_plan, pin_visit, propose_plan, stop_computing
from tanzhao.inspections.models import PlannedVisit, Round, TermPlan
from tanzhao.inspections.states import PlanState, VisitKind
from tanzhao.kernel.verdict import Refused
from tests.factories import (
    CodeFactory,
    FrameFactory,
    UserFactory,
)
from tests.inspections.plan_makers import compute, visit_of

pytestmark = pytest.mark.django_db


def words(page):
    return " ".join(page.content.decode().split())


def at(name, *keys):
    return reverse(f"inspections:{name}", args=keys)


def computed(plan, staff):
    return compute(plan, actor=staff, at=timezone.now())


def test_computing_is_watched_stopped_and_ends_on_the_same_page(office, chair, draft, staff):
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

    assert chair.post(at("cancel_computing", draft.pk)).status_code == 403
    assert "Cancel, leave the plan as it was" in words(office.get(at("plan", draft.pk)))
    office.post(at("cancel_computing", draft.pk))
    page = words(office.get(at("plan", draft.pk)))
    assert "Zheng cancelled the computing. The plan is as it was before." in page
    assert office.post(at("cancel_computing", draft.pk)).status_code == 422

    run.refresh_from_db()
    assert (run.state, run.stop_asked_at is not None) == (RunState.CANCELLED, True)
    assert not Entry.objects.filter(verb=Verb.RUN_FAILED).exists()
    assert Entry.objects.filter(verb=Verb.RUN_CANCELLED, target_id=run.pk).count() == 1
    page = words(office.get(reverse("documents:run", args=[run.pk])))
    assert "Zheng cancelled the computing." in page
    assert "put it right" not in page

    Run.objects.filter(pk=run.pk).update(state="failed", finished_at=timezone.now(), problem="No.")
    ended = office.get(at("plan_progress", draft.pk), headers={"HX-Request": "true"})
    assert ended.headers["HX-Refresh"] == "true"
    assert "No." in words(office.get(at("plan", draft.pk)))


def test_after_a_change_the_rest_moves_as_little_as_possible_and_the_page_says_how_little(
    office, draft, staff
):
    computed(draft, staff)
    assert "moving as few as possible" not in words(office.get(at("plan", draft.pk)))
    visit = visit_of(draft, "第0学校")
    pin_visit(
        plan_id=draft.pk, unit_id=visit.planned.unit_id, kind=VisitKind.FIRST,
        round_number=visit.round.number,
        actor=staff, at=timezone.now(),
    )  # fmt: skip
    assert "moving as few as possible" in words(office.get(at("plan", draft.pk)))

    office.post(at("compute_plan", draft.pk), {"mend": "yes"})

    entry = Entry.objects.filter(verb="plan.computed").latest("pk")
    assert (entry.details["mend"], entry.details["seconds"]) == (True, 60)
    result = {"moved": 3, "is_fewest": True}
    Run.objects.filter(pk=TermPlan.objects.get(pk=draft.pk).run_id).update(
        state="done", finished_at=timezone.now(), result=result
    )
    TermPlan.objects.filter(pk=draft.pk).update(changed_since=False)
    page = words(office.get(at("plan", draft.pk)))
    assert "3 visits were moved. It is proved that fewer are not enough." in page


def test_whoever_may_compute_the_plan_may_stop_it_and_nobody_else(office, chair, draft, staff):
    begun_by = UserFactory(role=Role.STAFF)
    compute_plan(plan_id=draft.pk, seconds=10, actor=begun_by, at=timezone.now())
    TermPlan.objects.update(state=PlanState.PROPOSED)  # so that the chair knows of it

    assert "as soon as a worker is free" in words(chair.get(at("plan", draft.pk)))
    assert "Stop and keep the best" not in words(chair.get(at("plan", draft.pk)))
    assert chair.post(at("stop_plan", draft.pk)).status_code == 403
    with pytest.raises(Refused):
        stop_computing(
            plan_id=draft.pk, actor=UserFactory(role=Role.LEADING_GROUP), at=timezone.now()
        )
    assert Run.objects.get().stop_asked_at is None

    assert "Stop and keep the best" in words(office.get(at("plan", draft.pk)))
    assert office.post(at("stop_plan", draft.pk)).status_code == 302
    run = Run.objects.get()
    assert run.stop_asked_at is not None
    entry = Entry.objects.get(verb=Verb.RUN_STOPPED)
    assert (entry.actor, entry.target_id) == (staff, run.pk)
    Run.objects.update(state=RunState.DONE, finished_at=timezone.now())
    assert office.post(at("stop_plan", draft.pk)).status_code == 422


def test_what_has_no_place_is_shown_with_the_demands_that_clash(office, draft, staff):
    draft.rounds.exclude(number=1).delete()
    computed(draft, staff)

    page = words(office.get(at("plan", draft.pk)))

    assert "Not everything fits." in page
    waiting = PlannedVisit.objects.filter(planned__plan=draft, round=None)
    unplaced = waiting.exclude(kind=VisitKind.LOOK_BACK).count()
    assert unplaced > 0
    listed = f"{at('plan_units', draft.pk)}?show=unplaced"
    assert f'<td class="unplaced"><a href="{listed}"><b>{unplaced}</b>' in page
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
