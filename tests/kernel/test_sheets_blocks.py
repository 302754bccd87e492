"""Untidy sheets: which columns group the rows, and which gaps stay gaps."""

from tests.kernel.sheet_making import read, values


def test_a_workplace_before_the_names_groups_them_and_one_behind_does_not(tmp_path):
    before = [["单位", "姓名", "性别"], ["县财政局", "张三", "男"], [None, "李四", "男"]]
    behind = [["姓名", "性别", "单位"], ["张三", "男", "县财政局"], ["李四", "男", None]]

    assert values(read(tmp_path, "inspectors", before), "name", "workplace") == [
        ("张三", "县财政局"),
        ("李四", "县财政局"),
    ]
    assert values(read(tmp_path, "inspectors", behind), "name", "workplace") == [
        ("张三", "县财政局"),
        ("李四", ""),
    ]


def test_full_time_written_once_for_a_block_is_carried_and_a_gap_among_many_is_not(tmp_path):
    headings = ["姓名", "性别", "专职/抽调"]
    once = [
        ["张三", "男", "专职"],
        ["李四", "男", None],
        ["王五", "男", "抽调"],
        ["赵六", "男", None],
    ]
    each = [["张三", "男", "抽调"], ["李四", "男", "抽调"], ["王五", "男", None]]

    assert values(read(tmp_path, "inspectors", [headings, *once]), "full_time") == [
        (True,),
        (True,),
        (False,),
        (False,),
    ]
    assert values(read(tmp_path, "inspectors", [headings, *each]), "full_time") == [
        (False,),
        (False,),
        (None,),
    ]


def test_a_note_in_a_grouping_column_is_no_data(tmp_path):
    rows = [
        ["轮次", "被巡察单位", "问题表现", "整改时限"],
        [3, "县财政局", "白条入账。", "2023.6"],
        ["说明", "1.整改时限为反馈后三个月；2.以上问题均已反馈。"],
    ]

    reading = read(tmp_path, "ledger", rows)

    assert values(reading, "unit", "text") == [("县财政局", "白条入账。")]
    assert reading.faults == []
