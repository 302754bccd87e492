"""The kernel that reads the cells of a large sheet, as Excel and its like write them.

It knows rows and cells that say where they stand, in order, and hands back everything else
(another order, comments, other names for the elements): such a sheet goes to the reader of
workbooks. A cell becomes a code: the place of its text in the list of shared texts, or, below -1,
the number under which the bytes behind its place were noted.
"""

from collections.abc import Callable
from typing import Any, cast

import numba
import numpy as np

EMPTY = -1  # the code of a cell without a value
# What `scan` ends with: it needs more text, the block is full, the table of hashes is half full,
# the rows are over, it is another's.
MORE, FULL, CROWDED, OVER, OTHER = range(5)
# Places in `at`, which goes on from piece to piece.
ROW, LAST_COLUMN, IN_ROW, ROWS, COLUMNS, SPAN, NOTED, NOTED_BYTES, SHARED = range(9)
STATE = 9
MOST_PROBES = 4096  # a file could be made so that hashes collide
MOST_ROWS = 1 << 20  # Excel's own
MOST_SHARED_TEXTS = 1 << 26


_njit: Any = numba.njit
# Nothing is allocated in kernels: to count who holds an array would take two thirds of the time.
_OPTIONS = {"nogil": True, "_nrt": False}


def compiled[F: Callable[..., Any]](function: F) -> F:
    """Compile `function` when it is first called; the result is kept if there is a place."""
    try:
        return cast("F", _njit(cache=True, **_OPTIONS)(function))
    except RuntimeError:  # no folder can be written to
        return cast("F", _njit(**_OPTIONS)(function))


def inlined[F: Callable[..., Any]](function: F) -> F:
    """Compile `function` into those that call it: a call costs as much as reading a cell."""
    return cast("F", _njit(forceinline=True, **_OPTIONS)(function))


@inlined
def _skip(text: Any, place: int, end: int, word: Any) -> int:
    """Give the place behind `word` if it stands here, else -1; -2 if the text ends within it."""
    for n in range(len(word)):
        if place + n >= end:
            return -2
        if text[place + n] != word[n]:
            return -1
    return place + len(word)


@inlined
def _number(text: Any, place: int, end: int) -> tuple[int, int]:
    """Read digits up to another character: their number and the place behind; -1 if none."""
    number, begin = 0, place
    while place < end and 48 <= text[place] <= 57 and place - begin < 10:
        number = number * 10 + text[place] - 48
        place += 1
    return (number if place > begin else -1), place


@inlined
def _attributes_end(text: Any, place: int, end: int) -> int:
    """Find the > or /> behind attributes as they should be written; -1 if not, -2 for more."""
    while place < end and text[place] != 62 and text[place] != 47:  # > /
        if text[place] != 32:
            return -1
        place += 1
        while place < end and text[place] == 32:
            place += 1
        begin = place
        while place < end and text[place] > 44 and text[place] != 61:  # =
            if text[place] == 60 or text[place] == 62:
                return -1
            place += 1
        if place + 1 < end and (place == begin or text[place] != 61 or text[place + 1] != 34):
            return -1
        place += 2
        while place < end and text[place] != 34:
            if text[place] == 60 or text[place] == 62:
                return -1
            place += 1
        place += 1
    if place + 1 >= end:
        return -2
    return place if text[place] == 62 or text[place + 1] == 62 else -1


@inlined
def _row_begins(text: Any, place: int, end: int, at: Any) -> int:
    """Read what stands behind <row; give the place behind >, -1 if it is another's, -2 for more."""
    stop = _attributes_end(text, place, end)
    if stop < 0:
        return stop
    number = 0
    for begin in range(place, stop - 4):
        is_number = text[begin] == 32 and text[begin + 1] == 114  # r
        if is_number and text[begin + 2] == 61 and text[begin + 3] == 34:  # ="
            if number:
                return -1
            number, behind = _number(text, begin + 4, stop)
            if text[behind] != 34:
                return -1
    if number <= at[ROW] or number > MOST_ROWS:
        return -1
    at[ROW] = number
    at[LAST_COLUMN] = -1
    at[IN_ROW] = 0 if text[stop] == 47 else 1  # <row …/>
    return stop + 2 if text[stop] == 47 else stop + 1


@inlined
def _shared(text: Any, place: int, end: int) -> tuple[int, int]:
    """Read ` s="1" t="s"><v>17</v></c>` behind a cell's place: 17 and the place behind.

    -1 if something else stands here.
    """
    if place + 9 >= end or text[place] != 32:
        return -1, place
    if text[place + 1] == 115 and text[place + 2] == 61 and text[place + 3] == 34:  # s="
        style, place = _number(text, place + 4, end)
        if style < 0 or place >= end or text[place] != 34:
            return -1, place
        place += 1
    if place + 9 >= end:
        return -1, place
    if text[place] != 32 or text[place + 1] != 116 or text[place + 2] != 61:  # t=
        return -1, place
    if text[place + 3] != 34 or text[place + 4] != 115 or text[place + 5] != 34:  # "s"
        return -1, place
    place += 6
    if text[place] != 62 or text[place + 1] != 60 or text[place + 2] != 118:  # ><v
        return -1, place
    if text[place + 3] != 62:
        return -1, place
    number, place = _number(text, place + 4, end)
    if place + 8 >= end or text[place] != 60 or text[place + 1] != 47 or text[place + 2] != 118:
        return -1, place
    if text[place + 3] != 62 or text[place + 4] != 60 or text[place + 5] != 47:  # ></
        return -1, place
    if text[place + 6] != 99 or text[place + 7] != 62:  # c>
        return -1, place
    return number, place + 8


@compiled
def _cell_ends(text: Any, place: int, end: int) -> tuple[int, int]:
    """Find where the bytes behind a cell's place end (before </c> or within />), and the cell.

    (-1, -1) if it is another's, (-2, -2) for more.
    """
    place = _attributes_end(text, place, end)
    if place < 0:
        return place, place
    if text[place] == 47:  # />
        return place, place + 2
    place += 1
    while place + 3 < end:
        if text[place] == 60:  # <
            if text[place + 1] == 33 or text[place + 1] == 63:  # <! <?
                return -1, -1
            if text[place + 1] == 99 and (text[place + 2] == 32 or text[place + 2] == 62):  # <c
                return -1, -1
            if text[place + 1] == 114 and text[place + 2] == 111:  # <ro
                return -1, -1
            if text[place + 1] == 47 and text[place + 2] == 99:  # </c
                if text[place + 3] == 62:
                    return place, place + 4
                if text[place + 3] <= 32:
                    return -1, -1
        place += 1
    return -2, -2


@compiled
def _noted(text: Any, begin: int, stop: int, at: Any, noted: Any) -> int:
    """Number distinct bytes; -1 if there is no room for more.

    Args:
        noted: slots (a table of hashes, a power of two long: the number, or -1), the hashes of
            the numbers, where the bytes of each begin and the last ones end, the bytes.
    """
    slots, hashes, starts, kept = noted
    hashed = np.uint64(14695981039346656037)  # FNV-1a
    for place in range(begin, stop):
        hashed = (hashed ^ np.uint64(text[place])) * np.uint64(1099511628211)
    hashed ^= hashed >> np.uint64(29)
    mask = np.uint64(len(slots) - 1)
    slot = hashed & mask
    probes = 0
    while slots[slot] >= 0:
        number = slots[slot]
        first = starts[number]
        if starts[number + 1] - first == stop - begin:
            same = 0
            while same < stop - begin and kept[first + same] == text[begin + same]:
                same += 1
            if same == stop - begin:
                return int(number)
        slot = (slot + np.uint64(1)) & mask
        probes += 1
        if probes > MOST_PROBES:
            return -1
    number = at[NOTED]
    if number == len(hashes) or at[NOTED_BYTES] + stop - begin > len(kept):
        return -1
    for place in range(begin, stop):
        kept[at[NOTED_BYTES] + place - begin] = text[place]
    slots[slot] = number
    hashes[number] = hashed
    at[NOTED_BYTES] += stop - begin
    at[NOTED] += 1
    starts[number + 1] = at[NOTED_BYTES]
    return int(number)


@inlined
def _cell(text: Any, place: int, end: int, at: Any, rows: Any, codes: Any, noted: Any) -> int:
    """Read a cell from its place on; give the place behind, -1 if it is another's, -2 for more."""
    column, begin = 0, place
    while place < end and 65 <= text[place] <= 90 and place - begin < 4:
        column = column * 26 + text[place] - 64
        place += 1
    row, behind = _number(text, place, end)
    if behind >= end:
        return -2
    column -= 1
    if row != at[ROW] or column <= at[LAST_COLUMN] or column >= len(codes) or text[behind] != 34:
        return -1
    if column >= at[SPAN]:
        at[SPAN] = column + 1
    tail = behind + 1
    code, behind = _shared(text, tail, end)
    if code < 0:
        stop, behind = _cell_ends(text, tail, end)
        if behind < 0:
            return behind
        if text[stop] == 47:  # without a value
            at[LAST_COLUMN] = column
            return behind
        number = _noted(text, tail, stop, at, noted)
        if number < 0:
            return -1
        code = -2 - number
    elif code >= MOST_SHARED_TEXTS:
        return -1
    elif code >= at[SHARED]:
        at[SHARED] = code + 1
    here = at[ROWS]
    if here == 0 or rows[here - 1] != row:
        rows[here] = row
        at[ROWS] = here + 1
    else:
        here -= 1
    codes[column, here] = code
    at[LAST_COLUMN] = column
    if column >= at[COLUMNS]:
        at[COLUMNS] = column + 1
    return behind


_ROW_BEGINS, _ROW_ENDS, _ALL_ENDS, _CELL_BEGINS = (
    np.frombuffer(word, dtype=np.uint8) for word in (b"<row", b"</row>", b"</sheetData>", b'<c r="')
)


@compiled
def scan(text: Any, at: Any, rows: Any, codes: Any, noted: Any) -> tuple[int, int]:
    """Read the rows in `text`, which begins where a row or a cell begins or ends.

    Args:
        at: STATE numbers, kept from call to call, all 0 before the first: the row, its last
            column, whether it is open, rows in the block, columns with and without values, how
            many bytes are noted and of how many cells, shared texts used.
        rows: the numbers of the rows of this block that hold a value.
        codes: column × row of the block; filled with EMPTY.
        noted: bytes noted so far (see `_noted`).

    Returns: why it ended, and the place up to which it has read; a row that does not fit into
        the block any more begins there.
    """
    place, end = 0, len(text)
    while True:
        while place < end and (text[place] == 10 or text[place] == 13 or text[place] == 32):
            place += 1
        if at[IN_ROW] == 0:
            behind = _skip(text, place, end, _ROW_BEGINS)
            if behind >= 0:
                if at[ROWS] == len(rows):
                    return FULL, place
                behind = _row_begins(text, behind, end, at)
            elif behind == -1:
                behind = _skip(text, place, end, _ALL_ENDS)
                if behind >= 0:
                    return OVER, behind
        else:
            behind = _skip(text, place, end, _CELL_BEGINS)
            if behind >= 0:
                if at[NOTED] * 2 > len(noted[0]):
                    return CROWDED, place
                behind = _cell(text, behind, end, at, rows, codes, noted)
            elif behind == -1:
                behind = _skip(text, place, end, _ROW_ENDS)
                if behind >= 0:
                    at[IN_ROW] = 0
        if behind == -1:
            return OTHER, place
        if behind == -2:
            return MORE, place
        place = behind


@compiled
def put_again(hashes: Any, number: int, slots: Any) -> None:
    """Fill a larger table with the first `number` hashes."""
    mask = np.uint64(len(slots) - 1)
    for n in range(number):
        slot = hashes[n] & mask
        while slots[slot] >= 0:
            slot = (slot + np.uint64(1)) & mask
        slots[slot] = n
