"""Pieces of common wording: common prints that follow each other in most who have either."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tanzhao.engines.compiling import compiled
from tanzhao.engines.likeness.gathering import BEGINS_LINE, Gathered
from tanzhao.engines.likeness.joining import Joined
from tanzhao.engines.likeness.letters import MASKED
from tanzhao.engines.likeness.memory import Rooms
from tanzhao.engines.likeness.settings import Settings
from tanzhao.engines.likeness.whole_passages import Letters, Whole, whole_passages

# Prints belong together if so many of the documents that have either have one behind the other.
MOST = 0.8
# A piece has so many prints at most: of a longer one, each holder might have another part.
_LONGEST = 12
# A document holds a piece if it has so many of its prints in a row.
_ENOUGH = 0.5
# Prints further apart than so many letters do not follow each other.
NEAR = 46


class Runs(NamedTuple):
    """Common prints, one place in each document: by document, then by place.

    `starts`: where those of each document begin, and at last their number. `ends`: where each
    print ends, as `places` say where it begins. `near`: the next print follows closely.
    """

    starts: NDArray[np.int64]
    groups: NDArray[np.int32]
    places: NDArray[np.int32]
    ends: NDArray[np.int32]
    near: NDArray[np.bool_]


@compiled
def _runs(
    joined: Joined,
    signs: NDArray[np.uint16],
    widths: NDArray[np.uint8],
    letter_starts: NDArray[np.int64],
    gram: int,
    reach: int,
    out_starts: NDArray[np.int64],
    out_groups: NDArray[np.int32],
    out_places: NDArray[np.int32],
    out_ends: NDArray[np.int32],
    out_near: NDArray[np.bool_],
) -> int:
    groups, places = joined.groups, joined.places
    # Of all groups, those that are common come last.
    before = len(joined.group_starts) - 1
    count = 0
    most = np.int64(0)
    for document in range(len(joined.common_starts)):
        most = max(most, letter_starts[document + 1] - letter_starts[document])
    group_at = np.full(most, -1, dtype=np.int32)
    for document in range(len(joined.common_starts)):
        out_starts[document] = count
        begin = count
        letters = signs[letter_starts[document] : letter_starts[document + 1]]
        begins = widths[letter_starts[document] : letter_starts[document + 1]]
        # Of each letter the print that begins there: quicker than to sort them by place.
        last = np.int32(-1)
        for k in range(joined.common_starts[document], joined.document_starts[document + 1]):
            if groups[k] != last:
                group_at[places[k]] = groups[k] - before
                count += 1
            last = groups[k]
        next_ = begin
        for letter in range(len(letters)):
            out_places[next_] = letter
            out_groups[next_] = group_at[letter]
            next_ += group_at[letter] >= 0
            group_at[letter] = -1
        masked = np.any(letters == MASKED)
        for k in range(begin, count):
            # The print of a sentence may be shorter than a gram.
            end = out_places[k] + 1
            while end < min(out_places[k] + gram, len(letters)) and begins[end] < BEGINS_LINE:
                end += 1
            out_ends[k] = end
            near = k + 1 < count and out_places[k + 1] - out_places[k] <= reach
            if near and masked:
                for letter in letters[out_places[k] : out_places[k + 1]]:
                    near = near and letter != MASKED
            out_near[k] = near
    out_starts[len(joined.common_starts)] = count
    return count


@compiled
def _chains(
    starts: NDArray[np.int64],
    groups: NDArray[np.int32],
    near: NDArray[np.bool_],
    group_count: int,
    following: NDArray[np.int32],
) -> NDArray[np.int32]:
    """Give the piece each common group belongs to, numbered from 0; -1 for the others.

    `following`: room for as many numbers as there are groups.
    """
    holders = np.zeros(group_count + 1, dtype=np.int64)
    for k in range(len(groups)):
        holders[groups[k] + 1] += 1
    ends = np.cumsum(holders)
    # The group that follows each group, in each of its documents.
    used = ends[:-1].copy()
    for document in range(len(starts) - 1):
        for k in range(starts[document], starts[document + 1]):
            following[used[groups[k]]] = groups[k + 1] if near[k] else -1
            used[groups[k]] += 1
    next_ = np.full(group_count, -1, dtype=np.int32)
    begun = np.ones(group_count, dtype=np.bool_)
    for group in range(group_count):
        begin, end = ends[group], ends[group + 1]
        if begin == end:
            begun[group] = False
            continue
        # If most are the same, it outlives all others (Boyer, Moore, "A fast majority vote").
        after, lead = following[begin], 0
        for k in range(begin, end):
            if lead == 0:
                after = following[k]
            lead += 1 if following[k] == after else -1
        if after == -1:
            continue
        same = 0
        for k in range(begin, end):
            same += following[k] == after
        if same >= MOST * max(end - begin, ends[after + 1] - ends[after]):
            next_[group] = after
            begun[after] = False
    chain_of = np.full(group_count, -1, dtype=np.int32)
    count = 0
    for again in range(2):
        for group in range(group_count):
            # What is in no chain after the first time runs in a ring.
            if chain_of[group] != -1 or ends[group] == ends[group + 1]:
                continue
            if begun[group] or again:
                at = group
                size = 0
                while at != -1 and chain_of[at] == -1:
                    if size == _LONGEST:
                        size = 0
                        count += 1
                    chain_of[at] = count
                    size += 1
                    at = next_[at]
                count += 1
    return chain_of


@compiled
def _put_by_place(rows: NDArray[np.int32]) -> None:
    """Put the rows of one document, most of which stand so already, in the order of place."""
    for k in range(1, len(rows)):
        at = k
        while at > 0 and rows[at - 1, 2] > rows[at, 2]:
            for column in range(4):
                other = rows[at, column]
                rows[at, column] = rows[at - 1, column]
                rows[at - 1, column] = other
            at -= 1


@compiled
def _held(
    starts: NDArray[np.int64],
    groups: NDArray[np.int32],
    places: NDArray[np.int32],
    print_ends: NDArray[np.int32],
    near: NDArray[np.bool_],
    chain_of: NDArray[np.int32],
    out: NDArray[np.int32],
    out_starts: NDArray[np.int64],
) -> int:
    """Write rows (piece, document, first letter, where it ends) of who holds what.

    Also written is where those of each document begin, and at last their number: given, too.
    """
    sizes = np.zeros(len(chain_of) + 1, dtype=np.int32)
    for chain in chain_of:
        if chain >= 0:
            sizes[chain] += 1
    # The longest run of each passage within the document, and where it was written.
    longest = np.zeros(len(chain_of) + 1, dtype=np.int32)
    row_of = np.empty(len(chain_of) + 1, dtype=np.int32)
    count = 0
    for document in range(len(starts) - 1):
        out_starts[document] = first = count
        k = starts[document]
        while k < starts[document + 1]:
            chain = chain_of[groups[k]]
            end = k + 1
            while near[end - 1] and chain_of[groups[end]] == chain:
                end += 1
            if end - k >= _ENOUGH * sizes[chain] and end - k > longest[chain]:
                if longest[chain] == 0:
                    row_of[chain] = count
                    count += 1
                longest[chain] = end - k
                row = out[row_of[chain]]
                row[0], row[1] = chain, document
                row[2], row[3] = places[k], print_ends[end - 1]
            k = end
        for row_at in range(first, count):
            longest[out[row_at, 0]] = 0
        _put_by_place(out[first:count])
    out_starts[len(starts) - 1] = count
    return count


def common_runs(
    gathered: Gathered,
    joined: Joined,
    settings: Settings,
    rooms: Rooms,
) -> Runs:
    """Give the common prints of all documents, numbered from 0."""
    most = int((joined.document_starts[1:] - joined.common_starts).sum())
    starts = np.empty(len(joined.document_starts), dtype=np.int64)
    # One more than there are, which is written to and left behind.
    groups, places, ends = (rooms.take(most + 1, np.int32) for _ in range(3))
    near = rooms.take(most, np.bool_)
    count = _runs(
        joined, gathered.signs, gathered.widths, gathered.letter_starts, settings.gram, NEAR,
        starts, groups, places, ends, near,
    )  # fmt: skip
    return Runs(starts, groups[:count], places[:count], ends[:count], near[:count])


def passages_of(
    runs: Runs,
    group_count: int,
    order: NDArray[np.int64],
    settings: Settings,
    rooms: Rooms,
    letters: Letters | None = None,
) -> Whole:
    """Give whole passages. order: the documents whose passages are wanted, in an order that is
    always the same.
    """
    following = rooms.take(len(runs.groups), np.int32)
    chain_of = _chains(runs.starts, runs.groups, runs.near, group_count, following)
    rooms.give_back(following)
    rows = rooms.take(4 * len(runs.groups), np.int32).reshape(-1, 4)
    starts = np.empty(len(runs.starts), dtype=np.int64)
    count = _held(*runs, chain_of, rows, starts)
    sizes = np.bincount(chain_of[chain_of >= 0])
    return whole_passages(rows[:count], starts, sizes, order, settings, rooms, letters)
