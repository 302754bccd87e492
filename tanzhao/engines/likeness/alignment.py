"""From prints that two documents share to the stretches that say the same: extended and weighed.

Seed and extend, as in S. Altschul et al., "Basic local alignment search tool", 1990: equal letters
are followed to both sides; where they end, the best way on is looked for in a window, with letters
replaced, left out or put in (a banded alignment: equal 2, unequal and gap -1).
"""

import numpy as np
from numpy.typing import NDArray

from tanzhao.engines.compiling import compiled
from tanzhao.engines.likeness.letters import MASKED

# A way on must be worth that much: two letters more than are lost.
LEAST_GAIN = 5
# A print is well set if the letters around it are equal, too: by chance, hardly one is.
BEFORE, BEHIND = 14, 20
SETTING = 10
# Where equal letters end, the way on is looked for nearby, then further off: letters on, and how
# far the two sides may get apart.
NEARBY, NEARBY_APART = 24, 6
MANY = 18
FURTHER, FURTHER_APART = 40, 12


@compiled
def around(a: NDArray[np.uint16], b: NDArray[np.uint16], i: int, j: int) -> tuple[int, int]:
    """Give how many letters before and behind `i` and `j` are looked at."""
    return min(BEFORE, i, j), min(BEHIND, len(a) - i, len(b) - j)


@compiled
def well_set(a: NDArray[np.uint16], b: NDArray[np.uint16], i: int, j: int, gram: int) -> bool:
    """Say whether a shared print is likely to be part of something longer."""
    low, high = around(a, b, i, j)
    # As two slices and nothing else, so that many letters are compared at once.
    mine, theirs = a[i - low : i + high], b[j - low : j + high]
    equal = 0
    for k in range(low + high):
        equal += mine[k] == theirs[k]
    return equal >= gram + SETTING


@compiled
def _ways_on(
    a: NDArray[np.uint16],
    b: NDArray[np.uint16],
    covered: NDArray[np.bool_],
    i: int,
    j: int,
    step: int,
    most: int,
    apart: int,
    scores: NDArray[np.int32],
    trace: NDArray[np.uint8],
) -> tuple[int, int]:
    """Give the rows and columns of the best way on from (i, j); (0, 0) if none is worth it.

    `most`: letters looked at. `apart`: how far the two sides may get from each other. `trace`
    then says, for every cell, where it was come from: 0 equal, 1 unequal, 2 a letter of `a`
    alone, 3 one of `b` alone.
    """
    rows = 0
    while rows < most:
        at = i + step * rows
        if at < 0 or at >= len(a) or covered[at] or a[at] == MASKED:
            break
        rows += 1
    columns = 0
    while columns < most:
        at = j + step * columns
        if at < 0 or at >= len(b) or b[at] == MASKED:
            break
        columns += 1
    best, best_row, best_column = 0, 0, 0
    low = -1_000_000
    for column in range(min(columns, apart) + 1):
        scores[column] = -column
        trace[0, column] = 3
    if apart + 1 <= columns:
        scores[apart + 1] = low
    for row in range(1, rows + 1):
        letter = a[i + step * (row - 1)]
        begin = max(1, row - apart)
        end = min(columns, row + apart)
        if begin > end:
            break
        diagonal = scores[begin - 1]
        if row <= apart:
            scores[0] = -row
            trace[row, 0] = 2
        else:
            scores[begin - 1] = low
        highest = scores[begin - 1]
        for column in range(begin, end + 1):
            above = scores[column]
            if letter == b[j + step * (column - 1)]:
                score, way = diagonal + 2, 0
            else:
                score, way = diagonal - 1, 1
            if above - 1 > score:
                score, way = above - 1, 2
            if scores[column - 1] - 1 > score:
                score, way = scores[column - 1] - 1, 3
            diagonal = above
            scores[column] = score
            trace[row, column] = way
            if score > highest:
                highest = score
            if score > best:
                best, best_row, best_column = score, row, column
        if end < columns:
            scores[end + 1] = low
        if highest < best - apart - 8:
            break
    if best < LEAST_GAIN:
        return 0, 0
    return best_row, best_column


@compiled
def extended(
    a: NDArray[np.uint16],
    b: NDArray[np.uint16],
    covered: NDArray[np.bool_],
    i: int,
    j: int,
    step: int,
    scores: NDArray[np.int32],
    trace: NDArray[np.uint8],
    lefts: NDArray[np.int32],
    rights: NDArray[np.int32],
    count: int,
    sure: int,
) -> int:
    """Write the equal letters met from (i, j) on in one direction behind `count` others.

    `sure`: equal letters that are known besides these. A way on is looked for further off only
    where there are many already.
    """
    while True:
        while (
            0 <= i < len(a)
            and 0 <= j < len(b)
            and a[i] == b[j]
            and a[i] != MASKED
            and not covered[i]
        ):
            lefts[count] = i
            rights[count] = j
            count += 1
            i += step
            j += step
        row, column = _ways_on(a, b, covered, i, j, step, NEARBY, NEARBY_APART, scores, trace)
        if row == 0 and count + sure >= MANY:
            row, column = _ways_on(a, b, covered, i, j, step, FURTHER, FURTHER_APART, scores, trace)
        if row == 0:
            return count
        next_i, next_j = i + step * row, j + step * column
        end = count
        # The way is followed back, and its equal letters turned round.
        while row > 0 or column > 0:
            way = trace[row, column]
            if way == 0:
                lefts[end] = i + step * (row - 1)
                rights[end] = j + step * (column - 1)
                end += 1
            if way != 3:
                row -= 1
            if way != 2:
                column -= 1
        turn(lefts, rights, count, end)
        count = end
        i, j = next_i, next_j


@compiled
def turn(lefts: NDArray[np.int32], rights: NDArray[np.int32], start: int, end: int) -> None:
    """Put the entries from `start` to `end` the other way round."""
    for k in range((end - start) // 2):
        other = end - 1 - k
        lefts[start + k], lefts[other] = lefts[other], lefts[start + k]
        rights[start + k], rights[other] = rights[other], rights[start + k]
