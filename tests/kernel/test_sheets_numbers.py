"""Numbers as offices write them: months, rounds, counts."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tanzhao.kernel.sheets.numbers import (
    chinese_number,
    read_count,
    read_month,
    read_round,
    read_rounds,
)
from tests.kernel.sheet_making import DIGITS, chinese, wide

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
        ("2022.3.1-5.31", "2022-03", "2022-05"),
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
    ("cell", "first", "last"),
    [
        ("2023年第二季度", "2023-04", "2023-06"),
        ("2023年四季度前", "2023-10", "2023-12"),
        ("2023年上半年", "2023-01", "2023-06"),
        ("二〇二三年下半年", "2023-07", "2023-12"),
    ],
)
def test_a_deadline_in_a_part_of_the_year_is_its_last_month_and_a_start_is_asked_about(
    cell, first, last
):
    assert (read_month(cell, last=True).value, read_month(cell, last=True).code) == (last, "")
    assert (read_month(cell).value, read_month(cell).code) == (first, "date_range")


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
        ("1972—12", "1972-12"),
        ("2023年12月底前完成", "2023-12"),
        ("2023年3月底前完成并长期坚持", "2023-03"),
        ("2023年3月，长期坚持", "2023-03"),
        ("立行立改，2023年6月30日之前完成", "2023-06"),
        ("立行立改（2023年6月）", "2023-06"),
        ("2023年6月25日24时", "2023-06"),
        ("2022年3月起", "2022-03"),
        ("2022，3", "2022-03"),
        ("2022 3", "2022-03"),
        ("2021-03-01T00:00:00", "2021-03"),
        ("2021年拾月", "2021-10"),
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
        ("第一轮（副组长）、第三轮", [1, 3]),
        ("第1轮组员，第2轮组长", [1, 2]),
        ("十五届：1、3、5", [1, 3, 5]),
        ("第1轮；第2轮；第3轮。", [1, 2, 3]),
        ("①第一轮②第三轮", [1, 3]),
        ("第一轮＋第三轮", [1, 3]),
        ("首轮", [1]),
        ("第Ⅲ轮", [3]),
        ("3轮（常规）", [3]),
        ("十五届县委第三轮（提级巡察）", [3]),
        ("是（第3轮）", [3]),
        ("已巡察（第三轮）", [3]),
        ("本届第三轮专项巡察", [3]),
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


@pytest.mark.parametrize(
    "cell",
    ["党员45名", "共有党员45名", "45名正式党员", "在册45名", "45名。", "45名（含预备党员3名）"],
)
def test_a_count_may_say_what_it_counts(cell):
    assert (read_count(cell).value, read_count(cell).code) == (45, "")


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
