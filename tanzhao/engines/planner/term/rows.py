"""The demands that clusters share, as rows: their limits, their entries, and their prices."""

from dataclasses import dataclass

import numpy as np

from tanzhao.engines.planner.term.clusters import ClusterChoices
from tanzhao.engines.planner.term.frame import Bools, Floats, Frame, Ints
from tanzhao.engines.planner.term.worths import Cut

_INF = float("inf")


@dataclass(frozen=True)
class Entries:
    """Columns with their entries in coordinates; `owner` and `round` only of joint groups."""

    costs: Floats
    upper: Floats
    columns: Ints
    rows: Ints
    values: Floats
    owner: Ints
    round: Ints


@dataclass(frozen=True)
class Excess:
    """What breaking a demand by one costs: by one slot, one visit, one person-day."""

    slot: float
    visit: float
    day: float


def excess_of(frame: Frame) -> Excess:
    """Prices above all that keeping a demand by moving a visit could cost."""
    span = int(frame.months.max(initial=0) - frame.months.min(initial=0)) + 1
    visit = 2.0 * (span * 100 + 2 * frame.w_cluster) + 2.0 * frame.w_balance * 320
    return Excess(slot=2 * visit, visit=visit, day=visit / 60)


class Rows:
    """Shared rows in this order: load, worths (each by round), skills, numbers, coverage,
    openings for joint groups, look-backs of joint groups."""

    def __init__(self, frame: Frame, choices: ClusterChoices, cuts: list[Cut]) -> None:
        self.frame, self.choices = frame, choices
        self.excess = excess_of(frame)
        n_rounds = frame.n_rounds
        capacity = frame.teams * frame.caps
        self._top = np.minimum(frame.high, capacity)
        self._load = np.arange(n_rounds)
        at = n_rounds
        low: list[Floats] = [np.minimum(frame.low, capacity).astype(np.float64)]
        high: list[Floats] = [self._top.astype(np.float64)]
        self.item_worths: list[Floats] = []
        self.worth_rounds: list[Ints] = []
        self.worth_at: list[int] = []
        for cut in cuts:
            rounds = cut.rounds
            self.item_worths.append(frame.of_size @ cut.worth.values)
            self.worth_rounds.append(rounds)
            self.worth_at.append(at)
            low.append(np.full(len(rounds), -_INF))
            high.append(frame.teams[rounds].astype(np.float64))
            at += len(rounds)
        self.skill_at = at
        n_skills = len(frame.skill_names)
        low.append(np.full(n_skills * n_rounds, -_INF))
        high.append(frame.skill_caps.reshape(-1).astype(np.float64))
        at += n_skills * n_rounds
        self.number_at = at
        low.append(np.full(n_rounds, -_INF))
        high.append(frame.max_units.astype(np.float64))
        at += n_rounds
        self.coverage_at = at
        coverage = frame.problem.coverage
        low.append(np.array(coverage, dtype=np.float64))
        high.append(np.full(len(coverage), _INF))
        at += len(coverage)
        self.by_year = np.array(
            [[year <= y for y in range(len(coverage))] for year in frame.years], dtype=np.float64
        ).reshape(n_rounds, len(coverage))
        at = self._link_openings(at, low, high)
        at = self._link_look_backs(at, low, high)
        self.low, self.high = np.concatenate(low), np.concatenate(high)
        self.count = at

    def _link_openings(self, at: int, low: list[Floats], high: list[Floats]) -> int:
        """A cluster is open where a joint group visits it: opened - group >= 0."""
        frame = self.frame
        links = [
            (j, c, r)
            for j in self.choices.joint.tolist()
            for c in frame.item_clusters[j]
            for r in np.flatnonzero(frame.allowed[j]).tolist()
        ]
        self.opening_at = at
        self.link_item, self.link_cluster, self.link_round = (
            np.array(links, dtype=np.int64).reshape(-1, 3).T
        )
        low.append(np.zeros(len(links)))
        high.append(np.full(len(links), _INF))
        self._links_of_cluster: dict[int, Ints] = {
            int(c): np.flatnonzero(self.link_cluster == c) for c in np.unique(self.link_cluster)
        }
        return at + len(links)

    def _link_look_backs(self, at: int, low: list[Floats], high: list[Floats]) -> int:
        """A look-back of a joint group's unit keeps its gap, said from both ends."""
        frame, joint = self.frame, set(self.choices.joint.tolist())
        self.gap_at = at
        # (look-back, round it is in or -1, group, round of the group or -1)
        self.gap_rows: list[tuple[int, int, int, int]] = []
        for later in self.choices.singles.tolist():
            first = int(frame.follows[later])
            if first not in joint:
                continue
            self.gap_rows += [
                (later, int(r), first, -1) for r in np.flatnonzero(frame.allowed[later])
            ]
            self.gap_rows += [
                (later, -1, first, int(r)) for r in np.flatnonzero(frame.allowed[first])
            ]
        n = len(self.gap_rows)
        self.gap_item, self.gap_group = np.zeros((n, frame.n_rounds)), np.zeros((n, frame.n_rounds))
        for row, (_later, r2, _first, r1) in enumerate(self.gap_rows):
            if r1 < 0:  # look-back in r2 needs the group in a round that fits
                self.gap_item[row, r2] = -1
                self.gap_group[row] = frame.gap_fits[:, r2]
            else:
                self.gap_group[row, r1] = -1
                self.gap_item[row] = frame.gap_fits[r1]
        low.append(np.zeros(n))
        high.append(np.full(n, _INF))
        self.gap_later = np.array([row[0] for row in self.gap_rows], dtype=np.int64)
        self.gap_first = np.array([row[2] for row in self.gap_rows], dtype=np.int64)
        return at + n

    # --- entries -------------------------------------------------------------------------------

    def slack_columns(self) -> Entries:
        """Columns by which a demand is broken or a band left, at their costs."""
        frame, n = self.frame, self.frame.n_rounds
        capacity = frame.teams * frame.caps
        costs: list[Floats] = []
        upper: list[Floats] = []
        rows: list[Ints] = []
        values: list[Floats] = []

        def put(at: Ints, cost: float, most: Floats, sign: float) -> None:
            costs.append(np.full(len(at), cost))
            upper.append(most)
            rows.append(at)
            values.append(np.full(len(at), sign))

        free = np.full(n, _INF)
        put(self._load, frame.w_balance, np.maximum(capacity - self._top, 0).astype(float), -1)
        put(self._load, self.excess.day, free, -1)
        put(self._load, frame.w_balance, free, 1)
        slots = np.arange(n, self.skill_at)
        put(slots, self.excess.slot, np.full(len(slots), _INF), -1)
        counted = np.arange(self.skill_at, self.coverage_at)
        put(counted, self.excess.visit, np.full(len(counted), _INF), -1)
        years = np.arange(self.coverage_at, self.opening_at)
        put(years, self.excess.visit, np.full(len(years), _INF), 1)
        # To open a cluster for a joint group alone costs what every opening costs.
        links = np.arange(self.opening_at, self.gap_at)
        put(links, frame.w_cluster, np.full(len(links), _INF), 1)
        gaps = np.arange(self.gap_at, self.count)
        put(gaps, self.excess.visit, np.full(len(gaps), _INF), 1)
        n_columns = sum(map(len, costs))
        none = np.empty(0, dtype=np.int64)
        return Entries(
            np.concatenate(costs),
            np.concatenate(upper),
            np.arange(n_columns),
            np.concatenate(rows),
            np.concatenate(values),
            none,
            none,
        )

    def clipped(self, prices: Floats) -> Floats:
        """Bring prices into the limits that the slack columns set."""
        low, high = self.price_limits()
        return np.clip(prices, low, high)

    def price_limits(self) -> tuple[Floats, Floats]:
        low, high = np.zeros(self.count), np.zeros(self.count)
        n = self.frame.n_rounds
        low[:n], high[:n] = -self.excess.day, self.frame.w_balance
        low[n : self.skill_at] = -self.excess.slot
        low[self.skill_at : self.coverage_at] = -self.excess.visit
        high[self.coverage_at : self.opening_at] = self.excess.visit
        high[self.opening_at : self.gap_at] = self.frame.w_cluster
        high[self.gap_at :] = self.excess.visit
        return low, high

    def joint_columns(self) -> Entries:
        """One column for each joint group and round."""
        frame = self.frame
        owner, rounds = np.nonzero(frame.allowed[self.choices.joint])
        items = self.choices.joint[owner]
        n = len(items)
        columns, rows, values = self._shared(np.arange(n), items, rounds, n)
        c, r, v = [columns], [rows], [values]
        for row in range(len(self.link_item)):
            at = np.flatnonzero((items == self.link_item[row]) & (rounds == self.link_round[row]))
            c.append(at)
            r.append(np.full(len(at), self.opening_at + row))
            v.append(np.full(len(at), -1.0))
        for row in range(len(self.gap_rows)):
            at = np.flatnonzero(items == self.gap_first[row])
            c.append(at)
            r.append(np.full(len(at), self.gap_at + row))
            v.append(self.gap_group[row, rounds[at]])
        return Entries(
            frame.costs[items, rounds].astype(np.float64),
            np.full(n, _INF),
            np.concatenate(c),
            np.concatenate(r),
            np.concatenate(v),
            owner,
            rounds,
        )

    def entries(
        self, clusters: Ints, opened: Bools, columns: Ints, items: Ints, rounds: Ints
    ) -> tuple[Ints, Ints, Floats]:
        """Entries of placements of clusters: of each, what it opens and where its items go."""
        found = [self._shared(columns, items, rounds, len(clusters))]
        for column, cluster in enumerate(clusters.tolist()):
            links = self._links_of_cluster.get(cluster)
            if links is not None:
                links = links[opened[column, self.link_round[links]]]
                found.append(
                    (
                        np.full(len(links), column),
                        self.opening_at + links,
                        np.ones(len(links)),
                    )
                )
        for row in range(len(self.gap_rows)):
            at = np.flatnonzero(items == self.gap_later[row])
            value = self.gap_item[row, rounds[at]]
            found.append((columns[at], np.full(len(at), self.gap_at + row), value))
        c, r, v = (np.concatenate([part[k] for part in found]) for k in range(3))
        keep = v != 0
        return c[keep], r[keep], v[keep]

    def _shared(
        self, columns: Ints, items: Ints, rounds: Ints, n: int
    ) -> tuple[Ints, Ints, Floats]:
        """Entries of load, worths, skills, numbers and coverage."""
        frame, n_rounds = self.frame, self.frame.n_rounds
        at = columns * n_rounds + rounds

        def summed(weights: Floats | Ints) -> Floats:
            total = np.bincount(at, weights=weights[items], minlength=n * n_rounds)
            return total.reshape(n, n_rounds)

        blocks: list[tuple[int, Floats]] = [(0, summed(frame.loads))]
        for start, of_round, weights in zip(
            self.worth_at, self.worth_rounds, self.item_worths, strict=True
        ):
            blocks.append((start, summed(weights)[:, of_round]))
        for k in range(len(frame.skill_names)):
            blocks.append((self.skill_at + k * n_rounds, summed(frame.skills[:, k])))
        blocks.append((self.number_at, summed(frame.counts)))
        blocks.append((self.coverage_at, summed(frame.firsts) @ self.by_year))
        c, r, v = [], [], []
        for start, block in blocks:
            rows, places = np.nonzero(block)
            c.append(rows)
            r.append(start + places)
            v.append(block[rows, places])
        return np.concatenate(c), np.concatenate(r), np.concatenate(v)

    # --- prices --------------------------------------------------------------------------------

    def prices_of(self, prices: Floats) -> tuple[Floats, Floats]:
        """Prices of items in rounds [J, R] and of openings [C, R] at `prices` of the rows."""
        frame, n = self.frame, self.frame.n_rounds
        items = frame.costs - frame.loads[:, None] * prices[None, :n]
        for start, rounds, weights in zip(
            self.worth_at, self.worth_rounds, self.item_worths, strict=True
        ):
            items[:, rounds] -= weights[:, None] * prices[None, start : start + len(rounds)]
        for k in range(len(frame.skill_names)):
            at = self.skill_at + k * n
            items -= frame.skills[:, k, None] * prices[None, at : at + n]
        items -= frame.counts[:, None] * prices[None, self.number_at : self.number_at + n]
        coverage = self.by_year @ prices[self.coverage_at : self.opening_at]
        items -= frame.firsts[:, None] * coverage[None, :]
        opening = np.full((frame.n_clusters, n), float(frame.w_cluster))
        links = prices[self.opening_at : self.gap_at]
        np.subtract.at(opening, (self.link_cluster, self.link_round), links)
        np.add.at(items, (self.link_item, self.link_round), links)
        gaps = prices[self.gap_at :]
        np.subtract.at(items, self.gap_later, self.gap_item * gaps[:, None])
        np.subtract.at(items, self.gap_first, self.gap_group * gaps[:, None])
        return items, opening

    def worth_of(self, prices: Floats) -> float:
        """What the rows' own limits and the slack columns add to a bound at `prices`."""
        limits = np.where(prices > 0, self.low, self.high)
        used = prices != 0
        value = float((prices[used] * limits[used]).sum())
        # A slack with an upper limit: leaving the band costs less than the price of the round.
        n = self.frame.n_rounds
        above = np.maximum(self.frame.teams * self.frame.caps - self._top, 0)
        return value + float((np.minimum(self.frame.w_balance + prices[:n], 0) * above).sum())


def price_limits(rows: Rows) -> tuple[Floats, Floats]:
    """Least and most price of each row."""
    return rows.price_limits()
