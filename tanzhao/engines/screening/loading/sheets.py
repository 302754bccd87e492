"""A sheet of an extract as text, row by row, however it was kept."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import polars as pl

Places = frozenset[tuple[int, int]]  # row number as Excel counts, column from 0


def no_numbers(_places: Sequence[tuple[int, int]]) -> Places:
    """Say of a file whose cells have no types that none is a number."""
    return frozenset()


def no_broken() -> int:
    """Say of a file whose characters are not decoded here that none is broken."""
    return 0


@dataclass(frozen=True)
class Merge:
    """Cells of one column that are merged over rows. Rows are Excel's, columns from 0."""

    column: int
    first: int
    last: int


@dataclass(frozen=True)
class Sheet:
    """One table of a file.

    `pieces` gives the rows in order: column `row_number`, then `c0`, `c1` … as text, empty
    cells null, rows without any cell left out.
    """

    name: str  # "" for a file without sheets
    pieces: Callable[[], Iterator[pl.DataFrame]]
    # Of these places, which hold a number (and no text that looks like one)?
    numbers_among: Callable[[Sequence[tuple[int, int]]], Places] = no_numbers
    # How many characters could not be read, once the pieces were given.
    broken: Callable[[], int] = no_broken
    merges: tuple[Merge, ...] = ()


def without_empty_rows(frame: pl.DataFrame, first_row: int) -> pl.DataFrame:
    """Number the rows, from `first_row` on, and leave out those without any cell."""
    numbers = pl.int_range(first_row, first_row + len(frame), dtype=pl.UInt32, eager=True)
    return only_filled(frame, numbers)


def only_filled(frame: pl.DataFrame, numbers: pl.Series) -> pl.DataFrame:
    """Put numbers of rows before the cells, and leave out rows without any cell."""
    held = frame.select(pl.any_horizontal(pl.all().is_not_null()).alias("held")).to_series()
    numbered = frame.insert_column(0, numbers.cast(pl.UInt32).alias("row_number"))
    # To filter costs a copy of everything; most sheets have no empty rows.
    return numbered if held.all() else numbered.filter(held)
