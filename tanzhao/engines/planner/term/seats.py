"""What is compiled of seating.py: what a change of slots costs, which rules forbid it, making it.

Visits V, slots S, rounds R, clusters C, skills K, years Y. The last slot is the bench, in a round
of its own after the last: R. An exchange brings visits from a slot of one round into a slot of
another, and others back; its visits stand in `hand`: two that go and two that come, or -1.
"""

from typing import NamedTuple

import numpy as np

from tanzhao.engines.compiling import compiled_bare, inlined
from tanzhao.engines.planner.term.frame import Bools, Floats, Ints

FORBIDDEN = np.inf
GOING, HAND = 2, 4  # of those in a hand, and of a whole one


class Rules(NamedTuple):
    """What never changes of a term.

    Attributes:
        round_of, starts: [S + 1], round of each slot and where its visits begin in `inside`.
        efforts, clusters, is_first: [V]. other: [V], the unit's other visit, or -1.
        skills: [V, K], whether it needs it. is_skilled: [V], whether it needs any.
        gap_fits: [R + 1, R + 1], whether a look-back in the second may follow a first in the first.
        max_units, low, high: [R + 1]. skill_caps: [K, R + 1].
        need: [Y], first visits by the end of each year. year: [R + 1], of each round; Y is never.
        by_effort, sorted_efforts: [V], visits from small to large, and what they take.
        bench: its slot. w_cluster, w_balance: costs.
    """

    round_of: Ints
    starts: Ints
    efforts: Ints
    clusters: Ints
    is_first: Bools
    other: Ints
    skills: Bools
    is_skilled: Bools
    gap_fits: Bools
    max_units: Ints
    low: Ints
    high: Ints
    skill_caps: Ints
    need: Ints
    year: Ints
    by_effort: Ints
    sorted_efforts: Ints
    bench: int
    w_cluster: float
    w_balance: float


class Seats(NamedTuple):
    """Which visit has which slot, and what follows from it.

    Attributes:
        at: [V], the slot of each visit. inside: the visits of each slot from where it starts.
        place: [V], where in `inside`. many: [S], visits of each slot. room: [S], days left in it.
        out: [V], not in the game. may: [V, R + 1], rounds that take a visit. waits: [V, R + 1],
            what it costs there.
        used: [C, R + 1], visits of a cluster in a round. visits, load: [R + 1], visits and days.
        skilled: [K, R + 1], visits that need a skill.
        done: [Y + 1], first visits by the end of each year. short: [1], coverage that is missing.
        missing_cost: [1], of coverage short by one.
    """

    at: Ints
    inside: Ints
    place: Ints
    many: Ints
    room: Ints
    out: Bools
    may: Bools
    waits: Floats
    used: Ints
    visits: Ints
    load: Ints
    skilled: Ints
    done: Ints
    short: Ints
    missing_cost: Floats


@inlined
def may_go(seats: Seats, rules: Rules, v: int, r: int) -> bool:
    """Whether a round allows the visit, and the gap to the unit's other visit does."""
    allows = bool(seats.may[v, r])
    other = rules.other[v]
    if allows and other >= 0 and not seats.out[other]:
        there = rules.round_of[seats.at[other]]
        first, later = (r, there) if rules.is_first[v] else (there, r)
        allows = bool(rules.gap_fits[first, later])
    return allows


@inlined
def _price_of_load(seats: Seats, rules: Rules, r: int, days: int) -> float:
    load, low, high = seats.load[r], rules.low[r], rules.high[r]
    new = load + days
    out = max(0, new - high, low - new) - max(0, load - high, low - load)
    return float(rules.w_balance * out)


@inlined
def _price_of_years(seats: Seats, rules: Rules, firsts: int, old: int, new: int) -> float:
    """What coverage misses more when so many first visits go from one year to another."""
    if old > new:
        old, new, firsts = new, old, -firsts
    short = 0
    for y in range(old, new):
        over = seats.done[y] - rules.need[y]
        short += max(0, firsts - over) - max(0, -over)
    return float(seats.missing_cost[0] * short)


@inlined
def _price_of_clusters(seats: Seats, rules: Rules, hand: Ints, q: int, r: int) -> float:
    opened = 0
    for i in range(HAND):
        if hand[i] < 0:
            continue
        cluster, more, is_told = rules.clusters[hand[i]], 0, False
        for k in range(HAND):
            if hand[k] >= 0 and rules.clusters[hand[k]] == cluster:
                is_told = is_told or k < i
                more += 1 if k < GOING else -1
        if is_told:
            continue
        used = seats.used[cluster]
        if q != len(rules.low) - 1:
            opened += int(used[q] > more) - int(used[q] > 0)
        if r != len(rules.low) - 1:
            opened += int(used[r] + more > 0) - int(used[r] > 0)
    return rules.w_cluster * opened


@inlined
def _have_skills(seats: Seats, rules: Rules, hand: Ints, q: int, r: int) -> bool:
    """Whether both rounds have the people for the visits that they would get."""
    have = True
    for k in range(rules.skills.shape[1]):
        more = 0
        for i in range(HAND):
            if hand[i] >= 0 and rules.skills[hand[i], k]:
                more += 1 if i < GOING else -1
        if more > 0:
            have = have and seats.skilled[k, r] + more <= rules.skill_caps[k, r]
        if more < 0:
            have = have and seats.skilled[k, q] - more <= rules.skill_caps[k, q]
    return have


@inlined
def price(seats: Seats, rules: Rules, hand: Ints, q: int, r: int) -> float:
    """What an exchange between rounds q and r adds to the cost; FORBIDDEN if a rule forbids it."""
    more, days, firsts, change, is_skilled, is_allowed = 0, 0, 0, 0.0, False, True
    for i in range(HAND):
        u = hand[i]
        if u < 0:
            continue
        sign = 1 if i < GOING else -1
        old, new = (q, r) if i < GOING else (r, q)
        if not may_go(seats, rules, u, new):
            is_allowed = False
            break
        more += sign
        days += sign * rules.efforts[u]
        firsts += sign * int(rules.is_first[u])
        is_skilled = is_skilled or rules.is_skilled[u]
        change += seats.waits[u, new] - seats.waits[u, old]
    is_allowed = is_allowed and (more <= 0 or seats.visits[r] + more <= rules.max_units[r])
    is_allowed = is_allowed and (more >= 0 or seats.visits[q] - more <= rules.max_units[q])
    if is_allowed and is_skilled:
        is_allowed = _have_skills(seats, rules, hand, q, r)
    if not is_allowed:
        change = FORBIDDEN
    else:
        if days != 0:
            change += _price_of_load(seats, rules, q, -days) + _price_of_load(seats, rules, r, days)
        if firsts != 0:
            change += _price_of_years(seats, rules, firsts, rules.year[q], rules.year[r])
        change += _price_of_clusters(seats, rules, hand, q, r)
    return change


@inlined
def _count_visit(seats: Seats, rules: Rules, v: int, r: int, sign: int) -> None:
    """Count a visit into a round (1) or out of it (-1)."""
    if r != len(rules.low) - 1:
        seats.used[rules.clusters[v], r] += sign
        seats.visits[r] += sign
        seats.load[r] += sign * rules.efforts[v]
        if rules.is_skilled[v]:
            for k in range(rules.skills.shape[1]):
                seats.skilled[k, r] += sign * int(rules.skills[v, k])
        if rules.is_first[v]:
            for y in range(rules.year[r], len(rules.need)):
                before = max(0, rules.need[y] - seats.done[y])
                seats.done[y] += sign
                seats.short[0] += max(0, rules.need[y] - seats.done[y]) - before


@inlined
def move(seats: Seats, rules: Rules, v: int, slot: int) -> None:
    """Give a visit another slot; whether it fits there is for the caller to see."""
    old = seats.at[v]
    q, r = rules.round_of[old], rules.round_of[slot]
    if q != r:
        _count_visit(seats, rules, v, q, -1)
        _count_visit(seats, rules, v, r, 1)
    seats.many[old] -= 1
    last = seats.inside[rules.starts[old] + seats.many[old]]
    seats.inside[seats.place[v]] = last
    seats.place[last] = seats.place[v]
    seats.place[v] = rules.starts[slot] + seats.many[slot]
    seats.inside[seats.place[v]] = v
    seats.many[slot] += 1
    seats.room[old] += rules.efforts[v]
    seats.room[slot] -= rules.efforts[v]
    seats.at[v] = slot


@compiled_bare
def move_one(seats: Seats, rules: Rules, v: int, slot: int) -> None:
    """Give a visit another slot, asked from outside of a kernel."""
    move(seats, rules, v, slot)


@compiled_bare
def hold(seats: Seats, rules: Rules, at: Ints) -> None:
    """Give visits the slots `at`, [V], which hold them all at once."""
    # By way of the bench, so that no slot holds more than it can on the way.
    for v in range(len(at)):
        if at[v] != seats.at[v]:
            move(seats, rules, v, rules.bench)
    for v in range(len(at)):
        if at[v] != seats.at[v]:
            move(seats, rules, v, at[v])


@compiled_bare
def price_one(seats: Seats, rules: Rules, hand: Ints, q: int, r: int) -> float:
    """Price an exchange, asked from outside of a kernel."""
    return price(seats, rules, hand, q, r)


@compiled_bare
def total_cost(seats: Seats, rules: Rules) -> float:
    """All costs, the bench and missing coverage at their prices."""
    bench = len(rules.low) - 1
    total = seats.missing_cost[0] * seats.short[0]
    for v in range(len(seats.at)):
        if not seats.out[v]:
            total += seats.waits[v, rules.round_of[seats.at[v]]]
    for r in range(bench):
        load, low, high = seats.load[r], rules.low[r], rules.high[r]
        total += rules.w_balance * max(0, load - high, low - load)
        for c in range(len(seats.used)):
            total += rules.w_cluster * int(seats.used[c, r] > 0)
    return float(total)
