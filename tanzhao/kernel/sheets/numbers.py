"""Reading numbers, rounds and months as offices write them."""

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from tanzhao.kernel.sheets.text import Cell, plain

EXCEL_DAY_ZERO = dt.date(1899, 12, 30)
FIRST_YEAR, LAST_YEAR = 1900, 2100
CENTURY_FROM = 40  # 40 to 99 are 1940 to 1999, 00 to 39 are 2000 to 2039

_DIGITS = {
    **{c: i for i, c in enumerate("〇一二三四五六七八九")},
    "零": 0,
    "○": 0,
    "两": 2,
    "Ｏ": 0,
}
_DIGITS |= {c: i for i, c in enumerate("壹贰叁肆伍陆柒捌玖", start=1)}
_ZH = "〇零○Ｏ一二三四五六七八九两壹贰叁肆伍陆柒捌玖"
_NUMBER = rf"(?:\d+|[{_ZH}十百]+)"


@dataclass(frozen=True, slots=True)
class Reading:
    """What a cell was read as: the value, and the code of the fault with its details, if any."""

    value: Any
    code: str = ""
    details: dict[str, object] = field(default_factory=dict)


def chinese_number(text: str) -> int | None:
    """Read 12, 十二, 二十, 一百零五 or 二〇二二 as a number; None for anything else."""
    if re.fullmatch(r"[0-9]{1,9}", text):
        return int(text)
    if not re.fullmatch(rf"[{_ZH}十百]{{1,7}}", text):
        return None
    if not set(text) & set("十百"):
        return int("".join(str(_DIGITS[c]) for c in text))
    total, digit = 0, None
    for character in text:
        if character in "十百":
            total += (1 if digit is None else digit) * (10 if character == "十" else 100)
            digit = None
        else:
            digit = _DIGITS[character]
    return total + (digit or 0)


def read_count(cell: Cell) -> Reading:
    """Read a count of people or things: 136, 136名, １３６, 1,234, 十二, 约50."""
    text = plain(cell)
    if isinstance(cell, float | int) and not isinstance(cell, bool):
        if float(cell).is_integer() and cell >= 0:
            return Reading(int(cell))
        return Reading(None, "bad_number", {"value": text})
    bare = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    bare = re.sub(r"^(?:共|计|有|为|:|现|在册|党员|总数|正式)+|\([^()]*\)$|。$", "", bare)
    found = re.fullmatch(
        rf"(约|近|大约|左右|超过)?({_NUMBER}|\d{{1,3}}(?:,\d{{3}})+)(?:\.0+)?"
        r"(多|余|来|左右|以上)?(?:名|人|个|位|员|家|户)*(?:正式|在册)?(?:党员|左右)?",
        bare,
    )
    number = chinese_number(found[2].replace(",", "")) if found else None
    if found is None or number is None:
        return Reading(None, "bad_number", {"value": text})
    if found[1] or found[3] or bare.endswith("左右"):
        return Reading(number, "approximate", {"value": text, "taken": number})
    return Reading(number)


# --- rounds ---------------------------------------------------------------------------------

_TERM = re.compile(rf"第?({_NUMBER})届(?:县委|市委|区委|州委|旗委|省委|党委|委员会)?")
_YEAR = re.compile(r"\d{4}年(?:\d{1,2}月(?:\d{1,2}日)?)?|\d{4}[./-]\d{1,2}(?:[./-]\d{1,2})?")
_SPAN = re.compile(rf"第?({_NUMBER})[轮批次]*[-—–―~～至到]+第?({_NUMBER})(?![年月])")

_ABOUT_ROUNDS = re.compile(
    r"已?巡察|县委|市委|区委|委员会|常规|专项|提级|机动|交叉|巡视|参加过?|本届|是|已巡?|完成|于|曾|等"
    r"|轮次|副?组长|组员|成员|联络员|\(\)|\.0$"
)
_ROMAN = str.maketrans({"輪": "轮"} | {chr(0x215F + n): str(n) for n in range(1, 13)})


def read_rounds(cell: Cell, *, highest: int = 40) -> Reading:
    """Read 第三轮、4, 第一、三、五轮, 1-3轮 or 十五届县委第三轮 as numbers in ascending order.

    A number above `highest` is a fault: "3,5" typed into Excel can turn into 35.
    """
    text = plain(cell)
    if isinstance(cell, float) and not cell.is_integer():
        return Reading([], "bad_round", {"value": text})
    numbers = _rounds_of_text(text, highest)
    return Reading(list(numbers)) if numbers else Reading([], "bad_round", {"value": text})


@lru_cache(maxsize=4096)
def _rounds_of_text(text: str, highest: int) -> tuple[int, ...]:
    text = re.sub("[①-⑳](?=第)", "、", text.translate(_ROMAN)).replace("首轮", "第1轮")
    bare = re.sub(r"(?<=[\d轮批])\s+(?=[\d第])", "、", unicodedata.normalize("NFKC", text))
    bare = bare.replace(" ", "")
    bare = _YEAR.sub("、", _TERM.sub("", bare))
    rest = _ABOUT_ROUNDS.sub("", bare)
    numbers: set[int] = set()
    for first, last in _SPAN.findall(rest):
        low, high = chinese_number(first), chinese_number(last)
        if low is None or high is None or not low <= high <= highest:
            return ()
        numbers.update(range(low, high + 1))
    rest = _SPAN.sub("、", rest)
    words = [word for word in re.split(r"[、,;/|\n.。:+和及与第轮批次()]+", rest) if word]
    read = [chinese_number(word) for word in words]
    numbers.update(number for number in read if number is not None)
    if None in read or not numbers or min(numbers) < 1 or max(numbers) > highest:
        return ()
    return tuple(sorted(numbers))


def read_round(cell: Cell, *, highest: int = 40) -> Reading:
    """Read one round. Where several are named the last one is taken, with a query."""
    reading = read_rounds(cell, highest=highest)
    if not reading.value:
        return Reading(None, reading.code, reading.details)
    last = reading.value[-1]
    if len(reading.value) > 1:
        return Reading(last, "several_rounds", {"value": plain(cell), "taken": last})
    return Reading(last)


def term_of(cell: Cell) -> int | None:
    """Give the term named with a round, as 15 in 十五届县委第三轮; None where none is named."""
    found = _TERM.search(unicodedata.normalize("NFKC", plain(cell)))
    return chinese_number(found[1]) if found else None


def rounds_of_terms(cell: Cell, *, highest: int = 40) -> list[tuple[int | None, int]]:
    """Give (term, round) in ascending order where a cell names terms with rounds.

    十五届第三、四轮，十六届第一轮 gives (15, 3), (15, 4), (16, 1). What stands before the first
    term is of none. Empty where no term is named, or the rounds of one cannot be read.
    """
    text = unicodedata.normalize("NFKC", plain(cell))
    named = list(_TERM.finditer(text))
    if not named:
        return []
    ends = [one.start() for one in named] + [len(text)]
    parts = [
        (chinese_number(one[1]), text[one.end() : end])
        for one, end in zip(named, ends[1:], strict=True)
    ]
    if text[: ends[0]].strip(" 、,;，；第"):
        parts.append((None, text[: ends[0]]))
    found = [(term, _rounds_of_text(part, highest)) for term, part in parts]
    if not all(numbers for _term, numbers in found):
        return []
    pairs = {(term, number) for term, numbers in found for number in numbers}
    return sorted(pairs, key=lambda pair: (pair[0] or 0, pair[1]))


# --- months ---------------------------------------------------------------------------------

_ZH_YEAR = re.compile(r"[〇一二三四五六七八九\d]{4}(?=年)|[〇一二三四五六七八九]{2}(?=年)")
_ZH_PART = re.compile(r"[〇一二三四五六七八九十]+(?=[月日号])")
# A day follows with the mark that stood before the month: 2022.3.15, but 2022.3-5 is a span.
_MONTH = re.compile(
    r"(\d{4}|\d{2})([年./-])(\d{1,2})(?!\d)(?:月份?)?(?:(?:(?<=[月份])|\2)\d{1,2}(?![\d月])[日号]?)?"
)
# What stands beside a deadline: 2023年6月底前完成并长期坚持.
_NOT_A_DATE = re.compile(
    r"[并且,;、]*(?:立行立改|即知即改|立即整改|(?:长期|持续)(?:坚持|推进|整改))"
    r"|(?:整改)?完成|\d{1,2}时$"
)
_PART_OF_YEAR = re.compile(
    r"年(?:(?P<half>[上下])半年|第?(?P<quarter>[1-4一二三四])季度?)(?:之?[内前末底])?"
)
_DASHES = re.compile(r"[‐-―−~～至到]+")


def read_month(cell: Cell, *, last: bool = False, shown: str = "") -> Reading:
    """Read a month as "YYYY-MM".

    Args:
        last: Of a span of months take the last (a deadline), not the first.
        shown: The cell's number format. 2022.1 shown with two decimals is October; without,
            nobody can tell January from October.
    """
    if isinstance(cell, dt.date):
        return _month(cell.year, cell.month, cell)
    if isinstance(cell, float | int) and not isinstance(cell, bool):
        return _month_of_number(float(cell), shown)
    return _month_of_text(plain(cell), last=last)


def _month(year: int, month: int, cell: object) -> Reading:
    if year < 100:
        year += 1900 if year >= CENTURY_FROM else 2000
    if FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12:
        return Reading(f"{year:04d}-{month:02d}")
    return Reading(None, "bad_date", {"value": str(cell)})


def _month_of_number(number: float, shown: str) -> Reading:
    text = plain(number)
    digits = re.fullmatch(r"(\d{4}|\d{2})\.(\d{1,2})", f"{number:.6f}".rstrip("0"))
    if digits and digits[2] == "1" and "0.00" in shown:
        return _month(int(digits[1]), 10, text)
    if digits and digits[2] == "1":
        return Reading(None, "ambiguous_month", {"value": text, "year": digits[1]})
    if digits:
        return _month(int(digits[1]), int(digits[2]), text)
    if number.is_integer() and len(text) in (6, 8):
        return _month(int(text[:4]), int(text[4:6]), text)
    if 15000 <= number < 75000:
        day = EXCEL_DAY_ZERO + dt.timedelta(days=int(number))
        return _month(day.year, day.month, text)
    return Reading(None, "bad_date", {"value": text})


@lru_cache(maxsize=4096)
def _month_of_text(text: str, *, last: bool) -> Reading:
    bad = Reading(None, "bad_date", {"value": text})
    bare = unicodedata.normalize("NFKC", text).strip()
    bare = re.sub(r"[\sT]\d{1,2}:\d{2}(:\d{2})?(\.\d+)?$", "", bare)
    bare = _NOT_A_DATE.sub("", re.sub(r"^(\d{4})[\s,_](\d{1,2})$", r"\1.\2", bare))
    bare = (
        _western_digits(re.sub(r"[\s'‘’\"]", "", bare))
        .replace("。", ".")
        .replace("·", ".")
        .replace("\\", "/")
    )
    bare = re.sub(r"^(\d{4})[‐-―−](\d{1,2})$", r"\1-\2", bare)
    bare = bare.replace("、", ".") if re.fullmatch(r"\d{2,4}、\d{1,2}", bare) else bare
    if re.fullmatch(r"\d{5}(\.\d+)?|\d{6}|\d{8}", bare):
        return _month_of_number(float(bare), "")
    bare = re.sub(r"年(年?底|年?末|年?终)", "年12月", bare)
    bare, vague = _PART_OF_YEAR.subn(lambda m: f"年{_months_of(m, last=last)}月", bare)
    found = list(_MONTH.finditer(bare))
    if not found:
        return bad
    year, month = int(found[0][1]), int(found[0][3])
    first = _month(year, month, text)
    rest = bare[found[0].end() :]
    if not re.sub(r"^[底末初前止起]+|上旬|中旬|下旬|之前|以前|左右|\([^()]*\)", "", rest).strip(
        "-./)日号"
    ):
        whole = last or not vague or not first.value
        return first if whole else Reading(first.value, "date_range", _taken(text, first.value))
    end = _end_of_span(rest, year, text)
    if end is None or not first.value or not end.value:
        return bad
    # Of months listed with a mark, as of the rounds beside them, the last counts.
    last = last or rest.lstrip("日号)")[:1] in "、,;/"
    taken = max(first.value, end.value) if last else first.value
    return Reading(taken, "date_range", _taken(text, taken))


def _taken(text: str, taken: str) -> dict[str, object]:
    return {"value": text, "taken": taken}


def _months_of(part: re.Match[str], *, last: bool) -> int:
    """Give the last month of a quarter or half year, or the first."""
    if part["half"]:
        return (6 if last else 1) + (6 if part["half"] == "下" else 0)
    quarter = int(chinese_number(part["quarter"]) or 0)
    return quarter * 3 if last else quarter * 3 - 2


def _western_digits(text: str) -> str:
    if not re.search(r"[〇○◯零一二三四五六七八九十拾Oo]", text):
        return text
    text = re.sub(r"[○◯零Oo]", "〇", text).replace("拾", "十")
    text = _ZH_YEAR.sub(lambda m: "".join(str(_DIGITS.get(c, c)) for c in m[0]), text)
    text = _ZH_PART.sub(lambda m: str(chinese_number(m[0])), text)
    return re.sub(r"(?<=\d)〇|〇(?=\d)", "0", text)


def _end_of_span(rest: str, year: int, text: str) -> Reading | None:
    """Read what follows the first month of a span: —5月, 至2022年5月, 、2023.3."""
    rest = _DASHES.sub("-", rest).lstrip("-,;/.、起开始和及与")
    while (more := list(_MONTH.finditer(rest)))[1:]:
        rest = rest[more[-1].start() :]
    if again := _MONTH.match(rest):
        return _month(int(again[1]), int(again[3]), text)
    if month := re.match(r"(\d{1,2})(?:月|$|[./]\d{1,2}日?$)", rest):
        return _month(year, int(month[1]), text)
    return None
