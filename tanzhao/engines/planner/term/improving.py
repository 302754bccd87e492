"""Improving a plan: parts of it are planned anew, one after the other, and it is cooled between.

Two kinds of part. A *slots* part takes some slots of a few rounds and shares out their visits
again, packed by construction; it also finds room for visits that have none. A *clusters* part
takes some clusters over all rounds; the rounds it touches are packed afterwards. Cooling
(cooling.py) exchanges visits between all slots; a small term with all visits placed needs nothing
else.
"""

import random
from dataclasses import dataclass, replace

import numpy as np

from tanzhao.engines.planner.search import Limit
from tanzhao.engines.planner.term.board import Board
from tanzhao.engines.planner.term.cooling import Cooling
from tanzhao.engines.planner.term.frame import Bools, Floats, Ints
from tanzhao.engines.planner.term.linear import Status
from tanzhao.engines.planner.term.making_room import suits_exchanges
from tanzhao.engines.planner.term.packing import pack_round
from tanzhao.engines.planner.term.part import Part, PartModel
from tanzhao.engines.planner.term.worths import Cut, Worths

# Where seconds limit the search, no part takes more than this many of them.
_STEP_SECONDS = 1.5
_REPAIR_SECONDS = 0.4
_STEP_ASKS = 60
_REPAIR_ASKS = 20
_STEP_GAP = 5e-4
_BARE_GAP = 0.02
_TRIES_WITH_COST = 6
# How often a part of clusters is solved until its rounds pack; what a worth must miss a round by to
# be kept in it; slots carried beside those that the part shares in.
_TRIES_TO_PACK = 4
_LEAST_OF_SLOT = 1e-3
_MORE_SLOTS = 4
# What a step of cooling takes, in what parts take.
_COOLING_EFFORT = 10
# How many coolings begin with a board that came from elsewhere.
_COOLINGS_OF_START = 3


@dataclass
class Size:
    """How many visits a part holds, grown while parts are easy and shrunk when they are not."""

    visits: float
    least: float
    most: float

    def learn(self, *, solved: bool) -> None:
        factor = 1.06 if solved else 0.85
        self.visits = min(self.most, max(self.least, self.visits * factor))


class Improver:
    """Holds the best board and makes one step at a time."""

    def __init__(
        self,
        board: Board,
        *,
        dearness: Floats,
        missing_cost: float,
        cuts: list[Cut],
        limit: Limit,
        seed: int,
    ) -> None:
        self.board, self.frame = board, board.frame
        self.dearness, self.missing_cost, self.cuts = dearness, missing_cost, cuts
        self.limit, self._seed = limit, seed
        self._dice = random.Random(seed)  # noqa: S311 - no secret, a search
        n = len(self.frame.visits)
        self.repair_size = Size(24, 12, max(12, min(100, n)))
        self.slots_size = Size(40, 16, max(16, min(160, n)))
        self.clusters_size = Size(50, 16, max(16, min(400, n)))
        self._gain = {"cooling": 20.0}
        if not suits_exchanges(self.frame):
            self._gain |= {"slots": 20.0, "clusters": 20.0}
        self._cooling: Cooling | None = None
        self._starts: list[Board] = []
        self._stuck = 0
        self._makers: dict[int, Worths] = {}

    @property
    def is_at_first_cooling(self) -> bool:
        """Whether the plan of a small term is packed and has not been cooled to the end yet."""
        if self.board.missing:
            return False
        if self._cooling is None:
            return suits_exchanges(self.frame)
        return self._cooling.is_first

    def begin_from(self, board: Board) -> None:
        """Let the next coolings begin with `board`, in which visits may be missing."""
        self._starts = [board] * _COOLINGS_OF_START
        if board.rank < self.board.rank:
            self.board = board

    def step(self, until: float) -> bool:
        """Plan one part anew; True if the board became better."""
        before = self.board.rank
        if self.board.missing:
            found = self._repair(until)
        else:
            found = self._improve(until)
        if found is not None and (found.rank <= before or self._is_detour(found, before[0])):
            self.board = found
        better = self.board.rank < before
        # While visits have no place, a cheaper board alone is no progress.
        got_on = self.board.rank[0] < before[0] if before[0] else better
        self._stuck = 0 if got_on else self._stuck + 1
        return better

    def _improve(self, until: float) -> Board | None:
        if self._cooling is None:
            self._cooling = Cooling(
                self.board,
                dearness=self.dearness,
                go_on=lambda: not self.limit.stop() and self.limit.stopwatch() < until,
                seed=self._seed,
            )
        is_cooling = self._cooling.is_first or self._starts
        kind = "cooling" if is_cooling else self._kind()
        if kind == "slots":
            return self._slots_step(until)
        if kind == "clusters":
            return self._clusters_step(until)
        start = self._starts.pop() if self._starts and not self._cooling.is_first else None
        found = self._cooling.step(self.board, start=start)
        self._learn("cooling", found, _COOLING_EFFORT)
        return found

    def _is_detour(self, found: Board, missing: int) -> bool:
        """While visits have no place, a dearer board with as many missing is a way on."""
        return missing > 0 and self._stuck >= _TRIES_WITH_COST and found.rank[0] <= missing

    def _kind(self) -> str:
        """The kind of the next step: rather one that gained much of late, but each at times."""
        least = 0.06 * sum(self._gain.values())
        kinds = sorted(self._gain)
        return self._dice.choices(kinds, [max(least, self._gain[kind]) for kind in kinds])[0]

    def _learn(self, kind: str, found: Board | None, effort: int) -> None:
        gain = max(0, self.board.cost - found.cost) if found is not None else 0
        rate = gain / effort
        self._gain[kind] = max(1e-3, 0.85 * self._gain[kind] + 0.15 * rate)

    # --- room for what has none ----------------------------------------------------------------

    def _repair(self, until: float) -> Board | None:
        """Take one item without a place, and share out slots of some rounds where it may go."""
        frame, board = self.frame, self.board
        lost = np.flatnonzero((board.rounds < 0) & frame.allowed.any(axis=1))
        lost = lost[(frame.follows[lost] < 0) | (board.rounds[frame.follows[lost]] >= 0)]
        if not len(lost):
            return None
        item = int(self._dice.choice(lost.tolist()))
        bare = self._stuck >= _TRIES_WITH_COST and self._stuck % 2 == 0
        wide = 4 + self._dice.randrange(5) if bare else 2 + self._stuck // 4 % 4
        rounds = self._rounds_for(item, wide)
        size = self.repair_size.visits * (1 + self._stuck % 15 / 8)
        others = lost[frame.allowed[lost][:, rounds].any(axis=1)].tolist()
        chosen = {item, *self._dice.sample(others, min(len(others), 3))}
        chosen |= {int(j) for k in chosen for j in np.flatnonzero(frame.follows == k)}
        chosen |= {int(frame.follows[k]) for k in chosen if self._may_loosen(int(frame.follows[k]))}
        extra = np.array(sorted(chosen), dtype=np.int64)
        if bare:  # without costs such a model is easy, and may be large
            size = 3 * self.repair_size.visits
        return self._share_slots(rounds, size, extra, until, near=float("inf"), bare=bare)

    def _may_loosen(self, first: int) -> bool:
        """Whether a look-back without a place may move its first visit this time."""
        return first >= 0 and self.frame.counts[first] == 1 and self._dice.random() < 0.5

    def _rounds_for(self, item: int, wide: int) -> list[int]:
        """Rounds where an item may go and those its look-back needs, roomy ones rather."""
        frame = self.frame
        room = frame.teams * frame.caps - self.board.loads
        weight = np.maximum(room / np.maximum(frame.teams * frame.caps, 1), 0) + 0.02
        rounds: list[int] = []
        for wanted in (item, *np.flatnonzero(frame.follows == item).tolist(), -1):
            allowed = frame.allowed[wanted] if wanted >= 0 else frame.teams > 0
            first = int(frame.follows[wanted]) if wanted >= 0 else -1
            if first >= 0 and self.board.rounds[first] >= 0:
                allowed = allowed & frame.gap_fits[self.board.rounds[first]]
            choice = [r for r in np.flatnonzero(allowed).tolist() if r not in rounds]
            for _ in range(wide if wanted < 0 else (wide + 1) // 2):
                if choice:
                    r = self._dice.choices(choice, [float(weight[q]) for q in choice])[0]
                    choice.remove(r)
                    rounds.append(r)
        return sorted(rounds)

    # --- parts of slots ------------------------------------------------------------------------

    def _slots_step(self, until: float) -> Board | None:
        frame = self.frame
        with_teams = np.flatnonzero(frame.teams > 0).tolist()
        many = min(len(with_teams), self._dice.choice((2, 3, 3, 4, 5, 6)))
        if self._dice.random() < 0.5:
            start = self._dice.randrange(len(with_teams))
            rounds = (with_teams + with_teams)[start : start + many]
        else:
            rounds = self._dice.sample(with_teams, many)
        none = np.empty(0, dtype=np.int64)
        return self._share_slots(sorted(set(rounds)), self.slots_size.visits, none, until)

    def _share_slots(
        self,
        rounds: list[int],
        size: float,
        extra: Ints,
        until: float,
        *,
        near: float = 1500.0,
        bare: bool = False,
    ) -> Board | None:
        """Plan some slots of `rounds` anew; `bare` asks only for room, whatever it costs."""
        frame, board = self.frame, self.board
        carried = self._choose_slots(rounds, size)
        chosen = np.zeros((frame.n_rounds, int(frame.teams.max(initial=1))), dtype=np.bool_)
        for r, slots in carried.items():
            chosen[r, slots] = True
        items = np.union1d(board.items_in_slots(chosen), extra)
        if not len(items):
            return None
        here = np.zeros(frame.n_rounds, dtype=np.bool_)
        here[rounds] = True
        options = self._options(items, here, near)
        # What is left out should change from time to time, else the same visit is tried for ever.
        weights = [self._dice.uniform(1, 1.5) for _ in items] if bare else []
        part = Part(
            items,
            options,
            self.missing_cost,
            carried,
            waiting_counts=not bare,
            lost_weights=weights,
        )
        found, solved, effort = self._solve(part, until)
        (self.repair_size if board.missing else self.slots_size).learn(solved=solved)
        if found is not None and (found.slots[self._placed_visits(found)] < 0).any():
            found = None
        if not board.missing:
            self._learn("slots", found, effort)
        return found

    def _placed_visits(self, board: Board) -> Ints:
        return np.flatnonzero(board.rounds[self.frame.items] >= 0)

    def _choose_slots(self, rounds: list[int], size: float) -> dict[int, list[int]]:
        """Slots of each round with about `size` visits in all: the emptiest, and any others."""
        frame, board = self.frame, self.board
        chosen: dict[int, list[int]] = {}
        for r in rounds:
            visits = board.visits_in(r)
            teams = int(frame.teams[r])
            each = max(1.0, len(visits) / max(teams, 1))
            wanted = min(teams, max(2, round(size / len(rounds) / each)))
            loads = board.slot_loads(r)
            emptiest = np.argsort(loads, kind="stable")[: (wanted + 1) // 2].tolist()
            others = [slot for slot in range(teams) if slot not in emptiest]
            more = self._dice.sample(others, min(len(others), wanted - len(emptiest)))
            chosen[r] = sorted([*emptiest, *more])
        return chosen

    def _options(self, items: Ints, here: Bools, near: float) -> Bools:
        options = self.frame.allowed[items] & here & (self.dearness[items] <= near)
        now = self.board.rounds[items]
        placed = np.flatnonzero(now >= 0)
        options[placed, now[placed]] = True
        found: Bools = options
        return found

    # --- parts of clusters ---------------------------------------------------------------------

    def _clusters_step(self, until: float) -> Board | None:
        frame = self.frame
        items = self._items_of_clusters()
        everywhere = np.ones(frame.n_rounds, dtype=np.bool_)
        options = self._options(items, everywhere, self._dice.choice((200.0, 400.0, 800.0)))
        part = Part(items, options, self.missing_cost, cuts=self.cuts)
        found, solved, effort = self._solve(part, until)
        self.clusters_size.learn(solved=solved)
        tries = _TRIES_TO_PACK
        while found is not None and found.cost < self.board.cost:
            unpacked = self._pack(found)
            if not unpacked:
                break
            tries -= 1
            if tries == 0:
                found = None
                break
            part = self._kept_from(part, found, unpacked)
            found, _, more = self._solve(part, until)
            effort += more
        else:
            found = None  # as dear as before it would have to be packed all the same
        self._learn("clusters", found, effort)
        return found

    def _items_of_clusters(self) -> Ints:
        frame, taken = self.frame, []
        order = self._dice.sample(range(frame.n_clusters), frame.n_clusters)
        loose = [j for j in range(frame.n_items) if len(frame.members[j]) > 1]
        if loose and self._dice.random() < 0.4:
            taken.append(self._dice.choice(loose))
        owner = np.array([c[0] if len(c) == 1 else -1 for c in frame.item_clusters])
        many = np.array([len(members) for members in frame.members])
        owner[many > 1] = -1
        count = 0
        for c in order:
            mine = np.flatnonzero(owner == c).tolist()
            taken += mine
            count += len(mine)
            if count >= self.clusters_size.visits:
                break
        return np.array(sorted(taken), dtype=np.int64)

    def _pack(self, found: Board) -> list[int]:
        """Pack a board; gives the rounds in which a visit finds no slot."""
        rounds = range(self.frame.n_rounds)
        return [r for r in rounds if len(pack_round(found, r, seed=self._seed))]

    def _kept_from(self, part: Part, found: Board, unpacked: list[int]) -> Part:
        """A part from which what does not pack does not come again: by worths, which later parts
        keep too, or else by carrying slots of the round."""
        frame, carried = self.frame, dict(part.carried)
        for r in unpacked:
            cap = int(frame.caps[r])
            maker = self._makers.setdefault(cap, Worths(frame, cap))
            amounts = frame.of_size[found.rounds == r].sum(axis=0).astype(np.float64)
            need, worth = maker.slots_needed(amounts)
            if need > frame.teams[r] + _LEAST_OF_SLOT:
                alike = np.flatnonzero((frame.caps == cap) & (frame.teams > 0))
                self.cuts = [*self.cuts, Cut(worth, alike)]
            else:
                carried[r] = self._slots_for(part, r)
        return replace(part, carried=carried, cuts=self.cuts)

    def _slots_for(self, part: Part, r: int) -> list[int]:
        """Slots of a round from which the part takes visits, and the emptiest others."""
        frame, board = self.frame, self.board
        here = board.visits_in(r)
        taken = set(board.slots[here[np.isin(frame.items[here], part.items)]].tolist())
        emptiest = np.argsort(board.slot_loads(r), kind="stable").tolist()
        others = [slot for slot in emptiest if slot not in taken]
        return sorted([*taken, *others[:_MORE_SLOTS]])

    # --- solving -------------------------------------------------------------------------------

    def _solve(self, part: Part, until: float) -> tuple[Board | None, bool, int]:
        """Gives the board found, whether it is the best of its part, and how hard it was."""
        began = self.limit.stopwatch()
        model = PartModel(self.board, part)
        seed = self._dice.randrange(10**6)
        slow = self._stuck >= _TRIES_WITH_COST or not self.board.missing
        if self.limit.seconds is not None:
            until = min(until, began + (_STEP_SECONDS if slow else _REPAIR_SECONDS))
        solved = model.solve(
            limit=self.limit,
            until=until,
            asks=_STEP_ASKS if slow else _REPAIR_ASKS,
            seed=seed,
            gap=_STEP_GAP if part.waiting_counts else _BARE_GAP,
        )
        found = model.board_of(solved) if solved.found else None
        return found, solved.status is Status.OPTIMAL, 5 + model.asked
