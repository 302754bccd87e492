"""The term problem: which unit is inspected in which round, by which team slot.

Rules and cost are those of docs/operations/planning-format.md; checking.py judges plans by them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from tanzhao.engines.planner.reasons import Reason

FIRST, LOOK_BACK = 0, 1


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit to be inspected in the term.

    Attributes:
        cluster: units that travel together; opening a cluster in a round costs `w_cluster`.
        effort: person-days of the first visit.
        effort2: person-days of the look-back; 0 if `visits` is 1.
        risk: 1 to 100, by facts of the unit; a late first visit costs risk × month.
        last_month: its last inspection before the term (negative); None if never.
        deadline_month: the first visit is strictly before it; None if there is none.
        fixed: visit (0 or 1) to round: decided already, may not move.
        forbidden: rounds in which it must not be visited.
        joint: id of its joint group, or None.
    """

    id: int
    kind: str
    cluster: str
    effort: int
    risk: int
    visits: int = 1
    effort2: int = 0
    county: int = 0
    area: int = 0
    system: str = ""
    last_month: int | None = None
    deadline_month: int | None = None
    fixed: Mapping[int, int] = field(default_factory=dict)
    forbidden: frozenset[int] = frozenset()
    skills: tuple[str, ...] = ()
    joint: int | None = None

    def effort_of(self, visit: int) -> int:
        return self.effort if visit == FIRST else self.effort2

    def weight_of(self, visit: int) -> int:
        """What each month of waiting costs: its risk, or 10 for the look-back."""
        return self.risk if visit == FIRST else 10


@dataclass(frozen=True, slots=True)
class Round:
    """A round of the term: `teams` slots of `team_cap` person-days each.

    Attributes:
        year: 0 to 4. month: counted from the first month of the term.
        skill_cap: skill to how many visits that need it the round can take.
        max_units: how many visits the round can take.
        days, people: of one slot, for the reader; `team_cap` is what counts.
    """

    id: int
    year: int
    month: int
    teams: int
    team_cap: int
    max_units: int
    days: int = 0
    people: int = 0
    skill_cap: Mapping[str, int] = field(default_factory=dict)

    @property
    def capacity(self) -> int:
        return self.teams * self.team_cap


@dataclass(frozen=True, slots=True)
class Group:
    """A joint group: the first visits of `units` are in one round."""

    id: int
    units: tuple[int, ...]
    system: str = ""


@dataclass(frozen=True)
class TermProblem:
    """A whole term. `gap_*` in months; `coverage[y]`: first visits done by the end of year y at
    least; `band`: share of a round's capacity by which its load may leave its target for free."""

    units: tuple[Unit, ...]
    rounds: tuple[Round, ...]
    groups: tuple[Group, ...]
    gap_last: int
    gap_min: int
    gap_max: int
    coverage: tuple[int, ...]
    w_cluster: int
    w_balance: int
    band: float

    @cached_property
    def unit(self) -> Mapping[int, Unit]:
        return {unit.id: unit for unit in self.units}

    @cached_property
    def round(self) -> Mapping[int, Round]:
        return {round_.id: round_ for round_ in self.rounds}

    @cached_property
    def visits(self) -> tuple[tuple[int, int], ...]:
        """Every (unit, visit) to be placed, in the order of the units."""
        return tuple((unit.id, visit) for unit in self.units for visit in range(unit.visits))

    @cached_property
    def visits_set(self) -> frozenset[tuple[int, int]]:
        return frozenset(self.visits)


@dataclass(frozen=True, slots=True, order=True)
class Placed:
    """One visit in one team slot of one round."""

    unit: int
    visit: int
    round: int
    team: int


@dataclass(frozen=True, slots=True)
class Unplaced:
    """A visit that finds no place, and why."""

    unit: int
    visit: int
    why: Reason


@dataclass(frozen=True, slots=True)
class TermPlan:
    """A plan of a term.

    Attributes:
        visits: sorted. They break no rule if `unplaced` is empty; else they break only coverage
            and what the unplaced visits would have to keep.
        cost: as format.md counts it, over the visits placed.
        bound: proven: no plan that places everything costs less.
        conflict: the smallest set of demands found that cannot hold together; empty unless
            `unplaced` is not.
        seconds, steps: how long it took, by the caller's stopwatch and in steps.
    """

    visits: tuple[Placed, ...]
    cost: int
    bound: int
    unplaced: tuple[Unplaced, ...] = ()
    conflict: tuple[Reason, ...] = ()
    seconds: float = 0.0
    steps: int = 0

    @property
    def is_complete(self) -> bool:
        return not self.unplaced

    @property
    def gap(self) -> float:
        """How far the cost may be from the best: (cost - bound) / bound."""
        return (self.cost - self.bound) / self.bound if self.bound > 0 else 0.0
