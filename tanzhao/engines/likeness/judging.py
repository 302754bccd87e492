"""Judgement: what two documents share that is worth showing."""

import numpy as np
from numpy.typing import NDArray

from tanzhao.engines.compiling import compiled
from tanzhao.engines.likeness.candidates import Ahead, candidates, most_asks, seeds_of, sieve_of
from tanzhao.engines.likeness.gathering import Gathered
from tanzhao.engines.likeness.joining import Joined
from tanzhao.engines.likeness.settings import Settings
from tanzhao.engines.likeness.stretches import (
    COLUMNS,
    COMMON,
    RARE,
    SHARED,
    gone_over,
    stretches_of,
    worth_showing,
)

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


def weights_of(joined: Joined, few: int) -> NDArray[np.int8]:
    """Give what each group counts for: those that more documents than `few` have count less."""
    sizes = np.diff(joined.group_starts)
    weights = np.full(len(sizes) + joined.common, COMMON, dtype=np.int8)
    weights[: len(sizes)] = np.where(sizes > few, SHARED, RARE)
    return weights


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
        slice(joined.document_starts[document], joined.document_starts[document + 1])
        for document in (left, right)
    )
    a, b = (
        gathered.signs[gathered.letter_starts[document] : gathered.letter_starts[document + 1]]
        for document in (left, right)
    )
    seeds = seeds_of(
        a, b, joined.groups[one], joined.places[one], joined.groups[other], joined.places[other],
        weights, settings.gram, settings.reach, sieve_of(joined.groups[one]),
    )  # fmt: skip
    widths, other_widths = (
        gathered.widths[gathered.letter_starts[document] : gathered.letter_starts[document + 1]]
        for document in (left, right)
    )
    return judge(a, b, widths, other_widths, seeds, measures_of(settings))


@compiled
def judge_from(
    document: int,
    size: int,
    signs: NDArray[np.uint16],
    widths: NDArray[np.uint8],
    letter_starts: NDArray[np.int64],
    joined: Joined,
    ahead: Ahead,
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
    asks = np.empty((most_asks(ahead), 2), dtype=np.int64)
    starts, groups = joined.document_starts, joined.groups
    gram, _, _, reach, _ = measures
    pair_count = stretch_count = 0
    while document < size:
        first_pair, first_stretch = pair_count, stretch_count
        mine = groups[starts[document] : starts[document + 1]]
        my_places = joined.places[starts[document] : starts[document + 1]]
        count = candidates(
            document,
            signs,
            letter_starts,
            joined,
            ahead,
            weights,
            gram,
            reach,
            shared,
            touched,
            asks,
        )
        sieve = sieve_of(mine if count else mine[:0])
        for other in touched[:count]:
            begin, end = starts[other], starts[other + 1]
            a = signs[letter_starts[document] : letter_starts[document + 1]]
            b = signs[letter_starts[other] : letter_starts[other + 1]]
            seeds = seeds_of(
                a, b, mine, my_places, groups[begin:end], joined.places[begin:end], weights,
                gram, reach, sieve,
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
