"""Whether a common passage goes on with the next piece: who has what stands on both sides."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tanzhao.engines.compiling import compiled
from tanzhao.engines.likeness.letters import MASKED

# A passage goes on if so many of those who have either side have both.
_SAME = 0.5
# What is looked at on each side: so many pieces, in so many letters.
_PIECES, _LETTERS = 24, 100
# Who has a side: who has one in so many of its prints.
_PART = 4
# Columns of what is noted of a document, two for both sides: its prints, how far on they stand
# than in the document followed, and how many more say so than do not.
HELD, _SHIFTS, _VOTES, WIDTH = 0, 2, 4, 8


class Pieces(NamedTuple):
    """Pieces, and who has them.

    `rows` (piece, document, begin, end): by document, then by place; `document_starts`: where
    those of each begin. `holders`: the same rows by piece, then by document, with `piece_starts`;
    there is room behind them. `sizes`: prints of each piece.
    """

    rows: NDArray[np.int32]
    document_starts: NDArray[np.int64]
    holders: NDArray[np.int32]
    piece_starts: NDArray[np.int64]
    sizes: NDArray[np.int64]


@compiled
def _looked_at(
    pieces: Pieces, entries: NDArray[np.int64], begin: int, end: int, side: int
) -> tuple[int, int]:
    """Give how many entries next to `entries[end]` are looked at on a side, and their prints.

    `side`: 0 is what stands before, no further back than `begin`; 1 is what stands from there on.
    """
    last, next_ = pieces.rows[entries[end - 1]], pieces.rows[entries[end]]
    count = prints = 0
    at = end - 1 if side == 0 else end
    while count < _PIECES and begin <= at < len(entries):
        entry = pieces.rows[entries[at]]
        far = last[3] - entry[3] if side == 0 else entry[2] - next_[2]
        if far > _LETTERS and prints:
            break
        prints += int(pieces.sizes[entry[0]])
        count += 1
        at += -1 if side == 0 else 1
    return count, prints


@compiled
def _few_have_both(
    pieces: Pieces,
    piece: int,
    entries: NDArray[np.int64],
    prints: int,
    marks: NDArray[np.bool_],
) -> bool:
    """Say whether so few of a piece's holders have what follows that there is no passage.

    `entries`: what follows, with so many `prints`. `marks`: of each document, all False before
    and after. It asks no more than `goes_on` does, of one piece, and looks at less memory.
    """
    low, high = pieces.piece_starts[piece], pieces.piece_starts[piece + 1]
    for k in range(low, high):
        marks[pieces.holders[k, 1]] = True
    held = np.int64(0)
    for at in entries:
        other = pieces.rows[at, 0]
        both = 0
        for k in range(pieces.piece_starts[other], pieces.piece_starts[other + 1]):
            both += marks[pieces.holders[k, 1]]
        held += both * pieces.sizes[other]
    for k in range(low, high):
        marks[pieces.holders[k, 1]] = False
    # Each holder who has the other side has one in so many of its prints.
    return bool(_PART * held < _SAME * (high - low) * prints)


@compiled
def goes_on(
    pieces: Pieces,
    entries: NDArray[np.int64],
    begin: int,
    end: int,
    signs: NDArray[np.uint16],
    reach: int,
    bridge: int,
    desk: NDArray[np.int32],
    touched: NDArray[np.int32],
    marks: NDArray[np.bool_],
) -> bool:
    """Say whether the passage of `entries[begin:end]` goes on with the next.

    `signs`: letters of the document, if at hand. `desk`: columns of each document to work
    with, HELD all 0 before and after; `touched`: room for a number of each; `marks`: all False
    before and after.
    """
    rows, sizes, starts = pieces.rows, pieces.sizes, pieces.piece_starts
    last, next_ = rows[entries[end - 1]], rows[entries[end]]
    gap = next_[2] - last[3]
    if gap > reach:
        return False
    for letter in signs[last[3] : max(next_[2], last[3])]:
        if letter == MASKED:
            return False
    before, prints_before = _looked_at(pieces, entries, begin, end, 0)
    behind, prints_behind = _looked_at(pieces, entries, begin, end, 1)
    if before == 1 and _few_have_both(
        pieces, last[0], entries[end : end + behind], prints_behind, marks
    ):
        return False
    most = bridge if gap <= bridge else 6 + gap // 8
    count = 0
    for side in range(2):
        for on in range(before if side == 0 else behind):
            entry = rows[entries[end - 1 - on if side == 0 else end + on]]
            size = sizes[entry[0]]
            for k in range(starts[entry[0]], starts[entry[0] + 1]):
                document = pieces.holders[k, 1]
                mine = desk[document]
                if mine[HELD] == 0 and mine[HELD + 1] == 0:
                    touched[count] = document
                    count += 1
                if mine[HELD + side] == 0:
                    mine[_VOTES] = 0
                mine[HELD + side] += size
                # The shift of most: a piece may stand elsewhere, too, and be taken from there.
                shift = pieces.holders[k, 2] - entry[2]
                if mine[_VOTES] <= 0:
                    mine[_SHIFTS + side] = shift
                    mine[_VOTES] = size
                elif abs(shift - mine[_SHIFTS + side]) <= most:
                    mine[_VOTES] += size
                else:
                    mine[_VOTES] -= size
    lefts = rights = both = 0
    for k in range(count):
        mine = desk[touched[k]]
        left = mine[HELD] * _PART >= prints_before
        right = mine[HELD + 1] * _PART >= prints_behind
        lefts += left
        rights += right
        if left and right and abs(mine[_SHIFTS + 1] - mine[_SHIFTS]) <= most:
            both += 1
        mine[HELD] = mine[HELD + 1] = 0
    return bool(both >= _SAME * max(lefts, rights))
