"""What a cell says: days, months, money, numbers of persons, firms, accounts, plates."""

import datetime as dt

import polars as pl
import pytest

from tanzhao.engines.screening.loading import identity, values


def read(reader, *texts):
    """Read texts as a column: (value, fault) of each."""
    done = reader(pl.Series(texts, dtype=pl.String))
    return list(zip(done.values.to_list(), done.faults.to_list(), strict=True))


def check(checker, *texts):
    done = checker(pl.Series(texts, dtype=pl.String))
    return list(zip(done.numbers.to_list(), done.faults.to_list(), strict=True))


@pytest.mark.parametrize("text", [
    "2026-03-05", "2026-03-05 00:00:00", "2026-03-05 12:30:15", "2026年3月5日", "2026年03月05号",
    "2026.3.5", "2026/3/5", "20260305", "20260305123015", "46086", "46086.5", "２０２６．３．５",
    "2026 年 3 月 5 日", "2026-3-5 8:30", "2026。3。5",
])  # fmt: skip
def test_a_day_is_read_however_it_is_written(text):
    assert read(values.read_days, text) == [(dt.date(2026, 3, 5), "")]


def test_what_is_no_day_is_a_fault_and_never_a_guess():
    assert read(
        values.read_days, "2026-02-30", "2026年3月", "2026", "长期", "5/3/2026", "-", "", "1234"
    ) == [
        (None, "date"),
        (None, "date_part"),
        (None, "date_part"),
        (None, "date"),
        (None, "date"),
        (None, ""),
        (None, ""),
        (None, "date"),
    ]


@pytest.mark.parametrize(
    "text",
    ["202603", "2026-03", "2026年3月", "2026.03", "2026/3", "2026年03月份", "20260315", "46086"],
)
def test_a_month_is_read_however_it_is_written(text):
    assert read(values.read_months, text) == [(202603, "")]


def test_a_month_that_may_be_january_or_october_is_a_fault():
    texts = ("2026.1", "2026.10", "202613", "3月")

    assert read(values.read_months, *texts) == [
        (None, "month_unclear"),
        (202610, ""),
        (None, "month"),
        (None, "month"),
    ]


@pytest.mark.parametrize(("text", "cents"), [
    ("12", 1200), ("12.5", 1250), ("0.1", 10), ("-12.00", -1200), ("（12.00）", -1200),
    ("(1,234.50)", -123_450), ("¥1,234.50", 123_450), ("￥３元", 300), ("1.2万元", 1_200_000),
    ("1.5E3", 150_000), ("99999999999.99", 9_999_999_999_999), ("+5", 500), (".5", 50),
    ("12345678901234.56", 1_234_567_890_123_456), ("0.30000000000000004", 30),
    ("1,234,567", 123_456_700), ("5元整", 500),
])  # fmt: skip
def test_money_is_read_to_the_cent(text, cents):
    assert read(values.read_money, text) == [(cents, "")]


def test_what_is_no_amount_is_a_fault_and_a_dash_is_nothing():
    texts = ("一百", "12,34", "1-2", "$5", "9E20", "-", "无", "", "1.005")

    assert read(values.read_money, *texts) == [
        *[(None, "money")] * 5,
        *[(None, "")] * 3,
        (101, "rounded"),
    ]


def test_the_unit_of_a_heading_multiplies_before_rounding():
    column = pl.Series(["1.23456", "2"], dtype=pl.String)

    assert values.read_money(column, 10_000).values.to_list() == [1_234_560, 2_000_000]
    assert values.read_thousandths(column, 15).values.to_list() == [18_518, 30_000]


def test_areas_counts_and_flags():
    assert read(values.read_thousandths, "3.5亩", "1/3", "0.3333") == [
        (3500, ""),
        (None, "number"),
        (333, "rounded"),
    ]
    assert read(values.read_whole, "60周岁", "60.5", "99999999999") == [
        (60, ""),
        (None, "number"),
        (None, "number"),
    ]
    assert read(values.read_flags, "是", "√", "0", "也许") == [
        (True, ""),
        (True, ""),
        (False, ""),
        (None, "flag"),
    ]


def test_names_lose_the_blanks_between_their_characters_and_other_words_keep_them():
    assert read(values.read_names, "王　 五", " ＡＢ Trading 公司 ", "买买提 · 艾力") == [
        ("王五", ""),
        ("AB Trading公司", ""),
        ("买买提·艾力", ""),
    ]
    assert read(values.read_texts, "　第一 村\u200b ", "　") == [("第一 村", ""), (None, "")]


def test_numbers_of_persons_are_cleaned_checked_and_lengthened():
    texts = (
        "360521196503120011",
        "36052119700101028x",
        "３６０５２１１９７００１０１０２８ｘ",
        " 360521 19700101 028X'",
        "360521650312001",
        "360521196503120012",
        "360521196502300017",
        "3605211965031200",
        "36052119650312O011",
        "3.60521E+17",
        "360521196503120011.0",
        "3605************11",
        "　",
    )

    assert check(identity.check_persons, *texts) == [
        ("360521196503120011", ""),
        ("36052119700101028X", ""),
        ("36052119700101028X", ""),
        ("36052119700101028X", ""),
        ("360521196503120011", ""),
        (None, "id_check"),
        (None, "id_date"),
        (None, "id_length"),
        (None, "id_characters"),
        (None, "id_damaged"),
        (None, "id_damaged"),
        (None, "id_masked"),
        (None, ""),
    ]


def test_codes_of_firms_are_checked_by_their_last_character():
    # The examples of GB 32100-2015, and one with a character changed.
    assert check(
        identity.check_firms,
        "91350100M000100Y43",
        "91350100m000100y43",
        "91350100M000100Y44",
        "913501O0M000100Y43",
        "9135",
    ) == [
        ("91350100M000100Y43", ""),
        ("91350100M000100Y43", ""),
        (None, "firm_check"),
        (None, "firm_characters"),
        (None, "firm_length"),
    ]


def test_accounts_and_plates_are_the_same_however_they_are_parted():
    assert check(
        identity.check_accounts,
        "6217 0000 1000 1234 567",
        "６２１７-0000-1000-1234-567",
        "6.217E+18",
        "12",
        "现金",
    ) == [
        ("6217000010001234567", ""),
        ("6217000010001234567", ""),
        (None, "account_damaged"),
        (None, "account_form"),
        (None, "account_form"),
    ]
    assert check(
        identity.check_plates, "赣E·12345", "赣e 12345", "赣ED12345", "赣E1234警", "12345"
    ) == [
        ("赣E12345", ""),
        ("赣E12345", ""),
        ("赣ED12345", ""),
        ("赣E1234警", ""),
        (None, "plate_form"),
    ]


def test_accounts_of_digits_alone_are_what_they_are_beside_others():
    digits = ("6217000010001234567", "12345", None, "0" * 35)

    alone = check(identity.check_accounts, *digits)

    assert alone == check(identity.check_accounts, *digits, "6217 0000 1000")[:4]
    assert alone == [(number, "") for number in digits]
