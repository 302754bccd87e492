"""Numbers, days and document numbers as official papers write them."""

from datetime import date

DIGITS = "零一二三四五六七八九"
UNITS = ("", "十", "百", "千")


def number_chinese(number: int) -> str:
    """Write a whole number from 1 to 9999 in Chinese numerals: 21 is 二十一, 105 is 一百零五.

    Raises:
        ValueError: the number is outside 1 to 9999.
    """
    if not 1 <= number <= 9999:
        raise ValueError(f"number={number}")
    written = ""
    for place, digit in enumerate(reversed(str(number))):
        if digit != "0":
            written = DIGITS[int(digit)] + UNITS[place] + written
        elif written and not written.startswith("零"):
            written = "零" + written
    return written.removeprefix("一") if 10 <= number <= 19 else written


def date_chinese(day: date) -> str:
    """Write a day with Arabic numerals and no leading noughts: 2026年3月5日.

    Source: GB/T 9704-2012, 7.3.5.4.
    """
    return f"{day.year}年{day.month}月{day.day}日"


def period_chinese(begins: date, ends: date) -> str:
    """Write a span of days, the year once if it is the same: 2026年3月2日至4月30日."""
    if begins.year != ends.year:
        return f"{date_chinese(begins)}至{date_chinese(ends)}"
    if begins == ends:
        return date_chinese(begins)
    return f"{date_chinese(begins)}至{ends.month}月{ends.day}日"


def name_chinese(name: str) -> str:
    """Write a name as lists do: one of two characters as wide as one of three (李　敏)."""
    return f"{name[0]}\u3000{name[1]}" if len(name) == 2 else name


def document_number(word: str, year: int, serial: int) -> str:
    """Write a 发文字号: the issuer's word, the full year in 〔〕, the serial without 第 or noughts.

    Raises:
        ValueError: the word is empty or the serial is below 1.
    """
    if not word or serial < 1:
        raise ValueError(f"word={word!r}, serial={serial}")
    return f"{word}〔{year}〕{serial}号"


def level_number(level: int, number: int) -> str:
    """Write the number that stands before a heading: 一、 / （一） / 1. / （1） for levels 1 to 4.

    Raises:
        ValueError: there is no such level.
    """
    if level == 1:
        return f"{number_chinese(number)}、"
    if level == 2:
        return f"（{number_chinese(number)}）"
    if level == 3:
        return f"{number}."
    if level == 4:
        return f"（{number}）"
    raise ValueError(f"level={level}")
