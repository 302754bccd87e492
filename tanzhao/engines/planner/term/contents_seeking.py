"""Seeking the cheapest content of a round that fits its slots: what is compiled of contents.py.

Totals of a content (person-days, long visits, skills) are numbered, days last. First the least
value for every total is filled in, item after item, cluster after cluster, as in the knapsack
problem: what fits the slots is among the contents with these totals, with many that do not. From
the totals that are cheap enough the way back then leads to one content after the other, and the
values filled in before tell how cheap the rest can be: only what could still be cheaper than the
best one found is followed, and only while what was chosen fits the slots.
"""

from typing import NamedTuple

import numpy as np

from tanzhao.engines.compiling import compiled
from tanzhao.engines.planner.term.frame import Floats, Ints

# Steps of packing one content; one that takes more is held to fit.
_STEPS_OF_PACKING = 3000
# What fills less than this share of the slots fits them.
_SURELY_FITS = 0.5
# Where there is no total from which an item leads to another.
NO_TOTAL = -1


class Items(NamedTuple):
    """Items a round may hold, cluster by cluster.

    Attributes:
        starts: [C + 1], the first item of each cluster. opening: [C], its price.
        prices, days: [J]. kinds: [J], which totals other than days it adds to.
        back: [kinds, totals other than days], which of them an item of this kind comes from, or
            NO_TOTAL.
        size: how many totals of days there are.
    """

    starts: Ints
    opening: Floats
    prices: Floats
    days: Ints
    kinds: Ints
    back: Ints
    size: int


class Demands(NamedTuple):
    """What a content keeps besides its totals; joint groups chosen beforehand are one item more.

    Attributes:
        efforts: of all visits, in days of a slot. visits: [J + 2], the first visit of each item.
        skills: [J + 1, K], visits of each item that need it. skill_caps: [K].
        slots, visits_most: how many slots there are, and visits at most.
        lost: for each room left in a slot, up to a whole one, what no visits can fill of it.
        is_rough: nothing is asked besides the totals.
    """

    efforts: Ints
    visits: Ints
    skills: Ints
    skill_caps: Ints
    slots: int
    visits_most: int
    lost: Ints
    is_rough: bool


class Space(NamedTuple):
    """Room to work in: `without`: [C + 1, totals], least values before each cluster. `with_one`:
    [J, totals], with at least one item of its cluster up to this one. `nodes`: where to go on:
    rows (row, total, number chosen before, item chosen last). `spent`: what each costs so far."""

    without: Floats
    with_one: Floats
    nodes: Ints
    spent: Floats


@compiled
def fill(space: Space, items: Items) -> None:
    """Fill in the least values of all totals; the first row of `without` is given."""
    size = items.size
    for c in range(len(items.opening)):
        before = space.without[c]
        for i in range(items.starts[c], items.starts[c + 1]):
            is_first = i == items.starts[c]
            price, day = items.prices[i], items.days[i]
            opened = price + items.opening[c]
            much = size - day
            for other in range(items.back.shape[1]):
                here = space.with_one[i, other * size : (other + 1) * size]
                if is_first:
                    here[:] = np.inf
                else:
                    here[:] = space.with_one[i - 1, other * size : (other + 1) * size]
                old = items.back[items.kinds[i], other] * size
                if old < 0 or much <= 0:
                    continue
                none, after = before[old : old + much], here[day:]
                if is_first:
                    for k in range(much):
                        after[k] = none[k] + opened
                    continue
                some = space.with_one[i - 1, old : old + much]
                for k in range(much):
                    x, y = none[k] + opened, some[k] + price
                    least = x if x < y else y
                    after[k] = least if least < after[k] else after[k]
        last = space.with_one[items.starts[c + 1] - 1]
        following = space.without[c + 1]
        for k in range(len(before)):
            following[k] = before[k] if before[k] < last[k] else last[k]


@compiled
def packs(sizes: Ints, many: int, room: Ints, place: Ints, lost: Ints, spare: int) -> bool:
    """Whether visits fit the slots and leave no more than there is to spare; if in doubt, yes.

    Args:
        sizes: `many` visits, ascending. room: [slots] and place: [visits], to work in.
        lost: for each room left in a slot up to a whole one, what no visits of the round can fill.
        spare: how much of all the slots may be lost.
    """
    room[:] = len(lost) - 1
    place[:many] = -1
    at, waste = many - 1, lost[-1] * len(room)
    for _ in range(_STEPS_OF_PACKING):
        effort, slot = sizes[at], place[at]
        if slot >= 0:
            waste -= lost[room[slot]]
            room[slot] += effort
            waste += lost[room[slot]]
        slot += 1
        while slot < len(room):
            if room[slot] >= effort:
                for other in range(slot):
                    if room[other] == room[slot]:
                        break  # a slot with as much room was tried
                else:
                    break
            slot += 1
        if slot == len(room):
            place[at] = -1
            at += 1
            if at == many:
                return False
            continue
        waste -= lost[room[slot]]
        room[slot] -= effort
        waste += lost[room[slot]]
        place[at] = slot
        if waste <= spare:
            if at == 0:
                return True
            at -= 1
    return True


@compiled
def keeps_demands(
    demands: Demands, chosen: Ints, sizes: Ints, room: Ints, place: Ints, days: int
) -> bool:
    """Whether the items chosen, the groups among them, may be in a content of so many days."""
    if demands.is_rough:
        return True
    many, load = 0, 0
    for i in chosen:
        for v in range(demands.visits[i], demands.visits[i + 1]):
            at = many
            while at > 0 and sizes[at - 1] > demands.efforts[v]:
                sizes[at] = sizes[at - 1]
                at -= 1
            sizes[at] = demands.efforts[v]
            load += sizes[at]
            many += 1
    if many > demands.visits_most:
        return False
    for k in range(len(demands.skill_caps)):
        left = demands.skill_caps[k]
        for i in chosen:
            left -= demands.skills[i, k]
        if left < 0:
            return False
    whole = demands.slots * (len(demands.lost) - 1)
    if load <= _SURELY_FITS * whole:
        return True
    return packs(sizes, many, room, place, demands.lost, whole - days)


@compiled
def seek(
    space: Space, items: Items, demands: Demands, ends: Floats, below: float, most: int, best: Ints
) -> tuple[float, int, int]:
    """Find the cheapest content that keeps all demands and costs less than `below`.

    Args:
        ends: [totals], what a content with these totals pays besides. most: nodes to look at.
        best: [J], where the items of the content are written.
    Returns: its cost, or `below`; how many items it has, -1 if there is none; and how many nodes
        were looked at: more than `most` if it gave up.
    """
    starts, size, with_one, without = items.starts, items.size, space.with_one, space.without
    nodes, spent = space.nodes, space.spent
    clusters, n_items = len(items.opening), len(items.prices)
    cluster_of = np.empty(n_items, dtype=np.int64)
    for c in range(clusters):
        cluster_of[starts[c] : starts[c + 1]] = c
    sizes = np.empty(len(demands.efforts), dtype=np.int64)
    place, room = np.empty_like(sizes), np.empty(demands.slots, dtype=np.int64)
    chosen = np.empty(n_items + 1, dtype=np.int64)
    chosen[0] = n_items  # the joint groups
    found, looked = -1, 0
    for total in range(len(ends)):
        if without[clusters, total] + ends[total] >= below:
            continue
        # A row is -1 - c for all before cluster c, or an item for what has one up to it.
        nodes[0, 0], nodes[0, 1], nodes[0, 2], nodes[0, 3] = -1 - clusters, total, 0, n_items
        spent[0] = ends[total]
        top = 1
        while top > 0:
            top -= 1
            looked += 1
            if looked > most:
                return below, found, looked
            row, at, n, last = nodes[top, 0], nodes[top, 1], nodes[top, 2], nodes[top, 3]
            cost = spent[top]
            if cost + (without[-1 - row, at] if row < 0 else with_one[row, at]) >= below:
                continue
            chosen[n] = last
            n += 1
            if not keeps_demands(demands, chosen[:n], sizes, room, place, total % size):
                continue
            apart, days = at // size, at % size
            is_inside = row >= 0
            c = cluster_of[row] if is_inside else -2 - row
            i = row
            # Whatever is chosen next: an item of this cluster, or of one before it.
            while c >= 0:
                if not is_inside:
                    i = starts[c + 1] - 1
                while i >= starts[c] and with_one[i, at] + cost < below:
                    other = items.back[items.kinds[i], apart]
                    if other >= 0 and days >= items.days[i]:
                        old = other * size + days - items.days[i]
                        more = cost + items.prices[i]
                        if without[c, old] + more + items.opening[c] < below:
                            nodes[top, 0], nodes[top, 1] = -1 - c, old
                            nodes[top, 2], nodes[top, 3] = n, i
                            spent[top] = more + items.opening[c]
                            top += 1
                        if i > starts[c] and with_one[i - 1, old] + more < below:
                            nodes[top, 0], nodes[top, 1] = i - 1, old
                            nodes[top, 2], nodes[top, 3] = n, i
                            spent[top] = more
                            top += 1
                    i -= 1
                if is_inside or without[c, at] + cost >= below:
                    break
                c -= 1
            if c < 0 and without[0, at] + cost < below:
                below, found = without[0, at] + cost, n - 1
                best[: n - 1] = chosen[1:n]
    return below, found, looked
