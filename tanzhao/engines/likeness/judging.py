"""Candidates and judgement: which pairs of documents share enough, and what."""

import numpy as np
from numpy.typing import NDArray

from tanzhao.engines.likeness.alignment import COMMON, RARE, SHARED, stretches_of, worth_showing
from tanzhao.engines.likeness.compiling import compiled
from tanzhao.engines.likeness.gathering import Gathered
from tanzhao.engines.likeness.joining import Joined
from tanzhao.engines.likeness.settings import Settings

# Two documents are looked at if they share one rare print, or two that more documents have.
LEAST_PRINTS = 2
_MOST_STRETCHES = 2048


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
def seeds_of(
    groups: NDArray[np.int32],
    places: NDArray[np.int32],
    other_groups: NDArray[np.int32],
    other_places: NDArray[np.int32],
    weights: NDArray[np.int8],
) -> NDArray[np.int32]:
    """Give the prints that two documents share: place, other place, weight, in this order.

    Nothing if they share too few to be looked at. `groups`, `other_groups`: the prints of each,
    ascending. `weights`: what each group counts for.
    """
    room = 64
    enough = 0
    seeds = np.empty((room, 3), dtype=np.int32)
    count = 0
    i = j = 0
    while i < len(groups) and j < len(other_groups):
        if groups[i] < other_groups[j]:
            i += 1
        elif groups[i] > other_groups[j]:
            j += 1
        else:
            group = groups[i]
            begin = j
            enough += min(weights[group], 2)
            while i < len(groups) and groups[i] == group:
                j = begin
                while j < len(other_groups) and other_groups[j] == group:
                    if count == room:
                        larger = np.empty((2 * room, 3), dtype=np.int32)
                        larger[:room] = seeds
                        seeds = larger
                        room *= 2
                    seeds[count, 0] = places[i]
                    seeds[count, 1] = other_places[j]
                    seeds[count, 2] = weights[group]
                    count += 1
                    j += 1
                i += 1
    if enough < LEAST_PRINTS:
        count = 0
    order = np.argsort(
        seeds[:count, 0].astype(np.int64) * 2_147_483_648 + seeds[:count, 1].astype(np.int64)
    )
    return seeds[order]


@compiled
def judge(
    a: NDArray[np.uint16],
    b: NDArray[np.uint16],
    seeds: NDArray[np.int32],
    gram: int,
    bridge: int,
    least_stretch: int,
    reach: int,
    least_letters: int,
) -> NDArray[np.int32]:
    """Give the stretches worth showing that two documents share, in the order of the left."""
    room = min(_MOST_STRETCHES, len(a) // least_stretch + 1)
    stretches = np.empty((room, 6), dtype=np.int32)
    count = stretches_of(a, b, seeds, gram, bridge, least_stretch, stretches)
    if count:
        count = worth_showing(a, b, stretches, count, reach, least_letters * RARE, bridge)
    return stretches[:count]


def measures_of(settings: Settings) -> tuple[int, int, int, int, int]:
    """Give what `judge` goes by, in the order in which it is taken."""
    return (
        settings.gram,
        settings.bridge,
        settings.least_stretch,
        settings.reach,
        settings.least_letters,
    )


def judge_pair(
    gathered: Gathered,
    joined: Joined,
    weights: NDArray[np.int8],
    left: int,
    right: int,
    settings: Settings,
) -> NDArray[np.int32]:
    """Give the stretches worth showing of two documents."""
    (one, other) = (
        slice(joined.document_starts[document], joined.document_starts[document + 1])
        for document in (left, right)
    )
    seeds = seeds_of(
        joined.groups[one], joined.places[one], joined.groups[other], joined.places[other], weights
    )
    return judge(
        gathered.signs[gathered.letter_starts[left] : gathered.letter_starts[left + 1]],
        gathered.signs[gathered.letter_starts[right] : gathered.letter_starts[right + 1]],
        seeds,
        *measures_of(settings),
    )


@compiled
def judge_from(
    document: int,
    size: int,
    signs: NDArray[np.uint16],
    letter_starts: NDArray[np.int64],
    group_starts: NDArray[np.int64],
    holders: NDArray[np.int32],
    document_starts: NDArray[np.int64],
    groups: NDArray[np.int32],
    places: NDArray[np.int32],
    weights: NDArray[np.int8],
    measures: tuple[int, int, int, int, int],
    pairs: NDArray[np.int32],
    stretches: NDArray[np.int32],
) -> tuple[int, int, int]:
    """Judge the pairs of `document` and later ones, then of the next, while there is room.

    Documents from `size` on are templates.

    Writes rows (left, right, where its stretches end) into `pairs`, and `stretches`. Gives the
    document to go on with, and how many of each were written.
    """
    shared = np.zeros(size, dtype=np.int32)
    touched = np.empty(size, dtype=np.int32)
    gram, bridge, least_stretch, reach, least_letters = measures
    pair_count = stretch_count = 0
    while document < size:
        first_pair, first_stretch = pair_count, stretch_count
        mine = groups[document_starts[document] : document_starts[document + 1]]
        my_places = places[document_starts[document] : document_starts[document + 1]]
        met = 0
        last = -1
        for group in mine:
            if group == last or weights[group] == COMMON:
                continue
            last = group
            counts = 2 if weights[group] == RARE else 1
            for k in range(group_starts[group + 1] - 1, group_starts[group] - 1, -1):
                other = holders[k]
                if other <= document:
                    break
                if shared[other] == 0:
                    touched[met] = other
                    met += 1
                shared[other] += counts
        touched[:met].sort()
        full = False
        for other in touched[:met]:
            enough = shared[other] >= LEAST_PRINTS
            shared[other] = 0
            if not enough or full:
                continue
            begin, end = document_starts[other], document_starts[other + 1]
            seeds = seeds_of(mine, my_places, groups[begin:end], places[begin:end], weights)
            found = judge(
                signs[letter_starts[document] : letter_starts[document + 1]],
                signs[letter_starts[other] : letter_starts[other + 1]],
                seeds, gram, bridge, least_stretch, reach, least_letters,
            )  # fmt: skip
            if len(found) == 0:
                continue
            if pair_count == len(pairs) or stretch_count + len(found) > len(stretches):
                full = True
                continue
            stretches[stretch_count : stretch_count + len(found)] = found
            stretch_count += len(found)
            pairs[pair_count, 0] = document
            pairs[pair_count, 1] = other
            pairs[pair_count, 2] = stretch_count
            pair_count += 1
        if full:
            return document, first_pair, first_stretch
        document += 1
    return document, pair_count, stretch_count
