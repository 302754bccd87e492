"""Words, dates and numbers of cells, read by the rules that stand here.

Each reader takes the distinct texts of a column and gives what they mean (null where nothing
can be read) and the codes of faults ("" where there is none).
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

import numpy as np
import polars as pl

from tanzhao.engines.screening.loading.identity import INVISIBLE
from tanzhao.engines.screening.tables import Kind

_CJK = r"\u2e80-\u2fdf\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff·（）()"
_MOST = 9 * 10**17  # what a BIGINT of cents may hold, with room for sums
_NOTHING = frozenset(
    ("-", "--", "—", "——", "/", "\\", "无", "空", "未知", "不详", "NULL", "N/A", "#N/A", "NA")
)
_YES = frozenset(("是", "1", "true", "yes", "y", "√", "✓", "有", "对", "t"))
_NO = frozenset(("否", "0", "false", "no", "n", "×", "x", "✗", "无", "非", "f"))
_TIMES = {
    "万亿": 10**12,
    "亿": 10**8,
    "千万": 10**7,
    "百万": 10**6,
    "万": 10**4,
    "千": 1000,
    "百": 100,
}
_NUMBER = re.compile(
    r"(?P<sign>[-+])?(?P<number>\d+(?:\.\d*)?|\.\d+)(?:E(?P<power>[+-]?\d{1,2}))?"
    r"(?P<times>万亿|亿|千万|百万|万|千|百)?(?P<unit>.*)"
)
_UNITS = {
    Kind.MONEY: re.compile(r"元|圆|元整|圆整|元/?[月年人户]|块|RMB|CNY|人民币"),
    Kind.THOUSANDTHS: re.compile(
        r"亩|平方米|平方|平米|㎡|m2|M2|升|L|公里|千米|KM|%|人|件|个|份|台|公斤|吨|棵|株|头|只"
    ),
    Kind.WHOLE: re.compile(r"岁|周岁|人|套|个|户|元|次|口"),
}  # fmt: skip


@dataclass(frozen=True)
class Read:
    """Values and codes of faults, one for each text."""

    values: pl.Series
    faults: pl.Series


def read_texts(texts: pl.Series) -> Read:
    """Read words: NFKC, without invisible characters and blanks of any width around them."""
    done = _plain(texts)
    return _read(pl.select(pl.when(done != "").then(done)).to_series())


def read_names(texts: pl.Series) -> Read:
    """Read names of persons and firms: as words, without blanks beside Chinese characters."""
    done = _plain(texts)
    spaced = done.str.contains(r"\s").fill_null(value=False)
    if spaced.any():
        odd = done.filter(spaced)
        odd = odd.str.replace_all(rf"([{_CJK}])\s+", "$1").str.replace_all(rf"\s+([{_CJK}])", "$1")
        done = done.scatter(np.flatnonzero(spaced.to_numpy()), odd)
    return _read(pl.select(pl.when(done != "").then(done)).to_series())


def _plain(texts: pl.Series) -> pl.Series:
    done = texts.str.normalize("NFKC")
    odd = done.str.contains(
        "[\x00-\x08\x0b-\x1f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]"
    )
    if odd.any():
        done = done.str.replace_all(r"[\t\r\n]+", " ")
        done = done.str.replace_all(
            "[\x00-\x1f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]", ""
        )
    return done.str.strip_chars()


def _read(values: pl.Series) -> Read:
    return Read(values, pl.repeat("", len(values), eager=True))


# --- days and months ------------------------------------------------------------------------

_ZERO_DAY = 25569  # Excel's number of 1970-01-01
_LEAST_SERIAL, _MOST_SERIAL = 3654, 73415  # 1910-01-01 and 2100-12-31
_DAY = re.compile(r"(\d{4})([年./-])(\d{1,2})([月./-])(\d{1,2})[日号]?(?:T?\d{1,2}[:：时]\d{2}.*)?")
_COMPACT = re.compile(r"((?:18|19|20)\d{2})(\d{2})(\d{2})(?:\d{6}|\d{4})?")
_MONTH = re.compile(r"(\d{4})(?:年|[./-])(\d{1,2})(?:月份?)?")
_OF_YEAR = re.compile(r"(?:18|19|20)\d{2}年?")


def read_days(texts: pl.Series) -> Read:
    """Read days: 2026-03-05 (with a time or not), 2026年3月5日, 2026.3.5, 20260305, 46086.

    A month or a year alone is no day (fault `date_part`). Numbers from 3654 to 73415 are
    Excel's count of days since 1899-12-30.
    """
    plain = texts.str.contains(r"^\d{4}-\d{2}-\d{2}( 00:00:00(\.0+)?)?$").fill_null(value=False)
    quick = pl.select(
        pl.when(plain).then(texts.str.slice(0, 10)).str.to_date("%Y-%m-%d", strict=False)
    ).to_series()
    return _rest(texts, quick.cast(pl.Int32), _day).cast(pl.Date)


def read_months(texts: pl.Series) -> Read:
    """Read months as 202603: 2026-03, 2026年3月, 202603, 2026.03, any day of the month, 46086."""
    plain = texts.str.contains(r"^20\d{2}(0[1-9]|1[0-2])$").fill_null(value=False)
    quick = pl.select(pl.when(plain).then(texts)).to_series().cast(pl.Int32, strict=False)
    return _rest(texts, quick, _month).cast(pl.Int32)


@dataclass(frozen=True)
class _Rest(Read):
    def cast(self, kind: Any) -> Read:
        return Read(self.values.cast(kind), self.faults)


def _rest(texts: pl.Series, quick: pl.Series, read: Callable[[str], tuple[Any, str]]) -> _Rest:
    """Read one by one the texts that the quick way did not read."""
    left = np.flatnonzero(quick.is_null().to_numpy())
    faults = np.full(len(texts), "", dtype=object)
    values = quick.to_list() if len(left) else []
    for place, text in zip(left.tolist(), texts.gather(left).to_list(), strict=True):
        values[place], faults[place] = read(text or "")
    done = pl.Series(values, dtype=quick.dtype) if len(left) else quick
    return _Rest(done, pl.Series(faults, dtype=pl.String))


def _bare(text: str) -> str:
    text = re.sub(INVISIBLE, "", unicodedata.normalize("NFKC", text))
    return "" if text.upper() in _NOTHING else text


def _days_of(year: int, month: int, day: int) -> int | None:
    try:
        return int(np.datetime64(f"{year:04d}-{month:02d}-{day:02d}", "D").astype(int))
    except ValueError:
        return None


def _day(text: str) -> tuple[int | None, str]:
    bare = _bare(text).replace("。", ".")
    if not bare:
        return None, ""
    found = _DAY.fullmatch(bare) or _COMPACT.fullmatch(bare)
    if found:
        year, month, day = (
            found[1],
            *(found.groups()[2::2] if found.re is _DAY else found.groups()[1:]),
        )
        days = _days_of(int(year), int(month), int(day))
        return days, "" if days is not None else "date"
    if (serial := _serial(bare)) is not None:
        return serial, ""
    if _MONTH.fullmatch(bare) or _OF_YEAR.fullmatch(bare) or re.fullmatch(r"(19|20)\d{4}", bare):
        return None, "date_part"
    return None, "date"


def _serial(bare: str) -> int | None:
    if not re.fullmatch(r"\d{4,5}(\.\d+)?", bare):
        return None
    number = int(float(bare))
    # 2026 is a year, not the 2026th day; Excel's own dates of extracts have five digits.
    return number - _ZERO_DAY if max(_LEAST_SERIAL, 10000) <= number <= _MOST_SERIAL else None


def _month(text: str) -> tuple[int | None, str]:
    bare = _bare(text).replace("。", ".")
    if not bare:
        return None, ""
    if found := _MONTH.fullmatch(bare) or re.fullmatch(r"((?:19|20)\d{2})(\d{2})", bare):
        if re.fullmatch(r"\d{4}\.1", bare):
            return None, "month_unclear"  # Excel shows 2026.10 as 2026.1
        year, month = int(found[1]), int(found[2])
    else:
        days, _fault = _day(text)
        if days is None:
            return None, "month"
        whole = str(np.datetime64(days, "D"))
        year, month = int(whole[:4]), int(whole[5:7])
    good = 1900 <= year <= 2099 and 1 <= month <= 12
    return (year * 100 + month, "") if good else (None, "month")


# --- numbers --------------------------------------------------------------------------------


def read_money(texts: pl.Series, scale: int = 1) -> Read:
    """Read yuan as cents: 1234.5, ¥1,234.50, （12.00） and -12 below zero, 1.2万元."""
    return _numbers(texts, Kind.MONEY, 100, scale)


def read_thousandths(texts: pl.Series, scale: int = 1) -> Read:
    """Read an area, a quantity or a share in thousandths of its unit."""
    return _numbers(texts, Kind.THOUSANDTHS, 1000, scale)


def read_whole(texts: pl.Series) -> Read:
    """Read a count or an age. A number with a fraction is a fault."""
    read = _numbers(texts, Kind.WHOLE, 1, 1)
    over = (read.values.abs() > 2**31 - 1).fill_null(value=False)
    faults = pl.select(pl.when(over).then(pl.lit("number")).otherwise(read.faults)).to_series()
    values = pl.select(pl.when(~over).then(read.values)).to_series()
    return Read(values.cast(pl.Int32), faults)


def _numbers(texts: pl.Series, kind: Kind, parts: int, scale: int) -> Read:
    # Up to 15 digits are exact in a double, and rounding gives the very cents.
    plain = texts.str.contains(r"^-?\d{1,11}(\.\d{1,2})?$").fill_null(value=False)
    numbers = pl.select(pl.when(plain).then(texts)).to_series().cast(pl.Float64, strict=False)
    if kind is Kind.WHOLE:
        numbers = pl.select(pl.when(numbers == numbers.floor()).then(numbers)).to_series()
    quick = (numbers * (parts * scale)).round(0).cast(pl.Int64)
    return _rest(texts, quick, lambda text: _number(text, kind, parts * scale))


def _number(text: str, kind: Kind, times: int) -> tuple[int | None, str]:
    bare = _bare(text)
    if not bare:
        return None, ""
    bare = bare.replace("¥", "").replace("￥", "").replace("$", "?").upper()
    bare = re.sub(r"(?<=\d),(?=\d{3}(?:\D|$))", "", bare)
    below = re.fullmatch(r"\((.+)\)", bare)
    found = _NUMBER.fullmatch(below[1] if below else bare)
    if not found or (found["unit"] and not _UNITS[kind].fullmatch(found["unit"])):
        return None, _fault_of(kind)
    try:
        number = Decimal(found["number"]) * Decimal(10) ** int(found["power"] or 0)
    except (InvalidOperation, ValueError):
        return None, _fault_of(kind)
    number *= times * _TIMES.get(found["times"] or "", 1)
    if (found["sign"] == "-") != bool(below):
        number = -number
    rounded = int(number.to_integral_value(rounding="ROUND_HALF_UP"))
    if abs(rounded) > _MOST:
        return None, _fault_of(kind)
    if abs(number - rounded) <= Decimal("0.0001"):
        return rounded, ""
    return (None, "number") if kind is Kind.WHOLE else (rounded, "rounded")


def _fault_of(kind: Kind) -> str:
    return "money" if kind is Kind.MONEY else "number"


def read_flags(texts: pl.Series) -> Read:
    """Read yes and no."""
    return _rest(texts, pl.repeat(None, len(texts), dtype=pl.Boolean, eager=True), _flag)


def _flag(text: str) -> tuple[bool | None, str]:
    bare = re.sub(INVISIBLE, "", unicodedata.normalize("NFKC", text)).casefold()
    if bare in _YES:
        return True, ""
    if bare in _NO:
        return False, ""
    return None, "" if not bare else "flag"


READERS: Mapping[Kind, Callable[[pl.Series], Read]] = {
    Kind.TEXT: read_texts,
    Kind.NAME: read_names,
    Kind.DATE: read_days,
    Kind.MONTH: read_months,
    Kind.WHOLE: read_whole,
    Kind.FLAG: read_flags,
}
SCALED: Mapping[Kind, Callable[[pl.Series, int], Read]] = {
    Kind.MONEY: read_money,
    Kind.THOUSANDTHS: read_thousandths,
}
