"""Documents made ready for the join: letters and prints of all of them in a few arrays."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tanzhao.engines.likeness.allowed import Allowed
from tanzhao.engines.likeness.letters import MASKED, Letters, letters_of
from tanzhao.engines.likeness.prints import prints_of_letters
from tanzhao.engines.likeness.settings import Settings


class Gathered(NamedTuple):
    """Letters and prints of many documents, one behind the other.

    A print that touches allowed text has the place -1: it is held, but nothing comes of it.
    `letter_starts` and `print_starts`: where those of each document begin, and at last their
    number. `sizes`: the letters of each that are not allowed text.
    """

    signs: NDArray[np.uint16]
    letter_starts: NDArray[np.int64]
    sizes: NDArray[np.int32]
    hashes: NDArray[np.uint32]
    places: NDArray[np.int32]
    print_starts: NDArray[np.int64]


class _Growing[T: np.generic]:
    """An array that more is put behind, held in blocks so that nothing is copied twice."""

    def __init__(self, kind: type[T]) -> None:
        self._kind = kind
        self._block = np.empty(1 << 20, dtype=kind)
        self._used = 0
        self._full: list[NDArray[T]] = []

    def put(self, more: NDArray[T]) -> None:
        if self._used + len(more) > len(self._block):
            self._full.append(self._block[: self._used].copy())
            self._block = np.empty(max(1 << 20, len(more)), dtype=self._kind)
            self._used = 0
        self._block[self._used : self._used + len(more)] = more
        self._used += len(more)

    def whole(self) -> NDArray[T]:
        """Give the whole array, and forget the blocks one by one."""
        self._full.append(self._block[: self._used])
        self._block = np.empty(0, dtype=self._kind)
        result = np.empty(sum(len(block) for block in self._full), dtype=self._kind)
        end = len(result)
        while self._full:
            block = self._full.pop()
            result[end - len(block) : end] = block
            end -= len(block)
        return result


def printed(
    text: str, settings: Settings, allowed: Allowed
) -> tuple[Letters, NDArray[np.uint32], NDArray[np.int32]]:
    """Give the letters of a text, masked, its prints and their places, -1 in allowed text.

    The prints are those of the text as it is: whatever is allowed later, they stay the same.
    """
    letters = letters_of(text)
    hashes, places = prints_of_letters(letters, settings)
    masked = allowed.without(letters)
    if masked is not letters:
        before = np.concatenate(([0], np.cumsum(masked.signs == MASKED)))
        ends = np.minimum(places + settings.gram, len(letters.signs))
        places = np.where(before[ends] > before[places], np.int32(-1), places)
    return masked, hashes, places


def gather(texts: Iterable[str], settings: Settings, allowed: Allowed) -> Gathered:
    """Fold and print every text; the texts themselves are not kept."""
    signs, hashes, places = _Growing(np.uint16), _Growing(np.uint32), _Growing(np.int32)
    letter_starts, print_starts, sizes = [0], [0], []
    for text in texts:
        letters, found, at = printed(text, settings, allowed)
        signs.put(letters.signs)
        hashes.put(found)
        places.put(at)
        letter_starts.append(letter_starts[-1] + len(letters.signs))
        print_starts.append(print_starts[-1] + len(found))
        sizes.append(int(np.count_nonzero(letters.signs != MASKED)))
    return Gathered(
        signs.whole(),
        np.array(letter_starts, dtype=np.int64),
        np.array(sizes, dtype=np.int32),
        hashes.whole(),
        places.whole(),
        np.array(print_starts, dtype=np.int64),
    )
