"""Prints of a document: winnowed hashes of its grams, sentence by sentence.

Winnowing: S. Schleimer, D. Wilkerson, A. Aiken, "Winnowing: local algorithms for document
fingerprinting", SIGMOD 2003; here its robust form (5.1), the rightmost least hash of a window.
Gram and window end with the sentence, so that a sentence has the same prints wherever it stands.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tanzhao.engines.compiling import compiled
from tanzhao.engines.likeness.letters import Letters, letters_of
from tanzhao.engines.likeness.settings import Settings

# Of a sentence shorter than a gram the whole is the print; below this length it says nothing.
LEAST_SENTENCE = 3
_BASE = np.uint64(0x9E3779B97F4A7C15)
_LAST = np.uint64(0xFFFFFFFF)


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
def _hash_of_short(signs: NDArray[np.uint16]) -> np.uint64:
    """Give the hash of a sentence shorter than a gram."""
    sum_ = np.uint64(len(signs))
    for sign in signs:
        sum_ = sum_ * _BASE + np.uint64(sign)
    return _mixed(sum_)


@compiled
def _numbered_grams(signs: NDArray[np.uint16], gram: int) -> NDArray[np.uint64]:
    """Give the hash of the gram at each letter, and behind it its place.

    Places are counted down, so that of equal hashes the rightmost is the least. Grams go over
    the ends of sentences here, and those at the end of the document are nothing.
    """
    top = np.uint64(1)
    for _ in range(gram):
        top *= _BASE
    grams = np.full(len(signs), _LAST << np.uint64(32), dtype=np.uint64)
    sum_ = np.uint64(0)
    for place in range(min(gram - 1, len(signs))):
        sum_ = sum_ * _BASE + np.uint64(signs[place])
    gone = np.uint64(0)
    ahead = signs[gram - 1 :]
    for place in range(len(ahead)):
        sum_ = sum_ * _BASE + (np.uint64(ahead[place]) - gone)
        gone = np.uint64(signs[place]) * top
        grams[place] = (_mixed(sum_) << np.uint64(32)) | (_LAST - np.uint64(place))
    return grams


@compiled
def _least_of(grams: NDArray[np.uint64], window: int) -> NDArray[np.uint64]:
    """Give the least of the grams from each on, as many as a window has: of 1, 2, 4 and so on."""
    least = grams
    width = 1
    while width < window:
        on = min(width, window - width, len(grams) - 1)
        ahead = least[on:]
        wider = np.empty_like(least)
        for place in range(len(ahead)):
            wider[place] = min(least[place], ahead[place])
        for place in range(len(ahead), len(least)):
            wider[place] = least[place]
        least = wider
        width += max(on, 1)
    return least


@compiled
def _place(numbered: np.uint64) -> np.int64:
    return np.int64(_LAST - (numbered & _LAST))


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
    if len(signs) == 0:
        return 0
    grams = _numbered_grams(signs, gram)
    least = _least_of(grams, window)
    count = 0
    start = 0
    while start < len(signs):
        stop = start + 1
        while stop < len(signs) and not first[stop]:
            stop += 1
        length = stop - start
        # The last gram and the last window that begin in this sentence and lie within it.
        last_gram, last_window = stop - gram, stop - gram - window + 1
        if length < gram:
            if length >= LEAST_SENTENCE:
                hashes[count] = _hash_of_short(signs[start:stop])
                places[count] = start
                count += 1
            start = stop
            continue
        kept = least[start]
        if last_window < start:
            kept = grams[start]
            for place in range(start + 1, last_gram + 1):
                kept = min(kept, grams[place])
        hashes[count] = kept >> np.uint64(32)
        places[count] = _place(kept)
        count += 1
        for place in range(start + 1, last_window + 1):
            now = least[place]
            # Another gram with the same hash, which is rare: the one kept stays while it can.
            if (now ^ kept) - np.uint64(1) < _LAST and _place(kept) >= place:
                continue
            # Written again and again, and left behind when it changes: no branch to guess.
            hashes[count] = now >> np.uint64(32)
            places[count] = _place(now)
            count += now != kept
            kept = now
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
