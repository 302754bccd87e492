"""What life does to a term: each change as a value, read from JSON, and applied to a problem."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tanzhao.engines.planner.fields import Fields
from tanzhao.engines.planner.term.exchange import unit_from
from tanzhao.engines.planner.term.problem import FIRST, Group, Placed, TermProblem, Unit


@dataclass(frozen=True, slots=True)
class Pinned:
    """A visit is decided: it goes to that round."""

    unit: int
    visit: int
    round: int


@dataclass(frozen=True, slots=True)
class Unpinned:
    """A visit that was decided is free again."""

    unit: int
    visit: int


@dataclass(frozen=True, slots=True)
class Forbidden:
    """A unit must not be visited in that round."""

    unit: int
    round: int


@dataclass(frozen=True, slots=True)
class CapacityCut:
    """A round loses so many teams."""

    round: int
    teams: int


@dataclass(frozen=True, slots=True)
class RoundMoved:
    """A round begins in another month of the term; its year follows, unless it is given."""

    round: int
    month: int
    year: int | None = None


@dataclass(frozen=True, slots=True)
class RoundDone:
    """This round and all that begin no later are history: nothing in them changes any more."""

    round: int


@dataclass(frozen=True, slots=True)
class UnitAdded:
    """A unit joins the term; it has to be covered like the others."""

    unit: Unit


@dataclass(frozen=True, slots=True)
class UnitChanged:
    """The facts of a unit are others: its effort, its deadline, its skills."""

    unit: Unit


@dataclass(frozen=True, slots=True)
class UnitGone:
    """A unit leaves the term: closed, or no longer of this office."""

    unit: int


@dataclass(frozen=True, slots=True)
class UnitsMerged:
    """Units become one. `into` may keep the id of one of them, and then its place as well."""

    into: Unit
    gone: tuple[int, ...]


type TermChange = (
    Pinned
    | Unpinned
    | Forbidden
    | CapacityCut
    | RoundMoved
    | RoundDone
    | UnitAdded
    | UnitChanged
    | UnitGone
    | UnitsMerged
)


class BadChange(ValueError):
    """The change names a unit, visit or round that is not there. `change` is the one."""

    def __init__(self, change: TermChange, wanted: str) -> None:
        super().__init__(f"{change}: {wanted}")
        self.change, self.wanted = change, wanted


def changed_problem(
    problem: TermProblem, visits: Sequence[Placed], changes: Sequence[TermChange]
) -> TermProblem:
    """Apply `changes` in their order to the problem that `visits` were planned for.

    A unit that leaves takes with it what it counted towards coverage, so that a plan which kept
    coverage still does; one that joins counts only where all units must be covered.

    Raises: BadChange.
    """
    for change in changes:
        problem = _applied(problem, visits, change)
    return problem


def _applied(problem: TermProblem, visits: Sequence[Placed], change: TermChange) -> TermProblem:
    match change:
        case Pinned(unit, visit, round_id):
            _check(change, problem, unit=unit, visit=visit, round_id=round_id)
            fixed = {**problem.unit[unit].fixed, visit: round_id}
            return _with_units(problem, replace(problem.unit[unit], fixed=fixed))
        case Unpinned(unit, visit):
            _check(change, problem, unit=unit, visit=visit)
            fixed = {v: r for v, r in problem.unit[unit].fixed.items() if v != visit}
            return _with_units(problem, replace(problem.unit[unit], fixed=fixed))
        case Forbidden(unit, round_id):
            _check(change, problem, unit=unit, round_id=round_id)
            forbidden = problem.unit[unit].forbidden | {round_id}
            return _with_units(problem, replace(problem.unit[unit], forbidden=forbidden))
        case UnitChanged(changed):
            _check(change, problem, unit=changed.id)
            return _regrouped(_with_units(problem, changed), changed)
        case UnitAdded(added):
            if added.id in problem.unit:
                raise BadChange(change, "an id that no unit has yet")
            return _joined(_with_units(problem, added), added)
        case UnitGone(unit):
            _check(change, problem, unit=unit)
            return _without(problem, visits, {unit})
        case UnitsMerged(into, gone):
            for unit in gone:
                _check(change, problem, unit=unit)
            if into.id in problem.unit and into.id not in gone:
                raise BadChange(change, "an id that no other unit has")
            return _merged(problem, visits, into, set(gone))
        case _:
            return _with_round(problem, visits, change)


def _with_round(
    problem: TermProblem, visits: Sequence[Placed], change: CapacityCut | RoundMoved | RoundDone
) -> TermProblem:
    _check(change, problem, round_id=change.round)
    round_ = problem.round[change.round]
    match change:
        case RoundDone():
            return _with_history(problem, visits, round_.month)
        case CapacityCut(teams=teams):
            round_ = replace(round_, teams=max(0, round_.teams - teams))
        case RoundMoved(month=month, year=year):
            round_ = replace(round_, month=month, year=month // 12 if year is None else year)
    rounds = {**problem.round, round_.id: round_}
    return replace(problem, rounds=tuple(rounds[r.id] for r in problem.rounds))


def _with_history(problem: TermProblem, visits: Sequence[Placed], month: int) -> TermProblem:
    """Fix all that is in the rounds up to `month`, and let nothing more in."""
    past = {r.id for r in problem.rounds if r.month <= month}
    fixed: dict[int, dict[int, int]] = {}
    inside = dict.fromkeys(past, 0)
    for placed in visits:
        if placed.round in past and (placed.unit, placed.visit) in problem.visits_set:
            fixed.setdefault(placed.unit, {})[placed.visit] = placed.round
            inside[placed.round] += 1
    units = [replace(problem.unit[u], fixed={**problem.unit[u].fixed, **fixed[u]}) for u in fixed]
    rounds = (replace(r, max_units=inside[r.id]) if r.id in past else r for r in problem.rounds)
    return replace(_with_units(problem, *units), rounds=tuple(rounds))


def _with_units(problem: TermProblem, *units: Unit) -> TermProblem:
    by_id = {**problem.unit, **{unit.id: unit for unit in units}}
    return replace(problem, units=tuple(unit for _, unit in sorted(by_id.items())))


def _joined(problem: TermProblem, unit: Unit) -> TermProblem:
    """All units must be covered, the new one too."""
    coverage = problem.coverage
    if coverage:
        coverage = (*coverage[:-1], coverage[-1] + 1)
    return _regrouped(replace(problem, coverage=coverage), unit)


def _regrouped(problem: TermProblem, unit: Unit) -> TermProblem:
    """The unit is in the joint group it names, and in no other."""
    groups = []
    for group in problem.groups:
        units = [other for other in group.units if other != unit.id]
        if group.id == unit.joint:
            units = sorted([*units, unit.id])
        if units:
            groups.append(replace(group, units=tuple(units)))
    return replace(problem, groups=tuple(groups))


def _without(problem: TermProblem, visits: Sequence[Placed], gone: set[int]) -> TermProblem:
    years = [
        problem.round[placed.round].year
        for placed in visits
        if placed.unit in gone and placed.visit == FIRST and placed.round in problem.round
    ]
    coverage = [
        max(0, need - sum(of <= year for of in years)) for year, need in enumerate(problem.coverage)
    ]
    units = tuple(unit for unit in problem.units if unit.id not in gone)
    if coverage:
        coverage[-1] = min(problem.coverage[-1], len(units))
    groups = (_group_without(group, gone) for group in problem.groups)
    return replace(
        problem,
        units=units,
        groups=tuple(group for group in groups if group.units),
        coverage=tuple(coverage),
    )


def _group_without(group: Group, gone: set[int]) -> Group:
    return replace(group, units=tuple(unit for unit in group.units if unit not in gone))


def _merged(
    problem: TermProblem, visits: Sequence[Placed], into: Unit, gone: set[int]
) -> TermProblem:
    if into.id not in gone:
        return _joined(_with_units(_without(problem, visits, gone), into), into)
    return _regrouped(_with_units(_without(problem, visits, gone - {into.id}), into), into)


def _check(
    change: TermChange,
    problem: TermProblem,
    *,
    unit: int | None = None,
    visit: int | None = None,
    round_id: int | None = None,
) -> None:
    if unit is not None and unit not in problem.unit:
        raise BadChange(change, "a unit of the term")
    if visit is not None and unit is not None and (unit, visit) not in problem.visits_set:
        raise BadChange(change, "a visit that the unit has")
    if round_id is not None and round_id not in problem.round:
        raise BadChange(change, "a round of the term")


def term_changes_from(document: Mapping[str, Any]) -> tuple[TermChange, ...]:
    """Read {"changes": [{"change": "pinned", "unit": 3, "visit": 0, "round": 5}, …]}.

    Raises: BadInstance.
    """
    return tuple(_change(row) for row in Fields(document, "document").rows("changes"))


def _change(row: Fields) -> TermChange:
    number = row.whole_number
    match row.text("change"):
        case "pinned":
            return Pinned(number("unit"), number("visit", 0), number("round"))
        case "unpinned":
            return Unpinned(number("unit"), number("visit", 0))
        case "forbidden":
            return Forbidden(number("unit"), number("round"))
        case "capacity_cut":
            return CapacityCut(number("round"), number("teams", least=1))
        case "round_moved":
            return RoundMoved(number("round"), number("month"), row.maybe_number("year"))
        case "round_done":
            return RoundDone(number("round"))
        case "unit_added":
            return UnitAdded(unit_from(row.mapping("unit")))
        case "unit_changed":
            return UnitChanged(unit_from(row.mapping("unit")))
        case "unit_gone":
            return UnitGone(number("unit"))
        case "units_merged":
            return UnitsMerged(unit_from(row.mapping("into")), row.numbers("gone"))
        case _:
            raise row.wrong("change", "one of the changes of planning-format.md")
