"""Large sheets of an .xlsx, each text of which is read once and not once for every cell.

Unpacking a sheet, looking through it and letting the reader of workbooks make a text of every cell
costs four times as much as this. Cells become codes (cells.py); what the codes mean is asked of
that same reader, in a small workbook made of the file's own lists and of one cell for each shared
text and for each other cell that differs. So the texts are the very same. A sheet that is not
written as Excel does it is left to look_through and the reader alone.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import fastexcel
import numpy as np
import polars as pl

from tanzhao.engines.screening.loading import cells
from tanzhao.engines.screening.loading.package import MOST_CELLS, Part, merges_in
from tanzhao.engines.screening.loading.sheets import Merge, Places, only_filled

_PIECE = 1 << 20  # bytes unpacked at a time
_LONGEST_HEAD = _LONGEST_CELL = 8 << 20
_MOST_COLUMNS = 128
_ROWS_OF_BLOCK = 1 << 14
# Cells that are no shared texts: how many may differ, and how many bytes they may have.
_FIRST_SLOTS, _MOST_NOTED, _NOTED_BYTES = 1 << 14, 4_000_000, 256 << 20
_MOST_TAIL = 256 << 20  # bytes behind the rows: merged cells, validations, drawings
_BEGINS = re.compile(rb"<sheetData>")
_FOREIGN = re.compile(rb"<!DOCTYPE|encoding=[\"'](?![Uu][Tt][Ff]-8)")
# A cell with a value, that the list of texts begins and ends with.
_MARK = b"<row><c><v>1</v></c></row>"
# A number of more digits than Excel keeps, or with a power of ten.
_LONG = re.compile(rb"<v>(?:\d{16}|[-\d.E]*[eE]\+)")
_TYPE = re.compile(rb"^[^>]*\st=[\"'](?!n[\"'])")
_SHARED = "sharedstrings.xml"
_LISTS = ("styles.xml", _SHARED)
_FRAME = (
    "[Content_Types].xml",
    "_rels/.rels",
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
)

Codes = np.ndarray[Any, np.dtype[np.int32]]
Bytes = np.ndarray[Any, np.dtype[np.uint8]]


@dataclass(frozen=True)
class PlainSheet:
    """A sheet whose cells are codes, with what the codes stand for."""

    file: Path
    part: Part
    rows: Codes  # numbers of the rows that hold a value
    columns: list[Codes]  # of the rows; cells.EMPTY, a shared text, or -2 - a noted cell
    shared: int  # shared texts from the first to the last used
    noted: list[bytes]  # what stands behind a cell's place
    merges: tuple[Merge, ...]

    def pieces(self) -> Iterator[pl.DataFrame]:
        """Give the rows as `Sheet.pieces` does.

        Raises: NotPlain if the reader of workbooks reads it in another way.
        """
        texts = self._texts()
        first = np.int32(len(self.noted) + 1)
        columns = [
            texts.gather(pl.Series(codes + first)).alias(f"c{n}")
            for n, codes in enumerate(self.columns)
        ]
        # Errors have no text; the reader of workbooks may count a column of them or not.
        if columns[-1].null_count() == len(self.rows):
            raise NotPlain
        yield only_filled(pl.DataFrame(columns), pl.Series("row_number", self.rows))

    def numbers_among(self, asked: Sequence[tuple[int, int]]) -> Places:
        """Say which of these places hold a number of more digits than Excel keeps."""
        found = np.searchsorted(self.rows, np.array([row for row, _ in asked], dtype=np.int64))
        held = set()
        for (row, column), at in zip(asked, found.tolist(), strict=True):
            if column < len(self.columns) and at < len(self.rows) and self.rows[at] == row:
                code = int(self.columns[column][at])
                if code < cells.EMPTY and _is_long(self.noted[-2 - code]):
                    held.add((row, column))
        return frozenset(held)

    def _texts(self) -> pl.Series:
        """Give the texts of all codes, from that of the last noted cell to the last shared one."""
        rows = io.BytesIO()
        rows.write(_MARK)
        rows.writelines(b"<row><c" + tail + b"</c></row>" for tail in reversed(self.noted))
        rows.write(b"<row></row>")
        rows.writelines(b'<row><c t="s"><v>%d</v></c></row>' % n for n in range(self.shared))
        rows.write(_MARK)
        try:
            book = fastexcel.read_excel(self._small_workbook(rows.getvalue()))
            loaded = book.load_sheet(self.part.sheet, header_row=None, dtypes="string")
            frame = pl.DataFrame(loaded)
        except (fastexcel.FastExcelError, zipfile.BadZipFile, zlib.error, KeyError) as error:
            raise NotPlain from error
        except BaseException as error:  # calamine's panics are no Exception
            if type(error).__name__ == "PanicException":
                raise NotPlain from error
            raise
        length = len(self.noted) + 1 + self.shared
        if frame.shape != (length + 2, 1):
            raise NotPlain
        return frame.to_series().slice(1, length)

    def _small_workbook(self, rows: bytes) -> bytes:
        made = io.BytesIO()
        with zipfile.ZipFile(self.file) as package, zipfile.ZipFile(made, "w") as small:
            for name in package.namelist():
                if name in _FRAME or name.lower().endswith(_LISTS):
                    small.writestr(name, package.read(name))
            small.writestr(
                self.part.name,
                b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
                b"<sheetData>" + rows + b"</sheetData></worksheet>",
            )
        return made.getvalue()


class NotPlain(Exception):
    """The sheet is not written as Excel does it; the reader of workbooks must read it alone."""


def read_plain(file: Path, part: Part) -> PlainSheet | None:
    """Read a sheet's cells; None if it is not plain, is damaged, or would be refused."""
    reading = _Reading()
    try:
        with zipfile.ZipFile(file) as package, package.open(part.name) as stream:
            most_shared = _most_shared(package)
            reading.read(stream.read)
    except (NotPlain, zipfile.BadZipFile, zlib.error, EOFError, KeyError, ValueError, OSError):
        return None
    except RuntimeError:  # a password, or packed in a way that zipfile does not know
        return None
    at = reading.at
    is_large = int(at[cells.ROW]) * max(26, int(at[cells.SPAN])) > MOST_CELLS
    if not reading.blocks or is_large or at[cells.SHARED] > most_shared:
        return None
    return reading.sheet(file, part)


def _most_shared(package: zipfile.ZipFile) -> int:
    """Tell how many shared texts there may be at most: a cell may name one that is not there."""
    sizes = (i.file_size for i in package.infolist() if i.filename.lower().endswith(_SHARED))
    return sum(sizes) // len(b"<si/>")


class _Reading:
    """Where the reading of one sheet stands."""

    def __init__(self) -> None:
        self.at = np.zeros(cells.STATE, dtype=np.int64)
        self.blocks: list[tuple[Codes, Codes]] = []  # numbers of rows, codes by column
        self._rows = np.zeros(_ROWS_OF_BLOCK, dtype=np.int32)
        self._codes = np.full((_MOST_COLUMNS, _ROWS_OF_BLOCK), cells.EMPTY, dtype=np.int32)
        self._slots = np.full(_FIRST_SLOTS, -1, dtype=np.int32)
        self._hashes = np.empty(_MOST_NOTED, dtype=np.uint64)
        self._starts = np.zeros(_MOST_NOTED + 1, dtype=np.int64)
        self._kept = np.empty(_NOTED_BYTES, dtype=np.uint8)
        self._tail = b""

    def read(self, more: Callable[[int], bytes]) -> None:
        """Read a whole part.

        Raises: NotPlain.
        """
        text = _behind_head(more)
        while True:
            ended, place = self._scan(text)
            if ended == cells.OVER:
                break
            if len(text) - place > _LONGEST_CELL:
                raise NotPlain
            following = more(_PIECE)
            if not following:
                raise NotPlain
            text = text[place:] + following
        self._keep()
        tail = [text[place:]]
        size = 0
        while following := more(_PIECE):
            tail.append(following)
            size += len(following)
            if size > _MOST_TAIL:
                raise NotPlain
        self._tail = b"".join(tail)

    def _scan(self, text: bytes) -> tuple[int, int]:
        """Scan a text, keeping blocks as they fill."""
        whole, place = np.frombuffer(text, dtype=np.uint8), 0
        while True:
            noted = (self._slots, self._hashes, self._starts, self._kept)
            ended, behind = cells.scan(whole[place:], self.at, self._rows, self._codes, noted)
            place += behind
            if ended == cells.OTHER:
                raise NotPlain
            if ended == cells.FULL:
                self._keep()
            elif ended == cells.CROWDED:
                self._slots = np.full(4 * len(self._slots), -1, dtype=np.int32)
                cells.put_again(self._hashes, int(self.at[cells.NOTED]), self._slots)
            else:
                return ended, place

    def _keep(self) -> None:
        rows, columns = int(self.at[cells.ROWS]), int(self.at[cells.COLUMNS])
        if rows:
            self.blocks.append((self._rows[:rows].copy(), self._codes[:columns, :rows].copy()))
            self._codes[:columns, :rows] = cells.EMPTY
        self.at[cells.ROWS] = 0

    def sheet(self, file: Path, part: Part) -> PlainSheet:
        """Give what was read."""
        columns = []
        for column in range(int(self.at[cells.COLUMNS])):
            of_blocks = [
                codes[column]
                if column < len(codes)
                else np.full(len(rows), cells.EMPTY, dtype=np.int32)
                for rows, codes in self.blocks
            ]
            columns.append(np.concatenate(of_blocks))
        kept = self._kept[: int(self.at[cells.NOTED_BYTES])].tobytes()
        ends = self._starts[: int(self.at[cells.NOTED]) + 1].tolist()
        return PlainSheet(
            file=file,
            part=part,
            rows=np.concatenate([rows for rows, _ in self.blocks]),
            columns=columns,
            shared=int(self.at[cells.SHARED]),
            noted=[kept[begin:end] for begin, end in pairwise(ends)],
            merges=merges_in(self._tail),
        )


def _behind_head(more: Callable[[int], bytes]) -> bytes:
    """Unpack up to the rows, and give what was unpacked of them.

    Raises: NotPlain if there are none, the text is not UTF-8, or what stands before is no XML.
    """
    head = b""
    while not (found := _BEGINS.search(head)):
        following = more(_PIECE)
        if not following or len(head) > _LONGEST_HEAD:
            raise NotPlain
        head += following
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or _FOREIGN.search(head, 0, found.start()):
        raise NotPlain
    try:
        ElementTree.fromstring(head[: found.end()] + b"</sheetData></worksheet>")  # noqa: S314  no DOCTYPE
    except ElementTree.ParseError as error:
        raise NotPlain from error
    return head[found.end() :]


def _is_long(tail: bytes) -> bool:
    return bool(_LONG.search(tail)) and not _TYPE.search(tail)
