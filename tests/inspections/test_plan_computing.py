"""Computing a plan in the background: once, stoppable, honest about what has no place."""

import time

import pytest
from django.db import transaction

from tanzhao.access.table import Role
from tanzhao.documents.actions import stop_run
from tanzhao.documents.models import Run
from tanzhao.documents.states import RunState
from tanzhao.engines.planner.reasons import reason
from tanzhao.engines.planner.search import Progress
from tanzhao.engines.planner.term.problem import TermPlan as EnginePlan
from tanzhao.engines.planner.term.problem import Unplaced
from tanzhao.inspections.actions import cancel_computing, compute_plan, pin_visit
from tanzhao.inspections.actions.plans_computing import carry_out_computing
from tanzhao.inspections.models import PlannedVisit, TermPlan
from tanzhao.inspections.planning.judging import standing_of
from tanzhao.inspections.planning.term_instance import instance_of
from tanzhao.inspections.states import VisitKind
from tanzhao.inspections.tasks import compute_term_plan
from tanzhao.kernel.verdict import Refused
from tests.factories import UnitFactory, UserFactory
from tests.inspections.plan_makers import AT, DAY, PLANNER, compute, greedy, make_plan

pytestmark = pytest.mark.django_db


def _carry_out(run):
    carry_out_computing(run_id=run.pk, seconds=5, steps=0, stopwatch=lambda: 0.0, clock=lambda: AT)


def _places():
    return sorted(
        PlannedVisit.objects.values_list("planned__unit__name", "kind", "round__number", "team")
    )


def test_the_real_planner_places_every_visit_and_breaks_no_rule():
    plan = compute(make_plan(), planner=None, steps=2)

    standing = standing_of(plan, day=DAY)
    assert (standing.left_out, list(standing.broken)) == (0, [])
    assert plan.cost >= plan.bound > 0
    assert plan.conflict == []
    assert plan.run.result["unplaced"] == 0
    assert plan.run.result["cost"] == plan.cost
    first = _places()
    assert first == sorted(_places())
    again = compute(plan, planner=None, steps=2)
    assert (_places(), again.cost) == (first, plan.cost)


def test_the_real_planner_says_in_words_what_cannot_hold_together():
    plan = make_plan()
    plan.rounds.exclude(number=1).delete()
    plan.rounds.update(teams=1)

    plan = compute(plan, planner=None, seconds=5)

    # With one round left, every look-back belongs to the next term.
    waiting = PlannedVisit.objects.filter(planned__plan=plan, round=None, kind=VisitKind.FIRST)
    assert waiting.count() == plan.run.result["unplaced"] > 0
    assert all(visit.why for visit in waiting)
    assert plan.conflict
    assert standing_of(plan, day=DAY).left_out == waiting.count()


def test_a_short_search_never_spoils_a_good_draft():
    plan = compute(make_plan(), planner=None, steps=2)
    places, cost = _places(), plan.cost

    def nothing_found(problem, **_):
        return EnginePlan(visits=(), cost=0, bound=plan.bound, unplaced=_all_of(problem))

    again = compute(plan, planner=nothing_found)

    assert (_places(), again.cost, again.conflict) == (places, cost, [])
    assert again.run.result["unplaced"] == 0


def test_a_draft_that_breaks_a_rule_gives_way_to_what_is_found():
    plan = compute(make_plan(), planner=None, steps=2)
    plan.rounds.update(people=1)

    def nothing_found(problem, **_):
        return EnginePlan(visits=(), cost=0, bound=0, unplaced=_all_of(problem))

    again = compute(plan, planner=nothing_found)

    assert again.run.result["placed"] == 0


def _all_of(problem):
    return tuple(
        Unplaced(unit, visit, reason("no_room_found", unit=unit, visit=visit))
        for unit, visit in problem.visits
    )


def test_a_computation_brings_newcomers_in_first(monkeypatch):
    plan = make_plan()
    UnitFactory(name="县数据局", category="县直部门")

    compute(plan)

    visit = PlannedVisit.objects.get(planned__unit__name="县数据局")
    assert visit.round is not None


def test_one_computation_at_a_time_and_the_same_run_twice_is_once(monkeypatch):
    plan = make_plan()
    monkeypatch.setattr(PLANNER, greedy)
    run = compute_plan(plan_id=plan.pk, seconds=5, actor=plan.made_by, at=AT)

    with pytest.raises(Refused):
        compute_plan(plan_id=plan.pk, seconds=5, actor=plan.made_by, at=AT)
    _carry_out(run)
    places = _places()
    PlannedVisit.objects.update(team=1)
    _carry_out(run)

    assert {team for *_rest, team in _places()} == {1}  # the second time wrote nothing
    assert {team for *_rest, team in places} != {1}
    assert Run.objects.count() == 1


def test_the_run_tells_how_far_it_is_about_once_a_second_and_hears_that_it_shall_stop(
    monkeypatch,
):
    plan = make_plan()
    run = compute_plan(plan_id=plan.pk, seconds=60, actor=plan.made_by, at=AT)
    seen = []

    def planner(problem, *, limit, seed, on_progress):
        assert seed == plan.number
        for tenth in range(25):
            on_progress(Progress(tenth / 10, tenth, 1000 - tenth, 500))
            seen.append((Run.objects.get(pk=run.pk).progress.get("steps"), limit.stop()))
            if tenth == 14:
                stop_run(run_id=run.pk, actor=plan.made_by, at=AT)
        return greedy(problem)

    monkeypatch.setattr(PLANNER, planner)
    _carry_out(run)

    assert [steps for steps, _stop in seen] == [0] * 10 + [10] * 10 + [20] * 5
    assert [stop for _steps, stop in seen] == [False] * 20 + [True] * 5
    assert Run.objects.get().state == RunState.DONE
    # What it had by then is taken.
    assert not PlannedVisit.objects.filter(round=None).exists()


def test_a_cancelled_computing_changes_nothing_even_if_its_worker_is_at_it(monkeypatch):
    plan = compute(make_plan())
    before, cost = _places(), plan.cost
    run = compute_plan(plan_id=plan.pk, seconds=60, actor=plan.made_by, at=AT)
    colleague = UserFactory(role=Role.STAFF, full_name="Ding")

    def planner(problem, *, limit, seed, on_progress):
        cancel_computing(plan_id=plan.pk, actor=colleague, at=AT)
        on_progress(Progress(1.0, 1, 1000, 500))
        assert limit.stop()  # it does not go on for nobody
        return EnginePlan(visits=(), cost=0, bound=0, unplaced=_all_of(problem))

    monkeypatch.setattr(PLANNER, planner)
    _carry_out(run)

    plan.refresh_from_db()
    run.refresh_from_db()
    assert (_places(), plan.cost) == (before, cost)
    assert run.state == RunState.CANCELLED
    assert "Ding" in run.problem
    with pytest.raises(Refused):
        cancel_computing(plan_id=plan.pk, actor=colleague, at=AT)
    assert compute(plan).run != run  # it is free again


def test_a_cancelled_computing_that_still_waits_is_never_begun(monkeypatch):
    plan = compute(make_plan())
    run = compute_plan(plan_id=plan.pk, seconds=60, actor=plan.made_by, at=AT)
    cancel_computing(plan_id=plan.pk, actor=plan.made_by, at=AT)

    monkeypatch.setattr(PLANNER, lambda *_a, **_k: pytest.fail("it was computed"))
    _carry_out(run)

    run.refresh_from_db()
    assert run.state == RunState.CANCELLED
    for role in (Role.LEADING_GROUP, Role.INSPECTOR):
        with pytest.raises(TermPlan.DoesNotExist), transaction.atomic():
            cancel_computing(plan_id=plan.pk, actor=UserFactory(role=role), at=AT)


def test_a_planner_that_breaks_down_leaves_the_plan_as_it_was_and_free(monkeypatch):
    plan = compute(make_plan())
    before = _places()
    run = compute_plan(plan_id=plan.pk, seconds=5, actor=plan.made_by, at=AT)

    def broken(*_args, **_values):
        raise RuntimeError

    monkeypatch.setattr(PLANNER, broken)
    _carry_out(run)

    assert Run.objects.get(pk=run.pk).state == RunState.FAILED
    assert _places() == before
    assert compute(plan)


def test_whoever_may_not_plan_has_nothing_computed():
    plan = make_plan()

    for role in (Role.LEADING_GROUP, Role.INSPECTOR):
        with pytest.raises(TermPlan.DoesNotExist), transaction.atomic():
            compute_plan(plan_id=plan.pk, seconds=5, actor=UserFactory(role=role), at=AT)
    assert not Run.objects.exists()
    assert instance_of(plan, day=DAY).placed == ()


def test_mending_moves_no_more_than_it_must():
    plan = compute(make_plan(), planner=None)
    before = _places()
    common = {"plan_id": plan.pk, "actor": plan.made_by, "at": AT}
    unit = PlannedVisit.objects.filter(round__number=1, kind=0).first().planned.unit
    to = {"unit_id": unit.pk, "kind": VisitKind.FIRST, "round_number": 2}
    pin_visit(**to, **common)

    run = compute_plan(plan_id=plan.pk, seconds=5, mend=True, actor=plan.made_by, at=AT)
    carry_out_computing(
        run_id=run.pk, mend=True, seconds=10, stopwatch=time.process_time, clock=lambda: AT
    )

    run.refresh_from_db()
    assert run.state == RunState.DONE, run.problem
    rounds = {tuple(row[:2]): row[2] for row in before}
    after = {tuple(row[:2]): row[2] for row in _places()}
    moved = {key for key in rounds if rounds[key] != after[key]}
    assert (unit.name, 0) in moved
    assert len(moved) <= 2  # its look-back may have to follow
    standing = standing_of(TermPlan.objects.get(pk=plan.pk), day=DAY)
    assert (standing.left_out, list(standing.broken)) == (0, [])
    assert TermPlan.objects.get(pk=plan.pk).bound is None


def test_what_is_enqueued_computes_the_plan(monkeypatch, django_capture_on_commit_callbacks):
    plan = make_plan()
    monkeypatch.setattr(PLANNER, greedy)
    asked = []
    monkeypatch.setattr(type(compute_term_plan), "enqueue", lambda _task, *args: asked.append(args))

    with django_capture_on_commit_callbacks(execute=True):
        run = compute_plan(plan_id=plan.pk, seconds=7, actor=plan.made_by, at=AT)

    assert asked == [(str(run.pk), 7, False)]
    compute_term_plan.call(*asked[0])
    run.refresh_from_db()
    assert (run.state, run.result["unplaced"]) == (RunState.DONE, 0)
    assert not PlannedVisit.objects.filter(round=None).exists()
