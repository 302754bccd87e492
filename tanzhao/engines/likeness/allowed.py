"""Allowed texts: letterheads and quotations that anybody may use, left out of everything."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from tanzhao.engines.likeness.compiling import compiled
from tanzhao.engines.likeness.letters import MASKED, letters_of
from tanzhao.engines.likeness.ordering import place_of
from tanzhao.engines.likeness.settings import Settings

# Places of the filter for each gram that is known: one unknown gram in so many is looked for.
_SPARSE = 16


@compiled
def _grams(
    signs: NDArray[np.uint16],
    starts: NDArray[np.int64],
    gram: int,
    known: NDArray[np.uint64],
    filter_: NDArray[np.bool_],
    covered: NDArray[np.bool_],
    hashes: NDArray[np.uint64],
) -> int:
    """Mark the letters of every gram that is known, in texts that begin at `starts`.

    Grams go over sentence ends. As many of their hashes are written as there is room for; gives
    how many.
    """
    base = np.uint64(0xD6E8FEB86659FD93)
    inside = np.uint64(len(filter_) - 1)
    top = np.uint64(1)
    for _ in range(gram):
        top *= base
    written = 0
    for text in range(len(starts) - 1):
        total = np.uint64(0)
        marked = begin = starts[text]
        for place in range(begin, starts[text + 1]):
            total = total * base + np.uint64(signs[place])
            if place >= begin + gram:
                total -= np.uint64(signs[place - gram]) * top
            if place < begin + gram - 1:
                continue
            mixed = (total ^ (total >> np.uint64(32))) * np.uint64(0xBF58476D1CE4E5B9)
            mixed ^= mixed >> np.uint64(29)
            if written < len(hashes):
                hashes[written] = mixed
                written += 1
            # Most grams are unknown, and told so by one look.
            if filter_[mixed & inside]:
                at = place_of(known, mixed)
                if at < len(known) and known[at] == mixed:
                    for letter in range(max(place - gram + 1, marked), place + 1):
                        covered[letter] = True
                    marked = place + 1
    return written


class Allowed:
    """Allowed texts, ready to be found in documents."""

    def __init__(self, texts: Iterable[str], settings: Settings) -> None:
        """Take the texts. One shorter than `allowed_run` letters is found as a whole only."""
        by_gram: dict[int, list[NDArray[np.uint64]]] = {}
        for text in texts:
            signs = letters_of(text).signs
            if len(signs):
                gram = min(len(signs), settings.allowed_run)
                by_gram.setdefault(gram, []).append(_hashes(signs, gram))
        self._known = []
        for gram, hashes in sorted(by_gram.items()):
            known = np.unique(np.concatenate(hashes))
            filter_ = np.zeros(1 << (_SPARSE * len(known)).bit_length(), dtype=np.bool_)
            filter_[known & np.uint64(len(filter_) - 1)] = True
            self._known.append((gram, known, filter_))

    def mask(self, signs: NDArray[np.uint16], starts: NDArray[np.int64]) -> None:
        """Mask the letters that stand in an allowed text, as many as were quoted in one piece.

        signs: the letters of several texts one behind the other; they are changed. starts: where
        each begins, and at last their number.
        """
        if not self._known:
            return
        covered = np.zeros(len(signs), dtype=np.bool_)
        for gram, known, filter_ in self._known:
            _grams(signs, starts, gram, known, filter_, covered, np.empty(0, dtype=np.uint64))
        signs[covered] = MASKED


def _hashes(signs: NDArray[np.uint16], gram: int) -> NDArray[np.uint64]:
    hashes = np.empty(len(signs), dtype=np.uint64)
    nothing = np.empty(0, dtype=np.uint64), np.zeros(1, dtype=np.bool_)
    starts = np.array([0, len(signs)], dtype=np.int64)
    count = _grams(signs, starts, gram, *nothing, np.empty(0, dtype=np.bool_), hashes)
    return hashes[:count]
