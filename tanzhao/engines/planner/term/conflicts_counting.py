"""Clashes that counting alone proves: what a demand needs, what there is, what is missing.

Each clash is a tuple of reasons: the first says what cannot be, the others which demands of the
instance together make it so. None of those others can be left out.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import chain

from tanzhao.engines.planner.reasons import Reason, reason
from tanzhao.engines.planner.term.conflicts_windows import short_windows
from tanzhao.engines.planner.term.problem import FIRST, Group, Round, TermProblem, Unit
from tanzhao.engines.planner.term.slots import fit

type Clash = tuple[Reason, ...]


def counted_clashes(problem: TermProblem) -> Iterator[Clash]:
    """Give every clash that counting proves; the plainest first."""
    lonely = list(chain.from_iterable(_without_round(problem, unit) for unit in problem.units))
    split = [clash for group in problem.groups if (clash := _group_apart(problem, group))]
    yield from lonely
    yield from split
    if lonely or split:
        return  # Windows would count the same visits again.
    for group in problem.groups:
        yield from _group_too_large(problem, group)
    yield from _pins_that_do_not_fit(problem)
    yield from short_windows(problem)


def _demands_of(problem: TermProblem, unit: Unit, visit: int) -> list[tuple[Reason, set[int]]]:
    """The demands on one visit, each with the rounds that it leaves open."""
    everywhere = problem.round
    demands: list[tuple[Reason, set[int]]] = []

    def add(what: Reason, is_open: Callable[[Round], bool]) -> None:
        left = {round_.id for round_ in everywhere.values() if is_open(round_)}
        if len(left) < len(everywhere):
            demands.append((what, left))

    at = {"unit": unit.id, "visit": visit}
    if visit in unit.fixed:
        pinned = unit.fixed[visit]
        add(reason("demand_fixed", **at, round=pinned), lambda round_: round_.id == pinned)
    if unit.forbidden & everywhere.keys():
        listed = ", ".join(map(str, sorted(unit.forbidden & everywhere.keys())))
        what = reason("demand_forbidden", unit=unit.id, rounds=listed)
        add(what, lambda round_: round_.id not in unit.forbidden)
    need = unit.effort_of(visit)
    largest = max((r.team_cap for r in everywhere.values() if r.teams > 0), default=0)
    add(
        reason("demand_effort", **at, need=need, have=largest),
        lambda round_: round_.teams > 0 and need <= round_.team_cap,
    )
    if visit == FIRST and unit.last_month is not None:
        earliest = unit.last_month + problem.gap_last
        what = reason("demand_not_before", unit=unit.id, earliest=earliest)
        add(what, lambda round_: round_.month >= earliest)
    if visit == FIRST and unit.deadline_month is not None:
        deadline = unit.deadline_month
        what = reason("demand_deadline", unit=unit.id, deadline=deadline)
        add(what, lambda round_: round_.month < deadline)
    return demands


def _needed[T](demands: Sequence[T], is_clash: Callable[[Sequence[T]], bool]) -> list[T]:
    """Leave out demands, the last first, as long as the rest still clashes."""
    core = list(demands)
    for demand in reversed(demands):
        less = [other for other in core if other is not demand]
        if is_clash(less):
            core = less
    return core


def _left(problem: TermProblem, demands: Sequence[tuple[Reason, set[int]]]) -> set[int]:
    return set(problem.round).intersection(*(left for _, left in demands))


def _without_round(problem: TermProblem, unit: Unit) -> Iterator[Clash]:
    kinds = [_demands_of(problem, unit, visit) for visit in range(unit.visits)]
    for visit, demands in enumerate(kinds):
        if not _left(problem, demands):
            core = _needed(demands, lambda some: not _left(problem, some))
            head = reason("no_round_left", unit=unit.id, visit=visit)
            yield head, *(what for what, _ in core)
    if unit.visits < 2 or not all(_left(problem, demands) for demands in kinds):
        return
    first, later = kinds
    if _no_gap(problem, first, later):
        first = _needed(first, lambda some: _no_gap(problem, some, later))
        later = _needed(later, lambda some: _no_gap(problem, first, some))
        at = {"unit": unit.id, "gap_min": problem.gap_min, "gap_max": problem.gap_max}
        yield reason("no_look_back", **at), *(what for what, _ in [*first, *later])


def _no_gap(
    problem: TermProblem,
    first: Sequence[tuple[Reason, set[int]]],
    later: Sequence[tuple[Reason, set[int]]],
) -> bool:
    months = [problem.round[round_id].month for round_id in _left(problem, first)]
    return not any(
        problem.gap_min <= problem.round[round_id].month - month <= problem.gap_max
        for round_id in _left(problem, later)
        for month in months
    )


def _group_apart(problem: TermProblem, group: Group) -> Clash | None:
    demands = [
        demand for unit in group.units for demand in _demands_of(problem, problem.unit[unit], FIRST)
    ]
    if _left(problem, demands):
        return None
    core = _needed(demands, lambda some: not _left(problem, some))
    if len({what["unit"] for what, _ in core}) < 2:
        return None  # One unit alone has no round; that is said of the unit.
    return reason("group_apart", group=group.id), *(what for what, _ in core)


def _group_too_large(problem: TermProblem, group: Group) -> Iterator[Clash]:
    """No round that all units of the group may go to can take all of them."""
    units = [problem.unit[unit] for unit in group.units]
    demands = [demand for unit in units for demand in _demands_of(problem, unit, FIRST)]
    rounds = [problem.round[round_id] for round_id in sorted(_left(problem, demands))]
    efforts = [unit.effort for unit in units]
    if not rounds:
        return
    at = {"group": group.id, "units": len(units)}
    best = max(rounds, key=lambda round_: (round_.capacity, -round_.id))
    if sum(efforts) > best.capacity:
        need, have = sum(efforts), best.capacity
        yield (reason("group_over_capacity", **at, **_short(need, have), round=best.id),)
        return
    best = max(rounds, key=lambda round_: (round_.max_units, -round_.id))
    if len(units) > best.max_units:
        need, have = len(units), best.max_units
        yield (reason("group_over_units", **at, **_short(need, have), round=best.id),)
        return
    for skill in sorted({skill for unit in units for skill in unit.skills}):
        needing = sum(skill in unit.skills for unit in units)
        have = max(round_.skill_cap.get(skill, needing) for round_ in rounds)
        if needing > have:
            short = _short(needing, have)
            yield (reason("group_over_skill", **at, skill=skill, **short),)
            return
    if all(fit(efforts, round_.teams, round_.team_cap).is_refused for round_ in rounds):
        best = max(rounds, key=lambda round_: (round_.capacity, -round_.id))
        slots = {"need": sum(efforts), "have": best.capacity, "teams": best.teams}
        yield (reason("group_over_slots", **at, **slots, round=best.id),)


def _short(need: int, have: int) -> dict[str, int]:
    return {"need": need, "have": have, "missing": need - have}


def _pins_that_do_not_fit(problem: TermProblem) -> Iterator[Clash]:
    """What is fixed in one round, where capacity would do but the slots do not hold it."""
    pinned: dict[int, list[tuple[int, int]]] = {}
    for unit in problem.units:
        for visit, round_id in sorted(unit.fixed.items()):
            pinned.setdefault(round_id, []).append((unit.id, visit))
    for round_id, visits in sorted(pinned.items()):
        round_ = problem.round[round_id]

        def refused(some: Sequence[tuple[int, int]], round_: Round = round_) -> bool:
            efforts = [problem.unit[unit].effort_of(visit) for unit, visit in some]
            return fit(efforts, round_.teams, round_.team_cap).is_refused

        total = sum(problem.unit[unit].effort_of(visit) for unit, visit in visits)
        if total <= round_.capacity and refused(visits):
            core = _needed(visits, refused)
            need = sum(problem.unit[unit].effort_of(visit) for unit, visit in core)
            head = reason(
                "pins_over_slots",
                round=round_id,
                need=need,
                have=round_.capacity,
                teams=round_.teams,
                slot=round_.team_cap,
            )
            pins = (reason("demand_fixed", unit=u, visit=v, round=round_id) for u, v in core)
            yield head, *pins
