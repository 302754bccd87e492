"""hits.xlsx: what a run gave, for people. Text stays text, and secret numbers are masked.

A cell that begins like a formula is kept from being one, here and after it was saved as CSV.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import pyarrow.parquet as pq
import xlsxwriter

from tanzhao.engines.screening.hits import harmless, masked_text
from tanzhao.engines.screening.running.report import MOST_SHOWN

ROWS_OF_A_SHEET = 1_048_575  # below the headings
HIT_COLUMNS = ("rule", "risk", "match_basis", "amount_cents", "first_date", "last_date",
               "why_zh", "evidence_rows", "hit_id")  # fmt: skip
EVIDENCE_COLUMNS = ("hit_id", "role", "file", "sheet", "row_number", "cells")
CENTS = 100

type Cell = str | int | float | None


def write_workbook(
    out: Path,
    *,
    titles: Mapping[str, str],
    words: Mapping[str, str],
    why: str = "why_zh",
    unmasked: bool = False,
    shortened: str = "",
) -> Path:
    """Write hits.xlsx from the Parquet files of a run in `out`.

    Args:
        titles: heading by name of a column, and of the sheets `hits` and `evidence`.
        words: what to write for a rule, a risk or a basis; what is missing stays as it is.
        why: which sentence to show, why_zh or why_en.
        shortened: a line above the hits where evidence has more than MOST_SHOWN rows.
    """
    hide = str if unmasked else masked_text
    file = out / "hits.xlsx"
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    columns = tuple(why if name == "why_zh" else name for name in HIT_COLUMNS)
    is_shortened = pq.read_metadata(out / "evidence.parquet").num_rows > MOST_SHOWN
    said = shortened if is_shortened else ""
    with xlsxwriter.Workbook(str(file), options) as book:
        _sheets(book, titles, "hits", columns, _hits(out, columns, words, hide), said)
        _sheets(book, titles, "evidence", EVIDENCE_COLUMNS, _evidence(out, hide))
    return file


def _sheets(
    book: xlsxwriter.Workbook,
    titles: Mapping[str, str],
    name: str,
    columns: Sequence[str],
    rows: Iterator[Sequence[Cell]],
    said: str = "",
) -> None:
    bold = book.add_format({"bold": True})
    # A number in General would show a long one as 6.2E+18.
    text = book.add_format({"num_format": "@"})
    sheet, at, number = None, 0, 0
    for row in rows:
        if sheet is None or at == ROWS_OF_A_SHEET:
            number, at = number + 1, (1 if said and not number else 0)
            sheet = _sheet(book, titles, name, columns, number, bold, said)
        at += 1
        for place, value in enumerate(row):
            if isinstance(value, str):
                sheet.write_string(at, place, harmless(value), text)
            elif value is not None:
                sheet.write_number(at, place, value)
    if sheet is None:
        _sheet(book, titles, name, columns, 1, bold)


def _sheet(
    book: xlsxwriter.Workbook,
    titles: Mapping[str, str],
    name: str,
    columns: Sequence[str],
    number: int,
    bold: object,
    said: str = "",
) -> "xlsxwriter.worksheet.Worksheet":
    sheet = book.add_worksheet(titles[name] + (str(number) if number > 1 else ""))
    top = 1 if said and number == 1 else 0
    if top:
        sheet.write_string(0, 0, said)
    sheet.freeze_panes(top + 1, 0)
    sheet.set_column(0, len(columns) - 1, 18)
    for place, column in enumerate(columns):
        sheet.write_string(top, place, titles.get(column, column), bold)
    return sheet


def _hits(
    out: Path, columns: Sequence[str], words: Mapping[str, str], hide: Callable[[str], str]
) -> Iterator[Sequence[Cell]]:
    for row in _rows(out / "hits.parquet", columns):
        yield [_hit_cell(name, row[name], words, hide) for name in columns]


def _hit_cell(
    name: str, value: object, words: Mapping[str, str], hide: Callable[[str], str]
) -> Cell:
    if value is None:
        return None
    if name == "amount_cents" and isinstance(value, int):
        return value / CENTS
    if name in ("rule", "risk", "match_basis"):
        return words.get(str(value), str(value))
    if name.startswith("why"):
        return hide(str(value))
    return value if isinstance(value, int) else str(value)


def _evidence(out: Path, hide: Callable[[str], str]) -> Iterator[Sequence[Cell]]:
    rows = _rows(out / "evidence.parquet", EVIDENCE_COLUMNS)
    for _at, row in zip(range(MOST_SHOWN), rows, strict=False):
        cells = json.loads(str(row["cells"]))
        written = "；".join(f"{name}：{hide(text)}" for name, text in cells.items() if text)
        number = row["row_number"]
        yield [
            *(str(row[name]) for name in ("hit_id", "role", "file", "sheet")),
            number if isinstance(number, int) else None,
            written,
        ]


def _rows(file: Path, columns: Sequence[str]) -> Iterator[Mapping[str, object]]:
    with pq.ParquetFile(file) as opened:
        for batch in opened.iter_batches(10_000, columns=list(columns)):
            yield from batch.to_pylist()
