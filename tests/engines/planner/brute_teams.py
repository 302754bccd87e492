"""All plans of a tiny round, one by one: what a search must find, by looking at everything."""

from itertools import combinations, permutations, product

from tanzhao.engines.planner.teams.checking import broken_in_team, broken_rules, cost_of_team
from tanzhao.engines.planner.teams.problem import Composed, TeamsProblem


def good_teams(problem: TeamsProblem, team_id: int) -> list[Composed]:
    """Every team that breaks no rule by itself, with every leader and deputy it may have."""
    team = problem.team[team_id]
    found = []
    for members in combinations(sorted(problem.available), team.size):
        for leader, deputy in permutations(members, 2):
            made = Composed(team_id, leader, deputy, members)
            if not list(broken_in_team(problem, team, made)):
                found.append(made)
    return found


def good_plans(problem: TeamsProblem) -> list[tuple[Composed, ...]]:
    """Every plan that breaks no rule."""
    each = [good_teams(problem, team.id) for team in problem.teams]
    return [
        plan
        for plan in product(*each)
        if len({p for team in plan for p in team.members}) == sum(len(t.members) for t in plan)
        and not broken_rules(problem, plan)
    ]


def cheapest(problem: TeamsProblem) -> tuple[int, tuple[Composed, ...]]:
    """The least cost of a plan that breaks no rule, and one such plan."""
    cost = {
        made: cost_of_team(problem, team, made)
        for team in problem.teams
        for made in good_teams(problem, team.id)
    }
    best = min(good_plans(problem), key=lambda plan: sum(cost[made] for made in plan))
    return sum(cost[made] for made in best), best
