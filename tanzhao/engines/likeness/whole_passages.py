"""Common passages whole: pieces that stand together in most of their holders become one.

A print that somebody changed, or that stands elsewhere too, ends a run of common prints, so that
a report which a hundred offices copied, each with words of its own, comes in hundreds of pieces.
Here pieces are followed through one document that has them. They go on as one passage
while those who have what stands before also have what stands behind, each by its share of the
pieces near: not every holder has every piece.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tanzhao.engines.compiling import compiled
from tanzhao.engines.likeness.going_on import HELD, WIDTH, Pieces, goes_on
from tanzhao.engines.likeness.memory import Rooms
from tanzhao.engines.likeness.ordering import put_in_order
from tanzhao.engines.likeness.settings import Settings

# A holder has half as much of the passage as holders usually have, at least one print in so many.
_LEAST = 8
# A piece is told of again if one in so many of its holders does not have the whole.
_LEFT_OUT = 5
# Of so many pieces before is one sought that another follows.
_BACK = 64
# How often a piece is told of at most, so that the work is bounded.
_TIMES = 3


class Letters(NamedTuple):
    """The letters of all documents, where they are at hand: see gathering.Gathered."""

    signs: NDArray[np.uint16]
    starts: NDArray[np.int64]


class Whole(NamedTuple):
    """Whole passages: the rows (any number, document, begin, end) of passage k, by document,
    stand from `starts[k]` up to `stops[k]`.
    """

    rows: NDArray[np.int32]
    starts: NDArray[np.int64]
    stops: NDArray[np.int64]


@compiled
def _follows(
    rows: NDArray[np.int32], base: NDArray[np.int32], one: int, other: int, reach: int
) -> bool:
    """Say whether what `other` has follows what `one` has as it does in the document followed."""
    between = base[rows[other, 0]] - base[rows[one, 0]]
    return bool(between > 0 and rows[other, 2] - rows[one, 2] <= between + reach)


@compiled
def _stretch(
    pieces: Pieces,
    mine: NDArray[np.int64],
    base: NDArray[np.int32],
    reach: int,
) -> tuple[int, int, int]:
    """Give how many prints of the passage follow each other in a document, from where to where.

    `mine`: its rows that have pieces of the passage, by place. `base`: where each piece begins in
    the document followed.
    """
    # The heaviest row of pieces of which each follows the one before.
    rows, sizes = pieces.rows, pieces.sizes
    weights = np.empty(len(mine), dtype=np.int64)
    begins = np.empty(len(mine), dtype=np.int64)
    heaviest = 0
    for k in range(len(mine)):
        weights[k], begins[k] = 0, k
        for before in range(max(0, k - _BACK), k):
            if weights[before] > weights[k] and _follows(rows, base, mine[before], mine[k], reach):
                weights[k], begins[k] = weights[before], begins[before]
        weights[k] += sizes[rows[mine[k], 0]]
        if weights[k] > weights[heaviest]:
            heaviest = k
    return weights[heaviest], rows[mine[begins[heaviest]], 2], rows[mine[heaviest], 3]


@compiled
def _joined(
    pieces: Pieces,
    order: NDArray[np.int64],
    signs: NDArray[np.uint16],
    letter_starts: NDArray[np.int64],
    reach: int,
    bridge: int,
    starts: NDArray[np.int64],
    stops: NDArray[np.int64],
) -> int:
    """Write where the rows of whole passages stand; give how many there are, -1: no room.

    They stand among the holders of pieces, or are written behind them.
    """
    rows, document_starts, piece_starts = pieces.rows, pieces.document_starts, pieces.piece_starts
    out = pieces.holders
    documents = len(document_starts) - 1
    covered = np.zeros(len(rows), dtype=np.bool_)
    left_out = piece_starts[1:] - piece_starts[:-1]
    times = np.zeros(len(left_out), dtype=np.int8)
    desk = np.zeros((documents, WIDTH), dtype=np.int32)
    touched = np.empty(documents, dtype=np.int32)
    marks = np.zeros(documents, dtype=np.bool_)
    base = np.full(len(left_out), -1, dtype=np.int32)
    longest = 0
    for document in range(documents):
        longest = max(longest, document_starts[document + 1] - document_starts[document])
    open_ = np.empty(longest, dtype=np.int64)
    mine = np.empty(longest, dtype=np.int64)
    passages = 0
    written = len(rows)
    for first in order:
        count = 0
        for row in range(document_starts[first], document_starts[first + 1]):
            piece = rows[row, 0]
            if covered[row] or times[piece] == _TIMES:
                continue
            if left_out[piece] * _LEFT_OUT > piece_starts[piece + 1] - piece_starts[piece]:
                open_[count] = row
                count += 1
        entries = open_[:count]
        letters = signs[:0]
        if len(letter_starts):
            letters = signs[letter_starts[first] : letter_starts[first + 1]]
        begin = 0
        while begin < count:
            end = begin + 1
            while end < count and goes_on(
                pieces, entries, begin, end, letters, reach, bridge, desk, touched, marks
            ):
                end += 1
            if end == begin + 1:
                # One piece alone: who has it is known.
                piece = rows[entries[begin], 0]
                starts[passages], stops[passages] = piece_starts[piece], piece_starts[piece + 1]
                left_out[piece] = 0
                passages += 1
                begin = end
                continue
            for entry in entries[begin:end]:
                times[rows[entry, 0]] += 1
                base[rows[entry, 0]] = rows[entry, 2]
            holders, usual, total = _usual_of(pieces, entries[begin:end], desk, touched)
            if written + len(holders) > len(out):
                return -1
            starts[passages] = written
            for document in holders:
                own = 0
                low, high = document_starts[document], document_starts[document + 1]
                for row in range(low, high):
                    if base[rows[row, 0]] >= 0:
                        mine[own] = row
                        own += 1
                prints, start, stop = _stretch(pieces, mine[:own], base, reach)
                if 2 * prints < usual or prints * _LEAST < total:
                    continue
                out[written, 0], out[written, 1] = passages, document
                out[written, 2], out[written, 3] = start, stop
                written += 1
                for row in range(low, high):
                    if rows[row, 2] >= start and rows[row, 3] <= stop and not covered[row]:
                        covered[row] = True
                        left_out[rows[row, 0]] -= 1
            for entry in entries[begin:end]:
                base[rows[entry, 0]] = -1
            stops[passages] = written
            passages += 1
            begin = end
    return passages


@compiled
def _usual_of(
    pieces: Pieces,
    entries: NDArray[np.int64],
    desk: NDArray[np.int32],
    touched: NDArray[np.int32],
) -> tuple[NDArray[np.int64], int, int]:
    """Give who may hold the passage of these rows, how many prints of it usually, and all of them.

    `desk`, `touched`: as in `goes_on`.
    """
    total, found = np.int64(0), 0
    for entry in entries:
        piece = pieces.rows[entry, 0]
        size = pieces.sizes[piece]
        total += size
        for k in range(pieces.piece_starts[piece], pieces.piece_starts[piece + 1]):
            document = pieces.holders[k, 1]
            if desk[document, HELD] == 0:
                touched[found] = document
                found += 1
            desk[document, HELD] += size
    holders = np.empty(found, dtype=np.int64)
    shares = np.empty(found, dtype=np.int64)
    count = 0
    for document in touched[:found]:
        if desk[document, HELD] * _LEAST >= total:
            holders[count] = document
            shares[count] = desk[document, HELD]
            count += 1
        desk[document, HELD] = 0
    holders, shares = holders[:count], shares[:count]
    put_in_order(holders)
    put_in_order(shares)
    return holders, int(shares[count // 2]), int(total)


@compiled
def _put_by_piece(
    rows: NDArray[np.int32], piece_starts: NDArray[np.int64], out: NDArray[np.int32]
) -> None:
    used = piece_starts.copy()
    for row in range(len(rows)):
        to = used[rows[row, 0]]
        used[rows[row, 0]] = to + 1
        for column in range(4):
            out[to, column] = rows[row, column]


def whole_passages(
    rows: NDArray[np.int32],
    document_starts: NDArray[np.int64],
    sizes: NDArray[np.int64],
    order: NDArray[np.int64],
    settings: Settings,
    rooms: Rooms,
    letters: Letters | None = None,
) -> Whole:
    """Join pieces that stand together in most of their holders.

    rows: (piece, document, begin, end), by document, then by place. document_starts: where those
    of each begin, and at last their number. sizes: prints of each piece. order: the documents
    that are followed.
    letters: where they are at hand, no passage goes over allowed text.

    Returns: each passage once, whole.
    """
    piece_starts = np.zeros(len(sizes) + 1, dtype=np.int64)
    np.cumsum(np.bincount(rows[:, 0], minlength=len(sizes)), out=piece_starts[1:])
    signs, letter_starts = letters or (np.empty(0, np.uint16), np.empty(0, np.int64))
    # A piece is told of by itself once, and among others so many times.
    starts, stops = (np.empty((_TIMES + 1) * len(sizes), dtype=np.int64) for _ in range(2))
    size = 2 * len(rows) + len(document_starts)
    while True:
        holders = rooms.take(4 * size, np.int32).reshape(-1, 4)
        _put_by_piece(rows, piece_starts, holders)
        pieces = Pieces(rows, document_starts, holders, piece_starts, sizes)
        count = _joined(
            pieces, order, signs, letter_starts, settings.reach, settings.bridge, starts, stops
        )
        if count >= 0:
            return Whole(holders, starts[:count], stops[:count])
        rooms.give_back(holders)
        size *= 2
