"""What a team adds up to, so that a change of one place is weighed without adding it up anew.

A list of everybody who could be on a team, with the place where each would change least, weighs
tens of thousands of such changes: seating.parts_of is right for each of them, and too slow.
"""

from collections import Counter

from tanzhao.engines.planner.teams.checking import distance
from tanzhao.engines.planner.teams.problem import Person, Team, TeamsProblem
from tanzhao.inspections.planning.seating import (
    EXPERIENCE_BAND,
    LEAST_WOMEN,
    Parts,
    Seats,
    composed_of,
)


class Tally:
    """The sums of one team as it is."""

    def __init__(self, problem: TeamsProblem, team: Team, seats: Seats, *, target: int) -> None:
        people = seats[team.id]
        members = [problem.person[person] for person in people]
        self._problem, self._team, self._target = problem, team, target
        self._kinds = {problem.places[unit].kind for unit in team.units}
        self._leader = composed_of(team.id, people).leader
        self._experience = sum(p.exp for p in members)
        self._women = sum(p.female for p in members)
        self._former = Counter(p.prev_team for p in members)
        self._homes = Counter(p.home for p in members)
        self._distance: dict[int, int] = {}

    def difference(self, out: int, into: int) -> Parts:
        """Say by what the team weighs differently if `into` takes the place of `out`; the same as
        seating.parts_of counts, after less before."""
        leaving, coming = self._problem.person[out], self._problem.person[into]
        return Parts(
            days=coming.days_year - leaving.days_year,
            overlap=_repeats_more(self._former, leaving.prev_team, coming.prev_team),
            samehome=_repeats_more(self._homes, leaving.home, coming.home),
            exp=self._off(coming.exp - leaving.exp) - self._off(0),
            women=self._lacking(coming.female - leaving.female) - self._lacking(0),
            kind=self._led(coming) - self._led(leaving) if out == self._leader else 0,
            dist=self._far(coming) - self._far(leaving),
        )

    def _off(self, more: int) -> int:
        return max(0, abs(self._experience + more - self._target) - EXPERIENCE_BAND)

    def _lacking(self, more: int) -> int:
        return max(0, LEAST_WOMEN - self._women - more)

    def _led(self, person: Person) -> int:
        return int(person.prev_kind in self._kinds)

    def _far(self, person: Person) -> int:
        if person.id not in self._distance:
            self._distance[person.id] = distance(self._problem, person, self._team)
        return self._distance[person.id]


def _repeats_more(counts: Counter[int | None], gone: int | None, come: int | None) -> int:
    """Say how many more of a team share a key; None is shared by nobody."""
    if gone == come:
        return 0
    more = 0
    if gone is not None and counts[gone] > 1:
        more -= 1
    if come is not None and counts[come] > 0:
        more += 1
    return more
