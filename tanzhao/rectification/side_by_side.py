"""Two texts beside each other, cut where their passages begin and end. Knows no row and no page."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from typing import NamedTuple

TONES = 6
# A stretch without a passage that is longer than FOLDED is shown by its ends only.
FOLDED, SHOWN = 700, 160
LEAST_SAME = 4
# Beyond this, finding each changed letter takes longer than a page may.
MOST_LETTERS = 4000

type Cut = tuple[int, int]


class Run(NamedTuple):
    """A stretch of letters of a passage. `is_changed`: the other side says it otherwise."""

    text: str
    is_changed: bool


@dataclass(frozen=True)
class Piece:
    """A stretch of one text. `numbers`: the passages it belongs to, `begins` those that begin
    with it; both empty for what lies between. `hidden` is the folded middle of such a stretch."""

    runs: tuple[Run, ...]
    numbers: tuple[int, ...] = ()
    begins: tuple[int, ...] = ()
    hidden: str = ""
    rest: str = ""

    @property
    def tone(self) -> int:
        return (self.numbers[0] - 1) % TONES + 1 if self.numbers else 0


@dataclass(frozen=True)
class Line:
    """One passage in the list above the two texts; places as (page, paragraph), page 0: none."""

    number: int
    tone: int
    letters: int
    excerpt: str
    same_percent: int
    left_place: tuple[int, int]
    right_place: tuple[int, int]


def lines_of(
    passages: Sequence[Sequence[int]],
    left: str,
    left_parts: Sequence[Sequence[int]],
    right_parts: Sequence[Sequence[int]],
) -> list[Line]:
    """Give what a list says of each passage (start, end, start, end, same in a thousand)."""
    return [
        Line(
            number=number,
            tone=(number - 1) % TONES + 1,
            letters=end - start,
            excerpt=" ".join(left[start : min(end, start + 60)].split()),
            same_percent=same // 10,
            left_place=place_in(left_parts, start),
            right_place=place_in(right_parts, other_start),
        )
        for number, (start, end, other_start, _other_end, same) in enumerate(passages, 1)
    ]


def place_in(parts: Sequence[Sequence[int]], at: int) -> tuple[int, int]:
    """Give the page and the paragraph in which the character `at` stands."""
    place = bisect_right([part[0] for part in parts], at) - 1
    if place < 0:
        return 0, 1
    return parts[place][1], parts[place][2]


def changed_spans(text: str, span: Cut, other: str, other_span: Cut) -> list[Cut]:
    """Give the stretches of a passage that the other side says otherwise."""
    one, two = text[slice(*span)], other[slice(*other_span)]
    if one == two or max(len(one), len(two)) > MOST_LETTERS:
        return []
    matcher = SequenceMatcher(None, one, two, autojunk=False)
    # Two or three letters that happen to be the same within a sentence that says something else
    # are no likeness, and would make it hard to read.
    same = [
        block
        for block in matcher.get_matching_blocks()
        if block.size >= LEAST_SAME or block.a == block.b == 0 or block.a + block.size == len(one)
    ]
    cuts, at = [], 0
    for block in same:
        cuts.append((at, block.a))
        at = block.a + block.size
    cuts.append((at, len(one)))
    return [(span[0] + start, span[0] + end) for start, end in cuts if end > start]


def pieces_of(
    text: str, spans: Sequence[Cut], changed: Sequence[Cut] = (), *, folds: bool = True
) -> list[Piece]:
    """Cut a text at its passages, which may overlap, and fold what lies long between them.

    Args:
        spans: one for each passage, in the order of their numbers, from 1.
        changed: stretches that the other side says otherwise.
    """
    edges = sorted({0, len(text), *(edge for span in spans for edge in span)})
    edges = [edge for edge in edges if 0 <= edge <= len(text)]
    pieces = []
    for start, end in pairwise(edges):
        numbers = tuple(n for n, (a, b) in enumerate(spans, 1) if a <= start and end <= b)
        begins = tuple(n for n in numbers if spans[n - 1][0] == start)
        if numbers:
            pieces.append(Piece(_runs(text, start, end, changed), numbers, begins))
        elif folds and end - start > FOLDED:
            pieces.append(_folded(text, start, end))
        else:
            pieces.append(Piece((Run(text[start:end], False),)))
    return pieces


def _folded(text: str, start: int, end: int) -> Piece:
    # At either end of the text only the side that touches a passage is worth showing.
    head = 0 if start == 0 else SHOWN
    tail = 0 if end == len(text) else SHOWN
    return Piece(
        (Run(text[start : start + head], False),),
        hidden=text[start + head : end - tail],
        rest=text[end - tail : end] if tail else "",
    )


def _runs(text: str, start: int, end: int, changed: Sequence[Cut]) -> tuple[Run, ...]:
    runs, at = [], start
    for first, last in changed:
        first, last = max(first, start), min(last, end)
        if first >= last:
            continue
        if first > at:
            runs.append(Run(text[at:first], False))
        runs.append(Run(text[first:last], True))
        at = last
    if at < end:
        runs.append(Run(text[at:end], False))
    return tuple(runs)
