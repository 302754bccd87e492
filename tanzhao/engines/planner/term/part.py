"""Planning a part of a term anew, all else as it stands: a small integer model.

In a round whose slots are `carried`, the model divides these slots into places (patterns.py) and
every visit there takes a place at least as large: what it finds is packed. In other rounds it
keeps the totals and the worths known (worths.py), and packing.py has the last word.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from tanzhao.engines.planner.search import Limit
from tanzhao.engines.planner.term.board import NOWHERE, Board
from tanzhao.engines.planner.term.frame import Bools, Ints
from tanzhao.engines.planner.term.linear import INFINITE, Linear, Solved
from tanzhao.engines.planner.term.patterns import place_patterns
from tanzhao.engines.planner.term.worths import Cut

_MOST_PATTERNS = 1500
_MOST_NODES = 200
# Waiting costs so little where only room is sought: enough to keep early what waits dearly.
_FAINT = 0.05


@dataclass(frozen=True)
class Part:
    """What may change.

    Attributes:
        items: free to go to `options`: [len(items), R], or nowhere.
        carried: slots of a round that the free items share exactly; visits in them that are not
            free stay in the round and may change slot. Rounds not named keep totals only.
        cuts: for the rounds not carried.
        waiting_counts: whether all costs count, or hardly any but those of what is missing.
        lost_weights: by which the missing cost of each free item is multiplied; 1 if empty.
        missing_cost: of a visit that goes nowhere, and of coverage short by one.
    """

    items: Ints
    options: Bools
    missing_cost: float
    carried: Mapping[int, Sequence[int]] = field(default_factory=dict)
    cuts: Sequence[Cut] = ()
    waiting_counts: bool = True
    lost_weights: Sequence[float] = ()


class Patience:
    """Counts how often a solver asks whether to go on, and says no in the end."""

    def __init__(self, limit: Limit, asks: int) -> None:
        self._limit, self.left = limit, asks

    def is_over(self) -> bool:
        self.left -= 1
        return self.left < 0 or self._limit.stop()


class PartModel:
    """The integer model of a part. `improve` gives a board at least as good, or None."""

    def __init__(self, board: Board, part: Part) -> None:
        self.board, self.part, self.frame = board, part, board.frame
        frame = self.frame
        self.rest = board.copy()
        self.rest.rounds[part.items] = NOWHERE
        self.rest.slots[np.isin(frame.items, part.items)] = NOWHERE
        self.model = Linear()
        self.columns: dict[tuple[int, int], int] = {}
        self.start: list[float] = []
        self._by_round: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
        self.places: dict[int, list[tuple[tuple[int, ...], int]]] = {}
        self.asked = 0
        self._counted = 1.0 if part.waiting_counts else _FAINT
        self._place_items()
        self._open_clusters()
        self._keep_gaps()
        self._keep_rounds()
        self._keep_coverage()

    # --- the model -----------------------------------------------------------------------------

    def _column(
        self, cost: float, low: float, high: float, start: float, *, whole: bool = False
    ) -> int:
        self.start.append(start)
        return self.model.column(float(cost), float(low), float(high), whole=whole)

    def _place_items(self) -> None:
        frame, now = self.frame, self.board.rounds
        self.nowhere: dict[int, int] = {}
        for place, j in enumerate(self.part.items.tolist()):
            terms = []
            for r in np.flatnonzero(self.part.options[place]).tolist():
                column = self._column(
                    frame.costs[j, r] * self._counted, 0, 1, float(now[j] == r), whole=True
                )
                self.columns[j, r] = column
                self._by_round[r].append((j, column))
                terms.append((column, 1.0))
            weight = float(self.part.lost_weights[place]) if len(self.part.lost_weights) else 1.0
            lost = self.part.missing_cost * int(frame.counts[j]) * weight
            self.nowhere[j] = self._column(lost, 0, 1, float(now[j] < 0))
            self.model.row([*terms, (self.nowhere[j], 1.0)], 1.0, 1.0)

    def _open_clusters(self) -> None:
        frame = self.frame
        if not self.part.waiting_counts:
            return
        opened, now = self.rest.opened(), self.board.rounds
        users: defaultdict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
        for (j, r), column in self.columns.items():
            for c in frame.item_clusters[j]:
                if not opened[c, r]:
                    users[c, r].append((j, column))
        for (_c, r), here in users.items():
            used = float(any(now[j] == r for j, _ in here))
            z = self._column(frame.w_cluster, 0, 1, used)
            for _, column in here:
                self.model.row([(z, 1.0), (column, -1.0)], low=0.0)

    def _keep_gaps(self) -> None:
        frame, free = self.frame, set(self.part.items.tolist())
        for later in np.flatnonzero(frame.follows >= 0).tolist():
            first = int(frame.follows[later])
            if later not in free and first not in free:
                continue
            if later in free and first in free:
                self._both_free(first, later)
            elif later in free:
                at = int(self.rest.rounds[first])
                for r in range(frame.n_rounds):
                    if (later, r) in self.columns and (at < 0 or not frame.gap_fits[at, r]):
                        self.model.row([(self.columns[later, r], 1.0)], high=0.0)
            else:
                at = int(self.rest.rounds[later])
                if at < 0:
                    continue
                ok = [
                    (self.columns[first, r], 1.0)
                    for r in range(frame.n_rounds)
                    if (first, r) in self.columns and frame.gap_fits[r, at]
                ]
                self.model.row(ok, 1.0, 1.0)

    def _both_free(self, first: int, later: int) -> None:
        """Said from both ends, which is tight where the rounds that fit are a span."""
        frame = self.frame
        for r in range(frame.n_rounds):
            if (later, r) in self.columns:
                ok = [
                    (self.columns[first, q], 1.0)
                    for q in range(frame.n_rounds)
                    if (first, q) in self.columns and frame.gap_fits[q, r]
                ]
                self.model.row([*ok, (self.columns[later, r], -1.0)], low=0.0)
            if (first, r) in self.columns:
                ok = [
                    (self.columns[later, q], 1.0)
                    for q in range(frame.n_rounds)
                    if (later, q) in self.columns and frame.gap_fits[r, q]
                ]
                last = [(self.nowhere[later], 1.0), (self.columns[first, r], -1.0)]
                self.model.row([*ok, *last], low=0.0)

    def _keep_rounds(self) -> None:
        frame, rest = self.frame, self.rest
        loads = rest.loads
        counts = np.zeros(frame.n_rounds, dtype=np.int64)
        at = rest.rounds >= 0
        np.add.at(counts, rest.rounds[at], frame.counts[at])
        skills = np.zeros((frame.n_rounds, len(frame.skill_names)), dtype=np.int64)
        np.add.at(skills, rest.rounds[at], frame.skills[at])
        for r in sorted(set(self._by_round) | set(self.part.carried)):
            here = self._by_round[r]
            self._balance(r, here, int(loads[r]))
            self._at_most(here, frame.counts, int(frame.max_units[r] - counts[r]))
            for k in range(len(frame.skill_names)):
                room = int(frame.skill_caps[k, r] - skills[r, k])
                self._at_most(here, frame.skills[:, k], room)
            if r in self.part.carried:
                self._carry(r, here)
            else:
                capacity = int(frame.teams[r] * frame.caps[r])
                self._at_most(here, frame.loads, capacity - int(loads[r]))
                self._keep_worths(r, here)

    def _at_most(self, here: list[tuple[int, int]], weights: Ints, room: float) -> None:
        terms = [(column, float(weights[j])) for j, column in here if weights[j]]
        if sum(weight for _, weight in terms) > room:
            self.model.row(terms, high=float(room))

    def _balance(self, r: int, here: list[tuple[int, int]], fixed: int) -> None:
        if not self.part.waiting_counts:
            return
        frame, now = self.frame, self.board.rounds
        load = fixed + sum(int(frame.loads[j]) for j, _ in here if now[j] == r)
        over = max(0, load - int(frame.high[r]))
        under = max(0, int(frame.low[r]) - load)
        o = self._column(frame.w_balance, 0, INFINITE, over)
        u = self._column(frame.w_balance, 0, INFINITE, under)
        terms = [(column, float(frame.loads[j])) for j, column in here]
        self.model.row(
            [*terms, (o, -1.0), (u, 1.0)], float(frame.low[r] - fixed), float(frame.high[r] - fixed)
        )

    def _keep_worths(self, r: int, here: list[tuple[int, int]]) -> None:
        frame = self.frame
        fixed = frame.of_size[self.rest.rounds == r].sum(axis=0)
        for cut in self.part.cuts:
            if r in cut.rounds:
                worth = cut.worth
                room = float(frame.teams[r] - fixed @ worth.values)
                terms = [(column, float(frame.of_size[j] @ worth.values)) for j, column in here]
                terms = [(column, weight) for column, weight in terms if weight > 1e-9]
                if sum(weight for _, weight in terms) > room:
                    # A round packed by a rule of thumb may lie a hair above a rounded worth.
                    self.model.row(terms, high=max(room, 0.0) + 1e-7)

    def _carry(self, r: int, here: list[tuple[int, int]]) -> None:
        """Divide the carried slots into places, and give every visit one large enough."""
        frame, slots = self.frame, self.part.carried[r]
        stay = self._staying(r)
        need = np.zeros(len(frame.sizes), dtype=np.int64)
        np.add.at(need, frame.size_of[stay], 1)
        present = need.copy()
        for j, _ in here:
            present = present + frame.of_size[j]
        sizes = np.flatnonzero(present)
        patterns = place_patterns(
            frame.sizes[sizes].tolist(), int(frame.caps[r]), most=_MOST_PATTERNS
        )
        if len(patterns) == _MOST_PATTERNS:
            patterns = sorted({*patterns, *self._patterns_now(r)})
        used = self._patterns_used(r, patterns)
        self.places[r] = [
            (pattern, self._column(0, 0, len(slots), used[p], whole=True))
            for p, pattern in enumerate(patterns)
        ]
        self.model.row([(column, 1.0) for _, column in self.places[r]], high=float(len(slots)))
        for size in sizes.tolist():
            least = int(frame.sizes[size])
            terms = [
                (column, float(sum(s >= least for s in pattern)))
                for pattern, column in self.places[r]
                if pattern[-1] >= least
            ]
            fixed = int(need[size:].sum())
            terms += [
                (column, -float(frame.of_size[j, size:].sum()))
                for j, column in here
                if frame.of_size[j, size:].any()
            ]
            self.model.row(terms, low=float(fixed))

    def _staying(self, r: int) -> Ints:
        """Visits that stay in the round and lie in its carried slots, or in none."""
        visits = self.rest.visits_in(r)
        slots = self.rest.slots[visits]
        loose: Ints = visits[np.isin(slots, self.part.carried[r]) | (slots < 0)]
        return loose

    def _patterns_now(self, r: int) -> list[tuple[int, ...]]:
        """The slots as they are, should there be too many ways to list."""
        frame, board = self.frame, self.board
        visits = board.visits_in(r)
        groups = [visits[board.slots[visits] == slot] for slot in self.part.carried[r]]
        return [tuple(sorted(frame.efforts[g].tolist())) for g in groups if len(g)]

    def _patterns_used(self, r: int, patterns: list[tuple[int, ...]]) -> list[float]:
        """How often each pattern is used now: the first in which each slot's visits fit."""
        used = [0.0] * len(patterns)
        for now in self._patterns_now(r):
            for p, pattern in enumerate(patterns):
                if len(pattern) >= len(now) and all(
                    place >= effort
                    for place, effort in zip(reversed(pattern), reversed(now), strict=False)
                ):
                    used[p] += 1.0
                    break
        return used

    def _keep_coverage(self) -> None:
        frame = self.frame
        at = self.rest.rounds >= 0
        years = frame.years[self.rest.rounds[at]]
        for year, wanted in enumerate(frame.problem.coverage):
            done = int(frame.firsts[at][years <= year].sum())
            terms = [
                (column, float(frame.firsts[j]))
                for (j, r), column in self.columns.items()
                if frame.firsts[j] and frame.years[r] <= year
            ]
            if not terms or done >= wanted:
                continue
            now = done + sum(
                int(frame.firsts[j])
                for (j, r) in self.columns
                if self.board.rounds[j] == r and frame.years[r] <= year
            )
            short = self._column(self.part.missing_cost, 0, INFINITE, max(0, wanted - now))
            self.model.row([*terms, (short, 1.0)], low=float(wanted - done))

    # --- its answer ----------------------------------------------------------------------------

    def solve(
        self, *, limit: Limit, until: float, asks: int, seed: int, gap: float = 0.0
    ) -> Solved:
        """Solve the model, or stop after the solver has asked `asks` times whether to go on.

        How often it asks is the same in every run, unlike the seconds that it takes.
        """
        patience = Patience(limit, asks)
        solved = self.model.solve(
            limit=replace(limit, stop=patience.is_over),
            until=until,
            nodes=_MOST_NODES,
            seed=seed,
            gap=gap,
            start=dict(enumerate(self.start)),
        )
        self.asked = asks - max(0, patience.left)
        return solved

    def board_of(self, solved: Solved) -> Board:
        """The board with the rounds that a solution gives; slots of carried rounds filled."""
        frame, found = self.frame, self.rest.copy()
        for (j, r), column in self.columns.items():
            if solved.values[column] > 0.5:
                found.rounds[j] = r
        for j in self.part.items.tolist():
            if found.rounds[j] == self.board.rounds[j]:
                visits = list(frame.members[j])
                found.slots[visits] = self.board.slots[visits]
        for r, slots in self.part.carried.items():
            self._seat(found, r, slots, solved)
        return found

    def _seat(self, found: Board, r: int, slots: Sequence[int], solved: Solved) -> None:
        frame = self.frame
        visits = found.visits_in(r)
        inside = visits[np.isin(found.slots[visits], slots) | (found.slots[visits] < 0)]
        moved = np.isin(frame.items[inside], self.part.items)
        stay = np.isin(inside, self._staying(r))
        inside = inside[moved | stay]
        places = []
        free = list(slots)
        for pattern, column in self.places[r]:
            for _ in range(round(float(solved.values[column]))):
                if free:
                    slot = free.pop(0)
                    places += [(size, slot) for size in pattern]
        places.sort(key=lambda place: (-place[0], place[1]))
        found.slots[inside] = NOWHERE
        order = inside[np.argsort(-frame.efforts[inside], kind="stable")]
        for v, (size, slot) in zip(order.tolist(), places, strict=False):
            if frame.efforts[v] <= size:
                found.slots[v] = slot
