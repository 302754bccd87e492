"""The next term of the story: opened, planned by the planner, approved; and a what-if beside it."""

import datetime as dt
from datetime import timedelta
from itertools import count
from typing import Any

from tanzhao.access.models import User
from tanzhao.inspections.actions import (
    approve_plan,
    begin_plan,
    carry_out_computing,
    change_planned_round,
    compute_plan,
    open_term,
    propose_plan,
)
from tanzhao.inspections.models import Term, TermPlan
from tanzhao.web.sample.days import Days
from tanzhao.web.sample.people import MINUTE, Cast
from tanzhao.web.sample.playing import Scene
from tanzhao.web.sample.rounds import FIVE_YEARS

# Steps of the search, since the same number of them gives the same plan on every machine. These few
# take about two seconds of processor and gain most of what there is: the first plan alone is up to
# a quarter dearer than the best may be, ten times the steps bring it from 7 % to 5 % in 40 s.
STEPS = 3
# Mending is limited by seconds alone: a stopwatch that counts how often it is asked runs alike on
# every machine, so many thousand asks.
SECONDS_OF_MENDING, TICK = 3.0, 0.001


def planning_the_next_term(days: Days, cast: Cast, texts: dict[str, Any]) -> Scene:
    plan_texts, names = texts["plan"], dict(texts["term"])
    at = days.at(names.pop("opened"), "10:00")
    yield at
    staff = cast.office["staff_a"]
    starts = Term.objects.latest("number").ends + timedelta(days=1)
    term = open_term(starts=starts, ends=starts + FIVE_YEARS, actor=staff, at=at, **names)
    at = days.at(plan_texts["begun"], "09:00")
    yield at
    plan = begin_plan(term_id=term.pk, title=plan_texts["title"], actor=staff, at=at)
    at += 20 * MINUTE
    yield at
    _compute(plan, staff, at)
    at = days.at(plan_texts["proposed"], "14:30")
    yield at
    propose_plan(plan_id=plan.pk, actor=staff, at=at)
    at = days.at(plan_texts["approved"], "09:30")
    yield at
    approve_plan(plan_id=plan.pk, actor=cast.office["director"], at=at)
    yield from _asking_what_if(days, cast.office["staff_b"], plan, texts["what_if"])


def _asking_what_if(days: Days, actor: User, basis: TermPlan, texts: dict[str, Any]) -> Scene:
    at = days.at(texts["begun"], "15:00")
    yield at
    plan = begin_plan(
        term_id=basis.term_id, title=texts["title"], based_on=basis.pk, actor=actor, at=at
    )
    planned = plan.rounds.get(number=texts["round"])
    at += 5 * MINUTE
    yield at
    change_planned_round(
        plan_id=plan.pk,
        number=planned.number,
        month=planned.month,
        teams=texts["teams"],
        people=planned.people,
        days=planned.days,
        most_units=planned.most_units,
        actor=actor,
        at=at,
    )
    at += 5 * MINUTE
    yield at
    _compute(plan, actor, at, mend=True)


def _compute(plan: TermPlan, actor: User, at: dt.datetime, *, mend: bool = False) -> None:
    """Compute at once what the page would have computed in the background."""
    run = compute_plan(plan_id=plan.pk, seconds=1, actor=actor, at=at, mend=mend)
    asked = count()
    carry_out_computing(
        run_id=run.pk,
        seconds=SECONDS_OF_MENDING if mend else None,
        steps=0 if mend else STEPS,
        mend=mend,
        stopwatch=lambda: next(asked) * TICK,
        clock=lambda: at,
    )
