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
    unmet,
)
from tanzhao.inspections.planning.tallies import Tally


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
    if not lost:
        return 0, 0
    return sum(one.code in {"unmet_leader", "unmet_deputy"} for one in lost), len(lost)


class Swaps:
    """Every change of one place of these teams. What they are now is worked out once."""

    def __init__(self, problem: TeamsProblem, seats: Seats) -> None:
        self._problem, self._seats = problem, seats
        self._lent = Counter(
            problem.person[person].home for people in seats.values() for person in people
        )
        known = [team for team in problem.teams if team.id in seats]
        self._demands = {
            team.id: [
                (demand, have(problem, seats[team.id], demand)) for demand in demands_of(team)
            ]
            for team in known
        }
        target = experience_target(problem)
        self._tallies = {team.id: Tally(problem, team, seats, target=target) for team in known}
        # Demands of a team with how many meet them and how many of these stay without somebody.
        self._without: dict[tuple[int, int], list[tuple[Demand, int, int]]] = {}

    def swap(self, *, team: int, out: int, into: int) -> Swap:
        """Say what happens if `into`, who is on none of the teams, takes the place of `out`."""
        return self._weighed(team, out, into, *self._changed(team, out, into))

    def _changed(self, team: int, out: int, into: int) -> tuple[list[Reason], list[Reason]]:
        """Give the demands that are no longer met, and those that are met at last."""
        role, coming = self._seats[team][out], self._problem.person[into]
        lost, gained = [], []
        for demand, had, stay in self._left_by(team, out):
            now = stay + demand.is_met_by(coming, role)
            if now < min(had, demand.need):
                lost.append(unmet(demand, now))
            elif had < min(now, demand.need):
                gained.append(unmet(demand, now))
        lost += self._lent_too_many(out=out, into=into)
        return lost, gained

    def _left_by(self, team: int, out: int) -> list[tuple[Demand, int, int]]:
        if (team, out) not in self._without:
            role, leaving = self._seats[team][out], self._problem.person[out]
            self._without[team, out] = [
                (demand, had, had - demand.is_met_by(leaving, role))
                for demand, had in self._demands[team]
            ]
        return self._without[team, out]

    def _weighed(
        self, team: int, out: int, into: int, lost: list[Reason], gained: list[Reason]
    ) -> Swap:
        difference = self._tallies[team].difference(out, into)
        return Swap(
            team=team,
            out=out,
            into=into,
            lost=tuple(lost),
            gained=tuple(gained),
            difference=difference,
            cost=difference.weighed(self._problem.weights),
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
        best: tuple[int, ...] = ()
        for team in self._problem.teams:
            if not may_sit(self._problem, self._problem.person[person], team):
                continue
            for out in self._seats.get(team.id, {}):
                if out in kept:
                    continue
                gravity = _gravity(self._changed(team.id, out, person)[0])
                # What is worse in demands is not weighed: there are very many places.
                if best and gravity > best[:2]:
                    continue
                cost = self._tallies[team.id].difference(out, person).weighed(self._problem.weights)
                order = (*gravity, cost, team.id, person, out)
                best = min(best, order) if best else order
        return self.swap(team=best[3], out=best[5], into=person) if best else None

    def _lent_too_many(self, *, out: int, into: int) -> Iterator[Reason]:
        home = self._problem.person[into].home
        if home is None or home not in self._problem.lend:
            return
        if home == self._problem.person[out].home:
            return
        lent, most = self._lent[home] + 1, self._problem.lend[home]
        if lent > most:
            yield reason("unmet_lending", unit=home, need=most, have=lent)
