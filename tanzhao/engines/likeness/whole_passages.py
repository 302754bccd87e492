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

from tanzhao.engines.likeness.compiling import compiled
from tanzhao.engines.likeness.letters import MASKED
from tanzhao.engines.likeness.ordering import put_in_order
from tanzhao.engines.likeness.settings import Settings

# A passage goes on if so many of those who have either side have both.
_SAME = 0.5
# What is looked at on each side: so many pieces, in so many letters.
_PIECES, _LETTERS = 24, 100
# Who has a side: who has one in so many of its prints.
_PART = 4
# A holder has half as much of the passage as holders usually have, at least one print in so many.
_LEAST = 8
# A piece is told of again if one in so many of its holders does not have the whole.
_LEFT_OUT = 5
# Of so many pieces before is one sought that another follows.
_BACK = 64
# A passage is not told of if so many of its holders have all of it within a longer one.
_WITHIN = 0.8
# How often a piece is told of at most, so that the work is bounded.
_TIMES = 3


class Letters(NamedTuple):
    """The letters of all documents, where they are at hand: see gathering.Gathered."""

    signs: NDArray[np.uint16]
    starts: NDArray[np.int64]


@compiled
def _goes_on(
    rows: NDArray[np.int32],
    chain_starts: NDArray[np.int64],
    sizes: NDArray[np.int64],
    entries: NDArray[np.int64],
    begin: int,
    end: int,
    signs: NDArray[np.uint16],
    reach: int,
    bridge: int,
    held: NDArray[np.int32],
    shifts: NDArray[np.int32],
    votes: NDArray[np.int64],
    touched: NDArray[np.int32],
) -> bool:
    """Say whether the passage of `entries[begin:end]` goes on with the next.

    `signs`: letters of the document, if at hand. `held`, `shifts`: room for two numbers of each
    document, the first all 0. `votes`, `touched`: room for one.
    """
    last, next_ = rows[entries[end - 1]], rows[entries[end]]
    gap = next_[2] - last[3]
    if gap > reach:
        return False
    for letter in signs[last[3] : max(next_[2], last[3])]:
        if letter == MASKED:
            return False
    most = bridge if gap <= bridge else 6 + gap // 8
    count = 0
    totals = np.zeros(2, dtype=np.int64)
    for side in range(2):
        step = -1 if side == 0 else 1
        at = end - 1 if side == 0 else end
        for _ in range(_PIECES):
            if at < begin or at == len(entries):
                break
            entry = rows[entries[at]]
            far = last[3] - entry[3] if side == 0 else entry[2] - next_[2]
            if far > _LETTERS and totals[side]:
                break
            chain = entry[0]
            totals[side] += sizes[chain]
            for row in rows[chain_starts[chain] : chain_starts[chain + 1]]:
                document = row[1]
                if held[document, 0] == 0 and held[document, 1] == 0:
                    touched[count] = document
                    count += 1
                if held[document, side] == 0:
                    votes[document] = 0
                held[document, side] += sizes[chain]
                # The shift of most: a piece may stand elsewhere, too, and be taken from there.
                shift = row[2] - entry[2]
                if votes[document] <= 0:
                    shifts[document, side] = shift
                    votes[document] = sizes[chain]
                elif abs(shift - shifts[document, side]) <= most:
                    votes[document] += sizes[chain]
                else:
                    votes[document] -= sizes[chain]
            at += step
    lefts = rights = both = 0
    for k in range(count):
        document = touched[k]
        left = held[document, 0] * _PART >= totals[0]
        right = held[document, 1] * _PART >= totals[1]
        lefts += left
        rights += right
        if left and right and abs(shifts[document, 1] - shifts[document, 0]) <= most:
            both += 1
        held[document, 0] = 0
        held[document, 1] = 0
    return bool(both >= _SAME * max(lefts, rights))


@compiled
def _follows(
    rows: NDArray[np.int32], base: NDArray[np.int32], one: int, other: int, reach: int
) -> bool:
    """Say whether what `other` has follows what `one` has as it does in the document followed."""
    between = base[rows[other, 0]] - base[rows[one, 0]]
    return bool(between > 0 and rows[other, 2] - rows[one, 2] <= between + reach)


@compiled
def _stretch(
    rows: NDArray[np.int32],
    sizes: NDArray[np.int64],
    mine: NDArray[np.int64],
    base: NDArray[np.int32],
    reach: int,
) -> tuple[int, int, int]:
    """Give how many prints of the passage follow each other in a document, from where to where.

    `mine`: its rows that have pieces of the passage, by place. `base`: where each piece begins in
    the document followed.
    """
    # The heaviest row of pieces of which each follows the one before.
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
    rows: NDArray[np.int32],
    chain_starts: NDArray[np.int64],
    sizes: NDArray[np.int64],
    by_document: NDArray[np.int64],
    document_starts: NDArray[np.int64],
    order: NDArray[np.int64],
    signs: NDArray[np.uint16],
    letter_starts: NDArray[np.int64],
    reach: int,
    bridge: int,
    out: NDArray[np.int32],
) -> int:
    """Write rows (passage, document, begin, end) of whole passages; give how many, -1: no room."""
    documents = len(document_starts) - 1
    chains = len(sizes)
    covered = np.zeros(len(rows), dtype=np.bool_)
    left_out = chain_starts[1:] - chain_starts[:-1]
    times = np.zeros(chains, dtype=np.int8)
    held = np.zeros((documents, 2), dtype=np.int32)
    shifts = np.empty((documents, 2), dtype=np.int32)
    votes = np.empty(documents, dtype=np.int64)
    touched = np.empty(documents, dtype=np.int32)
    base = np.full(chains, -1, dtype=np.int32)
    longest = 0
    for document in range(documents):
        longest = max(longest, document_starts[document + 1] - document_starts[document])
    room = np.empty(longest, dtype=np.int64)
    mine = np.empty(longest, dtype=np.int64)
    passages = 0
    written = 0
    for first in order:
        count = 0
        for at in range(document_starts[first], document_starts[first + 1]):
            row = by_document[at]
            chain = rows[row, 0]
            if covered[row] or times[chain] == _TIMES:
                continue
            size = chain_starts[chain + 1] - chain_starts[chain]
            if left_out[chain] * _LEFT_OUT > size:
                room[count] = row
                count += 1
        entries = room[:count]
        letters = signs[:0]
        if len(letter_starts):
            letters = signs[letter_starts[first] : letter_starts[first + 1]]
        begin = 0
        while begin < count:
            end = begin + 1
            while end < count and _goes_on(
                rows, chain_starts, sizes, entries, begin, end, letters, reach, bridge,
                held, shifts, votes, touched,
            ):  # fmt: skip
                end += 1
            if end == begin + 1:
                # One piece alone: who has it is known.
                chain = rows[entries[begin], 0]
                low, high = chain_starts[chain], chain_starts[chain + 1]
                if written + high - low > len(out):
                    return -1
                for row in range(low, high):
                    covered[row] = True
                    out[written] = rows[row]
                    out[written, 0] = passages
                    written += 1
                left_out[chain] = 0
                passages += 1
                begin = end
                continue
            total, found = np.int64(0), 0
            for entry in entries[begin:end]:
                chain = rows[entry, 0]
                times[chain] += 1
                base[chain] = rows[entry, 2]
                total += sizes[chain]
                for row in rows[chain_starts[chain] : chain_starts[chain + 1]]:
                    if held[row[1], 0] == 0:
                        touched[found] = row[1]
                        found += 1
                    held[row[1], 0] += sizes[chain]
            holders = np.empty(found, dtype=np.int64)
            shares = np.empty(found, dtype=np.int64)
            found = 0
            for k in range(len(holders)):
                document = touched[k]
                if held[document, 0] * _LEAST >= total:
                    holders[found] = document
                    shares[found] = held[document, 0]
                    found += 1
                held[document, 0] = 0
            holders, shares = holders[:found], shares[:found]
            put_in_order(holders)
            put_in_order(shares)
            usual = shares[found // 2]
            if written + found > len(out):
                return -1
            for holder in range(found):
                document = holders[holder]
                own = 0
                for at in range(document_starts[document], document_starts[document + 1]):
                    if base[rows[by_document[at], 0]] >= 0:
                        mine[own] = by_document[at]
                        own += 1
                prints, start, stop = _stretch(rows, sizes, mine[:own], base, reach)
                if 2 * prints < usual or prints * _LEAST < total:
                    continue
                out[written, 0], out[written, 1] = passages, document
                out[written, 2], out[written, 3] = start, stop
                written += 1
                for at in range(document_starts[document], document_starts[document + 1]):
                    row = by_document[at]
                    if rows[row, 2] >= start and rows[row, 3] <= stop and not covered[row]:
                        covered[row] = True
                        left_out[rows[row, 0]] -= 1
            for entry in entries[begin:end]:
                base[rows[entry, 0]] = -1
            passages += 1
            begin = end
    return written


def joined_rows(
    rows: NDArray[np.int32],
    sizes: NDArray[np.int64],
    order: NDArray[np.int64],
    documents: int,
    settings: Settings,
    letters: Letters | None = None,
) -> NDArray[np.int32]:
    """Join passages that stand together in most of their holders.

    rows: (passage, document, begin, end), by passage, then by document. sizes: prints of each
    passage. order: the documents that are followed.
    letters: where they are at hand, no passage goes over allowed text.

    Returns: rows of the same kind, each passage once, whole.
    """
    if not len(rows):
        return rows
    begins = np.flatnonzero(np.diff(rows[:, 0], prepend=-1))
    chain_starts = np.append(begins, len(rows))
    sizes = sizes[rows[begins, 0]]
    rows = rows.copy()
    rows[:, 0] = np.repeat(np.arange(len(begins), dtype=np.int32), np.diff(chain_starts))
    by_document = np.lexsort((rows[:, 2], rows[:, 1]))
    document_starts = np.searchsorted(rows[by_document, 1], np.arange(documents + 1))
    signs, starts = letters or (np.empty(0, dtype=np.uint16), np.empty(0, dtype=np.int64))
    out = np.empty((len(rows) + documents, 4), dtype=np.int32)
    while True:
        count = _joined(
            rows, chain_starts, sizes, by_document, document_starts, order, signs, starts,
            settings.reach, settings.bridge, out,
        )  # fmt: skip
        if count >= 0:
            return out[:count]
        out = np.empty((2 * len(out), 4), dtype=np.int32)


def within_others(passages: list[NDArray[np.int32]], firsts: list[int]) -> list[bool]:
    """Say which passages lie within a longer one, in most of their holders."""
    if not passages:
        return []
    number = np.repeat(np.arange(len(passages)), [len(held) for held in passages])
    every = np.concatenate(passages)
    order = np.argsort(every[:, 1], kind="stable")
    number, every = number[order], every[order]
    within = []
    for held, first in zip(passages, firsts, strict=True):
        _, document, start, end = held[first].tolist()
        low, high = np.searchsorted(every[:, 1], (document, document + 1))
        around = (every[low:high, 2] <= start) & (every[low:high, 3] >= end)
        around &= every[low:high, 3] - every[low:high, 2] > end - start
        inside = False
        for other in number[low:high][around].tolist():
            longer = passages[other]
            _, mine, theirs = np.intersect1d(
                held[:, 1], longer[:, 1], assume_unique=True, return_indices=True
            )
            covered = (longer[theirs, 2] <= held[mine, 2]) & (longer[theirs, 3] >= held[mine, 3])
            inside = inside or bool(np.count_nonzero(covered) >= _WITHIN * len(held))
        within.append(inside)
    return within
