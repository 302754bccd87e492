"""The join: which prints more than one document has, and who has them.

All prints are sorted part by part, a part being those whose highest bits are the same. A group is
a print that at least two documents have.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tanzhao.engines.likeness.compiling import compiled
from tanzhao.engines.likeness.memory import Rooms

# So many parts at most, of so many prints: a part is sorted where the processor has it at hand.
_PART_BITS, _PART = 8, 1 << 15
_DIGIT = 12  # it is sorted by so many bits at a time, the lowest first
_LOW = np.uint64(0xFFFFFFFF)


class Joined(NamedTuple):
    """Prints that at least two documents have, by print and by document.

    The holders of group g: `holders[group_starts[g] : group_starts[g + 1]]`, documents in order;
    `held_at` is the first place of each, -1 if it has only such as touch allowed text. The prints
    of document d: `groups` and `places` from `document_starts[d]` to `document_ends[d]`, by
    group, then by place; no more of one group than asked for, and none whose place is -1.
    """

    group_starts: NDArray[np.int64]
    holders: NDArray[np.int32]
    held_at: NDArray[np.int32]
    document_starts: NDArray[np.int64]
    document_ends: NDArray[np.int64]
    groups: NDArray[np.int32]
    places: NDArray[np.int32]


@compiled
def _counts_of_parts(hashes: NDArray[np.uint32], bits: int) -> NDArray[np.int64]:
    """Give how many prints there are whose highest `bits` are 0, 1 and so on."""
    shift = np.uint64(32 - bits)
    counts = np.zeros(1 << bits, dtype=np.int64)
    for k in range(len(hashes)):
        counts[np.uint64(hashes[k]) >> shift] += 1
    return counts


@compiled
def _parted(
    hashes: NDArray[np.uint32],
    places: NDArray[np.int32],
    starts: NDArray[np.int64],
    bits: int,
    part_starts: NDArray[np.int64],
    keys: NDArray[np.uint32],
    owners: NDArray[np.int32],
    at: NDArray[np.int32],
) -> None:
    """Write the prints part by part."""
    shift = np.uint64(32 - bits)
    used = part_starts[:-1].copy()
    for document in range(len(starts) - 1):
        for k in range(starts[document], starts[document + 1]):
            part = np.uint64(hashes[k]) >> shift
            to = used[part]
            used[part] = to + 1
            keys[to] = hashes[k]
            owners[to] = document
            at[to] = places[k]


@compiled
def _sorted(
    keys: NDArray[np.uint32],
    bits: int,
    one: NDArray[np.uint64],
    other: NDArray[np.uint64],
    counts: NDArray[np.int32],
) -> NDArray[np.uint64]:
    """Give the keys of one part, of which the lowest `bits` differ, in order.

    Behind each key stands which it was; equal ones keep their order. `one`, `other`, `counts`:
    room to work in, which the answer is a part of.
    """
    turns = (bits + _DIGIT - 1) // _DIGIT
    digits = np.uint64((1 << _DIGIT) - 1)
    counts[:turns] = 0
    for k in range(len(keys)):
        key = np.uint64(keys[k])
        one[k] = (key << np.uint64(32)) | np.uint64(k)
        for turn in range(turns):
            counts[turn, (key >> np.uint64(turn * _DIGIT)) & digits] += 1
    for turn in range(turns):
        shift = np.uint64(32 + turn * _DIGIT)
        mine = counts[turn]
        total = 0
        for digit in range(1 << _DIGIT):
            here = mine[digit]
            mine[digit] = total
            total += here
        for k in range(len(keys)):
            digit = (one[k] >> shift) & digits
            to = mine[digit]
            mine[digit] = to + 1
            other[to] = one[k]
        one, other = other, one
    return one[: len(keys)]


@compiled
def _grouped(
    part_starts: NDArray[np.int64],
    bits: int,
    keys: NDArray[np.uint32],
    owners: NDArray[np.int32],
    at: NDArray[np.int32],
    group_starts: NDArray[np.int64],
    holders: NDArray[np.int32],
    held_at: NDArray[np.int32],
    entries: NDArray[np.int64],
) -> tuple[int, int, int]:
    """Write the groups and their holders; give how many there are of each.

    `bits`: by which the prints of one part differ. `keys`, `owners` and `at` become (group,
    document, place) of the prints in groups, which `entries` counts by document; given last is
    how many these are.
    """
    largest = 0
    for part in range(len(part_starts) - 1):
        largest = max(largest, part_starts[part + 1] - part_starts[part])
    one = np.empty(largest, dtype=np.uint64)
    other = np.empty(largest, dtype=np.uint64)
    counts = np.empty((3, 1 << _DIGIT), dtype=np.int32)
    part_owners = np.empty(largest, dtype=np.int32)
    part_at = np.empty(largest, dtype=np.int32)
    groups = written = kept = 0
    for part in range(len(part_starts) - 1):
        low, high = part_starts[part], part_starts[part + 1]
        size = high - low
        in_order = _sorted(keys[low:high], bits, one, other, counts)
        # What is kept of this part may be written over it.
        for k in range(size):
            part_owners[k] = owners[low + k]
            part_at[k] = at[low + k]
        begin = 0
        while begin < size:
            key = in_order[begin] >> np.uint64(32)
            end = begin + 1
            while end < size and in_order[end] >> np.uint64(32) == key:
                end += 1
            first = part_owners[np.int64(in_order[begin] & _LOW)]
            # The order is stable, so that the documents stand in order.
            if end > begin + 1 and part_owners[np.int64(in_order[end - 1] & _LOW)] != first:
                group_starts[groups] = written
                last = -1
                for k in range(begin, end):
                    entry = np.int64(in_order[k] & _LOW)
                    owner, place = part_owners[entry], part_at[entry]
                    if owner != last:
                        last = owner
                        holders[written] = owner
                        held_at[written] = place
                        written += 1
                    elif held_at[written - 1] < 0:
                        held_at[written - 1] = place
                    if place >= 0:
                        keys[kept] = groups
                        owners[kept] = owner
                        at[kept] = place
                        entries[owner] += 1
                        kept += 1
                groups += 1
            begin = end
    return groups, written, kept


@compiled
def _by_document(
    keys: NDArray[np.uint32],
    owners: NDArray[np.int32],
    at: NDArray[np.int32],
    repeats: int,
    ends: NDArray[np.int64],
    groups: NDArray[np.int32],
    places: NDArray[np.int32],
) -> None:
    """Put prints behind those of their documents, whose `ends` move on."""
    seen = 0
    for k in range(len(keys)):
        again = k > 0 and keys[k] == keys[k - 1] and owners[k] == owners[k - 1]
        seen = seen + 1 if again else 1
        if seen <= repeats:
            to = ends[owners[k]]
            ends[owners[k]] = to + 1
            groups[to] = keys[k]
            places[to] = at[k]


def join(
    hashes: NDArray[np.uint32],
    places: NDArray[np.int32],
    starts: NDArray[np.int64],
    repeats: int,
    rooms: Rooms,
) -> Joined:
    """Join the prints of all documents, which follow each other in `hashes` and `places`.

    A print at -1 has a holder, but no place. `starts`: where the prints of each document begin,
    and at its end their number. `repeats`: how many places of one print within one document are
    kept, the first ones.
    rooms: take `hashes` and `places`, which are not needed once more, if they are from there.
    """
    bits = min(_PART_BITS, max(0, len(hashes) // _PART).bit_length())
    part_starts = np.concatenate(([0], np.cumsum(_counts_of_parts(hashes, bits))))
    # One behind the other, so that there is one large room when they are not needed once more.
    together = rooms.take(3 * len(hashes), np.int32)
    owners, at, rest = together.reshape(3, -1)
    keys = rest.view(np.uint32)
    _parted(hashes, places, starts, bits, part_starts, keys, owners, at)
    rooms.give_back(hashes, places)
    holders, held_at = (rooms.take(len(hashes), np.int32) for _ in range(2))
    group_starts = rooms.take(len(hashes) // 2 + 1, np.int64)
    entries = np.zeros(len(starts) - 1, dtype=np.int64)
    groups, written, kept = _grouped(
        part_starts, 32 - bits, keys, owners, at, group_starts, holders, held_at, entries
    )
    group_starts[groups] = written
    document_starts = np.concatenate(([0], np.cumsum(entries)))
    document_ends = document_starts[:-1].copy()
    by_document, shared_places = (rooms.take(kept, np.int32) for _ in range(2))
    _by_document(
        keys[:kept], owners[:kept], at[:kept], repeats, document_ends, by_document, shared_places
    )
    rooms.give_back(together)
    return Joined(
        group_starts[: groups + 1],
        holders[:written],
        held_at[:written],
        document_starts,
        document_ends,
        by_document,
        shared_places,
    )
