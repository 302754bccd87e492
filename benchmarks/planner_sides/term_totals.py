"""What the plain models share: who may go where, and packing a round afterwards."""

from collections import defaultdict

from tanzhao.engines.planner.term.problem import LOOK_BACK


def rounds_allowed(problem):
    """Give for each visit the rounds it may go to by itself, and which pairs of rounds keep the
    distance between a first visit and its look-back."""
    allowed = {}
    for unit in problem.units:
        for visit in range(unit.visits):
            allowed[unit.id, visit] = [
                r.id for r in problem.rounds if _is_allowed(problem, unit, visit, r)
            ]
    fits = {
        (a.id, b.id)
        for a in problem.rounds
        for b in problem.rounds
        if problem.gap_min <= b.month - a.month <= problem.gap_max
    }
    return allowed, fits


def _is_allowed(problem, unit, visit, round_):
    if round_.id in unit.forbidden or unit.fixed.get(visit, round_.id) != round_.id:
        return False
    if visit == LOOK_BACK:
        return True
    too_soon = unit.last_month is not None and round_.month < unit.last_month + problem.gap_last
    too_late = unit.deadline_month is not None and round_.month >= unit.deadline_month
    return not too_soon and not too_late


def packed(problem, round_of):
    """Pack each round: best fit decreasing, and CP-SAT where that leaves something over.

    Args:
        round_of: (unit, visit) to round.
    Returns: [unit, visit, round, team] of what fits.
    """
    by_round = defaultdict(list)
    for key, round_ in sorted(round_of.items()):
        by_round[round_].append(key)
    plan = []
    for round_id, keys in sorted(by_round.items()):
        round_ = problem.round[round_id]
        sizes = [problem.unit[unit].effort_of(visit) for unit, visit in keys]
        teams = _best_fit(sizes, round_)
        if None in teams:
            teams = _by_cp_sat(sizes, round_) or teams
        plan += [
            [unit, visit, round_id, team]
            for (unit, visit), team in zip(keys, teams, strict=True)
            if team is not None
        ]
    return plan


def _best_fit(sizes, round_):
    left = [round_.team_cap] * round_.teams
    teams = [None] * len(sizes)
    for place in sorted(range(len(sizes)), key=lambda i: -sizes[i]):
        fitting = [t for t, room in enumerate(left) if room >= sizes[place]]
        if fitting:
            teams[place] = min(fitting, key=lambda t: left[t])
            left[teams[place]] -= sizes[place]
    return teams


def _by_cp_sat(sizes, round_):
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    inside = [[model.new_bool_var("") for _ in range(round_.teams)] for _ in sizes]
    for row in inside:
        model.add_exactly_one(row)
    for team in range(round_.teams):
        of_team = [row[team] for row in inside]
        model.add(cp_model.LinearExpr.weighted_sum(of_team, sizes) <= round_.team_cap)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 8
    solver.parameters.max_time_in_seconds = 5
    if solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    return [next(t for t, x in enumerate(row) if solver.value(x)) for row in inside]
