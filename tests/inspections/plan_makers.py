"""A small term with units and a plan, as the office begins one."""

import datetime as dt
from collections.abc import Callable
from contextlib import nullcontext
from time import process_time
from unittest.mock import patch

from tanzhao.access.models import User
from tanzhao.access.table import Role
from tanzhao.engines.planner.reasons import reason
from tanzhao.engines.planner.term.checking import cost_of
from tanzhao.engines.planner.term.problem import Placed, TermProblem, Unplaced
from tanzhao.engines.planner.term.problem import TermPlan as EnginePlan
from tanzhao.inspections.actions import approve_plan, begin_plan, compute_plan, propose_plan
from tanzhao.inspections.actions.plans_computing import carry_out_computing
from tanzhao.inspections.models import PlannedVisit, Term, TermPlan
from tanzhao.inspections.states import VisitKind
from tanzhao.units.models import Unit
from tests.factories import TODAY, TermFactory, UnitFactory, UserFactory

# Before the term begins, so that every round of it is still to come.
AT = dt.datetime(2026, 6, 1, 9, tzinfo=dt.UTC)
DAY = dt.date(2026, 6, 1)
KINDS = (("县直部门", 6), ("乡镇", 3), ("学校", 2))
VILLAGES_OF_A_TOWNSHIP = 5
PLANNER = "tanzhao.inspections.actions.plans_computing.plan_term"


def make_universe() -> list[Unit]:
    """Make 26 units of four kinds, villages below their townships, every third of priority 高."""
    units = []
    for kind, count in KINDS:
        for number in range(count):
            name = f"第{number}{kind}"
            priority = "高中低"[number % 3]
            units.append(UnitFactory(name=name, category=kind, system="综合", priority=priority))
    for town in [unit for unit in units if unit.category == "乡镇"]:
        for number in range(VILLAGES_OF_A_TOWNSHIP):
            units.append(
                UnitFactory(
                    name=f"{town.name}{number}村",
                    category="村（社区）",
                    parent=town,
                    parent_name=town.name,
                    priority="中",
                )
            )
    return units


def make_term() -> Term:
    """Make a term of five years that begins in September 2026."""
    return TermFactory(number=16, starts=dt.date(2026, 9, 1), ends=dt.date(2031, 8, 31))


def make_term_ahead() -> Term:
    """Make a term of five years that begins this month: to a page all its rounds are to come."""
    first = TODAY.replace(day=1)
    ends = dt.date(first.year + 5, first.month, 1)
    return TermFactory(number=16, starts=first, ends=ends)


def make_plan(actor: User | None = None, *, term: Term | None = None) -> TermPlan:
    """Begin a plan of a new term over a new universe."""
    make_universe()
    term = term or make_term()
    return begin_plan(term_id=term.pk, actor=actor or make_planner(), at=AT)


def make_planner() -> User:
    return UserFactory(role=Role.STAFF)


def greedy(problem: TermProblem, **_: object) -> EnginePlan:
    """Stand in for the planner: each visit into the earliest round and team with room."""
    room = {(r.id, team): r.team_cap for r in problem.rounds for team in range(r.teams)}
    units = {r.id: r.max_units for r in problem.rounds}
    month: dict[tuple[int, int], int] = {}
    placed, unplaced = [], []
    # What is fixed first, then inspections before look-backs.
    order = sorted(problem.visits, key=lambda v: (v[1] not in problem.unit[v[0]].fixed, v[1], v[0]))
    for unit_id, visit in order:
        unit = problem.unit[unit_id]
        for (round_id, team), left in room.items():
            gap = problem.round[round_id].month - month.get((unit_id, 0), 0)
            fits = left >= unit.effort_of(visit) and units[round_id] > 0
            fits = fits and unit.fixed.get(visit, round_id) == round_id
            if visit and visit not in unit.fixed:
                fits = fits and problem.gap_min <= gap <= problem.gap_max
            if fits and round_id not in unit.forbidden:
                room[round_id, team] -= unit.effort_of(visit)
                units[round_id] -= 1
                month[unit_id, visit] = problem.round[round_id].month
                placed.append(Placed(unit_id, visit, round_id, team))
                break
        else:
            unplaced.append(
                Unplaced(unit_id, visit, reason("no_round_allowed", unit=unit_id, visit=visit))
            )
    cost = cost_of(problem, placed).total
    conflict = (reason("too_many_units", round=1, need=2, have=1),) if unplaced else ()
    return EnginePlan(
        visits=tuple(sorted(placed)),
        cost=cost,
        bound=cost // 2,
        unplaced=tuple(unplaced),
        conflict=conflict,
    )


def compute(
    plan: TermPlan,
    *,
    actor: User | None = None,
    at: dt.datetime = AT,
    steps: int | None = 0,
    seconds: float | None = None,
    planner: Callable[..., EnginePlan] | None = greedy,
) -> TermPlan:
    """Have a plan computed as the worker would; by the real planner if `planner` is None."""
    run = compute_plan(plan_id=plan.pk, seconds=5, actor=actor or plan.made_by, at=at)
    with patch(PLANNER, planner) if planner else nullcontext():
        carry_out_computing(
            run_id=run.pk, steps=steps, seconds=seconds, stopwatch=process_time, clock=lambda: at
        )
    plan = TermPlan.objects.get(pk=plan.pk)
    run.refresh_from_db()
    assert run.state == "done", run.problem
    return plan


def visit_of(plan: TermPlan, name: str, kind: VisitKind = VisitKind.FIRST) -> PlannedVisit:
    """Find the visit of the unit called `name`."""
    return PlannedVisit.objects.select_related("planned__unit", "round").get(
        planned__plan=plan, planned__unit__name=name, kind=kind
    )


def put_in_force(plan: TermPlan, *, at: dt.datetime = AT) -> TermPlan:
    """Propose and approve a plan by two people."""
    propose_plan(plan_id=plan.pk, actor=plan.made_by, at=at)
    chair = UserFactory(role=Role.LEADING_GROUP)
    return approve_plan(plan_id=plan.pk, actor=chair, at=at)
