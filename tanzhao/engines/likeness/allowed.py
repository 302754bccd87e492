"""Allowed texts: letterheads and quotations that anybody may use, left out of everything."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tanzhao.engines.compiling import compiled
from tanzhao.engines.likeness.letters import MASKED, letters_of
from tanzhao.engines.likeness.ordering import place_of
from tanzhao.engines.likeness.settings import Settings

# Places of the filters for each gram or few letters that are known: one unknown in so many is
# looked at further.
_SPARSE = 16
# So many letters in a row tell most text that is not allowed.
_FEW = 4


@compiled
def _few(signs: NDArray[np.uint16], end: int, width: int) -> np.uint32:
    """Give the last so many letters before `end` as one number."""
    mixed = np.uint32(0)
    for place in range(end - width, end):
        mixed = np.uint32(mixed * np.uint32(0x9E3779B1) + np.uint32(signs[place]))
    mixed *= np.uint32(0x85EBCA77)
    return np.uint32(mixed ^ (mixed >> np.uint32(15)))


@compiled
def _may_be(filter_: NDArray[np.uint8], number: Any) -> bool:
    """Say whether a number may be one of those that the filter was made of."""
    inside = 8 * len(filter_) - 1
    bit = np.int64(number & np.uint32(0x7FFFFFFF)) & inside
    return bool((filter_[bit >> 3] >> (bit & 7)) & 1)


@compiled
def _stretches(
    signs: NDArray[np.uint16],
    starts: NDArray[np.int64],
    least: int,
    width: int,
    known: NDArray[np.uint8],
    out: NDArray[np.int64],
) -> int:
    """Write rows (begin, end) of what may stand in allowed texts, in order; give how many.

    That is at least so many letters of which any `width` in a row stand in one. `starts`: where
    each text begins, and at last their end.
    """
    count = 0
    for text in range(len(starts) - 1):
        # A stretch begins here or later.
        first, last = starts[text], starts[text + 1]
        # Of the ends of a few letters that a stretch has, one of so many is looked at, and what
        # is around it only if they are known.
        end = first + least
        while end <= last:
            if not _may_be(known, _few(signs, end, width)):
                first = end - width + 1
                end = first + least
                continue
            stop = end
            while stop < last and _may_be(known, _few(signs, stop + 1, width)):
                stop += 1
            begin = end - width
            while begin > first and _may_be(known, _few(signs, begin - 1 + width, width)):
                begin -= 1
            if stop - begin >= least:
                if count and begin < out[count - 1, 1]:
                    out[count - 1, 1] = stop
                else:
                    out[count, 0], out[count, 1] = begin, stop
                    count += 1
            first = stop - width + 2
            end = first + least
    return count


@compiled
def _grams(
    signs: NDArray[np.uint16],
    stretches: NDArray[np.int64],
    gram: int,
    known: NDArray[np.uint64],
    filter_: NDArray[np.uint8],
    covered: NDArray[np.bool_],
    hashes: NDArray[np.uint64],
) -> int:
    """Mark the letters of every gram that is known in stretches: rows (begin, end).

    Grams go over sentence ends. As many of their hashes are written as there is room for; gives
    how many.
    """
    base = np.uint64(0xD6E8FEB86659FD93)
    top = np.uint64(1)
    for _ in range(gram):
        top *= base
    written = 0
    for begin, end in stretches:
        total = np.uint64(0)
        marked = begin
        for place in range(begin, end):
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
            if _may_be(filter_, mixed):
                at = place_of(known, mixed)
                if at < len(known) and known[at] == mixed:
                    for letter in range(max(place - gram + 1, marked), place + 1):
                        covered[letter] = True
                    marked = place + 1
    return written


@compiled
def _mask(
    signs: NDArray[np.uint16],
    stretches: NDArray[np.int64],
    covered: NDArray[np.bool_],
    masked: NDArray[np.int64],
) -> int:
    """Mask what is covered, and write where it begins and ends; give in how many rows."""
    count = 0
    for begin, end in stretches:
        for place in range(begin, end):
            if not covered[place]:
                continue
            signs[place] = MASKED
            if place > begin and covered[place - 1]:
                masked[count - 1, 1] = place + 1
            else:
                masked[count, 0], masked[count, 1] = place, place + 1
                count += 1
    return count


class Allowed:
    """Allowed texts, ready to be found in documents."""

    def __init__(self, texts: Iterable[str], settings: Settings) -> None:
        """Take the texts. One shorter than `allowed_run` letters is found as a whole only."""
        by_gram: dict[int, list[NDArray[np.uint64]]] = {}
        found = [signs for signs in (letters_of(text).signs for text in texts) if len(signs)]
        for signs in found:
            gram = min(len(signs), settings.allowed_run)
            by_gram.setdefault(gram, []).append(_hashes(signs, gram))
        self._known = []
        for gram, hashes in sorted(by_gram.items()):
            known = np.unique(np.concatenate(hashes))
            self._known.append((gram, known, _filter(known)))
        if found:
            self._width = min(_FEW, *by_gram)
            fews = [_fews(signs, self._width) for signs in found]
            self._fews = _filter(np.unique(np.concatenate(fews)))

    def mask(self, signs: NDArray[np.uint16], starts: NDArray[np.int64]) -> NDArray[np.int64]:
        """Mask the letters that stand in an allowed text, as many as were quoted in one piece.

        signs: the letters of several texts one behind the other; they are changed. starts: where
        each begins, and at last their number.

        Returns: rows (begin, end) of what was masked, in order.
        """
        if not self._known:
            return np.empty((0, 2), dtype=np.int64)
        least = self._known[0][0]
        stretches = np.empty((len(signs) // least, 2), dtype=np.int64)
        count = _stretches(signs, starts, least, self._width, self._fews, stretches)
        covered = np.zeros(len(signs), dtype=np.bool_)
        nothing = np.empty(0, dtype=np.uint64)
        for gram, known, filter_ in self._known:
            _grams(signs, stretches[:count], gram, known, filter_, covered, nothing)
        masked = np.empty((len(signs) // least, 2), dtype=np.int64)
        return masked[: _mask(signs, stretches[:count], covered, masked)]


def _filter(known: NDArray[np.unsignedinteger]) -> NDArray[np.uint8]:
    """Give what tells most that is not known by one look: a bit for each of many numbers."""
    filter_ = np.zeros(1 << (_SPARSE * len(known)).bit_length(), dtype=np.bool_)
    filter_[known & known.dtype.type(len(filter_) - 1)] = True
    return np.packbits(filter_, bitorder="little")


def _hashes(signs: NDArray[np.uint16], gram: int) -> NDArray[np.uint64]:
    hashes = np.empty(len(signs), dtype=np.uint64)
    nothing = np.empty(0, dtype=np.uint64), np.zeros(1, dtype=np.uint8)
    whole = np.array([[0, len(signs)]], dtype=np.int64)
    count = _grams(signs, whole, gram, *nothing, np.empty(0, dtype=np.bool_), hashes)
    return hashes[:count]


@compiled
def _fews(signs: NDArray[np.uint16], width: int) -> NDArray[np.uint32]:
    """Give every so many letters in a row."""
    fews = np.empty(len(signs) - width + 1, dtype=np.uint32)
    for k in range(len(fews)):
        fews[k] = _few(signs, k + width, width)
    return fews
