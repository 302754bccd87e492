"""A column as its distinct texts and, for each row, which of them it has.

Whatever is done to the cells of a column is done once for each distinct text.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

MANY = 1 << 20  # rows
SAMPLED, FEW = 2000, 400  # so many rows are looked at, and have fewer distinct texts
Codes = np.ndarray[Any, np.dtype[np.int32]]
Hashes = np.ndarray[Any, np.dtype[np.uint64]]
Places = np.ndarray[Any, np.dtype[np.int64]]
Flags = np.ndarray[Any, np.dtype[np.bool_]]


@dataclass(frozen=True)
class Encoded:
    """`texts[codes[row]]` is the text of a row; code -1 is an empty cell."""

    codes: Codes
    texts: pl.Series

    def rows_with(self, flagged: Flags) -> Places:
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
    codes, texts = distinct(column.rename("text"))
    if texts.str.starts_with('="').any():
        texts = texts.str.replace(r'^="(.*)"$', "$1")
    blank = (texts.str.strip_chars(BLANKS) == "").fill_null(value=True).to_numpy()
    if blank.any():
        codes = np.where(np.append(blank, np.bool_(0))[codes], np.int32(-1), codes)
    return Encoded(codes, texts)


def distinct(column: pl.Series) -> tuple[Codes, pl.Series]:
    """Number the distinct texts; an empty cell counts as one of them.

    Few are numbered as they come. Many by their hashes, which are quicker to tell apart than
    texts; a second hash proves that no two texts had the same.
    """
    if _has_few(column):
        return _as_they_come(column)
    codes, places = _numbered(column.hash(0).to_numpy())
    proof = column.hash(1).to_numpy()
    if np.array_equal(proof[places][codes], proof):
        return codes, column.gather(pl.Series(places))
    return _as_they_come(column)


def _has_few(column: pl.Series) -> bool:
    """Tell by a sample whether most rows have a text that others have too."""
    if len(column) < SAMPLED * 10:
        return False
    return column.gather_every(len(column) // SAMPLED).n_unique() < FEW


def _as_they_come(column: pl.Series) -> tuple[Codes, pl.Series]:
    # Categories of their own are numbered from 0.
    numbered = column.cast(pl.Categorical(pl.Categories.random()))
    found = numbered.drop_nulls().unique()
    texts = found.cast(pl.String).gather(found.to_physical().arg_sort())
    codes = numbered.to_physical().cast(pl.Int32)
    if codes.null_count():
        codes = codes.fill_null(len(texts))
        texts = texts.append(pl.Series([None], dtype=pl.String))
    return codes.to_numpy(), texts


def _numbered(hashes: Hashes) -> tuple[Codes, Places]:
    """Number distinct hashes.

    Many are parted by their first byte, so that what is sorted stays in the processor's cache.

    Returns: for each hash its number, and for each number a place where it stands.
    """
    if len(hashes) < MANY:
        return _sorted_out(hashes)
    first_bytes = np.ascontiguousarray(hashes.astype("<u8", copy=False).view(np.uint8)[7::8])
    order = np.argsort(first_bytes, kind="stable")
    codes = np.empty(len(hashes), dtype=np.int32)
    places = []
    begin = number = 0
    for length in np.bincount(first_bytes).tolist():
        of_part = order[begin : begin + length]
        numbered, firsts = _sorted_out(hashes[of_part])
        codes[of_part] = numbered + np.int32(number)
        places.append(of_part[firsts])
        begin, number = begin + length, number + len(firsts)
    return codes, np.concatenate(places)


def _sorted_out(hashes: Hashes) -> tuple[Codes, Places]:
    order = np.argsort(hashes)
    in_order = hashes[order]
    is_first = np.ones(len(hashes), dtype=bool)
    np.not_equal(in_order[1:], in_order[:-1], out=is_first[1:])
    codes = np.empty(len(hashes), dtype=np.int32)
    codes[order] = np.cumsum(is_first, dtype=np.int32) - np.int32(1)
    return codes, order[is_first]


# What fills a cell without saying anything: blanks of every width, and what cannot be seen.
BLANKS = " \t\r\n\x0b\x0c\x00\u00a0\u2000\u2002\u2003\u2009\u200b\u200c\u200d\u3000\ufeff'"
