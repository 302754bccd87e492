"""Texts as offices write them: ID numbers, telephones, names, prose, lists."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tanzhao.kernel.sheets.identity import (
    born_of,
    check_digit,
    read_id_number,
    read_phone,
    sex_of,
)
from tanzhao.kernel.sheets.text import fold, name, person, plain, split_list
from tests.kernel.sheet_making import wide

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
        ("86-13899904420", "13899904420", ""),
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
        ("张三（主持工作）", "张三"),
        ("张三（党组书记）", "张三"),
        ("张三同志", "张三"),
        ("张三：13899904420", "张三"),
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
        ("1、党建；2、财务", ["党建", "财务"]),
        ("党建、财务等", ["党建", "财务"]),
        ("党建、财务等3个单位", ["党建", "财务"]),
        ("2022年援藏、5G建设", ["2022年援藏", "5G建设"]),
    ],
)
def test_lists_are_split_at_every_mark_but_not_inside_brackets(text, parts):
    assert split_list(text) == parts
