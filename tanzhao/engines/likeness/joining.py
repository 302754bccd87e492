"""The join: which prints more than one document has, and who has them.

All prints are sorted part by part (by their highest bits), so that what is needed besides the
result is small. A group is a print that at least two documents have.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tanzhao.engines.likeness.compiling import compiled

_PARTS = 64
_SHIFT = np.uint32(26)  # the highest six bits say the part


class Joined(NamedTuple):
    """Prints that at least two documents have, by print and by document.

    The holders of group g: `holders[group_starts[g] : group_starts[g + 1]]`, documents in order.
    The prints of document d: `groups` and `places` from `document_starts[d]` on, by group, then
    by place; no more of one group than asked for.
    """

    group_starts: NDArray[np.int64]
    holders: NDArray[np.int32]
    document_starts: NDArray[np.int64]
    groups: NDArray[np.int32]
    places: NDArray[np.int32]


@compiled
def _part(
    hashes: NDArray[np.uint32],
    starts: NDArray[np.int64],
    part: int,
    keys: NDArray[np.uint32],
    owners: NDArray[np.int32],
    at: NDArray[np.int64],
) -> None:
    """Write the hashes of one part, whose they are and where they stand."""
    count = 0
    for document in range(len(starts) - 1):
        for k in range(starts[document], starts[document + 1]):
            if hashes[k] >> _SHIFT == part:
                keys[count] = hashes[k]
                owners[count] = document
                at[count] = k
                count += 1


@compiled
def _counts_of_parts(hashes: NDArray[np.uint32]) -> NDArray[np.int64]:
    counts = np.zeros(_PARTS, dtype=np.int64)
    for k in range(len(hashes)):
        counts[hashes[k] >> _SHIFT] += 1
    return counts


@compiled
def _sorted(keys: NDArray[np.uint32]) -> NDArray[np.int32]:
    """Give the stable order of keys of one part: two passes over thirteen bits each."""
    size = len(keys)
    order = np.empty(size, dtype=np.int32)
    other = np.arange(size).astype(np.int32)
    for shift in (np.uint32(0), np.uint32(13)):
        counts = np.zeros(8193, dtype=np.int64)
        for k in range(size):
            counts[((keys[k] >> shift) & np.uint32(8191)) + 1] += 1
        for k in range(8192):
            counts[k + 1] += counts[k]
        for k in range(size):
            digit = (keys[other[k]] >> shift) & np.uint32(8191)
            order[counts[digit]] = other[k]
            counts[digit] += 1
        order, other = other, order
    return other


@compiled
def _gather(
    keys: NDArray[np.uint32],
    owners: NDArray[np.int32],
    order: NDArray[np.int32],
    group: int,
    holders: NDArray[np.int32],
    group_starts: NDArray[np.int64],
    group_of: NDArray[np.int32],
) -> tuple[int, int]:
    """Write the groups of one part from number `group` on; give their number and their holders'.

    `group_of`: the group of each entry, -1 for a print of one document.
    """
    size = len(keys)
    written = 0
    begin = 0
    groups = 0
    while begin < size:
        key = keys[order[begin]]
        end = begin + 1
        while end < size and keys[order[end]] == key:
            end += 1
        # The sort is stable, so that the documents stand in order.
        if owners[order[begin]] == owners[order[end - 1]]:
            for k in range(begin, end):
                group_of[order[k]] = -1
        else:
            group_starts[groups] = written
            last = -1
            for k in range(begin, end):
                entry = order[k]
                group_of[entry] = group + groups
                if owners[entry] != last:
                    last = owners[entry]
                    holders[written] = last
                    written += 1
            groups += 1
        begin = end
    return groups, written


@compiled
def _by_document(
    group_of: NDArray[np.int32],
    starts: NDArray[np.int64],
    places: NDArray[np.int32],
    repeats: int,
    out_starts: NDArray[np.int64],
    out_groups: NDArray[np.int32],
    out_places: NDArray[np.int32],
) -> int:
    """Write the prints of each document by group, then by place."""
    count = 0
    for document in range(len(starts) - 1):
        out_starts[document] = count
        begin, end = starts[document], starts[document + 1]
        order = np.argsort(group_of[begin:end], kind="mergesort")
        last, seen = -1, 0
        for k in order:
            group = group_of[begin + k]
            if group < 0 or places[begin + k] < 0:
                continue
            seen = seen + 1 if group == last else 1
            last = group
            if seen <= repeats:
                out_groups[count] = group
                out_places[count] = places[begin + k]
                count += 1
    out_starts[len(starts) - 1] = count
    return count


def join(
    hashes: NDArray[np.uint32],
    places: NDArray[np.int32],
    starts: NDArray[np.int64],
    repeats: int,
) -> Joined:
    """Join the prints of all documents, which follow each other in `hashes` and `places`.

    A print at -1 has a holder, but no place. `starts`: where the prints of each document begin,
    and at its end their number. `repeats`: how many places of one print within one document are
    kept, the first ones.
    """
    counts = _counts_of_parts(hashes)
    group_of = np.empty(len(hashes), dtype=np.int32)
    group_starts: list[NDArray[np.int64]] = []
    holders: list[NDArray[np.int32]] = []
    groups = written = 0
    for part in range(_PARTS):
        size = int(counts[part])
        keys = np.empty(size, dtype=np.uint32)
        owners = np.empty(size, dtype=np.int32)
        at = np.empty(size, dtype=np.int64)
        _part(hashes, starts, part, keys, owners, at)
        part_holders = np.empty(size, dtype=np.int32)
        part_starts = np.empty(size, dtype=np.int64)
        part_groups = np.empty(size, dtype=np.int32)
        more, used = _gather(
            keys, owners, _sorted(keys), groups, part_holders, part_starts, part_groups
        )
        group_of[at] = part_groups
        group_starts.append(part_starts[:more] + written)
        holders.append(part_holders[:used].copy())
        groups += more
        written += used
    group_starts.append(np.array([written], dtype=np.int64))
    shared = int(np.count_nonzero(group_of >= 0))
    document_starts = np.empty(len(starts), dtype=np.int64)
    by_document = np.empty(shared, dtype=np.int32)
    shared_places = np.empty(shared, dtype=np.int32)
    count = _by_document(
        group_of, starts, places, repeats, document_starts, by_document, shared_places
    )
    return Joined(
        np.concatenate(group_starts),
        np.concatenate(holders) if holders else np.empty(0, dtype=np.int32),
        document_starts,
        by_document[:count],
        shared_places[:count],
    )
