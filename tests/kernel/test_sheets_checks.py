"""Checks over cells: the same person or unit twice, unknown units, an ID number's testimony."""

from tanzhao.kernel.sheets import Severity
from tanzhao.kernel.sheets.faults import FAULT_CODES
from tanzhao.kernel.sheets.identity import check_digit
from tests.kernel.sheet_making import faults, pack, read, values

HEADINGS = ["姓名", "性别", "出生年月", "身份证号", "工作单位"]


def number(born: str, serial: int) -> str:
    digits = f"622801{born}{serial:03d}"
    return digits + check_digit(digits)


def test_the_same_id_number_is_the_same_person_and_a_namesake_is_not(tmp_path):
    rows = [
        HEADINGS,
        ["张伟", "男", "1985.3", number("19850305", 1), "县财政局"],
        ["张 伟", "男", "1985-03", number("19850305", 1).lower(), "县审计局"],
        ["张伟", "男", "1990.3", number("19900305", 1), "县财政局"],
    ]

    reading = read(tmp_path, "inspectors", rows)

    assert values(reading, "name", "born") == [("张伟", "1985-03"), ("张伟", "1990-03")]
    assert [(f.row, f.column, f.code, f.severity) for f in reading.faults] == [
        (3, "身份证号", "duplicate", Severity.REFUSED)
    ]


def test_the_same_name_and_month_is_the_same_person_unless_sound_id_numbers_differ(tmp_path):
    rows = [
        HEADINGS,
        ["张伟", "男", "1985.3", number("19850305", 1), "县财政局"],
        ["张伟", "男", "1985.3", None, "县财政局"],
        ["张伟", "男", "1985.3", number("19850306", 1), "县审计局"],
    ]

    reading = read(tmp_path, "inspectors", rows)

    assert [row.number for row in reading.rows] == [2, 4]
    assert faults(reading) == {(3, "姓名", "duplicate"), (4, "姓名", "possible_duplicate")}


def test_an_id_number_that_contradicts_the_row_is_asked_about_and_fills_what_is_blank(tmp_path):
    rows = [
        HEADINGS,
        ["张伟", "女", "1985.4", number("19850305", 1), "县财政局"],
        ["李娜", None, None, number("19900512", 2), "县财政局"],
        ["王强", "男", "1985.3", number("19850305", 3), "县财政局"],
    ]

    reading = read(tmp_path, "inspectors", rows)

    assert values(reading, "sex", "born") == [
        ("女", "1985-04"),
        ("女", "1990-05"),
        ("男", "1985-03"),
    ]
    assert faults(reading) == {(2, "出生年月", "id_born"), (2, "性别", "id_sex")}


def test_a_birth_month_typed_as_1980_10_is_told_by_the_id_number(tmp_path):
    rows = [HEADINGS, ["张伟", "男", 1980.1, number("19801005", 1), "县财政局"]]

    reading = read(tmp_path, "inspectors", rows)

    assert values(reading, "born") == [("1980-10",)]
    assert reading.faults == []


def test_an_unknown_workplace_is_asked_about_and_the_office_itself_is_known(tmp_path):
    rows = [
        [*HEADINGS, "需回避单位", "曾任职单位"],
        ["张伟", "男", "1985.3", None, "县委巡察办", "县财政局、县粮食局", "外县某局"],
        ["李娜", "女", "1985.3", None, "县粮食局", "县财政局", None],
        ["王强", "男", "1985.3", None, " 县财政局", None, None],
    ]

    named = read(tmp_path, "inspectors", rows, known={"县财政局"})
    asked = read(tmp_path, "inspectors", rows, known=lambda unit: unit == "县财政局")
    nobody_asked = read(tmp_path, "inspectors", rows)

    expected = {(2, "需回避单位", "unknown_unit"), (3, "工作单位", "unknown_workplace")}
    assert faults(named) == faults(asked) == expected
    assert len(named.rows) == 3
    assert nobody_asked.faults == []


def test_a_unit_that_may_be_listed_under_its_partys_name_is_asked_about(tmp_path):
    rows = [["单位名称", "党员数"], ["县财政局", 3], ["中共县财政局党组", 3], ["县 财政局", 4]]

    reading = read(tmp_path, "units", rows)

    assert [row.number for row in reading.rows] == [2, 3]
    assert faults(reading) == {(3, "单位名称", "possible_duplicate"), (4, "单位名称", "duplicate")}


def test_only_items_of_the_ledger_that_agree_in_everything_are_duplicates(tmp_path):
    headings = ["轮次", "被巡察单位", "问题表现", "责任人", "整改情况"]
    item = ["第一轮", "县财政局", "学习不够。", "张伟", "完成"]

    reading = read(tmp_path, "ledger", [headings, item, [*item[:3], "李娜", "完成"], item])

    assert [row.number for row in reading.rows] == [2, 3]
    assert {(f.row, f.code) for f in reading.faults} == {(4, "duplicate")}


def test_an_unknown_unit_of_the_ledger_is_asked_about_and_kept(tmp_path):
    rows = [
        ["被巡察单位", "问题表现", "整改时限"],
        ["县财政局", "学习不够。", "2023.3"],
        ["县粮食局", "学习不够。", "尽快"],
    ]

    reading = read(tmp_path, "ledger", rows, known={"县财政局"})

    assert len(reading.rows) == 2
    assert faults(reading) == {(3, "被巡察单位", "unknown_unit"), (3, "整改时限", "bad_date")}


def test_a_round_of_another_term_is_asked_about(tmp_path):
    rows = [
        ["单位名称", "巡察轮次"],
        ["县财政局", "十五届县委第三轮"],
        ["县审计局", "十五届县委第一轮"],
        ["县统计局", "十四届县委第九轮"],
        ["县教育局", 4],
    ]

    reading = read(tmp_path, "units", rows)

    assert [row.fields["round"] for row in reading.rows] == [3, 1, 9, 4]
    assert faults(reading) == {(4, "巡察轮次", "other_term")}


def test_years_of_service_stand_beside_the_past_workplaces(tmp_path):
    rows = [
        ["姓名", "工作单位", "曾任职单位"],
        ["张伟", "县审计局", "县财政局（2016.5-2019.8）、太平镇"],
    ]

    reading = read(tmp_path, "inspectors", rows)

    assert values(reading, "past_workplaces") == [(["县财政局", "太平镇"],)]
    assert reading.rows[0].extras["service"] == [
        {"unit": "县财政局", "from": "2016-05", "until": "2019-08"}
    ]


def test_the_json_has_the_shape_that_scripts_rely_on(tmp_path):
    rows = [["姓名", "身份证号", "备注"], ["张伟", "622801198503050011", "好"]]

    document = read(tmp_path, "inspectors", rows).as_json()

    assert list(document) == ["sheet", "columns", "rows", "faults"]
    assert document["columns"] == {"姓名": "name", "身份证号": "id_number", "备注": None}
    assert document["rows"][0]["row"] == 2
    assert list(document["rows"][0]["fields"]) == [
        "name",
        "sex",
        "born",
        "native_place",
        "id_number",
        "workplace",
        "title",
        "grade",
        "full_time",
        "skills",
        "past_workplaces",
        "recusal_units",
        "rounds",
        "phone",
    ]
    assert [set(one) for one in document["faults"]] == [{"row", "column", "code", "message"}]


def test_every_fault_a_pack_asks_for_exists():
    kinds = [pack(name) for name in ("units", "inspectors", "ledger")]
    asked = {one.must_be_known for kind in kinds for one in kind.fields.values()} - {""}

    assert asked == {"unknown_unit", "unknown_workplace"}
    assert asked <= FAULT_CODES
