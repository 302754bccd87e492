"""Teams of a round made up from a seed, around a plan that keeps every rule.

The people who make the rules bite (leaders, women, skilled, experienced) carry more days of this
year than the others, so that teams composed by cost alone break the rules; recusals strike people
everywhere but in the seat that the planted plan gives them.
"""

import random
from collections import Counter
from dataclasses import dataclass, replace

from tanzhao.engines.planner.teams.problem import (
    Composed,
    Person,
    Place,
    Team,
    TeamsProblem,
    Weights,
)

_KINDS = ("dept", "dept", "town", "village", "firm", "inst")
_SKILLS = ("discipline", "organisation", "finance", "audit", "law", "engineering", "it")
_AREAS_OF_COUNTY = 4


@dataclass(frozen=True)
class Shape:
    """How large a round is, and how tight.

    Attributes:
        teams, counties: how many. sizes: members of a team, one drawn for each.
        spare: people available beyond the seats, as a share of the seats.
        absent: people who are not available, as a share of the seats.
        recusals: former workplaces and kin of a person, most of each.
        slack: how many more people a unit lends at most than the planted plan takes from it.
    """

    teams: int
    counties: int = 1
    sizes: tuple[int, ...] = (8,)
    spare: float = 0.17
    absent: float = 0.15
    recusals: int = 2
    slack: int = 0
    cross: float = 0.0


COUNTY = Shape(teams=6)
PREFECTURE = Shape(teams=36, counties=9, cross=0.3)
PROVINCE = Shape(teams=80, counties=20, cross=0.3)
TINY = Shape(teams=2, sizes=(3, 4), spare=0.6, absent=0.2)


@dataclass(frozen=True)
class Planted:
    """A round, and teams for it that keep every rule."""

    problem: TeamsProblem
    teams: tuple[Composed, ...]


def planted(shape: Shape, seed: int) -> Planted:
    """Make a round and the plan it was made around. The same seed gives the same round."""
    return _Maker(shape, random.Random(f"teams-{shape}-{seed}")).make()


class _Maker:
    def __init__(self, shape: Shape, rng: random.Random) -> None:
        self.shape, self.rng = shape, rng
        self.places: dict[int, Place] = {}
        self.people: list[Person] = []

    def make(self) -> Planted:
        shape, rng = self.shape, self.rng
        for unit in range(shape.teams * 12):
            area = rng.randrange(shape.counties * _AREAS_OF_COUNTY)
            self.places[unit] = Place(unit, rng.choice(_KINDS), area, area // _AREAS_OF_COUNTY)
        inspected = rng.sample(sorted(self.places), shape.teams * 2)
        teams, composed = [], []
        for number in range(shape.teams):
            units = tuple(inspected[2 * number : 2 * number + rng.choice((1, 2))])
            team = self._team(number, units)
            members = self._members(team)
            teams.append(self._asking(team, members))
            ids = tuple(sorted(person.id for person in members))
            composed.append(Composed(number, members[0].id, members[1].id, ids))
        seats = len(self.people)
        self._add_people(round(seats * shape.spare), days=(0, 100))
        available = frozenset(person.id for person in self.people)
        self._add_people(round(seats * shape.absent), days=(0, 40))
        taken = Counter(person.home for person in self.people[:seats])
        lend = {
            home: max(1, taken[home] + rng.randint(0, shape.slack))
            for home in sorted({p.home for p in self.people if p.home is not None})
        }
        self._recuse(teams, seats)
        self._remember_last_round(teams, seats)
        problem = TeamsProblem(
            teams=tuple(teams),
            people=tuple(self.people),
            available=available,
            lend=lend,
            places=self.places,
            recuse_years=5,
            weights=Weights(),
        )
        return Planted(problem, tuple(composed))

    def _team(self, number: int, units: tuple[int, ...]) -> Team:
        county = self.places[units[0]].county
        return Team(
            id=number,
            units=units,
            size=self.rng.choice(self.shape.sizes),
            county=county,
            cross=self.shape.counties > 2 and self.rng.random() < self.shape.cross,
        )

    def _person(self, *, days: tuple[int, int], rank: int | None = None) -> Person:
        rng = self.rng
        area = rng.randrange(self.shape.counties * _AREAS_OF_COUNTY)
        full = rng.random() < 0.35
        person = Person(
            id=len(self.people),
            full=full,
            home=None if full else rng.choice(sorted(self.places)),
            county=area // _AREAS_OF_COUNTY,
            female=rng.random() < 0.42,
            rank=rank or rng.choices((1, 2, 3, 4), (42, 26, 17, 15))[0],
            skills=frozenset(rng.sample(_SKILLS, rng.choice((0, 1, 1, 2, 2)))),
            exp=rng.choice((0, 0, 1, 1, 2, 2, 3, 4)),
            native=area if rng.random() < 0.8 else None,
            rounds_year=rng.randrange(3),
        )
        return replace(person, days_year=rng.randint(*days) + _sought_after(person, rng))

    def _add_people(self, many: int, *, days: tuple[int, int]) -> None:
        for _ in range(many):
            self.people.append(self._person(days=days))

    def _members(self, team: Team) -> list[Person]:
        """Draw people for the seats of `team`, the leader first, the deputy second."""
        members: list[Person] = []
        here = {self.places[unit].county for unit in team.units}
        while len(members) < team.size:
            rank = {0: 4, 1: 3}.get(len(members))
            person = self._person(days=(0, 60), rank=rank)
            if person.home in team.units:
                person = replace(person, home=None, full=True)
            if team.cross and person.county in here:
                county = (person.county + 1) % self.shape.counties
                while county in here:
                    county = (county + 1) % self.shape.counties
                person = replace(person, county=county)
            if person.native in {self.places[unit].area for unit in team.units}:
                person = replace(person, native=None)
            members.append(person)
            self.people.append(person)
        return members

    def _asking(self, team: Team, members: list[Person]) -> Team:
        """Ask of `team` no more than its planted members can give."""
        rng = self.rng
        skills = Counter(skill for person in members for skill in person.skills)
        asked = rng.sample(sorted(skills), min(len(skills), rng.choice((2, 3, 4))))
        women = sum(person.female for person in members)
        full = sum(person.full for person in members)
        experienced = sum(person.exp >= 2 for person in members)
        return replace(
            team,
            need={skill: rng.randint(1, min(2, skills[skill])) for skill in asked},
            min_full=min(full, rng.choice((1, 2, 3))),
            min_women=min(women, rng.choice((1, 2, 3))),
            min_men=min(team.size - women, rng.choice((1, 2))),
            min_exp=min(experienced, rng.choice((1, 2, 3))),
        )

    def _recuse(self, teams: list[Team], seats: int) -> None:
        """Give people former workplaces and kin, but none that bars a planted seat."""
        rng, most = self.rng, self.shape.recusals
        seat_of = self._seat_units(teams)
        every = sorted(unit for team in teams for unit in team.units)
        for index, person in enumerate(self.people):
            free = [unit for unit in every if index >= seats or unit not in seat_of[index]]
            past = tuple(
                (rng.choice(free), rng.randint(1, 7))
                for _ in range(rng.randint(0, most) if free else 0)
            )
            kin = rng.sample(free, min(len(free), rng.randint(0, most)))
            self.people[index] = replace(person, past=past, relatives=frozenset(kin))

    def _remember_last_round(self, teams: list[Team], seats: int) -> None:
        """Put half of the people on teams of the last round, with the units these inspected."""
        rng = self.rng
        seat_of = self._seat_units(teams)
        every = sorted(unit for team in teams for unit in team.units)
        before = max(2, len(teams) * 3 // 4)
        inspected = [frozenset(rng.sample(every, min(len(every), 2))) for _ in range(before)]
        for index, person in enumerate(self.people):
            if rng.random() < 0.5:
                continue
            team = rng.randrange(before)
            units = inspected[team] - (seat_of[index] if index < seats else frozenset())
            kind = rng.choice(_KINDS) if person.rank >= 4 and rng.random() < 0.6 else None
            self.people[index] = replace(person, prev_team=team, prev_units=units, prev_kind=kind)

    def _seat_units(self, teams: list[Team]) -> list[frozenset[int]]:
        return [frozenset(team.units) for team in teams for _ in range(team.size)]


def _sought_after(person: Person, rng: random.Random) -> int:
    facts = (person.rank >= 3, person.female, person.full, person.exp >= 2, len(person.skills) > 1)
    return sum(rng.randint(0, 12) for fact in facts if fact)
