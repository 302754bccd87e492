"""Reading text files (.csv, .txt, .tsv): encoding, mark between cells, quotes, ragged rows.

A file is read in pieces, each recoded to UTF-8 and parsed by Polars; one whose quotes are not
those of a well-formed CSV goes through Python's more forgiving reader.
"""

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

import polars as pl

from tanzhao.engines.screening.loading.report import Refused
from tanzhao.engines.screening.loading.sheets import Sheet, without_empty_rows

PIECE = 64 << 20  # bytes parsed at a time
BLOCK = 1 << 20  # bytes recoded at a time: they stay in the processor's cache
HEAD = 1 << 20  # bytes that the mark between cells is told by
SAMPLE = 1 << 16  # bytes that are tried as GB18030
MOST_COLUMNS = 2000
MOST_CELL = 1 << 17  # characters
LONGEST_OPEN = 256 << 20  # bytes without the end of a row
SLOW_ROWS = 100_000
# Of a thousand characters that are not ASCII, so many may be broken: a field cut in the middle
# of a character is common in exports; a file of another encoding is broken all over.
MOST_BROKEN, FEW_BROKEN = 20, 10
BROKEN = "\ufffd"
MARKS = ",\t;|"
# A quotation mark that neither begins nor ends a cell, nor is one of a pair.
_STRAY = re.compile(rb'[^,\t;|\r\n"]"[^,\t;|\r\n"]|[^,\t;|\r\n"]""[^"]')
_END = "\x00end"


def open_text(file: Path) -> Sheet:
    """Open a text file.

    Raises: Refused.
    """
    with file.open("rb") as stream:
        head = stream.read(HEAD)
    reader = _Reader(file, _encoding(file, head))
    return Sheet("", reader.pieces, broken=lambda: reader.broken)


def _encoding(file: Path, head: bytes) -> str:
    """Tell the encoding: by its mark, by UTF-16's zeros, as UTF-8 if all of it is, else GB18030."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    zeros_even, zeros_odd = head[::2].count(0), head[1::2].count(0)
    if max(zeros_even, zeros_odd) > len(head) // 8:
        if min(zeros_even, zeros_odd) * 20 > max(zeros_even, zeros_odd):
            raise Refused("binary")
        return "utf-16-le" if zeros_odd > zeros_even else "utf-16-be"
    if _is_utf8(file):
        return "utf-8-sig"
    text = codecs.getincrementaldecoder("gb18030")("replace").decode(head[:SAMPLE])
    others = sum(not character.isascii() for character in text)
    broken = text.count(BROKEN)
    if broken > FEW_BROKEN and broken * 1000 > others * MOST_BROKEN:
        raise Refused("encoding")
    return "gb18030"


def _is_utf8(file: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with file.open("rb") as stream:
            while block := stream.read(1 << 22):
                decoder.decode(block)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        # The very end may be cut off; all before it was UTF-8.
        return error.reason == "unexpected end of data" and error.end == len(error.object)
    return True


class _Reader:
    """Reads one text file, row numbers counted as Excel would."""

    def __init__(self, file: Path, encoding: str) -> None:
        self._file, self._encoding = file, encoding
        self._row = 0
        self._mark = ","
        self._width = 0
        self.broken = 0  # characters
        # Old Macintoshes end lines with a carriage return alone.
        self._has_old_ends: bool | None = None

    def pieces(self) -> Iterator[pl.DataFrame]:
        """Read the file from its beginning."""
        self._row = self._width = self.broken = 0
        texts = self._recoded()
        for text in texts:
            if not self._width:
                self._learn(text)
            if b'"' in text and not _is_regular(text):
                yield from self._slowly(chain([text], texts))
            else:
                yield self._parsed(text)

    def _recoded(self) -> Iterator[bytes]:
        """Give the file in UTF-8, in pieces that end where a row ends."""
        decoder = codecs.getincrementaldecoder(self._encoding)("replace")
        blocks: list[bytes] = []
        size, due = 0, PIECE
        with self._file.open("rb") as stream:
            while block := stream.read(BLOCK):
                blocks.append(self._utf8(decoder.decode(block)))
                size += len(blocks[-1])
                if size < due:
                    continue
                whole = b"".join(blocks)
                cut = _end_of_row(whole)
                if not cut and size > LONGEST_OPEN:
                    cut = size
                if cut:
                    yield whole[:cut]
                blocks, size = [whole[cut:]], size - cut
                due = size + PIECE
        whole = b"".join([*blocks, self._utf8(decoder.decode(b"", final=True))])
        # DOS programs end a text with Ctrl-Z.
        if whole := whole.removesuffix(b"\x1a"):
            yield whole

    def _utf8(self, text: str) -> bytes:
        if self._has_old_ends is None:
            head = text[:HEAD]
            self._has_old_ends = "\r" in head and "\n" not in head
        if self._has_old_ends:
            text = text.replace("\r", "\n")
        # To find a character takes a tenth of counting it, and next to no file has one.
        if BROKEN in text:
            self.broken += text.count(BROKEN)
        recoded = text.encode("utf-8")
        return recoded.replace(b"\0", b"") if b"\0" in recoded else recoded

    def _learn(self, text: bytes) -> None:
        """Find the mark between cells, and the number of columns."""
        lines = text[:HEAD].decode("utf-8", "ignore").splitlines()[:200]
        told = [line for line in lines[:1] if line.lower().startswith("sep=")]
        counts = {mark: sum(line.count(mark) for line in lines) for mark in MARKS}
        self._mark = told[0][4:5] if told else max(counts, key=lambda mark: counts[mark])
        rows = csv.reader(io.StringIO("\n".join(lines)), delimiter=self._mark or ",")
        try:
            self._width = max((len(row) for row in rows), default=1)
        except csv.Error as error:
            raise Refused("long_cell", row=1, most=f"{MOST_CELL:,}") from error
        if self._width > MOST_COLUMNS:
            raise Refused("too_wide", most=f"{MOST_COLUMNS:,}")

    def _parsed(self, text: bytes) -> pl.DataFrame:
        # One more, so that a row with more cells than all before it is seen.
        names = [f"c{n}" for n in range(self._width + 1)]
        try:
            frame = pl.read_csv(
                text,
                has_header=False,
                separator=self._mark,
                quote_char='"' if b'"' in text else None,
                schema=dict.fromkeys(names, pl.String),
                infer_schema=False,
                truncate_ragged_lines=True,
                missing_columns="insert",
                extra_columns="ignore",
            )
        except pl.exceptions.PolarsError as error:
            raise Refused("damaged_text") from error
        return self._numbered(frame)

    def _numbered(self, frame: pl.DataFrame) -> pl.DataFrame:
        first_row = self._row + 1
        self._row += len(frame)
        return without_empty_rows(frame, first_row)

    def _slowly(self, texts: Iterable[bytes]) -> Iterator[pl.DataFrame]:
        """Read what is left with Python's reader, which takes a stray mark for itself."""
        csv.field_size_limit(MOST_CELL)
        plain = (text.replace(b"\r\n", b"\n").replace(b"\r", b"\n") for text in texts)
        lines = (line for text in plain for line in io.StringIO(text.decode("utf-8")))
        reader = csv.reader(chain(lines, ["\n", _END]), delimiter=self._mark)
        rows: list[list[str | None]] = []
        try:
            for cells in reader:
                if cells and cells[-1].endswith(_END):
                    if cells != [_END]:
                        raise Refused("open_quote", row=self._row + len(rows) + 1)
                    break
                given: list[str | None] = [cell or None for cell in cells[: self._width + 1]]
                rows.append(given + [None] * (self._width + 1 - len(given)))
                if len(rows) == SLOW_ROWS:
                    yield self._numbered(self._frame(rows))
                    rows = []
        except csv.Error as error:
            row = self._row + len(rows) + 1
            raise Refused("long_cell", row=row, most=f"{MOST_CELL:,}") from error
        # The line end before the mark of the end is one row too many where the file has its own.
        while rows and not any(rows[-1]):
            rows.pop()
        if rows:
            yield self._numbered(self._frame(rows))

    def _frame(self, rows: list[list[str | None]]) -> pl.DataFrame:
        names = [f"c{n}" for n in range(self._width + 1)]
        return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")


def _end_of_row(text: bytes) -> int:
    """Find the end of the last whole row: a line end outside quotes."""
    if b'"' not in text:
        return text.rfind(b"\n") + 1
    cut = text.rfind(b"\n")
    is_open = text.count(b'"', 0, cut + 1) % 2
    while cut >= 0 and is_open:
        before = text.rfind(b"\n", 0, cut)
        is_open = (is_open + text.count(b'"', before + 1, cut + 1)) % 2
        cut = before
    return cut + 1


def _is_regular(text: bytes) -> bool:
    """Tell whether quotes only begin and end cells, or stand in pairs within such cells."""
    return text.count(b'"') % 2 == 0 and not _STRAY.search(text)
