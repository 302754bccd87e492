"""Worths of efforts: weights by which the visits of a round must weigh no more than its slots.

A worth gives each effort a number such that no slot holds visits worth more than 1. Then the
visits of any round with such slots are worth at most as much as it has slots, whatever they are:
a cut that totals of person-days do not imply. These are dual feasible functions, found as duals
of the cutting-stock linear program (Gilmore and Gomory, 1961), extended to efforts that did not
occur by the worth of the next smaller one.
"""

from dataclasses import dataclass

import highspy
import numpy as np

from tanzhao.engines.planner.term.frame import Floats, Frame, Ints


@dataclass(frozen=True)
class Worth:
    """`cap` of the slots it holds for; `values`: [S], one for each size of the frame."""

    cap: int
    values: Floats


@dataclass(frozen=True)
class Cut:
    """A worth, and the rounds in which it is to be kept."""

    worth: Worth
    rounds: Ints


class Worths:
    """Finds worths for the slots of one capacity."""

    def __init__(self, frame: Frame, cap: int) -> None:
        self._sizes, self.cap = frame.sizes, cap
        self._units = (frame.sizes // frame.step).tolist()
        self._room = cap // frame.step
        self._counts = frame.of_size.sum(axis=0)
        self.patterns: list[tuple[int, ...]] = []
        self._known: set[tuple[int, ...]] = set()
        self._model = highspy.Highs()
        self._model.silent()
        self._model.setOptionValue("threads", 1)
        fits = self._sizes <= cap
        for size, fit in enumerate(fits):
            self._model.addCol(0.0, 0.0, 1.0 if fit else 0.0, 0, [], [])
            if fit:
                times = min(int(self._counts[size]), cap // int(self._sizes[size]))
                self.add_pattern((size,) * times)

    def add_pattern(self, pattern: tuple[int, ...]) -> bool:
        """Tell of a filling of one slot, sizes ascending; False if it was known."""
        if pattern in self._known:
            return False
        self._known.add(pattern)
        self.patterns.append(pattern)
        sizes, times = np.unique(np.array(pattern), return_counts=True)
        self._model.addRow(
            -highspy.kHighsInf,
            1.0,
            len(sizes),
            sizes.astype(np.int32),
            times.astype(np.float64),
        )
        return True

    def slots_needed(self, amounts: Floats, *, passes: int = 60) -> tuple[float, Worth]:
        """Say how many slots `amounts` of visits by size need, in parts of slots; the worth that
        shows it holds for all visits of the frame."""
        n = len(amounts)
        costs = -np.asarray(amounts, dtype=np.float64)
        self._model.changeColsCost(n, np.arange(n, dtype=np.int32), costs)
        values = np.zeros(n)
        for _ in range(passes):
            self._model.run()
            values = np.array(self._model.getSolution().col_value)
            most, pattern = self._fullest(values)
            if most <= 1 + 1e-7 or not self.add_pattern(pattern):
                break
        worth = self._extended(values)
        return float(amounts @ worth.values), worth

    def simple(self) -> list[Worth]:
        """The worths of which everybody thinks: the share of the slot, and large visits that
        cannot share one."""
        share = self._sizes / self.cap
        least = int(self._sizes.min(initial=self.cap))
        found = [np.where(share > 1, 1.0, share), np.where(2 * self._sizes > self.cap, 1.0, 0.0)]
        found.append(np.where(self._sizes + least > self.cap, 1.0, share * 0.0))
        return [Worth(self.cap, self._scaled(values)) for values in found]

    def _extended(self, values: Floats) -> Worth:
        values = np.maximum.accumulate(np.clip(values, 0.0, 1.0))
        return Worth(self.cap, self._scaled(values))

    def _scaled(self, values: Floats) -> Floats:
        most, _ = self._fullest(values)
        return values / (max(most, 1e-9) * (1 + 1e-9)) if most > 0 else values

    def _fullest(self, values: Floats) -> tuple[float, tuple[int, ...]]:
        """The visits worth most that one slot holds, no more of a size than there are."""
        best = np.zeros(self._room + 1)
        taken: list[tuple[int, Ints]] = []
        for size in np.flatnonzero(values > 1e-12).tolist():
            unit = self._units[size]
            if unit > self._room:
                continue
            for _ in range(min(int(self._counts[size]), self._room // unit)):
                more = best[: self._room + 1 - unit] + values[size]
                better = np.flatnonzero(more > best[unit:] + 1e-12)
                if not len(better):
                    break
                best[better + unit] = more[better]
                taken.append((size, better + unit))
        room, pattern = self._room, []
        for size, at in reversed(taken):
            place = np.searchsorted(at, room)
            if place < len(at) and at[place] == room:
                pattern.append(size)
                room -= self._units[size]
        return float(best[self._room]), tuple(sorted(pattern))
