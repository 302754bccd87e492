"""Teams as they stand, put so that the planner changes as few seats as one leaving forces."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from tanzhao.engines.planner.teams import problem as planner
from tanzhao.inspections.planning import seating
from tanzhao.inspections.planning.teams_instance import Instance
from tanzhao.inspections.states import TeamRole

_LEAST_RANKS = {TeamRole.LEADER: planner.LEADER_RANK, TeamRole.DEPUTY: planner.DEPUTY_RANK}


def as_staffed(instance: Instance) -> tuple[planner.TeamsProblem, planner.TeamsPlan]:
    """Give the problem of the teams as they are now, and these teams as its plan.

    No more is demanded of a team than it has: what the office has left open stays open, and only
    what goes with the person who leaves must be found again. Whoever leads now may lead.
    """
    problem, seats = instance.problem, instance.seats
    roles = {person: role for people in seats.values() for person, role in people.items()}
    lent = Counter(
        problem.person[person].home for person in roles if problem.person[person].home is not None
    )
    met = replace(
        problem,
        teams=tuple(_met(problem, team, seats[team.id]) for team in problem.teams),
        people=tuple(
            replace(one, rank=max(one.rank, _LEAST_RANKS.get(roles[one.id], 0)))
            if one.id in roles
            else one
            for one in problem.people
        ),
        lend={home: max(most, lent[home]) for home, most in problem.lend.items()},
    )
    composed = tuple(seating.composed_of(team.id, seats[team.id]) for team in problem.teams)
    return met, planner.TeamsPlan(teams=composed, cost=0, bound=0)


def _met(
    problem: planner.TeamsProblem, team: planner.Team, people: Mapping[int, TeamRole]
) -> planner.Team:
    members = [problem.person[person] for person in people]
    women = sum(one.female for one in members)
    return replace(
        team,
        size=len(members),
        need={
            skill: min(need, sum(skill in one.skills for one in members))
            for skill, need in team.need.items()
        },
        min_full=min(team.min_full, sum(one.full for one in members)),
        min_women=min(team.min_women, women),
        min_men=min(team.min_men, len(members) - women),
        min_exp=min(team.min_exp, sum(one.exp >= planner.EXPERIENCED for one in members)),
    )
