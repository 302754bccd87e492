"""Reading workbooks (.xlsx, .xls) as text with fastexcel."""

from collections.abc import Iterator
from pathlib import Path

import fastexcel
import polars as pl

from tanzhao.engines.screening.loading.report import Refused
from tanzhao.engines.screening.loading.sheets import Sheet


def open_workbook(file: Path) -> tuple[list[Sheet], list[str]]:
    """Open a workbook: its visible sheets, and the names of the hidden ones.

    Raises: Refused.
    """
    try:
        book = fastexcel.read_excel(str(file))
    except fastexcel.FastExcelError as error:
        raise Refused("damaged") from error
    sheets = [_sheet(book, place, name) for place, name in enumerate(book.sheet_names)]
    return sheets, []


def _sheet(book: fastexcel.ExcelReader, place: int, name: str) -> Sheet:
    def pieces() -> Iterator[pl.DataFrame]:
        try:
            loaded = book.load_sheet(place, header_row=None, dtypes="string")
            frame = pl.DataFrame(loaded)
        except fastexcel.FastExcelError as error:
            raise Refused("damaged") from error
        yield _numbered(frame)

    return Sheet(name, pieces)


def _numbered(frame: pl.DataFrame) -> pl.DataFrame:
    frame = frame.rename({name: f"c{n}" for n, name in enumerate(frame.columns)})
    empty = frame.select(pl.all_horizontal(pl.all().is_null())).to_series()
    return frame.with_row_index("row_number", 1).filter(~empty)
