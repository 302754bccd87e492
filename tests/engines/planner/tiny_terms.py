"""Terms so small that every plan can be looked at, made by a seed."""

import random
from collections.abc import Iterator
from itertools import product

from tanzhao.engines.planner.term.checking import broken_rules, cost_of
from tanzhao.engines.planner.term.problem import Group, Placed, Round, TermPlan, TermProblem, Unit


def tiny_term(seed: int) -> TermProblem:
    """Make five units with six visits in four rounds of one or two teams; it may be impossible."""
    dice = random.Random(f"tiny {seed}")
    with_look_back = dice.randrange(5)
    units = tuple(
        Unit(
            id=unit,
            kind="dept",
            cluster=dice.choice("abc"),
            effort=dice.choice((30, 40, 50, 60)),
            risk=dice.randint(1, 40),
            visits=1 + (unit == with_look_back),
            effort2=20 if unit == with_look_back else 0,
            deadline_month=dice.choice((None, None, None, 30)),
            forbidden=frozenset({dice.randrange(4)} if dice.random() < 0.2 else ()),
            skills=("law",) if dice.random() < 0.3 else (),
            joint=0 if unit < 2 else None,
        )
        for unit in range(5)
    )
    rounds = tuple(
        Round(
            id=number,
            year=number,
            month=12 * number,
            teams=dice.choice((1, 1, 2)),
            team_cap=100,
            max_units=dice.choice((2, 3, 4)),
            skill_cap={"law": dice.choice((1, 2))},
        )
        for number in range(4)
    )
    return TermProblem(
        units=units,
        rounds=rounds,
        groups=(Group(0, (0, 1)),) if dice.random() < 0.5 else (),
        gap_last=24,
        gap_min=12,
        gap_max=24,
        coverage=(dice.choice((0, 1)), dice.choice((1, 2)), 0, 5),
        w_cluster=50,
        w_balance=2,
        band=0.05,
    )


def every_plan(problem: TermProblem) -> Iterator[tuple[Placed, ...]]:
    """Give every plan that breaks no rule, once for each choice of rounds."""
    for rounds in product(*(_open(problem, *visit) for visit in problem.visits)):
        visits = _seated(problem, dict(zip(problem.visits, rounds, strict=True)))
        if visits is not None and not broken_rules(problem, visits):
            yield visits


def _open(problem: TermProblem, unit_id: int, visit: int) -> list[int]:
    """Rounds that are plainly closed are left out only to save time: the judge looks at all."""
    unit = problem.unit[unit_id]
    rounds = {unit.fixed[visit]} if visit in unit.fixed else set(problem.round)
    return sorted(rounds - unit.forbidden)


def plan_of(problem: TermProblem, visits: tuple[Placed, ...]) -> TermPlan:
    return TermPlan(visits, cost_of(problem, visits).total, 0)


def _seated(
    problem: TermProblem, round_of: dict[tuple[int, int], int]
) -> tuple[Placed, ...] | None:
    """Try every slot for every visit, round by round."""
    seated: list[Placed] = []
    for round_ in problem.rounds:
        here = [visit for visit, chosen in round_of.items() if chosen == round_.id]
        slots = _slots(problem, here, [round_.team_cap] * round_.teams)
        if slots is None:
            return None
        seated += [Placed(*v, round_.id, slot) for v, slot in zip(here, slots, strict=True)]
    return tuple(sorted(seated))


def _slots(
    problem: TermProblem, visits: list[tuple[int, int]], room: list[int]
) -> list[int] | None:
    if not visits:
        return []
    unit, visit = visits[0]
    effort = problem.unit[unit].effort_of(visit)
    for slot, left in enumerate(room):
        if effort <= left:
            less = [*room[:slot], left - effort, *room[slot + 1 :]]
            if (rest := _slots(problem, visits[1:], less)) is not None:
                return [slot, *rest]
    return None
