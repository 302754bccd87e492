"""Fitting visits into the team slots of one round: exactly, or a proof that they do not fit.

Only the person-days of the visits matter here. A proof is a set of whole-number weights: no
slot can hold visits of more than `unit` weight, and together the visits weigh more than
`slots * unit`. They are the duals of the cutting-stock linear program (Gilmore and Gomory,
1961), rounded down and checked in whole numbers, so they hold for any other set of visits too.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from math import gcd

from tanzhao.engines.planner.search import Limit, never
from tanzhao.engines.planner.term.linear import INFINITE, Linear, Status

_SCALE = 5040  # divisible by 1 to 10, so that the usual duals (1/2, 1/3, ...) stay exact


@dataclass(frozen=True, slots=True)
class Weights:
    """`of`: effort to weight; no slot of `cap` holds visits of more than `unit` weight."""

    of: Mapping[int, int]
    unit: int


@dataclass(frozen=True, slots=True)
class Fit:
    """Whether visits fit. Exactly one is set: `slots` (a slot for each visit, in their order),
    `proof`, `impossible` (they do not fit, though no weights show it), or none: not decided."""

    slots: tuple[int, ...] | None = None
    proof: Weights | None = None
    impossible: bool = False

    @property
    def is_refused(self) -> bool:
        return self.proof is not None or self.impossible


def fit(
    efforts: Sequence[int],
    slots: int,
    cap: int,
    *,
    nodes: int = 20_000,
    stop: Callable[[], bool] | None = None,
) -> Fit:
    """Fit visits of `efforts` person-days into `slots` slots of `cap` person-days.

    Args:
        nodes: of the search tree of the exact model, which is needed only where neither the
            heuristic nor the weights decide.
        stop: asked by the exact model; True ends it undecided.
    """
    if not efforts:
        return Fit(slots=())
    if slots <= 0 or max(efforts) > cap:
        return Fit(proof=_by_size(efforts, cap))
    found = _fill_one_by_one(efforts, slots, cap)
    if found is not None:
        return Fit(slots=found)
    return _decide(efforts, slots, cap, nodes, stop or never)


def _by_size(efforts: Sequence[int], cap: int) -> Weights:
    return Weights({effort: effort for effort in set(efforts)}, cap)


def _fill_one_by_one(efforts: Sequence[int], slots: int, cap: int) -> tuple[int, ...] | None:
    """Fill slot after slot as full as possible around the largest visit left.

    The heuristic of minimum bin slack (Gupta and Ho, 1999), by dynamic programming.
    """
    left: dict[int, list[int]] = {}
    for index, effort in enumerate(efforts):
        left.setdefault(effort, []).append(index)
    slot_of = [-1] * len(efforts)
    for slot in range(slots):
        if not left:
            break
        largest = max(left)
        for effort in [largest, *_fullest(left, cap - largest, largest)]:
            slot_of[left[effort].pop()] = slot
            if not left[effort]:
                del left[effort]
    return None if left else tuple(slot_of)


def _fullest(left: Mapping[int, Sequence[int]], room: int, taken: int) -> list[int]:
    """The visits left that fill `room` best, large ones preferred; one of `taken` is gone."""
    reached: dict[int, tuple[int, int]] = {0: (0, 0)}
    for effort in sorted(left, reverse=True):
        count = len(left[effort]) - (effort == taken)
        for total in sorted(reached):
            for times in range(1, count + 1):
                new = total + times * effort
                if new > room:
                    break
                reached.setdefault(new, (effort, times))
        if room in reached:
            break
    total, chosen = max(reached), []
    while total:
        effort, times = reached[total]
        chosen += [effort] * times
        total -= effort * times
    return chosen


def _decide(
    efforts: Sequence[int], slots: int, cap: int, nodes: int, stop: Callable[[], bool]
) -> Fit:
    unit = reduce(gcd, efforts)
    sizes = Counter(effort // unit for effort in efforts)
    flow = _Flow(sizes, slots, cap // unit)
    if (proof := flow.proof()) is not None:
        weights = {size * unit: weight for size, weight in proof.of.items()}
        return Fit(proof=Weights(weights, proof.unit))
    patterns = flow.patterns(nodes, stop)
    if patterns is None:
        return Fit(impossible=flow.is_impossible)
    left: dict[int, list[int]] = {}
    for index, effort in enumerate(efforts):
        left.setdefault(effort // unit, []).append(index)
    slot_of = [-1] * len(efforts)
    for slot, pattern in enumerate(patterns):
        for size in pattern:
            slot_of[left[size].pop()] = slot
    return Fit(slots=tuple(slot_of))


class _Flow:
    """The slots as paths through 0 to `cap` (arc-flow model of Valério de Carvalho, 1999).

    Every path takes visits from large to small, so that each filling of a slot is one path.
    """

    def __init__(self, sizes: Counter[int], slots: int, cap: int) -> None:
        self._sizes, self._slots, self._cap = sizes, slots, cap
        self.is_impossible = False
        self._arcs: list[tuple[int, int]] = []
        reached = {0}
        for size in sorted(sizes, reverse=True):
            here = set(reached)
            for _ in range(sizes[size]):
                here |= {at + size for at in here if at + size <= cap}
            starts = [at for at in sorted(here) if at + size <= cap]
            self._arcs += [(at, size) for at in starts]
            reached |= here

    def _model(self, *, whole: bool) -> Linear:
        model = Linear()
        leaving: dict[int, list[tuple[int, float]]] = {at: [] for at in range(self._cap + 1)}
        taking: dict[int, list[tuple[int, float]]] = {size: [] for size in self._sizes}
        for at, size in self._arcs:
            most = float(self._sizes[size])
            column = model.column(0.0, 0.0, most, whole=whole)
            leaving[at].append((column, 1.0))
            leaving[at + size].append((column, -1.0))
            taking[size].append((column, 1.0))
        # What flows out of 0 is the number of slots used; elsewhere a path may end.
        for at, terms in leaving.items():
            if at and terms:
                model.row(terms, high=0.0)
        first = [(column, 1.0) for column, sign in leaving[0] if sign > 0]
        used = model.column(1.0, 0.0, INFINITE)
        model.row([*first, (used, -1.0)], high=0.0)
        for size in sorted(self._sizes):
            model.row(taking[size], low=float(self._sizes[size]))
        return model

    def proof(self) -> Weights | None:
        """Weights that show that more than `slots` slots are needed; None if none do."""
        values = self._dual_values()
        weights = {size: max(0, int(value * _SCALE + 0.5)) for size, value in values.items()}
        heaviest = self._heaviest(weights)
        total = sum(weights[size] * count for size, count in self._sizes.items())
        return Weights(weights, heaviest) if total > self._slots * heaviest else None

    def _dual_values(self) -> dict[int, float]:
        """Worth of a visit of each size, by columns made as they are missed."""
        patterns: list[Counter[int]] = [Counter({size: self._cap // size}) for size in self._sizes]
        order = sorted(self._sizes)
        while True:
            # The dual is solved as it stands: the most worth, no known pattern above 1.
            model = Linear()
            for size in order:
                model.column(-float(self._sizes[size]))
            for pattern in patterns:
                model.row([(order.index(s), float(n)) for s, n in pattern.items()], high=1.0)
            solved = model.solve(limit=Limit())
            worth = dict(zip(order, (float(v) for v in solved.values), strict=True))
            best, pattern = self._best_pattern(worth)
            if best <= 1 + 1e-7 or pattern in patterns:
                return worth
            patterns.append(pattern)

    def _best_pattern(self, worth: Mapping[int, float]) -> tuple[float, Counter[int]]:
        """The filling of a slot of most worth, with any number of visits of each size: what it
        proves has to hold for other visits too."""
        best: list[tuple[float, int]] = [(0.0, 0)]
        for room in range(1, self._cap + 1):
            best.append((best[room - 1][0], 0))
            for size, value in worth.items():
                if size <= room and best[room - size][0] + value > best[room][0] + 1e-12:
                    best[room] = (best[room - size][0] + value, size)
        pattern: Counter[int] = Counter()
        room = self._cap
        while room > 0:
            size = best[room][1]
            pattern[size] += size > 0
            room -= size or 1
        del pattern[0]
        return best[self._cap][0], pattern

    def _heaviest(self, weights: Mapping[int, int]) -> int:
        """The most weight that any visits of these sizes bring into one slot."""
        best = [0] * (self._cap + 1)
        for size, weight in sorted(weights.items()):
            for room in range(size, self._cap + 1):
                best[room] = max(best[room], best[room - size] + weight)
        return best[self._cap]

    def patterns(self, nodes: int, stop: Callable[[], bool]) -> list[list[int]] | None:
        model = self._model(whole=True)
        columns = list(range(len(self._arcs)))
        model.row([(c, 1.0) for c in columns if self._arcs[c][0] == 0], high=float(self._slots))
        solved = model.solve(limit=Limit(stop=stop), nodes=nodes)
        self.is_impossible = solved.status is Status.INFEASIBLE
        if not solved.found:
            return None
        return self._paths([round(float(value)) for value in solved.values[: len(columns)]])

    def _paths(self, flow: list[int]) -> list[list[int]]:
        leaving: dict[int, list[int]] = {}
        for (at, size), times in zip(self._arcs, flow, strict=True):
            leaving.setdefault(at, []).extend([size] * times)
        left = Counter(self._sizes)
        paths = []
        while leaving.get(0):
            at, path = 0, []
            while leaving.get(at):
                size = leaving[at].pop()
                at += size
                if left[size]:
                    left[size] -= 1
                    path.append(size)
            paths.append(path)
        return paths
