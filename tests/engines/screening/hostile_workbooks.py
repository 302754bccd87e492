"""Workbooks as they come: each with what must become of it, as in hostile_texts.py."""

import datetime as dt
import io
import struct
import zipfile
import zlib

import xlsxwriter

from tests.engines.screening.hostile_texts import LI, WANG
from tests.engines.screening.old_workbook import old_workbook

HEAD = ["姓名", "身份证号", "补贴项目", "金额"]
# Its value is exactly that of a double: as text it is whole, as a number it may be damaged.
ROUND = "360521196503123968"
ROW = ["王五", WANG, "低保", 120.5]
TWO = [HEAD, ROW, ["李四", LI, "低保", 80]]


def workbook(rows, *, first=(0, 0), more=None, name="补贴", in_place=False):
    """Give the bytes of an .xlsx; `more` does what it likes with the book and its sheet.

    Texts stand in a list of their own, or, as some programs write them, in place.
    """
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"constant_memory": in_place}) as book:
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            sheet.write_row(first[0] + number, first[1], row)
        if more:
            more(book, sheet)
    return content.getvalue()


def changed(content, change, part="xl/worksheets/sheet1.xml"):
    """Give an .xlsx with one part changed; None takes the part away."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w", 8) as new:
        for info in old.infolist():
            body = old.read(info)
            body = change(body) if info.filename == part else body
            if body is not None:
                new.writestr(info.filename, body)
    return made.getvalue()


def zipped(**parts):
    """Give a zip of parts; two underscores stand for a slash, one for a dot."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", 8) as package:
        for name, body in parts.items():
            package.writestr(name.replace("__", "/").replace("_", "."), body)
    return made.getvalue()


def bomb(size):
    """Give an .xlsx one part of which is so many zeros: 2 GB of them are 2 MB."""
    block = 1 << 20
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    once = packer.compress(b"\0" * block) + packer.flush(zlib.Z_FULL_FLUSH)
    body = once * (size // block) + zlib.compressobj(9, zlib.DEFLATED, -15).flush()
    name = b"xl/worksheets/sheet1.xml"
    about = struct.pack("<HHHHHIIIHH", 20, 0, 8, 0, 33, 0, len(body), size, len(name), 0)
    small = io.BytesIO(changed(workbook(TWO), lambda _: None))
    with zipfile.ZipFile(small, "a") as package:
        package.fp.seek(package.start_dir)
        info = zipfile.ZipInfo(name.decode(), (1980, 1, 1, 0, 0, 0))
        info.compress_type, info.header_offset = 8, package.fp.tell()
        info.compress_size, info.file_size, info.CRC = len(body), size, 0
        package.fp.write(b"PK\3\4" + about + name + body)
        package.start_dir = package.fp.tell()
        package.filelist.append(info)
        package.NameToInfo[info.filename] = info
        package._didModify = True
    return small.getvalue()


def _as_numbers(_book, sheet):
    sheet.write_number(1, 1, 360521196503120011)


def _formulas(_book, sheet):
    sheet.write_formula(1, 3, "=60+60.5", None, 120.5)
    sheet.write_formula(1, 0, '=HYPERLINK("http://x","王五")', None, "王五")


def _uncomputed(_book, sheet):
    sheet.write_formula(1, 3, "=60+60.5", None, "")


def _errors(_book, sheet):
    sheet.write_formula(1, 3, "=1/0", None, "#DIV/0!")


def _hidden(book, _sheet):
    hidden = book.add_worksheet("旧表")
    hidden.write_row(0, 0, HEAD)
    hidden.write_row(1, 0, ROW)
    hidden.hide()


def _second(book, _sheet):
    book.add_worksheet("说明").write(0, 0, "填表说明")
    chart = book.add_chart({"type": "bar"})
    chart.add_series({"values": "=补贴!$D$2:$D$3"})
    book.add_chartsheet("图").set_chart(chart)


def _dates(book, sheet):
    day = book.add_format({"num_format": "yyyy/m/d"})
    sheet.write_row(0, 4, ["发放日期", "所属月份"])
    sheet.write_row(1, 4, [46086, 46086])
    sheet.write_datetime(2, 4, dt.datetime(2026, 3, 5, 12, 30), day)
    sheet.write_datetime(2, 5, dt.datetime(2026, 3, 5), day)


def _merged(_book, sheet):
    sheet.merge_range(0, 0, 0, 3, "补贴发放表（单位：万元）")
    sheet.merge_range(1, 0, 1, 1, "领取人")
    sheet.merge_range(1, 2, 1, 3, "发放情况")
    sheet.write_row(2, 0, ["姓名", "身份证号", "补贴项目", "金额（万元）"])
    sheet.write_row(3, 0, ROW)


def _account(_book, sheet):
    sheet.write(0, 4, "银行账号")
    sheet.write_number(1, 4, 6217000010001234567)
    sheet.write_string(2, 4, "6217 0000 1000 1234 567")


def _without_places(sheet):
    import re

    return re.sub(rb' r="[A-Z]+\d+"', b"", sheet)


def _inline(sheet):
    inline = '<c r="A2" t="inlineStr"><is><t>赵六</t></is>'.encode()
    assert b'<c r="A2" t="s"><v>4</v>' in sheet
    return sheet.replace(b'<c r="A2" t="s"><v>4</v>', inline)


def _all_hidden(book):
    return book.replace(b"<sheet ", b'<sheet state="veryHidden" ')


def _with_entities(book):
    return book.replace(b"<workbook", b'<!DOCTYPE x [<!ENTITY a "b">]><workbook', 1)


def _with_slashes(book):
    return book.replace("补贴".encode(), b"../../a/b\\c:*?")


def _lying(content):
    """Say in both directories that the sheet is small."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        size = package.getinfo("xl/worksheets/sheet1.xml").file_size
    return content.replace(struct.pack("<I", size), struct.pack("<I", 100))


def _blank_rows(sheet):
    rows = b"".join(b'<row r="%d" ht="15"/>' % n for n in range(4, 1_000_000))
    return sheet.replace(b"</sheetData>", rows + b"</sheetData>")


def _far(cell):
    row = cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ").encode()
    added = b'<row r="%s"><c r="%s"><v>1</v></c></row></sheetData>' % (row, cell.encode())
    return lambda sheet: sheet.replace(b"</sheetData>", added)


ENCRYPTED = old_workbook([["x"]], stream="EncryptedPackage")
PLAIN = workbook(TWO)
XML = '<?xml version="1.0"?><x xmlns="urn:x"/>'
FILES = {
    "plain.xlsx": (PLAIN, (2, {})),
    "wrong-name.csv": (PLAIN, (2, {})),
    "from-C5.xlsx": (workbook(TWO, first=(4, 2)), (2, {})),
    "id-as-number.xlsx": (workbook(TWO, more=_as_numbers), (2, {"id_damaged": 1})),
    "no-places.xlsx": (
        changed(workbook(TWO, more=_as_numbers), _without_places), (2, {"id_damaged": 1}),
    ),
    "account-as-number.xlsx": (workbook(TWO, more=_account), (2, {"account_damaged": 1})),
    "round-text.xlsx": (workbook([HEAD, ["王五", ROUND, "低保", 1]]), (1, {})),
    "round-inline.xlsx": (
        workbook([HEAD, ["王五", ROUND, "低保", 1]], in_place=True), (1, {}),
    ),
    "round-number.xlsx": (
        workbook([HEAD, ["王五", int(ROUND), "低保", 1]]), (1, {"id_damaged": 1}),
    ),
    "wide.xlsx": (workbook([HEAD + [f"备用{n}" for n in range(80)], ROW + ["x"] * 80]), (1, {})),
    "formulas.xlsx": (workbook(TWO, more=_formulas), (2, {})),
    "uncomputed.xlsx": (workbook(TWO, more=_uncomputed), (2, {"missing": 1})),
    "errors.xlsx": (workbook(TWO, more=_errors), (2, {"missing": 1})),
    "command.xlsx": (workbook([HEAD, ["+cmd|' /C calc'!A0", *ROW[1:]]]), (1, {})),
    "dates.xlsx": (workbook(TWO, more=_dates), (2, {})),
    "merged-headings.xlsx": (workbook([], more=_merged), (1, {})),
    "hidden.xlsx": (workbook(TWO, more=_hidden), (2, {})),
    "only-hidden.xlsx": (
        changed(PLAIN, _all_hidden, "xl/workbook.xml"),
        "no_table",
    ),
    "chart.xlsx": (workbook(TWO, more=_second), (2, {})),
    "slashes.xlsx": (
        changed(PLAIN, _with_slashes, "xl/workbook.xml"),
        (2, {}),
    ),
    "inline.xlsx": (changed(PLAIN, _inline), (2, {})),
    "blanks.xlsx": (workbook([["  ", "　"], [" "]]), "no_headings"),
    "nothing.xlsx": (workbook([]), "no_table"),
    "only-headings.xlsx": (workbook([HEAD]), "no_rows"),
    "million-blank-rows.xlsx": (changed(PLAIN, _blank_rows), (2, {})),
    "far-cell.xlsx": (changed(PLAIN, _far("XFD1048576")), "far_cell"),
    "far-row.xlsx": (changed(PLAIN, _far("A99999999")), "far_cell"),
    "far-column.xlsx": (changed(PLAIN, _far("ZZZZ9")), "far_cell"),
    "bomb.xlsx": (bomb(2 << 30), "too_large"),
    "small-bomb.xlsx": (bomb(48 << 20), "damaged"),
    "lying-sizes.xlsx": (_lying(PLAIN), "damaged"),
    "cut.xlsx": (PLAIN[: len(PLAIN) // 2], "damaged"),
    "cut-xls.xls": (old_workbook(TWO)[:600], "damaged"),
    "no-strings.xlsx": (changed(PLAIN, lambda _: None, "xl/sharedStrings.xml"), "damaged"),
    "no-sheet.xlsx": (changed(PLAIN, lambda _: None), "damaged"),
    "entities.xlsx": (
        changed(PLAIN, _with_entities, "xl/workbook.xml"),
        "damaged",
    ),
    "letter.xlsx": (zipped(word__document_xml=XML), "not_a_table"),
    "open-document.xlsx": (zipped(content_xml=XML, mimetype="x"), "not_a_table"),
    "binary.xlsb": (zipped(xl__workbook_bin=b"x"), "not_a_table"),
    "files.zip": (zipped(a_csv="1,2"), "not_a_table"),
    "password.xlsx": (ENCRYPTED, "encrypted"),
    "letter.doc": (old_workbook([["x"]], stream="WordDocument"), "not_a_table"),
    "old.xls": (old_workbook(TWO, first_row=1, first_column=1), (2, {})),
    "old-number.xls": (
        old_workbook([HEAD, ["王五", 360521196503120011.0, "低保", 1.0]]), (1, {"id_damaged": 1}),
    ),
}  # fmt: skip
