"""Cells of tables on a page that knows only lines: what goes on within one is one text again.

A row is drawn cell by cell: its first lines stand beside each other, the second line of a cell
stands below the first, and the next cell begins further up.
"""

from collections.abc import Iterable

from tanzhao.engines.likeness.extract.placed import Placed

_SAME_LEFT = 0.4  # of the letters' size
_LEAST = 6  # letters of a line that was broken; narrower columns hold lists, too
_LARGEST_STEP = 2.2  # from line to line, of the letters' size
_SAME_ROW = 0.5
_HIGHEST_ROW = 15  # what stands in the middle of a row begins further down than its neighbours
_ENDS = "。；;！？"


class Cells:
    """Follows the lines of one page in their order, and says in which cell each stands."""

    def __init__(self, lines: Iterable[Placed]):
        self.cell: float | None = None  # where the cell of the last line begins
        self.alone = True  # the last line has none above it that begins where it does
        self.edges: dict[int, float] = {}  # where lines end that begin at a place, furthest right
        for line in lines:
            place = round(line.last_cell / line.size) if line.size else 0
            self.edges[place] = max(self.edges.get(place, 0.0), line.right)

    def is_next(self, before: Placed, line: Placed) -> bool:
        """Tell whether the next cell of the row begins: further right, and no further down."""
        size = max(before.size, line.size)
        up = before.baseline - line.baseline
        if self.cell is None and not self.alone:  # the foot of a column, the head of the next
            return False
        begun = before.right if self.cell is None else self.cell
        return -_SAME_ROW * size < up < _HIGHEST_ROW * size and line.left > begun + size

    def take(self, before: Placed | None, line: Placed) -> None:
        """Go on to a line."""
        alone = before is None or "\t" in before.text or not _is_below(before, line)
        if "\t" in line.text or (before is not None and self.is_next(before, line)):
            self.cell = line.last_cell
        elif self.cell is not None and abs(line.left - self.cell) > _SAME_LEFT * line.size:
            self.cell = None
        self.alone = alone

    def room(self, before: Placed, line: Placed) -> float | None:
        """Give how much was left free behind `before`, if `line` stands below it in its cell."""
        size = max(before.size, line.size)
        down = line.baseline - before.baseline
        if self.cell is None or abs(line.left - self.cell) > _SAME_LEFT * size:
            return None
        if "\t" in line.text or before.text.rstrip()[-1:] in _ENDS:
            return None
        if not 0.5 * size < down < _LARGEST_STEP * size or before.right - self.cell < _LEAST * size:
            return None
        place = round(self.cell / size)
        edge = max(self.edges.get(near, 0.0) for near in (place - 1, place, place + 1))
        return edge - before.right


def _is_below(before: Placed, line: Placed) -> bool:
    size = max(before.size, line.size)
    apart = abs(before.left - line.left)
    return apart < _SAME_LEFT * size and 0 < line.baseline - before.baseline < _LARGEST_STEP * size
