"""The teams problem: who goes on which team of a round, under recusal and skills.

Rules and cost are those of docs/operations/planning-format.md; checking.py judges plans by them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from tanzhao.engines.planner.reasons import Reason

LEADER_RANK, DEPUTY_RANK, EXPERIENCED = 4, 3, 2


@dataclass(frozen=True, slots=True)
class Place:
    """A unit as far as teams need it. `area`: its township area; `county`: its county."""

    id: int
    kind: str
    area: int
    county: int
    system: str = ""


@dataclass(frozen=True, slots=True)
class Team:
    """A team to be composed.

    Attributes:
        units: ids of the units it inspects.
        size: members, leader and deputy among them.
        need: skill to people who have it.
        cross: nobody from a county of its units.
        min_full, min_women, min_men, min_exp: at least so many full-time inspectors, women, men,
            people with two rounds served.
    """

    id: int
    units: tuple[int, ...]
    size: int
    need: Mapping[str, int] = field(default_factory=dict)
    county: int = 0
    cross: bool = False
    min_full: int = 0
    min_women: int = 0
    min_men: int = 0
    min_exp: int = 0


@dataclass(frozen=True, slots=True)
class Person:
    """Facts of a person that rules or cost ask about; nothing else is known here.

    Attributes:
        full: full-time inspector.
        home: unit that lends the person, or None.
        rank: a leader has 4 or more, a deputy 3 or more.
        exp: rounds served.
        past: (unit, years ago) of former workplaces.
        relatives: units where kin work. native: area of the native township.
        days_year, rounds_year: load of this year.
        prev_team, prev_units, prev_kind: of the last round.
    """

    id: int
    full: bool = False
    home: int | None = None
    county: int = 0
    female: bool = False
    rank: int = 1
    skills: frozenset[str] = frozenset()
    exp: int = 0
    past: tuple[tuple[int, int], ...] = ()
    relatives: frozenset[int] = frozenset()
    native: int | None = None
    rounds_year: int = 0
    days_year: int = 0
    prev_team: int | None = None
    prev_units: frozenset[int] = frozenset()
    prev_kind: str | None = None


@dataclass(frozen=True, slots=True)
class Weights:
    """What each thing costs; see format.md."""

    days: int = 1
    overlap: int = 40
    exp: int = 15
    women: int = 20
    samehome: int = 60
    kind: int = 80
    dist: int = 6


class Role(StrEnum):
    """What somebody is on a team."""

    MEMBER = "member"
    LEADER = "leader"
    DEPUTY = "deputy"


@dataclass(frozen=True, slots=True, order=True)
class Pin:
    """A decision already made: `person` is on `team`; as a leader or deputy, if `role` says so."""

    team: int
    person: int
    role: Role = Role.MEMBER


@dataclass(frozen=True)
class TeamsProblem:
    """The teams of a round.

    Attributes:
        lend: unit to most people it lends at once.
        recuse_years: years for which a former workplace counts.
        pinned: decisions already made. barred: (team, person) decided against.
    """

    teams: tuple[Team, ...]
    people: tuple[Person, ...]
    available: frozenset[int]
    lend: Mapping[int, int]
    places: Mapping[int, Place]
    recuse_years: int
    weights: Weights
    pinned: tuple[Pin, ...] = ()
    barred: frozenset[tuple[int, int]] = frozenset()

    @cached_property
    def person(self) -> Mapping[int, Person]:
        return {person.id: person for person in self.people}

    @cached_property
    def experience_target(self) -> int:
        """Rounds served that a team of eight has on the average of those available, as the format
        fixes it for teams of every size."""
        total = sum(self.person[person].exp for person in self.available)
        return round(total / len(self.available) * 8) if self.available else 0

    @cached_property
    def team(self) -> Mapping[int, Team]:
        return {team.id: team for team in self.teams}


@dataclass(frozen=True, slots=True)
class Composed:
    """One team as proposed. `members`: sorted ids, leader and deputy among them."""

    id: int
    leader: int
    deputy: int
    members: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class TeamsPlan:
    """Teams of a round.

    Attributes:
        teams: sorted by id. They break no rule if `breaks` is empty.
        cost: as format.md counts it. bound: proven: no teams that break no rule cost less.
        conflict: the smallest set of demands found that cannot hold together.
        breaks: what the nearest plan breaks, where no plan can keep every rule.
        seconds, steps: how long it took, by the caller's stopwatch and in steps.
    """

    teams: tuple[Composed, ...]
    cost: int
    bound: int
    conflict: tuple[Reason, ...] = ()
    breaks: tuple[Reason, ...] = ()
    seconds: float = 0.0
    steps: int = 0

    @property
    def gap(self) -> float:
        """How far the cost may be from the best: (cost - bound) / bound."""
        return (self.cost - self.bound) / self.bound if self.bound > 0 else 0.0
