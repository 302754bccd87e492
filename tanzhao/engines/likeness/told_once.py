"""Common passages told of once: neighbours that the same documents have, and one within another.

Pieces are followed through one document after the other, and one that lacks a sentence ends a
passage there. What most holders of both have side by side is one passage all the same.
"""

import numpy as np
from numpy.typing import NDArray

from tanzhao.engines.compiling import compiled
from tanzhao.engines.likeness.letters import MASKED
from tanzhao.engines.likeness.ordering import order_of

# Neighbours are one passage if so many holders of either have both, no further apart.
_BOTH = 0.8
# A passage is not told of if so many of its holders have all of it within a longer one.
_WITHIN = 0.8


@compiled
def _put_together(
    passages: NDArray[np.int64],
    held: NDArray[np.int32],
    starts: NDArray[np.int64],
    order: NDArray[np.int32],
    document_starts: NDArray[np.int64],
    signs: NDArray[np.uint16],
    letter_starts: NDArray[np.int64],
    near: int,
    bridge: int,
    one_of: NDArray[np.int64],
) -> None:
    """Write into `one_of` a passage that each belongs to, itself if it stands alone.

    The arrays are those of `_within`. `near`: letters that may stand between neighbours.
    `bridge`: how much further apart holders may have them than the first does.
    """
    for passage in range(len(starts) - 1):
        begin, end = starts[passage], starts[passage + 1]
        _, document, start, stop = held[begin]
        letters = signs[letter_starts[document] : letter_starts[document + 1]]
        for row in order[document_starts[document] : document_starts[document + 1]]:
            next_ = held[row]
            if passages[row] == passage or next_[2] < start or next_[2] > stop + near:
                continue
            if np.any(letters[stop : max(next_[2], stop)] == MASKED):
                continue
            other, last = starts[passages[row]], starts[passages[row] + 1]
            most = max(end - begin, last - other)
            both = 0
            for k in range(begin, end):
                while other < last and held[other, 1] < held[k, 1]:
                    other += 1
                if other == last:
                    break
                on = held[other, 2] - held[k, 2]
                both += held[other, 1] == held[k, 1] and abs(on - (next_[2] - start)) <= bridge
            if both >= _BOTH * most:
                one, two = np.int64(passage), passages[row]
                while one_of[one] != one:
                    one = one_of[one]
                while one_of[two] != two:
                    two = one_of[two]
                one_of[max(one, two)] = min(one, two)
    for passage in range(len(one_of)):
        one_of[passage] = one_of[one_of[passage]]


def put_together(
    passages: list[NDArray[np.int32]],
    letters: tuple[NDArray[np.uint16], NDArray[np.int64]],
    near: int,
    bridge: int,
) -> list[list[int]]:
    """Say which passages are one: lists of their numbers, most of them of one number.

    passages: rows (passage, document, begin, end) of each, by document. letters: of all documents,
    and where those of each begin. It does not matter which document came first.
    """
    if not passages:
        return []
    held, starts, order, document_starts = _by_document(passages)
    one_of = np.arange(len(passages))
    _put_together(
        np.repeat(np.arange(len(passages)), np.diff(starts)), held, starts,
        order, document_starts, *letters, near, bridge, one_of,
    )  # fmt: skip
    together: dict[int, list[int]] = {}
    for passage, one in enumerate(one_of.tolist()):
        together.setdefault(one, []).append(passage)
    return list(together.values())


def as_one(passages: list[NDArray[np.int32]], near: int) -> NDArray[np.int32]:
    """Give the rows of passages that are one. Who has no more than a scrap of it is left out.

    near: letters that may stand between two of them in a document; where there are more, the
    longest counts.
    """
    every = np.concatenate(passages)
    rows: list[list[int]] = []
    for _, document, start, stop in every[np.lexsort((every[:, 2], every[:, 1]))].tolist():
        before = rows[-1] if rows and rows[-1][1] == document else None
        if before is None:
            rows.append([int(every[0, 0]), document, start, stop])
        elif start <= before[3] + near:
            before[3] = max(before[3], stop)
        elif stop - start > before[3] - before[2]:
            before[2:] = start, stop
    held = np.array(rows, dtype=np.int32)
    sizes = held[:, 3] - held[:, 2]
    one: NDArray[np.int32] = held[2 * sizes >= np.median(sizes)]
    return one


@compiled
def _within(
    passages: NDArray[np.int64],
    held: NDArray[np.int32],
    starts: NDArray[np.int64],
    order: NDArray[np.int32],
    document_starts: NDArray[np.int64],
    within: NDArray[np.bool_],
) -> None:
    """Say which passages lie within a longer one.

    `passages`: the passage of each row of `held`, which stand by passage, then by document.
    `order`: the rows by document.
    """
    for passage in range(len(starts) - 1):
        begin, end = starts[passage], starts[passage + 1]
        _, document, start, stop = held[begin]
        for row in order[document_starts[document] : document_starts[document + 1]]:
            if within[passage]:
                break
            longer = held[row]
            if longer[2] > start or longer[3] < stop or longer[3] - longer[2] <= stop - start:
                continue
            other, last = starts[passages[row]], starts[passages[row] + 1]
            covered = 0
            for k in range(begin, end):
                while other < last and held[other, 1] < held[k, 1]:
                    other += 1
                covered += (
                    other < last
                    and held[other, 1] == held[k, 1]
                    and held[other, 2] <= held[k, 2]
                    and held[other, 3] >= held[k, 3]
                )
            within[passage] = covered >= _WITHIN * (end - begin)


def within_others(passages: list[NDArray[np.int32]]) -> list[bool]:
    """Say which passages lie within a longer one, in most of their holders.

    passages: rows (passage, document, begin, end) of each, by document.
    """
    if not passages:
        return []
    held, starts, order, document_starts = _by_document(passages)
    within = np.zeros(len(passages), dtype=np.bool_)
    _within(
        np.repeat(np.arange(len(passages)), np.diff(starts)), held, starts,
        order, document_starts, within,
    )  # fmt: skip
    answer: list[bool] = within.tolist()
    return answer


def _by_document(
    passages: list[NDArray[np.int32]],
) -> tuple[NDArray[np.int32], NDArray[np.int64], NDArray[np.int32], NDArray[np.int64]]:
    """Give all rows, where those of each passage begin, their order by document, and its starts."""
    held = np.concatenate(passages)
    starts = np.concatenate(([0], np.cumsum([len(rows) for rows in passages])))
    return held, starts, *order_of(held[:, 1], int(held[:, 1].max()) + 1)
