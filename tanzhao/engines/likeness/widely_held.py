"""Common passages: wording that more documents share than are compared pair by pair.

Common prints that follow each other in most of the documents that have either make up a piece;
pieces are then joined into passages: see whole_passages. Where the holders change, one ends.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tanzhao.engines.likeness.compiling import compiled
from tanzhao.engines.likeness.gathering import BEGINS_LINE, Gathered, spans_of
from tanzhao.engines.likeness.joining import Joined
from tanzhao.engines.likeness.letters import MASKED
from tanzhao.engines.likeness.ordering import put_in_order
from tanzhao.engines.likeness.settings import Settings
from tanzhao.engines.likeness.stretches import COMMON
from tanzhao.engines.likeness.texts import CommonPassage, Holder, Span
from tanzhao.engines.likeness.whole_passages import Letters, joined_rows, within_others

# Prints belong together if so many of the documents that have either have one behind the other.
_MOST = 0.8
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
    document_starts: NDArray[np.int64],
    document_ends: NDArray[np.int64],
    groups: NDArray[np.int32],
    places: NDArray[np.int32],
    weights: NDArray[np.int8],
    signs: NDArray[np.uint16],
    letter_starts: NDArray[np.int64],
    gram: int,
    reach: int,
    out_starts: NDArray[np.int64],
    out_groups: NDArray[np.int32],
    out_places: NDArray[np.int32],
    out_ends: NDArray[np.int32],
    out_near: NDArray[np.bool_],
) -> int:
    count = 0
    for document in range(len(document_starts) - 1):
        out_starts[document] = count
        begin = count
        last = -1
        for k in range(document_starts[document], document_ends[document]):
            if groups[k] != last and weights[groups[k]] == COMMON:
                last = groups[k]
                out_groups[count] = last
                out_places[count] = places[k]
                count += 1
        by_place = np.empty(count - begin, dtype=np.int64)
        for k in range(begin, count):
            by_place[k - begin] = (np.int64(out_places[k]) << 32) | out_groups[k]
        put_in_order(by_place)
        for k in range(begin, count):
            out_places[k] = by_place[k - begin] >> 32
            out_groups[k] = by_place[k - begin] & 0xFFFFFFFF
        letters = signs[letter_starts[document] : letter_starts[document + 1]]
        for k in range(begin, count):
            # The print of a document's last sentence may be shorter than a gram.
            out_ends[k] = min(out_places[k] + gram, len(letters))
            near = k + 1 < count and out_places[k + 1] - out_places[k] <= reach
            if near:
                for letter in letters[out_places[k] : out_places[k + 1]]:
                    near = near and letter != MASKED
            out_near[k] = near
    out_starts[len(document_starts) - 1] = count
    return count


@compiled
def _chains(
    starts: NDArray[np.int64],
    groups: NDArray[np.int32],
    near: NDArray[np.bool_],
    group_count: int,
) -> NDArray[np.int32]:
    """Give the piece each common group belongs to, numbered from 0; -1 for the others."""
    holders = np.zeros(group_count + 1, dtype=np.int64)
    for k in range(len(groups)):
        holders[groups[k] + 1] += 1
    ends = np.cumsum(holders)
    # The group that follows each group, in each of its documents.
    following = np.empty(len(groups), dtype=np.int32)
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
        # If most are the same, it is the one in the middle.
        ordered = following[begin:end].copy()
        put_in_order(ordered)
        after = ordered[len(ordered) // 2]
        if after == -1:
            continue
        same = 0
        for k in range(begin, end):
            same += following[k] == after
        if same >= _MOST * max(end - begin, ends[after + 1] - ends[after]):
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
def _held(
    starts: NDArray[np.int64],
    groups: NDArray[np.int32],
    places: NDArray[np.int32],
    print_ends: NDArray[np.int32],
    near: NDArray[np.bool_],
    chain_of: NDArray[np.int32],
    out: NDArray[np.int32],
) -> int:
    """Write rows (passage, document, first letter, where it ends) of who holds what."""
    sizes = np.zeros(len(chain_of) + 1, dtype=np.int32)
    for chain in chain_of:
        if chain >= 0:
            sizes[chain] += 1
    # The longest run of each passage within the document, and where it was written.
    longest = np.zeros(len(chain_of) + 1, dtype=np.int32)
    row_of = np.empty(len(chain_of) + 1, dtype=np.int32)
    count = 0
    for document in range(len(starts) - 1):
        first = count
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
    return count


@compiled
def widen(
    rows: NDArray[np.int32],
    signs: NDArray[np.uint16],
    widths: NDArray[np.uint8],
    letter_starts: NDArray[np.int64],
    most: int,
) -> None:
    """Move the ends of one passage out to where most of its holders still say the same.

    `rows`: its holders, which are compared with the first. Prints stand up to a window apart, so
    that the first and last letters of a sentence may lie outside them, and the document that was
    followed may lack the ends; no further than `most` letters is gone.
    """
    size = len(rows)
    for side in range(2):
        step = -1 if side == 0 else 1
        reached = np.zeros(size, dtype=np.int32)
        a_begin = letter_starts[rows[0, 1]]
        a_end = letter_starts[rows[0, 1] + 1]
        a_at = a_begin + (rows[0, 2] - 1 if side == 0 else rows[0, 3])
        for k in range(size):
            b_begin, b_end = letter_starts[rows[k, 1]], letter_starts[rows[k, 1] + 1]
            b_at = b_begin + (rows[k, 2] - 1 if side == 0 else rows[k, 3])
            way = 0
            while way < most:
                a, b = a_at + step * way, b_at + step * way
                if a < a_begin or a >= a_end or b < b_begin or b >= b_end:
                    break
                if signs[a] != signs[b] or signs[a] == MASKED:
                    break
                # A sentence begins with the letter that was met last, or with the one met now.
                if widths[a - step if side == 0 else a] >= BEGINS_LINE:
                    break
                way += 1
            reached[k] = way
        ordered = reached.copy()
        put_in_order(ordered)
        agreed = ordered[int((1 - _MOST) * size)]
        for k in range(size):
            way = min(reached[k], agreed)
            if side == 0:
                rows[k, 2] -= way
            else:
                rows[k, 3] += way


def rows_of(
    runs: Runs,
    group_count: int,
    order: NDArray[np.int64],
    settings: Settings,
    letters: Letters | None = None,
) -> NDArray[np.int32]:
    """Give rows (passage, document, where it begins and ends), by passage, then by document.

    order: the documents whose passages are wanted, in an order that is always the same.
    """
    chain_of = _chains(runs.starts, runs.groups, runs.near, group_count)
    rows = np.empty((len(runs.groups), 4), dtype=np.int32)
    count = _held(*runs, chain_of, rows)
    rows = rows[:count][np.lexsort((rows[:count, 1], rows[:count, 0]))]
    sizes = np.bincount(chain_of[chain_of >= 0])
    return joined_rows(rows, sizes, order, len(runs.starts) - 1, settings, letters)


def passages_of_rows(rows: NDArray[np.int32]) -> list[NDArray[np.int32]]:
    """Give the rows of each passage."""
    return np.split(rows, np.flatnonzero(np.diff(rows[:, 0])) + 1) if len(rows) else []


def common_passages_of(
    documents: Mapping[str, str],
    keys: Sequence[str],
    names: Sequence[str],
    gathered: Gathered,
    joined: Joined,
    weights: NDArray[np.int8],
    settings: Settings,
) -> tuple[CommonPassage, ...]:
    """Stitch common prints into passages, those with most holders first, then by their text.

    `documents`: in the order in which they came. `keys`, then `names` (of templates): what the
    documents of `gathered` and `joined` are called.
    """
    rank = {key: place for place, key in enumerate(documents)}
    ranks = np.array([rank[key] for key in keys], dtype=np.int64)
    runs = _common_runs(gathered, joined, weights, settings)
    # Who has most common wording has most of each passage: the others may lack its ends.
    richest = np.argsort(-np.diff(runs.starts)[: len(keys)], kind="stable")
    rows = rows_of(
        runs,
        len(weights),
        richest,
        settings,
        Letters(gathered.signs, gathered.letter_starts),
    )
    # Templates stand behind the documents, in the rows of each passage, too.
    is_document = rows[:, 1] < len(keys)
    starts = np.flatnonzero(np.diff(rows[:, 0], prepend=-1))
    holders = np.add.reduceat(is_document, starts) if len(starts) else starts
    held = np.diff(np.append(starts, len(rows)))
    shown = (holders > settings.cap) | ((held > holders) & (holders > 0))
    firsts = _finish(
        rows, starts[shown], holders[shown], ranks, gathered.signs, gathered.widths,
        gathered.letter_starts, settings.bridge,
    )  # fmt: skip
    kept: list[tuple[NDArray[np.int32], int, str]] = []
    for start, count, all_, first in zip(
        starts[shown].tolist(), holders[shown].tolist(), held[shown].tolist(), firsts.tolist(),
        strict=True,
    ):  # fmt: skip
        if rows[start + first, 3] - rows[start + first, 2] >= settings.least_common:
            template = names[int(rows[start + count, 1]) - len(keys)] if all_ > count else ""
            kept.append((rows[start : start + count], first, template))
    within = within_others([held for held, _, _ in kept], [first for _, first, _ in kept])
    kept = [one for one, inside in zip(kept, within, strict=True) if not inside]
    return _worded(documents, keys, gathered, kept)


@compiled
def _finish(
    rows: NDArray[np.int32],
    starts: NDArray[np.int64],
    holders: NDArray[np.int64],
    ranks: NDArray[np.int64],
    signs: NDArray[np.uint16],
    widths: NDArray[np.uint8],
    letter_starts: NDArray[np.int64],
    most: int,
) -> NDArray[np.int64]:
    """Widen the passages whose rows begin at `starts`; give which of its holders was first."""
    firsts = np.empty(len(starts), dtype=np.int64)
    for k in range(len(starts)):
        held = rows[starts[k] : starts[k] + holders[k]]
        widen(held, signs, widths, letter_starts, most)
        first = 0
        for other in range(len(held)):
            if ranks[held[other, 1]] < ranks[held[first, 1]]:
                first = other
        firsts[k] = first
    return firsts


def _common_runs(
    gathered: Gathered, joined: Joined, weights: NDArray[np.int8], settings: Settings
) -> Runs:
    room = int(np.count_nonzero(weights[joined.groups] == COMMON))
    starts = np.empty(len(joined.document_starts), dtype=np.int64)
    groups, places, ends = (np.empty(room, dtype=np.int32) for _ in range(3))
    near = np.empty(room, dtype=np.bool_)
    count = _runs(
        joined.document_starts, joined.document_ends, joined.groups, joined.places, weights,
        gathered.signs, gathered.letter_starts, settings.gram, NEAR,
        starts, groups, places, ends, near,
    )  # fmt: skip
    return Runs(starts, groups[:count], places[:count], ends[:count], near[:count])


def _worded(
    documents: Mapping[str, str],
    keys: Sequence[str],
    gathered: Gathered,
    passages: list[tuple[NDArray[np.int32], int, str]],
) -> tuple[CommonPassage, ...]:
    """Give passages in characters."""
    if not passages:
        return ()
    rows = np.concatenate([held for held, _, _ in passages])
    spans = spans_of(gathered, rows[:, 1], rows[:, 2:4], lambda one: documents[keys[one]])
    all_holders = [
        Holder(keys[document], Span(start, end))
        for document, (start, end) in zip(rows[:, 1].tolist(), spans.tolist(), strict=True)
    ]
    result = []
    end = 0
    for held, first, template in passages:
        begin, end = end, end + len(held)
        holders = tuple(all_holders[begin:end])
        origin = holders[first]
        text = documents[origin.key][origin.at.start : origin.at.end]
        result.append(CommonPassage(text, holders, origin.key, template))
    return in_order(result)


def in_order(passages: Iterable[CommonPassage]) -> tuple[CommonPassage, ...]:
    """Give the passages with most holders first, then by their text."""
    return tuple(sorted(passages, key=lambda one: (-len(one.holders), one.text, one.first)))
