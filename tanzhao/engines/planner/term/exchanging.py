"""Annealing a plan as it lies in its slots: visits of two slots change places, over and over.

An exchange that makes the plan cheaper is always made, a dearer one the less often the dearer it
is and the colder it has become (Kirkpatrick, Gelatt and Vecchi, 1983). Since only exchanges that
fit the slots are ever made, what comes out is packed. Where few pairs of slots can exchange
anything, visits of three slots move on by one. Visits without a slot change places from the bench
like all others, which is how room is found for the last of them in a full term.
"""

import random
from bisect import bisect_left, bisect_right
from math import exp

from tanzhao.engines.planner.term.seating import Seating, Visits

# How often the visit looked at is one from the bench, if any is there.
_FROM_BENCH = 0.3
# Kinds of exchange: with one visit about as large; else with what is in any slot, where the
# visit takes another of its slot along this often.
_WITH_ALIKE = 0.4
_IN_PAIRS = 0.3
# How much smaller and larger a visit "about as large" may be, in shares of a slot.
_SMALLER, _LARGER = 0.15, 0.2
# In a chain: how many slots are drawn for a round where the visit's cluster is, and how often the
# third slot gives one back.
_DRAWS = 3
_IN_RINGS = 0.5

type Chain = tuple[tuple[int, int], ...]  # visits, each with the slot it moves to, in this order


class Exchanger:
    """Changes a seating. `best` is the cheapest full one met, `best_cost` its cost."""

    def __init__(self, seating: Seating, dice: random.Random) -> None:
        self.seating, self._dice = seating, dice
        efforts = seating.efforts
        self._by_effort = sorted(range(len(efforts)), key=lambda v: (efforts[v], v))
        self._sorted_efforts = [efforts[v] for v in self._by_effort]
        cap = max(seating.cap[:-1], default=1)
        self._smaller, self._larger = int(_SMALLER * cap), int(_LARGER * cap)
        self._step = seating.frame.step
        self.best: list[int] | None = None
        self.best_cost = float("inf")

    def forget(self, cost: float = float("inf")) -> None:
        """Begin a new search for a plan cheaper than `cost`."""
        self.best, self.best_cost = None, cost

    def run(
        self,
        proposals: int,
        *,
        hot: float,
        cold: float,
        crowding: float = 0.0,
        until_full: bool = False,
        in_chains: float = 0.0,
    ) -> None:
        """Propose exchanges while it cools from `hot` to `cold`.

        Args:
            crowding: how much, in temperatures, free room in few slots is liked better than the
                same room in many while visits wait: so they find room. Worth nothing else.
            until_full: end as soon as every visit has a slot.
            in_chains: how often, when every visit has a slot, visits of three slots move on by
                one instead. It finds fewer moves; where costs are many, it finds none cheaper.
        """
        seating, dice = self.seating, self._dice.random
        efforts, at, room, round_of = seating.efforts, seating.at, seating.room, seating.round_of
        waiting = seating.inside[seating.bench]
        bench, many = seating.bench, len(at)
        cost = seating.cost
        heat, cooling = hot, (cold / hot) ** (1 / max(1, proposals))
        crowding /= self._step**2
        for _ in range(proposals):
            heat *= cooling
            if waiting and dice() < _FROM_BENCH:
                v = waiting[int(dice() * len(waiting))]
            else:
                v = int(dice() * many)
            a = at[v]
            if in_chains and not waiting and dice() < in_chains:
                cost += self._move_on(self._chain(v, a), heat)
                if cost < self.best_cost and not seating.short:
                    self.best_cost, self.best = cost, list(at)
                continue
            found = self._alike(v, a) if dice() < _WITH_ALIKE else self._any(v, a)
            if found is None:
                continue
            going, coming, b = found
            change = 0.0
            q, r = round_of[a], round_of[b]
            if q != r:
                priced = seating.price(going, coming, q, r)
                if priced is None:
                    continue
                change = priced
            worse = change
            if crowding and waiting:
                days = sum([efforts[u] for u in going]) - sum([efforts[u] for u in coming])
                liked = 0
                if a != bench:
                    liked += days * (2 * room[a] + days)
                if b != bench:
                    liked += days * (days - 2 * room[b])
                worse -= crowding * heat * liked
            if worse > 0 and dice() >= exp(-worse / heat):
                continue
            for u in going:
                seating.move(u, b)
            for u in coming:
                seating.move(u, a)
            cost += change
            if waiting or seating.short:
                continue
            if cost < self.best_cost:
                self.best_cost, self.best = cost, list(at)
            if until_full:
                return

    # --- what might be exchanged -----------------------------------------------------------------

    def _alike(self, v: int, a: int) -> tuple[Visits, Visits, int] | None:
        """Exchange a visit for one about as large in another slot."""
        seating = self.seating
        effort = seating.efforts[v]
        low = bisect_left(self._sorted_efforts, effort - self._smaller)
        most = effort + min(seating.room[a], self._larger)
        high = bisect_right(self._sorted_efforts, most)
        if high <= low:
            return None
        w = self._by_effort[low + int(self._dice.random() * (high - low))]
        b = seating.at[w]
        if a == b or seating.efforts[w] + seating.room[b] < effort:
            return None
        return (v,), (w,), b

    def _any(self, v: int, a: int) -> tuple[Visits, Visits, int] | None:
        """Bring a visit, or two of its slot, into any other slot, for up to two visits there."""
        seating, dice = self.seating, self._dice.random
        efforts, room = seating.efforts, seating.room
        b = int(dice() * len(room))
        if a == b or not seating.may[v][seating.round_of[b]]:
            return None
        going: Visits = (v,)
        need, most = efforts[v] - room[b], room[a] + efforts[v]
        beside = seating.inside[a]
        if a != seating.bench and len(beside) > 1 and dice() < _IN_PAIRS:
            other = beside[int(dice() * len(beside))]
            if other == v:
                return None
            going = (v, other)
            need += efforts[other]
            most += efforts[other]
        if need <= 0:
            return going, (), b
        found: list[Visits] = []
        there = seating.inside[b]
        for place, x in enumerate(there):
            one = efforts[x]
            if need <= one <= most:
                found.append((x,))
            for y in there[place + 1 :]:
                if need <= one + efforts[y] <= most:
                    found.append((x, y))
        if not found:
            return None
        return going, found[int(dice() * len(found))], b

    def _chain(self, v: int, a: int) -> Chain:
        """Bring a visit into another slot, one of its visits into a third, and from there one
        into the first, unless there is room. Empty if they would not fit."""
        seating, dice = self.seating, self._dice.random
        efforts, room, bench = seating.efforts, seating.room, seating.bench
        b = self._slot_near(v)
        there = seating.inside[b]
        if b in (a, bench) or not there:
            return ()
        x = there[int(dice() * len(there))]
        effort = efforts[x]
        if effort < efforts[v] - room[b]:
            return ()
        if dice() >= _IN_RINGS:
            c = self._slot_near(x)
            return () if c in (a, b, bench) or room[c] < effort else ((x, c), (v, b))
        low = bisect_left(self._sorted_efforts, effort - self._smaller)
        most = min(room[a] + efforts[v], effort + self._larger)
        high = bisect_right(self._sorted_efforts, most)
        if high <= low:
            return ()
        y = self._by_effort[low + int(dice() * (high - low))]
        c = seating.at[y]
        if c in (a, b, bench) or room[c] + efforts[y] < effort:
            return ()
        return (x, c), (y, a), (v, b)

    def _slot_near(self, v: int) -> int:
        """Draw a slot, rather of a round that visits the visit's cluster anyway."""
        seating, b = self.seating, 0
        for _ in range(_DRAWS):
            b = int(self._dice.random() * len(seating.room))
            if seating.is_near(v, seating.round_of[b]):
                break
        return b

    def _move_on(self, chain: Chain, heat: float) -> float:
        """Make the moves of a chain if rules and heat allow them all; gives what that costs."""
        seating, change = self.seating, 0.0
        before: list[tuple[int, int]] = []
        for u, slot in chain:
            old = seating.at[u]
            q, r = seating.round_of[old], seating.round_of[slot]
            priced = 0.0 if q == r else seating.price((u,), (), q, r)
            if priced is None:
                break
            change += priced
            seating.move(u, slot)
            before.append((u, old))
        else:
            if change <= 0 or self._dice.random() < exp(-change / heat):
                return change
        for u, old in reversed(before):
            seating.move(u, old)
        return 0.0
