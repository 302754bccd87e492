"""Documents made ready for the join: letters and prints of all of them in a few arrays."""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tanzhao.engines.compiling import compiled
from tanzhao.engines.likeness.allowed import Allowed
from tanzhao.engines.likeness.letters import (
    LINE,
    LONGEST_FOLDING,
    SENTENCE,
    codes_of,
    fold,
    folding,
    letters_of,
)
from tanzhao.engines.likeness.memory import Rooms, likely_size
from tanzhao.engines.likeness.parting import TakesPrints
from tanzhao.engines.likeness.prints import winnow
from tanzhao.engines.likeness.settings import Settings

# Characters that are folded at one go: enough to make calls cheap, little enough to stay near.
_BATCH = 1 << 16
# In a width: a sentence begins with this letter, or a line that no mark ends; what `first` says,
# shifted.
_FLAGGED = 6
BEGINS, BEGINS_LINE = SENTENCE << _FLAGGED, LINE << _FLAGGED
# A letter further than this from the one before, or longer, has its place looked up in its text.
_FAR, _WIDE = 255, 63


class Gathered(NamedTuple):
    """Letters of many documents, one behind the other.

    `signs`: letters, those of allowed text masked. `steps` and `widths`: characters from the
    beginning of the letter before (or of the text), and of the letter itself; BEGINS or
    BEGINS_LINE is added to the width of a sentence's first letter. `far`: documents in which a
    number is too large to be written so, so that they do not tell. `letter_starts`: where those of
    each document begin, and at last their number.
    """

    signs: NDArray[np.uint16]
    steps: NDArray[np.uint8]
    widths: NDArray[np.uint8]
    far: NDArray[np.bool_]
    letter_starts: NDArray[np.int64]


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
    """Mark prints that touch masked letters: rows (begin, end), in order."""
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
                places[k] = -1 - places[k]
            k += 1


def gather(
    texts: Iterable[str],
    number: int,
    settings: Settings,
    allowed: Allowed,
    rooms: Rooms,
    prints: TakesPrints,
) -> Gathered:
    """Fold and print so many texts, which are read once, and not kept; `prints` takes the prints.

    Prints are those of the text as it is, whatever is allowed. One that touches allowed text is
    held, but nothing comes of it.
    """
    growing = _Growing(number, rooms)
    for batch in _batches(texts):
        growing.take(batch, settings, allowed, prints)
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
        self._far = np.empty(texts, dtype=np.bool_)
        self._letter_starts = np.zeros(texts + 1, np.int64)
        self._done = 0

    def take(
        self, texts: list[str], settings: Settings, allowed: Allowed, prints: TakesPrints
    ) -> None:
        """Fold and print some texts, behind those before."""
        done = self._done + len(texts)
        share = done / self._texts if self._texts else 1.0
        codes = codes_of("".join(texts))
        code_starts = np.zeros(len(texts) + 1, dtype=np.int64)
        np.cumsum([len(text) for text in texts], out=code_starts[1:])
        starts = np.empty(len(texts) + 1, dtype=np.int64)
        begin, most = int(self._letter_starts[self._done]), len(codes)
        while True:
            self._make_room(begin, begin + most, share)
            first = np.empty(most, dtype=np.uint8)
            size = _fold_all(
                codes, code_starts, *folding(), self._signs[begin : begin + most], first,
                self._steps[begin : begin + most], self._widths[begin : begin + most],
                self._far[self._done : done], starts,
            )  # fmt: skip
            if size >= 0:
                break
            most = 2 * most + LONGEST_FOLDING
        signs = self._signs[begin : begin + size]
        hashes, places = np.empty(size, dtype=np.uint32), np.empty(size, dtype=np.int32)
        print_starts = np.empty(len(texts) + 1, dtype=np.int64)
        _print_all(
            signs, first, starts, settings.gram, settings.window, hashes, places, print_starts
        )
        masked = allowed.mask(signs, starts)
        _take_out(masked, starts, first, settings.gram, places, print_starts)
        prints.take(hashes, places, print_starts, begin + starts, share)
        self._letter_starts[self._done : done + 1] = begin + starts
        self._done = done

    def _make_room(self, used: int, needed: int, share: float) -> None:
        if needed > len(self._signs):
            size = likely_size(needed, share)
            self._signs = self._rooms.longer(self._signs, used, size)
            self._steps = self._rooms.longer(self._steps, used, size)
            self._widths = self._rooms.longer(self._widths, used, size)

    def gathered(self) -> Gathered:
        """Give all of it."""
        letters = self._letter_starts[-1]
        return Gathered(
            self._signs[:letters], self._steps[:letters], self._widths[:letters], self._far,
            self._letter_starts,
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
