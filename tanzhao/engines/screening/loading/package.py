"""A look into an .xlsx before it is opened: what it is, what it would take, where cells stand.

The reader of workbooks expands a sheet in memory, from its first to its last cell, and forgets
where it began and which cells held numbers. So each sheet's part is looked through once, as a
stream, without an XML parser.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np

from tanzhao.engines.screening.loading.report import Refused
from tanzhao.engines.screening.loading.sheets import Merge

MOST_UNPACKED = 3 << 30  # bytes of all parts, by the directory
MOST_CELLS = 60_000_000  # between the first and the last of a sheet; 32 bytes each while read
MOST_ROWS, MOST_COLUMNS = 1 << 20, 1 << 14  # Excel's own
# A part of so many bytes that packs so well holds one thing over and over.
_BOMB_BYTES, _BOMB_RATIO = 64 << 20, 300
_CHUNK, _LONGEST_CELL, _SMALL_PART = 1 << 18, 8 << 20, 8 << 20
_LONG = 16  # digits; Excel keeps 15
_LONGEST_PREFIX = 24  # of an element: x:c
_LONGEST_BEFORE = 4096  # bytes between a cell's beginning and its value: a formula

_P = rb"(?:\w+:)?"
_CELL = re.compile(rb"<" + _P + rb"c\b([^>]*)>")
_ROW = re.compile(rb"<" + _P + rb"row\b[^>]*?\sr\s*=\s*[\"'](\d+)")
_VALUE = re.compile(rb"<" + _P + rb"(?:v|is)>(?!</)")
_PLACE = re.compile(rb"\sr\s*=\s*[\"']\$?([A-Za-z]{1,4})\$?(\d+)[\"']")
_IN_VALUE = re.compile(rb"<" + _P + rb"v>[-\d.E]*\Z")
_CELL_NAME = rb"\$?([A-Z]{1,3})\$?(\d{1,7})"
_MERGED = re.compile(
    rb"<" + _P + rb"mergeCell\b[^>]*?\sref\s*=\s*[\"']" + _CELL_NAME + rb":" + _CELL_NAME
)
_TYPE = re.compile(rb"\st\s*=\s*[\"'](\w+)")


Bytes = np.ndarray[Any, np.dtype[np.uint8]]
Places = np.ndarray[Any, np.dtype[np.int64]]


@dataclass(frozen=True)
class Part:
    """What stands in the directory of an .xlsx about one of its sheets."""

    sheet: str
    name: str  # in the zip
    visible: bool
    size: int = 0  # bytes, unpacked


@dataclass(frozen=True)
class Extent:
    """Where the cells of a sheet stand. Rows are Excel's, columns are counted from 0."""

    first_row: int  # the first that holds a value
    long_numbers: frozenset[tuple[int, int]]  # cells with numbers of more digits than Excel keeps
    all_placed: bool  # False: some such cell does not say where it stands
    merges: tuple[Merge, ...]  # over rows of one column


def parts_of(file: Path) -> list[Part]:
    """List the worksheets of an .xlsx in their order.

    Raises: Refused if it is none, is protected, damaged, or too large to be opened.
    """
    try:
        with zipfile.ZipFile(file) as package:
            infos = {info.filename: info for info in package.infolist()}
            _refuse_others(infos)
            _refuse_large(infos.values())
            return _worksheets(package)
    except (zipfile.BadZipFile, ElementTree.ParseError, KeyError, ValueError, EOFError) as error:
        raise Refused("damaged") from error
    except (OSError, NotImplementedError, RuntimeError) as error:
        raise Refused("damaged") from error


def _refuse_others(infos: dict[str, zipfile.ZipInfo]) -> None:
    if any(info.flag_bits & 1 for info in infos.values()):
        raise Refused("encrypted")
    if "xl/workbook.xml" in infos:
        return
    starts = {"word/": "docx", "ppt/": "pptx", "OFD.xml": "ofd", "xl/workbook.bin": "xlsb"}
    for start, kind in starts.items():
        if any(name.startswith(start) for name in infos):
            raise Refused("not_a_table", kind=kind)
    raise Refused("not_a_table", kind="ods" if "content.xml" in infos else "zip")


def _refuse_large(infos: Any) -> None:
    for info in infos:
        if info.file_size > _BOMB_BYTES and info.file_size > _BOMB_RATIO * info.compress_size:
            raise Refused("too_large", what=_megabytes(info.file_size))
    unpacked = sum(info.file_size for info in infos)
    if unpacked > MOST_UNPACKED:
        raise Refused("too_large", what=_megabytes(unpacked))


def _megabytes(size: int) -> str:
    return f"{size >> 20:,} MB"


def _small(package: zipfile.ZipFile, part: str) -> ElementTree.Element:
    if package.getinfo(part).file_size > _SMALL_PART:
        raise Refused("too_large", what=part)
    content = package.read(part)
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise Refused("damaged")
    return ElementTree.fromstring(content)  # noqa: S314  small, and without entities


def _worksheets(package: zipfile.ZipFile) -> list[Part]:
    targets: dict[str, str] = {}
    for relation in _small(package, "xl/_rels/workbook.xml.rels"):
        if relation.get("Type", "").endswith("/worksheet"):
            target = relation.get("Target", "")
            name = target[1:] if target[:1] == "/" else f"xl/{target}"
            targets[relation.get("Id", "")] = name
    parts = []
    sizes = {info.filename: info.file_size for info in package.infolist()}
    for element in _small(package, "xl/workbook.xml").iter():
        if element.tag.rsplit("}", 1)[-1] == "sheet":
            keys = [value for key, value in element.items() if key.endswith("}id")]
            if keys and keys[0] in targets:
                visible = element.get("state", "visible") == "visible"
                name = targets[keys[0]]
                parts.append(Part(element.get("name", ""), name, visible, sizes.get(name, 0)))
    return parts


def look_through(file: Path, part: Part) -> Extent | None:
    """Look through a sheet's part; None if no cell holds a value.

    Raises: Refused if the sheet would not fit into memory, or its part is damaged.
    """
    look = _Look(part.sheet)
    try:
        with zipfile.ZipFile(file) as package:
            last = [b"", b""]
            for piece in _pieces(package, part.name):
                look.at(piece)
                if piece:
                    last = [last[1], piece]
            look.at_end(b"".join(last))
            if look.is_wide:
                for piece in _pieces(package, part.name):
                    look.measure(piece)
    except (zipfile.BadZipFile, zlib.error, KeyError, EOFError, ValueError) as error:
        raise Refused("damaged") from error
    except (OSError, NotImplementedError, RuntimeError) as error:
        raise Refused("damaged") from error
    return look.extent()


def _pieces(package: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """Give the part in pieces that never cut a cell in two."""
    kept = b""
    with package.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            kept += chunk
            cut = max(kept.rfind(b"<c "), kept.rfind(b":c ") - 20, kept.rfind(b"<row"), 0)
            cut = kept.rfind(b">", 0, cut) + 1
            if not cut and len(kept) > _LONGEST_CELL:
                raise Refused("damaged")
            yield kept[:cut]
            kept = kept[cut:]
    yield kept


class _Look:
    def __init__(self, sheet: str) -> None:
        self._sheet = sheet
        self._first_row = 0
        self._rows, self._columns = 0, 26
        self._long: set[tuple[int, int]] = set()
        self._all_placed = True
        self._merges: tuple[Merge, ...] = ()

    @property
    def is_wide(self) -> bool:
        """Tell whether the sheet is too wide for as many rows as Excel has."""
        return self._columns * MOST_ROWS > MOST_CELLS

    def at(self, piece: bytes) -> None:
        """Look at a piece: far cells, long numbers, the first value."""
        if not self._first_row and (value := _VALUE.search(piece)):
            self._first_row = _row_of(piece, value.start())
        if len(piece) < 32:
            return
        text = np.frombuffer(piece, dtype=np.uint8)
        # Every pass over a part costs as much as a tenth of its unpacking: hence so few.
        is_letter = ((text | 32) - 97) < 26
        wide = (text == ord('"'))[:-2] & is_letter[1:-1] & is_letter[2:]
        is_digit = (text - ord("0")) < 10
        pairs = is_digit[:-1] & is_digit[1:]
        fours = pairs[:-2] & pairs[2:]
        runs = np.flatnonzero(fours[:-3] & fours[3:])  # seven digits or more
        before = text[runs - 1]
        # References from AA on, and rows from 1,000,000 on: most pieces have none.
        is_far = is_letter[runs - 1] | (before == ord('"'))
        if b"'" in piece or is_far.any() or self._is_wider(text, np.flatnonzero(wide)):
            self.measure(piece)
        # A number stands right behind <v>; texts in the part itself, behind <t>, may be many.
        in_value = (before == ord(">")) & (text[runs - 2] == ord("v"))
        ends = runs[in_value & (runs + _LONG <= len(text))]
        ends = ends[is_digit[ends[:, None] + np.arange(_LONG)].all(axis=1)]
        for place in [*ends.tolist(), *_powers(piece)]:
            self._note_number(piece[max(0, place - _LONGEST_BEFORE) : place])

    def _is_wider(self, text: Bytes, quotes: Places) -> bool:
        """Tell whether a reference in quotes, of two letters or more, is beyond all before."""
        quotes = quotes[quotes + 5 < len(text)]
        column = np.zeros(len(quotes), dtype=np.int64)
        is_open = np.ones(len(quotes), dtype=bool)  # nothing but letters so far
        is_reference = np.zeros(len(quotes), dtype=bool)
        for place in range(1, 6):
            characters = text[quotes + place]
            letters = (characters | 32) - np.uint8(96)
            is_reference |= is_open & ((characters - np.uint8(48)) < 10)
            is_open &= (letters >= 1) & (letters <= 26)
            column = np.where(is_open, column * 26 + letters, column)
        return bool((column[is_reference] > self._columns).any())

    def at_end(self, piece: bytes) -> None:
        """Look at what stands behind the cells: which of them are merged over rows."""
        self._merges = merges_in(piece)

    def measure(self, piece: bytes) -> None:
        """Find the last row and column of a piece, by its cells and rows one by one."""
        for cell in _CELL.finditer(piece):
            if found := _PLACE.search(cell[1]):
                self._columns = max(self._columns, _column(found[1]) + 1)
                self._rows = max(self._rows, int(found[2]))
        for row in _ROW.findall(piece):
            self._rows = max(self._rows, int(row))
        is_beyond = self._rows > MOST_ROWS or self._columns > MOST_COLUMNS
        if is_beyond or self._rows * self._columns > MOST_CELLS:
            cell_name = f"{_letters(self._columns - 1)}{self._rows}"
            raise Refused("far_cell", sheet=self._sheet, cell=cell_name)

    def _note_number(self, before: bytes) -> None:
        """Note the place of a long number that begins, or goes on, behind these bytes."""
        near = max(before.rfind(b"<c "), before.rfind(b":c ") - _LONGEST_PREFIX, 0)
        cells = list(_CELL.finditer(before, near))
        if not cells or not _IN_VALUE.search(before, cells[-1].end()):
            return
        kind, found = _TYPE.search(cells[-1][1]), _PLACE.search(cells[-1][1])
        if kind is None or kind[1] == b"n":
            if found:
                self._long.add((int(found[2]), _column(found[1])))
            else:
                self._all_placed = False

    def extent(self) -> Extent | None:
        if not self._first_row:
            return None
        return Extent(self._first_row, frozenset(self._long), self._all_placed, self._merges)


def merges_in(piece: bytes) -> tuple[Merge, ...]:
    """Give the cells of one column that are merged over rows, as a sheet declares them."""
    found = [
        Merge(_column(left), int(first), int(last))
        for left, first, right, last in _MERGED.findall(piece)
        if left == right
    ]
    return tuple(merge for merge in found if merge.first < merge.last)


def _powers(piece: bytes) -> Iterator[int]:
    """Find numbers written with a power of ten: a plus is rare, and searched for quickly."""
    place = piece.find(b"+")
    while place >= 0:
        if piece[place - 1 : place] in (b"E", b"e"):
            yield place - 1
        place = piece.find(b"+", place + 1)


def _row_of(piece: bytes, place: int) -> int:
    """Find the row of the cell whose value stands at this place."""
    cells = list(_CELL.finditer(piece, max(0, place - _LONGEST_BEFORE), place))
    if cells and (found := _PLACE.search(cells[-1][1])):
        return int(found[2])
    rows = _ROW.findall(piece, 0, place)
    return int(rows[-1]) if rows else 1


def _column(letters: bytes) -> int:
    """Count a column from 0: A is 0, AA is 26."""
    index = 0
    for letter in letters.upper():
        index = index * 26 + letter - 64
    return index - 1


def _letters(index: int) -> str:
    letters = ""
    index += 1
    while index:
        index, digit = divmod(index - 1, 26)
        letters = chr(65 + digit) + letters
    return letters
