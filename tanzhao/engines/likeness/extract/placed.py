"""A line with its place on a page, as far as rows, cells and columns are told from it."""

from typing import Protocol


class Placed(Protocol):
    """A line of a page, as lines.Line."""

    @property
    def text(self) -> str: ...
    @property
    def left(self) -> float: ...
    @property
    def right(self) -> float: ...
    @property
    def baseline(self) -> float: ...
    @property
    def size(self) -> float: ...
    @property
    def last_cell(self) -> float: ...
