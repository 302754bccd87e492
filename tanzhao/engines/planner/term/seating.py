"""A plan as slots and the visits in them, changed one visit at a time, each change counted at once.

Visits without a slot wait on the bench: a slot without end, in a round of its own after the last,
where waiting costs more than anywhere else. So a visit that loses its place moves like any other.
"""

import numpy as np

from tanzhao.engines.planner.term.board import Board
from tanzhao.engines.planner.term.frame import Floats, Frame, Ints
from tanzhao.engines.planner.term.problem import FIRST, LOOK_BACK
from tanzhao.engines.planner.term.seats import (
    GOING,
    HAND,
    Rules,
    Seats,
    hold,
    may_go,
    move_one,
    price_one,
    total_cost,
)

type Visits = tuple[int, ...]

_ENDLESS = 10**12
# A large visit on the bench costs more than a small one, since a small one finds room sooner.
_BENCH_BASE = 0.5
# What a slot holds besides what fits it, while visits change places.
_ON_THE_WAY = 4


class Seating:
    """Visits V in slots S, both as numbers; slot `bench` is the last, its round is R.

    A slot never holds more than its person-days, and a round keeps every rule but coverage as
    long as `price` allowed what was moved.

    Attributes:
        seats, rules: what changes and what does not (seats.py).
        round_of: round of each slot. slots_in: slots of each round. cap: days of each slot.
        held: visits of joint groups; they change rounds only as a group.
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
        self.rules = self._rules()
        self._hand = np.full(HAND, -1, dtype=np.int64)
        self._waits = self._usual_waits()
        self.clear()

    def _rules(self) -> Rules:
        frame, n_rounds, many = self.frame, self.frame.n_rounds, len(self.efforts)
        number = {visit: v for v, visit in enumerate(frame.visits)}
        others = [
            number.get((unit, LOOK_BACK if visit == FIRST else FIRST), -1)
            for unit, visit in frame.visits
        ]
        gaps = np.ones((n_rounds + 1, n_rounds + 1), dtype=np.bool_)
        gaps[:n_rounds, :n_rounds] = frame.gap_fits
        units = [frame.problem.unit[unit] for unit, _ in frame.visits]
        skills = np.array([[k in unit.skills for k in frame.skill_names] for unit in units], bool)
        # What no round takes cannot be covered, and should not keep the rest from ending.
        most = int(frame.firsts[frame.allowed.any(axis=1)].sum())
        need = np.minimum(np.array(frame.problem.coverage, dtype=np.int64), most)
        by_effort = np.argsort(frame.efforts, kind="stable").astype(np.int64)
        self._width = _most_in(self.cap[:-1], self.efforts)
        return Rules(
            round_of=np.array(self.round_of, dtype=np.int64),
            starts=self._width * np.arange(len(self.round_of) + 1),
            efforts=frame.efforts,
            clusters=frame.clusters,
            is_first=np.array([visit == FIRST for _, visit in frame.visits], bool),
            other=np.array(others, dtype=np.int64),
            skills=skills.reshape(many, len(frame.skill_names)),
            is_skilled=skills.reshape(many, len(frame.skill_names)).any(axis=1),
            gap_fits=gaps,
            max_units=np.append(frame.max_units, _ENDLESS),
            low=np.append(frame.low, -_ENDLESS),
            high=np.append(frame.high, _ENDLESS),
            skill_caps=np.pad(frame.skill_caps, ((0, 0), (0, 1)), constant_values=_ENDLESS),
            need=need,
            # Years after the last that coverage counts are one, and so is never.
            year=np.append(np.minimum(frame.years, len(need)), len(need)),
            by_effort=by_effort,
            sorted_efforts=frame.efforts[by_effort],
            bench=self.bench,
            w_cluster=float(frame.w_cluster),
            w_balance=float(frame.w_balance),
        )

    def _usual_waits(self) -> Floats:
        """[V, R + 1], what a visit costs in a round; nothing on the bench, until it is priced."""
        frame = self.frame
        weights = [frame.problem.unit[unit].weight_of(visit) for unit, visit in frame.visits]
        waits = np.zeros((len(weights), frame.n_rounds + 1))
        waits[:, :-1] = np.array(weights, dtype=np.float64)[:, None] * frame.months[None, :]
        return waits

    def clear(self) -> None:
        """Put every visit on the bench, those of joint groups out of the game."""
        frame, n = self.frame, self.bench_round + 1
        alone = frame.allowed[frame.items]
        out = np.array(self.held, dtype=np.bool_) | ~alone.any(axis=1)
        many = len(out)
        may = np.zeros((many, n), dtype=np.bool_)
        may[~out, :-1] = alone[~out]
        may[~out, -1] = True
        inside = np.full(self.bench * self._width + many, -1, dtype=np.int64)
        playing = np.flatnonzero(~out)
        place = np.full(many, -1, dtype=np.int64)
        place[playing] = self.bench * self._width + np.arange(len(playing))
        inside[place[playing]] = playing
        slots = np.zeros(len(self.round_of), dtype=np.int64)
        slots[-1] = len(playing)
        need = self.rules.need
        self.seats = Seats(
            at=np.full(many, self.bench, dtype=np.int64),
            inside=inside,
            place=place,
            many=slots,
            room=np.array(self.cap, dtype=np.int64),
            out=out,
            may=may,
            waits=self._waits,
            used=np.zeros((frame.n_clusters, n), dtype=np.int64),
            visits=np.zeros(n, dtype=np.int64),
            load=np.zeros(n, dtype=np.int64),
            skilled=np.zeros((len(frame.skill_names), n), dtype=np.int64),
            done=np.zeros(len(need) + 1, dtype=np.int64),
            short=np.array([need.sum()], dtype=np.int64),
            missing_cost=np.zeros(1),
        )

    def price_bench(self, missing_cost: float) -> None:
        self.seats.missing_cost[0] = missing_cost
        largest = max(self.cap[:-1], default=1) or 1
        self._waits[:, -1] = missing_cost * (_BENCH_BASE + self.frame.efforts / largest)

    def price_moves(self, moves: Floats) -> None:
        """Let a visit cost `moves`, [V, R], instead of what waiting does."""
        self._waits[:, :-1] = moves
        self._waits[:, -1] = 0.0

    # --- looking -------------------------------------------------------------------------------

    def inside(self, slot: int) -> list[int]:
        """The visits of a slot."""
        begin = int(self.rules.starts[slot])
        found: list[int] = self.seats.inside[begin : begin + int(self.seats.many[slot])].tolist()
        return found

    def slot_of(self, v: int) -> int:
        return int(self.seats.at[v])

    def is_out(self, v: int) -> bool:
        """Whether no round takes the visit, or its joint group has no round: it never moves."""
        return bool(self.seats.out[v])

    @property
    def is_full(self) -> bool:
        """Whether every visit that can have a slot has one, and coverage is reached."""
        return self.rank == 0

    @property
    def rank(self) -> int:
        """Visits without a slot, and by how many the years miss their coverage."""
        return int(self.seats.many[self.bench] + self.seats.short[0])

    @property
    def cost(self) -> float:
        """All costs, the bench and missing coverage at their prices."""
        return float(total_cost(self.seats, self.rules))

    def may_go(self, v: int, r: int) -> bool:
        """Whether a round allows the visit, and the gap to the unit's other visit does."""
        return bool(may_go(self.seats, self.rules, v, r))

    def overfull(self, r: int) -> bool:
        """Whether a round has more visits, or more that need a skill, than it can take."""
        seats, rules = self.seats, self.rules
        return bool(
            seats.visits[r] > rules.max_units[r]
            or (seats.skilled[:, r] > rules.skill_caps[:, r]).any()
        )

    def price(self, going: Visits, coming: Visits, q: int, r: int) -> float:
        """What an exchange adds to the cost: `going` from round q to r, `coming` from r to q, at
        most two of each; FORBIDDEN if a rule forbids it."""
        self._hand[:] = -1
        self._hand[: len(going)] = going
        self._hand[GOING : GOING + len(coming)] = coming
        return float(price_one(self.seats, self.rules, self._hand, q, r))

    # --- changing ------------------------------------------------------------------------------

    def move(self, v: int, slot: int) -> None:
        """Give a visit another slot; whether it fits there is for the caller to see."""
        if slot != self.bench and self.seats.many[slot] == self._width:
            raise ValueError(f"slot {slot} holds {self._width} visits, and none more")
        move_one(self.seats, self.rules, v, slot)

    # --- from boards and back ------------------------------------------------------------------

    def take(self, board: Board) -> None:
        """Hold what a board holds: its visits with a slot, joint groups only whole."""
        self.clear()
        frame, at = self.frame, self.seats.at.copy()
        for j in range(frame.n_items):
            r, members = int(board.rounds[j]), list(frame.members[j])
            slots = board.slots[members]
            if r < 0 or (slots < 0).any():
                continue
            if len(members) > 1:
                self.bind(members, r)
            at[members] = self.slots_in[r][0] + slots
        self.hold(at)

    def bind(self, members: list[int], r: int) -> None:
        """Bring the visits of a joint group into the game: on the bench, and only for `r`."""
        seats = self.seats
        for v in members:
            if seats.out[v]:
                seats.out[v] = False
                seats.place[v] = self.rules.starts[self.bench] + seats.many[self.bench]
                seats.inside[seats.place[v]] = v
                seats.many[self.bench] += 1
        seats.may[members] = False
        seats.may[members, r] = True

    def unbind(self, members: list[int]) -> None:
        """Take the visits of a joint group out of the game; they are on the bench."""
        seats, begin = self.seats, self.rules.starts[self.bench]
        stay = np.array([v for v in self.inside(self.bench) if v not in members], dtype=np.int64)
        seats.inside[begin : begin + len(stay)] = stay
        seats.place[stay] = begin + np.arange(len(stay))
        seats.many[self.bench] = len(stay)
        seats.out[members] = True
        seats.may[members] = False

    def hold(self, at: Ints) -> None:
        """Go back to slots noted before; joint groups must be in the rounds they had then."""
        many = np.bincount(at[at != self.bench], minlength=1)
        if many.max() > self._width:
            raise ValueError(f"no slot holds more than {self._width} visits")
        hold(self.seats, self.rules, at)

    def board(self, at: Ints | None = None) -> Board:
        """What it holds, or held when its slots were `at`, as a board: without groups in parts,
        or look-backs without a first."""
        frame, board = self.frame, Board.empty(self.frame)
        for v, slot in enumerate((self.seats.at if at is None else at).tolist()):
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


def _most_in(caps: list[int], efforts: list[int]) -> int:
    """How many visits a slot holds at most."""
    least = min(efforts, default=1)
    most = len(efforts) if least < 1 else max(caps, default=0) // least
    return min(len(efforts), most) + _ON_THE_WAY
