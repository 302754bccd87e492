"""The join: which prints more than one document has, and who has them.

All prints are sorted part by part (by their highest bits), so that what is needed besides the
result is small. A group is a print that at least two documents have.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tanzhao.engines.likeness.compiling import compiled

_PARTS = 256
_SHIFT = np.uint32(24)  # the highest eight bits say the part
_DIGIT = 12  # the others are sorted by in two passes
# Parts are taken a few at a time, so that not all prints are held twice.
_ROUNDS = 4


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
def _counts_of_parts(hashes: NDArray[np.uint32]) -> NDArray[np.int64]:
    counts = np.zeros(_PARTS, dtype=np.int64)
    for k in range(len(hashes)):
        counts[hashes[k] >> _SHIFT] += 1
    return counts


@compiled
def _parted(
    hashes: NDArray[np.uint32],
    places: NDArray[np.int32],
    starts: NDArray[np.int64],
    first: int,
    part_starts: NDArray[np.int64],
    keys: NDArray[np.uint32],
    owners: NDArray[np.int32],
    at: NDArray[np.int32],
) -> None:
    """Write the prints of some parts, from number `first` on, part by part."""
    used = part_starts[:-1].copy()
    parts = len(used)
    for document in range(len(starts) - 1):
        for k in range(starts[document], starts[document + 1]):
            part = np.int64(hashes[k] >> _SHIFT) - first
            if 0 <= part < parts:
                to = used[part]
                used[part] = to + 1
                keys[to] = hashes[k]
                owners[to] = document
                at[to] = places[k]


@compiled
def _sorted(keys: NDArray[np.uint32], order: NDArray[np.int32], other: NDArray[np.int32]) -> None:
    """Write the stable order of keys of one part into `order`."""
    size = len(keys)
    counts = np.empty((1 << _DIGIT) + 1, dtype=np.int32)
    mask = np.uint32((1 << _DIGIT) - 1)
    for turn in range(2):
        shift = np.uint32(turn * _DIGIT)
        counts[:] = 0
        for k in range(size):
            counts[((keys[k] >> shift) & mask) + 1] += 1
        for k in range(1 << _DIGIT):
            counts[k + 1] += counts[k]
        for k in range(size):
            entry = k if turn == 0 else other[k]
            digit = (keys[entry] >> shift) & mask
            if turn == 0:
                other[counts[digit]] = entry
            else:
                order[counts[digit]] = entry
            counts[digit] += 1


@compiled
def _grouped(
    part_starts: NDArray[np.int64],
    keys: NDArray[np.uint32],
    owners: NDArray[np.int32],
    at: NDArray[np.int32],
    group_starts: NDArray[np.int64],
    holders: NDArray[np.int32],
    held_at: NDArray[np.int32],
    entries: NDArray[np.int32],
) -> tuple[int, int, int]:
    """Write the groups of some parts and their holders; give how many there are of each.

    `keys`, `owners` and `at` become (group, document, place) of their prints, which `entries`
    counts by document; given last is how many these are.
    """
    largest = 0
    for part in range(len(part_starts) - 1):
        largest = max(largest, part_starts[part + 1] - part_starts[part])
    order = np.empty(largest, dtype=np.int32)
    other = np.empty(largest, dtype=np.int32)
    sorted_owners = np.empty(largest, dtype=np.int32)
    sorted_at = np.empty(largest, dtype=np.int32)
    sorted_keys = np.empty(largest, dtype=np.uint32)
    groups = written = kept = 0
    for part in range(len(part_starts) - 1):
        low, high = part_starts[part], part_starts[part + 1]
        size = high - low
        _sorted(keys[low:high], order, other)
        for k in range(size):
            sorted_keys[k] = keys[low + order[k]]
            sorted_owners[k] = owners[low + order[k]]
            sorted_at[k] = at[low + order[k]]
        begin = 0
        while begin < size:
            end = begin + 1
            while end < size and sorted_keys[end] == sorted_keys[begin]:
                end += 1
            # The sort is stable, so that the documents stand in order.
            if sorted_owners[begin] != sorted_owners[end - 1]:
                group_starts[groups] = written
                last = -1
                for k in range(begin, end):
                    owner = sorted_owners[k]
                    if owner != last:
                        last = owner
                        holders[written] = owner
                        held_at[written] = sorted_at[k]
                        written += 1
                    elif held_at[written - 1] < 0:
                        held_at[written - 1] = sorted_at[k]
                    if sorted_at[k] >= 0:
                        keys[kept] = groups
                        owners[kept] = owner
                        at[kept] = sorted_at[k]
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
    first_group: int,
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
            groups[to] = first_group + np.int64(keys[k])
            places[to] = at[k]


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
    entries = np.zeros(len(starts) - 1, dtype=np.int32)
    rounds = []
    groups = written = 0
    for first in range(0, _PARTS, _PARTS // _ROUNDS):
        part_starts = np.zeros(_PARTS // _ROUNDS + 1, dtype=np.int64)
        np.cumsum(counts[first : first + _PARTS // _ROUNDS], out=part_starts[1:])
        size = int(part_starts[-1])
        keys = np.empty(size, dtype=np.uint32)
        owners, at = (np.empty(size, dtype=np.int32) for _ in range(2))
        _parted(hashes, places, starts, first, part_starts, keys, owners, at)
        group_starts = np.empty(size, dtype=np.int64)
        holders, held_at = (np.empty(size, dtype=np.int32) for _ in range(2))
        more, used, kept = _grouped(
            part_starts, keys, owners, at, group_starts, holders, held_at, entries
        )
        one = group_starts[:more] + written, holders[:used].copy(), held_at[:used].copy()
        rounds.append((*one, groups, keys[:kept].copy(), owners[:kept].copy(), at[:kept].copy()))
        groups += more
        written += used
    document_starts = np.concatenate(([0], np.cumsum(entries)))
    ends = document_starts[:-1].copy()
    by_document, shared_places = (np.zeros(document_starts[-1], dtype=np.int32) for _ in range(2))
    by_group = [np.concatenate([one[column] for one in rounds]) for column in range(3)]
    while rounds:
        # What was copied is given back round by round.
        *_, first_group, keys, owners, at = rounds.pop(0)
        _by_document(keys, owners, at, first_group, repeats, ends, by_document, shared_places)
    return Joined(
        np.append(by_group[0], written),
        by_group[1],
        by_group[2],
        document_starts,
        ends,
        by_document,
        shared_places,
    )
