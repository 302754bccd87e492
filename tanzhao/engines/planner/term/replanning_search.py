"""The search of replanning: the fewest moves, proven, then the cheapest plan with so many.

Both are exact models over the rounds. A round of their solution whose visits do not fit its
slots gives a row that every plan keeps, and the model is solved again. Most cells are closed
beforehand: by the reduced costs of the linear relaxation no plan with so few moves uses them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from tanzhao.engines.planner.search import Limit, OnProgress, Progress
from tanzhao.engines.planner.term.checking import cost_of
from tanzhao.engines.planner.term.demands import Cell, Cut, Grid, NeverTogether, Visit
from tanzhao.engines.planner.term.linear import INFINITE, Solved, Status
from tanzhao.engines.planner.term.problem import Placed, Round
from tanzhao.engines.planner.term.replanning_exchanges import few_moves
from tanzhao.engines.planner.term.replanning_model import (
    Known,
    Model,
    changed,
    cost_model,
    fewest_model,
)
from tanzhao.engines.planner.term.replanning_slots import seat
from tanzhao.engines.planner.term.slots import Fit, fit

# What the solver's tolerances can add up to over some ten thousand columns.
_TOLERANCE = 0.01

# A plan with few moves is looked for among the cells that cost least to open, so many for each
# block; then among more; at last among all, which alone proves that there is none.
_NEAR = (2, 5)
_NODES_NEAR = 300

# After so many models in vain a plan with few moves is sought by exchanges, and again by more.
_IN_VAIN = (1, 10)

# Without a limit of seconds the cost is improved, and bounded, within so many nodes.
_NODES_OF_COST = 2_000

# So many numbers of moves are ruled out one by one, which is quick; then the steps widen.
_ONE_BY_ONE = 3

# Who has a plan needs no heuristics for a proof. For a first plan and its cost they help much, but
# they end up to some seconds late: they are used while so many seconds are left.
_MODELS_WITHIN = 12.0

# Share of the time after which the proof of the fewest moves makes way for the cost.
_SHARE_OF_FEWEST = 0.7


@dataclass
class Outcome:
    """What the search knows so far.

    Attributes:
        visits: of the best plan; None before there is one.
        fewest: no plan moves fewer visits. bound: no plan that moves so few costs less.
        impossible: proven: no plan keeps every rule.
    """

    visits: tuple[Placed, ...] | None = None
    moves: int = 0
    cost: int = 0
    fewest: int = 0
    bound: int = 0
    impossible: bool = False
    steps: int = 0


class Search:
    """One search. `old`: the visits of the plan in force that the problem still has."""

    def __init__(
        self,
        grid: Grid,
        old: Sequence[Placed],
        *,
        limit: Limit,
        seed: int,
        on_progress: OnProgress,
        nodes: int = 2_000_000,
    ) -> None:
        self._grid, self._problem, self._old = grid, grid.problem, old
        self._at = {(placed.unit, placed.visit): placed.round for placed in old}
        self._slots: dict[int, dict[Visit, int]] = {
            round_.id: {} for round_ in self._problem.rounds
        }
        for placed in old:
            self._slots[placed.round][placed.unit, placed.visit] = placed.team
        self._limit, self._seed, self._on_progress = limit, seed, on_progress
        self._nodes = nodes
        self._began = limit.stopwatch()
        self._until = INFINITE if limit.seconds is None else self._began + limit.seconds
        seconds = limit.seconds or 0.0
        self._until_fewest = min(self._until, self._began + _SHARE_OF_FEWEST * seconds)
        if limit.seconds is None:
            self._until_fewest = INFINITE
        self._known = Known(grid)
        self._is_sure = True
        self._relaxed: dict[Cell, float] = {}
        self._least, self._relaxed_after = 0.0, 0
        self.outcome = Outcome()

    def run(self) -> Outcome:
        """Search until both are proven or the limit ends it."""
        if self._find_fewest():
            self._find_cheapest()
        return self.outcome

    def _find_fewest(self) -> bool:
        """Find a plan with the fewest moves. False if none was found."""
        found, ahead, near = self.outcome, -_ONE_BY_ONE, 0
        looked_for, in_vain, exchanges = -1, 0, 0
        while not self._is_over() and not (found.visits and found.moves <= found.fewest):
            if found.visits and self._limit.stopwatch() > self._until_fewest:
                break
            if not self._relax():
                break
            if exchanges < len(_IN_VAIN) and in_vain >= _IN_VAIN[exchanges]:
                exchanges += 1
                self._find_some(effort=1 + 7 * (exchanges - 1))
                continue
            # A plan with more moves than were looked for only says where to look next.
            most = found.moves - 1 if found.visits else found.fewest + max(0, ahead)
            near, looked_for = near if most == looked_for else 0, most
            opened = self._near(near, most)
            is_open = self._open_for(most) if opened is None else opened.__contains__
            model = fewest_model(self._grid, self._at, self._known.demands, is_open, most)
            solved = self._solve(model, nodes=self._nodes if opened is None else _NODES_NEAR)
            if opened is not None:
                # What the nearest cells cannot do, more of them may: it proves nothing.
                if not solved.found:
                    near, in_vain = near + 1, in_vain + 1
                else:
                    ahead = ahead if ahead > 0 else -_ONE_BY_ONE
                    in_vain += not self._keep_if_seated(model.rounds(solved.values))
                continue
            if solved.status is Status.INFEASIBLE:
                self._prove(most + 1)
                if found.visits:
                    break
                if most >= len(self._at):
                    found.impossible = self._is_sure
                    break
                ahead = 2 * ahead + 1 if ahead > 0 else ahead + 1
                continue
            if solved.bound > -INFINITE:
                self._prove(min(most + 1, ceil(solved.bound - _TOLERANCE)))
            if not solved.found:
                break
            in_vain += not self._keep_if_seated(model.rounds(solved.values))
        return found.visits is not None

    def _find_some(self, *, effort: int) -> None:
        """Find a plan with few moves, if not the fewest, by exchanges."""
        visits = few_moves(
            self._problem,
            self._old,
            fewest=self.outcome.fewest,
            go_on=lambda: not self._is_over(),
            seed=self._seed + effort,
            effort=effort,
        )
        if visits is None:
            return
        block_of = self._grid.block_of
        round_of = {block_of[placed.unit, placed.visit]: placed.round for placed in visits}
        # With luck its visits fit the slots that more of them had; that they fit some is known.
        if not self._keep_if_seated(round_of):
            self._keep(visits, round_of)

    def _find_cheapest(self) -> None:
        found = self.outcome
        while not self._is_over() and self._may_step():
            # Rows found meanwhile may have raised the relaxation and close more cells.
            most = found.moves
            model = cost_model(
                self._grid, self._at, self._known.demands, self._open_for(most), most
            )
            nodes = _NODES_OF_COST if self._limit.seconds is None else self._nodes
            solved = self._solve(model, self._start(model), nodes=nodes)
            found.steps += 1
            if solved.bound > -INFINITE and self._is_sure:
                found.bound = max(found.bound, ceil(solved.bound - _TOLERANCE))
            if not solved.found or self._keep_if_seated(model.rounds(solved.values)):
                return

    def _relax(self) -> bool:
        if self._relaxed and self._relaxed_after == self._known.learnt:
            return True
        model = fewest_model(self._grid, self._at, self._known.demands, lambda _: True)
        solved = model.linear.solve(limit=self._limit, until=self._until, relaxed=True)
        if not solved.found:
            self.outcome.impossible = self._is_sure and solved.status is Status.INFEASIBLE
            return False
        self._least, self._relaxed_after = solved.objective, self._known.learnt
        self._relaxed = {c: float(solved.reduced[column]) for c, column in model.cells.items()}
        self._prove(ceil(solved.objective - _TOLERANCE))
        return True

    def _open_for(self, most: int) -> Callable[[Cell], bool]:
        """The cells that a plan with at most `most` moves can use."""
        spare = most - self._least + _TOLERANCE
        return lambda cell: self._relaxed[cell] <= spare

    def _near(self, near: int, most: int) -> frozenset[Cell] | None:
        """Where the visits are now, and the cells that cost the relaxation least. None: all."""
        is_open, blocks = self._open_for(most), self._grid.blocks
        moving = {c for c in self._relaxed if changed(blocks[c[0]], c[1], self._at)}
        ranked = sorted((round(self._relaxed[cell], 6), cell) for cell in moving if is_open(cell))
        share = _NEAR[near] * len(blocks) if near < len(_NEAR) else len(ranked)
        if len(ranked) <= share:
            return None
        return frozenset({cell for _, cell in ranked[:share]} | (self._relaxed.keys() - moving))

    def _solve(
        self, model: Model, start: Mapping[int, float] | None = None, *, nodes: int
    ) -> Solved:
        is_proof = self.outcome.visits is not None and start is None
        is_sought = self.outcome.visits is None or start is not None
        has_time = self._limit.stopwatch() + _MODELS_WITHIN < self._until
        return model.linear.solve(
            limit=self._limit,
            until=self._until_fewest if is_proof else self._until,
            nodes=nodes,
            seed=self._seed,
            start=start,
            with_heuristics=nodes <= _NODES_NEAR or (is_sought and has_time),
        )

    def _start(self, model: Model) -> dict[int, float]:
        """The best plan so far, as columns of the model."""
        block_of = self._grid.block_of
        return {
            model.cells[block_of[placed.unit, placed.visit], placed.round]: 1.0
            for placed in self.outcome.visits or ()
        }

    def _prove(self, fewest: int) -> None:
        if self._is_sure:
            self.outcome.fewest = max(self.outcome.fewest, fewest)

    def _keep_if_seated(self, round_of: Mapping[int, int]) -> bool:
        """Keep the plan if every round's visits fit its slots; else learn why they do not."""
        inside: dict[int, list[Visit]] = {round_.id: [] for round_ in self._problem.rounds}
        for index, round_id in round_of.items():
            inside[round_id] += self._grid.blocks[index].visits
        visits: list[Placed] = []
        for round_ in self._problem.rounds:
            here = sorted(inside[round_.id])
            seated = seat(self._problem, round_, here, self._slots[round_.id], stop=self._is_over)
            if seated.slot_of is None:
                self._learn(round_, here, seated.fit)
                continue
            slots = seated.slot_of
            visits += [Placed(unit, visit, round_.id, slots[unit, visit]) for unit, visit in here]
        if len(visits) < len(self._problem.visits):
            return False
        self._keep(tuple(sorted(visits)), round_of)
        return True

    def _keep(self, visits: tuple[Placed, ...], round_of: Mapping[int, int]) -> None:
        found, blocks = self.outcome, self._grid.blocks
        moves = sum(changed(blocks[index], r, self._at) for index, r in round_of.items())
        cost = cost_of(self._problem, visits).total
        # A search that was stopped may hand over a dearer plan than the one before.
        if found.visits is None or (moves, cost) < (found.moves, found.cost):
            found.visits, found.moves, found.cost = visits, moves, cost
        seconds = self._limit.stopwatch() - self._began
        self._on_progress(Progress(seconds, found.steps, found.cost, found.bound))

    def _learn(self, round_: Round, visits: Sequence[Visit], refused: Fit) -> None:
        """Add what no plan can do: these visits, or longer ones, in the slots of this round."""
        alike = [r for r in self._problem.rounds if r.team_cap == round_.team_cap]
        if refused.proof is not None:
            self._known.learn(cuts=[Cut(other.id, refused.proof) for other in alike])
            return
        if not refused.impossible:
            self._is_sure = False
            self._known.learn(never=[NeverTogether(round_.id, frozenset(visits), len(visits) - 1)])
            return
        efforts = {v: self._problem.unit[v[0]].effort_of(v[1]) for v in self._problem.visits}
        core = list(visits)
        for visit in sorted(visits, key=lambda visit: (efforts[visit], visit)):
            less = [other for other in core if other != visit]
            sizes = [efforts[v] for v in less]
            if fit(sizes, round_.teams, round_.team_cap, stop=self._is_over).is_refused:
                core = less
        longest = max(efforts[visit] for visit in core)
        longer = {visit for visit, effort in efforts.items() if effort >= longest}
        together = frozenset(core) | longer
        never = [
            NeverTogether(other.id, together, len(core) - 1)
            for other in alike
            if other.teams <= round_.teams
        ]
        self._known.learn(never=never)

    def _is_over(self) -> bool:
        return self._limit.stop() or self._limit.stopwatch() > self._until

    def _may_step(self) -> bool:
        return self._limit.steps is None or self.outcome.steps < self._limit.steps
