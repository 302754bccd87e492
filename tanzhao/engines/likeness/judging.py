"""Candidates and judgement: which pairs of documents share enough, and what."""

import numpy as np
from numpy.typing import NDArray

from tanzhao.engines.likeness.alignment import well_set
from tanzhao.engines.likeness.compiling import compiled
from tanzhao.engines.likeness.gathering import Gathered
from tanzhao.engines.likeness.joining import Joined
from tanzhao.engines.likeness.ordering import place_of, put_in_order
from tanzhao.engines.likeness.settings import Settings
from tanzhao.engines.likeness.stretches import (
    COLUMNS,
    COMMON,
    MANY,
    RARE,
    SHARED,
    gone_over,
    packed,
    stretches_of,
    unpacked,
    worth_showing,
)

# Two documents are looked at if they share one rare print, or three that more documents have: a
# print counts for as much as its letters do.
LEAST_PRINTS = 3
_SIEVE = 8192
_MOST_STRETCHES = 2048

Measures = tuple[int, int, int, int, int]


def measures_of(settings: Settings) -> Measures:
    """Give what `judge` goes by, in the order in which it is taken."""
    return (
        settings.gram,
        settings.bridge,
        settings.least_stretch,
        settings.reach,
        settings.least_letters,
    )


def weights_of(joined: Joined, documents: int, settings: Settings) -> NDArray[np.int8]:
    """Give what each group counts for. Wording of a template counts for nothing.

    documents: how many there are; those of `joined` behind them are templates.
    """
    counts = np.diff(joined.group_starts)
    weights = np.full(len(counts), RARE, dtype=np.int8)
    weights[counts > settings.few] = SHARED
    weights[counts > settings.cap] = COMMON
    if len(counts):
        # Holders stand in order, templates last.
        weights[joined.holders[joined.group_starts[1:] - 1] >= documents] = COMMON
    return weights


@compiled
def sieve_of(groups: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Give what tells most groups that are none of these by one look."""
    sieve = np.zeros(_SIEVE, dtype=np.bool_)
    for group in groups:
        sieve[group & (_SIEVE - 1)] = True
    return sieve


@compiled
def seeds_of(
    a: NDArray[np.uint16],
    b: NDArray[np.uint16],
    groups: NDArray[np.int32],
    places: NDArray[np.int32],
    other_groups: NDArray[np.int32],
    other_places: NDArray[np.int32],
    weights: NDArray[np.int8],
    gram: int,
    sieve: NDArray[np.bool_],
) -> NDArray[np.int64]:
    """Give the prints that two documents share, by place: packed as `unpacked` says.

    Nothing if they share too few to be looked at, or not many, none of which is well set at its
    first place in both. `groups`, `other_groups`: the prints of each, ascending, `sieve` of the
    first; `weights`: of each group.
    """
    room = 64
    seeds = np.empty(room, dtype=np.int64)
    count = 0
    enough = 0
    before = -1
    for j in range(len(other_groups)):
        group = other_groups[j]
        if not sieve[group & (_SIEVE - 1)]:
            continue
        i = place_of(groups, group)
        if i == len(groups) or groups[i] != group:
            continue
        weight = weights[group]
        first = 0
        if group != before:
            before = group
            enough += weight
            first = 1 if weight != COMMON else 0
        while i < len(groups) and groups[i] == group:
            if count == room:
                larger = np.empty(2 * room, dtype=np.int64)
                for k in range(room):
                    larger[k] = seeds[k]
                seeds = larger
                room *= 2
            seeds[count] = packed(places[i], other_places[j], weight, first)
            first = 0
            count += 1
            i += 1
    for k in range(count if enough >= LEAST_PRINTS else 0):
        place, other, _, first = unpacked(seeds[k])
        if enough >= MANY or (first and well_set(a, b, place, other, gram)):
            put_in_order(seeds[:count])
            return seeds[:count]
    return seeds[:0]


@compiled
def judge(
    a: NDArray[np.uint16],
    b: NDArray[np.uint16],
    widths: NDArray[np.uint8],
    other_widths: NDArray[np.uint8],
    seeds: NDArray[np.int64],
    measures: Measures,
) -> NDArray[np.int32]:
    """Give the stretches worth showing that two documents share, in the order of the left.

    `a`, `b`: their letters, with their widths, which say where sentences begin.
    """
    gram, bridge, least_stretch, reach, least_letters = measures
    room = min(_MOST_STRETCHES, len(a) // least_stretch + 1) if len(seeds) else 0
    stretches = np.empty((room, COLUMNS), dtype=np.int32)
    if room == 0:
        return stretches
    own = np.zeros(len(a), dtype=np.int8)
    count = stretches_of(
        a, b, widths, other_widths, seeds, gram, bridge, reach, least_stretch, own, stretches
    )
    if count:
        count = worth_showing(own, widths, stretches, count, reach, least_letters * RARE)
        count = gone_over(a, b, widths, other_widths, stretches, count, bridge)
    return stretches[:count]


def judge_pair(
    gathered: Gathered,
    joined: Joined,
    weights: NDArray[np.int8],
    left: int,
    right: int,
    settings: Settings,
) -> NDArray[np.int32]:
    """Give the stretches worth showing of two documents."""
    one, other = (
        slice(joined.document_starts[document], joined.document_ends[document])
        for document in (left, right)
    )
    a, b = (
        gathered.signs[gathered.letter_starts[document] : gathered.letter_starts[document + 1]]
        for document in (left, right)
    )
    seeds = seeds_of(
        a, b, joined.groups[one], joined.places[one], joined.groups[other], joined.places[other],
        weights, settings.gram, sieve_of(joined.groups[one]),
    )  # fmt: skip
    widths, other_widths = (
        gathered.widths[gathered.letter_starts[document] : gathered.letter_starts[document + 1]]
        for document in (left, right)
    )
    return judge(a, b, widths, other_widths, seeds, measures_of(settings))


@compiled
def _candidates(
    document: int,
    signs: NDArray[np.uint16],
    letter_starts: NDArray[np.int64],
    group_starts: NDArray[np.int64],
    holders: NDArray[np.int32],
    held_at: NDArray[np.int32],
    mine: NDArray[np.int32],
    my_places: NDArray[np.int32],
    weights: NDArray[np.int8],
    gram: int,
    shared: NDArray[np.int32],
    touched: NDArray[np.int32],
) -> int:
    """Write the later documents that may be worth judging with `document`, in order.

    Gives how many. `shared` is all 0 before and after.
    """
    met = 0
    last = -1
    for group in mine:
        weight = weights[group]
        if group == last or weight == COMMON:
            continue
        last = group
        for k in range(group_starts[group + 1] - 1, group_starts[group] - 1, -1):
            other = holders[k]
            if other <= document:
                break
            if shared[other] == 0:
                touched[met] = other
                met += 1
            shared[other] += weight
    a = signs[letter_starts[document] : letter_starts[document + 1]]
    last = -1
    for place, group in enumerate(mine):
        if group == last or weights[group] == COMMON:
            continue
        last = group
        for k in range(group_starts[group + 1] - 1, group_starts[group] - 1, -1):
            other = holders[k]
            if other <= document:
                break
            if shared[other] < LEAST_PRINTS or held_at[k] < 0:
                continue
            if shared[other] >= MANY:
                shared[other] = -1_000_000
                continue
            b = signs[letter_starts[other] : letter_starts[other + 1]]
            if well_set(a, b, my_places[place], held_at[k], gram):
                # Found hopeful: not asked again.
                shared[other] = -1_000_000
    kept = 0
    for k in range(met):
        other = touched[k]
        if shared[other] < 0:
            touched[kept] = other
            kept += 1
        shared[other] = 0
    put_in_order(touched[:kept])
    return kept


@compiled
def judge_from(
    document: int,
    size: int,
    signs: NDArray[np.uint16],
    widths: NDArray[np.uint8],
    letter_starts: NDArray[np.int64],
    joined: Joined,
    weights: NDArray[np.int8],
    measures: Measures,
    pairs: NDArray[np.int32],
    stretches: NDArray[np.int32],
) -> tuple[int, int, int]:
    """Judge the pairs of `document` and later ones, then of the next, while there is room.

    Documents from `size` on are templates. Writes rows (left, right, where its stretches end)
    into `pairs`, and `stretches`. Gives the document to go on with, and how many of each were
    written.
    """
    shared = np.zeros(size, dtype=np.int32)
    touched = np.empty(size, dtype=np.int32)
    starts, ends, groups = joined.document_starts, joined.document_ends, joined.groups
    pair_count = stretch_count = 0
    while document < size:
        first_pair, first_stretch = pair_count, stretch_count
        mine = groups[starts[document] : ends[document]]
        my_places = joined.places[starts[document] : ends[document]]
        count = _candidates(
            document, signs, letter_starts, joined.group_starts, joined.holders,
            joined.held_at, mine, my_places, weights, measures[0], shared, touched,
        )  # fmt: skip
        sieve = sieve_of(mine)
        for other in touched[:count]:
            begin, end = starts[other], ends[other]
            a = signs[letter_starts[document] : letter_starts[document + 1]]
            b = signs[letter_starts[other] : letter_starts[other + 1]]
            seeds = seeds_of(
                a, b, mine, my_places, groups[begin:end], joined.places[begin:end], weights,
                measures[0], sieve,
            )  # fmt: skip
            my_widths = widths[letter_starts[document] : letter_starts[document + 1]]
            other_widths = widths[letter_starts[other] : letter_starts[other + 1]]
            found = judge(a, b, my_widths, other_widths, seeds, measures)
            if len(found) == 0:
                continue
            if pair_count == len(pairs) or stretch_count + len(found) > len(stretches):
                return document, first_pair, first_stretch
            for row in range(len(found)):
                for column in range(COLUMNS):
                    stretches[stretch_count, column] = found[row, column]
                stretch_count += 1
            pairs[pair_count, 0] = document
            pairs[pair_count, 1] = other
            pairs[pair_count, 2] = stretch_count
            pair_count += 1
        document += 1
    return document, pair_count, stretch_count
