"""The relaxation of a term, solved to the end: a bound, prices, and a fractional plan."""

from collections.abc import Callable

import numpy as np

from tanzhao.engines.planner.term.frame import Bools, Floats, Frame
from tanzhao.engines.planner.term.master import Master
from tanzhao.engines.planner.term.worths import Cut, Worth, Worths

_SMOOTHING = 0.5
_CLOSE = 3e-4
_WORTHS_AT_ONCE = 6
_CUTS = 12
# The relaxation of a large term begins near its prices, and cuts some times before it prices again,
# which takes long and changes little; its columns that cost so much more than others are dropped.
_SLACK = 300.0
_CUTS_AT_ONCE = 4
# Subgradient steps to the first prices; by how much, per person-day, an empty round's falls first.
_FIRST_PASSES = 150
_FIRST_STEP = 4.0


class Relaxation:
    """Solves the relaxation step by step: columns first, then worths that rounds break."""

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        caps = np.unique(frame.caps[frame.teams > 0])
        self.makers = {int(cap): Worths(frame, int(cap)) for cap in caps if cap > 0}
        self.cuts = [
            Cut(worth, np.flatnonzero((frame.caps == cap) & (frame.teams > 0)))
            for cap, maker in self.makers.items()
            for worth in maker.simple()
        ]
        self.master = Master(frame, self.cuts)
        self.is_done = not len(frame.members)
        self._passes = 0
        self._cuts = 0
        if frame.is_large:
            self._begin_near()

    @property
    def bound(self) -> float:
        return self.master.bound

    def advance(self) -> None:
        """Make one step of either kind; sets `is_done` when neither helps any more."""
        master = self.master
        prices = master.solve()
        centre = _SMOOTHING * master.best_prices + (1 - _SMOOTHING) * prices
        known = np.isfinite(master.bound)
        self._passes += 1
        choice = master.price(centre if known else prices, prove=self._passes % 2 == 0)
        new = master.add(choice)
        if new < self.frame.n_clusters / 10:
            new += master.add(master.price(prices, prove=False))
        if not new or master.bound > master.value - _CLOSE * abs(master.value):
            if not known or not new:
                master.price(prices, prove=True)
            self._cuts += 1
            self.is_done = self._cuts > _CUTS or not self.cut(least=0.02)
            for _ in range(_CUTS_AT_ONCE - 1 if self.frame.is_large and not self.is_done else 0):
                self.master.solve()
                self._cuts += 1
                if self._cuts > _CUTS or not self.cut(least=0.02):
                    break

    def _begin_near(self) -> None:
        """Begin with columns and a bound at prices that hold the rounds' loads, clusters apart.

        By subgradients (Held, Wolfe and Crowder, 1974); a term of many items is spared most of
        the passes in which its loads do not fit yet.
        """
        frame, rows = self.frame, self.master.rows
        placeable = np.flatnonzero(frame.allowed.any(axis=1))
        costs = np.where(frame.allowed, frame.costs, np.inf)[placeable]
        loads = frame.loads[placeable].astype(np.float64)
        every, n = np.arange(len(placeable)), frame.n_rounds
        capacity = np.maximum(1, frame.teams * frame.caps)
        days, best, most = np.zeros(n), np.zeros(n), -np.inf
        limits = rows.low[:n], rows.high[:n]
        for number in range(_FIRST_PASSES):
            priced = costs - loads[:, None] * days
            chosen = priced.argmin(axis=1)
            wanted = np.where(days > 0, *limits)
            value = float(priced[every, chosen].sum() + days @ wanted)
            if value > most:
                most, best = value, days
            load = np.bincount(chosen, weights=loads, minlength=n)
            step = _FIRST_STEP / (1 + number / 5)
            days = np.minimum(days + step * (wanted - load) / capacity, frame.w_balance)
        prices = np.zeros(rows.count)
        prices[:n] = best
        self.master.add(self.master.price(prices, prove=True))

    def settle(self, *, close: float, passes: int) -> None:
        """Price until the bound is within `close`, a share, of the value of a narrower master."""
        master = self.master
        for number in range(passes):
            prices = master.solve()
            centre = _SMOOTHING * master.best_prices + (1 - _SMOOTHING) * prices
            new = master.add(master.price(centre, prove=number % 2 == 1))
            if new < self.frame.n_clusters / 10:
                new += master.add(master.price(prices, prove=False))
            if not new:
                master.price(prices, prove=True)
            if not new or master.bound > master.value - close * abs(master.value):
                return

    def cut(self, *, least: float) -> bool:
        """Add the worths that the fractional plan breaks most, by `least` slots or more.

        Returns: False if there is none.
        """
        frame, shares = self.frame, self.master.shares()
        amounts = shares.T @ frame.of_size
        broken: list[tuple[float, int, Worth]] = []
        for r in range(frame.n_rounds):
            maker = self.makers.get(int(frame.caps[r]))
            if maker is not None and frame.teams[r] > 0:
                need, worth = maker.slots_needed(amounts[r])
                if need > frame.teams[r] + least:
                    broken.append((need - frame.teams[r], r, worth))
        broken.sort(key=lambda found: (-found[0], found[1]))
        new = [self._cut_by(worth, amounts) for _, _, worth in broken[:_WORTHS_AT_ONCE]]
        if new:
            self.cuts = [*self.cuts, *new]
            slack = _SLACK if self.frame.is_large else np.inf
            self.master = self.master.with_cuts(new, slack=slack)
        return bool(new)

    def _cut_by(self, worth: Worth, amounts: Floats) -> Cut:
        """Keep a worth in the rounds that break it, or nearly."""
        frame = self.frame
        near = amounts @ worth.values > frame.teams - 0.02
        return Cut(worth, np.flatnonzero(near & (frame.caps == worth.cap) & (frame.teams > 0)))

    def solve(self, go_on: Callable[[], bool]) -> None:
        while not self.is_done and go_on():
            self.advance()

    def shares(self) -> Floats:
        return self.master.shares()

    def dearness(self) -> Floats:
        """[J, R], what an item pays there above its cheapest round, openings apart."""
        items, _ = self.master.rows.prices_of(self.master.best_prices)
        allowed = np.where(self.frame.allowed, items, np.inf)
        best = allowed.min(axis=1, keepdims=True)
        return allowed - np.where(np.isfinite(best), best, 0.0)


def near_options(frame: Frame, dearness: Floats, shares: Floats, most: float) -> Bools:
    """[J, R], rounds in which an item is within `most` of its cheapest, or has a share."""
    found: Bools = frame.allowed & ((dearness <= most) | (shares > 1e-6))
    return found
