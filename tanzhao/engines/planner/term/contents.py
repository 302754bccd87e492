"""What one round may hold: its cheapest content at given prices, by dynamic programming.

A content is the set of items of one round. It keeps what can be counted as items are added: the
person-days of all slots together, no more visits longer than half a slot than there are slots,
and, where that stays small, scarce skills and the number of visits. A cluster is paid for once,
and the load pays for leaving its band. This is the pricing problem of a Dantzig-Wolfe
decomposition by rounds; what a content need not keep, the master prices (contents_master.py).
"""

from dataclasses import dataclass
from math import prod

import numpy as np

from tanzhao.engines.planner.term.frame import Bools, Floats, Frame, Ints

# Totals told apart in one round: no skill and no number is counted that would make them more than
# the first; with more than the second the round is too large. Sets of joint groups, at most.
_MOST_TOTALS, _TOO_MANY_TOTALS = 20_000, 60_000
_MOST_GROUP_SETS = 12
# A round that may hold this share of its person-days at no cost may be filled to the brim.
_TO_THE_BRIM = 0.99


@dataclass(frozen=True, slots=True)
class Content:
    """Items of a round, ascending, and their `value` at the prices asked for."""

    items: tuple[int, ...]
    value: float


@dataclass(frozen=True, slots=True)
class _Resource:
    """What the items of a round share: how much each takes, [J], and how much there is."""

    taken: Ints
    most: int


# Of each cluster in turn: where opening it is cheaper (nothing if it was open), and of its items:
# which, where taking it is cheaper, and where it is the first of those that one is asked of.
type _Trail = list[tuple[Bools | None, list[tuple[int, Bools, Bools | None]]]]


class RoundContents:
    """Finds the cheapest content of one round.

    Attributes:
        loads: [J], person-days by which contents count an item: its own, or those that it fills.
        counted_skills: skills a content keeps by itself. counts_visits: whether it keeps
            `max_units` by itself.
    """

    def __init__(self, frame: Frame, round_: int) -> None:
        self._frame, self._round = frame, round_
        r, step = round_, frame.step
        long = 2 * frame.efforts > frame.caps[r]
        n = frame.n_items
        may = np.flatnonzero(frame.allowed[:, r])
        room = int(frame.teams[r] * frame.caps[r])
        is_filled = bool(frame.high[r] >= _TO_THE_BRIM * room)
        self.loads = filled_loads(frame, r) if is_filled else frame.loads
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
        self._shifts = [self._shift(j) for j in range(n)]
        load = np.arange(self._shape[-1]) * step
        out = np.maximum(frame.low[r] - load, 0)
        if not is_filled:
            out += np.maximum(load - frame.high[r], 0)
        self._leaving_band = frame.w_balance * out.astype(np.float64)
        self.allow(frame.allowed[:, r])

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

    def cheapest(self, prices: Floats, opening: Floats) -> Content:
        """Find the cheapest content; nothing that the round could hold has less value.

        Args:
            prices: [J], of each item in this round. opening: [C], of each cluster opened; less
                than 0 where a row asks for more openings.
        """
        best = Content((), np.inf)
        for groups in self._group_sets:
            found = self._with_groups(groups, prices, opening, best.value)
            if found is not None:
                best = found
        return best

    def _with_groups(
        self, groups: tuple[int, ...], prices: Floats, opening: Floats, below: float
    ) -> Content | None:
        """Find the cheapest content with these joint groups and no others, if it is `below`."""
        frame = self._frame
        paid = {c for j in groups for c in frame.item_clusters[j]}
        values = np.full(self._shape, np.inf)
        values[self._taken_by(groups)] = sum(prices[j] for j in groups) + sum(
            opening[c] for c in paid
        )
        # Of each cluster: where opening it is cheaper, and of its items: where taking one is.
        trail: _Trail = []
        # To leave out an item changes what the load pays by no more than this.
        dearest = frame.w_balance * self.loads
        for cluster, possible in self._by_cluster:
            if cluster not in paid and opening[cluster] < 0:
                # Opening it pays, perhaps for an item that does not: it must hold one, any one.
                opened, taken = self._with_one(values + opening[cluster], possible, prices)
                trail.append((opened < values, taken))
                values = np.minimum(values, opened)
                continue
            items = [j for j in possible if prices[j] <= dearest[j]]
            if not items:
                continue
            opened = values.copy() if cluster in paid else values + opening[cluster]
            taken = [(j, self._take(opened, j, prices[j]), None) for j in items]
            if cluster in paid:
                trail.append((None, taken))
                values = opened
            else:
                trail.append((opened < values, taken))
                np.minimum(values, opened, out=values)
        values += self._leaving_band
        at = int(values.argmin())
        value = float(values.flat[at])
        if value >= below:
            return None
        return Content(self._followed(trail, at, groups), value)

    def _shift(self, item: int) -> tuple[tuple[slice, ...], tuple[slice, ...]]:
        """Where totals stand before an item is taken, and after."""
        takes = self._takes[item]
        before = tuple(slice(0, size - t) for t, size in zip(takes, self._shape, strict=True))
        return before, tuple(slice(t, None) for t in takes)

    def _take(self, values: Floats, item: int, price: float) -> Bools:
        """Let `values` take an item where that is cheaper, in place; gives where."""
        before, after = self._shifts[item]
        with_it = values[before] + price
        here = values[after]
        is_cheaper: Bools = with_it < here
        np.minimum(here, with_it, out=here)
        return is_cheaper

    def _with_one(
        self, empty: Floats, items: list[int], prices: Floats
    ) -> tuple[Floats, list[tuple[int, Bools, Bools | None]]]:
        """Give the values with at least one of the items, from those without any, and the trail."""
        values = np.full(self._shape, np.inf)
        taken: list[tuple[int, Bools, Bools | None]] = []
        for item in items:
            before, after = self._shifts[item]
            is_first = empty[before] < values[before]
            with_it = np.minimum(empty[before], values[before]) + prices[item]
            taken.append((item, with_it < values[after], is_first))
            np.minimum(values[after], with_it, out=values[after])
        return values, taken

    def _followed(
        self,
        trail: _Trail,
        at: int,
        groups: tuple[int, ...],
    ) -> tuple[int, ...]:
        """Follow the trail back from the totals at `at` to the items that made them."""
        totals = tuple(int(t) for t in np.unravel_index(at, self._shape))
        chosen = list(groups)
        for is_opened, taken in reversed(trail):
            if is_opened is not None and not is_opened[totals]:
                continue
            for item, is_cheaper, is_first in reversed(taken):
                left = tuple(t - k for t, k in zip(totals, self._takes[item], strict=True))
                if min(left) >= 0 and is_cheaper[left]:
                    chosen.append(item)
                    totals = left
                    if is_first is not None and is_first[left]:
                        break
        return tuple(sorted(chosen))

    @property
    def is_small(self) -> bool:
        """Whether the totals and sets of groups are few enough to ask often."""
        few_sets = len(self._group_sets) <= _MOST_GROUP_SETS
        return few_sets and prod(self._shape) <= _TOO_MANY_TOTALS


def filled_loads(frame: Frame, round_: int) -> Ints:
    """Count with each item of a round, [J], the person-days that it leaves useless to others.

    A slot holds at most one visit longer than half of it. Beside that lie shorter ones: what no
    shorter visits of the round can fill of the rest is lost, whatever the plan. So the items of a
    round that fits its slots take, with what they lose, no more than the round has.
    """
    cap, step = int(frame.caps[round_]), frame.step
    is_long = 2 * frame.efforts > cap
    here = frame.allowed[frame.items, round_]
    sums = 1  # bit n: shorter visits of n steps together
    for effort in frame.efforts[here & ~is_long].tolist():
        sums |= sums << effort // step
    filled = frame.efforts.copy()
    for v in np.flatnonzero(here & is_long).tolist():
        rest = (cap - int(frame.efforts[v])) // step
        beside = (sums & ((1 << (rest + 1)) - 1)).bit_length() - 1
        filled[v] = cap - beside * step
    return np.bincount(frame.items, weights=filled, minlength=frame.n_items).astype(np.int64)
