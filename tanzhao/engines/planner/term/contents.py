"""What one round may hold: its cheapest content at given prices, by dynamic programming.

A content is the set of items of one round, whose visits fit its slots. Totals are counted as items
are added: the person-days of all slots together, visits longer than half a slot, and, where that
stays small, scarce skills and the number of visits. What has totals that a round can hold is
sought through for what fits its slots (contents_seeking.py). A cluster is paid for once, and the
load pays for leaving its band. This is the pricing problem of a Dantzig-Wolfe decomposition by
rounds; what rounds share, the master prices (contents_master.py).
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import prod

import numpy as np

from tanzhao.engines.planner.term.contents_seeking import (
    NO_TOTAL,
    Demands,
    Items,
    Space,
    fill,
    keeps_demands,
    seek,
)
from tanzhao.engines.planner.term.frame import Bools, Floats, Frame, Ints

# Totals told apart in one round: no skill and no number is counted that would make them more than
# the first; with more than the second the round is too large. Sets of joint groups, at most.
_MOST_TOTALS, _TOO_MANY_TOTALS = 20_000, 60_000
_MOST_GROUP_SETS = 12
# A round that may hold this share of its person-days at no cost may be filled to the brim.
_TO_THE_BRIM = 0.99
# How much dearer than the least value for its totals a content is sought first, in shares of what
# a cluster's opening costs, and how much more each next time.
_FIRST_DEARER, _DEARER_AGAIN = 1 / 20, 2.0
# How many totals are filled in while one node is looked at.
_TOTALS_BY_NODE = 400
# What adding prices in another order may lose, in shares of what they come to.
_AS_CHEAP = 1e-9


@dataclass(frozen=True, slots=True)
class Content:
    """Items of a round, ascending; None if it was not found. `value`: none has less."""

    items: tuple[int, ...] | None
    value: float


@dataclass(frozen=True, slots=True)
class _Resource:
    """What the items of a round share: how much each takes, [J], and how much there is."""

    taken: Ints
    most: int


class Tables:
    """Room to work in, made larger when it is needed; rounds may share it."""

    def __init__(self) -> None:
        self._values = np.empty(0)
        self._nodes, self._spent = np.empty((0, 4), dtype=np.int64), np.empty(0)

    def of(self, clusters: int, items: int, totals: int) -> Space:
        if len(self._values) < (clusters + 1 + items) * totals:
            self._values = np.empty((clusters + 1 + items) * totals)
        nodes = 2 * items * (items + 1) + 1
        if len(self._spent) < nodes:
            self._nodes, self._spent = np.empty((nodes, 4), dtype=np.int64), np.empty(nodes)
        cut = (clusters + 1) * totals
        without = self._values[:cut].reshape(-1, totals)
        with_one = self._values[cut : cut + items * totals].reshape(-1, totals)
        return Space(without, with_one, self._nodes, self._spent)


class _Met:
    """Contents of a round found so far, and what they are worth at other prices."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._contents: list[tuple[int, ...]] = []
        self._has = np.zeros((0, frame.n_items))
        self._opens = np.zeros((0, frame.n_clusters))
        self._costs = np.zeros(0)
        self._shut = np.zeros(0, dtype=np.bool_)

    def add(self, items: tuple[int, ...], cost: float) -> None:
        if items in self._contents:
            return
        has, opens = np.zeros(self._frame.n_items), np.zeros(self._frame.n_clusters)
        has[list(items)] = 1
        opens[[c for j in items for c in self._frame.item_clusters[j]]] = 1
        self._contents.append(items)
        self._has, self._opens = np.vstack([self._has, has]), np.vstack([self._opens, opens])
        self._costs, self._shut = np.append(self._costs, cost), np.append(self._shut, False)

    def keep(self, is_kept: Callable[[tuple[int, ...]], bool]) -> None:
        kept = [at for at, items in enumerate(self._contents) if is_kept(items)]
        self._contents = [self._contents[at] for at in kept]
        self._has, self._opens = self._has[kept], self._opens[kept]
        self._costs, self._shut = self._costs[kept], self._shut[kept]

    def allow(self, allowed: Bools) -> None:
        self._shut = self._has[:, ~allowed].any(axis=1)

    def cheapest(self, prices: Floats, opening: Floats) -> Content:
        values = self._has @ prices + self._opens @ opening + self._costs
        values[self._shut] = np.inf
        if not np.isfinite(values).any():
            return Content(None, np.inf)
        at = int(values.argmin())
        return Content(self._contents[at], float(values[at]))


class RoundContents:
    """Finds the cheapest content of one round.

    Attributes:
        loads: [J], person-days by which contents count an item: its own, or those that it fills.
        counted_skills, counts_visits: skills that are among the totals, and whether the number of
            visits is. A content keeps the others too, but is the longer sought.
        is_rough: contents need keep nothing but the totals, which is soon told, until `demand_all`.
        effort: of all searches so far, in nodes looked at.
    """

    def __init__(self, frame: Frame, round_: int, tables: Tables | None = None) -> None:
        self._frame, self._round = frame, round_
        self._tables, self._met = tables or Tables(), _Met(frame)
        r, step = round_, frame.step
        long = 2 * frame.efforts > frame.caps[r]
        n = frame.n_items
        may = np.flatnonzero(frame.allowed[:, r])
        room = int(frame.teams[r] * frame.caps[r])
        is_filled = bool(frame.high[r] >= _TO_THE_BRIM * room)
        efforts, self.loads = frame.efforts, frame.loads
        if is_filled:
            efforts = filled_efforts(frame, r)
            self.loads = np.bincount(frame.items, weights=efforts, minlength=n).astype(np.int64)
        resources = [
            _Resource(
                np.bincount(frame.items, weights=long, minlength=n).astype(np.int64),
                int(frame.teams[r]),
            ),
            _Resource(self.loads // step, room // step),
        ]
        total = prod(resource.most + 1 for resource in resources)
        skilled = []
        by_cap = sorted(range(len(frame.skill_names)), key=lambda k: int(frame.skill_caps[k, r]))
        for k in by_cap:
            most = int(frame.skill_caps[k, r])
            if frame.skills[may, k].sum() <= most:
                skilled.append(k)  # nothing it could forbid
            elif total * (most + 1) <= _MOST_TOTALS:
                total *= most + 1
                skilled.append(k)
                resources.insert(0, _Resource(frame.skills[:, k], most))
        self.counted_skills = frozenset(skilled)
        self.counts_visits = total * int(frame.max_units[r] + 1) <= _MOST_TOTALS
        if self.counts_visits:
            resources.insert(0, _Resource(frame.counts, int(frame.max_units[r])))
        self._shape = tuple(resource.most + 1 for resource in resources)
        self._takes: list[tuple[int, ...]] = list(
            zip(*(resource.taken.tolist() for resource in resources), strict=True)
        )
        self._kinds, self._back = self._kinds_of_items()
        self._efforts = efforts // step
        self._lost = lost_room(
            self._efforts[frame.allowed[frame.items, r]], int(frame.caps[r]) // step
        )
        load = np.arange(self._shape[-1]) * step
        out = np.maximum(frame.low[r] - load, 0)
        if not is_filled:
            out += np.maximum(load - frame.high[r], 0)
        self._leaving_band = frame.w_balance * out.astype(np.float64)
        self._ends = np.tile(self._leaving_band, prod(self._shape[:-1]))
        self.is_rough, self.effort = True, 0
        self.allow(frame.allowed[:, r])

    def demand_all(self) -> None:
        """From now on let contents fit the slots, and keep what is not among the totals."""
        self.is_rough = False
        self._met.keep(self.keeps)

    def keeps(self, items: tuple[int, ...]) -> bool:
        """Whether a content keeps all demands, or at least is not known to break one."""
        groups = tuple(j for j in items if self._frame.counts[j] > 1)
        alone = np.array([j for j in items if self._frame.counts[j] == 1], dtype=np.int64)
        demands = self._demands(alone, groups)
        chosen = np.arange(len(alone) + 1)
        sizes = np.empty(len(demands.efforts), dtype=np.int64)
        room, days = np.empty(demands.slots, dtype=np.int64), self._taken_by(items)[-1]
        return bool(keeps_demands(demands, chosen, sizes, room, np.empty_like(sizes), days))

    def cost_of_load(self, items: tuple[int, ...]) -> float:
        """What these items pay for leaving the band, by `loads`: never more than in a plan."""
        return float(self._leaving_band[self._taken_by(items)[-1]])

    def allow(self, allowed: Bools) -> None:
        """Let the round hold the items marked, [J], and no others."""
        frame, here = self._frame, np.flatnonzero(allowed).tolist()
        by_cluster: dict[int, list[int]] = {}
        for j in here:
            if frame.counts[j] == 1:
                by_cluster.setdefault(frame.item_clusters[j][0], []).append(j)
        self._by_cluster = sorted(by_cluster.items())
        self._group_sets = self._sets_of([j for j in here if frame.counts[j] > 1])
        self._met.allow(allowed)

    def _sets_of(self, groups: list[int]) -> list[tuple[int, ...]]:
        """Sets of joint groups that the round may hold at once; not all if they are too many."""
        sets: list[tuple[int, ...]] = [()]
        for group in groups:
            # What fits has no part that does not.
            larger = [(*chosen, group) for chosen in sets]
            sets += [chosen for chosen in larger if self._fits(self._taken_by(chosen))]
            if len(sets) > _MOST_GROUP_SETS:
                break  # `is_small` says so
        return sorted(sets, key=lambda chosen: (len(chosen), chosen))

    def _taken_by(self, items: tuple[int, ...]) -> tuple[int, ...]:
        return tuple(sum(self._takes[j][k] for j in items) for k in range(len(self._shape)))

    def _fits(self, taken: tuple[int, ...]) -> bool:
        return all(t < most for t, most in zip(taken, self._shape, strict=True))

    def note(self, items: tuple[int, ...]) -> None:
        """Tell of a content that the round can hold."""
        self._met.add(items, self.cost_of_load(items))

    def cheapest(self, prices: Floats, opening: Floats, *, most: int) -> Content:
        """Find the cheapest content; nothing that the round could hold has less value.

        Args:
            prices: [J], of each item in this round. opening: [C], of each cluster opened; less
                than 0 where a row asks for more openings.
            most: nodes looked at for each set of joint groups. If they do not suffice, the value
                is less than that of the content, which is the cheapest met.
        """
        best = self._met.cheapest(prices, opening)
        least = best.value
        for groups in self._group_sets:
            found = self._with_groups(groups, prices, opening, best.value, most)
            least = min(least, found.value)
            if found.items is not None:
                self.note(found.items)
                best = self._met.cheapest(prices, opening)
        return Content(best.items, min(least, best.value))

    def _with_groups(
        self, groups: tuple[int, ...], prices: Floats, opening: Floats, below: float, most: int
    ) -> Content:
        """Find the cheapest content with these joint groups and no others, if it is `below`."""
        paid = {c for j in groups for c in self._frame.item_clusters[j]}
        order, items = self._items(paid, prices, opening)
        space = self._tables.of(len(items.opening), len(order), prod(self._shape))
        space.without[0] = np.inf
        at = np.ravel_multi_index(self._taken_by(groups), self._shape)
        space.without[0, at] = prices[list(groups)].sum() + opening[sorted(paid)].sum()
        fill(space, items)
        self.effort += len(order) * prod(self._shape) // _TOTALS_BY_NODE
        value = float((space.without[-1] + self._ends).min())
        demands, chosen = self._demands(order, groups), np.empty(len(order), dtype=np.int64)
        dearer = _FIRST_DEARER * max(1, self._frame.w_cluster)
        while value < below and most > 0:
            if self.is_rough:
                dearer = _AS_CHEAP * max(1.0, abs(value))
            limit = min(below, value + dearer)
            cost, many, looked = seek(space, items, demands, self._ends, limit, most, chosen)
            most -= looked
            self.effort += looked
            if many >= 0:
                found = tuple(sorted([*groups, *order[chosen[:many]].tolist()]))
                return Content(found, cost if most >= 0 else value)
            if most >= 0:
                # Nothing costs less than that.
                value, dearer = limit, _DEARER_AGAIN * dearer
        return Content(None, min(value, below))

    def _items(self, paid: set[int], prices: Floats, opening: Floats) -> tuple[Ints, Items]:
        """The items that may make a content cheaper, beside joint groups that open `paid`."""
        # To leave out an item changes what the load pays by no more than this.
        dearest = self._frame.w_balance * self.loads
        order, starts, opens = list[int](), [0], list[float]()
        for cluster, possible in self._by_cluster:
            price = 0.0 if cluster in paid else float(opening[cluster])
            # Where opening it pays, it may be opened for any of its items.
            items = possible if price < 0 else [j for j in possible if prices[j] <= dearest[j]]
            if items:
                order += items
                starts.append(len(order))
                opens.append(price)
        which = np.array(order, dtype=np.int64)
        days = self.loads[which] // self._frame.step
        made = Items(
            starts=np.array(starts, dtype=np.int64),
            opening=np.array(opens, dtype=np.float64),
            prices=prices[which],
            days=days,
            kinds=self._kinds[which],
            back=self._back,
            size=self._shape[-1],
        )
        return which, made

    def _demands(self, order: Ints, groups: tuple[int, ...]) -> Demands:
        frame, r = self._frame, self._round
        members = [list(frame.members[j]) for j in order]
        members.append([v for j in groups for v in frame.members[j]])
        skills = [frame.skills[order], frame.skills[list(groups)].sum(axis=0, keepdims=True)]
        return Demands(
            efforts=self._efforts[[v for visits in members for v in visits]],
            visits=np.cumsum([0, *map(len, members)]),
            skills=np.concatenate(skills),
            skill_caps=np.ascontiguousarray(frame.skill_caps[:, r]),
            slots=int(frame.teams[r]),
            visits_most=int(frame.max_units[r]),
            lost=self._lost,
            is_rough=self.is_rough,
        )

    def _kinds_of_items(self) -> tuple[Ints, Ints]:
        """[J], items that add alike to totals other than days, and the way back of each kind:
        [kinds, totals other than days]."""
        shape = self._shape[:-1]
        adds = sorted({takes[:-1] for takes in self._takes})
        number = {added: kind for kind, added in enumerate(adds)}
        kinds = np.array([number[takes[:-1]] for takes in self._takes], dtype=np.int64)
        totals = np.indices(shape).reshape(len(shape), -1)
        back = np.full((len(adds), totals.shape[1]), NO_TOTAL, dtype=np.int64)
        for kind, added in enumerate(adds):
            old = totals - np.array(added)[:, None]
            is_total = (old >= 0).all(axis=0)
            back[kind, is_total] = np.ravel_multi_index(tuple(old[:, is_total]), shape)
        return kinds, back

    @property
    def is_small(self) -> bool:
        """Whether the totals and sets of groups are few enough to ask often."""
        few_sets = len(self._group_sets) <= _MOST_GROUP_SETS
        return few_sets and prod(self._shape) <= _TOO_MANY_TOTALS


def filled_efforts(frame: Frame, round_: int) -> Ints:
    """Count with each visit, [V], the person-days of a round that it leaves useless to others.

    A slot holds at most one visit longer than half of it. Beside that lie shorter ones: what no
    shorter visits of the round can fill of the rest is lost, whatever the plan. So the visits of a
    round that fit its slots take, with what they lose, no more than the round has.
    """
    cap, step = int(frame.caps[round_]), frame.step
    is_long = 2 * frame.efforts > cap
    here = frame.allowed[frame.items, round_]
    lost = lost_room(frame.efforts[here & ~is_long] // step, cap // step)
    filled = frame.efforts.copy()
    long = np.flatnonzero(here & is_long)
    filled[long] += step * lost[(cap - filled[long]) // step]
    return filled


def lost_room(efforts: Ints, cap: int) -> Ints:
    """How much of each room of a slot, [cap + 1], visits of these efforts can never fill."""
    sums = 1  # bit n: visits of n steps together
    for effort in efforts.tolist():
        sums |= sums << effort
    full = [(sums & ((1 << (room + 1)) - 1)).bit_length() - 1 for room in range(cap + 1)]
    return np.arange(cap + 1) - np.array(full, dtype=np.int64)
