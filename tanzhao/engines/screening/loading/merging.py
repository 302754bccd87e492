"""Cells merged over several rows, read as a clerk reads them: each row has what stands above.

Only within one column, and never an amount or a count: one sum over three rows is not three sums.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
import polars as pl

from tanzhao.engines.screening.loading.headings import Found
from tanzhao.engines.screening.loading.sheets import Merge, Places, Sheet
from tanzhao.engines.screening.tables import Kind

_NOT_REPEATED = (Kind.MONEY, Kind.THOUSANDTHS, Kind.WHOLE)


def fill_merged(piece: pl.DataFrame, sheet: Sheet, found: Found) -> tuple[pl.DataFrame, Sheet, int]:
    """Fill the empty cells of rows of data that are merged with one above.

    Returns: the rows, the sheet, which knows where a filled cell comes from, and how many were
        filled.
    """
    columns = {
        found.columns[column.name]
        for column in found.table.columns
        if column.name in found.columns and column.kind not in _NOT_REPEATED
    }
    merges = [
        merge for merge in sheet.merges if merge.first > found.last_row and merge.column in columns
    ]
    if not merges:
        return piece, sheet, 0
    numbers = piece["row_number"].to_numpy()
    origins: dict[tuple[int, int], tuple[int, int]] = {}
    for column, of_column in _by_column(merges).items():
        name = f"c{column}"
        is_empty = piece[name].is_null().to_numpy()
        places, tops = [], []
        for merge in of_column:
            begin, end = np.searchsorted(numbers, [merge.first, merge.last + 1])
            if begin == end or numbers[begin] != merge.first or is_empty[begin]:
                continue
            below = begin + 1 + np.flatnonzero(is_empty[begin + 1 : end])
            places.append(below)
            tops.append(np.full(len(below), begin))
            rows = numbers[below].tolist()
            origins |= {(row, column): (merge.first, column) for row in rows}
        if places:
            texts = piece[name].gather(np.concatenate(tops))
            filled = piece[name].scatter(np.concatenate(places), texts)
            piece = piece.with_columns(filled.alias(name))

    def numbers_among(asked: Sequence[tuple[int, int]]) -> Places:
        held = sheet.numbers_among([origins.get(place, place) for place in asked])
        return frozenset(place for place in asked if origins.get(place, place) in held)

    return piece, replace(sheet, numbers_among=numbers_among), len(origins)


def _by_column(merges: Iterable[Merge]) -> dict[int, list[Merge]]:
    """Part merges by column, in order, without those that overlap one before: Excel has none."""
    found: dict[int, list[Merge]] = {}
    for merge in sorted(merges, key=lambda one: (one.column, one.first, one.last)):
        of_column = found.setdefault(merge.column, [])
        if not of_column or merge.first > of_column[-1].last:
            of_column.append(merge)
    return found
