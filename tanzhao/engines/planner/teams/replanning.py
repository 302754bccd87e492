"""Changing teams as little as life forces: fewest changed seats first, cost second.

A seat is changed if somebody sits on a team who did not before; somebody who moves from one team
to another changes a seat of both. First only the teams are opened whose seats must change, and
whoever may stay does; if no more seats change there than must, no plan changes fewer. Only
otherwise all teams are opened, for a chain through others or a proof that there is none.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from tanzhao.engines.planner.reasons import Reason, reason
from tanzhao.engines.planner.search import Limit, OnProgress
from tanzhao.engines.planner.teams.changes import TeamsChange, applied
from tanzhao.engines.planner.teams.checking import broken_rules, conflict_of, cost_of
from tanzhao.engines.planner.teams.codes import Code
from tanzhao.engines.planner.teams.conflicting import conflict_in
from tanzhao.engines.planner.teams.facts import Facts, composed_of
from tanzhao.engines.planner.teams.problem import Composed, Team, TeamsPlan, TeamsProblem
from tanzhao.engines.planner.teams.reseating import Reseated, reseat
from tanzhao.engines.planner.teams.watch import Watch

__all__ = ["SeatChange", "TeamsChange", "TeamsReplan", "replan"]


@dataclass(frozen=True, slots=True)
class SeatChange:
    """Who leaves a seat of a team and who comes; None if the seat was, or stays, vacant."""

    team: int
    out: int | None
    into: int | None
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class TeamsReplan:
    """Teams after changes.

    Attributes:
        plan: of the changed problem. Its `bound` counts plans with any number of changed seats.
        problem: the problem after the changes.
        changed: seats with somebody else than before.
        fewest: proven: no plan that breaks no rule changes fewer seats.
        least_cost: proven: none that changes as few seats as this one costs less.
    """

    plan: TeamsPlan
    problem: TeamsProblem
    changed: tuple[SeatChange, ...]
    fewest: int
    least_cost: int


def replan(
    problem: TeamsProblem,
    plan: TeamsPlan,
    changes: Sequence[TeamsChange],
    *,
    limit: Limit | None = None,
    seed: int = 0,
    on_progress: OnProgress | None = None,
) -> TeamsReplan:
    """Change the teams of `plan` as little as `changes` force.

    Leaders and deputies stay what they are where the rules let them, even if another would cost
    less. If no plan keeps every rule, the nearest one is given, with `breaks` and `conflict`.
    Raises: UnknownHere, where a change names what the problem does not have.
    """
    watch = Watch(limit, on_progress)
    changed = applied(problem, changes)
    facts = Facts(changed)
    before = {team.id: team for team in plan.teams if team.id in changed.team}
    stay = {team.id: _staying(facts, team, before.get(team.id)) for team in changed.teams}
    forced = {team.id: _forced(facts, team, stay[team.id]) for team in changed.teams}
    scope = _touched(facts, stay, forced, before)

    search = _Search(facts, before, scope, sum(forced.values()), watch, seed)
    found, fewest = search.run()
    return _replanned(facts, found, before, fewest, watch)


class _Search:
    """Opens the teams that must change, then one more team, then all.

    A plan that changes `least` seats, those that every plan changes, changes none of another
    team; a plan that changes one seat more opens one other team at most. So looking at each other
    team in turn misses no such plan.
    """

    def __init__(
        self,
        facts: Facts,
        before: Mapping[int, Composed],
        scope: Sequence[Team],
        least: int,
        watch: Watch,
        seed: int,
    ) -> None:
        self._facts, self._before, self._scope = facts, before, scope
        self._least, self._watch, self._seed = least, watch, seed
        teams = facts.problem.teams
        self._others = [team for team in teams if team not in scope]

    def run(self) -> tuple[Reseated, int]:
        """The best teams found, and how many seats change at least."""
        found = self._opened(self._scope)
        if not self._others:
            return found, max(self._least, found.fewest)
        if not found.missing and found.changes == self._least:
            return found, self._least
        fewest = self._least + 1 if found.is_proven else self._least
        if self._pins_can_hold():
            through = self._through_one_other(found)
            if not through.missing:
                return through, min(fewest, through.changes)
        wide = self._opened(self._facts.problem.teams)
        if _order(found) < _order(wide):
            wide = replace(found, least_cost=wide.least_cost)
        return wide, max(fewest, wide.fewest)

    def _through_one_other(self, found: Reseated) -> Reseated:
        most = self._least + 1
        options = [found] if not found.missing and found.changes == most else []
        for team in self._others:
            if self._watch.is_over():
                break
            options.append(self._opened([*self._scope, team], at_most=most))
        best = min(options, key=_order, default=found)
        if len(options) < len(self._others):
            return replace(best, least_cost=0)
        return replace(best, least_cost=min(option.least_cost for option in options))

    def _pins_can_hold(self) -> bool:
        pins = self._facts.problem.pinned
        return all(pin.person in self._facts.eligible[pin.team] for pin in pins)

    def _opened(self, teams: Sequence[Team], *, at_most: int | None = None) -> Reseated:
        opened = {team.id for team in teams}
        closed = [
            composed_of(self._facts, self._facts.problem.team[key], team.members, team)
            for key, team in sorted(self._before.items())
            if key not in opened
        ]
        return reseat(
            self._facts,
            sorted(teams, key=lambda team: team.id),
            self._before,
            closed,
            watch=self._watch,
            seed=self._seed,
            at_most=at_most,
        )


def _order(found: Reseated) -> tuple[int, int, int]:
    return found.missing, found.changes, found.cost


def _staying(facts: Facts, team: Team, before: Composed | None) -> frozenset[int]:
    """Those who were on the team and still may be."""
    eligible = facts.eligible[team.id]
    return frozenset(one for one in (before.members if before else ()) if one in eligible)


def _forced(facts: Facts, team: Team, stay: frozenset[int]) -> int:
    """How many seats of a team change in every plan: vacant ones, or those for whom is pinned."""
    coming = {pin.person for pin in facts.problem.pinned if pin.team == team.id} - stay
    elsewhere = {pin.person for pin in facts.problem.pinned if pin.team != team.id}
    return max(team.size - len(stay - elsewhere), len(coming))


def _touched(
    facts: Facts,
    stay: Mapping[int, frozenset[int]],
    forced: Mapping[int, int],
    before: Mapping[int, Composed],
) -> list[Team]:
    """The teams of which a seat must change, or that would break a rule as they are."""
    kept = [
        composed_of(facts, team, stay[team.id], before.get(team.id)) for team in facts.problem.teams
    ]
    touched = {team for team, seats in forced.items() if seats}
    lenders = set()
    for broken in broken_rules(facts.problem, kept):
        values = dict(broken.values)
        if "team" in values:
            touched.add(int(values["team"]))
        elif broken.code == Code.LENDS_TOO_MANY:
            lenders.add(values["unit"])
    for team in kept:
        homes = {facts.problem.person[one].home for one in team.members}
        if homes & lenders:
            touched.add(team.id)
    return [team for team in facts.problem.teams if team.id in touched]


def _replanned(
    facts: Facts, found: Reseated, before: Mapping[int, Composed], fewest: int, watch: Watch
) -> TeamsReplan:
    problem = facts.problem
    breaks = tuple(broken_rules(problem, found.teams))
    conflict = conflict_in(facts, watch) if breaks else ()
    cost = cost_of(problem, found.teams)
    watch.tell(None if breaks else cost, 0)
    plan = TeamsPlan(
        teams=found.teams,
        cost=cost,
        bound=0 if conflict else min(cost, _cheapest_seats(facts)),
        conflict=conflict,
        breaks=breaks,
        seconds=watch.seconds,
        steps=watch.steps,
    )
    return TeamsReplan(
        plan=plan,
        problem=problem,
        changed=tuple(_changed_seats(facts, found.teams, before)),
        fewest=0 if conflict else min(fewest, found.changes),
        least_cost=0 if conflict else min(cost, found.least_cost),
    )


def _cheapest_seats(facts: Facts) -> int:
    """No plan costs less than its seats would, each given to the cheapest who may sit anywhere."""
    least: dict[int, int] = {}
    for team in facts.problem.teams:
        for one, cost in facts.eligible[team.id].items():
            least[one] = min(cost, least.get(one, cost))
    seats = sum(team.size for team in facts.problem.teams)
    return sum(sorted(least.values())[:seats])


def _changed_seats(
    facts: Facts, teams: Iterable[Composed], before: Mapping[int, Composed]
) -> Iterable[SeatChange]:
    seat_of = {one: team.id for team in teams for one in team.members}
    for team in teams:
        was = before.get(team.id) or replace(team, leader=-1, deputy=-1, members=())
        out = _by_role(was, set(was.members) - set(team.members))
        into = _by_role(team, set(team.members) - set(was.members))
        for index in range(max(len(out), len(into))):
            leaves = out[index] if index < len(out) else None
            comes = into[index] if index < len(into) else None
            why = _why_changed(facts, team.id, leaves, comes, seat_of)
            yield SeatChange(team.id, leaves, comes, tuple(why))


def _by_role(team: Composed, people: Iterable[int]) -> list[int]:
    return sorted(people, key=lambda one: (one != team.leader, one != team.deputy, one))


def _why_changed(
    facts: Facts,
    team: int,
    leaves: int | None,
    comes: int | None,
    seat_of: Mapping[int, int],
) -> Iterable[Reason]:
    problem = facts.problem
    if leaves is None:
        yield reason(Code.SEAT_VACANT, team=team)
    else:
        yield from _why_leaving(facts, team, leaves, seat_of)
    for pin in problem.pinned:
        if pin.team == team and pin.person == comes:
            yield reason(Code.PINNED_TO_TEAM, team=team, person=comes, role=pin.role.value)


def _why_leaving(
    facts: Facts, team: int, leaves: int, seat_of: Mapping[int, int]
) -> Iterable[Reason]:
    problem = facts.problem
    if leaves not in problem.available:
        yield reason(Code.NOT_AVAILABLE, person=leaves)
    elif conflict := conflict_of(problem, problem.person[leaves], problem.team[team]):
        yield conflict
    elif (team, leaves) in problem.barred:
        yield reason(Code.BARRED_FROM_TEAM, team=team, person=leaves)
    elif leaves in seat_of:
        yield reason(Code.MOVED_TO_TEAM, person=leaves, team=team, other_team=seat_of[leaves])
    elif over := _over_limit(facts, leaves, seat_of):
        yield over
    else:
        yield reason(Code.MAKES_ROOM, team=team, person=leaves)


def _over_limit(facts: Facts, leaves: int, seat_of: Mapping[int, int]) -> Reason | None:
    """The lending limit that somebody who left would have broken by staying."""
    home = facts.problem.person[leaves].home
    if home is None:
        return None
    lent = Counter(facts.problem.person[one].home for one in seat_of)[home] + 1
    most = facts.lends_at_most(home)
    if lent <= most:
        return None
    return reason(Code.LENDS_TOO_MANY, unit=home, have=most, need=lent)
