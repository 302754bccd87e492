"""From prints that two documents share to the stretches that say the same: extended and weighed.

Seed and extend, as in S. Altschul et al., "Basic local alignment search tool", 1990: equal letters
are followed to both sides; where they end, the best way on is looked for in a window, with letters
replaced, left out or put in (a banded alignment: equal 2, unequal and gap -1).
"""

import numpy as np
from numpy.typing import NDArray

from tanzhao.engines.likeness.compiling import compiled
from tanzhao.engines.likeness.letters import MASKED

# What a letter counts for, in thirds.
COMMON, SHARED, RARE = 0, 1, 3
_UNKNOWN = -1
# A way on must be worth that much: two letters more than are lost.
_LEAST_GAIN = 5
_LEAST_RUN = 3
# Columns of a stretch in the answer.
L0, L1, R0, R1, EQUAL, WEIGHT = range(6)


@compiled
def _ways_on(
    a: NDArray[np.uint16],
    b: NDArray[np.uint16],
    covered: NDArray[np.bool_],
    i: int,
    j: int,
    step: int,
    bridge: int,
    scores: NDArray[np.int32],
    trace: NDArray[np.uint8],
) -> tuple[int, int]:
    """Give the rows and columns of the best way on from (i, j); (0, 0) if none is worth it.

    `trace` then says, for every cell, where it was come from: 0 equal, 1 unequal, 2 a letter of
    `a` alone, 3 one of `b` alone.
    """
    most = trace.shape[0] - 1
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
    for column in range(min(columns, bridge) + 1):
        scores[column] = -column
        trace[0, column] = 3
    if bridge + 1 <= columns:
        scores[bridge + 1] = low
    for row in range(1, rows + 1):
        letter = a[i + step * (row - 1)]
        begin = max(1, row - bridge)
        end = min(columns, row + bridge)
        if begin > end:
            break
        diagonal = scores[begin - 1]
        if row <= bridge:
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
        if highest < best - bridge - 8:
            break
    if best < _LEAST_GAIN:
        return 0, 0
    return best_row, best_column


@compiled
def _extend(
    a: NDArray[np.uint16],
    b: NDArray[np.uint16],
    covered: NDArray[np.bool_],
    i: int,
    j: int,
    step: int,
    bridge: int,
    scores: NDArray[np.int32],
    trace: NDArray[np.uint8],
    lefts: NDArray[np.int32],
    rights: NDArray[np.int32],
    count: int,
) -> int:
    """Write the equal letters met from (i, j) on in one direction behind `count` others."""
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
        row, column = _ways_on(a, b, covered, i, j, step, bridge, scores, trace)
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
        _turn(lefts, rights, count, end)
        count = end
        i, j = next_i, next_j


@compiled
def _turn(lefts: NDArray[np.int32], rights: NDArray[np.int32], start: int, end: int) -> None:
    """Put the entries from `start` to `end` the other way round."""
    for k in range((end - start) // 2):
        other = end - 1 - k
        lefts[start + k], lefts[other] = lefts[other], lefts[start + k]
        rights[start + k], rights[other] = rights[other], rights[start + k]


@compiled
def _weigh(
    lefts: NDArray[np.int32],
    start: int,
    end: int,
    weights: NDArray[np.int8],
    out: NDArray[np.int8],
) -> None:
    """Give each equal letter its weight: a letter between prints counts as the one before it."""
    last = _UNKNOWN
    for k in range(start, end):
        if weights[lefts[k]] != _UNKNOWN:
            last = weights[lefts[k]]
            break
    if last == _UNKNOWN:
        last = RARE
    for k in range(start, end):
        if weights[lefts[k]] != _UNKNOWN:
            last = weights[lefts[k]]
        out[k] = last


@compiled
def _cut(
    lefts: NDArray[np.int32],
    rights: NDArray[np.int32],
    weighed: NDArray[np.int8],
    start: int,
    end: int,
    bridge: int,
    least: int,
    covered: NDArray[np.bool_],
    stretches: NDArray[np.int32],
    count: int,
) -> int:
    """Cut long common wording out of a stretch, and write what is left behind `count` others."""
    begin = start
    k = start
    while begin < end:
        # The next run of common letters that is too long to be gone over.
        stop, after = end, end
        k = begin
        while k < end:
            run = k
            while run < end and weighed[run] == COMMON:
                run += 1
            if run - k > bridge:
                stop, after = k, run
                break
            k = max(run, k + 1)
        if stop - begin >= least and count < len(stretches):
            weight = 0
            for at in range(begin, stop):
                weight += weighed[at]
            if weight > 0:
                row = stretches[count]
                row[L0], row[L1] = lefts[begin], lefts[stop - 1] + 1
                row[R0], row[R1] = rights[begin], rights[stop - 1] + 1
                row[EQUAL], row[WEIGHT] = stop - begin, weight
                covered[row[L0] : row[L1]] = True
                count += 1
        begin = after
    return count


@compiled
def stretches_of(
    a: NDArray[np.uint16],
    b: NDArray[np.uint16],
    seeds: NDArray[np.int32],
    gram: int,
    bridge: int,
    least: int,
    stretches: NDArray[np.int32],
) -> int:
    """Write the stretches that two documents share, and give how many there are.

    `a`, `b`: their letters. `seeds`: rows of a place in `a`, one in `b` and a weight, in this
    order. `stretches`: rows of L0, L1, R0, R1, EQUAL and WEIGHT; they do not overlap in `a`.
    """
    size = min(len(a), len(b))
    covered = np.zeros(len(a), dtype=np.bool_)
    weights = np.full(len(a), _UNKNOWN, dtype=np.int8)
    for s in range(len(seeds)):
        for at in range(seeds[s, 0], min(seeds[s, 0] + gram, len(a))):
            weights[at] = max(weights[at], seeds[s, 2])
    lefts = np.empty(size, dtype=np.int32)
    rights = np.empty(size, dtype=np.int32)
    weighed = np.empty(size, dtype=np.int8)
    window = 2 * bridge + 16
    scores = np.empty(window + 2, dtype=np.int32)
    trace = np.empty((window + 1, window + 1), dtype=np.uint8)
    count = 0
    # Long equal wording first: short wording must not stand in its way.
    for least_run in (2 * gram, _LEAST_RUN):
        for s in range(len(seeds)):
            i, j = seeds[s, 0], seeds[s, 1]
            if seeds[s, 2] == COMMON or covered[i]:
                continue
            run = 0
            while (
                run < least_run
                and i + run < len(a)
                and j + run < len(b)
                and a[i + run] == b[j + run]
                and a[i + run] != MASKED
            ):
                run += 1
            if run < least_run:
                continue
            end = _extend(a, b, covered, i - 1, j - 1, -1, bridge, scores, trace, lefts, rights, 0)
            _turn(lefts, rights, 0, end)
            end = _extend(a, b, covered, i, j, 1, bridge, scores, trace, lefts, rights, end)
            _weigh(lefts, 0, end, weights, weighed)
            count = _cut(lefts, rights, weighed, 0, end, bridge, least, covered, stretches, count)
            if count == len(stretches):
                return count
    return count


@compiled
def worth_showing(
    a: NDArray[np.uint16],
    b: NDArray[np.uint16],
    stretches: NDArray[np.int32],
    count: int,
    reach: int,
    least_weight: int,
    bridge: int,
) -> int:
    """Keep the stretches that are worth showing, in the order of the left; give how many.

    Stretches within `reach` of each other on both sides count together: wording that was moved,
    or has other wording put between. Those that follow each other closely become one.
    """
    # In the order of the left: there are few, and most stand in order already.
    for k in range(1, count):
        at = k
        while at > 0 and stretches[at - 1, L0] > stretches[at, L0]:
            for column in range(6):
                other = stretches[at, column]
                stretches[at, column] = stretches[at - 1, column]
                stretches[at - 1, column] = other
            at -= 1
    group = np.arange(count)
    for k in range(count):
        for other in range(k + 1, count):
            if stretches[other, L0] - stretches[k, L1] > reach:
                break
            apart = max(stretches[other, R0], stretches[k, R0]) - min(
                stretches[other, R1], stretches[k, R1]
            )
            if apart <= reach:
                one, two = group[k], group[other]
                for member in range(count):
                    if group[member] == two:
                        group[member] = one
    weight = np.zeros(count, dtype=np.int64)
    for k in range(count):
        weight[group[k]] += stretches[k, WEIGHT]
    kept = 0
    for k in range(count):
        if weight[group[k]] < least_weight:
            continue
        if kept:
            before = stretches[kept - 1]
            left_gap = stretches[k, L0] - before[L1]
            right_gap = stretches[k, R0] - before[R1]
            if (
                0 <= left_gap <= bridge
                and 0 <= right_gap <= bridge
                and np.all(a[before[L1] : stretches[k, L0]] != MASKED)
                and np.all(b[before[R1] : stretches[k, R0]] != MASKED)
            ):
                before[L1], before[R1] = stretches[k, L1], stretches[k, R1]
                before[EQUAL] += stretches[k, EQUAL]
                before[WEIGHT] += stretches[k, WEIGHT]
                continue
        stretches[kept] = stretches[k]
        kept += 1
    return kept
