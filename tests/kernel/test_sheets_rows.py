"""Untidy sheets: what stands for a block of rows, and which rows are no data."""

import pytest

from tanzhao.kernel.sheets import Severity
from tests.kernel.sheet_making import faults, read, values

UNIT = ["县财政局", "党组", 12]


def test_a_value_merged_down_the_side_or_written_once_stands_for_its_block(tmp_path):
    rows = [
        ["类别", "单位名称", "党员数"],
        ["县直部门", "县财政局", 1],
        [None, "县审计局", 2],
        ["乡镇", "太平镇", 3],
        [None, "双河镇", 4],
        [None, None, None],
        [None, "马营镇", 5],
    ]

    merged = read(tmp_path, "units", rows, ["A2:A3", "A4:A7"])
    written = read(tmp_path, "units", rows)

    expected = ["县直部门", "县直部门", "乡镇", "乡镇", "乡镇"]
    assert [row.fields["category"] for row in merged.rows] == expected
    assert [row.fields["category"] for row in written.rows] == expected


def test_a_field_that_is_no_group_is_never_carried_down(tmp_path):
    rows = [
        ["单位名称", "主要负责人", "已巡察轮次", "巡察时间"],
        ["县财政局", "张伟", 3, "2022.9"],
        ["县审计局", None, None, None],
    ]

    reading = read(tmp_path, "units", rows)

    assert values(reading, "head", "round", "inspected") == [
        ("张伟", 3, "2022-09"),
        ("", None, None),
    ]


def test_a_new_block_of_the_bigger_group_ends_the_smaller_one(tmp_path):
    rows = [
        ["类别", "上级党组织", "单位名称", "党员数"],
        ["村", "太平镇", "老寨村", 1],
        [None, None, "上营村", 2],
        ["县直部门", None, "县财政局", 3],
    ]

    reading = read(tmp_path, "units", rows)

    assert values(reading, "category", "parent") == [
        ("村", "太平镇"),
        ("村", "太平镇"),
        ("县直部门", ""),
    ]


def test_a_sub_total_ends_the_block_of_its_column(tmp_path):
    rows = [
        ["类别", "单位名称", "党员数"],
        ["县直部门", "县财政局", 1],
        [None, "县审计局", 2],
        ["小 计", "2个", 3],
        [None, "太平镇", 3],
        ["合计", None, 6],
    ]

    reading = read(tmp_path, "units", rows)

    assert values(reading, "name", "category") == [
        ("县财政局", "县直部门"),
        ("县审计局", "县直部门"),
        ("太平镇", ""),
    ]


def test_a_gap_in_a_column_that_is_written_in_every_row_is_not_filled(tmp_path):
    filled = [["第二轮", f"县第{n}局", "问题", "整改"] for n in range(20)]
    filled[10][0] = None

    reading = read(tmp_path, "ledger", [["轮次", "被巡察单位", "问题表现", "整改措施"], *filled])

    assert [row.fields["round"] for row in reading.rows] == [2] * 10 + [None] + [2] * 9


@pytest.mark.parametrize(
    "total",
    [
        ["小计", None, None, 3],
        [None, "合 计", None, 3],
        [None, None, "总计", 3],
        ["合计：2个"],
        [None, "共2个", None, None],
        [None, "县直部门小计", "2个", 3],
        ["本页合计（人）", None, None, 3],
        ["合计", "—", "2个", "—"],
        [None, "计", None, 3],
        ["总　计", 2, None, None],
        ["合计", None, "3个单位", 3],
    ],
)
def test_totals_are_no_units_wherever_they_stand(tmp_path, total):
    rows = [
        ["序号", "类别", "单位名称", "党员数"],
        [1, "县直部门", "县财政局", 1],
        [2, "县直部门", "县审计局", 2],
        total,
        [3, "县直部门", "县会计核算中心", 4],
    ]

    reading = read(tmp_path, "units", rows)

    assert [row.fields["name"] for row in reading.rows] == [
        "县财政局",
        "县审计局",
        "县会计核算中心",
    ]
    assert reading.passed_over == [("表", 4, "total")]
    assert reading.faults == []


def test_section_banners_give_their_category_to_the_rows_below(tmp_path):
    rows = [
        ["序号", "单位名称", "党员数"],
        ["一、县直部门（2个）"],
        [1, "县财政局", 1],
        [2, "县审计局", 2],
        ["二、乡镇"],
        [1, "太平镇", 3],
        ["三", "国有企业（1个）", 9],
        [1, "县供水公司", 9],
    ]

    reading = read(tmp_path, "units", rows, ["A2:C2", "A5:C5"])

    assert values(reading, "name", "category") == [
        ("县财政局", "县直部门"),
        ("县审计局", "县直部门"),
        ("太平镇", "乡镇"),
        ("县供水公司", "国有企业"),
    ]
    assert [kind for _, _, kind in reading.passed_over] == ["banner", "banner", "banner"]


def test_banners_of_a_ledger_give_round_unit_or_category(tmp_path):
    rows = [
        ["序号", "问题表现", "整改措施", "整改时限", "整改情况"],
        ["第三轮巡察"],
        ["（一）县财政局"],
        ["1.政治建设方面"],
        [1, "学习不够。", "补学", "2023.3", "完成"],
        ["2.组织建设方面"],
        [2, "记录不全。", "补记", "2023.4", "否"],
        ["（二）县审计局"],
        [1, "账目不清。", "清账", "2023.5", "基本完成"],
    ]
    merges = [f"A{n}:E{n}" for n in (2, 3, 4, 6, 8)]

    reading = read(tmp_path, "ledger", rows, merges, known={"县财政局", "县审计局"})

    assert values(reading, "round", "unit", "category", "state") == [
        (3, "县财政局", "政治建设", "已完成"),
        (3, "县财政局", "组织建设", "未完成"),
        (3, "县审计局", "", "基本完成"),
    ]
    assert reading.faults == []


def test_headings_repeated_on_every_page_are_no_data(tmp_path):
    page = [["岚水县巡察对象库"], ["单位名称", "党组织形式", "党员数"]]
    rows = [*page, UNIT, *page, ["县审计局", "党组", 3]]

    reading = read(tmp_path, "units", rows, ["A1:C1", "A4:C4"])

    assert [row.fields["name"] for row in reading.rows] == ["县财政局", "县审计局"]
    assert reading.faults == []


def test_numbers_of_columns_and_notes_at_the_foot_are_no_data(tmp_path):
    rows = [
        ["序号", "单位名称", "党组织形式", "党员数"],
        ["甲", "乙", 1, 2],
        [1, *UNIT],
        ["注：党员数截至2025年底。"],
        ["填表人：张三", None, "审核人：李四", "2026年2月"],
    ]

    reading = read(tmp_path, "units", rows, ["A4:D4"])

    assert [row.fields["name"] for row in reading.rows] == ["县财政局"]
    assert {kind for _, _, kind in reading.passed_over} == {"heading", "note"}
    assert reading.faults == []


def test_rows_with_only_a_printed_number_are_passed_over(tmp_path):
    reading = read(
        tmp_path, "units", [["序号", "单位名称", "党员数"], [1, "县财政局", 3], [2], [3]]
    )

    assert len(reading.rows) == 1
    assert reading.passed_over == [("表", 3, "unused"), ("表", 4, "unused")]


def test_a_row_without_its_name_is_refused_with_row_and_column(tmp_path):
    rows = [["单位名称", "党组织形式", "党员数"], UNIT, [None, "党组", 9]]

    reading = read(tmp_path, "units", rows)

    assert [row.fields["name"] for row in reading.rows] == ["县财政局"]
    assert [(f.row, f.column, f.code, f.severity) for f in reading.faults] == [
        (3, "单位名称", "missing", Severity.REFUSED)
    ]


def test_a_count_behind_the_name_of_a_group_is_dropped(tmp_path):
    rows = [
        ["分类", "单位名称", "党员数"],
        ["县直部门\n（2个）", "县财政局", 3],
        [None, "县审计局", 4],
        ["村(社区)", "老寨村", 5],
    ]

    reading = read(tmp_path, "units", rows, ["A2:A3"])

    assert [row.fields["category"] for row in reading.rows] == [
        "县直部门",
        "县直部门",
        "村（社区）",
    ]


def test_workplace_and_post_in_one_cell_are_parted(tmp_path):
    rows = [
        ["姓名", "工作单位及职务"],
        ["张伟", "县财政局预算股股长"],
        ["李娜", "县发展和改革局"],
        ["王强", "太平镇党委委员"],
        ["赵敏", "县粮食局副局长"],
    ]

    reading = read(tmp_path, "inspectors", rows, known={"县财政局", "县发展和改革局", "太平镇"})

    assert values(reading, "workplace", "title") == [
        ("县财政局", "预算股股长"),
        ("县发展和改革局", ""),
        ("太平镇", "党委委员"),
        ("县粮食局", "副局长"),
    ]
    assert faults(reading) == {(5, "工作单位及职务", "unknown_workplace")}


def test_a_unit_inspected_twice_has_its_last_round_and_month_and_is_asked_about(tmp_path):
    rows = [["单位名称", "轮次", "巡察时间"], ["县财政局", "1、4", "2021.10、2023.3"]]

    reading = read(tmp_path, "units", rows)

    assert values(reading, "round", "inspected") == [(4, "2023-03")]
    assert faults(reading) == {(2, "轮次", "several_rounds"), (2, "巡察时间", "date_range")}


def test_villages_listed_under_their_township_have_it_as_parent(tmp_path):
    rows = [
        ["乡镇", "村（社区）名称", "党员数"],
        ["太平镇", "老寨村", 3],
        [None, "上营村", 4],
        ["双河镇", "下湾村", 5],
    ]

    reading = read(tmp_path, "units", rows)

    assert values(reading, "parent") == [("太平镇",), ("太平镇",), ("双河镇",)]


def test_a_cell_that_says_the_same_as_above_has_the_value_above(tmp_path):
    rows = [
        ["单位名称", "单位类别", "党组织形式", "主要负责人", "巡察时间"],
        ["县民政局", "县直部门", "党组", "马六", "2023年3月"],
        ["县残联", "同上", "〃", "牛七", "同上"],
        ["县红十字会", "〃", '"', "", "〃"],
        ["县供水公司", "国有企业", "党支部", "", ""],
        ["县城投公司", "同上", "同上", "同上", "同上"],
    ]

    reading = read(tmp_path, "units", rows)

    assert values(reading, "category", "form", "head", "inspected") == [
        ("县直部门", "党组", "马六", "2023-03"),
        ("县直部门", "党组", "牛七", "2023-03"),
        ("县直部门", "党组", "", "2023-03"),
        ("国有企业", "党支部", "", None),
        ("国有企业", "党支部", "", None),
    ]
    assert reading.faults == []


def test_a_row_without_a_number_among_numbered_ones_is_the_title_of_a_section(tmp_path):
    rows = [
        ["序号", "单位名称", "党组织形式", "党员数"],
        [None, "县直部门", None, None],
        [1, "县财政局", "党组", 12],
        [None, "乡镇（街道）", None, None],
        [2, "云山街道", "党工委", 44],
        [3, "东岭镇", None, None],
    ]

    reading = read(tmp_path, "units", rows)

    assert values(reading, "name", "category") == [
        ("县财政局", "县直部门"),
        ("云山街道", "乡镇（街道）"),
        ("东岭镇", "乡镇（街道）"),
    ]


def test_sections_of_a_talent_pool_say_who_is_full_time(tmp_path):
    rows = [
        ["序号", "姓名", "性别", "工作单位"],
        ["一、专职干部（2人）"],
        [1, "张三", "男", "县委巡察办"],
        [2, "李四", "女", "县委巡察办"],
        ["抽调干部"],
        [3, "王五", "男", "县财政局"],
    ]

    reading = read(tmp_path, "inspectors", rows)

    assert values(reading, "name", "full_time") == [
        ("张三", True),
        ("李四", True),
        ("王五", False),
    ]
    assert reading.faults == []


def test_the_title_of_a_sheet_may_name_the_unit_of_all_its_rows(tmp_path):
    rows = [
        ["县财政局第三轮巡察反馈问题整改台账"],
        ["问题表现", "整改时限"],
        ["白条入账。", "2023.6"],
    ]

    reading = read(tmp_path, "ledger", rows, known={"县财政局"})

    assert values(reading, "round", "unit", "text") == [(3, "县财政局", "白条入账。")]


def test_what_a_note_holds_beside_the_table_is_no_column_without_a_heading(tmp_path):
    rows = [
        ["单位名称", "党员数"],
        ["县财政局", 12],
        ["填报人：张三", None, None, "电话：13800000000"],
    ]

    assert read(tmp_path, "units", rows).faults == []


def test_an_example_under_the_headings_is_no_data(tmp_path):
    rows = [
        ["序号", "单位名称", "类别", "党组织形式", "主要负责人", "党员数", "关注程度"],
        ["例", "县某某局", "县直部门", "党组", "张某", "50", "高"],
        [1, "县财政局", "县直部门", "党组", "付涛杰", 12, "高"],
    ]

    reading = read(tmp_path, "units", rows)

    assert values(reading, "name") == [("县财政局",)]
    assert reading.passed_over == [("表", 2, "note")]


def test_units_whose_names_hold_the_word_for_a_total_are_units(tmp_path):
    names = ["县合计村", "共计乡", "县总工会", "县统计局", "说明书村", "101厂"]

    reading = read(tmp_path, "units", [["单位名称", "党员数"], *([one, 3] for one in names)])

    assert [row.fields["name"] for row in reading.rows] == names
