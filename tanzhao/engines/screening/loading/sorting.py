"""Telling rows under the headings apart: data, totals, repeated headings, notes."""

import re
from collections.abc import Sequence

import numpy as np
import polars as pl

from tanzhao.engines.screening.loading.encoding import Flags
from tanzhao.engines.screening.loading.headings import Found, fold
from tanzhao.engines.screening.tables import Kind

_TOTAL = re.compile(
    r"(?:.{0,10}?)(?:合计|小计|总计|共计|累计|总和|sub-?total|(?:grand)?total)"
    r"(?:[（(:：].*|\d+(?:\.\d+)?[人户笔条元]*)?",
    re.IGNORECASE,
)
_NOTE = re.compile(
    r"[\s*※★（(]*(?:备注|注|说明|填表|制表|填报|审核|复核|经办|负责|单位负责人|分管|联系|打印|日期|签字|盖章|签章)"
    r"[^:：]{0,8}[:：].*|以下空白|\(?此页以下无.*",
    re.DOTALL,
)
_COLUMN_MARK = re.compile(r"[\d.]{1,3}|[甲乙丙丁戊己庚辛壬癸]|[A-Za-z]")
LONGEST_MARK = 30
RARE = 10  # one row of so many
# A needed cell with one of these may be that of a total or a note.
_MARKS = ["计", "otal", "OTAL", "总和", "空白", "备注", "说明"]
_NUMERIC = (Kind.MONEY, Kind.THOUSANDTHS, Kind.WHOLE, Kind.FLAG)


class Sorter:
    """Sorts the pieces of one sheet, in their order."""

    def __init__(self, found: Found) -> None:
        self.found = found
        self._begun = False
        telling = [
            found.columns[column.name]
            for column in found.table.columns
            if column.needed and column.kind not in _NUMERIC and column.name in found.columns
        ]
        # The columns that a row of data has filled.
        self._telling = frozenset(telling or found.columns.values())
        self._used = frozenset(found.columns.values())

    def sort(self, piece: pl.DataFrame) -> tuple[pl.DataFrame, list[tuple[int, str]]]:
        """Part the rows of data from those that hold none.

        Returns: the rows of data, and of each other row its number and what it is.
        """
        if not self._begun:
            piece = piece.slice(int((piece["row_number"] <= self.found.last_row).sum()))
        doubtful = self._doubtful(piece)
        if not self._begun and len(piece):
            doubtful[0] = True
        is_first, self._begun = not self._begun, self._begun or len(piece) > 0
        places = np.flatnonzero(doubtful)
        left: list[tuple[int, str]] = []
        kept = np.ones(len(piece), dtype=bool)
        rows = piece[places]
        for place, row in zip(places.tolist(), rows.iter_rows(), strict=True):
            what = self._what(row[1:], is_first=is_first and place == 0)
            if what:
                left.append((row[0], what))
                kept[place] = False
        return (piece.filter(pl.Series(kept)) if left else piece), left

    def _doubtful(self, piece: pl.DataFrame) -> Flags:
        """Find the rows that are not plainly data: a needed cell is empty or says no number."""
        titles = [title for title in self.found.titles if title]
        doubt = pl.any_horizontal(
            pl.col(name).is_null()
            | (pl.col(name).str.len_bytes() <= 1)
            | pl.col(name).str.contains_any(_MARKS)
            | pl.col(name).is_in(titles)
            for name in (f"c{column}" for column in sorted(self._telling))
        )
        found = piece.select(doubt.fill_null(value=True).alias("doubt")).to_series()
        return found.to_numpy().copy()

    def _what(self, cells: Sequence[str | None], *, is_first: bool) -> str:
        """Say why a row is left out; "" for data."""
        texts = [(c, text.strip()) for c, text in enumerate(cells) if text and text.strip()]
        if not texts:
            return "blank_row"
        if self._is_heading(texts):
            return "heading_row"
        if is_first and len(texts) > 2 and all(_is_mark(text) for _, text in texts):
            return "numbering_row"
        filled = {column for column, _ in texts}
        lacks = not self._telling <= filled
        totals = {c for c, text in texts if len(text) < LONGEST_MARK and _is_total(text)}
        if totals & self._telling or (totals and lacks):
            return "total_row"
        if lacks and (_NOTE.fullmatch(texts[0][1]) or self._is_alone(texts)):
            return "note_row"
        return "" if filled & self._used else "unused_row"

    def _is_heading(self, texts: list[tuple[int, str]]) -> bool:
        folded = {fold(text) for _, text in texts}
        return len(folded & self.found.texts) >= max(2, 0.6 * len(folded))

    def _is_alone(self, texts: list[tuple[int, str]]) -> bool:
        """Tell whether one text stands in a row where a row of data would have several."""
        return len(texts) == 1 and len(self._used) > 2 and not texts[0][1].isdigit()


def ragged_rows(rows: pl.DataFrame, found: Found) -> list[tuple[int, str]]:
    """Find rows with cells behind the last heading, if they are the exception."""
    titled = [place for place, title in enumerate(found.titles) if title]
    behind = [f"c{n}" for n in range(titled[-1] + 1, len(rows.columns) - 1)]
    if not behind:
        return []
    odd = rows.filter(pl.any_horizontal(pl.col(behind).is_not_null()))["row_number"].to_list()
    if len(odd) > 1 and len(odd) * RARE > len(rows):
        return []
    return [(row, "ragged") for row in odd]


def _is_mark(text: str) -> bool:
    return bool(_COLUMN_MARK.fullmatch(text.strip("()（）")))


def _is_total(text: str) -> bool:
    return bool(_TOTAL.fullmatch("".join(text.split())))
