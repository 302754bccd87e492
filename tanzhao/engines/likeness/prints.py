"""Prints of a document: winnowed hashes of its grams, sentence by sentence.

Winnowing: S. Schleimer, D. Wilkerson, A. Aiken, "Winnowing: local algorithms for document
fingerprinting", SIGMOD 2003; here its robust form (5.1), the rightmost least hash of a window.
Gram and window end with the sentence, so that a sentence has the same prints wherever it stands.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tanzhao.engines.likeness.compiling import compiled
from tanzhao.engines.likeness.letters import Letters, letters_of
from tanzhao.engines.likeness.settings import Settings

# Of a sentence shorter than a gram the whole is the print; below this length it says nothing.
LEAST_SENTENCE = 3


class Prints(NamedTuple):
    """The prints of one text, in the order of their places, in three arrays as long.

    `hashes` (int64): 0 to 2**32 - 1. `starts` and `ends` (int32): the characters hashed.
    """

    hashes: NDArray[np.int64]
    starts: NDArray[np.int32]
    ends: NDArray[np.int32]


@compiled
def _mixed(value: np.uint64) -> np.uint64:
    """Spread a sum over all bits (the finalizer of SplitMix64, Steele, Lea, Flood 2014)."""
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return (value ^ (value >> np.uint64(31))) >> np.uint64(32)


@compiled
def winnow(
    signs: NDArray[np.uint16],
    first: NDArray[np.uint8],
    gram: int,
    window: int,
    hashes: NDArray[np.uint32],
    places: NDArray[np.int32],
) -> int:
    """Write the prints of a document and the letters they begin at; give how many there are."""
    base = np.uint64(0x9E3779B97F4A7C15)
    top = np.uint64(1)
    for _ in range(gram):
        top *= base
    # The hashes of the last `window` grams, in a ring whose size is a power of two.
    size = 1
    while size < window:
        size *= 2
    ring = np.empty(size, dtype=np.uint64)
    around = size - 1
    count = 0
    start = 0
    while start < len(signs):
        stop = start + 1
        while stop < len(signs) and not first[stop]:
            stop += 1
        length = stop - start
        sum_ = np.uint64(length if length < gram else 0)
        if length < gram:
            for place in range(start, stop):
                sum_ = sum_ * base + np.uint64(signs[place])
            if length >= LEAST_SENTENCE:
                hashes[count] = _mixed(sum_)
                places[count] = start
                count += 1
            start = stop
            continue
        kept = -1  # the gram kept last, counted from the sentence's beginning
        grams = length - gram + 1
        for place in range(start, stop):
            sum_ = sum_ * base + np.uint64(signs[place])
            at = place - start - gram + 1
            if at < 0:
                continue
            if at > 0:
                sum_ -= np.uint64(signs[place - gram]) * top
            value = _mixed(sum_)
            ring[at & around] = value
            if at < window - 1 and at < grams - 1:
                continue  # the first window is not full, and there is more to come
            if kept >= 0 and kept > at - window:
                if ring[kept & around] <= value:
                    continue
                kept = at
            else:
                kept = at
                for other in range(at - 1, max(at - window, -1), -1):
                    if ring[other & around] < ring[kept & around]:
                        kept = other
            hashes[count] = ring[kept & around]
            places[count] = start + kept
            count += 1
        start = stop
    return count


def prints_of_letters(
    letters: Letters, settings: Settings
) -> tuple[NDArray[np.uint32], NDArray[np.int32]]:
    """Give the prints of folded letters, and the letters they begin at."""
    hashes = np.empty(len(letters.signs), dtype=np.uint32)
    places = np.empty(len(letters.signs), dtype=np.int32)
    count = winnow(letters.signs, letters.first, settings.gram, settings.window, hashes, places)
    return hashes[:count], places[:count]


def prints_of(text: str, settings: Settings) -> Prints:
    """Give the prints of a text: a pure function of it and of `gram` and `window`.

    Wording of gram + window - 1 letters within one sentence that two texts share gives both of
    them at least one print in common.
    """
    letters = letters_of(text)
    hashes, places = prints_of_letters(letters, settings)
    last = last_letters(letters.first, places, settings.gram)
    return Prints(hashes.astype(np.int64), letters.starts[places], letters.ends[last])


def last_letters(
    first: NDArray[np.uint8], places: NDArray[np.int32], gram: int
) -> NDArray[np.int64]:
    """Give the last letter of each print: `gram` on, or where a shorter sentence ends."""
    # How many sentences begin up to each letter: a print lies within one of them.
    sentence = np.cumsum(first > 0)
    last = np.minimum(places.astype(np.int64) + gram, len(first)) - 1
    for _ in range(gram):
        last -= sentence[last] != sentence[places]
    return last
