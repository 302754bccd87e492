"""The cheapest way to place each cluster by itself, at given prices of the rounds.

A cluster pays for every round in which it is opened, and each of its visits then takes the
cheapest of these rounds, a unit with a look-back the cheapest pair. This is the pricing problem
of a Dantzig-Wolfe decomposition by clusters. Joint groups are placed elsewhere: their first
visits are not among a cluster's own.
"""

from dataclasses import dataclass
from itertools import combinations
from math import comb

import numpy as np

from tanzhao.engines.planner.term.frame import Bools, Floats, Frame, Ints

FORBIDDEN = 1e9  # price of a round that an item may not take
_EXACT_ROUNDS = 16  # up to here all sets of rounds of one cluster can be tried
_CHUNK = 1 << 21


@dataclass(frozen=True)
class Choice:
    """One placement of every cluster.

    Attributes:
        opened: [C, R]. rounds: [J], of the items that clusters own, else -1.
        values: [C], at the prices asked for. least: [C], no placement is cheaper.
    """

    opened: Bools
    rounds: Ints
    values: Floats
    least: Floats


class ClusterChoices:
    """Finds the cheapest placements of the clusters of one frame."""

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        followed = set(frame.follows[frame.follows >= 0].tolist())
        own = [
            j
            for j, members in enumerate(frame.members)
            if len(members) == 1 and frame.allowed[j].any()
        ]
        joint = {j for j, members in enumerate(frame.members) if len(members) > 1}
        by_cluster = sorted((frame.item_clusters[j][0], j) for j in own)
        later_of = {int(frame.follows[j]): j for j in own if frame.follows[j] >= 0}
        paired = {j: later_of[j] for _, j in by_cluster if j in later_of and j not in joint}
        pairs = [(c, j, paired[j]) for c, j in by_cluster if j in paired]
        in_pairs = set(paired) | set(paired.values())
        singles = [(c, j) for c, j in by_cluster if j not in in_pairs]
        self.singles = np.array([j for _, j in singles], dtype=np.int64)
        self.first = np.array([j for _, j, _ in pairs], dtype=np.int64)
        self.later = np.array([j for _, _, j in pairs], dtype=np.int64)
        self.single_cluster = np.array([c for c, _ in singles], dtype=np.int64)
        self.pair_cluster = np.array([c for c, _, _ in pairs], dtype=np.int64)
        # A group that no round can take is left out, as a visit that none can take is.
        placeable = sorted(j for j in joint if frame.allowed[j].any())
        self.joint = np.array(placeable, dtype=np.int64)
        self._followed = followed
        n_rounds = frame.n_rounds
        self._sets = [
            np.array(list(combinations(range(n_rounds), size)), dtype=np.int64).reshape(
                comb(n_rounds, size), size
            )
            for size in range(min(3, n_rounds) + 1)
        ]

    def cheapest(self, prices: Floats, opening: Floats, *, prove: bool) -> Choice:
        """Find placements of all clusters.

        Args:
            prices: [J, R]; FORBIDDEN or more where an item may not go.
            opening: [C, R], price of opening a cluster in a round; may be negative.
            prove: find the cheapest and set `least`; else good ones only, faster.
        """
        both = self._pair_prices(prices)
        single = prices[self.singles]
        opened, values = self._best_small_sets(single, both, opening, largest=3 if prove else 2)
        self._extend(opened, values, single, both, opening)
        least = np.full(len(values), -np.inf)
        if prove:
            least = self._prove(opened, values, single, both, opening)
        return Choice(opened, self._rounds_of(opened, single, prices), values, least)

    def _pair_prices(self, prices: Floats) -> Floats:
        """[P, R, R], the cheaper order of each two rounds for a unit with a look-back."""
        both = prices[self.first][:, :, None] + prices[self.later][:, None, :]
        both[:, ~self.frame.gap_fits] = FORBIDDEN
        return np.minimum(both, both.transpose(0, 2, 1))

    def _sum_by_cluster(self, singles: Floats, pairs: Floats) -> Floats:
        total = np.zeros((self.frame.n_clusters, singles.shape[1]))
        for values, clusters in ((singles, self.single_cluster), (pairs, self.pair_cluster)):
            if len(values):
                present, starts = np.unique(clusters, return_index=True)
                total[present] += np.add.reduceat(values, starts, axis=0)
        return total

    def _best_small_sets(
        self, single: Floats, both: Floats, opening: Floats, *, largest: int
    ) -> tuple[Bools, Floats]:
        n_clusters, n_rounds = opening.shape
        opened = np.zeros((n_clusters, n_rounds), dtype=np.bool_)
        best = np.full(n_clusters, np.inf)
        rows = np.arange(n_clusters)
        for sets in self._sets[: largest + 1]:
            values = self._sum_by_cluster(_single_sets(single, sets), _pair_sets(both, sets))
            values += opening[:, sets].sum(axis=2)
            chosen = values.argmin(axis=1)
            better = values[rows, chosen] < best
            best = np.where(better, values[rows, chosen], best)
            marks = np.zeros((n_clusters, n_rounds), dtype=np.bool_)
            if sets.shape[1]:
                np.put_along_axis(marks, sets[chosen], values=True, axis=1)
            opened = np.where(better[:, None], marks, opened)
        return opened, best

    def _extend(
        self, opened: Bools, values: Floats, single: Floats, both: Floats, opening: Floats
    ) -> None:
        """Open one more round in each cluster while that makes it cheaper, in place."""
        rows = np.arange(len(values))
        for _ in range(opened.shape[1]):
            now_single, now_pair, reach = self._now(opened, single, both)
            diagonal = np.einsum("prr->pr", both)
            more_pair = np.minimum(np.minimum(now_pair[:, None], reach), diagonal)
            more = self._sum_by_cluster(np.minimum(now_single[:, None], single), more_pair)
            more += (opening * opened).sum(axis=1)[:, None] + opening
            more[opened] = np.inf
            chosen = more.argmin(axis=1)
            better = more[rows, chosen] < values - 1e-9
            if not better.any():
                return
            opened[rows[better], chosen[better]] = True
            values[better] = more[rows, chosen][better]

    def _now(self, opened: Bools, single: Floats, both: Floats) -> tuple[Floats, Floats, Floats]:
        closed = np.where(opened, 0.0, FORBIDDEN)
        now_single = (single + closed[self.single_cluster]).min(axis=1, initial=FORBIDDEN)
        # reach[p, r]: the cheapest pair of r and a round opened already.
        reach = (both + closed[self.pair_cluster][:, :, None]).min(axis=1, initial=FORBIDDEN)
        now_pair = (reach + closed[self.pair_cluster]).min(axis=1, initial=FORBIDDEN)
        return now_single, now_pair, reach

    def _prove(
        self, opened: Bools, values: Floats, single: Floats, both: Floats, opening: Floats
    ) -> Floats:
        """Bound each cluster from below; improves `opened` and `values` where it can."""
        n_rounds = opening.shape[1]
        flat_pairs = both.reshape(len(both), n_rounds * n_rounds).min(axis=1, initial=FORBIDDEN)
        rest = self._sum_by_cluster(
            single.min(axis=1, initial=FORBIDDEN)[:, None], flat_pairs[:, None]
        )[:, 0]
        ordered = np.sort(opening, axis=1)
        # A set of more than three rounds opens at least the four cheapest, and all that pay.
        fourth = ordered[:, :4].sum(axis=1) + np.minimum(ordered[:, 4:], 0).sum(axis=1)
        larger = rest + fourth if n_rounds > 3 else np.full(len(values), np.inf)
        least: Floats = np.minimum(values, larger)
        if n_rounds <= _EXACT_ROUNDS:
            for c in np.flatnonzero(larger < values - 1e-6):
                mine = both[self.pair_cluster == c]
                value, best = _all_sets(single[self.single_cluster == c], mine, opening[c])
                least[c] = value
                if value < values[c] - 1e-9:
                    values[c], opened[c] = value, best
        return least

    def _rounds_of(self, opened: Bools, single: Floats, prices: Floats) -> Ints:
        rounds = np.full(self.frame.n_items, -1, dtype=np.int64)
        if len(self.singles):
            here = np.where(opened[self.single_cluster], single, np.inf)
            rounds[self.singles] = here.argmin(axis=1)
        if len(self.first):
            n_rounds = opened.shape[1]
            ordered = prices[self.first][:, :, None] + prices[self.later][:, None, :]
            ordered[:, ~self.frame.gap_fits] = FORBIDDEN
            here = opened[self.pair_cluster]
            ordered = np.where(here[:, :, None] & here[:, None, :], ordered, np.inf)
            chosen = ordered.reshape(len(ordered), -1).argmin(axis=1)
            rounds[self.first], rounds[self.later] = np.divmod(chosen, n_rounds)
        return rounds


def _single_sets(single: Floats, sets: Ints) -> Floats:
    if not sets.shape[1]:
        return np.full((len(single), 1), FORBIDDEN)
    values: Floats = single[:, sets[:, 0]]
    for place in range(1, sets.shape[1]):
        values = np.minimum(values, single[:, sets[:, place]])
    return values


def _pair_sets(both: Floats, sets: Ints) -> Floats:
    values = np.full((len(both), len(sets)), FORBIDDEN)
    for i in range(sets.shape[1]):
        for k in range(i, sets.shape[1]):
            values = np.minimum(values, both[:, sets[:, i], sets[:, k]])
    return values


def _all_sets(single: Floats, both: Floats, opening: Floats) -> tuple[float, Bools]:
    """Try every set of rounds of one cluster, by doubling: bit r of a set's number is round r."""
    n_rounds = len(opening)
    total = np.zeros(1)
    for r in range(n_rounds):
        total = np.concatenate([total, total + opening[r]])
    # One item at a time keeps the working set in the cache of a small PC.
    for prices in single:
        values = np.full(1, FORBIDDEN)
        for r in range(n_rounds):
            values = np.concatenate([values, np.minimum(values, prices[r])])
        total += values
    for pair in both:
        values = np.full(1, FORBIDDEN)
        for r in range(n_rounds):
            reach = np.full(1, pair[r, r])
            for s in range(r):
                reach = np.concatenate([reach, np.minimum(reach, pair[r, s])])
            values = np.concatenate([values, np.minimum(values, reach)])
        total += values
    best = int(total.argmin())
    return float(total[best]), np.array([best >> r & 1 for r in range(n_rounds)], dtype=np.bool_)
