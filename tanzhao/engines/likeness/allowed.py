"""Allowed texts: letterheads and quotations that anybody may use, left out of everything."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from tanzhao.engines.likeness.compiling import compiled
from tanzhao.engines.likeness.letters import MASKED, Letters, letters_of
from tanzhao.engines.likeness.settings import Settings

_FILTER_BITS = 20


@compiled
def _grams(signs: NDArray[np.uint16], gram: int) -> NDArray[np.uint64]:
    """Give the hashes of all grams, across sentence ends."""
    base = np.uint64(0xD6E8FEB86659FD93)
    top = np.uint64(1)
    for _ in range(gram):
        top *= base
    hashes = np.empty(max(0, len(signs) - gram + 1), dtype=np.uint64)
    total = np.uint64(0)
    for place in range(len(signs)):
        total = total * base + np.uint64(signs[place]) + np.uint64(1)
        if place >= gram:
            total -= (np.uint64(signs[place - gram]) + np.uint64(1)) * top
        if place >= gram - 1:
            mixed = (total ^ (total >> np.uint64(32))) * np.uint64(0xBF58476D1CE4E5B9)
            hashes[place - gram + 1] = mixed ^ (mixed >> np.uint64(29))
    return hashes


@compiled
def _mark(
    hashes: NDArray[np.uint64],
    gram: int,
    known: NDArray[np.uint64],
    filter_: NDArray[np.bool_],
    covered: NDArray[np.bool_],
) -> None:
    """Mark the letters of every gram that is known."""
    marked = 0
    for place in range(len(hashes)):
        # Most grams are unknown, and told so by one look.
        if filter_[hashes[place] >> np.uint64(64 - _FILTER_BITS)]:
            at = np.searchsorted(known, hashes[place])
            if at < len(known) and known[at] == hashes[place]:
                for letter in range(max(place, marked), place + gram):
                    covered[letter] = True
                marked = place + gram


class Allowed:
    """Allowed texts, ready to be found in documents."""

    def __init__(self, texts: Iterable[str], settings: Settings) -> None:
        """Take the texts. One shorter than `allowed_run` letters is found as a whole only."""
        by_gram: dict[int, list[NDArray[np.uint64]]] = {}
        for text in texts:
            signs = letters_of(text).signs
            if len(signs):
                gram = min(len(signs), settings.allowed_run)
                by_gram.setdefault(gram, []).append(_grams(signs, gram))
        self._known = []
        for gram, hashes in sorted(by_gram.items()):
            known = np.unique(np.concatenate(hashes))
            filter_ = np.zeros(1 << _FILTER_BITS, dtype=np.bool_)
            filter_[known >> np.uint64(64 - _FILTER_BITS)] = True
            self._known.append((gram, known, filter_))

    def without(self, letters: Letters) -> Letters:
        """Mask the letters that stand in an allowed text, as many as were quoted in one piece."""
        if not self._known or not len(letters.signs):
            return letters
        covered = np.zeros(len(letters.signs), dtype=np.bool_)
        for gram, known, filter_ in self._known:
            _mark(_grams(letters.signs, gram), gram, known, filter_, covered)
        signs = np.where(covered, np.uint16(MASKED), letters.signs)
        return letters._replace(signs=signs)
