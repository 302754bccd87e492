"""What changes at once if one person takes the place of another on a team."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from tanzhao.engines.planner.reasons import Reason, reason
from tanzhao.engines.planner.teams.checking import experience_target
from tanzhao.engines.planner.teams.problem import TeamsProblem
from tanzhao.inspections.planning.seating import (
    Demand,
    Parts,
    Seats,
    demands_of,
    free_people,
    have,
    may_sit,
    parts_of,
    unmet,
)


@dataclass(frozen=True)
class Swap:
    """What happens if `into` takes the place of `out` in `team`.

    `lost`, `gained`: demands that are no longer met, or met at last. `cost`: by which the teams
    weigh more (less if negative), made up of `difference`.
    """

    team: int
    out: int
    into: int
    lost: tuple[Reason, ...]
    gained: tuple[Reason, ...]
    difference: Parts
    cost: int

    @property
    def order(self) -> tuple[int, int, int, int, int, int]:
        """First who has the grade for the role, then who keeps most demands, then by what the
        change weighs, then by register."""
        return (*_gravity(self.lost), self.cost, self.team, self.into, self.out)


def _gravity(lost: Sequence[Reason]) -> tuple[int, int]:
    """Say how much is lost: heads of the team first, then how many demands."""
    return sum(one.code in {"unmet_leader", "unmet_deputy"} for one in lost), len(lost)


@dataclass(frozen=True)
class _Before:
    """A team as it is: each demand with how many meet it, and what the team weighs."""

    demands: tuple[tuple[Demand, int], ...]
    parts: Parts


class Swaps:
    """Every change of one place of these teams. What they are now is worked out once."""

    def __init__(self, problem: TeamsProblem, seats: Seats) -> None:
        self._problem, self._seats = problem, seats
        self._target = experience_target(problem)
        self._lent = Counter(
            problem.person[person].home for people in seats.values() for person in people
        )
        self._before = {
            team.id: _Before(
                tuple(
                    (demand, have(problem, seats[team.id], demand)) for demand in demands_of(team)
                ),
                parts_of(problem, team, seats[team.id], target=self._target),
            )
            for team in problem.teams
            if team.id in seats
        }

    def swap(self, *, team: int, out: int, into: int) -> Swap:
        """Say what happens if `into`, who is on none of the teams, takes the place of `out`."""
        return self._weighed(team, out, into, *self._changed(team, out, into))

    def _changed(self, team: int, out: int, into: int) -> tuple[list[Reason], list[Reason]]:
        """Give the demands that are no longer met, and those that are met at last."""
        role = self._seats[team][out]
        leaving, coming = self._problem.person[out], self._problem.person[into]
        lost, gained = [], []
        for demand, had in self._before[team].demands:
            now = had - demand.is_met_by(leaving, role) + demand.is_met_by(coming, role)
            if now < min(had, demand.need):
                lost.append(unmet(demand, now))
            elif had < min(now, demand.need):
                gained.append(unmet(demand, now))
        lost += self._lent_too_many(out=out, into=into)
        return lost, gained

    def _weighed(
        self, team: int, out: int, into: int, lost: list[Reason], gained: list[Reason]
    ) -> Swap:
        problem = self._problem
        people = {into if key == out else key: own for key, own in self._seats[team].items()}
        after = parts_of(problem, problem.team[team], people, target=self._target)
        difference = after - self._before[team].parts
        return Swap(
            team=team,
            out=out,
            into=into,
            lost=tuple(lost),
            gained=tuple(gained),
            difference=difference,
            cost=difference.weighed(problem.weights),
        )

    def candidates(self, *, team: int, out: int) -> list[Swap]:
        """Say of everybody who is free for the place of `out` what would change, in the order of
        Swap.order."""
        here = self._problem.team[team]
        found = [
            self.swap(team=team, out=out, into=person.id)
            for person in free_people(self._problem, self._seats)
            if person.id != out and may_sit(self._problem, person, here)
        ]
        return sorted(found, key=lambda one: one.order)

    def nearest_place(self, person: int, *, kept: Collection[int] = ()) -> Swap | None:
        """Find the place that `person` could take with the least consequences; None if recusal
        keeps them off every team. Nobody whom the office keeps makes way."""
        best: Swap | None = None
        for team in self._problem.teams:
            if not may_sit(self._problem, self._problem.person[person], team):
                continue
            for out in self._seats.get(team.id, {}):
                if out in kept:
                    continue
                lost, gained = self._changed(team.id, out, person)
                # What is worse in demands is not weighed: there are very many places.
                if best is not None and _gravity(lost) > best.order[:2]:
                    continue
                one = self._weighed(team.id, out, person, lost, gained)
                best = one if best is None or one.order < best.order else best
        return best

    def _lent_too_many(self, *, out: int, into: int) -> Iterator[Reason]:
        home = self._problem.person[into].home
        if home is None or home not in self._problem.lend:
            return
        if home == self._problem.person[out].home:
            return
        lent, most = self._lent[home] + 1, self._problem.lend[home]
        if lent > most:
            yield reason("unmet_lending", unit=home, need=most, have=lent)
