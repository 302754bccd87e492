"""Numbers of persons, firms, accounts and plates, checked once for each distinct text.

Each function takes distinct texts and gives the cleaned numbers (null where unusable) and the
codes of faults ("" where there is none).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

Faults = np.ndarray[Any, np.dtype[np.int8]]
Bytes = np.ndarray[Any, np.dtype[np.uint8]]
Words = np.ndarray[Any, np.dtype[np.uint16]]
Flags = np.ndarray[Any, np.dtype[np.bool_]]

# GB 11643-1999, 4.2: weights of the 17 digits, and the check character by the sum modulo 11.
_WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2], dtype=np.int32)
_CHECKS = np.frombuffer(b"10X98765432", dtype=np.uint8)
# GB 32100-2015, 4.3: its 31 characters (without I, O, S, V, Z), and the weights 3^i modulo 31.
_FIRM_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_FIRM_WEIGHTS = np.array([3**i % 31 for i in range(17)], dtype=np.int32)
FIRST_YEAR, LAST_YEAR = 1850, 2099


def _years() -> Bytes:
    """Say of numbers of 16 bits whether they are years: 0 no, 1 of 365 days, 2 of 366."""
    year = np.arange(1 << 16)
    is_leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    return np.where((year >= FIRST_YEAR) & (year <= LAST_YEAR), 1 + is_leap, 0).astype(np.uint8)


def _days() -> Bytes:
    """Say of numbers of 16 bits whether they are month · 100 + day: 0 never, 1 yes, 2 in leap
    years only."""
    days = np.zeros(1 << 16, dtype=np.uint8)
    for month, last in enumerate((31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31), 1):
        days[month * 100 + 1 : month * 100 + last + 1] = 1
    days[229] = 2
    return days


_YEARS, _DAYS = _years(), _days()
# The check character by a sum, which needs no division.
_CHECK_OF = np.resize(_CHECKS, 1 << 16)
_BLOCK = 1 << 15  # numbers that are checked at a time: they stay in the processor's cache

INVISIBLE = "[\\s\\x00-\\x1f\\u00ad\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u2064\\ufeff'`‘’＇]"
# How Excel, and those who copy from it, write a number that was too long for it.
_AS_NUMBER = r"^[+-]?\d(\.\d+)?E\+?\d{1,2}$|^\d{10,}\.0*$"
_PLATE = (
    "^[京津沪渝冀晋辽吉黑苏浙皖闽赣鲁豫鄂湘粤桂琼川贵云藏陕甘青宁新]"
    "[A-Z][A-Z0-9]{4,5}[A-Z0-9挂学警港澳领试超]$"
    "|^[A-Z]{2}[A-Z0-9]{5}$|^WJ[\\u4e00-\\u9fff]?[A-Z0-9]{5,6}$"
)

# Faults are kept as places in this list while numbers are checked.
NAMES = (
    "", "id_length", "id_characters", "id_date", "id_check", "id_masked", "id_damaged",
    "firm_length", "firm_characters", "firm_check", "firm_damaged",
    "account_form", "account_damaged", "plate_form",
)  # fmt: skip


@dataclass(frozen=True)
class Checked:
    """Cleaned numbers and codes of faults, one for each text."""

    numbers: pl.Series
    faults: pl.Series


def clean(texts: pl.Series) -> pl.Series:
    """Drop widths, blanks and invisible characters; letters become capitals."""
    plain = texts.is_null() | texts.str.contains(r"^[0-9A-Z]*$")
    if plain.all():
        return texts
    odd = texts.filter(~plain)
    done = odd.str.normalize("NFKC").str.replace_all(INVISIBLE, "").str.to_uppercase()
    return texts.scatter(np.flatnonzero(~plain.to_numpy()), done)


def check_persons(texts: pl.Series) -> Checked:
    """Check ID numbers of persons by GB 11643; 15 digits become 18."""
    cleaned = clean(texts)
    if (cleaned.str.len_bytes() == 15).any():
        old = _matches(cleaned, r"^\d{15}$")
        cleaned = cleaned.scatter(np.flatnonzero(old), _lengthened(cleaned.filter(pl.Series(old))))
    faults = _faults_by(cleaned, "id_length", _person_faults)
    _name(faults, cleaned, r"\*{2,}|•|＊", "id_masked")
    _name(faults, cleaned, _AS_NUMBER, "id_damaged")
    return _checked(cleaned, faults)


def _faults_by(cleaned: pl.Series, of_length: str, check: Callable[[Bytes], Faults]) -> Faults:
    """Give the faults of numbers that should have 18 characters; a blank one has none."""
    length = cleaned.str.len_bytes().fill_null(0).to_numpy()
    faults = np.where(length > 0, NAMES.index(of_length), 0).astype(np.int8)
    full = np.flatnonzero(length == 18)
    if len(full):
        whole = cleaned if len(full) == len(cleaned) else cleaned.gather(full)
        faults[full] = check(_matrix(whole))
    return faults


def _name(faults: Faults, cleaned: pl.Series, pattern: str, name: str) -> None:
    """Say more nearly what is wrong with the faulty numbers that look like this."""
    bad = np.flatnonzero(faults)
    if len(bad):
        faults[bad[_matches(cleaned.gather(bad), pattern)]] = NAMES.index(name)


def _checked(cleaned: pl.Series, faults: Faults) -> Checked:
    usable = pl.Series(faults == 0) & (cleaned != "")
    numbers = cleaned if usable.all() else pl.select(pl.when(usable).then(cleaned)).to_series()
    return Checked(numbers, pl.Series(NAMES, dtype=pl.String).gather(pl.Series(faults)))


def _lengthened(old: pl.Series) -> pl.Series:
    """Give 15-digit numbers the century and the check character."""
    seventeen = old.str.slice(0, 6) + "19" + old.str.slice(6)
    matrix = _matrix(seventeen).astype(np.int32) - 48
    checks = _CHECKS[(matrix @ _WEIGHTS) % 11]
    return seventeen + pl.Series(list(checks.tobytes().decode("ascii")), dtype=pl.String)


def _person_faults(matrix: Bytes) -> Faults:
    blocks = [
        _faults_of_block(np.ascontiguousarray(matrix[begin : begin + _BLOCK].T))
        for begin in range(0, len(matrix), _BLOCK)
    ]
    return np.concatenate(blocks)


def _faults_of_block(characters: Bytes) -> Faults:
    """Check a block of numbers: 18 rows of as many characters.

    Sums wrap where a character is no digit; such numbers are refused in the end for that.
    """
    digits = characters[:17] - np.uint8(48)  # other characters become more than 9
    total = np.zeros(digits.shape[1], dtype=np.uint16)
    for row, weight in zip(digits, _WEIGHTS.astype(np.uint8), strict=True):
        total += row * weight
    day_kind = _DAYS[_number(digits[10:14])]
    is_day = (day_kind > 0) & (day_kind <= _YEARS[_number(digits[6:10])])
    faults = np.zeros(len(total), dtype=np.int8)
    faults[_CHECK_OF[total] != characters[17]] = NAMES.index("id_check")
    faults[~is_day] = NAMES.index("id_date")
    faults[(digits.max(axis=0) > 9) | (digits[0] < 1)] = NAMES.index("id_characters")
    return faults


def _number(digits: Bytes) -> Words:
    """Give the numbers of four rows of digits."""
    thousands, hundreds, tens, ones = digits.astype(np.uint16)
    number: Words = ((thousands * 10 + hundreds) * 10 + tens) * 10 + ones
    return number


def check_firms(texts: pl.Series) -> Checked:
    """Check unified social credit codes by GB 32100."""
    cleaned = clean(texts).str.replace_all("-", "")
    faults = _faults_by(cleaned, "firm_length", _firm_faults)
    _name(faults, cleaned, _AS_NUMBER, "firm_damaged")
    return _checked(cleaned, faults)


def _firm_faults(matrix: Bytes) -> Faults:
    value = np.full(256, -1, dtype=np.int32)
    value[np.frombuffer(_FIRM_LETTERS.encode(), dtype=np.uint8)] = np.arange(31)
    values = value[matrix]
    faults = np.zeros(len(matrix), dtype=np.int8)
    check = (31 - (values[:, :17] @ _FIRM_WEIGHTS) % 31) % 31
    faults[check != values[:, 17]] = NAMES.index("firm_check")
    faults[(values < 0).any(axis=1)] = NAMES.index("firm_characters")
    return faults


def check_accounts(texts: pl.Series) -> Checked:
    """Clean bank accounts: digits and letters, five to thirty-five of them."""
    if texts.str.contains(r"^[0-9]{5,35}$").all():  # as nearly every column is; empty cells aside
        return Checked(texts, pl.repeat("", len(texts), dtype=pl.String, eager=True))
    plain = clean(texts)
    cleaned = plain.str.replace_all("[-—–_.·]", "")
    faults = _form_faults(cleaned, r"^[0-9A-Z]{5,35}$", "account_form")
    faults[_matches(plain, _AS_NUMBER)] = NAMES.index("account_damaged")
    return _checked(cleaned, faults)


def check_plates(texts: pl.Series) -> Checked:
    """Clean number plates: 赣E·12345 and 赣e12345 are the same."""
    cleaned = clean(texts).str.replace_all("[-—–_.·•・∙]", "")
    return _checked(cleaned, _form_faults(cleaned, _PLATE, "plate_form"))


def _form_faults(cleaned: pl.Series, pattern: str, name: str) -> Faults:
    good = _matches(cleaned, pattern) | (cleaned.fill_null("") == "").to_numpy()
    return np.where(good, 0, NAMES.index(name)).astype(np.int8)


def _matches(texts: pl.Series, pattern: str) -> Flags:
    found: Flags = texts.str.contains(pattern).fill_null(value=False).to_numpy()
    return found


def _matrix(texts: pl.Series) -> Bytes:
    """Give texts of one length in bytes as a matrix of bytes."""
    width = int(texts.str.len_bytes().max() or 0)  # type: ignore[arg-type]
    flat = texts.to_arrow(compat_level=pl.CompatLevel.oldest())
    offsets = np.frombuffer(flat.buffers()[1], dtype=np.int64)[flat.offset :][: len(flat) + 1]
    flat_bytes = np.frombuffer(flat.buffers()[2], dtype=np.uint8)[offsets[0] : offsets[-1]]
    return flat_bytes.reshape(-1, width)
