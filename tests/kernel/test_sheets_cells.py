"""Cells as offices write them: months, rounds, counts, names, numbers, lists, words."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tanzhao.kernel.sheets.cells import read_cell
from tanzhao.kernel.sheets.identity import (
    born_of,
    check_digit,
    read_id_number,
    read_phone,
    sex_of,
)
from tanzhao.kernel.sheets.numbers import (
    chinese_number,
    read_count,
    read_month,
    read_round,
    read_rounds,
)
from tanzhao.kernel.sheets.text import fold, name, person, plain, split_list
from tests.kernel.sheet_making import pack

DIGITS = "〇一二三四五六七八九"


def chinese(number: int) -> str:
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else DIGITS[tens] + "十") + (
        DIGITS[ones] if ones or not tens else ""
    )


def wide(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if c.isascii() and c.isalnum() else c for c in text)


# --- months ---------------------------------------------------------------------------------

WAYS_OF_MONTHS = [
    lambda y, m: f"{y}.{m:02d}",
    lambda y, m: f"{y}/{m}",
    lambda y, m: f"{y}-{m:02d}",
    lambda y, m: f"{y}年{m}月",
    lambda y, m: f"{y}年{m:02d}月份",
    lambda y, m: f"{y}年{m}月15日",
    lambda y, m: f"{y}.{m}.9",
    lambda y, m: f"{y}-{m:02d}-28 00:00:00",
    lambda y, m: f" {y} 年 {m} 月 ",
    lambda y, m: f"{y}{m:02d}",
    lambda y, m: int(f"{y}{m:02d}"),
    lambda y, m: float(f"{y}{m:02d}"),
    lambda y, m: f"{y}{m:02d}15",
    lambda y, m: wide(f"{y}年{m}月"),
    lambda y, m: "".join(DIGITS[int(d)] for d in str(y)) + f"年{chinese(m)}月",
    lambda y, m: "".join(DIGITS[int(d)] for d in str(y)).replace("〇", "○") + f"年{chinese(m)}月",
    lambda y, m: "".join(DIGITS[int(d)] for d in str(y)).replace("〇", "零") + f"年{chinese(m)}月",
    lambda y, m: f"{y}年{chinese(m)}月",
    lambda y, m: dt.date(y, m, 1),
    lambda y, m: dt.datetime(y, m, 28, 9, 30),
    lambda y, m: float((dt.date(y, m, 20) - dt.date(1899, 12, 30)).days),
]


@given(year=st.integers(1950, 2099), month=st.integers(1, 12), way=st.sampled_from(WAYS_OF_MONTHS))
def test_a_month_is_read_back_however_it_was_written(year, month, way):
    reading = read_month(way(year, month))

    assert (reading.value, reading.code) == (f"{year}-{month:02d}", "")


@given(year=st.integers(1940, 2039), month=st.integers(1, 12))
def test_a_year_of_two_digits_is_read_in_its_century(year, month):
    for text in (f"{year % 100:02d}年{month}月", f"{year % 100:02d}.{month:02d}"):
        assert read_month(text).value == f"{year}-{month:02d}"


@pytest.mark.parametrize(
    ("cell", "first", "last"),
    [
        ("2022年3—5月", "2022-03", "2022-05"),
        ("2022年3月至5月", "2022-03", "2022-05"),
        ("2022.3-2022.5", "2022-03", "2022-05"),
        ("2022.3-5", "2022-03", "2022-05"),
        ("2022年3月-5", "2022-03", "2022-05"),
        ("2022年11月—2023年1月", "2022-11", "2023-01"),
        ("2022年3月15日-5月20日", "2022-03", "2022-05"),
    ],
)
def test_of_a_span_the_start_is_taken_or_the_end_for_a_deadline_and_it_is_said(cell, first, last):
    assert (read_month(cell).value, read_month(cell).code) == (first, "date_range")
    assert (read_month(cell, last=True).value, read_month(cell, last=True).code) == (
        last,
        "date_range",
    )


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (2022.3, "2022-03"),
        (2022.03, "2022-03"),
        (2022.11, "2022-11"),
        (2022.12, "2022-12"),
        (22.3, "2022-03"),
        ("2022.1", "2022-01"),
        ("2022.10", "2022-10"),
        ("2023年底", "2023-12"),
        ("2023年12月底前", "2023-12"),
        ("2023年6月30日前", "2023-06"),
        ("2022．3", "2022-03"),
        ("2022。3", "2022-03"),
        ("'2022.3", "2022-03"),
        ("22年3月", "2022-03"),
        ("2022年3月（第一次）", "2022-03"),
        ("二〇二二年三月十五日", "2022-03"),
        ("二O二二年十月", "2022-10"),
        ("2022年 3 月", "2022-03"),
    ],
)
def test_these_months_are_certain(cell, value):
    assert (read_month(cell).value, read_month(cell).code) == (value, "")


@pytest.mark.parametrize(
    "cell",
    ["2022", 2022.0, "2022.13", "2022年", "三月", "去年", "2022.0", "第三轮", 3.0, "1850.3", True],
)
def test_what_is_no_month_is_a_fault_and_no_value(cell):
    assert (read_month(cell).value, read_month(cell).code) == (None, "bad_date")


def test_a_number_that_shows_as_january_or_october_is_decided_by_its_format_or_not_at_all():
    assert read_month(2022.1, shown="0.00").value == "2022-10"
    assert (read_month(2022.1).value, read_month(2022.1).code) == (None, "ambiguous_month")


# --- rounds ---------------------------------------------------------------------------------

WAYS_OF_ROUNDS = [
    lambda n: n,
    float,
    str,
    lambda n: f"{n}.0",
    lambda n: f"第{n}轮",
    lambda n: f"第{chinese(n)}轮",
    lambda n: f"{chinese(n)}轮",
    lambda n: f"{n}轮",
    chinese,
    lambda n: f"十五届县委第{chinese(n)}轮",
    lambda n: wide(f"第{n}轮"),
    lambda n: f"2022年第{chinese(n)}轮",
    lambda n: f"第 {n} 轮",
    lambda n: f"第{chinese(n)}轮巡察",
    lambda n: f"第{n}批",
    lambda n: f"十四届第{n}轮",
    lambda n: f"第{chinese(n)}轮（2022年3月）",
    lambda n: f"县委第{chinese(n)}轮巡察",
    lambda n: f"15届{n}轮",
]


@given(number=st.integers(1, 40), way=st.sampled_from(WAYS_OF_ROUNDS))
def test_a_round_is_read_back_however_it_was_written(number, way):
    assert (read_round(way(number)).value, read_round(way(number)).code) == (number, "")


@given(
    numbers=st.sets(st.integers(1, 30), min_size=1, max_size=6).map(sorted),
    mark=st.sampled_from(["、", "，", "；", "/", ",", ";", "\n", "和", " 、 "]),
    way=st.sampled_from([str, chinese, lambda n: f"第{n}轮", lambda n: f"第{chinese(n)}轮"]),
)
def test_a_list_of_rounds_is_read_back_however_it_was_written(numbers, mark, way):
    assert read_rounds(mark.join(way(number) for number in numbers)).value == numbers


@pytest.mark.parametrize(
    ("cell", "rounds"),
    [
        ("第一、三、五轮", [1, 3, 5]),
        ("1-3轮", [1, 2, 3]),
        ("第一轮至第三轮", [1, 2, 3]),
        ("第一轮第三轮", [1, 3]),
        ("十五届县委第一轮、第三轮", [1, 3]),
        ("1，第四轮", [1, 4]),
        ("第5轮、第1轮", [1, 5]),
        ("1 3 5", [1, 3, 5]),
        ("1—2、5", [1, 2, 5]),
    ],
)
def test_these_lists_of_rounds_are_read(cell, rounds):
    assert (read_rounds(cell).value, read_rounds(cell).code) == (rounds, "")


@pytest.mark.parametrize("cell", [0, -1, 41, 3.5, "第百轮", "已巡察", "35、41", "轮"])
def test_what_is_no_round_is_a_fault_and_no_value(cell):
    assert (read_round(cell).value, read_round(cell).code) == (None, "bad_round")


def test_of_several_rounds_where_one_is_asked_for_the_last_is_taken_and_it_is_said():
    assert (read_round("第一轮、第四轮").value, read_round("第一轮、第四轮").code) == (
        4,
        "several_rounds",
    )


# --- counts ---------------------------------------------------------------------------------


@given(
    number=st.integers(0, 99999),
    way=st.sampled_from(
        [
            float,
            str,
            lambda n: f"{n}名",
            lambda n: f"{n} 人",
            lambda n: f"{n:,}",
            lambda n: wide(f"{n}个"),
            lambda n: f"共{n}人",
        ]
    ),
)
def test_a_count_is_read_back_however_it_was_written(number, way):
    assert (read_count(way(number)).value, read_count(way(number)).code) == (number, "")


@given(number=st.integers(1, 99))
def test_a_chinese_number_is_read_back(number):
    assert chinese_number(chinese(number)) == number
    assert read_count(chinese(number) + "名").value == number


@pytest.mark.parametrize(
    ("cell", "value", "code"),
    [
        ("约50", 50, "approximate"),
        ("120余人", 120, "approximate"),
        ("50人左右", 50, "approximate"),
        ("215人（含预备党员3人）", 215, ""),
        ("一百二十三", 123, ""),
        ("38+2", None, "bad_number"),
        (12.5, None, "bad_number"),
        (-3, None, "bad_number"),
        ("若干", None, "bad_number"),
        ("正式20名，预备3名", None, "bad_number"),
        (True, None, "bad_number"),
    ],
)
def test_doubtful_counts_are_said_to_be_doubtful(cell, value, code):
    assert (read_count(cell).value, read_count(cell).code) == (value, code)


# --- ID numbers and telephones --------------------------------------------------------------


def id_number(born: dt.date, serial: int) -> str:
    digits = f"622801{born:%Y%m%d}{serial:03d}"
    return digits + check_digit(digits)


@given(
    born=st.dates(dt.date(1930, 1, 1), dt.date(2010, 12, 31)),
    serial=st.integers(0, 999),
    way=st.sampled_from(
        [str, str.lower, wide, lambda n: f"{n[:6]} {n[6:14]} {n[14:]}", lambda n: f"'{n}"]
    ),
)
def test_a_sound_id_number_is_read_back_with_its_month_and_sex(born, serial, way):
    number = id_number(born, serial)

    reading = read_id_number(way(number))

    assert (reading.value, reading.code) == (number, "")
    assert born_of(number) == f"{born:%Y-%m}"
    assert sex_of(number) == ("男" if serial % 2 else "女")


@given(
    born=st.dates(dt.date(1930, 1, 1), dt.date(2010, 12, 31)),
    serial=st.integers(0, 999),
    place=st.integers(0, 16),
    shift=st.integers(1, 9),
)
def test_one_wrong_digit_is_always_found(born, serial, place, shift):
    number = id_number(born, serial)
    wrong = number[:place] + str((int(number[place]) + shift) % 10) + number[place + 1 :]

    assert (read_id_number(wrong).value, read_id_number(wrong).code) == (wrong, "id_check_digit")


def test_the_worked_example_of_the_standard_has_the_check_digit_x():
    assert check_digit("11010519491231002") == "X"


@pytest.mark.parametrize(
    ("cell", "value", "code"),
    [
        (622803198503054270.0, "", "id_damaged"),
        ("6.22803E+17", "", "id_damaged"),
        ("6228031985030", "6228031985030", "id_length"),
        ("6228**********4270", "6228**********4270", "id_length"),
        ("622803850305427", "622803850305427", ""),
    ],
)
def test_id_numbers_that_cannot_be_right_are_named(cell, value, code):
    assert (read_id_number(cell).value, read_id_number(cell).code) == (value, code)


@pytest.mark.parametrize(
    ("cell", "value", "code"),
    [
        (13899904420.0, "13899904420", ""),
        ("138-9990-4420", "13899904420", ""),
        ("１３８９９９０４４２０", "13899904420", ""),
        ("+86 138 9990 4420", "13899904420", ""),
        ("0931-8123456", "0931-8123456", ""),
        ("（0931）8123456", "0931-8123456", ""),
        ("13899904420/0931-8123456", "13899904420、0931-8123456", ""),
        ("13899904420、13899904421", "13899904420、13899904421", ""),
        ("手机：13899904420", "13899904420", ""),
        (8123456.0, "8123456", ""),
        ("09318123456", "0931-8123456", ""),
        ("1389990442", "1389990442", "bad_phone"),
        ("见备注", "见备注", "bad_phone"),
        ("13899904420 13899904421", "13899904420、13899904421", ""),
    ],
)
def test_telephone_numbers_are_made_alike(cell, value, code):
    assert (read_phone(cell).value, read_phone(cell).code) == (value, code)


# --- texts ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("张　伟", "张伟"),
        ("张\xa0伟", "张伟"),
        (" 张 伟 ", "张伟"),
        ("阿不都·热合曼", "阿不都·热合曼"),
        ("阿不都•热合曼", "阿不都·热合曼"),
        ("阿不都 · 热合曼", "阿不都·热合曼"),
        ("李娜（女）", "李娜"),
        ("马兰(回族)", "马兰"),
        ("上官\n柏杰", "上官柏杰"),
        ("欧阳\u200b慧", "欧阳慧"),
    ],
)
def test_a_persons_name_has_no_padding(cell, value):
    assert person(cell) == value


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("县教育局 ", "县教育局"),
        ("\u3000白石乡老塬社区", "白石乡老塬社区"),
        ("村(社区)", "村（社区）"),
        ("第 １ 中学", "第1中学"),
        ("ABC Ltd", "ABC Ltd"),
    ],
)
def test_a_name_has_no_padding_and_one_kind_of_brackets(cell, value):
    assert name(cell) == value


@given(st.text(max_size=60))
def test_making_a_text_plain_twice_changes_nothing(text):
    assert plain(plain(text)) == plain(text)
    assert name(name(text)) == name(text)
    assert fold(fold(text)) == fold(text)


def test_prose_keeps_its_punctuation_and_its_lines():
    text = "一、学习不够；\n二、“三会一课”不规范，缺１２次（2021年）。  "

    assert plain(text) == "一、学习不够；\n二、“三会一课”不规范，缺12次（2021年）。"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("党建、财务，审计；法律/信息化\n文字", ["党建", "财务", "审计", "法律", "信息化", "文字"]),
        ("县财政局（预算股、国库股）、县审计局", ["县财政局（预算股、国库股）", "县审计局"]),
        ("1.党建 2.财务", ["党建", "财务"]),
        ("党建 财务", ["党建", "财务"]),
        ("党建、党建", ["党建"]),
        ("、、", []),
        ("（1）党建；（2）财务", ["党建", "财务"]),
    ],
)
def test_lists_are_split_at_every_mark_but_not_inside_brackets(text, parts):
    assert split_list(text) == parts


# --- fields of the packs --------------------------------------------------------------------


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
