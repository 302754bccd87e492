"""What else was possible for one visit, and what it would cost: every rule asked for each round.

No solver is needed: a visit is moved by itself, the others staying where they are.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from tanzhao.engines.planner.reasons import Reason
from tanzhao.engines.planner.term.checking import broken_rules, cost_of
from tanzhao.engines.planner.term.problem import Placed, Round, TermProblem
from tanzhao.inspections.planning.term_instance import Instance


@dataclass(frozen=True)
class Choice:
    """A round that a visit could be in.

    Attributes:
        round: its number.
        load, capacity: person-days of the round with the visit in it, and what it can do.
        against: the rules that the plan would break and does not break now.
        cost: by how much the plan would be dearer (negative: cheaper); None if the visit has no
            place now, so that there is nothing to compare with.
    """

    round: int
    load: int
    capacity: int
    against: Sequence[Reason]
    cost: int | None
    is_here: bool

    @property
    def percent(self) -> int:
        return round(100 * self.load / self.capacity) if self.capacity else 0


def choices_of(instance: Instance, key: tuple[int, int], rounds: Iterable[int]) -> list[Choice]:
    """Try the visit `key` (unit, visit of the problem) in each of `rounds`.

    Rounds that the problem does not know, being over, are left out.
    """
    problem = instance.problem
    if key not in problem.visits_set:
        return []
    here = next((one for one in instance.placed if (one.unit, one.visit) == key), None)
    others = [one for one in instance.placed if (one.unit, one.visit) != key]
    free = without_pin(problem, key)
    base = Counter(broken_rules(free, instance.placed))
    cost = cost_of(free, instance.placed).total if here else None
    known = [problem.round[number] for number in rounds if number in problem.round]
    return [_tried(free, others, key, one, base, cost, here) for one in known]


def without_pin(problem: TermProblem, key: tuple[int, int]) -> TermProblem:
    """Give the problem without a pin on this visit: what is asked is what would stand against
    it."""
    unit = problem.unit[key[0]]
    fixed = {visit: at for visit, at in unit.fixed.items() if visit != key[1]}
    units = tuple(replace(u, fixed=fixed) if u.id == unit.id else u for u in problem.units)
    return replace(problem, units=units)


def _tried(
    problem: TermProblem,
    others: Sequence[Placed],
    key: tuple[int, int],
    round_: Round,
    base: Counter[Reason],
    cost: int | None,
    here: Placed | None,
) -> Choice:
    efforts = Counter(dict.fromkeys(range(round_.teams), 0))
    for one in others:
        if one.round == round_.id:
            efforts[one.team] += problem.unit[one.unit].effort_of(one.visit)
    is_here = here is not None and here.round == round_.id
    team = here.team if is_here and here else min(efforts, key=lambda t: (efforts[t], t), default=0)
    visits = [*others, Placed(key[0], key[1], round_.id, team)]
    new = Counter(broken_rules(problem, visits)) - base
    return Choice(
        round=round_.id,
        load=efforts.total() + problem.unit[key[0]].effort_of(key[1]),
        capacity=round_.capacity,
        against=[one for one in new if not is_here and _is_worse(one, base)],
        cost=cost_of(problem, visits).total - cost if cost is not None else None,
        is_here=is_here,
    )


def _is_worse(broken: Reason, base: Counter[Reason]) -> bool:
    """Coverage that was short already and is less so now is no reason against a round."""
    if broken.code != "coverage_short":
        return True
    before = [b["have"] for b in base if b.code == broken.code and b["year"] == broken["year"]]
    return not before or int(broken["have"]) < int(before[0])
