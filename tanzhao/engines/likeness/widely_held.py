"""Common passages: wording that more documents share than are compared pair by pair.

Common prints that follow each other in most of the documents that have either make up a piece;
pieces are then joined into passages: see whole_passages. Where the holders change, one ends.
"""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from tanzhao.engines.compiling import compiled
from tanzhao.engines.likeness.gathering import BEGINS_LINE, Gathered, spans_of
from tanzhao.engines.likeness.joining import Joined
from tanzhao.engines.likeness.letters import MASKED
from tanzhao.engines.likeness.memory import Rooms
from tanzhao.engines.likeness.ordering import put_in_order
from tanzhao.engines.likeness.pieces import MOST, NEAR, common_runs, passages_of
from tanzhao.engines.likeness.settings import Settings
from tanzhao.engines.likeness.texts import CommonPassage, Holder, Span, many_of
from tanzhao.engines.likeness.told_once import as_one, put_together, within_others
from tanzhao.engines.likeness.whole_passages import Letters, Whole

# The holders of a passage, which of them was first, and the template it comes from.
_Kept = tuple[NDArray[np.int32], int, str]


@compiled
def _letters_on(
    row: NDArray[np.int32],
    step: int,
    signs: NDArray[np.uint16],
    widths: NDArray[np.uint8],
    letter_starts: NDArray[np.int64],
    most: int,
) -> int:
    """Give how many letters beyond a row's end, back or on by `step`, are of its sentence.

    None of allowed text, and no more than `most`.
    """
    begin, end = letter_starts[row[1]], letter_starts[row[1] + 1]
    mine = begin + (row[2] - 1 if step < 0 else row[3])
    count = 0
    while count < most:
        at = mine + step * count
        if at < begin or at >= end or signs[at] == MASKED:
            break
        # A sentence begins with the letter that was met last, or with the one met now.
        if widths[at - step if step < 0 else at] >= BEGINS_LINE:
            break
        count += 1
    return count


@compiled
def _unlike(
    rows: NDArray[np.int32],
    signs: NDArray[np.uint16],
    letter_starts: NDArray[np.int64],
    before: int,
    behind: int,
    few: int,
) -> tuple[int, int]:
    """Give how many holders of a passage have another letter before it and behind it.

    `before`, `behind`: letters of the first holder that might belong to it, too; without one, all
    holders count. No further holders are looked at once more than `few` do on either side.
    """
    size = len(rows)
    most = len(signs) - 1
    mine = letter_starts[rows[0, 1]]
    first = signs[max(mine + rows[0, 2] - 1, 0)]
    last = signs[min(mine + rows[0, 3], most)]
    ahead, after = 0 if before else size, 0 if behind else size
    # Of most passages the next letter is another one with many: some holders are looked at without
    # a branch between, both ends of each, so that they are fetched side by side.
    looked = 0
    while looked < size and (ahead <= few or after <= few):
        some = min(looked + few + few // 4 + 2, size)
        for k in range(looked, some):
            begin, end = letter_starts[rows[k, 1]], letter_starts[rows[k, 1] + 1]
            at, to = begin + rows[k, 2] - 1, begin + rows[k, 3]
            ahead += (at < begin) | (signs[max(at, 0)] != first)
            after += (to >= end) | (signs[min(to, most)] != last)
        looked = some
    return ahead, after


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
    before = _letters_on(rows[0], -1, signs, widths, letter_starts, most)
    behind = _letters_on(rows[0], 1, signs, widths, letter_starts, most)
    few = int((1 - MOST) * size + 1e-9)  # a fifth of five is one
    unlike = _unlike(rows, signs, letter_starts, before, behind, few)
    for side in range(2):
        step, limit = (-1, before) if side == 0 else (1, behind)
        if unlike[side] > few:
            continue
        mine = letter_starts[rows[0, 1]] + (rows[0, 2] - 1 if side == 0 else rows[0, 3])
        reached = np.zeros(size, dtype=np.int32)
        for k in range(size):
            begin, end = letter_starts[rows[k, 1]], letter_starts[rows[k, 1] + 1]
            theirs = begin + (rows[k, 2] - 1 if side == 0 else rows[k, 3])
            way = 0
            while (
                way < limit
                and begin <= theirs + step * way < end
                and signs[theirs + step * way] == signs[mine + step * way]
            ):
                way += 1
            reached[k] = way
        ordered = reached.copy()
        put_in_order(ordered)
        agreed = ordered[few]
        for k in range(size):
            way = min(reached[k], agreed)
            if side == 0:
                rows[k, 2] -= way
            else:
                rows[k, 3] += way


def common_passages_of(
    documents: Mapping[str, str],
    keys: Sequence[str],
    names: Sequence[str],
    gathered: Gathered,
    joined: Joined,
    settings: Settings,
    rooms: Rooms,
) -> tuple[CommonPassage, ...]:
    """Stitch common prints into passages, those with most holders first, then by their text.

    `documents`: in the order in which they came. `keys`, then `names` (of templates): what the
    documents of `gathered` and `joined` are called. The room of `joined` is used for other things.
    """
    rank = {key: place for place, key in enumerate(documents)}
    ranks = np.array([rank[key] for key in keys], dtype=np.int64)
    runs = common_runs(gathered, joined, settings, rooms)
    rooms.give_back(joined.groups, joined.places)
    # Who has most common wording has most of each passage: the others may lack its ends.
    richest = np.argsort(-np.diff(runs.starts)[: len(keys)], kind="stable")
    passages = passages_of(
        runs,
        joined.common,
        richest,
        settings,
        rooms,
        Letters(gathered.signs, gathered.letter_starts),
    )
    counts, firsts = _finish(
        passages, ranks, settings.cap, gathered.signs, gathered.widths, gathered.letter_starts,
        settings.bridge, settings.least_common,
    )  # fmt: skip
    kept: list[_Kept] = []
    for k in np.flatnonzero(counts).tolist():
        start, end, stop = passages.starts[k], passages.starts[k] + counts[k], passages.stops[k]
        template = names[int(passages.rows[end, 1]) - len(keys)] if end < stop else ""
        kept.append((passages.rows[start:end], int(firsts[k]), template))
    kept = _put_together(kept, ranks, gathered, settings)
    within = within_others([held for held, _, _ in kept])
    kept = [one for one, inside in zip(kept, within, strict=True) if not inside]
    return _worded(documents, keys, gathered, kept)


@compiled
def _finish(
    passages: Whole,
    ranks: NDArray[np.int64],
    cap: int,
    signs: NDArray[np.uint16],
    widths: NDArray[np.uint8],
    letter_starts: NDArray[np.int64],
    most: int,
    least: int,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Widen passages; give how many documents hold each, and which of them was first.

    `ranks`: how early each document came; behind documents stand templates. None hold it if it is
    not told of: by the `cap`, or because it has too few letters.
    """
    counts = np.zeros(len(passages.starts), dtype=np.int64)
    firsts = np.empty(len(passages.starts), dtype=np.int64)
    for k in range(len(counts)):
        start, stop = passages.starts[k], passages.stops[k]
        end = stop
        while end > start and passages.rows[end - 1, 1] >= len(ranks):
            end -= 1
        if end == start or (end - start <= cap and end == stop):
            continue
        held = passages.rows[start:end]
        first = 0
        for other in range(len(held)):
            if ranks[held[other, 1]] < ranks[held[first, 1]]:
                first = other
        # The same document is looked at, in whatever order they came.
        letters = held[0, 3] - held[0, 2]
        for step in (-1, 1):
            letters += _letters_on(held[0], step, signs, widths, letter_starts, most)
        # What is too short, wherever it may end, is not told of.
        if letters >= least:
            widen(held, signs, widths, letter_starts, most)
        if held[0, 3] - held[0, 2] >= least:
            counts[k], firsts[k] = len(held), first
    return counts, firsts


def _put_together(
    kept: list[_Kept], ranks: NDArray[np.int64], gathered: Gathered, settings: Settings
) -> list[_Kept]:
    """Make one passage of neighbours that the same documents have."""
    together = put_together(
        [held for held, _, _ in kept],
        (gathered.signs, gathered.letter_starts),
        NEAR,
        settings.bridge,
    )
    result = []
    for numbers in together:
        if len(numbers) == 1:
            result.append(kept[numbers[0]])
            continue
        held = as_one([kept[number][0] for number in numbers], NEAR)
        template = next((kept[number][2] for number in numbers if kept[number][2]), "")
        if len(held) <= settings.cap and not template:
            # Too few have the whole for it to be common.
            result += [kept[number] for number in numbers]
            continue
        result.append((held, int(np.argmin(ranks[held[:, 1]])), template))
    return result


def _worded(
    documents: Mapping[str, str],
    keys: Sequence[str],
    gathered: Gathered,
    passages: list[_Kept],
) -> tuple[CommonPassage, ...]:
    """Give passages in characters."""
    if not passages:
        return ()
    rows = np.concatenate([held for held, _, _ in passages])
    spans = spans_of(gathered, rows[:, 1], rows[:, 2:4], lambda one: documents[keys[one]])
    named = map(keys.__getitem__, rows[:, 1].tolist())
    at = many_of(Span, spans[:, 0].tolist(), spans[:, 1].tolist())
    all_holders = list(many_of(Holder, named, at))
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
