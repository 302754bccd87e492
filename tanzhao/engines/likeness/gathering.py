"""Documents made ready for the join: letters and prints of all of them in a few arrays."""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tanzhao.engines.likeness.allowed import Allowed
from tanzhao.engines.likeness.compiling import compiled
from tanzhao.engines.likeness.letters import (
    LINE,
    LONGEST_FOLDING,
    SENTENCE,
    codes_of,
    fold,
    folding,
    letters_of,
)
from tanzhao.engines.likeness.memory import Rooms
from tanzhao.engines.likeness.prints import winnow
from tanzhao.engines.likeness.settings import Settings

# Characters that are folded at one go: enough to make calls cheap, little enough to stay near.
_BATCH = 1 << 16
# Room for so many letters is taken at most on the strength of the texts so far: those of some
# 90 000 documents, so that what was gathered is hardly ever copied.
_MOST_ROOM = 1 << 27
# In a width: a sentence begins with this letter, or a line that no mark ends; what `first` says,
# shifted.
_FLAGGED = 6
BEGINS, BEGINS_LINE = SENTENCE << _FLAGGED, LINE << _FLAGGED
# A letter further than this from the one before, or longer, has its place looked up in its text.
_FAR, _WIDE = 255, 63


class Gathered(NamedTuple):
    """Letters and prints of many documents, one behind the other.

    `signs`: letters, those of allowed text masked. `steps` and `widths`: characters from the
    beginning of the letter before (or of the text), and of the letter itself; BEGINS or
    BEGINS_LINE is added to the width of a sentence's first letter. `far`: documents in which a
    number is too large to be written so, so that they do not tell. `letter_starts`,
    `print_starts`: where those of each document begin, and at last their number.

    Prints are those of the text as it is, whatever is allowed. One that touches allowed text has
    the place -1: it is held, but nothing comes of it.
    """

    signs: NDArray[np.uint16]
    steps: NDArray[np.uint8]
    widths: NDArray[np.uint8]
    far: NDArray[np.bool_]
    letter_starts: NDArray[np.int64]
    hashes: NDArray[np.uint32]
    places: NDArray[np.int32]
    print_starts: NDArray[np.int64]


@compiled
def _fold_all(
    codes: NDArray[np.uint32],
    code_starts: NDArray[np.int64],
    table: NDArray[np.int32],
    longer: NDArray[np.int32],
    signs: NDArray[np.uint16],
    first: NDArray[np.uint8],
    steps: NDArray[np.uint8],
    widths: NDArray[np.uint8],
    far: NDArray[np.bool_],
    letter_starts: NDArray[np.int64],
) -> int:
    """Fold texts one behind the other; give how many letters they have, -1 without room."""
    starts = np.empty(len(signs), dtype=np.int32)
    ends = np.empty(len(signs), dtype=np.int32)
    at = 0
    letter_starts[0] = 0
    for text in range(len(code_starts) - 1):
        count = fold(
            codes[code_starts[text] : code_starts[text + 1]],
            table, longer, signs[at:], starts, ends, first[at:],
        )  # fmt: skip
        if count < 0:
            return -1
        # Without a branch, so that many letters are done at once.
        before, furthest, widest = np.int32(0), np.int32(0), np.int32(0)
        for k in range(count):
            step, width = np.int32(starts[k] - before), np.int32(ends[k] - starts[k])
            before = starts[k]
            furthest, widest = max(furthest, step), max(widest, width)
            steps[at + k] = step if step < _FAR else _FAR
            widths[at + k] = (width if width < _WIDE else _WIDE) | first[at + k] << _FLAGGED
        far[text] = furthest >= _FAR or widest >= _WIDE
        at += count
        letter_starts[text + 1] = at
    return at


@compiled
def _print_all(
    signs: NDArray[np.uint16],
    first: NDArray[np.uint8],
    letter_starts: NDArray[np.int64],
    gram: int,
    window: int,
    hashes: NDArray[np.uint32],
    places: NDArray[np.int32],
    print_starts: NDArray[np.int64],
) -> int:
    """Print texts one behind the other; give how many prints they have."""
    at = 0
    print_starts[0] = 0
    for text in range(len(letter_starts) - 1):
        begin, end = letter_starts[text], letter_starts[text + 1]
        at += winnow(signs[begin:end], first[begin:end], gram, window, hashes[at:], places[at:])
        print_starts[text + 1] = at
    return at


@compiled
def _take_out(
    masked: NDArray[np.int64],
    letter_starts: NDArray[np.int64],
    first: NDArray[np.uint8],
    gram: int,
    places: NDArray[np.int32],
    print_starts: NDArray[np.int64],
) -> None:
    """Take the places of prints that touch masked letters: rows (begin, end), in order."""
    text = 0
    k = print_starts[0]
    for begin, end in masked:
        while letter_starts[text + 1] <= begin:
            text += 1
            k = print_starts[text]
        while k < print_starts[text + 1] and letter_starts[text] + places[k] < end:
            at = letter_starts[text] + places[k]
            stop = at + 1
            while stop < min(at + gram, letter_starts[text + 1]) and not first[stop]:
                stop += 1
            if stop > begin:
                places[k] = -1
            k += 1


def gather(
    texts: Iterable[str], number: int, settings: Settings, allowed: Allowed, rooms: Rooms
) -> Gathered:
    """Fold and print so many texts, which are read once, and not kept."""
    growing = _Growing(number, rooms)
    for batch in _batches(texts):
        growing.take(batch, settings, allowed)
    return growing.gathered()


def _batches(texts: Iterable[str]) -> Iterator[list[str]]:
    batch, size = [], 0
    for text in texts:
        batch.append(text)
        size += len(text)
        if size >= _BATCH:
            yield batch
            batch, size = [], 0
    yield batch


class _Growing:
    """What was gathered so far, in arrays with room for what is likely to come."""

    def __init__(self, texts: int, rooms: Rooms) -> None:
        """Take how many texts there will be."""
        self._texts, self._rooms = texts, rooms
        self._signs = np.empty(0, dtype=np.uint16)
        self._steps, self._widths = (np.empty(0, dtype=np.uint8) for _ in range(2))
        self._hashes = np.empty(0, dtype=np.uint32)
        self._places = np.empty(0, dtype=np.int32)
        self._far = np.empty(texts, dtype=np.bool_)
        self._letter_starts, self._print_starts = (np.zeros(texts + 1, np.int64) for _ in range(2))
        self._done = 0

    def take(self, texts: list[str], settings: Settings, allowed: Allowed) -> None:
        """Fold and print some texts, behind those before."""
        done = self._done + len(texts)
        codes = codes_of("".join(texts))
        code_starts = np.zeros(len(texts) + 1, dtype=np.int64)
        np.cumsum([len(text) for text in texts], out=code_starts[1:])
        starts = np.empty(len(texts) + 1, dtype=np.int64)
        begin, most = int(self._letter_starts[self._done]), len(codes)
        while True:
            self._signs = self._with_room(self._signs, begin, begin + most, done)
            self._steps = self._with_room(self._steps, begin, begin + most, done)
            self._widths = self._with_room(self._widths, begin, begin + most, done)
            first = np.empty(most, dtype=np.uint8)
            size = _fold_all(
                codes, code_starts, *folding(), self._signs[begin : begin + most], first,
                self._steps[begin : begin + most], self._widths[begin : begin + most],
                self._far[self._done : done], starts,
            )  # fmt: skip
            if size >= 0:
                break
            most = 2 * most + LONGEST_FOLDING
        self._letter_starts[self._done : done + 1] = begin + starts
        signs = self._signs[begin : begin + size]
        at = int(self._print_starts[self._done])
        self._hashes = self._with_room(self._hashes, at, at + size, done)
        self._places = self._with_room(self._places, at, at + size, done)
        print_starts = np.empty(len(texts) + 1, dtype=np.int64)
        places = self._places[at:]
        _print_all(
            signs, first, starts, settings.gram, settings.window, self._hashes[at:], places,
            print_starts,
        )  # fmt: skip
        self._print_starts[self._done : done + 1] = at + print_starts
        masked = allowed.mask(signs, starts)
        _take_out(masked, starts, first, settings.gram, places, print_starts)
        self._done = done

    def _with_room[N: np.generic](
        self, array: NDArray[N], used: int, needed: int, done: int
    ) -> NDArray[N]:
        """Give the array with room for what is needed up to so many texts, and for the others."""
        if needed <= len(array):
            return array
        # By the texts so far, which may be longer than the others: not too much at a time. Room
        # that is never written to takes no memory.
        likely = needed * self._texts // done + needed // 8
        size = max(needed, min(likely, max(4 * needed, _MOST_ROOM)))
        larger = self._rooms.take(size, array.dtype.type)
        larger[:used] = array[:used]
        self._rooms.give_back(array)
        return larger

    def gathered(self) -> Gathered:
        """Give all of it."""
        letters, prints = self._letter_starts[-1], self._print_starts[-1]
        return Gathered(
            self._signs[:letters], self._steps[:letters], self._widths[:letters], self._far,
            self._letter_starts, self._hashes[:prints], self._places[:prints], self._print_starts,
        )  # fmt: skip


@compiled
def _sum(steps: NDArray[np.uint8]) -> np.uint32:
    """Give the sum of steps, in numbers so small that many are added at once."""
    total = np.uint32(0)
    for step in steps:
        total = np.uint32(total + np.uint32(step))
    return total


@compiled
def _spans(
    steps: NDArray[np.uint8],
    widths: NDArray[np.uint8],
    letter_starts: NDArray[np.int64],
    owners: NDArray[np.int32],
    stretches: NDArray[np.int32],
    spans: NDArray[np.int32],
) -> None:
    for row in range(len(owners)):
        begin = letter_starts[owners[row]]
        first, last = begin + stretches[row, 0], begin + stretches[row, 1] - 1
        start = _sum(steps[begin : first + 1])
        spans[row, 0] = start
        spans[row, 1] = start + _sum(steps[first + 1 : last + 1]) + (widths[last] & _WIDE)


def spans_of(
    gathered: Gathered,
    owners: NDArray[np.int32],
    stretches: NDArray[np.int32],
    text_of: Callable[[int], str],
) -> NDArray[np.int32]:
    """Give stretches of letters in characters: rows (start, end).

    owners: the document of each. stretches: rows (first letter, last letter + 1). text_of: gives
    the text of a document, if it must be looked at again.
    """
    spans = np.empty((len(owners), 2), dtype=np.int32)
    _spans(gathered.steps, gathered.widths, gathered.letter_starts, owners, stretches, spans)
    far = gathered.far[owners]
    for owner in np.unique(owners[far]).tolist():
        letters = letters_of(text_of(owner))
        rows = owners == owner
        spans[rows, 0] = letters.starts[stretches[rows, 0]]
        spans[rows, 1] = letters.ends[stretches[rows, 1] - 1]
    return spans


def own_letters(gathered: Gathered, document: int) -> int:
    """Give how many letters of a document are not allowed text."""
    begin, end = gathered.letter_starts[document : document + 2]
    return int(np.count_nonzero(gathered.signs[begin:end]))
