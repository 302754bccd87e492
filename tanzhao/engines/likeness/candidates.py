"""Which pairs of documents are worth judging: what they share, and how it stands in them."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tanzhao.engines.compiling import compiled
from tanzhao.engines.likeness.alignment import BEFORE, BEHIND, SETTING, around, well_set
from tanzhao.engines.likeness.joining import Joined
from tanzhao.engines.likeness.letters import MASKED
from tanzhao.engines.likeness.memory import Rooms
from tanzhao.engines.likeness.ordering import place_of, put_in_order
from tanzhao.engines.likeness.stretches import COMMON, MANY, in_line, packed, unpacked

# Two documents are looked at if they share one rare print, or three that more documents have: a
# print counts for as much as its letters do.
LEAST_PRINTS = 3
_SIEVE = 8192
# What `shared` says of a document once it was found worth judging.
_HOPEFUL = -1_000_000_000


class Ahead(NamedTuple):
    """Of each document the prints that count and that later documents have, too.

    Those of document d stand from `starts[d]` up to `starts[d + 1]`: rows (AT, OTHERS, WEIGHT).
    """

    starts: NDArray[np.int64]
    rows: NDArray[np.int32]


# Columns of Ahead: where the document stands among all holders, how many of the same print follow
# it, and what the print counts for.
AT, OTHERS, WEIGHT = range(3)


@compiled
def _put_ahead(
    joined: Joined,
    weights: NDArray[np.int8],
    ends: NDArray[np.int64],
    ahead: Ahead,
) -> None:
    """Count in `ends` what each document has; write it there if `ahead` has room."""
    held, starts = joined.held, joined.group_starts
    for group in range(len(starts) - 1):
        last = starts[group + 1] - 1
        for k in range(starts[group], last):
            document = held[k, 0]
            if held[k, 1] < 0:
                continue  # it has the print in allowed text alone
            to = ends[document]
            ends[document] = to + 1
            if len(ahead.rows):
                row = ahead.rows[to]
                row[AT], row[OTHERS], row[WEIGHT] = k, last - k, weights[group]


def ahead_of(joined: Joined, weights: NDArray[np.int8], rooms: Rooms) -> Ahead:
    """Give what each document is compared with later ones by, so that no group is looked up."""
    counts = np.zeros(len(joined.document_starts) - 1, dtype=np.int64)
    _put_ahead(joined, weights, counts, Ahead(counts, np.empty((0, 3), dtype=np.int32)))
    starts = np.concatenate(([0], np.cumsum(counts)))
    ahead = Ahead(starts, rooms.take(3 * int(starts[-1]), np.int32).reshape(-1, 3))
    if len(ahead.rows):
        _put_ahead(joined, weights, starts[:-1].copy(), ahead)
    return ahead


@compiled
def sieve_of(groups: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Give what tells most groups that are none of these by one look."""
    sieve = np.zeros(_SIEVE, dtype=np.bool_)
    for group in groups:
        sieve[group & (_SIEVE - 1)] = True
    return sieve


@compiled
def entries_by_letter(places: NDArray[np.int32], letters: int) -> NDArray[np.int32]:
    """Give which print of a document begins at each of its letters; -1: none."""
    entries = np.full(letters, -1, dtype=np.int32)
    for entry in range(len(places) if letters else 0):
        entries[places[entry]] = entry
    return entries


@compiled
def _well_set_by_own(
    a: NDArray[np.uint16],
    b: NDArray[np.uint16],
    i: int,
    j: int,
    entry_at: NDArray[np.int32],
    groups: NDArray[np.int32],
    other_groups: NDArray[np.int32],
    weights: NDArray[np.int8],
    gram: int,
) -> bool:
    """Say whether a print that is well set at `i` and `j` is so if common wording does not count.

    `entry_at`: see entries_by_letter. `groups`, `other_groups`: the prints of each, ascending.
    """
    low, high = around(a, b, i, j)
    own = np.ones(low + high, dtype=np.bool_)
    found = False
    for counts in range(2):
        if counts and not found:
            break
        # What is common is left out first; then what also stands in wording that counts is not.
        for letter in range(max(i - low - gram + 1, 0), i + high):
            entry = entry_at[letter]
            if entry < 0 or (weights[groups[entry]] != COMMON) != counts:
                continue
            at = place_of(other_groups, groups[entry])
            if at < len(other_groups) and other_groups[at] == groups[entry]:
                found = True
                begin = letter - i + low
                for k in range(max(begin, 0), min(begin + gram, len(own))):
                    own[k] = counts == 1
    equal = 0
    for k in range(low + high):
        letter = a[i - low + k]
        equal += own[k] and letter == b[j - low + k] and letter != MASKED
    return equal >= gram + SETTING


@compiled
def _some_in_line(firsts: NDArray[np.int64], gram: int, reach: int) -> bool:
    """Say whether some of the prints that two documents share, by place, stand in line."""
    first = 0
    while first < len(firsts) and not in_line(firsts, first, gram, reach):
        first += 1
    return first < len(firsts)


@compiled
def most_asks(ahead: Ahead) -> int:
    """Give for how many rows `candidates` needs room, whatever the document."""
    most = np.int64(0)
    for document in range(len(ahead.starts) - 1):
        count = np.int64(0)
        for row in ahead.rows[ahead.starts[document] : ahead.starts[document + 1]]:
            count += row[OTHERS]
        most = max(most, count)
    return int(most) + 2


@compiled
def candidates(
    document: int,
    signs: NDArray[np.uint16],
    letter_starts: NDArray[np.int64],
    joined: Joined,
    ahead: Ahead,
    weights: NDArray[np.int8],
    gram: int,
    reach: int,
    shared: NDArray[np.int32],
    touched: NDArray[np.int32],
    asks: NDArray[np.int64],
) -> int:
    """Write the later documents that are worth judging with `document`, in order.

    Those of which `seeds_of` gives seeds are among them. Gives how many. `shared` is all 0 before
    and after. `asks`: rows of room, see `most_asks`.
    """
    held = joined.held
    rows = ahead.rows[ahead.starts[document] : ahead.starts[document + 1]]
    # Holders stand anywhere in memory. Loaded once with nothing to wait for, many of them come at
    # the same time; what is loaded is written where nobody reads, or it would not be.
    fetched = 0
    for row in rows:
        fetched += held[row[AT] + 1, 0]
    asks[-1, 0] = fetched
    met = 0
    for row in rows:
        for at in range(row[AT] + 1, row[AT] + 1 + row[OTHERS]):
            other = held[at, 0]
            if shared[other] == 0:
                touched[met] = other
                met += 1
            shared[other] += row[WEIGHT]
    asked = 0
    for row in rows:
        for at in range(row[AT] + 1, row[AT] + 1 + row[OTHERS]):
            asks[asked, 0], asks[asked, 1] = row[AT], at
            asked += shared[held[at, 0]] >= LEAST_PRINTS and held[at, 1] >= 0
    # So do the letters around a print, which take more than one fetch.
    for k in range(asked):
        at = letter_starts[held[asks[k, 1], 0]] + held[asks[k, 1], 1]
        fetched += signs[max(at - BEFORE, 0)] + signs[min(at + BEHIND, len(signs)) - 1]
    asks[-1, 0] = fetched
    a = signs[letter_starts[document] : letter_starts[document + 1]]
    set_ = 0
    for k in range(asked):
        mine, at = asks[k]
        other = held[at, 0]
        b = signs[letter_starts[other] : letter_starts[other + 1]]
        asks[set_, 0], asks[set_, 1] = mine, at
        set_ += well_set(a, b, held[mine, 1], held[at, 1], gram)
    part = slice(joined.document_starts[document], joined.document_starts[document + 1])
    groups, places = joined.groups[part], joined.places[part]
    entry_at = entries_by_letter(places, len(a) if set_ else 0)
    for k in range(set_):
        mine, at = asks[k]
        other = held[at, 0]
        if shared[other] < 0:
            continue
        b = signs[letter_starts[other] : letter_starts[other + 1]]
        theirs = joined.groups[joined.document_starts[other] : joined.document_starts[other + 1]]
        if _well_set_by_own(
            a, b, held[mine, 1], held[at, 1], entry_at, groups, theirs, weights, gram
        ):
            # Not asked again.
            shared[other] = _HOPEFUL
    kept = 0
    for k in range(met):
        other = touched[k]
        if shared[other] < 0 or (
            shared[other] >= MANY and _some_in_line(_firsts(rows, other, held), gram, reach)
        ):
            touched[kept] = other
            kept += 1
        shared[other] = 0
    put_in_order(touched[:kept])
    return kept


@compiled
def _firsts(
    rows: NDArray[np.int32],
    other: int,
    held: NDArray[np.int32],
) -> NDArray[np.int64]:
    """Give the prints that count and that a document shares with one other, each once, by place.

    `rows`: what the document has in Ahead.
    """
    firsts = np.empty(len(rows), dtype=np.int64)
    count = 0
    for row in rows:
        at = row[AT] + 1
        last = at + row[OTHERS]
        while at < last and held[at, 0] < other:
            at += 1
        if at < last and held[at, 0] == other and held[at, 1] >= 0:
            firsts[count] = packed(held[row[AT], 1], held[at, 1], row[WEIGHT], 1)
            count += 1
    put_in_order(firsts[:count])
    return firsts[:count]


@compiled
def seeds_of(
    a: NDArray[np.uint16],
    b: NDArray[np.uint16],
    groups: NDArray[np.int32],
    places: NDArray[np.int32],
    other_groups: NDArray[np.int32],
    other_places: NDArray[np.int32],
    weights: NDArray[np.int8],
    gram: int,
    reach: int,
    sieve: NDArray[np.bool_],
) -> NDArray[np.int64]:
    """Give the prints that two documents share, by place: packed as `unpacked` says.

    Nothing if they are not worth judging: they share too few prints that count; none of them is
    well set at its first place in both; and there are not many, or none in line with others.
    `groups`, `other_groups`: the prints of each, ascending, `sieve` of the first; `weights`: of
    each group.
    """
    most = 64
    seeds = np.empty(most, dtype=np.int64)
    count = 0
    enough = 0
    before = -1
    for j in range(len(other_groups)):
        group = other_groups[j]
        if not sieve[group & (_SIEVE - 1)]:
            continue
        i = place_of(groups, group)
        if i == len(groups) or groups[i] != group:
            continue
        weight = weights[group]
        first = 0
        if group != before:
            before = group
            enough += weight
            first = 1 if weight != COMMON else 0
        while i < len(groups) and groups[i] == group:
            if count == most:
                larger = np.empty(2 * most, dtype=np.int64)
                for k in range(most):
                    larger[k] = seeds[k]
                seeds = larger
                most *= 2
            seeds[count] = packed(places[i], other_places[j], weight, first)
            first = 0
            count += 1
            i += 1
    if enough < LEAST_PRINTS:
        return seeds[:0]
    seeds = seeds[:count]
    put_in_order(seeds)
    firsts = np.empty(count, dtype=np.int64)
    size = 0
    entry_at = np.empty(0, dtype=np.int32)
    for k in range(count):
        place, other, _, first = unpacked(seeds[k])
        if not first:
            continue
        firsts[size] = seeds[k]
        size += 1
        if well_set(a, b, place, other, gram):
            if len(entry_at) == 0:
                entry_at = entries_by_letter(places, len(a))
            if _well_set_by_own(a, b, place, other, entry_at, groups, other_groups, weights, gram):
                return seeds
    if enough >= MANY and _some_in_line(firsts[:size], gram, reach):
        return seeds
    return seeds[:0]
