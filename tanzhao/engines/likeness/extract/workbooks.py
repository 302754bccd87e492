"""Workbooks: what is seen of the visible sheets, row by row, as calamine reads them."""

import io
from collections import Counter
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, load_workbook

from tanzhao.engines.likeness.extract.compound import Compound
from tanzhao.engines.likeness.extract.drawings import drawn_text
from tanzhao.engines.likeness.extract.elements import elements
from tanzhao.engines.likeness.extract.limits import Limits
from tanzhao.engines.likeness.extract.number_formats import (
    Looks,
    formats_of,
    looks_in,
    place_of,
    written,
)
from tanzhao.engines.likeness.extract.packages import Package
from tanzhao.engines.likeness.extract.refusals import Unreadable
from tanzhao.engines.likeness.extract.unseen_cells import Unseen, unseen_in, unseen_in_old

_MOST_OLD_BYTES = 40 << 20  # of an .xls, which cannot be measured before it is opened
_BOOK = "xl/workbook.xml"
_NONE = Unseen()
_PLAIN: Looks = MappingProxyType({})


def rows_of(
    content: bytes, package: Package | None, limits: Limits, left_out: Counter[str]
) -> Iterator[str]:
    """Give the rows that hold something, cells separated by tabs, lines in a cell by blanks.

    Hidden sheets, rows and columns are left out, and counted where they hold something; text
    boxes come after the rows of their sheet.

    Raises: Unreadable if the workbook is protected, damaged or unpacks to too much.
    """
    kind = "xls" if package is None else "xlsx"
    if package is not None:
        if sum(part.file_size for part in package.names.values()) > 3 * limits.most_unpacked_bytes:
            raise Unreadable("bomb", {"kind": kind})
        if "xl/workbook.bin" in package.names:
            raise Unreadable("not_a_document", {"kind": "xlsb"})
        package.left = limits.most_unpacked_bytes
    elif len(content) > _MOST_OLD_BYTES:
        raise Unreadable("too_large", {"most": "40 MB"})
    try:
        with load_workbook(io.BytesIO(content)) as book:
            yield from _rows(book, content, package, limits, left_out)
    except PasswordError as error:
        raise Unreadable("encrypted", {"kind": kind}) from error
    except CalamineError as error:
        raise Unreadable("damaged", {"kind": kind}) from error


def _rows(
    book: CalamineWorkbook,
    content: bytes,
    package: Package | None,
    limits: Limits,
    left_out: Counter[str],
) -> Iterator[str]:
    parts = {} if package is None else _parts(package)
    old = _unseen_in_old(content) if package is None else {}
    formats = {} if package is None else formats_of(package)
    letters = 0
    for index, about in enumerate(book.sheets_metadata):
        if not str(about.typ).endswith("WorkSheet"):
            continue
        if not str(about.visible).endswith(".Visible"):
            # Programs keep empty ones for their own use.
            left_out["hidden_sheets"] += _holds_something(book, index)
            continue
        part = parts.get(about.name, "")
        unseen, looks = old.get(about.name, _NONE), _PLAIN
        if package is not None and part:
            unseen = unseen_in(package.pieces(part))
            left = package.left
            looks = looks_in(package.pieces(part), formats)
            package.left = left  # the same part once more
        for line in _seen(book, index, unseen, looks, left_out):
            letters += len(line)
            if letters > limits.most_characters:
                raise Unreadable("too_long", {"most": limits.most_characters})
            yield line
        if package is not None:
            for kind, drawing in package.relations(part) if part else ():
                if kind == "drawing" and drawing in package.names:
                    yield from drawn_text(package.pieces(drawing), "xlsx")


def _seen(
    book: CalamineWorkbook, index: int, unseen: Unseen, looks: Looks, left_out: Counter[str]
) -> Iterator[str]:
    sheet = book.get_sheet_by_index(index)
    first = sheet.start[1] if sheet.start else 0
    columns = sorted(column - first for column in unseen.columns if column >= first)
    held: set[int] = set()  # hidden columns that hold something
    for number, row in enumerate(sheet.iter_rows()):
        cells = list(map(_written, row))
        for column, cell in enumerate(row) if looks else ():
            if code := looks.get(place_of(number, first + column)):
                cells[column] = written(cell, code) or cells[column]
        if number in unseen.rows:
            left_out["hidden_rows"] += any(cells)
            continue
        for column in reversed(columns):
            if column < len(cells) and cells.pop(column):
                held.add(column)
        if line := "\t".join(cells).rstrip("\t"):
            yield line
    left_out["hidden_columns"] += len(held)


def _holds_something(book: CalamineWorkbook, index: int) -> bool:
    try:
        sheet = book.get_sheet_by_index(index)
    except CalamineError:  # nobody misses it: what is seen of the workbook is read all the same
        return True
    return any(any(map(_written, row)) for row in sheet.iter_rows())


def _parts(package: Package) -> dict[str, str]:
    """Give the part of each sheet, by its name; none where the package does not say."""
    if _BOOK not in package.names:
        return {}
    targets = {name: target for name, _kind, target in package.named_relations(_BOOK)}
    return {
        values.get("name", ""): targets[values["id"]]
        for name, begins, values, _text in elements(package.pieces(_BOOK), "xlsx")
        if begins and name == "sheet" and targets.get(values.get("id", "")) in package.names
    }


def _unseen_in_old(content: bytes) -> Mapping[str, Unseen]:
    try:
        compound = Compound(content, kind="xls")
        name = "Workbook" if "Workbook" in compound.entries else "Book"
        return unseen_in_old(compound.stream(name))
    except Unreadable:  # calamine reads some that are not quite whole
        return {}


def _written(cell: object) -> str:
    if isinstance(cell, str):
        return " ".join(cell.split()) if "\n" in cell or "\t" in cell or "\r" in cell else cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if lasting := getattr(cell, "total_seconds", None):  # also more than a day of hours
        minutes, seconds = divmod(round(lasting()), 60)
        return f"{minutes // 60}:{minutes % 60:02}" + (f":{seconds:02}" if seconds else "")
    # A day is written as one, whatever the cell's format says of its hours.
    return str(cell).removesuffix(" 00:00:00")
