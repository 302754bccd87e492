"""What a teams problem comes to: who may sit where, at what cost, and what each team demands."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from tanzhao.engines.planner.teams.checking import conflict_of, distance
from tanzhao.engines.planner.teams.codes import Code
from tanzhao.engines.planner.teams.problem import (
    DEPUTY_RANK,
    EXPERIENCED,
    LEADER_RANK,
    Composed,
    Person,
    Pin,
    Role,
    Team,
    TeamsProblem,
)


@dataclass(frozen=True)
class Demand:
    """At least `need` members of a team for whom `met_by` holds.

    Attributes:
        code: of the rule that is broken otherwise.
        wanted: code of this demand in a conflict. skill: where one is asked for.
        person, role: who is pinned, where the demand is a decision.
    """

    team: int
    code: Code
    wanted: Code
    need: int
    met_by: Callable[[Person], bool]
    skill: str = ""
    person: int = -1
    role: Role = Role.MEMBER


class _WhenAsked(dict[int, Mapping[int, int]]):
    """Values made when first asked for: a question about one team looks at no other."""

    def __init__(self, make: Callable[[int], Mapping[int, int]]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, team: int) -> Mapping[int, int]:
        self[team] = self._make(team)
        return self[team]


class Facts:
    """Derived once from a problem, and used by every search over it."""

    def __init__(self, problem: TeamsProblem) -> None:
        # In a fixed order, so that the order of a file changes nothing.
        self.problem = replace(problem, teams=tuple(sorted(problem.teams, key=lambda t: t.id)))
        self.target = problem.experience_target
        self.people = tuple(problem.person[person] for person in sorted(problem.available))

    @cached_property
    def eligible(self) -> Mapping[int, Mapping[int, int]]:
        """Team to (person who may sit there: what the seat costs by days and distance)."""
        return _WhenAsked(lambda team: self._eligible_for(self.problem.team[team]))

    @cached_property
    def missing_price(self) -> float:
        """What one person missing of a demand costs in a search: more than any exchange of people
        could save, so that nobody is left out to save costs."""
        weights = self.problem.weights
        most_days = max((person.days_year for person in self.people), default=0)
        most_served = max((person.exp for person in self.people), default=0)
        seat = weights.days * most_days + weights.dist * 10 + weights.exp * most_served
        seat += weights.kind + weights.overlap + weights.samehome + weights.women
        return float(max(5000, 10 * seat))

    @cached_property
    def demands(self) -> Mapping[int, tuple[Demand, ...]]:
        """Team to all that it demands of its members."""
        return {team.id: tuple(self.demands_of(team)) for team in self.problem.teams}

    @cached_property
    def kinds(self) -> Mapping[int, frozenset[str]]:
        """Team to the kinds of its units."""
        places = self.problem.places
        return {
            team.id: frozenset(places[unit].kind for unit in team.units)
            for team in self.problem.teams
        }

    @cached_property
    def lenders(self) -> Mapping[int, tuple[int, ...]]:
        """Unit to those available whom it lends."""
        return _grouped((person.home, person.id) for person in self.people)

    @cached_property
    def former_teams(self) -> Mapping[int, tuple[int, ...]]:
        """Team of the last round to those available who were on it."""
        return _grouped((person.prev_team, person.id) for person in self.people)

    def lends_at_most(self, home: int) -> int:
        """The lending limit of a unit, or all of its people where there is none."""
        lent = self.lenders.get(home, ())
        return self.problem.lend.get(home, len(lent))

    def may_lead(self, team: Team) -> Callable[[Person], bool]:
        """Who may be leader of `team`, by rank and by what is pinned."""
        pins = {pin.role: pin.person for pin in self.problem.pinned if pin.team == team.id}
        leader, deputy = pins.get(Role.LEADER), pins.get(Role.DEPUTY)

        def leads(person: Person) -> bool:
            if leader is not None:
                return person.id == leader and person.rank >= LEADER_RANK
            return person.rank >= LEADER_RANK and person.id != deputy

        return leads

    def _eligible_for(self, team: Team) -> dict[int, int]:
        weights, problem = self.problem.weights, self.problem
        return {
            person.id: weights.days * person.days_year
            + weights.dist * distance(problem, person, team)
            for person in self.people
            if (team.id, person.id) not in problem.barred
            and conflict_of(problem, person, team) is None
        }

    def demands_of(self, team: Team) -> Iterable[Demand]:
        """All that `team` demands of its members."""
        asked: tuple[tuple[Code, Code, int, Callable[[Person], bool]], ...] = (
            (Code.WRONG_SIZE, Code.MEMBERS_WANTED, team.size, lambda _: True),
            (Code.NO_LEADER, Code.LEADERS_WANTED, 1, self.may_lead(team)),
            (Code.NO_DEPUTY, Code.DEPUTIES_WANTED, 2, lambda p: p.rank >= DEPUTY_RANK),
            (Code.FEW_FULL_TIME, Code.FULL_TIME_WANTED, team.min_full, lambda p: p.full),
            (Code.FEW_WOMEN, Code.WOMEN_WANTED, team.min_women, lambda p: p.female),
            (Code.FEW_MEN, Code.MEN_WANTED, team.min_men, lambda p: not p.female),
            (
                Code.FEW_EXPERIENCED,
                Code.EXPERIENCED_WANTED,
                team.min_exp,
                lambda p: p.exp >= EXPERIENCED,
            ),
        )
        for code, wanted, need, met_by in asked:
            if need > 0:
                yield Demand(team.id, code, wanted, need, met_by)
        for skill, need in sorted(team.need.items()):
            if need > 0:
                yield Demand(
                    team.id, Code.LACKS_SKILL, Code.SKILL_WANTED, need, _having(skill), skill
                )
        for pin in self.problem.pinned:
            if pin.team == team.id:
                yield Demand(
                    team.id,
                    Code.PIN_MISSED,
                    Code.PINNED_TO_TEAM,
                    1,
                    _pinned(pin),
                    person=pin.person,
                    role=pin.role,
                )


def composed_of(
    facts: Facts, team: Team, members: Iterable[int], before: Composed | None = None
) -> Composed:
    """Give a team of `members` its leader and deputy: who was it `before` where the rules let
    them, else whoever costs least; somebody without the rank only where nobody has it."""
    person, chosen = facts.problem.person, tuple(sorted(members))
    pins = {pin.role: pin.person for pin in facts.problem.pinned if pin.team == team.id}
    leads, kinds = facts.may_lead(team), facts.kinds[team.id]
    held = (before.leader, before.deputy) if before else (-1, -1)

    def leader_order(one: int) -> tuple[bool, bool, bool, bool, bool, int, int]:
        return (
            one != pins.get(Role.LEADER, one),
            not leads(person[one]),
            one == pins.get(Role.DEPUTY),
            one != held[0],
            person[one].prev_kind in kinds,
            # A deputy stays deputy, and the highest rank leads, where nothing else decides.
            -person[one].rank if one != held[1] else 0,
            one,
        )

    leader = min(chosen, key=leader_order, default=-1)

    def deputy_order(one: int) -> tuple[bool, bool, bool, int, int]:
        return (
            one != pins.get(Role.DEPUTY, one),
            person[one].rank < DEPUTY_RANK,
            one != held[1],
            -person[one].rank,
            one,
        )

    others = [one for one in chosen if one != leader]
    return Composed(team.id, leader, min(others, key=deputy_order, default=leader), chosen)


def _having(skill: str) -> Callable[[Person], bool]:
    return lambda person: skill in person.skills


def _pinned(pin: Pin) -> Callable[[Person], bool]:
    return lambda person: person.id == pin.person and person.rank >= rank_of(pin.role)


def rank_of(role: Role) -> int:
    """The rank that somebody needs at least for a role."""
    return {Role.LEADER: LEADER_RANK, Role.DEPUTY: DEPUTY_RANK}.get(role, 0)


def _grouped(pairs: Iterable[tuple[int | None, int]]) -> dict[int, tuple[int, ...]]:
    groups: dict[int, list[int]] = defaultdict(list)
    for key, person in pairs:
        if key is not None:
            groups[key].append(person)
    return {key: tuple(people) for key, people in sorted(groups.items())}
