"""Days and shares of a workbook as they are seen: written by the format of their cell.

The reader gives every day as 2026-03-05 and every share as 0.125; whoever opens the file sees
2026年3月5日, or 二〇二六年三月五日, and 12.5%, and so a report quotes it. Other numbers stay as
they are.
Source: ECMA-376 part 1, 18.8.30 (with the numbers that Chinese programs have built in).
"""

import re
from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal

from tanzhao.engines.likeness.extract.elements import elements
from tanzhao.engines.likeness.extract.numerals import numeral
from tanzhao.engines.likeness.extract.packages import Package
from tanzhao.engines.likeness.extract.refusals import Unreadable
from tanzhao.engines.likeness.extract.sheet_tags import tags_in

_STYLES = "xl/styles.xml"
_BUILT_IN = {
    9: "0%", 10: "0.00%",
    **dict.fromkeys((27, 36, 50, 52, 57), 'yyyy"年"m"月"'),
    **dict.fromkeys((28, 29, 51, 53, 54, 58), 'm"月"d"日"'),
    31: 'yyyy"年"m"月"d"日"', 32: 'h"时"mm"分"', 33: 'h"时"mm"分"ss"秒"',
}  # fmt: skip
_CELL = re.compile(rb"""<(?:\w+:)?c\s[^<>]*?\bs\s*=\s*["'](\d+)["'][^<>]*>""")
_REFERENCE = re.compile(rb"""\br\s*=\s*["']([A-Z]{1,3})(\d{1,7})["']""")
_COLUMNS = 1 << 14
_LONGEST = 255  # signs of a format: no program takes more
# What says how a format looks, not what it shows: [$-804], [红色], _) and *-; but [h] is the hours
# of more than a day, and [DBNum1] asks for numbers in Chinese.
_LOOKS = re.compile(r"\[(?!DBNum|[hms]+\])[^\]]*\]|[_*].", re.I)
_IN_CHINESE = "[DBNum1]"
_SHARE = re.compile(r"[#,0]*0(?:\.(0{1,15}))?%")  # a number has no more places
_WORDS_OF_DAYS = re.compile(r'"([^"]*)"|\\(.)|(y+|m+|d+|h+|s+)|([-/.: 年月日时分秒])', re.I)

type Looks = Mapping[int, str]  # a format for a cell: row * _COLUMNS + column, both from 0


def formats_of(package: Package) -> dict[str, str]:
    """Give the formats that are written here, by the number of the style that cells name.

    Raises: Unreadable if the styles were built to do harm.
    """
    if _STYLES not in package.names:
        return {}
    own: dict[str, str] = {}
    found: dict[str, str] = {}
    inside, number = False, 0
    try:
        for name, begins, values, _text in elements(
            package.pieces(_STYLES), "xlsx", {"numFmt", "cellXfs", "xf"}
        ):
            if name == "cellXfs":
                inside = begins
            elif name == "numFmt" and begins:
                own[values.get("numFmtId", "")] = values.get("formatCode", "")
            elif name == "xf" and begins and inside:
                said = values.get("numFmtId", "0")
                known = _BUILT_IN.get(int(said), "") if said.isdecimal() else ""
                # Only the first of its parts counts: the others are of negative numbers and words.
                code = _LOOKS.sub("", own.get(said, known)).split(";")[0].strip()
                if _is_written(code):
                    found[str(number)] = code
                number += 1
    except Unreadable as refusal:
        if refusal.code != "damaged":
            raise
    return found


def looks_in(pieces: Iterable[bytes], formats: Mapping[str, str]) -> Looks:
    """Find the cells of a sheet that have one of the formats."""
    if not formats:
        return {}
    by_style = {style.encode(): code for style, code in formats.items()}
    found: dict[int, str] = {}
    for cell in tags_in(pieces, _CELL):
        code = by_style.get(cell[1], "")
        if code and (at := _REFERENCE.search(cell[0])):
            found[place_of(int(at[2]) - 1, _column(at[1]))] = code
    return found


def place_of(row: int, column: int) -> int:
    """Give the place under which `looks_in` has a cell."""
    return row * _COLUMNS + column


def written(cell: object, code: str) -> str:
    """Write a day or a share by its format; "" if it is neither."""
    if isinstance(cell, (bool, str)):
        return ""
    return _share(cell, code) if isinstance(cell, (float, int)) else _day(cell, code)


def _is_written(code: str) -> bool:
    if len(code) > _LONGEST:
        return False
    return bool(_SHARE.fullmatch(code)) or ("年" in code or "月" in code or "时" in code)


def _share(number: float, code: str) -> str:
    shape = _SHARE.fullmatch(code)
    if shape is None:
        return ""
    finest = Decimal(1).scaleb(-len(shape[1] or ""))
    share = Decimal(repr(number)) * 100
    if not share.is_finite() or abs(share) > 10**12:
        return ""
    return f"{share.quantize(finest, ROUND_HALF_UP)}%"


def _day(day: object, code: str) -> str:
    """Write it sign by sign; "" if the format has a sign that is not known here, or asks for what
    the cell has not: the year of an hour."""
    in_chinese = code.startswith(_IN_CHINESE)
    code = code.removeprefix(_IN_CHINESE)
    if _WORDS_OF_DAYS.sub("", code):
        return ""
    told: list[str] = []
    hours = False  # minutes are m too, behind an hour
    for word in _WORDS_OF_DAYS.finditer(code):
        quoted, escaped, letters, plain = word.groups()
        if letters is None:
            told.append(quoted or escaped or plain or "")
            continue
        kind = letters[0].lower()
        if kind == "m" and hours:
            kind = "minute"
        hours = kind in ("h", "minute") or (hours and kind != "s")
        value = getattr(day, _PART_OF[kind], None)
        figures = "" if value is None else _figures(value, letters.lower(), in_chinese=in_chinese)
        if not figures:
            return ""
        told.append(figures)
    return "".join(told)


def _figures(value: int, letters: str, *, in_chinese: bool) -> str:
    """Write a part of a day as its letters ask; "" if they ask for its name, or for what is not
    known here."""
    if in_chinese:
        kind = _CHINESE_KINDS.get(letters, "")
        return numeral(value, kind) if kind else ""
    if letters[0] in "md" and len(letters) > 2:
        return ""
    return f"{value % 100:02}" if letters == "yy" else f"{value:0{min(len(letters), 4)}}"


_PART_OF = {"y": "year", "m": "month", "d": "day", "h": "hour", "minute": "minute", "s": "second"}
_CHINESE_KINDS = {"yyyy": "ideographDigital", "m": "chineseCounting", "d": "chineseCounting"}


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1
