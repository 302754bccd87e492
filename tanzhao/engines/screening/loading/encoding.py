"""A column as its distinct values and, for each row, which of them it has.

Whatever is done to the cells of a column is done once for each distinct text.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa

Codes = np.ndarray[Any, np.dtype[np.int32]]


@dataclass(frozen=True)
class Encoded:
    """`texts[codes[row]]` is the text of a row; code -1 is an empty cell."""

    codes: Codes
    texts: pl.Series

    def rows_with(self, flagged: np.ndarray[Any, np.dtype[np.bool_]]) -> np.ndarray[Any, Any]:
        """Give the places of the rows whose text is flagged."""
        if not flagged.any():
            return np.empty(0, dtype=np.int64)
        return np.flatnonzero(np.append(flagged, False)[self.codes])

    def spread(self, values: pa.Array) -> pa.Array:
        """Give each row the value of its text; an empty cell has none."""
        return values.take(pa.array(self.codes, mask=self.codes < 0))


def encode(column: pl.Series) -> Encoded:
    """Find the distinct texts of a column. Cells of blanks only are empty."""
    found = column.to_arrow(compat_level=pl.CompatLevel.oldest()).dictionary_encode()
    codes = found.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int32)
    texts = pl.Series("text", found.dictionary, dtype=pl.String)
    blank = (texts.str.strip_chars() == "").fill_null(value=True).to_numpy()
    if blank.any():
        codes = np.where(np.append(blank, False)[codes], np.int32(-1), codes)
    return Encoded(codes, texts)


def each(texts: Sequence[str] | pl.Series, read: Callable[[str], tuple[Any, str]]) -> Any:
    """Read texts one by one: two lists, the values and the codes of faults ("" for none)."""
    values: list[Any] = []
    faults: list[str] = []
    for text in texts:
        value, fault = read(text)
        values.append(value)
        faults.append(fault)
    return values, faults
