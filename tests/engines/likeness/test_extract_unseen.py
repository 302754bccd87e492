"""What nobody sees who opens a file is not read, and is told of."""

import io
import struct
import zipfile
from types import SimpleNamespace

import pytest

from tanzhao.engines.likeness.extract import Limits, Unreadable, extract_file, pictures
from tanzhao.engines.likeness.extract.lines import Line
from tanzhao.engines.likeness.extract.reading import read_file
from tanzhao.engines.likeness.extract.unseen_cells import unseen_in, unseen_in_old
from tests.engines.likeness.hostile_packages import OLD
from tests.engines.likeness.office_files import docx, png, run, zipped


@pytest.fixture
def read(tmp_path):
    def reading(content):
        path = tmp_path / "file"
        path.write_bytes(content)
        return extract_file(path, limits=Limits(programs=False, ocr=False))

    return reading


def test_hidden_rows_columns_and_sheets_are_left_out_and_boxes_on_a_sheet_read(read):
    import xlsxwriter

    made = io.BytesIO()
    with xlsxwriter.Workbook(made) as book:
        sheet = book.add_worksheet("台账")
        for row in range(2, 8):
            sheet.write_row(row, 1, [f"{row}甲", f"{row}乙", f"{row}丙", f"{row}丁"])
        sheet.set_row(3, None, None, {"hidden": True})
        sheet.set_row(5, 0)
        sheet.set_row(30, None, None, {"hidden": True})
        sheet.set_column(2, 2, None, None, {"hidden": True})
        sheet.set_column(4, 4, 0)
        sheet.set_column(9, 12, None, None, {"hidden": True})
        sheet.insert_textbox(9, 0, "填表说明\n一式两份")
        for name in ("旧", "深"):
            hidden = book.add_worksheet(name)
            hidden.write(0, 0, "藏")
            hidden.hide() if name == "旧" else hidden.very_hidden()
        book.add_worksheet("WpsReserved_CellImgList").very_hidden()
        book.add_worksheet("末").write(0, 0, "尾页")

    found = read(made.getvalue())

    rows = [f"{row}甲\t{row}丙" for row in (2, 4, 6, 7)]
    assert found.text.split("\n") == [*rows, "填表说明", "一式两份", "尾页"]
    assert dict(found.left_out) == {"hidden_sheets": 2, "hidden_rows": 2, "hidden_columns": 2}


def test_a_workbook_that_hides_all_it_holds_is_refused_with_that_reason(read):
    import xlsxwriter

    made = io.BytesIO()
    with xlsxwriter.Workbook(made) as book:
        sheet = book.add_worksheet("台账")
        sheet.write_column(0, 0, ["照抄的一段。", "又一段。"])
        sheet.set_column(0, 0, None, None, {"hidden": True})

    with pytest.raises(Unreadable) as refused:
        read(made.getvalue())

    assert refused.value == Unreadable("all_hidden", {"kind": "xlsx"})


def test_a_hidden_sheet_that_cannot_be_read_costs_nobody_what_is_seen(read):
    import xlsxwriter

    made = io.BytesIO()
    with xlsxwriter.Workbook(made) as book:
        book.add_worksheet("台账").write(0, 0, "甲")
        book.add_worksheet("旧").hide()
    with zipfile.ZipFile(made) as whole:
        broken = [(one, whole.read(one)) for one in whole.namelist() if "sheet2" not in one]
    broken.append(("xl/worksheets/sheet2.xml", b"<worksheet><sheetData><row><c r='"))

    found = read(zipped(*broken))

    assert (found.text, dict(found.left_out)) == ("甲", {"hidden_sheets": 1})


def test_heads_of_rows_are_found_wherever_a_piece_ends():
    sheet = (
        b'<cols><col min="2" max="3" hidden="1"/><col min="x" max="99999999999" width="0"/></cols>'
        b'<sheetData><row hidden=\'1\'><c/></row><x:row r="5" ht="0"><c/></x:row><row><c/></row>'
        b'<row hidden="true"/><row ht="a"/></sheetData>'
    )

    for cut in range(1, len(sheet)):
        found = unseen_in([sheet[:cut], sheet[cut:]])
        assert (found.rows, found.columns) == ({0, 4, 6}, {1, 2})


def test_old_workbooks_say_it_of_each_of_their_sheets():
    def record(kind, body):
        return struct.pack("<HH", kind, len(body)) + body

    def row(number, flags, height=255):
        return record(0x0208, struct.pack("<8H", number, 0, 5, height, 0, 0, flags, 0))

    def columns(first, last, flags, width=2048):
        return record(0x007D, struct.pack("<6H", first, last, width, 0, flags, 0))

    def head(begin, name, wide):
        letters = name.encode("utf-16-le" if wide else "latin-1")
        return record(0x0085, struct.pack("<IHBB", begin, 0, len(name), wide) + letters)

    start = record(0x0809, bytes(16))
    length = len(start) + len(head(0, "台账", 1)) + len(head(0, "Plain", 0)) + 4
    first = start + columns(2, 3, 1) + row(4, 0x20) + row(5, 0) + row(6, 0, 0) + record(10, b"")
    second = start + columns(7, 7, 0, 0) + record(10, b"")
    book = start + head(length, "台账", 1) + head(length + len(first), "Plain", 0) + record(10, b"")

    found = unseen_in_old(book + first + second + b"\x08\x02\x10\0\xff")

    assert (found["台账"].rows, found["台账"].columns) == ({4, 6}, {2, 3})
    assert (found["Plain"].rows, found["Plain"].columns) == (set(), {7})


@pytest.mark.parametrize(
    ("content", "text", "left_out"),
    [
        (
            docx(
                f"<w:p>{run('甲')}{run('隐隐', '<w:rPr><w:vanish/></w:rPr>')}"
                "<w:del><w:r><w:delText>删</w:delText></w:r></w:del>"
                f"<w:moveFrom>{run('移')}</w:moveFrom><w:moveTo>{run('移')}</w:moveTo></w:p>"
            ),
            "甲移",
            {"hidden_text": 2, "deleted_text": 1},
        ),
        (
            "<html><body>甲<p style='display:none'>隐 隐</p><del>删</del><script>x".encode(),
            "甲",
            {"hidden_text": 3, "deleted_text": 1},
        ),
        (rb"{\rtf1 one{\v two}{\deleted three}}", "one", {"hidden_text": 3, "deleted_text": 5}),
        ("甲".encode(), "甲", {}),
    ],
)
def test_hidden_and_deleted_words_are_counted(read, content, text, left_out):
    found = read(content)

    assert (found.text, dict(found.left_out)) == (text, left_out)


def test_a_document_of_pictures_tells_what_it_hides_beside_them(tmp_path, monkeypatch):
    hidden = run("隐隐", "<w:rPr><w:vanish/></w:rPr>")
    path = tmp_path / "扫描.docx"
    path.write_bytes(docx(f"<w:p>{hidden}</w:p>", parts=[("word/media/a.png", png(200, 100))]))
    monkeypatch.setattr(pictures, "is_installed", lambda: True)
    monkeypatch.setattr(pictures, "frames_of", lambda _content: [SimpleNamespace(shape=(9, 9, 3))])
    monkeypatch.setattr(pictures, "read_scan", lambda *_: (Line("整改报告", 1, 5, 2, 1),))

    found = read_file(path, Limits(), scans=True, more_time=lambda _seconds: None)

    assert (found.text, found.how, dict(found.left_out)) == ("整改报告", "ocr", {"hidden_text": 2})


def test_an_old_word_document_tells_what_it_hides(read):
    found = dict(read(OLD).left_out)

    assert found.keys() <= {"hidden_text", "deleted_text"}
    assert sum(found.values()) > 0
