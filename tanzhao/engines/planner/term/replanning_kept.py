"""What can stay of a plan when no plan keeps every rule, and which visits lose their place."""

from collections import Counter
from collections.abc import Sequence

from tanzhao.engines.planner.reasons import Reason, reason
from tanzhao.engines.planner.term.demands import Visit, closed_by
from tanzhao.engines.planner.term.problem import (
    FIRST,
    LOOK_BACK,
    Placed,
    Round,
    TermProblem,
    Unplaced,
)


def kept(
    problem: TermProblem, old: Sequence[Placed]
) -> tuple[tuple[Placed, ...], tuple[Unplaced, ...]]:
    """Seat the visits of an old plan again, round for round, as far as the rules let them stay.

    Fixed visits are seated first, then those that were there, the riskiest first. A visit that
    is fixed elsewhere now takes its new round if there is room. The rest keeps its slot.

    Returns: the visits that stay, sorted, and the others with the rule that displaces them.
    """
    wanted = {(placed.unit, placed.visit): placed for placed in old}
    seats = _Seats(problem)
    unplaced: list[Unplaced] = []
    for visit in sorted(problem.visits, key=lambda visit: _rank(problem, visit, wanted)):
        why = seats.take(visit, wanted.get(visit))
        if why is not None:
            unplaced.append(Unplaced(*visit, why))
    return tuple(sorted(seats.taken.values())), tuple(sorted(unplaced, key=_key))


def _key(unplaced: Unplaced) -> Visit:
    return unplaced.unit, unplaced.visit


def _rank(
    problem: TermProblem, visit: Visit, wanted: dict[Visit, Placed]
) -> tuple[bool, bool, int, int, Visit]:
    unit = problem.unit[visit[0]]
    is_free = visit[1] not in unit.fixed
    return is_free, visit not in wanted, visit[1], -unit.weight_of(visit[1]), visit


class _Seats:
    """The rounds as they fill."""

    def __init__(self, problem: TermProblem) -> None:
        self._problem = problem
        self.taken: dict[Visit, Placed] = {}
        self._loads = Counter[tuple[int, int]]()
        self._counts = Counter[int]()
        self._skills = Counter[tuple[int, str]]()
        self._group_at: dict[int, int] = {}
        self._group_of = {unit: group.id for group in problem.groups for unit in group.units}

    def take(self, visit: Visit, before: Placed | None) -> Reason | None:
        """Seat a visit; if it cannot be, say why."""
        unit = self._problem.unit[visit[0]]
        round_id = unit.fixed.get(visit[1], before.round if before else None)
        if round_id is None or round_id not in self._problem.round:
            return reason("no_place_yet", unit=visit[0], visit=visit[1])
        round_ = self._problem.round[round_id]
        if (why := self._refusal(visit, round_)) is not None:
            return why
        first_choice = before.team if before and before.round == round_id else 0
        slots = sorted(
            range(round_.teams),
            key=lambda slot: (slot != first_choice, self._loads[round_id, slot], slot),
        )
        effort = unit.effort_of(visit[1])
        for slot in slots:
            if self._loads[round_id, slot] + effort <= round_.team_cap:
                self._seat(visit, round_id, slot, effort)
                return None
        used = sum(self._loads[round_id, slot] for slot in slots)
        return reason("no_room", round=round_id, need=used + effort, have=round_.capacity)

    def _refusal(self, visit: Visit, round_: Round) -> Reason | None:
        problem, unit = self._problem, self._problem.unit[visit[0]]
        if (closed := closed_by(problem, *visit, round_)) is not None:
            return closed
        at = {"round": round_.id}
        if self._counts[round_.id] >= round_.max_units:
            need = self._counts[round_.id] + 1
            return reason("too_many_units", **at, have=round_.max_units, need=need)
        for skill, most in sorted(round_.skill_cap.items()):
            if skill in unit.skills and self._skills[round_.id, skill] >= most:
                need = self._skills[round_.id, skill] + 1
                return reason("skill_short", **at, skill=skill, have=most, need=need)
        group = self._group_of.get(unit.id) if visit[1] == FIRST else None
        if group is not None and self._group_at.get(group, round_.id) != round_.id:
            return reason("group_split", group=group, rounds=2)
        first = self.taken.get((unit.id, FIRST))
        if visit[1] == LOOK_BACK and first is not None:
            gap = round_.month - problem.round[first.round].month
            if not problem.gap_min <= gap <= problem.gap_max:
                return reason("look_back_gap", unit=unit.id, gap=gap)
        return None

    def _seat(self, visit: Visit, round_id: int, slot: int, effort: int) -> None:
        self.taken[visit] = Placed(*visit, round_id, slot)
        self._loads[round_id, slot] += effort
        self._counts[round_id] += 1
        for skill in set(self._problem.unit[visit[0]].skills):
            self._skills[round_id, skill] += 1
        if visit[1] == FIRST and visit[0] in self._group_of:
            self._group_at.setdefault(self._group_of[visit[0]], round_id)
