"""Files: read whatever they are called, or refused in one sentence; never a traceback."""

import re
import shutil
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from openpyxl import Workbook

from tanzhao.kernel.sheets import Unreadable, read_workbook
from tests.kernel.sheet_making import SAMPLE, pack, save, values

FILES = Path(__file__).parent / "files"
TABLE = "单位名称,党员数,联系电话\n县财政局,12名,013800\n“县审计局”,７,0931-8123456\n"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def refusal(path: Path, kind: str = "units") -> str:
    with pytest.raises(Unreadable) as caught:
        read_workbook(path, pack(kind))
    message = caught.value.message
    assert re.fullmatch(r"[A-Z].+[.!]|[^\x00-\x7f].+[。！]", message)
    return caught.value.code


def with_sheet(path: Path, sheet_data: str) -> Path:
    """Write a workbook whose one sheet has this XML between its sheetData tags."""
    save(path.with_name("base.xlsx"), [["x"]])
    sheet = f'<worksheet xmlns="{MAIN}"><sheetData>{sheet_data}</sheetData></worksheet>'
    with (
        zipfile.ZipFile(path.with_name("base.xlsx")) as base,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for info in base.infolist():
            is_sheet = info.filename.endswith("sheet1.xml")
            made.writestr(info.filename, sheet if is_sheet else base.read(info))
    return path


def row_of(number: int, *texts: str) -> str:
    cells = "".join(
        f'<c r="{chr(65 + i)}{number}" t="inlineStr"><is><t>{text}</t></is></c>'
        for i, text in enumerate(texts)
    )
    return f'<row r="{number}">{cells}</row>'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("mark", [",", "\t", ";"])
@pytest.mark.parametrize("called", ["表.csv", "表.txt", "表.xlsx", "表.xls"])
def test_a_text_table_is_read_in_every_usual_encoding_whatever_it_is_called(
    tmp_path, encoding, mark, called
):
    path = tmp_path / called
    path.write_bytes(TABLE.replace(",", mark).encode(encoding))

    reading = read_workbook(path, pack("units"))

    assert values(reading, "name", "members")[0] == ("县财政局", 12)
    assert [row.number for row in reading.rows] == [2, 3]
    assert [row.fields["phone"] for row in reading.rows] == ["013800", "0931-8123456"]
    assert reading.faults == []


def test_cells_of_a_text_table_may_hold_commas_line_breaks_and_excels_quoting(tmp_path):
    path = tmp_path / "表.csv"
    path.write_text(
        '姓名,工作单位,专业特长,身份证号\n张伟,县财政局,"党建,\n财务","=""622803850305427"""\n',
        "utf-8",
    )

    reading = read_workbook(path, pack("inspectors"))

    assert values(reading, "skills", "id_number", "born") == [
        (["党建", "财务"], "622803850305427", "1985-03")
    ]


def test_an_old_workbook_is_read_with_its_merges_dates_and_hidden_sheet():
    reading = read_workbook(FILES / "old.xls", pack("units"))

    assert values(reading, "name", "category", "members", "phone", "inspected") == [
        ("县财政局", "县直部门", 12, "13899904420", "2022-09"),
        ("县审计局", "县直部门", 7, "13800000000", None),
    ]
    assert [row.number for row in reading.rows] == [3, 4]
    assert [note.code for note in reading.notes if note.row == 0] == ["hidden_sheet"]


@pytest.mark.parametrize(
    ("called", "content", "code"),
    [
        ("a.xlsx", b"", "empty_file"),
        ("a.xlsx", b"%PDF-1.7\n...", "not_a_workbook"),
        ("a.xlsx", b"\xff\xd8\xff\xe0" + b"\0" * 99, "not_a_workbook"),
        ("a.xlsx", b"\x89PNG\r\n\x1a\n" + b"\0" * 99, "not_a_workbook"),
        ("a.xls", b"<html><table><tr><td>1</td></tr></table></html>", "not_a_workbook"),
        ("a.xls", b'<?xml version="1.0"?><Workbook/>', "not_a_workbook"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000, "damaged"),
        (
            "a.doc",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument\0".encode("utf-16-le"),
            "not_a_workbook",
        ),
        ("a.xlsx", b"PK\x03\x04 and then nothing", "damaged"),
        ("a.zip", b"Rar!\x1a\x07", "not_a_workbook"),
        ("a.csv", b"\xff\xff\xff\xff\x81\x00", "not_a_workbook"),
        ("a.csv", b"\x81\xff\x81\xff\x81", "encoding"),
        ("a.csv", "只有一句话，没有表。".encode(), "no_headings"),
    ],
)
def test_what_is_no_workbook_is_refused_by_its_content(tmp_path, called, content, code):
    path = tmp_path / called
    path.write_bytes(content)

    assert refusal(path) == code


@pytest.mark.parametrize(
    ("part", "code"),
    [
        ("word/document.xml", "not_a_workbook"),
        ("ppt/presentation.xml", "not_a_workbook"),
        ("OFD.xml", "not_a_workbook"),
        ("anything.txt", "not_a_workbook"),
        ("xl/workbook.bin", "old_format"),
    ],
)
def test_a_package_of_another_kind_is_refused(tmp_path, part, code):
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as made:
        made.writestr(part, "content")

    assert refusal(tmp_path / "a.xlsx") == code


def test_a_protected_workbook_is_refused_as_such():
    assert refusal(FILES / "protected.xlsx") == "encrypted"


def test_a_file_that_is_not_there_is_refused(tmp_path):
    assert refusal(tmp_path / "nothing.xlsx") == "missing_file"
    assert refusal(tmp_path) == "missing_file"


def test_a_workbook_cut_off_at_any_length_is_refused_and_the_whole_one_is_read(tmp_path):
    whole = (SAMPLE / "巡察对象库.xlsx").read_bytes()
    cut = tmp_path / "cut.xlsx"

    for length in (100, 1000, len(whole) // 2, len(whole) - 300, len(whole) - 1):
        cut.write_bytes(whole[:length])
        assert refusal(cut) == "damaged"

    cut.write_bytes(whole)
    assert len(read_workbook(cut, pack("units")).rows) == 232


def test_a_workbook_with_flipped_bytes_is_read_or_refused_but_never_breaks(tmp_path):
    whole = (SAMPLE / "巡察人才库.xlsx").read_bytes()
    broken = tmp_path / "broken.xlsx"

    for place in range(40, len(whole), len(whole) // 12):
        broken.write_bytes(
            whole[:place] + bytes(b ^ 0x55 for b in whole[place : place + 30]) + whole[place + 30 :]
        )
        try:
            read_workbook(broken, pack("inspectors"))
        except Unreadable as refused:
            assert refused.code in {
                "damaged",
                "no_table",
                "no_headings",
                "not_a_workbook",
                "encrypted",
                "too_large",
            }


def test_an_old_workbook_with_broken_content_is_refused(tmp_path):
    whole = (FILES / "old.xls").read_bytes()
    broken = tmp_path / "broken.xls"
    broken.write_bytes(whole[:1024] + b"\x55" * 1500 + whole[2524:])

    assert refusal(broken) in {"damaged", "no_table", "no_headings"}


def test_an_empty_sheet_and_a_workbook_of_hidden_sheets_are_refused(tmp_path):
    assert refusal(save(tmp_path / "empty.xlsx", [])) == "no_table"

    book = Workbook()
    book.active.title = "封面"
    hidden = book.create_sheet("数据")
    hidden.sheet_state = "hidden"
    hidden.append(["单位名称", "党员数"])
    hidden.append(["县财政局", 1])
    book.save(tmp_path / "hidden.xlsx")
    assert refusal(tmp_path / "hidden.xlsx") == "no_table"


def test_hidden_sheets_are_not_read_and_covers_and_notes_are_passed_over(tmp_path):
    book = Workbook()
    book.active.title = "封面"
    book.active["B3"] = "巡察对象库"
    about = book.create_sheet("填表说明")
    about.append(["单位名称", "填写全称"])
    about.append(["党员数", "填写数字"])
    for title, unit, state in (
        ("对象库", "县财政局", "visible"),
        ("旧", "旧单位", "hidden"),
        ("更旧", "更旧单位", "veryHidden"),
    ):
        sheet = book.create_sheet(title)
        sheet.sheet_state = state
        sheet.append(["单位名称", "党员数"])
        sheet.append([unit, 1])
    book.save(tmp_path / "book.xlsx")

    reading = read_workbook(tmp_path / "book.xlsx", pack("units"))

    assert reading.sheet == "对象库"
    assert values(reading, "name") == [("县财政局",)]
    told = {(note.code, note.sheet) for note in reading.notes if note.row == 0}
    assert told == {
        ("other_sheet", "封面"),
        ("other_sheet", "填表说明"),
        ("hidden_sheet", "旧"),
        ("hidden_sheet", "更旧"),
    }


def test_sheets_with_the_same_headings_are_read_one_after_the_other(tmp_path):
    book = Workbook()
    for title, units in (("太平镇", ["老寨村", "上营村"]), ("双河镇", ["下湾村", "老寨村"])):
        sheet = book.create_sheet(title)
        sheet.append(["村名", "党员数", "书记"])
        for unit in units:
            sheet.append([unit, 9, "张伟"])
    totals = book.create_sheet("统计")
    totals.append(["乡镇", "村数", "党员数"])
    totals.append(["太平镇", 2, 18])
    book.save(tmp_path / "book.xlsx")

    reading = read_workbook(tmp_path / "book.xlsx", pack("units"))

    assert reading.sheet == "太平镇、双河镇"
    assert [(row.sheet, row.number, row.fields["name"]) for row in reading.rows] == [
        ("太平镇", 2, "老寨村"),
        ("太平镇", 3, "上营村"),
        ("双河镇", 2, "下湾村"),
    ]
    assert [(f.sheet, f.row, f.code) for f in reading.faults] == [("双河镇", 3, "duplicate")]
    assert "太平镇 2" in reading.faults[0].message


def test_formulas_give_their_last_result_and_one_without_is_a_fault(tmp_path):
    rows = row_of(1, "单位名称", "党员数", "主要负责人") + (
        '<row r="2"><c r="A2" t="str"><f>"县"&amp;"财政局"</f><v>县财政局</v></c>'
        '<c r="B2"><f>6+6</f><v>12</v></c><c r="C2" t="str"><f>IF(1,"")</f><v></v></c></row>'
        '<row r="3"><c r="A3" t="inlineStr"><is><t>县审计局</t></is></c>'
        '<c r="B3"><f>SUM(B9)</f></c>'
        '<c r="C3" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>'
        '<row r="4"><c r="A4"><f>A9</f><v></v></c></row>'
    )

    reading = read_workbook(with_sheet(tmp_path / "a.xlsx", rows), pack("units"))

    assert values(reading, "name", "members", "head") == [
        ("县财政局", 12, ""),
        ("县审计局", None, ""),
    ]
    assert {(f.row, f.column, f.code) for f in reading.faults} == {
        (3, "党员数", "not_computed"),
        (3, "主要负责人", "error_value"),
        (4, "单位名称", "not_computed"),
        (4, "单位名称", "missing"),
    }


def test_hidden_rows_and_columns_are_read_and_it_is_said(tmp_path):
    book = Workbook()
    sheet = book.active
    for row in (
        ["单位名称", "党员数", "主要负责人"],
        ["县财政局", 1, "张伟"],
        ["县审计局", 2, "李娜"],
    ):
        sheet.append(row)
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["B"].hidden = True
    book.save(tmp_path / "book.xlsx")

    reading = read_workbook(tmp_path / "book.xlsx", pack("units"))

    assert values(reading, "name", "members") == [("县财政局", 1), ("县审计局", 2)]
    assert {(n.row, n.code) for n in reading.notes} >= {(3, "hidden_rows"), (1, "hidden_columns")}
    assert reading.faults == []


def test_a_month_typed_as_2022_10_is_told_by_its_format_or_by_the_round_or_asked(tmp_path):
    book = Workbook()
    sheet = book.active
    sheet.append(["单位名称", "已巡察轮次", "巡察时间"])
    for name, number, month, shown in (
        ("县财政局", 1, 2021.1, "0.00"),
        ("县审计局", 2, 2021.1, "General"),
        ("县统计局", 2, "2021年10月", "General"),
        ("县教育局", 3, 2023.1, "General"),
    ):
        sheet.append([name, number, month])
        sheet.cell(sheet.max_row, 3).number_format = shown
    book.save(tmp_path / "book.xlsx")

    reading = read_workbook(tmp_path / "book.xlsx", pack("units"))

    assert [row.fields["inspected"] for row in reading.rows] == [
        "2021-10",
        "2021-10",
        "2021-10",
        None,
    ]
    assert [(f.row, f.column, f.code) for f in reading.faults] == [
        (5, "巡察时间", "ambiguous_month")
    ]


def test_months_kept_as_numbers_with_two_decimals_tell_october_from_january(tmp_path):
    def months(*numbers: float) -> list[str | None]:
        rows = [
            ["单位名称", "巡察时间"],
            *([f"第{n}局", number] for n, number in enumerate(numbers)),
        ]
        reading = read_workbook(save(tmp_path / "book.xlsx", rows), pack("units"))
        return [row.fields["inspected"] for row in reading.rows]

    assert months(2022.01, 2022.03, 2022.1) == ["2022-01", "2022-03", "2022-10"]
    assert months(2022.2, 2022.03, 2022.1) == ["2022-02", "2022-03", None]


def test_a_million_formatted_empty_rows_cost_nothing(tmp_path):
    rows = row_of(1, "单位名称", "党员数") + row_of(2, "县财政局", "12")
    rows += "".join(f'<row r="{n}"><c r="A{n}" s="0"/></row>' for n in range(3, 1048577))

    reading = read_workbook(with_sheet(tmp_path / "a.xlsx", rows), pack("units"))

    assert values(reading, "name", "members") == [("县财政局", 12)]


def test_two_cells_at_opposite_corners_are_refused_before_they_take_all_memory(tmp_path):
    near = row_of(1, "单位名称", "党员数") + row_of(2, "县财政局", "12")
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'

    assert refusal(with_sheet(tmp_path / "far.xlsx", near + far)) == "too_large"
    assert len(read_workbook(with_sheet(tmp_path / "near.xlsx", near), pack("units")).rows) == 1


def test_a_package_that_unpacks_to_far_more_than_it_should_is_refused(tmp_path):
    path = tmp_path / "bomb.xlsx"
    shutil.copy(SAMPLE / "巡察对象库.xlsx", path)
    with (
        zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as made,
        made.open("xl/media/bomb.xml", "w", force_zip64=True) as part,
    ):
        for _ in range(800):
            part.write(b"\0" * (1 << 20))

    assert path.stat().st_size < 2 << 20
    assert refusal(path) == "too_large"


def test_one_long_text_shared_by_many_cells_does_not_take_all_memory(tmp_path):
    def book(rows: int) -> Path:
        book = xlsxwriter.Workbook(str(tmp_path / "long.xlsx"))
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["被巡察单位", "问题表现"])
        for number in range(1, rows + 1):
            sheet.write_row(number, 0, ["县财政局", "问" * 30000])
        book.close()
        return tmp_path / "long.xlsx"

    assert refusal(book(20000), "ledger") == "too_large"
    assert refusal(book(3000), "ledger") == "too_large"
    assert len(read_workbook(book(2), pack("ledger")).rows) == 1
