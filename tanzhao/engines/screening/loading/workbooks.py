"""Reading workbooks (.xlsx, .xls) as text with fastexcel."""

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import fastexcel
import polars as pl
from python_calamine import CalamineError, PasswordError, load_workbook

from tanzhao.engines.screening.loading.package import Part, look_through, parts_of
from tanzhao.engines.screening.loading.report import Refused
from tanzhao.engines.screening.loading.sheets import Merge, Places, Sheet, without_empty_rows

if TYPE_CHECKING:
    from fastexcel import ExcelReader

# Bytes of a sheet, unpacked, from which it pays to load a compiler's work for it.
LARGE = 48 << 20
MOST_OLD_BYTES = 200 << 20  # of an .xls; its sheets have at most 65,536 × 256 cells
EXACT = 10**15  # whole numbers below it have digits that Excel keeps


def open_xlsx(file: Path) -> tuple[list[Sheet], list[str]]:
    """Open an .xlsx: its visible sheets that hold something, and the names of the hidden ones.

    Raises: Refused.
    """
    parts = parts_of(file)
    hidden = [part.sheet for part in parts if not part.visible]
    visible = [part for part in parts if part.visible]
    book = lru_cache(maxsize=1)(lambda: _opened(file, ".xlsx"))
    sheets = []
    for part in visible:
        sheet = _large_sheet(file, part, book) or _sheet(file, part, book)
        if sheet:
            sheets.append(sheet)
    if not sheets:
        book()  # what is damaged is refused for that
    return sheets, hidden


def _sheet(file: Path, part: Part, book: "Callable[[], ExcelReader]") -> Sheet | None:
    book()
    extent = look_through(file, part)
    if extent is None:
        return None

    def numbers(places: Sequence[tuple[int, int]]) -> Places:
        return extent.long_numbers.intersection(places) if extent.all_placed else frozenset(places)

    pieces = _pieces(book, part.sheet, extent.first_row)
    return Sheet(part.sheet, pieces, numbers, merges=extent.merges)


def _large_sheet(file: Path, part: Part, book: "Callable[[], ExcelReader]") -> Sheet | None:
    """Open a large sheet whose cells are written as Excel does it; None for others."""
    if part.size < LARGE:
        return None
    from tanzhao.engines.screening.loading.plain_sheets import NotPlain, read_plain

    plain = read_plain(file, part)
    if plain is None:
        return None

    def pieces() -> Iterator[pl.DataFrame]:
        try:
            yield from plain.pieces()
        except NotPlain:
            if sheet := _sheet(file, part, book):
                yield from sheet.pieces()

    return Sheet(part.sheet, pieces, plain.numbers_among, merges=plain.merges)


def open_xls(file: Path) -> tuple[list[Sheet], list[str]]:
    """Open an .xls as `open_xlsx` does an .xlsx.

    Raises: Refused.
    """
    if file.stat().st_size > MOST_OLD_BYTES:
        raise Refused("too_large", what=f"{file.stat().st_size >> 20:,} MB")
    book = _opened(file, ".xls")
    sheets, hidden = [], []
    try:
        with file.open("rb") as stream, load_workbook(stream) as typed:
            for place, about in enumerate(typed.sheets_metadata):
                if not str(about.typ).endswith("WorkSheet"):
                    continue
                if not str(about.visible).endswith(".Visible"):
                    hidden.append(about.name)
                    continue
                sheet = typed.get_sheet_by_index(place)
                if (start := sheet.start) is not None:
                    numbers = _numbers_of_xls(file, place, start)
                    pieces = _pieces(lambda: book, about.name, start[0] + 1)
                    merges = tuple(
                        Merge(left, first + 1, last + 1)
                        for (first, left), (last, right) in sheet.merged_cell_ranges or ()
                        if left == right and first < last
                    )
                    sheets.append(Sheet(about.name, pieces, numbers, merges=merges))
    except PasswordError as error:
        raise Refused("encrypted") from error
    except (CalamineError, OSError, ValueError) as error:
        raise Refused("damaged") from error
    return sheets, hidden


def _numbers_of_xls(
    file: Path, place: int, start: tuple[int, int]
) -> Callable[[Sequence[tuple[int, int]]], Places]:
    def numbers(places: Sequence[tuple[int, int]]) -> Places:
        with file.open("rb") as stream, load_workbook(stream) as typed:
            rows = list(typed.get_sheet_by_index(place).iter_rows())
        held = set()
        for row, column in places:
            cell = rows[row - 1][column - start[1]]
            if isinstance(cell, float) and abs(cell) >= EXACT:
                held.add((row, column))
        return frozenset(held)

    return numbers


def _opened(file: Path, suffix: str) -> "ExcelReader":
    # Of a path it believes the name; what a file is, its content says.
    is_named_so = file.suffix.lower() == suffix
    try:
        return fastexcel.read_excel(str(file) if is_named_so else file.read_bytes())
    except fastexcel.FastExcelError as error:
        raise _why(error) from error


def _why(error: Exception) -> Refused:
    return Refused("encrypted" if "assword" in str(error) else "damaged")


def _pieces(
    book: "Callable[[], ExcelReader]", name: str, first_row: int
) -> Callable[[], Iterator[pl.DataFrame]]:
    def pieces() -> Iterator[pl.DataFrame]:
        try:
            loaded = book().load_sheet(name, header_row=None, dtypes="string")
            columns = loaded.selected_columns
            frame = pl.DataFrame(loaded)
        # calamine's panics are no Exception; a panic is a file that it did not expect.
        except fastexcel.FastExcelError as error:
            raise _why(error) from error
        except BaseException as error:
            if type(error).__name__ == "PanicException":
                raise Refused("damaged") from error
            raise
        yield _placed(frame, columns[0].absolute_index if columns else 0, first_row)

    return pieces


def _placed(frame: pl.DataFrame, left: int, first_row: int) -> pl.DataFrame:
    """Number rows and columns as the sheet does; the reader counts from the first used cell."""
    renamed = {name: f"c{left + n}" for n, name in enumerate(frame.columns)}
    frame = without_empty_rows(frame.rename(renamed), first_row)
    empty = [pl.lit(None, dtype=pl.String).alias(f"c{n}") for n in range(left)]
    return frame.select("row_number", *empty, pl.exclude("row_number"))
