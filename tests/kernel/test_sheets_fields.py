"""Cells read as the fields of the packs: states, words, units, past workplaces."""

import pytest

from tanzhao.kernel.sheets.cells import read_cell
from tests.kernel.sheet_making import pack, read, values


def cell(kind: str, field: str, value: object, **kwargs: object):
    book = pack(kind)
    reading = read_cell(value, book.fields[field], empty=book.empty, **kwargs)
    return reading.value if not reading.code else (reading.value, reading.code)


@pytest.mark.parametrize(
    ("value", "state"),
    [
        ("完成", "已完成"),
        ("已整改", "已完成"),
        ("已销号", "已完成"),
        ("是", "已完成"),
        ("√", "已完成"),
        ("100%", "已完成"),
        ("已完成。", "已完成"),
        (True, "已完成"),
        (1.0, "已完成"),
        ("基本完成取得阶段性成果并持续整改", "基本完成"),
        ("基本完成，取得阶段性成效", "基本完成"),
        ("长期坚持", "基本完成"),
        ("正在整改", "未完成"),
        ("整改中", "未完成"),
        ("未整改", "未完成"),
        ("尚未完成整改", "未完成"),
        ("×", "未完成"),
        ("否", "未完成"),
        ("未完成（正在推进）", "未完成"),
        ("已完成。一是召开党组会专题研究，二是修订完善制度三项，三是清退资金全部到位。", "已完成"),
        ("正在整改（完成60%）", "未完成"),
        ("已完成80%", "未完成"),
        ("整改完成100%", "已完成"),
        ("已完成（长期坚持）", "已完成"),
        ("已完成，长期坚持", "已完成"),
        ("未按期完成", "未完成"),
        ("整改完毕", "已完成"),
        ("待销号", ("", "unknown_value")),
        ("完成（部分）", ("", "unknown_value")),
        ("很难说", ("", "unknown_value")),
        ("没有全部完成", ("", "unknown_value")),
        ("—", ""),
    ],
)
def test_the_states_of_the_ledger_are_three(value, state):
    assert cell("ledger", "state", value) == state


@pytest.mark.parametrize(
    ("value", "heading", "full_time"),
    [
        ("专职", "专职/抽调", True),
        ("抽调", "专职/抽调", False),
        ("兼职", "专兼职", False),
        ("是", "是否专职", True),
        ("否", "是否专职", False),
        ("是", "是否抽调", False),
        ("否", "是否抽调", True),
        ("√", "专职", True),
        ("—", "是否专职", None),
        ("人才库抽调", "人员类别", False),
        ("抽调", "是否抽调", False),
        ("专职", "是否抽调", True),
        ("兼职", "是否兼职", False),
    ],
)
def test_full_time_is_told_from_the_word_and_the_heading(value, heading, full_time):
    assert cell("inspectors", "full_time", value, heading=heading) is full_time


@pytest.mark.parametrize(
    "nothing", ["—", "无", "/", "-", "——", "暂无", " ", "－", "否", "未巡察", "\\", "N/A"]
)
def test_words_for_nothing_are_nothing(nothing):
    assert cell("units", "round", nothing) is None
    assert cell("units", "inspected", nothing) is None
    if nothing not in ("否", "未巡察"):
        assert cell("units", "head", nothing) == ""
        assert cell("inspectors", "recusal_units", nothing) == []
        assert cell("inspectors", "past_workplaces", nothing) == []


def test_nothing_with_a_remark_behind_it_is_nothing_and_rounds_in_brackets_are_rounds():
    assert cell("inspectors", "recusal_units", "无（本人声明）") == []
    assert cell("inspectors", "rounds", "（1、3）") == [1, 3]


def test_a_category_has_no_number_in_front():
    assert cell("ledger", "category", "（一）政治建设") == "政治建设"
    assert cell("ledger", "category", "2.作风建设方面") == "作风建设"
    assert cell("units", "category", "三、其他单位") == "其他单位"


@pytest.mark.parametrize(
    ("value", "sex"), [("男", "男"), ("女性", "女"), ("M", "男"), ("f", "女"), ("？", "")]
)
def test_the_sexes_are_two(value, sex):
    assert cell("inspectors", "sex", value) == sex


@pytest.mark.parametrize(
    ("value", "priority"),
    [
        ("高", "高"),
        ("重点关注", "高"),
        ("一般", "低"),
        ("B类", "中"),
        ("★★★", "高"),
        ("高（重点）", "高"),
        ("很怪", "很怪"),
    ],
)
def test_priorities_have_synonyms_and_other_words_stay(value, priority):
    assert cell("units", "priority", value) == priority


KNOWN = {"县教育局", "县财政局", "县住房和城乡建设局", "县委组织部", "太平镇", "县发展和改革局"}


@pytest.mark.parametrize(
    ("value", "units"),
    [
        ("县教育局和县财政局", ["县教育局", "县财政局"]),
        ("县住房和城乡建设局", ["县住房和城乡建设局"]),
        ("县住房和城乡建设局和县发展和改革局", ["县住房和城乡建设局", "县发展和改革局"]),
        ("县教育局、太平镇及县财政局", ["县教育局", "太平镇", "县财政局"]),
        ("县工业和信息化局", ["县工业和信息化局"]),
        ("★县教育局", ["县教育局"]),
        ("县教育局（配偶在该单位任职）", ["县教育局"]),
        ("县教育局（县委教育工委）、县财政局", ["县教育局", "县财政局"]),
        ("县教育局、县财政局等", ["县教育局", "县财政局"]),
        ("县税务局（新区分局）", ["县税务局（新区分局）"]),
        ("配偶在县教育局工作", ["县教育局"]),
        ("县教育局。", ["县教育局"]),
        ("1.县教育局2.县财政局", ["县教育局", "县财政局"]),
        ("无需回避", []),
    ],
)
def test_units_joined_by_a_word_are_parted_only_where_both_are_known(value, units):
    assert cell("inspectors", "recusal_units", value, known=KNOWN.__contains__) == units


@pytest.mark.parametrize(
    ("value", "units", "service"),
    [
        ("县财政局、县教育局", ["县财政局", "县教育局"], []),
        ("2018—2021年在县财政局工作", ["县财政局"], [("县财政局", "2018", "2021")]),
        (
            "县财政局（2016.5-2019.8）；县教育局（2019/9-2021/3）",
            ["县财政局", "县教育局"],
            [("县财政局", "2016-05", "2019-08"), ("县教育局", "2019-09", "2021-03")],
        ),
        (
            "2010年5月至2015年3月任县财政局预算股股长",
            ["县财政局"],
            [("县财政局", "2010-05", "2015-03")],
        ),
        ("曾在县委组织部工作", ["县委组织部"], []),
        ("县委组织部老干部局", ["县委组织部老干部局"], []),
        ("太平镇中心小学", ["太平镇中心小学"], []),
        ("近三年：县财政局→县教育局", ["县财政局", "县教育局"], []),
    ],
)
def test_past_workplaces_are_names_of_units_and_the_years_stand_apart(value, units, service):
    book = pack("inspectors")

    reading = read_cell(
        value, book.fields["past_workplaces"], empty=book.empty, known=KNOWN.__contains__
    )

    assert reading.value == units
    assert reading.details.get("service", []) == [
        {"unit": unit, "from": start, "until": end} for unit, start, end in service
    ]


def test_the_inspection_office_is_a_workplace_though_it_is_no_unit(tmp_path):
    rows = [["姓名", "性别", "工作单位及职务"], ["张三", "男", "县委巡察办副主任"]]

    reading = read(tmp_path, "inspectors", rows, known={"县财政局"})

    assert values(reading, "workplace", "title") == [("县委巡察办", "副主任")]
    assert reading.faults == []
