"""Documents made ready for the join: letters and prints of all of them in a few arrays."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tanzhao.engines.likeness.allowed import Allowed
from tanzhao.engines.likeness.compiling import compiled
from tanzhao.engines.likeness.letters import (
    LONGEST_FOLDING,
    MASKED,
    codes_of,
    fold,
    folding,
    letters_of,
)
from tanzhao.engines.likeness.prints import winnow
from tanzhao.engines.likeness.settings import Settings

# Characters that are folded at one go: enough to make calls cheap, little enough to stay near.
_BATCH = 1 << 18
# In a width: a sentence begins with this letter, or a line that no mark ends.
BEGINS, BEGINS_LINE = 128, 64
_FLAGS = (0, BEGINS_LINE, BEGINS)
# A letter further than this from the one before, or longer, has its place looked up in its text.
_FAR, _WIDE = 255, 63


class Gathered(NamedTuple):
    """Letters and prints of many documents, one behind the other.

    `signs`: letters, those of allowed text masked. `steps` and `widths`: characters from the
    beginning of the letter before (or of the text), and of the letter itself; BEGINS or
    BEGINS_LINE is added to the width of a sentence's first letter. `far`: documents in which a
    number is too large to be written so, so that they do not tell. `letter_starts`,
    `print_starts`: where those of each document begin, and at last their number. `sizes`: the
    letters of each that are not allowed text.

    Prints are those of the text as it is, whatever is allowed. One that touches allowed text has
    the place -1: it is held, but nothing comes of it.
    """

    signs: NDArray[np.uint16]
    steps: NDArray[np.uint8]
    widths: NDArray[np.uint8]
    far: NDArray[np.bool_]
    letter_starts: NDArray[np.int64]
    sizes: NDArray[np.int64]
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
        before = 0
        far[text] = False
        for k in range(count):
            step, width = starts[k] - before, ends[k] - starts[k]
            before = starts[k]
            if step >= _FAR or width >= _WIDE:
                far[text] = True
            steps[at + k] = min(step, _FAR)
            widths[at + k] = min(width, _WIDE) + _FLAGS[first[at + k]]
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
    signs: NDArray[np.uint16],
    letter_starts: NDArray[np.int64],
    gram: int,
    places: NDArray[np.int32],
    print_starts: NDArray[np.int64],
    sizes: NDArray[np.int64],
) -> None:
    """Take the places of prints that touch masked letters, and count the letters left."""
    for text in range(len(letter_starts) - 1):
        begin, end = letter_starts[text], letter_starts[text + 1]
        size = 0
        for k in range(begin, end):
            size += signs[k] != MASKED
        sizes[text] = size
        if size == end - begin:
            continue
        for k in range(print_starts[text], print_starts[text + 1]):
            for letter in range(begin + places[k], min(begin + places[k] + gram, end)):
                if signs[letter] == MASKED:
                    places[k] = -1
                    break


def gather(texts: Iterable[str], settings: Settings, allowed: Allowed) -> Gathered:
    """Fold and print every text; the texts themselves are not kept."""
    batches = [_gathered(batch, settings, allowed) for batch in _batches(texts)]
    columns: list[NDArray[Any]] = []
    for at, name in enumerate(Gathered._fields):
        blocks = [batch[at] for batch in batches]
        if name.endswith("_starts"):
            # Of each batch the lengths, behind those before.
            lengths = np.concatenate([np.diff(block) for block in blocks])
            columns.append(np.concatenate(([0], np.cumsum(lengths))))
        else:
            columns.append(np.concatenate(blocks))
    return Gathered(*columns)


def _batches(texts: Iterable[str]) -> Iterator[list[str]]:
    batch, size = [], 0
    for text in texts:
        batch.append(text)
        size += len(text)
        if size >= _BATCH:
            yield batch
            batch, size = [], 0
    yield batch


def _gathered(texts: list[str], settings: Settings, allowed: Allowed) -> Gathered:
    codes = codes_of("".join(texts))
    code_starts = np.zeros(len(texts) + 1, dtype=np.int64)
    np.cumsum([len(text) for text in texts], out=code_starts[1:])
    far = np.empty(len(texts), dtype=np.bool_)
    letter_starts, print_starts = (np.empty(len(texts) + 1, dtype=np.int64) for _ in range(2))
    room = len(codes)
    while True:
        signs = np.empty(room, dtype=np.uint16)
        first = np.empty(room, dtype=np.uint8)
        steps, widths = (np.empty(room, dtype=np.uint8) for _ in range(2))
        size = _fold_all(
            codes, code_starts, *folding(), signs, first, steps, widths, far, letter_starts
        )
        if size >= 0:
            break
        room = 2 * room + LONGEST_FOLDING
    signs, first = signs[:size], first[:size]
    hashes, places = np.empty(size, dtype=np.uint32), np.empty(size, dtype=np.int32)
    count = _print_all(
        signs, first, letter_starts, settings.gram, settings.window, hashes, places, print_starts
    )
    allowed.mask(signs, letter_starts)
    sizes = np.empty(len(texts), dtype=np.int64)
    _take_out(signs, letter_starts, settings.gram, places, print_starts, sizes)
    # Copied, so that the room that was not used is given back.
    return Gathered(
        signs.copy(), steps[:size].copy(), widths[:size].copy(), far, letter_starts, sizes,
        hashes[:count].copy(), places[:count].copy(), print_starts,
    )  # fmt: skip


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
        first, last = stretches[row, 0], stretches[row, 1] - 1
        at = 0
        for k in range(begin, begin + first + 1):
            at += steps[k]
        spans[row, 0] = at
        for k in range(begin + first + 1, begin + last + 1):
            at += steps[k]
        spans[row, 1] = at + (widths[begin + last] & _WIDE)


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
