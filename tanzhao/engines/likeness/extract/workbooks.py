"""Workbooks: the visible sheets, row by row, as calamine reads them."""

import io
from collections.abc import Iterator

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, load_workbook

from tanzhao.engines.likeness.extract.limits import Limits
from tanzhao.engines.likeness.extract.packages import Package
from tanzhao.engines.likeness.extract.refusals import Unreadable

_MOST_OLD_BYTES = 40 << 20  # of an .xls, which cannot be measured before it is opened


def rows_of(content: bytes, package: Package | None, limits: Limits) -> Iterator[str]:
    """Give the rows that hold something, cells separated by tabs, lines in a cell by blanks.

    Raises: Unreadable if the workbook is protected, damaged or unpacks to too much.
    """
    kind = "xls" if package is None else "xlsx"
    if package is not None:
        if sum(part.file_size for part in package.names.values()) > 3 * limits.most_unpacked_bytes:
            raise Unreadable("bomb", {"kind": kind})
        if "xl/workbook.bin" in package.names:
            raise Unreadable("not_a_document", {"kind": "xlsb"})
    elif len(content) > _MOST_OLD_BYTES:
        raise Unreadable("too_large", {"most": "40 MB"})
    try:
        with load_workbook(io.BytesIO(content)) as book:
            yield from _rows(book, limits)
    except PasswordError as error:
        raise Unreadable("encrypted", {"kind": kind}) from error
    except CalamineError as error:
        raise Unreadable("damaged", {"kind": kind}) from error


def _rows(book: CalamineWorkbook, limits: Limits) -> Iterator[str]:
    letters = 0
    for index, about in enumerate(book.sheets_metadata):
        if not str(about.visible).endswith(".Visible") or not str(about.typ).endswith("WorkSheet"):
            continue
        for row in book.get_sheet_by_index(index).iter_rows():
            line = "\t".join(map(_written, row)).rstrip("\t")
            letters += len(line)
            if letters > limits.most_characters:
                raise Unreadable("too_long", {"most": limits.most_characters})
            if line:
                yield line


def _written(cell: object) -> str:
    if isinstance(cell, str):
        return " ".join(cell.split()) if "\n" in cell or "\t" in cell or "\r" in cell else cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    # A day is written as one, whatever the cell's format says of its hours.
    return str(cell).removesuffix(" 00:00:00")
