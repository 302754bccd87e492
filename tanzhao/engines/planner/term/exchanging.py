"""Annealing a plan as it lies in its slots: visits of two slots change places, over and over.

An exchange that makes the plan cheaper is always made, a dearer one the less often the dearer it
is and the colder it has become (Kirkpatrick, Gelatt and Vecchi, 1983). Since only exchanges that
fit the slots are ever made, what comes out is packed. Where few pairs of slots can exchange
anything, visits of three slots move on by one. Visits without a slot change places from the bench
like all others, which is how room is found for the last of them in a full term.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from tanzhao.engines.compiling import compiled_bare, inlined
from tanzhao.engines.planner.term.frame import Floats, Ints
from tanzhao.engines.planner.term.seating import Seating
from tanzhao.engines.planner.term.seats import FORBIDDEN, GOING, HAND, Rules, Seats, move, price

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
_NOWHERE = -1
# Exchanges proposed between two questions whether to go on.
_AT_ONCE = 500_000


class Ways(NamedTuple):
    """How exchanges are proposed; as `Exchanger.run` is asked. crowding: by a day, squared."""

    proposals: int
    hot: float
    cold: float
    crowding: float
    until_full: bool
    in_chains: float
    smaller: int
    larger: int


class Exchanger:
    """Changes a seating. `best` is the cheapest full one met, `best_cost` its cost."""

    def __init__(self, seating: Seating, seed: int) -> None:
        self.seating = seating
        self._dice = np.random.default_rng(seed)
        cap = max(seating.cap[:-1], default=1)
        self._smaller, self._larger = int(_SMALLER * cap), int(_LARGER * cap)
        self._step = seating.frame.step
        self._scratch = np.zeros((3, HAND), dtype=np.int64)
        self._at = seating.seats.at.copy()
        self.best: Ints | None = None
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
        go_on: Callable[[], bool],
        crowding: float = 0.0,
        until_full: bool = False,
        in_chains: float = 0.0,
    ) -> None:
        """Propose exchanges while it cools from `hot` to `cold`.

        Args:
            go_on: asked between some hundred thousand exchanges.
            crowding: how much, in temperatures, free room in few slots is liked better than the
                same room in many while visits wait: so they find room. Worth nothing else.
            until_full: end as soon as every visit has a slot.
            in_chains: how often, when every visit has a slot, visits of three slots move on by
                one instead.
        """
        pieces = -(-proposals // _AT_ONCE)
        factor = (cold / hot) ** (1 / max(1, pieces))
        for piece in range(pieces):
            if not go_on() or (until_full and self.seating.is_full):
                break
            heat = hot * factor**piece
            ways = Ways(
                proposals=min(_AT_ONCE, proposals - piece * _AT_ONCE),
                hot=heat,
                cold=heat * factor,
                crowding=crowding / self._step**2,
                until_full=until_full,
                in_chains=in_chains,
                smaller=self._smaller,
                larger=self._larger,
            )
            self._exchange(ways)

    def _exchange(self, ways: Ways) -> None:
        seating = self.seating
        costs = np.array([seating.cost, self.best_cost])
        hand, slots, alone = self._scratch
        exchange(
            seating.seats, seating.rules, ways, self._dice, hand, slots, alone, costs, self._at
        )
        if costs[1] < self.best_cost:
            self.best_cost, self.best = float(costs[1]), self._at.copy()


@compiled_bare
def exchange(
    seats: Seats,
    rules: Rules,
    ways: Ways,
    dice: np.random.Generator,
    hand: Ints,
    slots: Ints,
    alone: Ints,
    costs: Floats,
    best: Ints,
) -> None:
    """Propose exchanges and make those that rules and heat allow.

    Args:
        hand, slots, alone: [HAND], to work in.
        costs: [2], of the seats, and of the best full ones met. best: [V], where their slots are
            written.
    """
    bench, heat = rules.bench, ways.hot
    cooling = (ways.cold / ways.hot) ** (1 / max(1, ways.proposals))
    for _ in range(ways.proposals):
        heat *= cooling
        waiting = seats.many[bench]
        if waiting > 0 and dice.random() < _FROM_BENCH:
            v = seats.inside[rules.starts[bench] + int(dice.random() * waiting)]
        else:
            v = int(dice.random() * len(seats.at))
        a = seats.at[v]
        if ways.in_chains > 0 and waiting == 0 and dice.random() < ways.in_chains:
            long = _chain(seats, rules, ways, dice, v, hand, slots)
            costs[0] += _move_on(seats, rules, dice, hand, slots, alone, long, heat)
        else:
            for i in range(HAND):
                hand[i] = -1
            if dice.random() < _WITH_ALIKE:
                b = _alike(seats, rules, ways, dice, v, hand)
            else:
                b = _any(seats, rules, dice, v, hand)
            if b == _NOWHERE:
                continue
            q, r = rules.round_of[a], rules.round_of[b]
            change = price(seats, rules, hand, q, r) if q != r else 0.0
            worse = change
            if ways.crowding > 0 and waiting > 0:
                worse -= heat * ways.crowding * _crowded(seats, rules, hand, a, b)
            if worse > 0 and dice.random() >= np.exp(-worse / heat):
                continue
            for i in range(HAND):
                if hand[i] >= 0:
                    move(seats, rules, hand[i], b if i < GOING else a)
            costs[0] += change
        if seats.many[bench] > 0 or seats.short[0] > 0:
            continue
        if costs[0] < costs[1]:
            costs[1] = costs[0]
            for v in range(len(best)):
                best[v] = seats.at[v]
        if ways.until_full:
            break


# --- what might be exchanged -------------------------------------------------------------------


@inlined
def _first_from(values: Ints, least: int) -> int:
    """Where in ascending `values` the first stands that is not less."""
    begin, end = 0, len(values)
    while begin < end:
        middle = (begin + end) // 2
        if values[middle] < least:
            begin = middle + 1
        else:
            end = middle
    return begin


@inlined
def _as_large(rules: Rules, dice: np.random.Generator, low: int, high: int) -> int:
    """Draw a visit that takes from `low` to `high` days; NOWHERE if there is none."""
    begin = _first_from(rules.sorted_efforts, low)
    end = _first_from(rules.sorted_efforts, high + 1)
    if end <= begin:
        return _NOWHERE
    return int(rules.by_effort[begin + int(dice.random() * (end - begin))])


@inlined
def _alike(
    seats: Seats, rules: Rules, ways: Ways, dice: np.random.Generator, v: int, hand: Ints
) -> int:
    """Exchange a visit for one about as large in another slot; gives that slot."""
    effort, a = rules.efforts[v], seats.at[v]
    most = effort + min(seats.room[a], ways.larger)
    w = _as_large(rules, dice, effort - ways.smaller, most)
    if w == _NOWHERE:
        return _NOWHERE
    b = seats.at[w]
    if a == b or rules.efforts[w] + seats.room[b] < effort:
        return _NOWHERE
    hand[0], hand[GOING] = v, w
    return int(b)


@inlined
def _any(seats: Seats, rules: Rules, dice: np.random.Generator, v: int, hand: Ints) -> int:
    """Bring a visit, or two of its slot, into any other slot, for up to two visits there."""
    a, b = seats.at[v], int(dice.random() * len(seats.room))
    if a == b or not seats.may[v, rules.round_of[b]]:
        return _NOWHERE
    hand[0] = v
    days = rules.efforts[v]
    beside = seats.many[a]
    if a != rules.bench and beside > 1 and dice.random() < _IN_PAIRS:
        other = seats.inside[rules.starts[a] + int(dice.random() * beside)]
        if other == v:
            return _NOWHERE
        hand[1] = other
        days += rules.efforts[other]
    need, most = days - seats.room[b], days + seats.room[a]
    if need <= 0:
        return b
    # Counted first, so that each choice is as likely as any other.
    many = _choose(seats, rules, b, need, most, -1, hand)
    if many == 0:
        return _NOWHERE
    _choose(seats, rules, b, need, most, int(dice.random() * many), hand)
    return b


@inlined
def _choose(
    seats: Seats, rules: Rules, slot: int, need: int, most: int, wanted: int, hand: Ints
) -> int:
    """Find one or two visits of a slot that take from `need` to `most` days; the one with the
    number `wanted` comes into the hand. Gives how many there are."""
    begin, found = rules.starts[slot], 0
    end = begin + seats.many[slot]
    for i in range(begin, end):
        x = seats.inside[i]
        left = need - rules.efforts[x]
        room = most - rules.efforts[x]
        if left <= 0 <= room:
            if found == wanted:
                hand[GOING] = x
            found += 1
        if room <= 0:
            continue
        for k in range(i + 1, end):
            if left <= rules.efforts[seats.inside[k]] <= room:
                if found == wanted:
                    hand[GOING], hand[GOING + 1] = x, seats.inside[k]
                found += 1
    return found


@inlined
def _crowded(seats: Seats, rules: Rules, hand: Ints, a: int, b: int) -> int:
    """How much more unequal an exchange makes the room of two slots, in days squared."""
    days = 0
    for i in range(HAND):
        if hand[i] >= 0:
            days += rules.efforts[hand[i]] if i < GOING else -rules.efforts[hand[i]]
    liked = 0
    if a != rules.bench:
        liked += days * (2 * seats.room[a] + days)
    if b != rules.bench:
        liked += days * (days - 2 * seats.room[b])
    return liked


# --- chains --------------------------------------------------------------------------------------


@inlined
def _slot_near(seats: Seats, rules: Rules, dice: np.random.Generator, v: int) -> int:
    """Draw a slot, rather of a round that visits the visit's cluster anyway."""
    slot = 0
    for _ in range(_DRAWS):
        slot = int(dice.random() * len(seats.room))
        r = rules.round_of[slot]
        if seats.may[v, r] and seats.used[rules.clusters[v], r] > 0:
            break
    return slot


@inlined
def _chain(
    seats: Seats,
    rules: Rules,
    ways: Ways,
    dice: np.random.Generator,
    v: int,
    hand: Ints,
    slots: Ints,
) -> int:
    """Bring a visit into another slot, one of its visits into a third, and from there one into
    the first, unless there is room.

    Returns: how many visits of `hand` move on, in this order, each to its slot of `slots`; 0 if
        they would not fit.
    """
    a, b, bench = seats.at[v], _slot_near(seats, rules, dice, v), rules.bench
    if b in (a, bench) or seats.many[b] == 0:
        return 0
    x = seats.inside[rules.starts[b] + int(dice.random() * seats.many[b])]
    effort = rules.efforts[x]
    if effort < rules.efforts[v] - seats.room[b]:
        return 0
    hand[0], long = x, 2
    if dice.random() >= _IN_RINGS:
        c = _slot_near(seats, rules, dice, x)
        if c in (a, b, bench) or seats.room[c] < effort:
            return 0
    else:
        most = min(seats.room[a] + rules.efforts[v], effort + ways.larger)
        y = _as_large(rules, dice, effort - ways.smaller, most)
        if y == _NOWHERE:
            return 0
        c = seats.at[y]
        if c in (a, b, bench) or seats.room[c] + rules.efforts[y] < effort:
            return 0
        hand[1], slots[1], long = y, a, 3
    slots[0] = c
    hand[long - 1], slots[long - 1] = v, b
    return long


@inlined
def _move_on(
    seats: Seats,
    rules: Rules,
    dice: np.random.Generator,
    hand: Ints,
    slots: Ints,
    alone: Ints,
    long: int,
    heat: float,
) -> float:
    """Make the moves of a chain if rules and heat allow them all; gives what that costs.

    `slots` becomes where the visits were.
    """
    change, moved = 0.0, 0
    for i in range(1, HAND):
        alone[i] = -1
    for i in range(long):
        u, slot, old = hand[i], slots[i], seats.at[hand[i]]
        alone[0] = u
        q, r = rules.round_of[old], rules.round_of[slot]
        if q != r:
            change += price(seats, rules, alone, q, r)
        if change == FORBIDDEN:
            break
        move(seats, rules, u, slot)
        slots[i] = old
        moved += 1
    if moved == long and (change <= 0 or dice.random() < np.exp(-change / heat)):
        return change
    for i in range(moved - 1, -1, -1):
        move(seats, rules, hand[i], slots[i])
    return 0.0
