"""The judge of term plans: every rule broken, and what a plan costs."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tanzhao.engines.planner.reasons import Reason, reason
from tanzhao.engines.planner.term.problem import FIRST, LOOK_BACK, Placed, TermProblem


@dataclass(frozen=True, slots=True)
class TermCost:
    """What a plan costs: `risk` in risk × months, `openings` in pairs of cluster and round,
    `balance` in person-days beyond the band."""

    total: int
    risk: int
    openings: int
    balance: int


def broken_rules(problem: TermProblem, visits: Iterable[Placed]) -> list[Reason]:
    """Say every rule that `visits` breaks, a visit not placed among them; none for a good plan."""
    visits = list(visits)
    placed = {(visit.unit, visit.visit): visit for visit in visits}
    # A visit in a slot that is not there is still held to what its round and its unit ask.
    counted = [visit for key, visit in sorted(placed.items()) if _is_counted(problem, visit)]
    seated = [visit for visit in counted if _has_slot(problem, visit)]
    return [
        *_wrong_visits(problem, visits, placed),
        *(broken for visit in seated for broken in _broken_by(problem, visit)),
        *_look_backs(problem, counted),
        *_split_groups(problem, counted),
        *_overfull(problem, counted),
        *_short_coverage(problem, counted),
    ]


def cost_of(problem: TermProblem, visits: Iterable[Placed]) -> TermCost:
    """Count what the placed visits cost; those not placed, or not of this term, cost nothing."""
    placed = {(visit.unit, visit.visit): visit for visit in visits}
    visits = [visit for visit in placed.values() if _is_counted(problem, visit)]
    risk, load = 0, Counter[int]()
    openings = {(problem.unit[visit.unit].cluster, visit.round) for visit in visits}
    for visit in visits:
        unit = problem.unit[visit.unit]
        risk += unit.weight_of(visit.visit) * problem.round[visit.round].month
        load[visit.round] += unit.effort_of(visit.visit)
    balance = 0
    for round_id, (low, high) in load_bands(problem).items():
        balance += max(0, load[round_id] - high, low - load[round_id])
    total = risk + problem.w_cluster * len(openings) + problem.w_balance * balance
    return TermCost(total, risk, len(openings), balance)


def load_bands(problem: TermProblem) -> dict[int, tuple[int, int]]:
    """Give for each round the least and the most person-days that cost nothing."""
    whole = sum(round_.capacity for round_ in problem.rounds)
    effort = sum(problem.unit[unit].effort_of(visit) for unit, visit in problem.visits)
    share = effort / whole if whole else 0.0
    bands = {}
    for round_ in problem.rounds:
        target, band = round(share * round_.capacity), round(problem.band * round_.capacity)
        bands[round_.id] = (target - band, target + band)
    return bands


def _is_counted(problem: TermProblem, visit: Placed) -> bool:
    return (visit.unit, visit.visit) in problem.visits_set and visit.round in problem.round


def _has_slot(problem: TermProblem, visit: Placed) -> bool:
    return 0 <= visit.team < problem.round[visit.round].teams


def _wrong_visits(
    problem: TermProblem, visits: list[Placed], placed: dict[tuple[int, int], Placed]
) -> Iterator[Reason]:
    if len(placed) != len(visits):
        yield reason("placed_twice", visits=len(visits) - len(placed))
    for key, visit in sorted(placed.items()):
        if key not in problem.visits_set:
            yield reason("unknown_visit", unit=visit.unit, visit=visit.visit)
        elif not (_is_counted(problem, visit) and _has_slot(problem, visit)):
            yield reason("no_such_team", round=visit.round, team=visit.team)
    for unit, number in problem.visits:
        if (unit, number) not in placed:
            yield reason("unplaced", unit=unit, visit=number)


def _broken_by(problem: TermProblem, visit: Placed) -> Iterator[Reason]:
    """What one visit breaks by itself."""
    unit, month = problem.unit[visit.unit], problem.round[visit.round].month
    at = {"unit": unit.id, "visit": visit.visit, "round": visit.round}
    if visit.round in unit.forbidden:
        yield reason("forbidden", **at)
    if unit.fixed.get(visit.visit, visit.round) != visit.round:
        yield reason("fixed", **at, fixed=unit.fixed[visit.visit])
    if visit.visit != FIRST:
        return
    if unit.last_month is not None and month < unit.last_month + problem.gap_last:
        yield reason("too_soon", **at, earliest=unit.last_month + problem.gap_last)
    if unit.deadline_month is not None and month >= unit.deadline_month:
        yield reason("too_late", **at, deadline=unit.deadline_month)


def _look_backs(problem: TermProblem, visits: list[Placed]) -> Iterator[Reason]:
    month = {(v.unit, v.visit): problem.round[v.round].month for v in visits}
    for visit in visits:
        first = month.get((visit.unit, FIRST))
        if visit.visit == LOOK_BACK and first is not None and _has_slot(problem, visit):
            gap = month[visit.unit, LOOK_BACK] - first
            if not problem.gap_min <= gap <= problem.gap_max:
                yield reason("look_back_gap", unit=visit.unit, gap=gap)


def _split_groups(problem: TermProblem, visits: list[Placed]) -> Iterator[Reason]:
    first = {v.unit: v.round for v in visits if v.visit == FIRST}
    for group in problem.groups:
        rounds = {first[unit] for unit in group.units if unit in first}
        if len(rounds) > 1:
            yield reason("group_split", group=group.id, rounds=len(rounds))


def _overfull(problem: TermProblem, visits: list[Placed]) -> Iterator[Reason]:
    count, slots = Counter[int](), Counter[tuple[int, int]]()
    skills: defaultdict[int, Counter[str]] = defaultdict(Counter)
    for visit in visits:
        unit = problem.unit[visit.unit]
        count[visit.round] += 1
        slots[visit.round, visit.team] += unit.effort_of(visit.visit)
        skills[visit.round].update(set(unit.skills))
    for round_ in problem.rounds:
        at = {"round": round_.id}
        if count[round_.id] > round_.max_units:
            yield reason("too_many_units", **at, have=round_.max_units, need=count[round_.id])
        for skill, most in sorted(round_.skill_cap.items()):
            if (need := skills[round_.id][skill]) > most:
                yield reason("skill_short", **at, skill=skill, have=most, need=need)
    for (round_id, team), load in sorted(slots.items()):
        if load > (cap := problem.round[round_id].team_cap):
            yield reason("slot_overfull", round=round_id, team=team, have=cap, need=load)


def _short_coverage(problem: TermProblem, visits: list[Placed]) -> Iterator[Reason]:
    years = Counter(problem.round[v.round].year for v in visits if v.visit == FIRST)
    for year, need in enumerate(problem.coverage):
        done = sum(n for y, n in years.items() if y <= year)
        if done < need:
            yield reason("coverage_short", year=year, have=done, need=need)
