"""Days and shares in workbooks are read as a person sees them."""

import datetime as dt
import io

import openpyxl
import pytest

from tanzhao.engines.likeness.extract import Limits, extract_file
from tanzhao.engines.likeness.extract.number_formats import written

DAY = dt.date(2026, 3, 5)


def read(tmp_path, *cells):
    """Write (value, format) below each other, without the first column; give the lines read."""
    book = openpyxl.Workbook()
    for row, (value, code) in enumerate(cells, 3):
        cell = book.active.cell(row, 2, value)
        cell.number_format = code
    made = io.BytesIO()
    book.save(made)
    path = tmp_path / "台账.xlsx"
    path.write_bytes(made.getvalue())
    return extract_file(path, limits=Limits(ocr=False)).text.split("\n")


def test_a_ledger_says_its_days_and_shares_as_whoever_opens_it_reads_them(tmp_path):
    lines = read(
        tmp_path,
        (DAY, 'yyyy"年"m"月"d"日"'),
        (DAY, '[$-804]yyyy"年"mm"月"dd"日";@'),
        (DAY, 'yyyy"年"m"月"'),
        (dt.datetime(2026, 3, 5, 9, 5), 'm"月"d"日" h"时"mm"分"'),
        (dt.date(2020, 12, 31), '[DBNum1][$-804]yyyy"年"m"月"d"日";@'),
        (DAY, '[$-804][DBNum1]yyyy"年"m"月"'),
        (0.125, "0.0%"),
        (0.96, "0%"),
        (1 / 3, "0.00%_ "),
        (0.005, "0%"),
        ("整改完成率96%", "0%"),
    )

    assert lines == [
        "2026年3月5日", "2026年03月05日", "2026年3月", "3月5日 9时05分",
        "二〇二〇年十二月三十一日", "二〇二六年三月",
        "12.5%", "96%", "33.33%", "1%", "整改完成率96%",
    ]  # fmt: skip


def test_other_days_are_never_serial_numbers_and_other_numbers_have_no_separators(tmp_path):
    lines = read(
        tmp_path,
        (DAY, "yyyy/m/d"),
        (DAY, "mm-dd-yy"),
        (dt.datetime(2026, 3, 5, 14, 30), "yyyy-mm-dd hh:mm"),
        (dt.timedelta(hours=30), "[h]:mm"),
        (dt.timedelta(hours=30), '[h]"小时"'),
        (48600, '"¥"#,##0.00'),
        (1234567.5, "#,##0.00"),
        ("0012", "@"),
    )

    assert lines == [
        "2026-03-05", "2026-03-05", "2026-03-05 14:30:00", "30:00", "30:00",
        "48600", "1234567.5", "0012",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        (True, "0%"),
        (float("inf"), "0%"),
        (0.5, 'yyyy"年"'),
        (0.125, "0." + "0" * 30 + "%"),
        (DAY, '[DBNum1]mm"月"'),
        (DAY, '[DBNum2]yyyy"年"'),
        (dt.timedelta(hours=30), '[h]"时"'),
        (DAY, "0%"),
        (DAY, 'aaaa"月"'),
        (DAY, 'mmmm"月"'),
        (dt.time(14, 30), 'yyyy"年"'),
        ("文字", "0%"),
    ],
)
def test_what_a_format_does_not_fit_stays_as_it_was(cell, code):
    assert written(cell, code) == ""
