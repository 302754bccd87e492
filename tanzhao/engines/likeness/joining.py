"""The join: which prints more than one document has, and who has them.

A group is a print that at least two documents have; it is common if a template has it, or more
documents than are compared pair by pair.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tanzhao.engines.compiling import compiled
from tanzhao.engines.likeness.memory import Rooms
from tanzhao.engines.likeness.parting import CHUNK, Parted, read_part

_DIGIT = 12  # a part is sorted by so many bits at a time, the lowest first
_BLOCK = 8  # of each 2 ** 8 letters it is known which document they begin in


class Joined(NamedTuple):
    """Prints that at least two documents have, by print and by document.

    Groups that are not common come first. The holders of such a group g:
    `held[group_starts[g] : group_starts[g + 1]]`, rows (document, its first place), documents in
    order; the place is -1 if it has only such as touch allowed text. `common`: how many groups
    behind them are common.

    The prints of document d: `groups` and `places` from `document_starts[d]` to
    `document_starts[d + 1]`, by group, then by place; no more of one group than asked for, and
    none whose place is -1. Those of common groups begin at `common_starts[d]`.
    """

    group_starts: NDArray[np.int64]
    held: NDArray[np.int32]
    common: int
    document_starts: NDArray[np.int64]
    common_starts: NDArray[np.int64]
    groups: NDArray[np.int32]
    places: NDArray[np.int32]


class _Grouped(NamedTuple):
    """Room for groups that are not common, then for those that are.

    `again`: further places of a print within one document: rows (row of the holder, place). A
    common group has its places alone: `common_held`, rows (document, place), from where
    `common_starts` says. `counts`, `common_counts`: how many places each document has in either.
    """

    group_starts: NDArray[np.int64]
    held: NDArray[np.int32]
    again: NDArray[np.int32]
    counts: NDArray[np.int64]
    common_starts: NDArray[np.int64]
    common_held: NDArray[np.int32]
    common_counts: NDArray[np.int64]


@compiled
def _sorted(
    one: NDArray[np.uint64],
    other: NDArray[np.uint64],
    bits: int,
    counts: NDArray[np.int32],
) -> NDArray[np.uint64]:
    """Give the prints of one part in the order of what is left of their hash, their highest bits.

    `bits`: how many these are. Equal ones keep their order. `one`: the prints. `other`, `counts`:
    room to work in. Either of the two is the answer.
    """
    turns = (bits + _DIGIT - 1) // _DIGIT
    digits = np.uint64((1 << _DIGIT) - 1)
    lowest = np.uint64(64 - bits)
    counts[:turns] = 0
    for k in range(len(one)):
        key = one[k] >> lowest
        for turn in range(turns):
            counts[turn, (key >> np.uint64(turn * _DIGIT)) & digits] += 1
    for turn in range(turns):
        shift = lowest + np.uint64(turn * _DIGIT)
        mine = counts[turn]
        total = 0
        for digit in range(1 << _DIGIT):
            here = mine[digit]
            mine[digit] = total
            total += here
        for k in range(len(one)):
            digit = (one[k] >> shift) & digits
            to = mine[digit]
            mine[digit] = to + 1
            other[to] = one[k]
        one, other = other, one
    return one


@compiled
def _documents_of_blocks(letter_starts: NDArray[np.int64]) -> NDArray[np.int32]:
    """Give the document that the first letter of each block belongs to."""
    blocks = np.empty((letter_starts[-1] >> _BLOCK) + 1, dtype=np.int32)
    document = 0
    for block in range(len(blocks)):
        while document + 2 < len(letter_starts) and letter_starts[document + 1] <= block << _BLOCK:
            document += 1
        blocks[block] = document
    return blocks


@compiled
def _owned(
    prints: NDArray[np.uint64],
    bits: int,
    letter_starts: NDArray[np.int64],
    blocks: NDArray[np.int32],
    owners: NDArray[np.int32],
    places: NDArray[np.int32],
) -> int:
    """Write the document and the place of equal prints; give how many documents there are.

    A place is -1 if it touches allowed text. Nothing more is written once all are found to be of
    one document.
    """
    letters = (np.uint64(1) << np.uint64(64 - bits)) - np.uint64(1)
    owner, count = -1, 0
    last = np.int64((prints[-1] & letters) >> np.uint64(1))
    for k in range(len(prints)):
        letter = np.int64((prints[k] & letters) >> np.uint64(1))
        if count == 0 or letter >= letter_starts[owner + 1]:
            owner = blocks[letter >> _BLOCK]
            while letter >= letter_starts[owner + 1]:
                owner += 1
            if count == 0 and last < letter_starts[owner + 1]:
                return 1
            count += 1
        owners[k] = owner
        places[k] = letter - letter_starts[owner] if prints[k] & np.uint64(1) else -1
    return count


@compiled
def _put_common(
    owners: NDArray[np.int32],
    places: NDArray[np.int32],
    size: int,
    repeats: int,
    out: _Grouped,
    placed: int,
) -> int:
    """Write the places of a common print behind the others; give how many there are then."""
    seen = 0
    for k in range(size):
        if k > 0 and owners[k] != owners[k - 1]:
            seen = 0
        if places[k] >= 0 and seen < repeats:
            seen += 1
            out.common_held[placed, 0], out.common_held[placed, 1] = owners[k], places[k]
            out.common_counts[owners[k]] += 1
            placed += 1
    return placed


@compiled
def _put_held(
    owners: NDArray[np.int32],
    places: NDArray[np.int32],
    size: int,
    repeats: int,
    out: _Grouped,
    written: int,
    again: int,
) -> tuple[int, int]:
    """Write the holders of a print that is not common, and what they have again, behind the
    others; give how many there are of each then.
    """
    seen = 0
    for k in range(size):
        if k == 0 or owners[k] != owners[k - 1]:
            out.held[written, 0], out.held[written, 1] = owners[k], -1
            written += 1
            seen = 0
        if places[k] >= 0 and seen < repeats:
            seen += 1
            out.counts[owners[k]] += 1
            if seen == 1:
                out.held[written - 1, 1] = places[k]
            else:
                out.again[again, 0], out.again[again, 1] = written - 1, places[k]
                again += 1
    return written, again


@compiled
def _grouped(
    part_bits: int,
    values: NDArray[np.uint64],
    used: NDArray[np.int64],
    chunks: NDArray[np.int32],
    chunk_starts: NDArray[np.int64],
    letter_starts: NDArray[np.int64],
    documents: int,
    cap: int,
    repeats: int,
    out: _Grouped,
) -> tuple[int, int, int, int, int]:
    """Write the groups; give how many are not common, their holders and what these have again;
    then how many are common, and their places.
    """
    blocks = _documents_of_blocks(letter_starts)
    largest = np.int64(0)
    for part in range(len(used)):
        largest = max(largest, (chunk_starts[part + 1] - chunk_starts[part]) * CHUNK)
    one, other = np.empty(largest, dtype=np.uint64), np.empty(largest, dtype=np.uint64)
    owners, places = np.empty(largest, dtype=np.int32), np.empty(largest, dtype=np.int32)
    bits = 32 - part_bits
    counts = np.empty((3, 1 << _DIGIT), dtype=np.int32)
    lowest = np.uint64(64 - bits)
    groups = written = again = common = placed = 0
    for part in range(len(used)):
        size = read_part(part, values, used, chunks, chunk_starts, one)
        prints = _sorted(one[:size], other[:size], bits, counts)
        end = 0
        while end < size:
            begin = end
            end = begin + 1
            while end < size and (prints[end] ^ prints[begin]) >> lowest == 0:
                end += 1
            if end == begin + 1:
                continue
            held = _owned(prints[begin:end], bits, letter_starts, blocks, owners, places)
            if held == 1:
                continue
            # Templates stand last.
            if held > cap or owners[end - begin - 1] >= documents:
                out.common_starts[common] = placed
                common += 1
                placed = _put_common(owners, places, end - begin, repeats, out, placed)
            else:
                out.group_starts[groups] = written
                groups += 1
                written, again = _put_held(
                    owners, places, end - begin, repeats, out, written, again
                )
    out.group_starts[groups] = written
    out.common_starts[common] = placed
    return groups, written, again, common, placed


@compiled
def _by_document(
    grouped: _Grouped,
    groups: int,
    again: int,
    common: int,
    starts: NDArray[np.int64],
    common_starts: NDArray[np.int64],
    out_groups: NDArray[np.int32],
    out_places: NDArray[np.int32],
) -> None:
    """Put the places of prints behind those of their documents."""
    ends = starts.copy()
    more = 0
    for group in range(groups):
        for k in range(grouped.group_starts[group], grouped.group_starts[group + 1]):
            owner, place = grouped.held[k]
            if place < 0:
                continue
            to = ends[owner]
            out_groups[to] = group
            out_places[to] = place
            while more < again and grouped.again[more, 0] == k:
                to += 1
                out_groups[to] = group
                out_places[to] = grouped.again[more, 1]
                more += 1
            ends[owner] = to + 1
    ends[:] = common_starts
    for group in range(common):
        for k in range(grouped.common_starts[group], grouped.common_starts[group + 1]):
            owner, place = grouped.common_held[k]
            to = ends[owner]
            ends[owner] = to + 1
            out_groups[to] = groups + group
            out_places[to] = place


def join(
    parted: Parted,
    letter_starts: NDArray[np.int64],
    documents: int,
    cap: int,
    repeats: int,
    rooms: Rooms,
) -> Joined:
    """Join the prints of all documents, which are not needed once more.

    A print that touches allowed text has a holder, but no place. `letter_starts`: where the
    letters of each begin, and at last their number. `documents`: how many there are; what is
    behind them are templates. `cap`: of how many a print is not yet common. `repeats`: how many
    places of one print within one document are kept, the first ones.
    """
    size, number = parted.count, len(letter_starts) - 1
    counts, common_counts = (np.zeros(number, dtype=np.int64) for _ in range(2))
    held, common_held, again = (rooms.take(2 * size, np.int32).reshape(-1, 2) for _ in range(3))
    starts, common_starts = (rooms.take(size // 2 + 1, np.int64) for _ in range(2))
    grouped = _Grouped(starts, held, again, counts, common_starts, common_held, common_counts)
    groups, written, more, common, placed = _grouped(
        parted.bits, parted.values, parted.used, *parted.chunks(), letter_starts, documents, cap,
        repeats, grouped,
    )  # fmt: skip
    parted.give_back()
    document_starts = np.concatenate(([0], np.cumsum(counts + common_counts)))
    of_common = document_starts[:-1] + counts
    by_document, places = (rooms.take(int(document_starts[-1]), np.int32) for _ in range(2))
    _by_document(
        grouped, groups, more, common, document_starts[:-1], of_common, by_document, places
    )
    rooms.give_back(again[:more], common_held[:placed], common_starts[: common + 1])
    return Joined(
        starts[: groups + 1],
        held[:written],
        common,
        document_starts,
        of_common,
        by_document,
        places,
    )
