"""Pages of two columns: where the gutter between them is, told from where lines begin and end."""

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from tanzhao.engines.likeness.extract.placed import Placed

_FEWEST = 8  # lines of a column
_LEAST = 0.25  # of a page's lines, in either column
_FEW = 3  # lines of a right column that is but begun, if they all stand at its edge
_MOST_ACROSS = 0.2  # of them: headings, tables, pictures' captions
_NARROWEST = 8  # letters of a line: less is the cell of a table
_MIDDLE = (0.35, 0.68)  # of the width: where the right column begins
_MOST_STEPS = 0.1  # how often reading changes sides, for each line; in a table, at every row


def gutter_of(lines: Sequence[Placed], width: float) -> float | None:
    """Give where the right one of two columns begins, None if the page has one column only.

    lines: in the order of reading as the file has them.
    """
    if len(lines) < _FEWEST + _FEW:
        return None
    size = median(line.size for line in lines)
    low, high = (share * width for share in _MIDDLE)
    begins = [line.left for line in lines if low < line.left < high]
    if len(begins) < _FEW:
        return None
    # Where most lines begin; those set in begin further right.
    begin = max(begins, key=lambda one: (sum(abs(one - x) < size / 2 for x in begins), -one))
    gutter = begin - size / 2
    sides = [side_of(line, gutter) for line in lines]
    counts = [sides.count(side) for side in (0, 1, 2)]
    if counts[2] > _MOST_ACROSS * len(lines):
        return None
    if min(counts[:2]) < max(_FEWEST, _LEAST * len(lines)):
        at_edge = sum(abs(begin - one) < 2.5 * size for one in begins)
        if counts[0] < 2 * _FEWEST or not _FEW <= counts[1] == at_edge == len(begins):
            return None
    for side in (0, 1):
        own = [line for line, there in zip(lines, sides, strict=True) if there == side]
        if median(line.right - line.left for line in own) < _NARROWEST * size:
            return None
    steps = sum(one != other for one, other in pairwise(sides))
    return gutter if steps <= max(3, _MOST_STEPS * len(lines)) else None


def side_of(line: Placed, gutter: float | None) -> int:
    """Say where a line stands: 0 left, or the page has one column; 1 right; 2 across both."""
    if gutter is None or line.right <= gutter:
        return 0
    return 1 if line.left >= gutter else 2
