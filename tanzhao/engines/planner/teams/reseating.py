"""Filling the seats of some teams anew: fewest newcomers first, then least cost, both proven."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass

from tanzhao.engines.planner.teams.checking import cost_of
from tanzhao.engines.planner.teams.facts import Facts, composed_of
from tanzhao.engines.planner.teams.improving import missing_in
from tanzhao.engines.planner.teams.problem import Composed, Team
from tanzhao.engines.planner.teams.program import INFINITE, Values, solve_whole
from tanzhao.engines.planner.teams.seating import Seating, add_crowds, seating_of
from tanzhao.engines.planner.teams.watch import Watch, whole_bound

_NODES = 400


@dataclass(frozen=True)
class Reseated:
    """All teams of the round after some were filled anew.

    Attributes:
        missing: people missing of demands. changes: newcomers of the teams filled anew.
        fewest: proven: no filling of those teams has fewer newcomers.
        is_proven: no filling of those teams has less missing, or as little with fewer newcomers.
        cost: of all teams.
        least_cost: proven: no filling with as few newcomers that misses nothing costs less.
    """

    teams: tuple[Composed, ...]
    missing: int
    changes: int
    fewest: int
    is_proven: bool
    cost: int
    least_cost: int


def reseat(
    facts: Facts,
    opened: Sequence[Team],
    before: Mapping[int, Composed],
    closed: Sequence[Composed],
    *,
    watch: Watch,
    seed: int,
    at_most: int | None = None,
) -> Reseated:
    """Fill the seats of `opened` from their members `before` and from whoever is free.

    Args:
        closed: the other teams, which stay as they are.
        at_most: newcomers allowed, where fewest are not to be looked for.
    """
    if not opened:
        return _nothing_to_do(facts, closed)
    watch.steps += 1
    seated = {one for team in closed for one in team.members}
    people = {person.id for person in facts.people} - seated
    counted: _Counted | None = None
    if at_most is None:
        counted = _count(facts, opened, people, before, closed, watch, seed)
        if counted is None:
            return _as_they_stay(facts, opened, before, closed)

    costing = seating_of(facts, opened, people=people, seated=closed)
    add_crowds(costing, costing.crowds)
    newcomers = _newcomers(costing, before)
    if counted is not None:
        costing.program.row(-INFINITE, float(counted.missing), sorted(costing.missing))
        at_most = counted.newcomers
    costing.program.row(-INFINITE, float(at_most or 0), newcomers)
    _leaders_stay(costing, before)
    answer = solve_whole(costing.program, watch=watch, nodes=_NODES, seed=seed)
    # Both programs number the columns of the seats alike.
    values = answer.values if answer.values is not None or not counted else counted.values
    if values is None:
        return _as_they_stay(facts, opened, before, closed)
    made = costing.composed(values, before)
    return _read(facts, made, before, closed, counted, answer.bound)


def filled(
    facts: Facts, before: Mapping[int, Composed], *, watch: Watch, seed: int
) -> list[Composed]:
    """Change as few seats of all teams as can be, whatever it costs, so that least is missing.

    Returns: nothing, if the watch ends first.
    """
    counting = seating_of(
        facts, facts.problem.teams, people=facts.problem.available, with_costs=False
    )
    for column in _newcomers(counting, before):
        counting.program.costs[column] = 1.0
    answer = solve_whole(counting.program, watch=watch, nodes=_NODES, seed=seed)
    return [] if answer.values is None else counting.composed(answer.values)


@dataclass(frozen=True)
class _Counted:
    """Fewest newcomers with least missing; `fewest` of them are proven. `values` say who."""

    newcomers: int
    fewest: int
    missing: int
    is_proven: bool
    values: Values


def _count(
    facts: Facts,
    opened: Sequence[Team],
    people: Container[int],
    before: Mapping[int, Composed],
    closed: Sequence[Composed],
    watch: Watch,
    seed: int,
) -> _Counted | None:
    counting = seating_of(facts, opened, people=people, seated=closed, with_costs=False)
    newcomers = _newcomers(counting, before)
    for column in newcomers:
        counting.program.costs[column] = 1.0
    answer = solve_whole(counting.program, watch=watch, nodes=_NODES, seed=seed)
    if answer.values is None:
        return None
    many = round(float(answer.values[newcomers].sum()))
    missing = round(float(answer.values[sorted(counting.missing)].sum()))
    fewest = 0 if missing else min(many, whole_bound(answer.bound))
    return _Counted(many, fewest, missing, answer.is_proven, answer.values)


def _newcomers(seating: Seating, before: Mapping[int, Composed]) -> list[int]:
    return [
        column
        for (one, team), column in seating.columns.items()
        if team not in before or one not in before[team].members
    ]


def _leaders_stay(seating: Seating, before: Mapping[int, Composed]) -> None:
    """Count a leader who led the same kind last time as long as that leader stays on the team."""
    facts = seating.facts
    for team in seating.teams:
        leader = before[team.id].leader if team.id in before else -1
        column = seating.columns.get((leader, team.id))
        if column is None or not facts.may_lead(team)(facts.problem.person[leader]):
            continue
        if facts.problem.person[leader].prev_kind in facts.kinds[team.id]:
            seating.program.row(0.0, INFINITE, [seating.loners[team.id], column], [1.0, -1.0])


def _read(
    facts: Facts,
    made: Sequence[Composed],
    before: Mapping[int, Composed],
    closed: Sequence[Composed],
    counted: _Counted | None,
    bound: float,
) -> Reseated:
    teams = tuple(sorted([*made, *closed], key=lambda team: team.id))
    missing = sum(missing_in(facts, team) for team in made)
    cost = cost_of(facts.problem, teams)
    # Whoever misses nothing costs this at least, even where somebody is missing here.
    least = cost_of(facts.problem, closed) + max(0, whole_bound(bound))
    changes = _changes(made, before)
    return Reseated(
        teams=teams,
        missing=missing,
        changes=changes,
        fewest=min(counted.fewest, changes) if counted else 0,
        is_proven=counted is not None and counted.is_proven,
        cost=cost,
        least_cost=least,
    )


def _changes(teams: Sequence[Composed], before: Mapping[int, Composed]) -> int:
    return sum(
        len(set(team.members) - set(before[team.id].members if team.id in before else ()))
        for team in teams
    )


def _nothing_to_do(facts: Facts, teams: Sequence[Composed]) -> Reseated:
    cost = cost_of(facts.problem, teams)
    return Reseated(tuple(teams), 0, 0, 0, True, cost, cost)


def _as_they_stay(
    facts: Facts,
    opened: Sequence[Team],
    before: Mapping[int, Composed],
    closed: Sequence[Composed],
) -> Reseated:
    """The teams without whoever may not stay, where there was no time for more."""
    stay = [
        composed_of(
            facts,
            team,
            [one for one in before[team.id].members if one in facts.eligible[team.id]]
            if team.id in before
            else [],
            before.get(team.id),
        )
        for team in opened
    ]
    teams = tuple(sorted([*stay, *closed], key=lambda team: team.id))
    missing = sum(missing_in(facts, team) for team in stay)
    cost = cost_of(facts.problem, teams)
    return Reseated(teams, missing, 0, 0, False, cost, 0)
