"""Runs of signs on one line of a page become its words: gaps part cells and Western words."""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

_CELL = 1.5  # of the letters' size: a gap as wide parts cells
_WORD, _LETTER = 0.15, 0.7  # a blank between Western words, and between others


class Run(NamedTuple):
    """Signs that stand close to each other, and where they begin and end, from the left."""

    left: float
    right: float
    words: str


def last_cell(runs: Sequence[Run], size: float) -> float:
    """Give where the last cell of a line begins; 0 if no gap parts it into cells."""
    for before, run in pairwise(reversed(runs)):
        if before.left - run.right > _CELL * size:
            return before.left
    return 0.0


def with_gaps(runs: Sequence[Run], size: float) -> str:
    """Put runs of a line together: a wide gap parts cells, a narrow one only Western words."""
    whole = runs[0].words
    for before, run in pairwise(runs):
        gap = run.left - before.right
        western = before.words[-1:].isascii() and run.words[:1].isascii()
        if gap > _CELL * size:
            whole += "\t"
        elif gap > (_WORD if western else _LETTER) * size:
            whole += " "
        whole += run.words
    return whole
