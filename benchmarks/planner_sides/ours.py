"""Our engine, as the program calls it."""

import time

from tanzhao.engines.planner import plan_term, propose_teams
from tanzhao.engines.planner.search import Limit


def _watched(teller):
    # The stopwatch is that of the process: what was spent before counts for every side.
    limit = Limit(seconds=teller.marks[-1], stopwatch=time.process_time)
    return limit, lambda progress: teller.tell(cost=progress.cost, bound=progress.bound)


def run_term(problem, teller):
    limit, tell = _watched(teller)
    plan = plan_term(problem, limit=limit, on_progress=tell)
    visits = [[v.unit, v.visit, v.round, v.team] for v in plan.visits]
    teller.tell(bound=plan.bound, plan=visits)


def run_teams(problem, teller):
    limit, tell = _watched(teller)
    plan = propose_teams(problem, limit=limit, on_progress=tell)
    teams = [[t.id, t.leader, t.deputy, list(t.members)] for t in plan.teams]
    teller.tell(bound=plan.bound, plan=teams)
