"""A large sheet is read another way, and what is read is the same to the letter."""

import datetime as dt
import io
import random
import re

import polars as pl
import pytest
import xlsxwriter

from tanzhao.engines.screening.loading import cells, plain_sheets, workbooks
from tanzhao.engines.screening.loading.opening import opened
from tanzhao.engines.screening.loading.package import parts_of
from tanzhao.engines.screening.loading.report import Refused
from tests.engines.screening.hostile_workbooks import FILES, changed

SHEET = "xl/worksheets/sheet1.xml"
LARGE = workbooks.LARGE


def read(file, large, monkeypatch):
    """Read a file as if sheets were large or not: its sheets, or why it was refused."""
    monkeypatch.setattr(workbooks, "LARGE", 0 if large else LARGE)
    try:
        book = opened(file)
        return [(*told(sheet),) for sheet in book.sheets], book.hidden
    except Refused as error:
        return error.code, dict(error.values)


def told(sheet):
    frame = pl.concat(list(sheet.pieces()))
    rows, width = frame["row_number"].to_list(), frame.width - 1
    numbers = sheet.numbers_among([(row, column) for row in rows for column in range(width)])
    return sheet.name, frame.schema, frame.rows(), numbers, sheet.merges, sheet.broken()


def is_plain(file):
    return [plain_sheets.read_plain(file, part) is not None for part in parts_of(file)]


@pytest.fixture(scope="module")
def varied():
    """Give the bytes of a workbook with every kind of cell, gaps and merges."""
    chance = random.Random(11)
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        sheet = book.add_worksheet("发放")
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        bold = book.add_format({"bold": True})
        sheet.write_row(2, 1, ["姓名", "身份证号", "日期", "金额", "备注", "末"])
        for row in range(3, 300):
            if row % 50 == 0:
                continue  # a row without cells
            sheet.write_string(row, 1, chance.choice(["王五", "a&b<c>", " 两 边 ", "x\ny", "末"]))
            sheet.write(row, 2, chance.choice(["36052119650312001X", 360521196503120011, 1e21]))
            when = dt.datetime(2026, 1, 1) + dt.timedelta(hours=chance.randrange(9000))
            sheet.write_datetime(row, 3, when, day)
            sheet.write_number(row, 4, chance.choice([0.1 + 0.2, -5, 1e-7, 12.5, 120.0, 1 / 3]))
        sheet.write_rich_string(4, 5, "前", bold, "粗", "后")
        sheet.write_boolean(5, 5, True)
        sheet.write_formula(6, 5, "=1/0", None, "#DIV/0!")
        sheet.write_formula(7, 5, '="甲"&"乙"', None, "甲乙")
        sheet.write_formula(8, 5, "=1+1", None, 2)
        sheet.write_blank(9, 5, None, bold)
        sheet.write_string(10, 5, "_x000D_ 與 \x07")
        sheet.write_string(299, 6, "")
        sheet.write_string(11, 6, "远")
        sheet.merge_range(20, 1, 22, 1, "合并")
    return content.getvalue()


@pytest.mark.parametrize("name", [name for name in FILES if "bomb" not in name])
def test_a_hostile_workbook_is_read_or_refused_in_the_same_way(name, tmp_path, monkeypatch):
    (tmp_path / name).write_bytes(FILES[name][0])

    as_usual = read(tmp_path / name, False, monkeypatch)

    assert read(tmp_path / name, True, monkeypatch) == as_usual


# Pieces so short that each ends within a row, a cell, a mark; blocks and tables that fill.
@pytest.mark.parametrize(
    ("piece", "block", "slots"), [(1 << 20, 1 << 14, 1 << 14), (7, 16, 2), (61, 1, 4), (4096, 7, 2)]
)
def test_every_kind_of_cell_is_read_wherever_pieces_end(
    piece, block, slots, varied, tmp_path, monkeypatch
):
    file = tmp_path / "a.xlsx"
    file.write_bytes(varied)
    as_usual = read(file, False, monkeypatch)
    for name, value in (("_PIECE", piece), ("_ROWS_OF_BLOCK", block), ("_FIRST_SLOTS", slots)):
        monkeypatch.setattr(plain_sheets, name, value)

    assert is_plain(file) == [True]
    assert read(file, True, monkeypatch) == as_usual
    ((_name, _schema, rows, numbers, merges, _broken),), _hidden = as_usual
    assert (len(rows), len(merges)) == (293, 1)
    assert {column for _row, column in numbers} == {2}


def test_texts_that_stand_in_their_cells_are_read_too(tmp_path, monkeypatch):
    file = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(file, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        for row in range(200):
            sheet.write_row(row, 0, [f"户{row}", " 空 ", "<&>", row / 7])

    assert is_plain(file) == [True]
    assert read(file, True, monkeypatch) == read(file, False, monkeypatch)


def _replaced(old, new):
    def change(sheet):
        assert old in sheet
        return sheet.replace(old, new, 1)

    return change


OTHERS = {
    "a comment": _replaced(b"<row ", b"<!-- x --><row "),
    "a comment in a cell": _replaced(b"<v>", b"<v><!-- x -->"),
    "rows out of order": _replaced(b'<row r="5"', b'<row r="500"'),
    "a cell of another row": _replaced(b'r="B5"', b'r="B6"'),
    "cells out of order": _replaced(b'r="C5"', b'r="A5"'),
    "other attributes first": _replaced(b'<c r="B5"', b'<c x="1" r="B5"'),
    "a small letter": _replaced(b'r="B5"', b'r="b5"'),
    "a wide cell": _replaced(b"</row>", b'<c r="ZZ3"><v>1</v></c></row>'),
    "attributes without a blank": _replaced(b'<c r="D5" ', b'<c r="D5"'),
    "an attribute cut short": _replaced(b'<row r="5" spans="', b'<row r="5" spans='),
    "an attribute without a value": _replaced(b'<row r="5" ', b'<row r="5" x '),
    "a row's number twice": _replaced(b'<row r="5" ', b'<row r="5" r="5" '),
    "a cell in a cell": _replaced(b"</c><c ", b"<c "),
    "what stands before is no XML": _replaced(b"<sheetViews>", b'<sheetViews x="1>'),
    "no rows": lambda sheet: sheet[: sheet.find(b"<sheetData>")] + b"<sheetData/></worksheet>",
    "cut": lambda sheet: sheet[: len(sheet) // 2],
    "another encoding": _replaced(b"UTF-8", b"GBK"),
    "a text that is not there": _replaced(b"<v>0</v>", b"<v>60000000</v>"),
    "a text behind the last": _replaced(b"<v>0</v>", b"<v>50</v>"),
    "nothing but errors in the last column": _replaced(
        b"</row>", b'<c r="H3" t="e"><v>#N/A</v></c></row>'
    ),
}


@pytest.mark.parametrize("what", OTHERS)
def test_a_sheet_that_is_written_otherwise_is_left_to_the_usual_reader(
    what, varied, tmp_path, monkeypatch
):
    file = tmp_path / "a.xlsx"
    file.write_bytes(changed(varied, OTHERS[what], SHEET))

    as_usual = read(file, False, monkeypatch)

    assert read(file, True, monkeypatch) == as_usual
    of_texts = what in ("a text behind the last", "nothing but errors in the last column")
    assert is_plain(file) == [of_texts]


def test_too_many_other_cells_or_a_sheet_too_large_are_left_to_the_usual_reader(
    varied, tmp_path, monkeypatch
):
    file = tmp_path / "a.xlsx"
    file.write_bytes(varied)
    for name, value in (("_MOST_NOTED", 20), ("_NOTED_BYTES", 400), ("MOST_CELLS", 299)):
        with monkeypatch.context() as patched:
            patched.setattr(plain_sheets, name, value)
            assert is_plain(file) == [False]


def test_bytes_are_told_apart_in_a_crowded_table():
    """Numbers written in many ways: each way keeps its own code."""
    rows = b"".join(
        b'<row r="%d"><c r="A%d"><v>%d</v></c></row>' % (n, n, n % 4099) for n in range(1, 20_000)
    )
    reading = plain_sheets._Reading()
    reading.read(io.BytesIO(b"<worksheet><sheetData>" + rows + b"</sheetData>").read)

    assert reading.at[cells.NOTED] == 4099
    codes = [code for _rows, columns in reading.blocks for code in columns[0].tolist()]
    assert codes == [-2 - (n % 4099 - 1) % 4099 for n in range(1, 20_000)]


# What may stand behind the place of a cell, sound or not.
TAILS = [
    '/>', ' s="1"/>', ' s="1" t="s"/>', ' t="s"><v>3</v></c>', ' t="s" s="1"><v>2</v></c>',
    '  s="1"  t="s" ><v>1</v></c>', ' t="s"><v> 3 </v></c>', ' t="s"><v/></c>', ' t="s"></c>',
    "><v>007</v></c>", "><v>+5</v></c>", "><v>-0</v></c>", "><v>1.50</v></c>", "><v>.5</v></c>",
    "><v>1e5</v></c>", "><v>1E+20</v></c>", "><v>1E400</v></c>", "><v> 7 </v></c>",
    "><v>abc</v></c>", "><v>12345678901234567890</v></c>", ' t="n"><v>360521196503123968</v></c>',
    ' t="n" s="1"><v>46000</v></c>', ' s="1"><v>-3</v></c>', ' s="1"><v>99999999</v></c>',
    ' s="1"><v>60.5</v></c>', ' s="99"><v>59</v></c>', ' t="b"><v>0</v></c>',
    ' t="b"><v>x</v></c>', ' t="e"><v>#WHAT</v></c>', ' t="str"><v>x&amp;y&#20320;</v></c>',
    ' t="str"><f>A1&amp;"b"</f><v>q</v></c>', '><f t="shared" si="0"/><v>4</v></c>',
    "><f>1/0</f></c>", ' t="inlineStr"><is><t xml:space="preserve"> x </t></is></c>',
    ' t="inlineStr"><is><r><rPr><color rgb="FF"/></rPr><t>甲</t></r><r><t>乙</t></r></is></c>',
    ' t="d"><v>2026-03-05T10:00:00Z</v></c>', ' t="zz"><v>1</v></c>', ' cm="1"><v>5</v></c>',
    "><v>5</v><extLst><ext/></extLst></c>", "><v>5</v></c ></c>", "><v>5</w></c>", "><v>5</c>",
]  # fmt: skip


@pytest.mark.parametrize("tail", TAILS)
def test_whatever_a_cell_holds_is_read_or_refused_in_the_same_way(
    tail, varied, tmp_path, monkeypatch
):
    file = tmp_path / "a.xlsx"
    cell = re.compile(rb'(<c r="[BE]\d+")(?:[^>]*/>|[^>]*>.*?</c>)')

    def change(sheet):
        changed_to, times = cell.subn(rb"\1" + tail.encode().replace(b"\\", rb"\\"), sheet, 9)
        assert times == 9
        return changed_to

    file.write_bytes(changed(varied, change, SHEET))

    assert read(file, True, monkeypatch) == read(file, False, monkeypatch)
