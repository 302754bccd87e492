"""A column as its distinct texts and, for each row, which of them it has.

Whatever is done to the cells of a column is done once for each distinct text.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

if TYPE_CHECKING:
    import pyarrow as pa

MANY = 1 << 18  # rows
PART_BITS = 6
Codes = np.ndarray[Any, np.dtype[np.int32]]
Hashes = np.ndarray[Any, np.dtype[np.uint64]]
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
    codes, texts = _distinct(column.rename("text"))
    if texts.str.starts_with('="').any():
        texts = texts.str.replace(r'^="(.*)"$', "$1")
    blank = (texts.str.strip_chars(BLANKS) == "").fill_null(value=True).to_numpy()
    if blank.any():
        codes = np.where(np.append(blank, np.bool_(0))[codes], np.int32(-1), codes)
    return Encoded(codes, texts)


def _distinct(column: pl.Series) -> tuple[Codes, pl.Series]:
    """Number the distinct texts; an empty cell counts as one of them.

    By their hashes, which are quicker to tell apart than texts; a second hash proves that no two
    texts had the same.
    """
    codes, number = _numbered(column.hash(0).to_numpy())
    rows = np.empty(number, dtype=np.int64)
    rows[codes] = np.arange(len(codes))
    texts = column.gather(pl.Series(rows))
    if (texts.hash(1).gather(pl.Series(codes)) == column.hash(1)).all():
        return codes, texts
    texts = column.unique()
    places = pl.DataFrame({"text": texts}).with_row_index("code")
    joined = pl.DataFrame({"text": column}).join(
        places, on="text", how="left", nulls_equal=True, maintain_order="left"
    )
    return joined["code"].cast(pl.Int32).to_numpy(), texts


def _numbered(hashes: Hashes) -> tuple[Codes, int]:
    """Number distinct hashes. Many are parted by their first bits: small tables stay in cache."""
    if len(hashes) < MANY:
        codes, number = _table_of(pl.Series(hashes).to_arrow())
        return codes.copy(), number
    part = (hashes >> np.uint64(64 - PART_BITS)).astype(np.uint8)
    order = np.argsort(part, kind="stable")
    sorted_hashes = pl.Series(hashes[order]).to_arrow()
    numbered = np.empty(len(hashes), dtype=np.int32)
    begin = number = 0
    for length in np.bincount(part).tolist():
        if length:
            codes, more = _table_of(sorted_hashes.slice(begin, length))
            np.add(codes, number, out=numbered[begin : begin + length])
            begin, number = begin + length, number + more
    codes = np.empty(len(hashes), dtype=np.int32)
    codes[order] = numbered
    return codes, number


def _table_of(hashes: "pa.Array") -> tuple[Codes, int]:
    found = hashes.dictionary_encode()
    codes = np.frombuffer(found.indices.buffers()[1], dtype=np.int32, count=len(hashes))
    return codes, len(found.dictionary)


# What fills a cell without saying anything: blanks of every width, and what cannot be seen.
BLANKS = " \t\r\n\x0b\x0c\x00\u00a0\u2000\u2002\u2003\u2009\u200b\u200c\u200d\u3000\ufeff'"
