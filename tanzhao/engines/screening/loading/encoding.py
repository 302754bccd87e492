"""A column as its distinct texts and, for each row, which of them it has.

Whatever is done to the cells of a column is done once for each distinct text.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

Codes = np.ndarray[Any, np.dtype[np.int32]]
Flags = np.ndarray[Any, np.dtype[np.bool_]]


@dataclass(frozen=True)
class Encoded:
    """`texts[codes[row]]` is the text of a row; code -1 is an empty cell."""

    codes: Codes
    texts: pl.Series

    def rows_with(self, flagged: Flags) -> np.ndarray[Any, np.dtype[np.int64]]:
        """Give the places of the rows whose text is flagged."""
        if not flagged.any():
            return np.empty(0, dtype=np.int64)
        return np.flatnonzero(np.append(flagged, np.bool_(0))[self.codes])

    def spread(self, values: pl.Series) -> pl.Series:
        """Give each row the value of its text; an empty cell has none."""
        return values.gather(places_or_null(self.codes))


def places_or_null(codes: Codes) -> pl.Series:
    """Give places to gather from; -1 becomes null."""
    places = pl.Series(codes)
    return pl.select(pl.when(places >= 0).then(places)).to_series() if (codes < 0).any() else places


def encode(column: pl.Series) -> Encoded:
    """Find the distinct texts of a column. Cells of blanks only are empty.

    A text kept as ="…" (so that Excel leaves it alone) is the text inside.
    """
    found = column.cast(pl.Categorical(pl.Categories.random())).to_physical()
    codes, first = _with_first_rows(found.cast(pl.Int32).fill_null(-1).to_numpy())
    texts = column.gather(pl.Series(first)).rename("text").cast(pl.String)
    if texts.str.starts_with('="').any():
        texts = texts.str.replace(r'^="(.*)"$', "$1")
    blank = (texts.str.strip_chars(BLANKS) == "").fill_null(value=True).to_numpy()
    if blank.any():
        codes = np.where(np.append(blank, np.bool_(0))[codes], np.int32(-1), codes)
    return Encoded(codes, texts)


def _with_first_rows(codes: Codes) -> tuple[Codes, np.ndarray[Any, np.dtype[np.int64]]]:
    """Give codes without gaps, and the first row of each."""
    highest = np.maximum.accumulate(np.append(np.int32(-1), codes))
    first = np.flatnonzero(highest[1:] > highest[:-1])
    # Codes are given out in the order of the rows, as far as is known.
    if len(first) == int(highest[-1]) + 1:
        return codes, first
    used, first, again = np.unique(codes, return_index=True, return_inverse=True)
    empty = int(used[0] < 0)
    return (again - empty).astype(np.int32), first[empty:]


# What fills a cell without saying anything: blanks of every width, and what cannot be seen.
BLANKS = " \t\r\n\x0b\x0c\x00\u00a0\u2000\u2002\u2003\u2009\u200b\u200c\u200d\u3000\ufeff'"
