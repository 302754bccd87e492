"""Who sits where, what each one is needed for, and what would change. Facts of the format only.

Works on the planner's problem and plain values: no database, no solver, nothing about a person
but what docs/operations/planning-format.md names.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields

from tanzhao.engines.planner.reasons import Reason, reason
from tanzhao.engines.planner.teams.checking import conflict_of, distance, experience_target
from tanzhao.engines.planner.teams.problem import (
    DEPUTY_RANK,
    EXPERIENCED,
    LEADER_RANK,
    Composed,
    Person,
    Team,
    TeamsProblem,
    Weights,
)
from tanzhao.inspections.states import TeamRole

type Seats = Mapping[int, Mapping[int, TeamRole]]
"""Team to its people with their roles, in the order in which they are shown."""

LEAST_WOMEN = 3  # fewer cost, says the format; what a team must have is its own min_women
EXPERIENCE_BAND = 2


@dataclass(frozen=True)
class Demand:
    """One thing that a team must have: so many people, `need`, who meet it."""

    code: str
    need: int
    skill: str = ""

    def is_met_by(self, person: Person, role: TeamRole) -> bool:
        match self.code:
            case "skill":
                return self.skill in person.skills
            case "leader":
                return role == TeamRole.LEADER and person.rank >= LEADER_RANK
            case "deputy":
                return role == TeamRole.DEPUTY and person.rank >= DEPUTY_RANK
            case "full_time":
                return person.full
            case "women":
                return person.female
            case "men":
                return not person.female
            case "experienced":
                return person.exp >= EXPERIENCED
        return True  # "size": whoever sits there


@dataclass(frozen=True)
class Parts:
    """What a team weighs, each fact in its own unit, before any weight: days on teams before,
    repeated members of a former team, further members from one workplace, rounds of experience
    beyond the band, women fewer than three, a leader who led this kind, distance."""

    days: int = 0
    overlap: int = 0
    samehome: int = 0
    exp: int = 0
    women: int = 0
    kind: int = 0
    dist: int = 0

    def weighed(self, weights: Weights) -> int:
        """Give the cost, as the format counts it."""
        return sum(getattr(self, name) * getattr(weights, name) for name in PARTS)


PARTS = tuple(f.name for f in fields(Parts))


def demands_of(team: Team) -> list[Demand]:
    """List what `team` must have, roles first."""
    return [
        Demand("leader", 1),
        Demand("deputy", 1),
        *(Demand("skill", need, skill) for skill, need in sorted(team.need.items())),
        Demand("full_time", team.min_full),
        Demand("women", team.min_women),
        Demand("men", team.min_men),
        Demand("experienced", team.min_exp),
        Demand("size", team.size),
    ]


def composed_of(team: int, people: Mapping[int, TeamRole]) -> Composed:
    """Give a team as the planner has it; -1 where there is no leader or no deputy."""
    holders = {role: person for person, role in reversed(list(people.items()))}
    return Composed(
        team,
        holders.get(TeamRole.LEADER, -1),
        holders.get(TeamRole.DEPUTY, -1),
        tuple(sorted(people)),
    )


def cost_of(problem: TeamsProblem, seats: Seats) -> int:
    """Say what the teams weigh together."""
    return sum(
        parts_of(problem, team, seats[team.id]).weighed(problem.weights)
        for team in problem.teams
        if team.id in seats
    )


def unmet_of(problem: TeamsProblem, seats: Seats) -> dict[int, list[Reason]]:
    """Say what each team lacks; every team is a key."""
    return {
        team.id: [
            unmet(demand, count)
            for demand in demands_of(team)
            if (count := have(problem, seats.get(team.id, {}), demand)) < demand.need
        ]
        for team in problem.teams
    }


def free_people(problem: TeamsProblem, seats: Seats) -> list[Person]:
    """Give those who can be had and are on none of these teams, in the order of the register."""
    seated = {person for people in seats.values() for person in people}
    return [p for p in problem.people if p.id in problem.available and p.id not in seated]


def may_sit(problem: TeamsProblem, person: Person, team: Team) -> bool:
    """Say whether nothing keeps `person` off `team`."""
    barred = (team.id, person.id) in problem.barred
    return not barred and conflict_of(problem, person, team) is None


def why_here(problem: TeamsProblem, seats: Seats, team: Team, person: int) -> list[Reason]:
    """Say what `team` needs `person` for: each demand that would not be met without them, with
    the number of others who are free for it. If there is none, that they fill the team."""
    people = seats[team.id]
    one, role = problem.person[person], people[person]
    others = [
        p for p in free_people(problem, seats) if may_sit(problem, p, team) and p.id != person
    ]
    found = []
    for demand in demands_of(team):
        if demand.code == "size" or not demand.is_met_by(one, role):
            continue
        if have(problem, people, demand) <= demand.need:
            free = sum(demand.is_met_by(p, role) for p in others)
            found.append(_needed(demand, free))
    return found or [reason("fills_team", need=team.size, free=len(others))]


def parts_of(
    problem: TeamsProblem,
    team: Team,
    people: Mapping[int, TeamRole],
    *,
    target: int | None = None,
) -> Parts:
    """Say what a team weighs, fact by fact; weighed, it is what the judge counts.

    Args:
        target: experience_target of the problem, where it is known already.
    """
    members = [problem.person[person] for person in people]
    leader = problem.person.get(composed_of(team.id, people).leader)
    kinds = {problem.places[unit].kind for unit in team.units}
    aimed = experience_target(problem) if target is None else target
    off = abs(sum(p.exp for p in members) - aimed)
    return Parts(
        days=sum(p.days_year for p in members),
        overlap=_repeats(p.prev_team for p in members),
        samehome=_repeats(p.home for p in members),
        exp=max(0, off - EXPERIENCE_BAND),
        women=max(0, LEAST_WOMEN - sum(p.female for p in members)),
        kind=int(leader is not None and leader.prev_kind in kinds),
        dist=sum(distance(problem, p, team) for p in members),
    )


def have(problem: TeamsProblem, people: Mapping[int, TeamRole], demand: Demand) -> int:
    """Count who of these people meets `demand`."""
    return sum(demand.is_met_by(problem.person[key], role) for key, role in people.items())


def _needed(demand: Demand, free: int) -> Reason:
    code = f"needed_{demand.code}"
    if demand.skill:
        return reason(code, skill=demand.skill, need=demand.need, free=free)
    return reason(code, need=demand.need, free=free)


def unmet(demand: Demand, count: int) -> Reason:
    """Say that `demand` is met by `count` people only."""
    code = f"unmet_{demand.code}"
    if demand.skill:
        return reason(code, skill=demand.skill, need=demand.need, have=count)
    return reason(code, need=demand.need, have=count)


def _repeats(keys: Iterable[int | None]) -> int:
    counted = Counter(key for key in keys if key is not None)
    return sum(times - 1 for times in counted.values())


def with_roles(
    problem: TeamsProblem,
    composed: Sequence[Composed],
    *,
    kept: Mapping[int, tuple[int, TeamRole]],
    liaison_skills: Sequence[str],
) -> dict[int, dict[int, TeamRole]]:
    """Give the planner's teams their roles: leader, deputy, liaison, members, in this order.

    Whoever the office keeps keeps their role too, where the team has one to give. The liaison is
    a newcomer who works full-time and has the first of `liaison_skills`, or as near as any.
    """
    seats: dict[int, dict[int, TeamRole]] = {}
    for team in composed:
        roles = dict.fromkeys(team.members, TeamRole.MEMBER)
        own = {p: role for p, (here, role) in kept.items() if here == team.id and p in roles}
        roles |= own
        _head(roles, TeamRole.LEADER, [team.leader, team.deputy], problem)
        _head(roles, TeamRole.DEPUTY, [team.deputy, team.leader], problem)
        further = [p for p, role in roles.items() if role == TeamRole.MEMBER]
        fit = [problem.person[person] for person in further]
        fit.sort(key=lambda p: (p.id in kept, not p.full, _rank(p, liaison_skills), p.id))
        if TeamRole.LIAISON not in roles.values() and fit:
            roles[fit[0].id] = TeamRole.LIAISON
        order = list(TeamRole)
        seats[team.id] = dict(sorted(roles.items(), key=lambda pair: (order.index(pair[1]), pair)))
    return seats


_LEAST_RANKS = {TeamRole.LEADER: LEADER_RANK, TeamRole.DEPUTY: DEPUTY_RANK}


def _head(
    roles: dict[int, TeamRole], role: TeamRole, wanted: Sequence[int], problem: TeamsProblem
) -> None:
    """Give a team its leader or deputy, if it has none: whom the planner wants, else a member of
    the grade for it; a liaison only where no plain member is left."""
    if role in roles.values():
        return
    fit = [p for p in roles if problem.person[p].rank >= _LEAST_RANKS[role]]
    for free in (TeamRole.MEMBER, TeamRole.LIAISON):
        for person in [*wanted, *fit]:
            if roles.get(person) == free:
                roles[person] = role
                return


def _rank(person: Person, skills: Sequence[str]) -> int:
    return next((rank for rank, skill in enumerate(skills) if skill in person.skills), len(skills))
