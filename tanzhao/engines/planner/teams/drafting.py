"""A first plan within a moment: scarce demands first, the cheapest who meets most of them."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from tanzhao.engines.planner.teams.codes import Code
from tanzhao.engines.planner.teams.facts import Demand, Facts, composed_of
from tanzhao.engines.planner.teams.problem import Composed

# Cost that meeting another open demand of the same team is worth in a draft.
_WORTH_OF_DEMAND = 25


def draft(facts: Facts, begun: Iterable[Composed] = ()) -> list[Composed]:
    """Compose teams person by person. Demands may be missed; recusal and limits never are.

    `begun` are teams with some of their members, who stay.
    """
    return _Draft(facts, begun).composed()


class _Draft:
    def __init__(self, facts: Facts, begun: Iterable[Composed]) -> None:
        self._facts = facts
        self._members: dict[int, list[int]] = {team.id: [] for team in facts.problem.teams}
        self._free = {person.id for person in facts.people}
        self._lent: Counter[int | None] = Counter()
        for team in begun:
            for one in team.members:
                self._seat(one, team.id)
        self._meets: dict[int, list[tuple[Demand, frozenset[int]]]] = {
            team: [(demand, self._able(demand)) for demand in demands]
            for team, demands in facts.demands.items()
        }

    def composed(self) -> list[Composed]:
        for demand, able in self._in_order():
            self._meet(demand, able)
        return [
            composed_of(self._facts, team, self._members[team.id])
            for team in self._facts.problem.teams
        ]

    def _in_order(self) -> list[tuple[Demand, frozenset[int]]]:
        """Pins first, then what few people have for what is asked of them; plain seats last."""
        asked: Counter[tuple[str, str]] = Counter()
        able: Mapping[tuple[str, str], set[int]] = defaultdict(set)
        for rows in self._meets.values():
            for demand, people in rows:
                asked[demand.code, demand.skill] += demand.need
                able[demand.code, demand.skill] |= people

        def order(row: tuple[Demand, frozenset[int]]) -> tuple[bool, bool, float, int, int]:
            demand, people = row
            kind = (demand.code, demand.skill)
            return (
                demand.code is not Code.PIN_MISSED,
                demand.code is Code.WRONG_SIZE,
                len(able[kind]) / asked[kind],
                len(people),
                demand.team,
            )

        return sorted((row for rows in self._meets.values() for row in rows), key=order)

    def _meet(self, demand: Demand, able: frozenset[int]) -> None:
        members = self._members[demand.team]
        size = self._facts.problem.team[demand.team].size
        while sum(one in able for one in members) < demand.need and len(members) < size:
            ready = [one for one in able & self._free if self._may_be_lent(one)]
            if not ready:
                return
            best = min(ready, key=lambda one: (self._price(demand.team, one), one))
            self._seat(best, demand.team)

    def _seat(self, one: int, team: int) -> None:
        self._members[team].append(one)
        self._free.remove(one)
        self._lent[self._facts.problem.person[one].home] += 1

    def _price(self, team: int, one: int) -> int:
        members = self._members[team]
        open_met = sum(
            one in able and sum(member in able for member in members) < demand.need
            for demand, able in self._meets[team]
        )
        return self._facts.eligible[team][one] - _WORTH_OF_DEMAND * open_met

    def _may_be_lent(self, one: int) -> bool:
        home = self._facts.problem.person[one].home
        return home is None or self._lent[home] < self._facts.lends_at_most(home)

    def _able(self, demand: Demand) -> frozenset[int]:
        person = self._facts.problem.person
        eligible = self._facts.eligible[demand.team]
        return frozenset(one for one in eligible if demand.met_by(person[one]))
