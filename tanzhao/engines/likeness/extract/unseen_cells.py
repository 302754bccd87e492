"""Rows and columns of a sheet that nobody sees who opens the workbook: hidden, or of no height.

Sources: ECMA-376 part 1, 18.3.1 (xlsx); [MS-XLS] 2.4.53, 2.4.221 (xls).
"""

import re
import struct
from collections.abc import Iterable
from dataclasses import dataclass, field

from tanzhao.engines.likeness.extract.sheet_tags import tags_in

_TAG = re.compile(rb"<(?:\w+:)?(row|col|sheetData)\b([^<>]*)>")
_VALUE = re.compile(rb"""\b(\w+)\s*=\s*["']([^"']*)["']""")
_LAST = 16_384  # columns of a sheet
_ROW, _COLUMNS, _SHEET, _BEGIN = 0x0208, 0x007D, 0x0085, 0x0809
_ROW_HIDDEN, _COLUMNS_HIDDEN = 0x20, 1


@dataclass(frozen=True)
class Unseen:
    """Rows and columns, counted from 0."""

    rows: set[int] = field(default_factory=set)
    columns: set[int] = field(default_factory=set)


def unseen_in(pieces: Iterable[bytes]) -> Unseen:
    """Find them in the XML of a sheet; nothing is parsed but the heads of rows and columns."""
    found = Unseen()
    row = -1
    for tag in tags_in(pieces, _TAG):
        if tag[1] == b"sheetData":
            continue
        values = {key: value.decode("latin-1") for key, value in _VALUE.findall(tag[2])}
        if tag[1] == b"row":
            row = _number(values.get(b"r", ""), row + 2) - 1
            if _is_hidden(values, b"ht"):
                found.rows.add(row)
        elif _is_hidden(values, b"width"):
            first = _number(values.get(b"min", ""), 1) - 1
            end = min(_number(values.get(b"max", ""), 0), _LAST)
            found.columns.update(range(first, end))
    return found


def unseen_in_old(stream: bytes) -> dict[str, Unseen]:
    """Find them in the sheets of an .xls, by the names of the sheets."""
    found: dict[str, Unseen] = {}
    names: dict[int, str] = {}  # by where the sheet begins in the stream
    now = Unseen()
    at = 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        body = stream[at + 4 : at + 4 + length]
        if len(body) < length:  # what stands behind the last sheet may be anything
            break
        if kind == _BEGIN:
            now = found.setdefault(names.get(at, ""), Unseen())
        elif kind == _SHEET and length > 8:
            names[struct.unpack_from("<I", body)[0]] = _name(body)
        elif kind == _ROW and length >= 16:
            row, _first, _last, height = struct.unpack_from("<4H", body)
            if body[12] & _ROW_HIDDEN or height & 0x7FFF == 0:
                now.rows.add(row)
        elif kind == _COLUMNS and length >= 10:
            first, last, width, _style, flags = struct.unpack_from("<5H", body)
            if flags & _COLUMNS_HIDDEN or width == 0:
                now.columns.update(range(first, min(last + 1, _LAST)))
        at += 4 + length
    return found


def _name(body: bytes) -> str:
    letters, wide = body[6], body[7] & 1
    raw = body[8 : 8 + letters * (2 if wide else 1)]
    return raw.decode("utf-16-le" if wide else "latin-1", "replace")


def _is_hidden(values: dict[bytes, str], size: bytes) -> bool:
    if values.get(b"hidden", "0") in ("1", "true"):
        return True
    try:
        return float(values.get(size, "1")) == 0
    except ValueError:
        return False


def _number(value: str, otherwise: int) -> int:
    return int(value) if value.isascii() and value.isdigit() and len(value) < 9 else otherwise
