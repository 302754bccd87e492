"""Makers of small untidy workbooks, for the tests of tanzhao.kernel.sheets."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from tanzhao.kernel.packs import SHIPPED, read_pack
from tanzhao.kernel.sheets import HeadingPack, SheetReading, heading_pack, read_workbook

SAMPLE = SHIPPED / "samples" / "lanshui"
DIGITS = "〇一二三四五六七八九"


def pack(name: str) -> HeadingPack:
    return heading_pack(name, read_pack(SHIPPED / "headings" / name, "headings").body)


def save(
    path: Path, rows: Sequence[Sequence[Any]], merges: Sequence[str] = (), sheet: str = "表"
) -> Path:
    """Write one sheet. A list of rows from row 1; ranges such as "A1:C1" are merged after."""
    book = Workbook()
    book.active.title = sheet
    for row in rows:
        book.active.append(list(row))
    for merge in merges:
        book.active.merge_cells(merge)
    book.save(path)
    return path


def read(
    path: Path, kind: str, rows: Sequence[Sequence[Any]], merges: Sequence[str] = (), **kwargs: Any
) -> SheetReading:
    return read_workbook(save(path / "book.xlsx", rows, merges), pack(kind), **kwargs)


def values(reading: SheetReading, *fields: str) -> list[tuple[Any, ...]]:
    """Give these fields of every row."""
    return [tuple(row.fields[field] for field in fields) for row in reading.rows]


def faults(reading: SheetReading) -> set[tuple[int, str, str]]:
    return {(fault.row, fault.column, fault.code) for fault in reading.faults}


def chinese(number: int) -> str:
    """Write a number up to 99 in Chinese: 十二."""
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else DIGITS[tens] + "十") + (
        DIGITS[ones] if ones or not tens else ""
    )


def wide(text: str) -> str:
    """Write letters and digits at full width."""
    return "".join(chr(ord(c) + 0xFEE0) if c.isascii() and c.isalnum() else c for c in text)
