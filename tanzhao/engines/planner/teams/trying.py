"""Replacing one person of a team, to see the consequences at once."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from tanzhao.engines.planner.reasons import Reason, reason
from tanzhao.engines.planner.teams.checking import broken_decisions, broken_in_team, cost_of_team
from tanzhao.engines.planner.teams.codes import Code
from tanzhao.engines.planner.teams.facts import Facts, composed_of
from tanzhao.engines.planner.teams.problem import Composed, TeamsProblem


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody for a seat, and what taking them would change.

    Attributes:
        person: who would come. out: who would leave the team; None if a seat is vacant.
        cost_change: of all teams together; below 0 if they would cost less.
        breaks: rules that the teams concerned would break, exclusions of the person among them;
            none if the person may be taken.
        from_team: the team they sit on now; `out` would take their seat there.
    """

    person: int
    out: int | None
    cost_change: int
    breaks: tuple[Reason, ...]
    from_team: int | None = None


def candidates(
    problem: TeamsProblem,
    teams: Sequence[Composed],
    team: int,
    seat_person: int | None = None,
) -> tuple[Candidate, ...]:
    """Everybody who is not on `team`, and what it would mean to take them.

    Args:
        seat_person: whose seat it is. If None, a vacant seat; if there is none, for each person
            the seat where taking them breaks least, then costs least.
    Returns: those who break no rule first, by cost; the excluded after them, with their reasons.
    """
    trial = Trial(problem, teams)
    here = trial.made[team]
    others = [p.id for p in problem.people if p.id not in here.members]
    if seat_person is not None:
        found = [trial.replaced(team, seat_person, one) for one in others]
    else:
        found = [trial.best_seat(team, one) for one in others]
    return tuple(sorted(found, key=order))


def order(candidate: Candidate) -> tuple[int, int, int]:
    """Fewer broken rules first, then less cost."""
    return len(candidate.breaks), candidate.cost_change, candidate.person


class Trial:
    """Teams as they are, and what becomes of them if one person is replaced."""

    def __init__(self, problem: TeamsProblem, teams: Iterable[Composed]) -> None:
        self.problem = problem
        self.made = {team.id: team for team in teams}
        self._facts = Facts(problem)
        self._person = problem.person

    @cached_property
    def seat_of(self) -> dict[int, int]:
        """Person to the team they sit on."""
        return {one: team.id for team in self.made.values() for one in team.members}

    @cached_property
    def lent(self) -> Counter[int | None]:
        """Unit to how many people it lends now."""
        return Counter(
            self._person[one].home for one in self.seat_of if self._person[one].home is not None
        )

    @cached_property
    def _cost(self) -> dict[int, int]:
        return {key: self._cost_of(team) for key, team in self.made.items()}

    def best_seat(self, team: int, comes: int) -> Candidate:
        """Take `comes` for a vacant seat, else where that breaks least, then costs least."""
        members = self.made[team].members
        if len(members) < self.problem.team[team].size:
            return self.replaced(team, None, comes)
        tried = [self.replaced(team, out, comes) for out in members]
        return min(tried, key=lambda one: (*order(one), one.out or 0))

    def replaced(self, team: int, out: int | None, comes: int) -> Candidate:
        """Take `comes` to `team`, instead of `out` if somebody leaves."""
        elsewhere = self.seat_of.get(comes)
        changed = [self._with(team, out, comes)]
        if elsewhere is not None:
            changed.append(self._with(elsewhere, comes, out))
        change = sum(self._cost_of(new) - self._cost[new.id] for new in changed)
        breaks = tuple(self._broken(changed, comes, out if elsewhere is None else comes))
        return Candidate(comes, out, change, breaks, elsewhere)

    def _with(self, team: int, out: int | None, comes: int | None) -> Composed:
        before = self.made[team]
        members = (set(before.members) - {out}) | ({comes} if comes is not None else set())
        return composed_of(
            self._facts,
            self.problem.team[team],
            [one for one in members if one is not None],
            before,
        )

    def _broken(
        self, changed: Sequence[Composed], comes: int, leaves_round: int | None
    ) -> Iterator[Reason]:
        if comes not in self.problem.available:
            yield reason(Code.NOT_AVAILABLE, person=comes)
        for team in changed:
            yield from broken_in_team(self.problem, self.problem.team[team.id], team)
        yield from broken_decisions(self.problem, {team.id: team for team in changed})
        home = self._person[comes].home
        if home is None or comes in self.seat_of:
            return
        lent = self.lent[home] + 1
        if leaves_round is not None and self._person[leaves_round].home == home:
            lent -= 1
        if lent > (most := self.problem.lend.get(home, lent)):
            yield reason(Code.LENDS_TOO_MANY, unit=home, have=most, need=lent)

    def _cost_of(self, team: Composed) -> int:
        return cost_of_team(self.problem, self.problem.team[team.id], team)
