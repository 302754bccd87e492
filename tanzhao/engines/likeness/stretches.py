"""Stretches that two documents share: cut to what matches, weighed, and those worth showing."""

import numpy as np
from numpy.typing import NDArray

from tanzhao.engines.compiling import compiled
from tanzhao.engines.likeness.alignment import FURTHER, extended, turn, well_set
from tanzhao.engines.likeness.gathering import BEGINS, BEGINS_LINE
from tanzhao.engines.likeness.letters import MASKED

# What a letter counts for, in thirds.
COMMON, SHARED, RARE = 0, 1, 3
_UNKNOWN = -1
# Where letters were left out or put in everywhere, no print is well set. Two documents that share
# that much are looked at all the same, and each print with so much more near and in line with it.
MANY = 3 * RARE
_LEAST_NEAR = RARE
_LEAST_RUN = 3
# Fewer letters than these are no sentence of their own, wherever marks stand.
_NO_SENTENCE = 6
# What is equal in part only must weigh more, by the share of what is unequal; and by so many times
# that share if it is more than one letter in so many, and fewer than three sentences have so many
# equal letters.
_CHANGED, _MUCH = 3, 5
_IN_PART = 9
# A sentence is shared if it has as many equal letters, in thirds.
_SENTENCE = 18
# Columns of a stretch in the answer.
L0, L1, R0, R1, EQUAL = range(5)
COLUMNS = 5


@compiled
def packed(place: int, other: int, weight: int, first: int) -> int:
    """Give a shared print as one number, so that numbers sort as places do."""
    return (int(place) << 34) | (int(other) << 3) | (int(weight) << 1) | first


@compiled
def unpacked(seed: int) -> tuple[int, int, int, int]:
    """Give a shared print's place, its place in the other document, weight, and `first`."""
    return seed >> 34, (seed >> 3) & 0x7FFFFFFF, (seed >> 1) & 3, seed & 1


@compiled
def _weigh(
    lefts: NDArray[np.int32],
    rights: NDArray[np.int32],
    end: int,
    weights: NDArray[np.int8],
    out: NDArray[np.int8],
) -> None:
    """Give each equal letter its weight: that of the prints of the run in which it stands.

    A letter between prints counts as the one before it. A run that has no print is no evidence
    by itself, as much as wording that is widely held.
    """
    last = RARE
    begin = 0
    while begin < end:
        stop = begin + 1
        while (
            stop < end
            and lefts[stop] == lefts[stop - 1] + 1
            and rights[stop] == rights[stop - 1] + 1
        ):
            stop += 1
        k = begin
        while k < stop and weights[lefts[k]] == _UNKNOWN:
            k += 1
        if k == stop:
            for at in range(begin, stop):
                out[at] = min(last, SHARED)
        else:
            last = weights[lefts[k]]
            for at in range(begin, stop):
                if weights[lefts[at]] != _UNKNOWN:
                    last = weights[lefts[at]]
                out[at] = last
        begin = stop


@compiled
def _too_far(widths: NDArray[np.uint8], letter: int, next_: int, bridge: int) -> bool:
    """Say whether a whole sentence, or too many letters, stand between two letters."""
    if next_ - letter > bridge + 1:
        return True
    if next_ - letter <= _NO_SENTENCE:
        return False
    begun = 0
    for at in range(letter + 1, next_ + 1):
        begun += widths[at] >= BEGINS_LINE
    return begun > 1


@compiled
def _cut(
    lefts: NDArray[np.int32],
    rights: NDArray[np.int32],
    weighed: NDArray[np.int8],
    end: int,
    widths: NDArray[np.uint8],
    other_widths: NDArray[np.uint8],
    bridge: int,
    reach: int,
    least: int,
    covered: NDArray[np.bool_],
    own: NDArray[np.int8],
    stretches: NDArray[np.int32],
    count: int,
) -> int:
    """Cut equal letters where they are too far apart, and write the pieces behind `count` others.

    They are if a sentence stands between, or more than `bridge` letters.
    Cut out, too, is common wording longer than `reach`; and at an end, as much of it as the piece
    has letters of its own, or more.
    """
    begin = 0
    while begin < end:
        stop, after = end, end
        run = 0  # common letters up to here
        for k in range(begin, end):
            run = run + 1 if weighed[k] == COMMON else 0
            apart = k + 1 < end and (
                _too_far(widths, lefts[k], lefts[k + 1], bridge)
                or _too_far(other_widths, rights[k], rights[k + 1], bridge)
            )
            if run > reach:
                stop = k + 1 - run
                after = k + 1
                while after < end and weighed[after] == COMMON:
                    after += 1
                break
            if apart:
                stop = after = k + 1
                break
        first, last = begin, stop
        begin = after
        letters = 0
        for k in range(first, last):
            letters += weighed[k] != COMMON
        k = first
        while k < last and weighed[k] == COMMON:
            k += 1
        if k - first >= letters:
            first = k
        k = last
        while k > first and weighed[k - 1] == COMMON:
            k -= 1
        if last - k >= letters:
            last = k
        if last - first < least or count == len(stretches):
            continue
        row = stretches[count]
        row[L0], row[L1] = lefts[first], lefts[last - 1] + 1
        row[R0], row[R1] = rights[first], rights[last - 1] + 1
        row[EQUAL] = last - first
        covered[row[L0] : row[L1]] = True
        for k in range(first, last):
            own[lefts[k]] = weighed[k]
        count += 1
    return count


@compiled
def in_line(seeds: NDArray[np.int64], k: int, gram: int, reach: int) -> bool:
    """Say whether others that share no letter with it stand near a print, in order in both.

    From one to the next, one document may have two fifths more letters than the other.
    """
    place, other, _, _ = unpacked(seeds[k])
    met = 0
    for step in (-1, 1):
        last = 0
        at = k + step
        while 0 <= at < len(seeds):
            next_, next_other, weight, _ = unpacked(seeds[at])
            on, other_on = step * (next_ - place), step * (next_other - other)
            if on > reach:
                break
            if (
                weight != COMMON
                and on >= last + gram
                and other_on >= gram
                and 5 * abs(on - other_on) <= 2 * on + 20
            ):
                last = on
                met += weight
            at += step
    return met >= _LEAST_NEAR


@compiled
def stretches_of(
    a: NDArray[np.uint16],
    b: NDArray[np.uint16],
    widths: NDArray[np.uint8],
    other_widths: NDArray[np.uint8],
    seeds: NDArray[np.int64],
    gram: int,
    bridge: int,
    reach: int,
    least: int,
    own: NDArray[np.int8],
    stretches: NDArray[np.int32],
) -> int:
    """Write the stretches that two documents share, and give how many there are.

    `a`, `b`: their letters, with their widths. `seeds`: packed, in order. `own`, all 0: becomes
    the weight of each letter of `a` that has an equal one. `stretches`: rows of L0, L1, R0, R1
    and EQUAL; they do not overlap in `a`.
    """
    size = min(len(a), len(b))
    covered = np.zeros(len(a), dtype=np.bool_)
    weights = np.full(len(a), _UNKNOWN, dtype=np.int8)
    enough = 0
    for seed in seeds:
        place, _, weight, first = unpacked(seed)
        enough += weight * first
        for at in range(place, min(place + gram, len(a))):
            weights[at] = max(weights[at], weight)
    lefts = np.empty(size, dtype=np.int32)
    rights = np.empty(size, dtype=np.int32)
    weighed = np.empty(size, dtype=np.int8)
    scores = np.empty(FURTHER + 2, dtype=np.int32)
    trace = np.empty((FURTHER + 1, FURTHER + 1), dtype=np.uint8)
    count = 0
    # Long equal wording first: short wording must not stand in its way. Last, what is well set by
    # other prints alone.
    for loose, least_run in ((False, 2 * gram), (False, _LEAST_RUN), (True, gram)):
        if loose and enough < MANY:
            break
        for k, seed in enumerate(seeds):
            i, j, weight, _ = unpacked(seed)
            if weight == COMMON or covered[i]:
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
            if loose and not in_line(seeds, k, gram, reach):
                continue
            if not loose and not well_set(a, b, i, j, gram):
                continue
            end = extended(a, b, covered, i - 1, j - 1, -1, scores, trace, lefts, rights, 0, run)
            turn(lefts, rights, 0, end)
            end = extended(a, b, covered, i, j, 1, scores, trace, lefts, rights, end, 0)
            _weigh(lefts, rights, end, weights, weighed)
            count = _cut(
                lefts, rights, weighed, end, widths, other_widths, bridge, reach, least, covered,
                own, stretches, count,
            )  # fmt: skip
            if count == len(stretches):
                return count
    return count


@compiled
def worth_showing(
    own: NDArray[np.int8],
    widths: NDArray[np.uint8],
    stretches: NDArray[np.int32],
    count: int,
    reach: int,
    least_weight: int,
) -> int:
    """Keep the stretches that are worth showing, in the order of the left; give how many.

    Stretches within `reach` of each other on both sides count together: wording that was moved,
    or has other wording put between. They are worth showing if their equal letters weigh enough
    and belong to two sentences or more; those of one sentence, or of lines that no mark ends, must
    weigh twice as much. Where something is shown, half as much is enough for the rest. What was
    changed must weigh more: sentences of one form, filled in differently, are alike by chance.
    """
    # In the order of the left: there are few, and most stand in order already.
    for k in range(1, count):
        at = k
        while at > 0 and stretches[at - 1, L0] > stretches[at, L0]:
            for column in range(COLUMNS):
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
            if apart <= reach and group[other] != group[k]:
                one, two = group[k], group[other]
                for member in range(count):
                    if group[member] == two:
                        group[member] = one
    weight = np.zeros(count, dtype=np.int64)
    letters = np.zeros(count, dtype=np.int64)
    unlike = np.zeros(count, dtype=np.int64)
    sentences = np.zeros(count, dtype=np.int64)
    in_part = np.zeros(count, dtype=np.int64)
    # Of the sentence that is read: what it weighs so far, how many letters that is, and whether a
    # mark ends it.
    sentence = np.zeros(count, dtype=np.int64)
    equal = np.zeros(count, dtype=np.int64)
    marked = np.zeros(count, dtype=np.bool_)
    seen = np.full(count, -1, dtype=np.int64)  # up to where letters were read
    for k in range(count):
        one = group[k]
        if seen[one] < 0:
            begin = stretches[k, L0]
            while begin > 0 and widths[begin] < BEGINS_LINE:
                begin -= 1
            seen[one] = begin
        for at in range(seen[one], stretches[k, L1]):
            if widths[at] >= BEGINS_LINE:
                sentences[one] += marked[one] and sentence[one] >= _SENTENCE
                in_part[one] += equal[one] >= _IN_PART
                sentence[one] = equal[one] = 0
                marked[one] = widths[at] >= BEGINS
            if at >= stretches[k, L0]:
                weight[one] += own[at]
                sentence[one] += own[at]
                equal[one] += own[at] != COMMON
        seen[one] = stretches[k, L1]
        size = (stretches[k, L1] - stretches[k, L0] + stretches[k, R1] - stretches[k, R0]) // 2
        letters[one] += size
        unlike[one] += size - stretches[k, EQUAL]
    worth = np.zeros(count, dtype=np.bool_)
    for one in range(count):
        whole = sentences[one] + (marked[one] and sentence[one] >= _SENTENCE)
        least = least_weight if whole > 1 else 2 * least_weight
        few = in_part[one] + (equal[one] >= _IN_PART) < 3
        if few and unlike[one] * _MUCH > letters[one]:
            unlike[one] *= _CHANGED
        enough = least * (letters[one] + unlike[one])
        worth[one] = letters[one] > 0 and weight[one] * letters[one] >= enough
    # What is short is worth showing beside what is long.
    least = least_weight // 2 if np.any(worth) else 2 * least_weight
    kept = 0
    for k in range(count):
        one = group[k]
        if worth[one] or weight[one] * letters[one] >= least * (letters[one] + unlike[one]):
            stretches[kept] = stretches[k]
            kept += 1
    return kept


@compiled
def gone_over(
    a: NDArray[np.uint16],
    b: NDArray[np.uint16],
    widths: NDArray[np.uint8],
    other_widths: NDArray[np.uint8],
    stretches: NDArray[np.int32],
    count: int,
    bridge: int,
) -> int:
    """Make one stretch of neighbours between which something was changed; give how many are left.

    It was if neither document has a whole sentence there, nor more than `bridge` letters, nor
    allowed text. `stretches`: in the order of the left.
    """
    kept = 0
    for k in range(count):
        row = stretches[k]
        if kept:
            last = stretches[kept - 1]
            on, other_on = row[L0] - last[L1], row[R0] - last[R1]
            if (
                on >= 0
                and other_on >= 0
                and not _too_far(widths, last[L1] - 1, row[L0], bridge)
                and not _too_far(other_widths, last[R1] - 1, row[R0], bridge)
                and not np.any(a[last[L1] : row[L0]] == MASKED)
                and not np.any(b[last[R1] : row[R0]] == MASKED)
            ):
                last[L1], last[R1] = row[L1], row[R1]
                last[EQUAL] += row[EQUAL]
                continue
        stretches[kept] = row
        kept += 1
    return kept
