"""Numbers of persons, firms, accounts and plates, checked once for each distinct text.

Each function takes distinct texts and gives the cleaned numbers (null where unusable) and the
codes of faults ("" where there is none).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

# GB 11643-1999, 4.2: weights of the 17 digits, and the check character by the sum modulo 11.
_WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2], dtype=np.int32)
# Weights of the sum, and of the year, month and day in the digits.
_PARTS = np.zeros((17, 4), dtype=np.float32)
_PARTS[:, 0] = _WEIGHTS
_PARTS[6:10, 1] = 1000, 100, 10, 1
_PARTS[10:12, 2] = _PARTS[12:14, 3] = 10, 1
_DAYS = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31, 0], dtype=np.int32)
_CHECKS = np.frombuffer(b"10X98765432", dtype=np.uint8)
# GB 32100-2015, 4.3: its 31 characters (without I, O, S, V, Z), and the weights 3^i modulo 31.
_FIRM_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_FIRM_WEIGHTS = np.array([3**i % 31 for i in range(17)], dtype=np.int32)
FIRST_YEAR, LAST_YEAR = 1850, 2099

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

Faults = np.ndarray[Any, np.dtype[np.int8]]
Bytes = np.ndarray[Any, np.dtype[np.uint8]]
Flags = np.ndarray[Any, np.dtype[np.bool_]]


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
    old = _matches(cleaned, r"^\d{15}$")
    if old.any():
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
    digits = matrix[:, :17] - np.uint8(48)  # other characters become more than 9
    # One product gives for each number: its sum of GB 11643, year, month, day, odd characters.
    # Sums are below 2^24, and so exact in a float.
    summed = (digits.astype(np.float32) @ _PARTS).astype(np.int32)
    total, year, month, day = summed.T
    odd = ((digits > 9).astype(np.float32) @ np.ones(17, dtype=np.float32) > 0) | (digits[:, 0] < 1)
    is_leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    last = _DAYS[np.clip(month, 0, 13)] + ((month == 2) & is_leap)
    good = (day >= 1) & (day <= last) & (year >= FIRST_YEAR) & (year <= LAST_YEAR)
    faults = np.zeros(len(matrix), dtype=np.int8)
    faults[_CHECKS[total % 11] != matrix[:, 17]] = NAMES.index("id_check")
    faults[~good] = NAMES.index("id_date")
    faults[odd] = NAMES.index("id_characters")
    return faults


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
