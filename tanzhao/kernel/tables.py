"""Lists as workbooks: what a page shows, in a file."""

import datetime as dt
import tempfile
from collections.abc import Iterable, Sequence
from typing import Any, BinaryIO

import xlsxwriter
from django.http import FileResponse
from django.utils import timezone
from django.utils.encoding import force_str

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook_response(
    filename: str, headings: Sequence[Any], rows: Iterable[Sequence[Any]]
) -> FileResponse:
    """Answer with a workbook of one sheet: headings, a frozen first row, a filter.

    Args:
        filename: with ".xlsx"; may be Chinese.
        rows: text, numbers, dates, moments, yes/no, lists or None; read once, kept nowhere.
    """
    file = tempfile.SpooledTemporaryFile(max_size=4 * 1024 * 1024)  # noqa: SIM115  the answer closes it
    write_workbook(file, headings, rows)  # type: ignore[arg-type]
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=filename, content_type=XLSX)


def write_workbook(file: BinaryIO, headings: Sequence[Any], rows: Iterable[Sequence[Any]]) -> None:
    """Write headings and rows into `file`. Memory does not grow with the number of rows."""
    # A cell that begins with "=" stays text: a finding's wording is not a formula.
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(file, options)
    sheet = book.add_worksheet()
    bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    cell = book.add_format({"text_wrap": True, "valign": "top"})
    day = book.add_format({"num_format": "yyyy-mm-dd", "valign": "top", "align": "left"})
    for column, heading in enumerate(headings):
        sheet.set_column(column, column, 16)
        sheet.write_string(0, column, force_str(heading), bold)
    last = 0
    for last, row in enumerate(rows, 1):
        for column, value in enumerate(row):
            _write(sheet, last, column, value, cell, day)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, last, max(len(headings) - 1, 0))
    book.close()


def _write(sheet: Any, row: int, column: int, value: Any, cell: Any, day: Any) -> None:
    if value is None or value in ("", []):
        return
    if isinstance(value, dt.datetime):
        local = timezone.localtime(value).strftime("%Y-%m-%d %H:%M")
        sheet.write_string(row, column, local, cell)
    elif isinstance(value, dt.date):
        sheet.write_datetime(row, column, dt.datetime(value.year, value.month, value.day), day)  # noqa: DTZ001  a day has no zone
    elif isinstance(value, int | float) and not isinstance(value, bool):
        sheet.write_number(row, column, value, cell)
    elif isinstance(value, list | tuple):
        sheet.write_string(row, column, "、".join(map(force_str, value)), cell)
    else:
        sheet.write_string(row, column, force_str(value), cell)
