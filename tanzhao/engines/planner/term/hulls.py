"""Rows that every placement of a cluster keeps, and a fractional plan breaks.

A fractional plan may have a cluster in rounds, and open there, as no mixture of its placements
is. For some prices of its items and openings it then costs less than the cheapest placement
(clusters.py), which gives a row for the master of contents. The prices that show the most are
sought by a small linear program for each cluster, with the placements met so far as its rows.
"""

from collections.abc import Callable

import highspy
import numpy as np

from tanzhao.engines.planner.term.clusters import FORBIDDEN, ClusterChoices
from tanzhao.engines.planner.term.contents_rows import INF, SharedRow
from tanzhao.engines.planner.term.frame import Floats, Frame

_PASSES = 60
# Prices asked are drawn towards those that showed most, but for every third pass.
_SMOOTHING = 0.5
_EVERY = 3
_LEAST = 1e-2
# A cluster is done with when so much of what its program hopes for is shown.
_SHOWN = 0.7
_WHOLE = 0.999
_ROUNDING = 1e-6

type _Placement = tuple[int, ...]  # a round for each item of the cluster


class _Program:
    """Seeks prices at which the plan at hand is cheaper, by most, than all placements known.

    Columns: a price in [-1, 1] of each item in each round, one in [0, 1] of each opening, and
    what the cheapest placement known costs.
    """

    def __init__(self, shares: Floats, opened: Floats, known: list[_Placement]) -> None:
        self._n_rounds = len(opened)
        self.plan = np.concatenate([shares.reshape(-1), opened])
        n = len(self.plan)
        model = self._model = highspy.Highs()
        model.silent()
        model.setOptionValue("threads", 1)
        model.setOptionValue("presolve", "off")
        none = np.empty(0, dtype=np.int32)
        low = np.concatenate([-np.ones(shares.size), np.zeros(len(opened)), [-1e6]])
        high = np.concatenate([np.ones(n), [1e6]])
        model.addCols(
            n + 1, np.concatenate([self.plan, [-1.0]]), low, high, 0, none, none, np.empty(0)
        )
        self.best: Floats | None = None
        self.shown = -np.inf
        self.least = 0.0
        for placement in known:
            self.add(placement)

    def add(self, placement: _Placement) -> None:
        n, n_rounds = len(self.plan), self._n_rounds
        opened = n - n_rounds
        at = [k * n_rounds + r for k, r in enumerate(placement)]
        at += [opened + r for r in sorted(set(placement))]
        values = np.array([1.0] * len(at) + [-1.0])
        indices = np.array([*at, n], dtype=np.int32)
        self._model.addRow(0.0, INF, len(indices), indices, values)

    def hoped(self) -> tuple[float, Floats]:
        """How much cheaper the plan is than all placements known, and the prices for it."""
        self._model.run()
        values = np.array(self._model.getSolution().col_value)[: len(self.plan)]
        return -self._model.getInfo().objective_function_value, values

    def note(self, prices: Floats, least: float) -> None:
        """Keep prices that show most; no placement costs less than `least` at them."""
        shown = least - float(prices @ self.plan)
        if shown > self.shown:
            self.shown, self.best, self.least = shown, prices, least


class ClusterHulls:
    """Finds rows for the clusters of one frame; remembers the placements it met."""

    def __init__(self, frame: Frame, choices: ClusterChoices) -> None:
        self._frame, self._choices = frame, choices
        owner = np.full(frame.n_items, -1, dtype=np.int64)
        owner[choices.singles] = choices.single_cluster
        owner[choices.first] = choices.pair_cluster
        owner[choices.later] = choices.pair_cluster
        self._items = [np.flatnonzero(owner == c) for c in range(frame.n_clusters)]
        self._known: list[dict[_Placement, None]] = [{} for _ in range(frame.n_clusters)]

    def rows_at(self, prices: Floats, opening: Floats) -> list[SharedRow]:
        """Rows that say what each cluster costs at least at `prices` [J, R] and `opening`
        [C, R], which is nowhere negative."""
        allowed = np.where(self._frame.allowed, prices, FORBIDDEN)
        least = self._choices.cheapest(allowed, opening, prove=True).least
        return [
            self._row(c, prices[items], opening[c], float(least[c]))
            for c, items in enumerate(self._items)
            if len(items)
        ]

    def broken(
        self, shares: Floats, opened: Floats, *, go_on: Callable[[], bool]
    ) -> list[SharedRow]:
        """Rows that a fractional plan breaks: `shares` [J, R] of items, `opened` [C, R]."""
        frame = self._frame
        programs = {
            c: _Program(shares[items], opened[c], list(self._known[c]))
            for c, items in enumerate(self._items)
            if len(items) and shares[items].max(axis=1).min() < _WHOLE
        }
        live = sorted(programs)
        for number in range(_PASSES):
            if not live or not go_on():
                break
            is_smoothed = number % _EVERY != _EVERY - 1
            prices = np.zeros((frame.n_items, frame.n_rounds))
            opening = np.zeros((frame.n_clusters, frame.n_rounds))
            asked: dict[int, tuple[float, Floats]] = {}
            for c in live:
                program, items = programs[c], self._items[c]
                hoped, values = program.hoped()
                if is_smoothed and program.best is not None:
                    values = _SMOOTHING * program.best + (1 - _SMOOTHING) * values
                asked[c] = hoped, values
                prices[items] = values[: -frame.n_rounds].reshape(len(items), frame.n_rounds)
                opening[c] = values[-frame.n_rounds :]
            allowed = np.where(frame.allowed, prices, FORBIDDEN)
            choice = self._choices.cheapest(allowed, opening, prove=True)
            for c in list(live):
                hoped, values = asked[c]
                program = programs[c]
                program.note(values, float(choice.least[c]))
                placement = tuple(choice.rounds[self._items[c]].tolist())
                if hoped < _LEAST or program.shown > _SHOWN * hoped:
                    live.remove(c)
                elif placement not in self._known[c]:
                    self._known[c][placement] = None
                    program.add(placement)
                elif not is_smoothed:
                    live.remove(c)
        return self._rows_of(programs)

    def _rows_of(self, programs: dict[int, _Program]) -> list[SharedRow]:
        n_rounds, rows = self._frame.n_rounds, []
        for c, program in programs.items():
            if program.best is not None and program.shown > _LEAST:
                items = self._items[c]
                prices = program.best[:-n_rounds].reshape(len(items), n_rounds)
                rows.append(self._row(c, prices, program.best[-n_rounds:], program.least))
        return rows

    def _row(self, cluster: int, prices: Floats, opening: Floats, least: float) -> SharedRow:
        """A row of prices of the cluster's items [items, R] and of its openings [R]."""
        frame = self._frame
        items = {
            (j, r): float(prices[k, r])
            for k, j in enumerate(self._items[cluster].tolist())
            for r in np.flatnonzero(frame.allowed[j]).tolist()
            if prices[k, r]
        }
        opened = {(cluster, r): float(opening[r]) for r in np.flatnonzero(opening).tolist()}
        return SharedRow(items, opened, low=least - _ROUNDING * max(1.0, abs(least)))
