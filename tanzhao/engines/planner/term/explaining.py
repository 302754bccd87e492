"""Why a visit is in its round: what each other round would break, cost, or make move."""

from collections.abc import Sequence
from dataclasses import replace

from tanzhao.engines.planner.explaining import Explanation, Option, WhyNotRound, WhyRound
from tanzhao.engines.planner.reasons import Reason, reason
from tanzhao.engines.planner.search import Limit
from tanzhao.engines.planner.term.checking import broken_rules, cost_of
from tanzhao.engines.planner.term.demands import Block, Grid, Visit, closed_by, grid_of
from tanzhao.engines.planner.term.linear import INFINITE
from tanzhao.engines.planner.term.problem import Placed, TermPlan, TermProblem
from tanzhao.engines.planner.term.replanning import Pinned, TermReplan, replan
from tanzhao.engines.planner.term.replanning_slots import seat

# What depends on the slots, which are filled anew wherever a visit goes.
_OF_SLOTS = frozenset({"slot_overfull", "no_such_team"})


def why_round(
    problem: TermProblem, plan: TermPlan, question: WhyRound, limit: Limit
) -> Explanation:
    """Say why a visit is in its round, and of every other round what it would take.

    A round where the visit fits if nothing else but its joint group moves has its exact change
    of cost. For one where something else would have to move, that is searched as long as `limit`
    allows; after that the option says only what is over, and "not_searched".
    """
    asked = _Asked(problem, plan, (question.unit, question.visit), limit)
    if asked.here is None:
        return Explanation(question, asked.unplaced())
    options = [asked.option(round_.id) for round_ in problem.rounds if round_.id != asked.here]
    return Explanation(question, (*asked.facts(), *_cheapest(options)), tuple(options))


def why_not_round(
    problem: TermProblem, plan: TermPlan, question: WhyNotRound, limit: Limit
) -> Explanation:
    """Say what keeps a visit out of a round, or what it would cost and make move."""
    asked = _Asked(problem, plan, (question.unit, question.visit), limit)
    at = {"unit": question.unit, "visit": question.visit, "round": question.round}
    if asked.here == question.round:
        return Explanation(question, (reason("is_there", **at),))
    option = asked.option(question.round)
    if option.cost_change is None:
        return Explanation(question, option.why, (option,))
    code = "round_would_cost" if option.cost_change >= 0 else "round_would_save"
    cost = reason(code, **at, cost=abs(option.cost_change), moves=len(option.moves))
    return Explanation(question, (cost, *option.why), (option,))


def _cheapest(options: Sequence[Option]) -> list[Reason]:
    """Whether some other round is cheaper; what is left of it is said option by option."""
    possible = [(o.cost_change, o.round) for o in options if o.cost_change is not None]
    if not possible:
        return [reason("only_round")]
    cost, round_id = min(possible)
    if cost >= 0:
        return [reason("no_cheaper_round", round=round_id, cost=cost, rounds=len(possible))]
    return [reason("cheaper_round", round=round_id, saves=-cost)]


class _Asked:
    """One visit of a plan that is asked about. `here`: its round, None if it has none."""

    def __init__(self, problem: TermProblem, plan: TermPlan, visit: Visit, limit: Limit) -> None:
        self._problem, self._plan, self._visit, self._limit = problem, plan, visit, limit
        self._grid: Grid = grid_of(problem)
        self._block: Block = self._grid.blocks[self._grid.block_of[visit]]
        self._placed = {(placed.unit, placed.visit): placed for placed in plan.visits}
        self._cost = cost_of(problem, plan.visits).total
        self._until = INFINITE
        if limit.seconds is not None:
            self._until = limit.stopwatch() + limit.seconds
        placed = self._placed.get(visit)
        self.here = placed.round if placed else None

    def unplaced(self) -> tuple[Reason, ...]:
        told = (lost.why for lost in self._plan.unplaced if (lost.unit, lost.visit) == self._visit)
        unit, visit = self._visit
        return (reason("unplaced", unit=unit, visit=visit), *told)

    def facts(self) -> list[Reason]:
        """What holds of the visit where it is."""
        unit, problem = self._problem.unit[self._visit[0]], self._problem
        at = {"unit": unit.id, "visit": self._visit[1], "round": self.here or 0}
        month = problem.round[at["round"]].month
        found = []
        if self._visit[1] in unit.fixed:
            found.append(reason("is_decided", **at))
        if len(self._block.visits) > 1:
            group = next((g.id for g in problem.groups if unit.id in g.units), -1)
            others = len(self._block.visits) - 1
            found.append(reason("is_joint", unit=unit.id, group=group, others=others))
        found.append(
            reason(
                "rounds_open",
                unit=unit.id,
                visit=self._visit[1],
                have=len(self._block.rounds),
                need=len(problem.rounds),
            )
        )
        weight = unit.weight_of(self._visit[1])
        found.append(reason("waiting_costs", **at, weight=weight, month=month, cost=weight * month))
        along = sum(
            placed.round == self.here and problem.unit[placed.unit].cluster == unit.cluster
            for visit, placed in self._placed.items()
            if visit != self._visit
        )
        code = "travels_with" if along else "travels_alone"
        found.append(reason(code, **at, others=along, cost=problem.w_cluster))
        return found

    def option(self, round_id: int) -> Option:
        if closed := self._closing(round_id):
            return Option(round_id, None, why=closed)
        alone, over = self._alone(round_id)
        if alone is not None:
            others = [visit for visit in self._block.visits if visit != self._visit]
            moves = tuple(
                self._moves(visit, self._placed[visit].round, round_id) for visit in others
            )
            return Option(round_id, cost_of(self._problem, alone).total - self._cost, moves)
        chain = self._chain(round_id)
        if chain is None:
            return Option(round_id, None, why=(*over, reason("not_searched", round=round_id)))
        if not chain.plan.is_complete:
            return Option(round_id, None, why=(*over, *chain.plan.conflict))
        moves = tuple(
            self._moves((moved.unit, moved.visit), moved.from_round, moved.to_round)
            for moved in chain.moved
            if (moved.unit, moved.visit) != self._visit
        )
        return Option(round_id, chain.plan.cost - self._cost, moves, over)

    def _moves(self, visit: Visit, from_round: int, to_round: int) -> Reason:
        return reason("moves", unit=visit[0], visit=visit[1], round=from_round, to_round=to_round)

    def _closing(self, round_id: int) -> tuple[Reason, ...]:
        """The rules on this visit, else on those of its group, that close the round."""
        round_ = self._problem.round[round_id]
        own = closed_by(self._problem, *self._visit, round_)
        if own is not None:
            return (own,)
        for visit in self._block.visits:
            if (rule := closed_by(self._problem, *visit, round_)) is not None:
                group = next(g.id for g in self._problem.groups if visit[0] in g.units)
                return (reason("goes_with_group", unit=self._visit[0], group=group), rule)
        return ()

    def _alone(self, round_id: int) -> tuple[list[Placed] | None, tuple[Reason, ...]]:
        """The plan if only the block moves, or what it would break."""
        moved = {
            visit: replace(self._placed[visit], round=round_id)
            for visit in self._block.visits
            if visit in self._placed
        }
        # A visit that a group still lacks cannot be moved with it.
        if len(moved) < len(self._block.visits):
            return None, self.unplaced()
        visits = {**self._placed, **moved}
        before = {(r.code, r.values) for r in broken_rules(self._problem, self._plan.visits)}
        broken = [
            rule
            for rule in broken_rules(self._problem, visits.values())
            if rule.code not in _OF_SLOTS and (rule.code, rule.values) not in before
        ]
        round_ = self._problem.round[round_id]
        here = sorted(visit for visit, placed in visits.items() if placed.round == round_id)
        need = sum(self._problem.unit[unit].effort_of(visit) for unit, visit in here)
        if need > round_.capacity:
            broken.append(reason("no_room", round=round_id, need=need, have=round_.capacity))
        if broken:
            return None, tuple(broken)
        old = {v: p.team for v, p in self._placed.items() if p.round == round_id}
        seated = seat(self._problem, round_, here, old)
        if seated.slot_of is None:
            over = reason("no_slots", round=round_id, need=need, have=round_.capacity)
            return None, (over,)
        for visit, slot in seated.slot_of.items():
            visits[visit] = replace(visits[visit], team=slot)
        return list(visits.values()), ()

    def _chain(self, round_id: int) -> TermReplan | None:
        """The plan with the fewest other moves; None if the limit ended the search for it."""
        left = None
        if self._until < INFINITE:
            left = self._until - self._limit.stopwatch()
            if left <= 0:
                return None
        limit = replace(self._limit, seconds=left)
        unit, visit = self._visit
        found = replan(self._problem, self._plan, [Pinned(unit, visit, round_id)], limit=limit)
        if found.plan.is_complete or found.plan.conflict:
            return found
        return None
