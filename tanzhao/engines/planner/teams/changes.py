"""What happens to a round after its teams were composed, and the problem that is then to solve."""

from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass, replace
from functools import reduce

from tanzhao.engines.planner.teams.problem import Person, Pin, Place, Role, Team, TeamsProblem


@dataclass(frozen=True, slots=True)
class PersonGone:
    """Somebody is ill, transferred or otherwise away for the whole round."""

    person: int


@dataclass(frozen=True, slots=True)
class PersonJoined:
    """Somebody can be taken from now on, who was not available or not known."""

    person: Person


@dataclass(frozen=True, slots=True)
class LateRecusal:
    """A declaration came in: kin of a person work in a unit."""

    person: int
    unit: int


@dataclass(frozen=True, slots=True)
class SeatPinned:
    """It is decided that a person is on a team; as leader or deputy, if `role` says so."""

    team: int
    person: int
    role: Role = Role.MEMBER


@dataclass(frozen=True, slots=True)
class PersonBarred:
    """It is decided that a person is not on a team."""

    team: int
    person: int


@dataclass(frozen=True, slots=True)
class UnitAdded:
    """A team inspects one more unit."""

    team: int
    unit: Place


@dataclass(frozen=True, slots=True)
class UnitRemoved:
    """A team no longer inspects a unit."""

    team: int
    unit: int


@dataclass(frozen=True, slots=True)
class LendingChanged:
    """A unit lends no more than `most` people at once."""

    unit: int
    most: int


type TeamsChange = (
    PersonGone
    | PersonJoined
    | LateRecusal
    | SeatPinned
    | PersonBarred
    | UnitAdded
    | UnitRemoved
    | LendingChanged
)


class UnknownHere(ValueError):
    """A change names a person, team or unit that the problem does not have."""

    def __init__(self, kind: str, id_: int) -> None:
        super().__init__(f"{kind} {id_}")
        self.kind, self.id = kind, id_


def applied(problem: TeamsProblem, changes: Sequence[TeamsChange]) -> TeamsProblem:
    """The problem after `changes`, one after the other. A later decision undoes an earlier one
    that it contradicts.

    Raises: UnknownHere.
    """
    return reduce(_applied, changes, problem)


def _applied(problem: TeamsProblem, change: TeamsChange) -> TeamsProblem:
    match change:
        case PersonGone(person):
            _known("person", person, problem.person)
            pinned = tuple(pin for pin in problem.pinned if pin.person != person)
            return replace(problem, available=problem.available - {person}, pinned=pinned)
        case PersonJoined(joined):
            others = [other for other in problem.people if other.id != joined.id]
            people = tuple(sorted([*others, joined], key=lambda other: other.id))
            return replace(problem, people=people, available=problem.available | {joined.id})
        case LateRecusal(person, unit):
            _known("person", person, problem.person)
            told = problem.person[person]
            told = replace(told, relatives=told.relatives | {unit})
            people = tuple(told if other.id == person else other for other in problem.people)
            return replace(problem, people=people)
        case SeatPinned(team, person, role):
            return _pinned(problem, Pin(team, person, role))
        case PersonBarred(team, person):
            _known("team", team, problem.team)
            _known("person", person, problem.person)
            pinned = tuple(p for p in problem.pinned if (p.team, p.person) != (team, person))
            return replace(problem, pinned=pinned, barred=problem.barred | {(team, person)})
        case UnitAdded(team, place):
            known = replace(problem, places={**problem.places, place.id: place})
            return _with_units(known, team, lambda units: (*units, place.id))
        case UnitRemoved(team, unit):
            return _with_units(
                problem, team, lambda units: tuple(one for one in units if one != unit)
            )
        case LendingChanged(unit, most):
            return replace(problem, lend={**problem.lend, unit: most})


def _pinned(problem: TeamsProblem, pin: Pin) -> TeamsProblem:
    _known("team", pin.team, problem.team)
    _known("person", pin.person, problem.person)

    def contradicts(other: Pin) -> bool:
        same_role = other.role == pin.role != Role.MEMBER
        return other.person == pin.person or (other.team == pin.team and same_role)

    pins = [other for other in problem.pinned if not contradicts(other)]
    return replace(
        problem,
        pinned=tuple(sorted([*pins, pin])),
        barred=problem.barred - {(pin.team, pin.person)},
    )


def _with_units(
    problem: TeamsProblem, team_id: int, change: Callable[[tuple[int, ...]], tuple[int, ...]]
) -> TeamsProblem:
    _known("team", team_id, problem.team)

    def changed(team: Team) -> Team:
        return replace(team, units=change(team.units)) if team.id == team_id else team

    return replace(problem, teams=tuple(map(changed, problem.teams)))


def _known(kind: str, id_: int, among: Container[int]) -> None:
    if id_ not in among:
        raise UnknownHere(kind, id_)
