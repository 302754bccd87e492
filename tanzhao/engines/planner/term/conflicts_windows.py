"""Windows of rounds that have to take more than they can hold, and years that cannot be covered.

A window is all rounds from one month to another. The visits that have no round outside it must
be inside: their person-days, number, skills and long visits are counted against what it has.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tanzhao.engines.planner.reasons import Reason, reason
from tanzhao.engines.planner.term.demands import Visit, grid_of
from tanzhao.engines.planner.term.problem import FIRST, Round, TermProblem

type Clash = tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class _Window:
    rounds: tuple[Round, ...]
    inside: tuple[Visit, ...]
    fixed: int  # how many of those inside are there because that is decided

    @property
    def at(self) -> dict[str, int]:
        first, last = self.rounds[0].id, self.rounds[-1].id
        return {"first": first, "last": last, "visits": len(self.inside), "pins": self.fixed}


def short_windows(problem: TermProblem) -> Iterator[Clash]:
    """Give the windows and years that are short of something, the narrowest of each kind only."""
    opened = _open_rounds(problem)
    told: set[str] = set()
    for window in _windows(problem, opened):
        for clash in _shortages(problem, window):
            # A wider window is often short for the same cause; the narrowest says it best.
            kind = clash.code + str(dict(clash.values).get("skill", ""))
            if kind not in told:
                told.add(kind)
                yield (clash,)
    yield from _coverage(problem, opened)


def _open_rounds(problem: TermProblem) -> dict[Visit, frozenset[int]]:
    """The rounds of each visit, those of its group and its look-back taken into account."""
    grid = grid_of(problem)
    opened = {visit: set(block.rounds) for block in grid.blocks for visit in block.visits}
    for unit in problem.units:
        if unit.visits < 2:
            continue
        first, later = opened[unit.id, 0], opened[unit.id, 1]

        def fits(one: int, other: int) -> bool:
            gap = problem.round[other].month - problem.round[one].month
            return problem.gap_min <= gap <= problem.gap_max

        opened[unit.id, 0] = {one for one in first if any(fits(one, r) for r in later)}
        opened[unit.id, 1] = {other for other in later if any(fits(r, other) for r in first)}
    return {visit: frozenset(rounds) for visit, rounds in opened.items()}


def _windows(problem: TermProblem, opened: Mapping[Visit, frozenset[int]]) -> Iterator[_Window]:
    by_month = sorted(problem.rounds, key=lambda round_: (round_.month, round_.id))
    for width in range(1, len(by_month) + 1):
        for start in range(len(by_month) - width + 1):
            rounds = tuple(by_month[start : start + width])
            ids = {round_.id for round_ in rounds}
            inside = tuple(visit for visit, open_ in sorted(opened.items()) if open_ <= ids)
            if inside:
                fixed = sum(visit in problem.unit[unit].fixed for unit, visit in inside)
                yield _Window(rounds, inside, fixed)


def _shortages(problem: TermProblem, window: _Window) -> Iterator[Reason]:
    units = [problem.unit[unit] for unit, _ in window.inside]
    efforts = [problem.unit[unit].effort_of(visit) for unit, visit in window.inside]
    days = sum(round_.capacity for round_ in window.rounds)
    yield from _short("window_days", window, sum(efforts), days)
    most = sum(round_.max_units for round_ in window.rounds)
    yield from _short("window_units", window, len(units), most)
    for skill in sorted({skill for round_ in window.rounds for skill in round_.skill_cap}):
        if all(skill in round_.skill_cap for round_ in window.rounds):
            need = sum(skill in unit.skills for unit in units)
            have = sum(round_.skill_cap[skill] for round_ in window.rounds)
            yield from _short("window_skill", window, need, have, skill=skill)
    half = max(round_.team_cap for round_ in window.rounds) // 2
    # Of visits longer than half the longest slot, no slot holds two.
    slots = sum(round_.teams for round_ in window.rounds)
    yield from _short("window_long", window, sum(e > half for e in efforts), slots, half=half)


def _short(code: str, window: _Window, need: int, have: int, **more: int | str) -> Iterator[Reason]:
    if need > have:
        yield reason(code, **window.at, **more, need=need, have=have, missing=need - have)


def _coverage(problem: TermProblem, opened: Mapping[Visit, frozenset[int]]) -> Iterator[Clash]:
    for year, need in enumerate(problem.coverage):
        early = [round_ for round_ in problem.rounds if round_.year <= year]
        ids = {round_.id for round_ in early}
        able = [
            visit for visit, open_ in sorted(opened.items()) if visit[1] == FIRST and open_ & ids
        ]
        if len(able) < need:
            have = len(able)
            yield (_year("coverage_units", year, need, have),)
            return
        have = _most_firsts(problem, opened, able, early)
        if have < need:
            days = sum(round_.capacity for round_ in early)
            yield (_year("coverage_capacity", year, need, have, days=days),)
            return


def _year(code: str, year: int, need: int, have: int, **more: int) -> Reason:
    return reason(code, year=year, need=need, have=have, missing=need - have, **more)


def _most_firsts(
    problem: TermProblem,
    opened: Mapping[Visit, frozenset[int]],
    able: Sequence[Visit],
    early: Sequence[Round],
) -> int:
    """How many first visits the early rounds can take at most: the shortest, beside all visits
    that have no later round."""
    ids = {round_.id for round_ in early}
    bound = [visit for visit, open_ in opened.items() if open_ <= ids]
    days = sum(round_.capacity for round_ in early)
    places = sum(round_.max_units for round_ in early)
    for unit, visit in bound:
        days -= problem.unit[unit].effort_of(visit)
        places -= 1
    done = sum(visit == FIRST for _, visit in bound)
    free = sorted(problem.unit[unit].effort for unit, visit in set(able) - set(bound))
    for effort in free:
        if effort > days or places <= 0:
            break
        days, places, done = days - effort, places - 1, done + 1
    return done
