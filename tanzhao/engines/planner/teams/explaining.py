"""Why this person and not that one: by the rules, by the facts, and by what each would cost."""

from collections import Counter
from collections.abc import Iterable, Iterator

from tanzhao.engines.planner.reasons import Reason, reason
from tanzhao.engines.planner.teams import trying
from tanzhao.engines.planner.teams.checking import conflict_of, distance
from tanzhao.engines.planner.teams.codes import Code
from tanzhao.engines.planner.teams.facts import Facts, rank_of
from tanzhao.engines.planner.teams.problem import (
    Composed,
    Person,
    Role,
    Team,
    TeamsPlan,
    TeamsProblem,
)
from tanzhao.engines.planner.teams.trying import Candidate, Trial

__all__ = ["Candidate", "candidates", "why_not_person", "why_person"]

_GIVEN = {
    Code.LACKS_SKILL: Code.GIVES_SKILL,
    Code.FEW_FULL_TIME: Code.GIVES_FULL_TIME,
    Code.FEW_WOMEN: Code.GIVES_WOMAN,
    Code.FEW_MEN: Code.GIVES_MAN,
    Code.FEW_EXPERIENCED: Code.GIVES_EXPERIENCE,
}


def why_person(
    problem: TeamsProblem, plan: TeamsPlan, team: int, person: int
) -> tuple[Reason, ...]:
    """Say what somebody does on a team, what each fact about them costs, and what it would cost
    to do without them. Nothing if they are not on that team."""
    trial = Trial(problem, plan.teams)
    here = trial.made.get(team)
    if here is None or person not in here.members:
        return ()
    one, asking = problem.person[person], problem.team[team]
    filled = [*_roles(problem, here, person), *_demands_met(problem, asking, here, one)]
    if not filled:
        filled = [reason(Code.FILLS_SEAT, person=person, team=team)]
    costs = _costs(problem, asking, here, one)
    return (*filled, *costs, _without(trial, team, person))


def why_not_person(
    problem: TeamsProblem, plan: TeamsPlan, team: int, person: int, role: Role = Role.MEMBER
) -> tuple[Reason, ...]:
    """Say which rule, fact or cost keeps somebody off a team, or off a role on it.

    Whoever no rule excludes gets the best exchange that takes them: what it would cost or save,
    or which rule it would break.
    """
    if person not in problem.person:
        return (reason(Code.UNKNOWN_PERSON, person=person, team=team),)
    trial = Trial(problem, plan.teams)
    rank, needed = problem.person[person].rank, rank_of(role)
    excluded = list(_excluded(problem, team, person))
    if rank < needed:
        excluded.append(reason(Code.RANK_MISSING, person=person, team=team, need=needed, have=rank))
    if excluded:
        return tuple(excluded)
    if team not in trial.made:
        return (reason(Code.TEAM_MISSING, team=team),)
    if person in trial.made[team].members:
        return (reason(Code.ON_THIS_TEAM, person=person, team=team),)
    found: list[Reason] = []
    if (seat := trial.seat_of.get(person)) is not None:
        found.append(reason(Code.ON_OTHER_TEAM, person=person, team=team, other_team=seat))
    found += _lending(trial, person)
    return (*found, _taking(trial.best_seat(team, person), team))


def candidates(
    problem: TeamsProblem, plan: TeamsPlan, team: int, seat_person: int | None = None
) -> tuple[Candidate, ...]:
    """Everybody who is not on `team`, and what it would mean to take them; see `trying`."""
    return trying.candidates(problem, plan.teams, team, seat_person)


def _roles(problem: TeamsProblem, here: Composed, person: int) -> Iterator[Reason]:
    if person == here.leader:
        yield reason(Code.LEADS, person=person, team=here.id)
    if person == here.deputy:
        yield reason(Code.IS_DEPUTY, person=person, team=here.id)
    for pin in problem.pinned:
        if (pin.team, pin.person) == (here.id, person):
            yield reason(Code.PINNED_TO_TEAM, team=pin.team, person=person, role=pin.role.value)


def _demands_met(
    problem: TeamsProblem, team: Team, here: Composed, person: Person
) -> Iterator[Reason]:
    members = [problem.person[one] for one in here.members]
    for demand in Facts(problem).demands_of(team):
        if demand.code not in _GIVEN or not demand.met_by(person):
            continue
        have = sum(map(demand.met_by, members))
        named = {"skill": demand.skill} if demand.skill else {}
        yield reason(
            _GIVEN[demand.code],
            person=person.id,
            team=team.id,
            **named,
            have=have,
            need=demand.need,
        )


def _costs(problem: TeamsProblem, team: Team, here: Composed, person: Person) -> Iterator[Reason]:
    weights, at = problem.weights, {"person": person.id, "team": team.id}
    members = [problem.person[one] for one in here.members]
    if days := weights.days * person.days_year:
        yield reason(Code.COSTS_DAYS, **at, cost=days, days=person.days_year)
    if far := distance(problem, person, team):
        yield reason(Code.COSTS_DISTANCE, **at, cost=weights.dist * far, distance=far)
    kinds = {problem.places[unit].kind for unit in team.units}
    if person.id == here.leader and person.prev_kind in kinds:
        yield reason(Code.COSTS_KIND, **at, cost=weights.kind)
    if mates := _alike(person.prev_team, (one.prev_team for one in members)):
        cost = {"cost": weights.overlap, "with": mates}
        yield reason(Code.COSTS_OVERLAP, **at, **cost)
    if person.home is not None and (mates := _alike(person.home, (one.home for one in members))):
        cost = {"cost": weights.samehome, "with": mates}
        yield reason(Code.COSTS_SAMEHOME, **at, unit=person.home, **cost)


def _alike(key: int | None, keys: Iterable[int | None]) -> int:
    """How many others have the same key, where there is one."""
    return 0 if key is None else Counter(keys)[key] - 1


def _without(trial: Trial, team: int, person: int) -> Reason:
    """What it would cost at least to do without somebody: by somebody free, or by an exchange."""
    others = [one.id for one in trial.problem.people if one.id not in trial.made[team].members]
    tried = [trial.replaced(team, person, one) for one in others]
    best = min((one for one in tried if not one.breaks), key=trying.order, default=None)
    at = {"person": person, "team": team}
    if best is None:
        return reason(Code.NO_REPLACEMENT, **at)
    if best.from_team is None:
        return reason(Code.BEST_REPLACEMENT, **at, other=best.person, cost=best.cost_change)
    return reason(
        Code.BEST_EXCHANGE,
        **at,
        other=best.person,
        other_team=best.from_team,
        cost=best.cost_change,
    )


def _excluded(problem: TeamsProblem, team: int, person: int) -> Iterator[Reason]:
    if person not in problem.available:
        yield reason(Code.NOT_AVAILABLE, person=person)
    if conflict := conflict_of(problem, problem.person[person], problem.team[team]):
        yield conflict
    if (team, person) in problem.barred:
        yield reason(Code.BARRED_FROM_TEAM, team=team, person=person)


def _lending(trial: Trial, person: int) -> Iterator[Reason]:
    home = trial.problem.person[person].home
    if home is None or person in trial.seat_of:
        return
    need = trial.lent[home] + 1
    if need > (most := trial.problem.lend.get(home, need)):
        yield reason(Code.LEND_LIMIT_REACHED, person=person, unit=home, have=most, need=need)


def _taking(best: Candidate, team: int) -> Reason:
    at = {"person": best.person, "team": team}
    if best.out is not None:
        at["other"] = best.out
    if best.breaks:
        return reason(Code.WOULD_BREAK, **at, rule=best.breaks[0].code)
    if best.cost_change < 0:
        return reason(Code.WOULD_SAVE, **at, saves=-best.cost_change)
    return reason(Code.WOULD_COST, **at, cost=best.cost_change)
