"""Untidy sheets: where the headings stand, and what each means."""

from itertools import permutations

import pytest

from tanzhao.kernel.sheets import Unreadable
from tests.kernel.sheet_making import faults, read, values

UNIT = ["县财政局", "党组", 12]


@pytest.mark.parametrize("lines", [0, 1, 2, 9, 25, 120])
def test_any_number_of_title_and_note_lines_may_stand_above_the_headings(tmp_path, lines):
    above = [[f"巡察对象库说明第{n}条：单位名称要写全称，联系电话写手机。"] for n in range(lines)]

    reading = read(tmp_path, "units", [*above, ["单位名称", "党组织形式", "党员数"], UNIT])

    assert values(reading, "name", "form", "members") == [("县财政局", "党组", 12)]
    assert reading.rows[0].number == lines + 2


def test_headings_over_two_rows_with_merged_groups_are_read_by_group_and_leaf(tmp_path):
    rows = [
        ["岚水县巡察对象库"],
        ["序号", "基本情况", None, None, None, "巡察情况", None, "备注"],
        [None, "单位名称", "类别", "负责人", "党员数\n（名）", "轮次", "时间", None],
        [1, "县财政局", "县直部门", "付涛杰", "12名", "第三轮", "2022年9月", None],
    ]
    merges = ["A1:H1", "A2:A3", "B2:E2", "F2:G2", "H2:H3"]

    reading = read(tmp_path, "units", rows, merges)

    assert reading.columns == {
        "序号": None,
        "单位名称": "name",
        "类别": "category",
        "负责人": "head",
        "党员数（名）": "members",
        "轮次": "round",
        "时间": "inspected",
        "备注": None,
    }
    assert values(reading, "name", "head", "members", "round", "inspected") == [
        ("县财政局", "付涛杰", 12, 3, "2022-09")
    ]


def test_groups_that_are_not_merged_but_written_once_are_read_too(tmp_path):
    rows = [
        ["单位名称", "巡察情况", None, "联系电话"],
        [None, "轮次", "时间", None],
        ["县财政局", 3, "2022.9", "13800000000"],
    ]

    reading = read(tmp_path, "units", rows)

    assert values(reading, "name", "round", "inspected", "phone") == [
        ("县财政局", 3, "2022-09", "13800000000")
    ]


def test_headings_over_three_rows_are_read(tmp_path):
    rows = [
        ["序号", "单位基本情况", None, None, "巡察覆盖情况", None],
        [None, "单位名称", "党组织情况", None, "本届", None],
        [None, None, "形式", "上级党组织", "轮次", "时间"],
        [1, "县财政局", "党组", "中共岚水县委员会", "三", "二〇二二年九月"],
    ]
    merges = ["A1:A3", "B1:D1", "E1:F1", "B2:B3", "C2:D2", "E2:F2"]

    reading = read(tmp_path, "units", rows, merges)

    assert values(reading, "name", "form", "parent", "round", "inspected") == [
        ("县财政局", "党组", "中共岚水县委员会", 3, "2022-09")
    ]


def test_the_same_leaf_under_two_groups_is_told_apart_by_the_group(tmp_path):
    rows = [
        ["单位名称", "巡察情况", None, "回头看情况", None],
        [None, "轮次", "时间", "轮次", "时间"],
        ["县财政局", 3, "2022.9", 5, "2024.3"],
    ]

    reading = read(tmp_path, "units", rows, ["B1:C1", "D1:E1", "A1:A2"])

    assert values(reading, "round", "inspected") == [(3, "2022-09")]
    assert reading.columns["巡察情况·轮次"] == "round"
    assert reading.columns["回头看情况·轮次"] is None


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_the_order_of_the_columns_does_not_matter(tmp_path, order):
    headings = ["联系方式", "被巡察党组织", "一把手", "党 员 人 数"]
    cells = ["13800000000", "县财政局", "张　伟", "１２人"]

    reading = read(tmp_path, "units", [[headings[i] for i in order], [cells[i] for i in order]])

    assert values(reading, "name", "head", "members", "phone") == [
        ("县财政局", "张伟", 12, "13800000000")
    ]


def test_a_heading_gives_its_field_to_the_better_one_and_is_reported_not_used(tmp_path):
    rows = [["单位名称", "党组织名称", "党员数"], ["县财政局", "县财政局党组", 12]]

    reading = read(tmp_path, "units", rows)

    assert reading.columns == {"单位名称": "name", "党组织名称": None, "党员数": "members"}
    assert faults(reading) == {(1, "党组织名称", "ambiguous_heading")}


def test_a_column_with_values_and_no_heading_is_reported(tmp_path):
    rows = [["单位名称", "党员数", None], [*UNIT[::2], "不知何物"]]

    reading = read(tmp_path, "units", rows)

    assert faults(reading) == {(1, "C", "no_heading")}
    assert values(reading, "name", "members") == [("县财政局", 12)]


def test_a_table_that_does_not_begin_in_column_a_or_row_one_is_read(tmp_path):
    rows = [
        [],
        [],
        [None, None, "单位名称", None, "党员数"],
        [],
        [None, None, "县财政局", None, 12],
    ]

    reading = read(tmp_path, "units", rows)

    assert [(row.number, row.fields["members"]) for row in reading.rows] == [(5, 12)]


def test_unit_and_round_of_a_ledger_may_stand_above_the_headings(tmp_path):
    rows = [
        ["县委第三轮巡察反馈问题整改台账"],
        ["被巡察单位：县财政局", None, "填报时间：2026年2月"],
        ["序号", "问题表现", "整改措施"],
        [1, "学习不够。", "补学"],
    ]

    reading = read(tmp_path, "ledger", rows)

    assert values(reading, "round", "unit") == [(3, "县财政局")]


def test_a_sheet_without_headings_is_refused_with_the_headings_expected(tmp_path):
    with pytest.raises(Unreadable) as refusal:
        read(tmp_path, "units", [["甲", 1], ["乙", 2]])

    assert refusal.value.code == "no_headings"
    assert "单位名称" in refusal.value.message


LEDGER = ["巡察轮次", "被巡察单位", "问题表现", "整改时限"]


@pytest.mark.parametrize(
    ("heading", "words", "states"),
    [
        ("整改进展", ("已完成", "正在推进"), ("已完成", "未完成")),
        ("是否销号", ("是", "否"), ("已完成", "未完成")),
        ("现在怎样", ("整改完成", "未整改"), ("已完成", "未完成")),
        ("是否公开", ("是", "否"), ("", "")),
        ("现在怎样", ("整改完成", "见附件"), ("", "")),
    ],
)
def test_a_heading_of_last_resort_is_used_where_no_better_one_stands(
    tmp_path, heading, words, states
):
    rows = [[3, "县财政局", f"问题{n}", "2023.6", word] for n, word in enumerate(words)]

    reading = read(tmp_path, "ledger", [[*LEDGER, heading], *rows])

    assert tuple(row.fields["state"] for row in reading.rows) == states
    assert (reading.columns[heading] == "state") is any(states)
    assert reading.faults == []


def test_a_heading_of_last_resort_is_left_alone_beside_a_better_one(tmp_path):
    row = [3, "县财政局", "白条入账。", "2023.6", "基本完成", "否", "正在补办手续"]

    reading = read(tmp_path, "ledger", [[*LEDGER, "整改情况", "是否销号", "整改进展情况"], row])

    assert values(reading, "state") == [("基本完成",)]
    assert (reading.columns["是否销号"], reading.columns["整改进展情况"]) == (None, None)
    assert reading.faults == []


def test_headings_without_anything_under_them_are_refused(tmp_path):
    with pytest.raises(Unreadable) as refusal:
        read(tmp_path, "units", [["单位名称", "党员数"], ["填表人：张三"]])

    assert refusal.value.code == "no_rows"
