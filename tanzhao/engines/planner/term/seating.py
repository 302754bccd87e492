"""A plan as slots and the visits in them, changed one visit at a time, each change counted at once.

Visits without a slot wait on the bench: a slot without end, in a round of its own after the last,
where waiting costs more than anywhere else. So a visit that loses its place moves like any other.
"""

import numpy as np

from tanzhao.engines.planner.term.board import Board
from tanzhao.engines.planner.term.frame import Floats, Frame
from tanzhao.engines.planner.term.problem import FIRST, LOOK_BACK

type Visits = tuple[int, ...]

_ENDLESS = 10**12
# A large visit on the bench costs more than a small one, since a small one finds room sooner.
_BENCH_BASE = 0.5


class Seating:
    """Visits V in slots S, both as numbers; slot `bench` is the last, its round is R.

    A slot never holds more than its person-days, and a round keeps every rule but coverage as
    long as `price` allowed what was moved.

    Attributes:
        at: slot of each visit. inside: visits of each slot. room: person-days left in each.
        round_of: round of each slot. slots_in: slots of each round.
        held: visits of joint groups; they change rounds only as a group.
        out: visits that no round takes, or whose joint group has no round: never moved.
        missing_cost: of a visit of a whole slot on the bench, and of coverage short by one.
    """

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        n_rounds = frame.n_rounds
        teams = frame.teams.tolist()
        self.bench_round = n_rounds
        self.round_of = [r for r in range(n_rounds) for _ in range(teams[r])] + [n_rounds]
        self.bench = len(self.round_of) - 1
        starts = np.concatenate([[0], np.cumsum(frame.teams)]).tolist()
        self.slots_in = [list(range(starts[r], starts[r + 1])) for r in range(n_rounds)]
        self.cap = [int(frame.caps[r]) for r in self.round_of[:-1]] + [_ENDLESS]
        self.efforts: list[int] = frame.efforts.tolist()
        self.items: list[int] = frame.items.tolist()
        self.held = [len(frame.members[j]) > 1 for j in self.items]
        self._read_rules()
        self._read_costs()
        self.missing_cost = 0.0
        self.clear()

    def _read_rules(self) -> None:
        frame, n_rounds = self.frame, self.frame.n_rounds
        number = {visit: v for v, visit in enumerate(frame.visits)}
        self._is_first = [visit == FIRST for _, visit in frame.visits]
        self.other = [
            number.get((unit, LOOK_BACK if visit == FIRST else FIRST), -1)
            for unit, visit in frame.visits
        ]
        gaps = np.ones((n_rounds + 1, n_rounds + 1), dtype=np.bool_)
        gaps[:n_rounds, :n_rounds] = frame.gap_fits
        self._gap_fits: list[list[bool]] = gaps.tolist()
        self._max_units = [*frame.max_units.tolist(), _ENDLESS]
        self._skill_caps = [[*caps, _ENDLESS] for caps in frame.skill_caps.tolist()]
        units = [frame.problem.unit[unit] for unit, _ in frame.visits]
        self._skills = [
            [k for k, name in enumerate(frame.skill_names) if name in unit.skills] for unit in units
        ]
        # What no round takes cannot be covered, and should not keep the rest from ending.
        most = int(frame.firsts[frame.allowed.any(axis=1)].sum())
        self._need = [min(wanted, most) for wanted in frame.problem.coverage]
        # Years after the last that coverage counts are one, and so is never.
        self._year = [min(int(y), len(self._need)) for y in frame.years] + [len(self._need)]

    def _read_costs(self) -> None:
        frame = self.frame
        months = frame.months.tolist()
        self._waits: list[list[float]] = []
        for unit, visit in frame.visits:
            weight = frame.problem.unit[unit].weight_of(visit)
            self._waits.append([float(weight * month) for month in months] + [0.0])
        self._clusters = frame.clusters.tolist()
        self._low = frame.low.tolist()
        self._high = frame.high.tolist()

    def clear(self) -> None:
        """Put every visit on the bench, those of joint groups out of the game."""
        frame, bench, n = self.frame, self.bench, self.bench_round + 1
        self.at = [bench] * len(self.items)
        self.inside: list[list[int]] = [[] for _ in self.round_of]
        self.room = list(self.cap)
        self._used = [[0] * n for _ in range(frame.n_clusters)]
        self._count = [0] * n
        self._skilled = [[0] * n for _ in frame.skill_names]
        self._load = [0] * n
        self._done = [0] * (len(self._need) + 1)  # first visits by the end of each year
        self.short = sum(self._need)
        alone = frame.allowed.tolist()
        self.out = [
            held or not any(alone[j]) for held, j in zip(self.held, self.items, strict=True)
        ]
        self.may = [
            [False] * n if out else [*alone[j], True]
            for out, j in zip(self.out, self.items, strict=True)
        ]
        self.inside[bench] = [v for v, out in enumerate(self.out) if not out]

    def price_bench(self, missing_cost: float) -> None:
        self.missing_cost = missing_cost
        largest = max(self.cap[:-1], default=1) or 1
        for v, waits in enumerate(self._waits):
            waits[-1] = missing_cost * (_BENCH_BASE + self.efforts[v] / largest)

    def price_moves(self, moves: Floats) -> None:
        """Let a visit cost `moves`, [V, R], instead of what waiting does."""
        self._waits = [[*row, 0.0] for row in moves.tolist()]

    # --- looking -------------------------------------------------------------------------------

    @property
    def is_full(self) -> bool:
        """Whether every visit that can have a slot has one, and coverage is reached."""
        return not self.inside[self.bench] and self.short == 0

    @property
    def rank(self) -> int:
        """Visits without a slot, and by how many the years miss their coverage."""
        return len(self.inside[self.bench]) + self.short

    @property
    def cost(self) -> float:
        """All costs, the bench and missing coverage at their prices."""
        bench = self.bench_round
        total: float = sum(
            self._waits[v][self.round_of[g]] for v, g in enumerate(self.at) if not self.out[v]
        )
        opened = sum(n > 0 for used in self._used for n in used[:bench])
        leaving = sum(
            max(0, load - high, low - load)
            for load, low, high in zip(self._load, self._low, self._high, strict=False)
        )
        total += self.frame.w_cluster * opened + self.frame.w_balance * leaving
        return total + self.missing_cost * self.short

    def may_go(self, v: int, r: int) -> bool:
        """Whether a round allows the visit, and the gap to the unit's other visit does."""
        if not self.may[v][r]:
            return False
        other = self.other[v]
        if other < 0 or self.out[other]:
            return True
        there = self.round_of[self.at[other]]
        return self._gap_fits[r][there] if self._is_first[v] else self._gap_fits[there][r]

    def is_near(self, v: int, r: int) -> bool:
        """Whether a round takes the visit and goes to its cluster anyway."""
        return self.may[v][r] and self._used[self._clusters[v]][r] > 0

    def overfull(self, r: int) -> bool:
        """Whether a round has more visits, or more that need a skill, than it can take."""
        return self._count[r] > self._max_units[r] or any(
            skilled[r] > caps[r]
            for skilled, caps in zip(self._skilled, self._skill_caps, strict=True)
        )

    def price(self, going: Visits, coming: Visits, q: int, r: int) -> float | None:
        """What an exchange adds to the cost: `going` from round q to r, `coming` from r to q.

        Returns: None if a rule forbids it.
        """
        for u in going:
            if not self.may_go(u, r):
                return None
        for u in coming:
            if not self.may_go(u, q):
                return None
        more = len(going) - len(coming)
        if more > 0:
            if self._count[r] + more > self._max_units[r]:
                return None
        elif more < 0 and self._count[q] - more > self._max_units[q]:
            return None
        days, firsts, change, waits = 0, 0, 0.0, self._waits
        for u in going:
            if self._skills[u] and not self._has_skills(u, going, coming, r):
                return None
            days += self.efforts[u]
            firsts += self._is_first[u]
            change += waits[u][r] - waits[u][q]
        for u in coming:
            if self._skills[u] and not self._has_skills(u, coming, going, q):
                return None
            days -= self.efforts[u]
            firsts -= self._is_first[u]
            change += waits[u][q] - waits[u][r]
        if days:
            change += self._price_of_load(q, -days) + self._price_of_load(r, days)
        if firsts:
            change += self._price_of_years(firsts, self._year[q], self._year[r])
        return change + self._price_of_clusters(going, coming, q, r)

    def _has_skills(self, u: int, these: Visits, those: Visits, r: int) -> bool:
        """Whether a round has the people for visits that come for others that go."""
        for k in self._skills[u]:
            more = sum(k in self._skills[x] for x in these)
            more -= sum(k in self._skills[x] for x in those)
            if self._skilled[k][r] + more > self._skill_caps[k][r]:
                return False
        return True

    def _price_of_load(self, r: int, days: int) -> float:
        if r == self.bench_round:
            return 0.0
        load, low, high = self._load[r], self._low[r], self._high[r]
        new = load + days
        if low <= load <= high and low <= new <= high:
            return 0.0
        before = max(0, load - high, low - load)
        return float(self.frame.w_balance * (max(0, new - high, low - new) - before))

    def _price_of_years(self, firsts: int, old: int, new: int) -> float:
        """What coverage misses more when so many first visits go from one year to another."""
        if old > new:
            old, new, firsts = new, old, -firsts
        short = 0
        for y in range(old, new):
            over = self._done[y] - self._need[y]
            short += max(0, firsts - over) - max(0, -over)
        return self.missing_cost * short

    def _price_of_clusters(self, going: Visits, coming: Visits, q: int, r: int) -> float:
        here = [self._clusters[u] for u in going]
        back = [self._clusters[u] for u in coming]
        if here == back:
            return 0.0
        opened, bench = 0, self.bench_round
        for c in {*here, *back}:
            more = here.count(c) - back.count(c)
            used = self._used[c]
            if q != bench:
                opened += (used[q] > more) - (used[q] > 0)
            if r != bench:
                opened += (used[r] + more > 0) - (used[r] > 0)
        return float(self.frame.w_cluster * opened)

    # --- changing ------------------------------------------------------------------------------

    def _count_visit(self, v: int, r: int, sign: int) -> None:
        """Count a visit into a round (1) or out of it (-1)."""
        if r == self.bench_round:
            return
        self._used[self._clusters[v]][r] += sign
        self._count[r] += sign
        self._load[r] += sign * self.efforts[v]
        for k in self._skills[v]:
            self._skilled[k][r] += sign
        if self._is_first[v]:
            for y in range(self._year[r], len(self._need)):
                before = max(0, self._need[y] - self._done[y])
                self._done[y] += sign
                self.short += max(0, self._need[y] - self._done[y]) - before

    def move(self, v: int, slot: int) -> None:
        """Give a visit another slot; whether it fits there is for the caller to see."""
        old, effort = self.at[v], self.efforts[v]
        q, r = self.round_of[old], self.round_of[slot]
        if q != r:
            self._count_visit(v, q, -1)
            self._count_visit(v, r, 1)
        self.inside[old].remove(v)
        self.inside[slot].append(v)
        self.room[old] += effort
        self.room[slot] -= effort
        self.at[v] = slot

    # --- from boards and back ------------------------------------------------------------------

    def take(self, board: Board) -> None:
        """Hold what a board holds: its visits with a slot, joint groups only whole."""
        self.clear()
        frame = self.frame
        for j in range(frame.n_items):
            r, members = int(board.rounds[j]), list(frame.members[j])
            slots = board.slots[members]
            if r < 0 or (slots < 0).any():
                continue
            if len(members) > 1:
                self.bind(members, r)
            for v, slot in zip(members, slots.tolist(), strict=True):
                self.move(v, self.slots_in[r][slot])

    def bind(self, members: list[int], r: int) -> None:
        """Bring the visits of a joint group into the game: on the bench, and only for `r`."""
        for v in members:
            if self.out[v]:
                self.out[v] = False
                self.inside[self.bench].append(v)
            self.may[v] = [q == r for q in range(self.bench_round)] + [False]

    def unbind(self, members: list[int]) -> None:
        """Take the visits of a joint group out of the game; they are on the bench."""
        for v in members:
            self.out[v] = True
            self.inside[self.bench].remove(v)
            self.may[v] = [False] * (self.bench_round + 1)

    def hold(self, at: list[int]) -> None:
        """Go back to slots noted before; joint groups must be in the rounds they had then."""
        for v, slot in enumerate(at):
            if self.at[v] != slot:
                self.move(v, slot)

    def board(self, at: list[int] | None = None) -> Board:
        """What it holds, or held when its slots were `at`, as a board: without groups in parts,
        or look-backs without a first."""
        frame, board = self.frame, Board.empty(self.frame)
        for v, slot in enumerate(at or self.at):
            r = self.round_of[slot]
            if r != self.bench_round:
                board.rounds[self.items[v]] = r
                board.slots[v] = slot - self.slots_in[r][0]
        for j in range(frame.n_items):
            members = list(frame.members[j])
            if board.rounds[j] >= 0 and (board.slots[members] < 0).any():
                board.take_out(j)
        for later in np.flatnonzero(frame.follows >= 0).tolist():
            if board.rounds[later] >= 0 and board.rounds[frame.follows[later]] < 0:
                board.take_out(later)
        return board
