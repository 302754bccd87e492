"""What would have to move for a visit to be in another round: found out in the background."""

import time
from dataclasses import replace

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from tanzhao.access.table import Role
from tanzhao.documents.models import Run
from tanzhao.documents.states import RunState
from tanzhao.engines.planner.term.checking import broken_rules, cost_of
from tanzhao.inspections.actions import (
    ask_what_moves,
    carry_out_explaining,
    compute_plan,
    pin_visit,
    propose_plan,
    unpin_visit,
)
from tanzhao.inspections.models import TermPlan
from tanzhao.inspections.planning.choices import without_pin
from tanzhao.inspections.planning.term_instance import instance_of
from tanzhao.inspections.queries.plan_moves import answers_about
from tanzhao.inspections.states import VisitKind
from tanzhao.inspections.tasks import explain_visit
from tanzhao.kernel.clock import today
from tanzhao.kernel.verdict import Refused
from tests.factories import UserFactory
from tests.inspections.plan_makers import compute, make_plan, make_term_ahead, visit_of

pytestmark = pytest.mark.django_db
NAME = "第1县直部门"


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def plan():
    """A plan whose rounds take three units each, so that most of them are full."""
    made = make_plan(UserFactory(role=Role.STAFF, language="en"), term=make_term_ahead())
    made.rounds.update(most_units=3)
    made.rounds.filter(number__gt=13).delete()
    return compute(made, planner=None, seconds=20, at=timezone.now())


def _asked(plan, actor=None):
    visit = visit_of(plan, NAME)
    which = {"plan_id": plan.pk, "unit_id": visit.planned.unit_id, "kind": VisitKind.FIRST}
    return ask_what_moves(**which, actor=actor or plan.made_by, at=timezone.now()), visit


def _found_out(plan, actor=None):
    run, visit = _asked(plan, actor)
    carry_out_explaining(run_id=run.pk, stopwatch=time.process_time, clock=timezone.now)
    run.refresh_from_db()
    assert run.state == RunState.DONE, run.problem
    return run, visit


def _page(client, plan, visit):
    address = reverse("inspections:planned_unit", args=[plan.pk, visit.planned.unit_id])
    return " ".join(client.get(address).content.decode().split())


def test_what_is_said_to_move_can_move_and_costs_what_is_said(plan):
    run, visit = _found_out(plan)

    instance = instance_of(plan, day=today())
    key = (instance.ids[visit.planned_id], 0)
    free = without_pin(instance.problem, key)
    base = cost_of(free, instance.placed).total
    possible = {int(n): one for n, one in run.result["rounds"].items() if one["cost"] is not None}
    assert possible
    for number, found in possible.items():
        assert found["moves"]  # by itself it does not fit
        to = {(m["values"]["unit"], m["values"]["visit"]): m["values"] for m in found["moves"]}
        moved = []
        for one in instance.placed:
            at = number if (one.unit, one.visit) == key else one.round
            if values := to.get((one.unit, one.visit)):
                assert values["round"] == one.round
                at = values["to_round"]
            moved.append(replace(one, round=at))
        # How the slots of a round are shared out anew is not part of the answer.
        broken = {one.code for one in broken_rules(free, moved)} - {"slot_overfull"}
        assert broken == set()
        assert cost_of(free, moved).total - base == found["cost"]


def test_the_page_offers_it_tells_how_far_it_is_and_shows_it_until_the_plan_changes(client, plan):
    client.force_login(plan.made_by)
    offer = "Find out what would have to move for the others"
    assert offer in _page(client, plan, visit_of(plan, NAME))

    run, visit = _asked(plan)
    Run.objects.filter(pk=run.pk).update(progress={"looked_at": 2, "of": 5})
    page = _page(client, plan, visit)
    assert "2 of 5 rounds looked at" in page
    assert '<noscript><meta http-equiv="refresh"' in page
    progress = reverse("inspections:moves_progress", args=[plan.pk, visit.planned.unit_id])
    part = client.get(progress, headers={"HX-Request": "true"})
    assert "2 of 5 rounds looked at" in part.content.decode()
    explain_visit.call(str(run.pk))

    page = _page(client, plan, visit)
    answer = answers_about([visit], instance_of(plan, day=today()))[visit.pk]
    shown = [one for one in answer.rounds.values() if one.is_possible]
    assert shown
    assert all(sentence in page for one in shown for sentence in one.moves)
    assert page.count("Possible if others move:") == len(shown)
    assert offer not in page
    assert "HX-Refresh" in client.get(progress, headers={"HX-Request": "true"}).headers

    common = {"plan_id": plan.pk, "actor": plan.made_by, "at": timezone.now()}
    other = visit_of(plan, "第2县直部门")
    which = {"unit_id": other.planned.unit_id, "kind": VisitKind.FIRST}
    pin_visit(**which, round_number=other.round.number, **common)
    page = _page(client, plan, visit)
    assert "The plan has changed since" in page
    assert "Possible if others move:" not in page
    unpin_visit(**which, **common)
    assert "Possible if others move:" in _page(client, plan, visit)


def test_asking_while_it_is_found_out_is_asking_once_and_carrying_out_twice_is_once(plan):
    run, _visit = _asked(plan)
    again, _visit = _asked(plan, UserFactory(role=Role.STAFF))

    assert again == run
    assert Run.objects.filter(kind="visit.moves").count() == 1
    explain_visit.call(str(run.pk))
    run.refresh_from_db()
    finished = run.finished_at
    explain_visit.call(str(run.pk))
    run.refresh_from_db()
    assert run.finished_at == finished


def test_whoever_may_see_the_plan_may_ask_and_nobody_else(client, plan):
    chair = UserFactory(role=Role.LEADING_GROUP, language="en")
    address = reverse(
        "inspections:ask_what_moves", args=[plan.pk, visit_of(plan, NAME).planned.unit_id]
    )
    client.force_login(chair)
    assert client.post(address, {"kind": 0}).status_code == 404  # a draft is the office's own

    propose_plan(plan_id=plan.pk, actor=plan.made_by, at=timezone.now())

    assert client.post(address, {"kind": 0}).status_code == 302
    assert Run.objects.get(kind="visit.moves").started_by == chair
    client.force_login(UserFactory(role=Role.INSPECTOR))
    assert client.post(address, {"kind": 0}).status_code == 403
    client.force_login(plan.made_by)
    assert client.post(address, {"kind": 7}).status_code == 422
    assert client.post(address, {"kind": 1}).status_code == 404  # it has no look-back


def test_it_is_not_asked_of_an_incomplete_plan_or_one_that_is_computed(plan):
    compute_plan(plan_id=plan.pk, seconds=5, actor=plan.made_by, at=timezone.now())
    with pytest.raises(Refused, match="being computed"):
        _asked(plan)

    plan = TermPlan.objects.get(pk=plan.pk)
    Run.objects.update(state=RunState.FAILED, finished_at=timezone.now())
    visit = visit_of(plan, "第2县直部门")
    visit.round = visit.team = None
    visit.save()
    with pytest.raises(Refused, match="computed first"):
        _asked(plan)
