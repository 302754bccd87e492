"""Telling rows under the headings apart: data, totals, repeated headings, notes."""

import re
from collections.abc import Sequence

import numpy as np
import polars as pl

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
_NUMBERS_ONLY = re.compile(r"[\d.]{1,3}|[甲乙丙丁戊己庚辛壬癸]|[A-Za-z]")
_NUMERIC = (Kind.MONEY, Kind.THOUSANDTHS, Kind.WHOLE, Kind.FLAG)


def sort_rows(piece: pl.DataFrame, found: Found) -> tuple[pl.DataFrame, list[tuple[int, str]]]:
    """Part the rows of data from those that hold none.

    Returns: the rows of data, and of each other row its number and what it is.
    """
    piece = piece.filter(pl.col("row_number") > found.last_row)
    # A row with every needed cell, none of which is a heading or a total, is plainly data.
    telling = [
        f"c{found.columns[column.name]}"
        for column in found.table.columns
        if column.needed and column.kind not in _NUMERIC and column.name in found.columns
    ]
    if not telling:
        telling = [f"c{index}" for index in found.columns.values()]
    marks = [title for title in found.titles if title]
    doubt = pl.any_horizontal(
        pl.col(name).is_null()
        | (pl.col(name).str.len_chars() <= 1)
        | pl.col(name).str.contains_any(["计", "otal", "OTAL", "空白"])
        | pl.col(name).str.strip_chars().is_in(marks)
        for name in telling
    )
    doubtful = piece.select(doubt.fill_null(value=True).alias("doubt")).to_series()
    if not doubtful.any():
        return piece, []
    places = np.flatnonzero(doubtful.to_numpy())
    width = len(piece.columns) - 1
    left: list[tuple[int, str]] = []
    out = np.zeros(len(piece), dtype=bool)
    columns = {piece.columns.index(name) - 1 for name in telling}
    used = set(found.columns.values())
    for place, row in zip(places.tolist(), piece.filter(doubtful).iter_rows(), strict=True):
        number, cells = row[0], row[1 : width + 1]
        what = _what(cells, found, columns, used, is_first=place == 0)
        if what:
            left.append((number, what))
            out[place] = True
    return (piece.filter(~pl.Series(out)) if left else piece), left


def _what(
    cells: Sequence[str | None],
    found: Found,
    telling: set[int],
    used: set[int],
    *,
    is_first: bool,
) -> str:
    """Say what a row is that is no data: the code of why it was left out; "" for data."""
    texts = [(c, text.strip()) for c, text in enumerate(cells) if text and text.strip()]
    if not texts:
        return "blank_row"
    folded = {fold(text) for _, text in texts}
    if len(folded & found.texts) >= max(2, 0.6 * len(folded)):
        return "heading_row"
    if (
        is_first
        and len(texts) > 2
        and all(_NUMBERS_ONLY.fullmatch(t.strip("()（）")) for _, t in texts)
    ):
        return "numbering_row"
    total = {c for c, text in texts if len(text) < 30 and _TOTAL.fullmatch("".join(text.split()))}
    filled = {c for c, _ in texts}
    if total and (not telling <= filled or total & telling):
        return "total_row"
    if _NOTE.fullmatch(texts[0][1]) and not telling <= filled:
        return "note_row"
    if len(texts) == 1 and len(telling) > 1 - (texts[0][0] not in telling):
        return "note_row"
    return "" if filled & used else "unused_row"
