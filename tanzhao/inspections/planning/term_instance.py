"""A plan's rows as a problem for the planner, and the planner's plan as places for the rows.

Ids of the problem: a round's is its number in the plan, a unit's its place in the plan's list.
Months are counted from the first month of the term. What has taken place is fixed: a round with
history is one slot that holds exactly what happened and nothing else.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import Any
from uuid import UUID

from tanzhao.engines.planner.term.exchange import term_problem_document
from tanzhao.engines.planner.term.problem import (
    FIRST,
    LOOK_BACK,
    Group,
    Placed,
    Round,
    TermProblem,
)
from tanzhao.engines.planner.term.problem import TermPlan as EnginePlan
from tanzhao.engines.planner.term.problem import Unit as EngineUnit
from tanzhao.inspections.models import PlannedRound, PlannedUnit, PlannedVisit, TermPlan
from tanzhao.inspections.planning.history import last_months_before
from tanzhao.inspections.planning.look_backs import Deferred, TermAhead
from tanzhao.units.models import Term


@dataclass(frozen=True)
class Names:
    """What the numbers of a problem are called. `first_month`: the month of the problem's 0;
    `unit_ids`: keys of the units as text, empty where nothing is to be looked up by them."""

    units: Mapping[int, str]
    groups: Mapping[int, str]
    first_month: dt.date
    unit_ids: Mapping[int, str] = field(default_factory=dict)

    def month(self, number: int) -> dt.date:
        """Give the first day of month `number` of the problem."""
        whole = self.first_month.year * 12 + self.first_month.month - 1 + number
        return dt.date(whole // 12, whole % 12 + 1, 1)


@dataclass(frozen=True)
class Place:
    """Where the planner puts a visit: the number of the round and of the team, from 1."""

    round: int
    team: int


@dataclass(frozen=True)
class Instance:
    """A plan as a problem.

    Attributes:
        placed: the visits as the rows have them, those without a team left out.
        ids: planned unit to its id in the problem.
        settled: rounds whose visits have taken place or are under way.
        loose: visits (unit, visit) that have a round and no team of it yet, or a round that has
            passed without them, to the number of that round.
        deferred: planned unit to its look-back that no round still to come can hold. The problem
            does not ask for it; see planning/look_backs.py.
    """

    problem: TermProblem
    placed: tuple[Placed, ...]
    names: Names
    ids: Mapping[UUID, int]
    settled: frozenset[int]
    loose: Mapping[tuple[int, int], int] = field(default_factory=dict)
    deferred: Mapping[UUID, Deferred] = field(default_factory=dict)

    def places(self, visits: Iterable[Placed]) -> dict[tuple[int, int], Place]:
        """Give the place of each visit (unit, visit) that is still to come."""
        return {
            (visit.unit, visit.visit): Place(visit.round, visit.team + 1)
            for visit in visits
            if visit.round not in self.settled
        }


def instance_of(plan: TermPlan, *, day: dt.date) -> Instance:
    """Make the problem of a plan as it stands on `day`, in a constant number of queries.

    A round whose month has passed without anything having taken place is left out.
    """
    rounds = list(plan.rounds.all())
    units = list(
        PlannedUnit.objects.filter(plan=plan)
        .select_related("unit")
        .prefetch_related("visits")
        .order_by("unit__position", "unit__name", "pk")
    )
    return _Maker(plan, rounds, units, day).instance()


def term_document(instance: Instance) -> dict[str, Any]:
    """Give the instance as docs/operations/planning-format.md has it, with the names beside it, so
    that it can be planned with `tanzhao plan term` on another machine."""
    names = instance.names
    return {
        **term_problem_document(instance.problem),
        "first_month": names.first_month.isoformat(),
        "names": {str(unit): name for unit, name in names.units.items()},
        "themes": {str(group): theme for group, theme in names.groups.items()},
    }


def plan_document(instance: Instance) -> dict[str, Any]:
    """Give the plan's own visits, to be read with the instance."""
    return {
        "visits": [
            {"unit": p.unit, "visit": p.visit, "round": p.round, "team": p.team}
            for p in instance.placed
        ]
    }


class _Maker:
    def __init__(
        self,
        plan: TermPlan,
        rounds: Sequence[PlannedRound],
        units: Sequence[PlannedUnit],
        day: dt.date,
    ) -> None:
        self.term: Term = plan.term
        self.numbers: Mapping[str, Any] = plan.settings
        self.day = day
        self.units = units
        self.done: defaultdict[int, list[PlannedVisit]] = defaultdict(list)
        self.round_of = {one.pk: one for one in rounds}
        for unit in units:
            for visit in unit.visits.all():
                visit.planned = unit
                if visit.done and visit.round_id:
                    self.done[self.round_of[visit.round_id].number].append(visit)
        this_month = day.replace(day=1)
        self.rounds = [r for r in rounds if r.number in self.done or r.month >= this_month]
        self.known = {one.number for one in self.rounds}
        self.groups = self._groups()
        self.last = last_months_before(self.term)
        self.deferred = self._deferred()

    def instance(self) -> Instance:
        units = tuple(self._unit(number, unit) for number, unit in enumerate(self.units))
        problem = TermProblem(
            units=units,
            rounds=self._rounds(units),
            groups=tuple(
                Group(number, tuple(members), theme)
                for number, (theme, members) in enumerate(self.groups.items())
            ),
            gap_last=self.numbers["gap_last"],
            gap_min=self.numbers["look_back_after"],
            gap_max=self.numbers["look_back_before"],
            coverage=self._coverage(),
            w_cluster=self.numbers["cluster_weight"],
            w_balance=self.numbers["balance_weight"],
            band=self.numbers["band"] / 100,
        )
        placed, loose = self._placed()
        return Instance(
            problem=problem,
            placed=tuple(sorted(p for p in placed if (p.unit, p.visit) in problem.visits_set)),
            names=Names(
                {number: unit.unit.name for number, unit in enumerate(self.units)},
                dict(enumerate(self.groups)),
                self.term.first_month,
                {number: str(unit.unit_id) for number, unit in enumerate(self.units)},
            ),
            ids={unit.pk: number for number, unit in enumerate(self.units)},
            settled=frozenset(self.done),
            loose={key: at for key, at in loose.items() if key in problem.visits_set},
            deferred=self.deferred,
        )

    def _deferred(self) -> dict[UUID, Deferred]:
        coming = [one for one in self.rounds if one.number not in self.done]
        ahead = TermAhead(self.term, self.numbers, coming, self.last)
        found = (
            (unit.pk, ahead.deferred(number, unit, self.round_of))
            for number, unit in enumerate(self.units)
        )
        return {key: one for key, one in found if one is not None}

    def _groups(self) -> dict[str, list[int]]:
        """Theme to the units that are still to be inspected in one round."""
        groups: defaultdict[str, list[int]] = defaultdict(list)
        for number, unit in enumerate(self.units):
            if unit.theme and not self._done_round(unit, FIRST):
                groups[unit.theme].append(number)
        return {theme: ids for theme, ids in sorted(groups.items()) if len(ids) > 1}

    def _done_round(self, unit: PlannedUnit, kind: int) -> PlannedRound | None:
        for visit in unit.visits.all():
            if visit.kind == kind and visit.done and visit.round_id:
                return self.round_of[visit.round_id]
        return None

    def _unit(self, number: int, planned: PlannedUnit) -> EngineUnit:
        done = self._done_round(planned, FIRST)
        visits = 2 if self._has_look_back(planned) else 1
        last = None if done else self.last.get(planned.unit_id)
        before = None if done else planned.before
        fixed = {}
        for visit in planned.visits.all():
            round_ = self.round_of[visit.round_id] if visit.round_id else None
            is_fixed = (visit.done or visit.pinned) and visit.kind < visits
            if round_ and is_fixed and round_.number in self.known:
                fixed[visit.kind] = round_.number
        theme = planned.theme if number in self.groups.get(planned.theme, ()) else None
        return EngineUnit(
            id=number,
            kind=planned.unit.category,
            cluster=planned.cluster,
            effort=planned.effort,
            risk=planned.weight,
            visits=visits,
            effort2=planned.look_back_effort if visits == 2 else 0,
            system=planned.unit.system,
            last_month=self.term.months_to(last) if last else None,
            deadline_month=self.term.months_to(before) if before else None,
            fixed=fixed,
            # What is decided or has happened is stronger than what was to be avoided.
            forbidden=frozenset(planned.not_in) & self.known - set(fixed.values()),
            skills=tuple(sorted(set(planned.skills))),
            joint=list(self.groups).index(theme) if theme else None,
        )

    def _has_look_back(self, planned: PlannedUnit) -> bool:
        """A look-back that took place too early or too late for the rules is history, no demand."""
        if not planned.look_back_effort or planned.pk in self.deferred:
            return False
        first, second = self._done_round(planned, FIRST), self._done_round(planned, LOOK_BACK)
        if first is None or second is None:
            return True
        gap = self.term.months_to(second.month) - self.term.months_to(first.month)
        return bool(self.numbers["look_back_after"] <= gap <= self.numbers["look_back_before"])

    def _rounds(self, units: Sequence[EngineUnit]) -> tuple[Round, ...]:
        settled: defaultdict[int, list[int]] = defaultdict(list)
        for unit in units:
            for visit, number in unit.fixed.items():
                if number in self.done and visit < unit.visits:
                    settled[number].append(unit.effort_of(visit))
        ahead = [one for one in self.rounds if one.number not in self.done]
        capacity = sum(one.teams * one.team_capacity for one in ahead)
        effort = sum(unit.effort_of(visit) for unit in units for visit in range(unit.visits))
        left = effort - sum(map(sum, settled.values()))
        # So large that history is as busy as the rounds to come, and pulls their target nowhere.
        share = min(1.0, left / capacity) if capacity and left else 1.0
        return tuple(
            self._settled(one, settled[one.number], share)
            if one.number in self.done
            else self._ahead(one)
            for one in self.rounds
        )

    def _settled(self, planned: PlannedRound, efforts: Sequence[int], share: float) -> Round:
        return Round(
            id=planned.number,
            year=self._year(planned),
            month=self.term.months_to(planned.month),
            teams=1,
            team_cap=ceil(sum(efforts) / share),
            max_units=len(efforts),
        )

    def _ahead(self, planned: PlannedRound) -> Round:
        return Round(
            id=planned.number,
            year=self._year(planned),
            month=self.term.months_to(planned.month),
            teams=planned.teams,
            team_cap=planned.team_capacity,
            max_units=planned.most_units,
            days=planned.days,
            people=planned.people,
            skill_cap={entry["name"]: entry["visits"] for entry in self.numbers["skills"]},
        )

    def _year(self, planned: PlannedRound) -> int:
        return year_of(self.term, self.numbers, planned.month)

    def _coverage(self) -> tuple[int, ...]:
        """What is asked of years that are over is no more than what was done in them."""
        wanted = required_coverage(self.numbers, len(self.units))
        first = [v for visits in self.done.values() for v in visits if v.kind == FIRST]
        years = [self._year(self.round_of[v.round_id]) for v in first if v.round_id]
        now = year_of(self.term, self.numbers, self.day)
        return tuple(
            min(need, sum(one <= year for one in years)) if year < now else need
            for year, need in enumerate(wanted)
        )

    def _placed(self) -> tuple[list[Placed], dict[tuple[int, int], int]]:
        placed: list[Placed] = []
        loose: dict[tuple[int, int], int] = {}
        for number, unit in enumerate(self.units):
            for visit in unit.visits.all():
                if visit.round_id is None:
                    continue
                round_ = self.round_of[visit.round_id].number
                if visit.done:
                    placed.append(Placed(number, visit.kind, round_, 0))
                elif visit.team is None or round_ not in self.known or round_ in self.done:
                    loose[number, visit.kind] = round_
                else:
                    placed.append(Placed(number, visit.kind, round_, visit.team - 1))
        return placed, loose


def year_of(term: Term, numbers: Mapping[str, Any], month: dt.date) -> int:
    """Say in which year of the term a month lies, from 0; what goes beyond belongs to the last."""
    return max(0, min(term.months_to(month) // 12, len(numbers["coverage"]) - 1))


def required_coverage(numbers: Mapping[str, Any], total: int) -> tuple[int, ...]:
    """Say how many of `total` units are to be inspected by the end of each year, at least."""
    return tuple(ceil(share * total / 100) for share in numbers["coverage"])


def engine_plan(instance: Instance, *, cost: int | None, bound: int | None) -> EnginePlan:
    """Give the rows as a plan of the planner, to be mended or explained. A visit that has a round
    and no team there is shown in its first slot: it has a round to stay in."""
    loose = (
        Placed(unit, visit, round_id, 0)
        for (unit, visit), round_id in instance.loose.items()
        if round_id in instance.problem.round
    )
    visits = tuple(sorted((*instance.placed, *loose)))
    return EnginePlan(visits=visits, cost=cost or 0, bound=bound or 0)
