"""What is masked, where a hit is placed, and what a heading means."""

import pytest

from tanzhao.screening import room
from tanzhao.screening.masking import looks_secret, masked, masked_text
from tanzhao.screening.placing import names_of, place_of
from tanzhao.screening.rulebook import column_of, shipped_rules


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("110101195003071234", "110101********1234"),
        ("11010119500307123X", "110101********123X"),
        ("110101500307123", "110101*****7123"),
        ("6217000012345678901", "***************8901"),
        ("1234", "****"),
        ("12345", "****2345"),
        ("", ""),
    ],
)
def test_a_number_keeps_its_place_and_its_last_four(number, shown):
    assert masked(number) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("王某110101195003071234领取", "王某110101********1234领取"),
        ("卡号6217 0000 1234 5678 901", "卡号***************8901"),
        ("2025年6月发放465.00元，电话02512345678", "2025年6月发放465.00元，电话02512345678"),
        ("统一代码91341226MA2N1234X5", "统一代码91341226MA2N1234X5"),
    ],
)
def test_whatever_looks_like_a_number_is_masked_in_words(text, shown):
    assert masked_text(text) == shown
    assert looks_secret(text) is (text != shown)


def _row(table, **cells):
    return {"table": table, "cells": cells}


@pytest.mark.parametrize(
    ("facts", "rows", "place"),
    [
        ({"village": "下堡村"}, [_row("payments", 乡镇="石桥镇")], "石桥镇下堡村"),
        ({}, [_row("payments", 所在村="石桥镇下堡村", 乡镇="石桥镇")], "石桥镇下堡村"),
        ({}, [_row("payments", 乡镇="石桥镇", 村=None)], "石桥镇"),
        ({"employer": "石桥镇卫生院"}, [], "石桥镇卫生院"),
        ({}, [_row("reimbursements", 单位="县财政局")], "县财政局"),
        ({}, [_row("deaths", 姓名="王某")], ""),
    ],
)
def test_a_hit_is_placed_by_what_its_rows_name(facts, rows, place):
    assert place_of({"facts": facts}, rows) == place


def test_a_village_that_is_no_unit_falls_to_its_township():
    assert names_of("石桥镇下堡村") == ["石桥镇下堡村", "石桥镇"]
    assert names_of("石桥镇") == ["石桥镇"]


@pytest.mark.parametrize(
    ("heading", "column"),
    [
        ("身份证号码", "person"),
        ("发放金额（元）", "amount"),
        ("发放 金额(元)", "amount"),
        ("备注", None),
    ],
)
def test_a_heading_is_known_however_it_is_written(heading, column):
    found = column_of("payments", heading)

    assert (found.name if found else None) == column


def test_every_shipped_rule_has_words_in_both_languages_and_ranges_people_can_read():
    for rule in shipped_rules().values():
        assert rule.title
        assert rule.tables
        assert all(
            rule.body[f"{part}_{said}"] for part in ("blind", "verify") for said in ("zh", "en")
        )
        for one in rule.thresholds:
            assert one.shown(one.least) in one.span
    money = [one for rule in shipped_rules().values() for one in rule.thresholds if one.is_money]
    assert money
    assert all(one.unit == "yuan" for one in money)


def test_stores_are_found_by_their_data_sets_and_forgotten_with_any_of_them(own_room):
    for numbers in ([3], [3, 12], [12], [1, 31]):
        room.store_of(numbers).mkdir()
    (room.room() / f"{room.BUILDING}3").mkdir()

    assert [one.name for one in room.stores_with(3)] == ["3", "3+12"]
    assert room.forget(12) == 2
    assert [one.name for one in room.stores_with(3)] == ["3"]
    assert room.data_set_number("12/一卡通.xlsx") == 12
    assert room.data_set_number("一卡通.xlsx") is None
    assert room.own_name("12/一卡通.xlsx") == "一卡通.xlsx"
